"""Which model is used, from where, and the words it wants in front: asserted on real, tiny models."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import DeviceMissingError, EmbeddingModelError, ModelNotHereError
from assistant.retrieval import embedding, models
from assistant.retrieval.embedding import Embedder, load_embedder, model_name
from assistant.retrieval.models import Model, Prefixes, embedding_model, folder_in_use
from assistant.retrieval.static import is_static
from assistant.settings import Settings

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] query passage text : dosis er 60 mg hver uge hvor ofte gives ."
QUESTION, PASSAGE = "hvor ofte gives 60 mg", "dosis er 60 mg hver uge."
Changed = Callable[..., Path]


@pytest.fixture(scope="session")
def tiny_e5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real BERT sentence encoder of random weights, in a folder called multilingual-e5-small."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    root = tmp_path_factory.mktemp("tiny")
    words = WORDS.split()
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(root / "bert")
    BertTokenizerFast(vocab={word: i for i, word in enumerate(words)}).save_pretrained(root / "bert")
    folder = root / "multilingual-e5-small"
    SentenceTransformer(modules=[Transformer(str(root / "bert")), Pooling(32)], device="cpu").save(str(folder))
    return folder


@pytest.fixture
def changed(tiny_e5: Path, tmp_path: Path) -> Changed:
    """Makes a copy under another name, its JSON files changed by name."""

    def copy(name: str, **files: dict[str, Any]) -> Path:
        folder = tmp_path / name
        shutil.copytree(tiny_e5, folder)
        for stem, more in files.items():
            path = folder / f"{stem}.json"
            path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **more}), "utf-8")
        return folder

    return copy


def plain(folder: Path, text: str) -> Any:
    """The vector of `text` as the library alone gives it: nothing put in front."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode([text], normalize_embeddings=True)[0]


def embedder_of(folder: Path | str, **more: Any) -> Embedder:
    return load_embedder(Settings(embedding_model=str(folder), **more))


def test_the_prefixes_of_e5_are_really_given_to_the_model(tiny_e5: Path) -> None:
    embedder = embedder_of(tiny_e5)
    question, passage = embedder.encode_questions([QUESTION])[0], embedder.encode_texts([PASSAGE])[0]
    np.testing.assert_allclose(question, plain(tiny_e5, f"query: {QUESTION}"), atol=1e-6)
    np.testing.assert_allclose(passage, plain(tiny_e5, f"passage: {PASSAGE}"), atol=1e-6)
    assert np.abs(question - plain(tiny_e5, QUESTION)).max() > 1e-3
    assert (embedder.dimensions, embedder.prefixes) == (32, Prefixes("query: ", "passage: "))


def test_a_prefix_that_is_set_wins_also_when_it_is_empty(tiny_e5: Path) -> None:
    embedder = embedder_of(tiny_e5, embedding_query_prefix="", embedding_passage_prefix="text: ")
    np.testing.assert_allclose(embedder.encode_questions([QUESTION])[0], plain(tiny_e5, QUESTION), atol=1e-6)
    np.testing.assert_allclose(embedder.encode_texts([PASSAGE])[0], plain(tiny_e5, f"text: {PASSAGE}"), atol=1e-6)


def test_what_a_model_documents_wins_over_its_family(changed: Changed) -> None:
    prompts = {"retrieval.query": "dosis : ", "retrieval.passage": "", "query": "", "other": "mg"}
    folder = changed("e5-own", config_sentence_transformers={"prompts": prompts})
    embedder = embedder_of(folder)
    np.testing.assert_allclose(
        embedder.encode_questions([QUESTION])[0], plain(folder, f"dosis : {QUESTION}"), atol=1e-6
    )
    np.testing.assert_allclose(embedder.encode_texts([PASSAGE])[0], plain(folder, PASSAGE), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("intfloat/multilingual-e5-large", "query: ", "passage: "),
        ("intfloat/e5-base-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: Given a web", ""),
        ("BAAI/bge-m3", "", ""),
        ("BAAI/bge-base-en-v1.5", "Represent this", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("Snowflake/snowflake-arctic-embed-m-v1.5", "Represent this", ""),
        ("mixedbread-ai/mxbai-embed-large-v1", "Represent this", ""),
        ("thenlper/gte-large", "", ""),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "", ""),
        ("someone/case5-model", "", ""),
    ],
)
def test_a_family_is_recognised_by_its_name(name: str, query: str, passage: str) -> None:
    prefixes = embedding_model(Settings(embedding_model=name)).prefixes()
    assert prefixes.passage == passage
    assert prefixes.query.startswith(query)
    assert bool(prefixes.query) == bool(query)


def test_a_family_is_recognised_by_what_a_model_was_made_from(changed: Changed) -> None:
    ours = changed("ours", config={"_name_or_path": "/models/multilingual-e5-base/"})
    assert embedding_model(Settings(embedding_model=str(ours))).prefixes().passage == "passage: "
    other = changed("other", config={"_name_or_path": "/e5/microsoft/Multilingual-MiniLM"})
    assert embedding_model(Settings(embedding_model=str(other))).prefixes() == Prefixes()


def test_another_prefix_of_passages_is_another_model_and_of_questions_is_not(tiny_e5: Path) -> None:
    def name(**more: str) -> str:
        return model_name(Settings(embedding_model=str(tiny_e5), **more))

    assert name(embedding_passage_prefix="text: ") != name()
    assert name(embedding_passage_prefix="") != name()
    assert name(embedding_passage_prefix="passage: ") == name()
    assert name(embedding_query_prefix="text: ") == name()
    assert embedder_of(tiny_e5).name == name()


def test_an_index_is_refused_under_another_prefix_of_passages(tiny_e5: Path, tmp_path: Path) -> None:
    from assistant import Assistant
    from assistant.errors import ModelMismatchError

    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(PASSAGE, "utf-8")
    given: dict[str, Any] = {
        "corpus": tmp_path / "corpus",
        "index": tmp_path / "index",
        "embedding_model": str(tiny_e5),
    }
    first = Assistant(Settings(**given))
    first.index()
    first.close()
    other = Assistant(Settings(**given, embedding_passage_prefix=""))
    with pytest.raises(ModelMismatchError, match=r"passage: .*--rebuild"):
        other.index()
    assert other.index(rebuild=True).documents == 1
    other.close()


def test_other_weights_of_the_same_size_are_another_model(changed: Changed) -> None:
    folder = changed("e5")
    before, weights = model_name(Settings(embedding_model=str(folder))), folder / "model.safetensors"
    assert weights.stat().st_size > 1000
    content = bytearray(weights.read_bytes())
    content[-8:] = bytes(255 - byte for byte in content[-8:])
    weights.write_bytes(content)
    assert model_name(Settings(embedding_model=str(folder))) != before


def test_files_say_the_length_of_the_vectors_without_loading(tiny_e5: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, StaticEmbedding
    from tokenizers import Tokenizer

    static = SentenceTransformer(
        modules=[StaticEmbedding(Tokenizer.from_file(str(tiny_e5 / "tokenizer.json")), embedding_dim=24)]
    )
    static.save(str(tmp_path / "static"))
    SentenceTransformer(modules=[*static, Dense(24, 12)]).save(str(tmp_path / "dense"))
    for folder, length in ((tiny_e5, 32), (tmp_path / "static", 24), (tmp_path / "dense", 12)):
        model = embedding_model(Settings(embedding_model=str(folder)))
        assert (model.dimensions, embedder_of(folder).dimensions) == (length, length)
        assert model.megabytes == pytest.approx(
            sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        )


def test_a_table_of_vectors_is_read_without_the_library_and_gives_the_same(tiny_e5: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, StaticEmbedding
    from tokenizers import Tokenizer

    table = StaticEmbedding(Tokenizer.from_file(str(tiny_e5 / "tokenizer.json")), embedding_dim=24)
    made = {
        "plain": SentenceTransformer(modules=[table]),
        "cut": SentenceTransformer(modules=[table], truncate_dim=8, prompts={"query": "dosis : ", "document": ""}),
        "unit": SentenceTransformer(modules=[table, Normalize()]),
        "dense": SentenceTransformer(modules=[table, Dense(24, 12)]),
    }
    for name, model in made.items():
        model.save(str(tmp_path / name))
    assert [is_static(tmp_path / name) for name in made] == [True, True, True, False]
    assert not is_static(tiny_e5)
    for name, prefix in (("plain", ""), ("cut", "dosis : "), ("unit", "")):
        embedder = embedder_of(tmp_path / name)
        question, passage = embedder.encode_questions([QUESTION])[0], embedder.encode_texts([PASSAGE, ""])
        np.testing.assert_allclose(question, plain(tmp_path / name, prefix + QUESTION), atol=1e-6)
        np.testing.assert_allclose(passage[0], plain(tmp_path / name, PASSAGE), atol=1e-6)
        assert not passage[1].any()


def test_a_table_of_vectors_that_is_broken_off_is_said_to_be_broken(tiny_e5: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    table = StaticEmbedding(Tokenizer.from_file(str(tiny_e5 / "tokenizer.json")), embedding_dim=24)
    SentenceTransformer(modules=[table]).save(str(tmp_path))
    weights = (tmp_path / "model.safetensors").read_bytes()
    for left in (0, 4, 60, len(weights) // 2, len(weights) - 1):
        (tmp_path / "model.safetensors").write_bytes(weights[:left])
        with pytest.raises(EmbeddingModelError, match="cannot be loaded"):
            Embedder(str(tmp_path), "broken").encode_texts([PASSAGE])


def test_a_packaged_model_is_the_default_and_has_a_name(
    tiny_e5: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "PACKAGED", tmp_path)
    for name in (models.DEFAULT, "another"):
        shutil.copytree(tiny_e5, tmp_path / name)
    assert [model.label for model in models.packaged_models()] == ["another", models.DEFAULT]
    assert folder_in_use(Settings()) == tmp_path / models.DEFAULT
    assert folder_in_use(Settings(embedding_model="")) == tmp_path / models.DEFAULT
    assert folder_in_use(Settings(embedding_model=models.DEFAULT)) == tmp_path / models.DEFAULT
    assert folder_in_use(Settings(embedding_model="another")) == tmp_path / "another"
    assert model_name(Settings()).startswith(f"{models.DEFAULT}@")


@pytest.mark.parametrize(
    "given", ["./nowhere", "/nowhere/at/all", "no/such/folder", "~/no-such-model", "C:\\models\\e5"]
)
def test_a_missing_folder_is_said_to_be_missing(given: str) -> None:
    with pytest.raises(EmbeddingModelError, match=r"there is no such folder.*ASSISTANT_EMBEDDING_MODEL"):
        load_embedder(Settings(embedding_model=given))


def test_a_folder_without_a_model_and_one_with_broken_weights_are_told_apart(tmp_path: Path, changed: Changed) -> None:
    with pytest.raises(EmbeddingModelError, match="holds no model"):
        embedder_of(tmp_path)
    broken = changed("broken")
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EmbeddingModelError, match="cannot be loaded"):
        embedder_of(broken).encode_texts([PASSAGE])


def hub_cache(root: Path, source: Path) -> Path:
    """The layout in which a hub's client keeps what it downloaded."""
    cached = root / "models--intfloat--multilingual-e5-small"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc", "utf-8")
    shutil.copytree(source, cached / "snapshots" / "abc")
    return cached / "snapshots" / "abc"


def test_a_hub_name_is_loaded_from_its_cache_under_the_same_name_as_before(
    changed: Changed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(embedding_model="intfloat/multilingual-e5-small")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    before = model_name(settings)
    with pytest.raises(ModelNotHereError, match="downloads it"):
        folder_in_use(settings)
    own = changed("own", config_sentence_transformers={"prompts": {"query": "dosis : ", "document": "mg : "}})
    folder = hub_cache(tmp_path / "hub", own)
    assert (folder_in_use(settings), model_name(settings)) == (folder, before)
    vector = load_embedder(settings).encode_texts([PASSAGE])[0]
    np.testing.assert_allclose(vector, plain(folder, f"mg : {PASSAGE}"), atol=1e-6)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelNotHereError):
        folder_in_use(settings)


def test_a_hub_out_of_reach_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    embedder = Embedder("org/name", "org/name", Model("org/name", "hub", None))
    with pytest.raises(ModelNotHereError, match=r"127\.0\.0\.1:9 cannot be reached"):
        embedder.encode_texts([PASSAGE])


def test_a_download_that_was_broken_off_is_taken_up_again(
    changed: Changed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    folder = hub_cache(tmp_path / "hub", changed("e5"))
    (folder / "model.safetensors").write_bytes(b"half of it")
    with pytest.raises(ModelNotHereError, match=r"127\.0\.0\.1:9 cannot be reached"):
        embedder_of("intfloat/multilingual-e5-small", embedding_query_prefix="fresh: ").encode_texts([PASSAGE])


def test_a_device_that_is_not_there_is_refused(tiny_e5: Path) -> None:
    with pytest.raises(DeviceMissingError, match="ASSISTANT_DEVICE=cpu"):
        embedder_of(tiny_e5, device="cuda:99").encode_texts([PASSAGE])


def test_nothing_is_looked_up_on_a_hub_unless_a_model_comes_from_one(
    tiny_e5: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    embedding.stay_offline(Settings(embedding_model=str(tiny_e5), reranker_model="BAAI/bge-reranker-v2-m3"))
    assert "HF_HUB_OFFLINE" not in embedding.os.environ
    embedding.stay_offline(Settings(embedding_model=str(tiny_e5)))
    assert embedding.os.environ["HF_HUB_OFFLINE"] == "1"
