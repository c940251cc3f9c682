"""The reranker: one score a text, the same every time, and a clear word where it cannot be used."""

from pathlib import Path

import pytest
from tiny_models import tiny_bert

from assistant.engine import Assistant
from assistant.errors import ModelNotHereError, RerankerModelError
from assistant.retrieval.rerank import load_reranker
from assistant.retrieval.terms import terms
from assistant.settings import Settings

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] dosis er 60 mg hver uge hvor ofte gives børn ikke ."
QUESTION = "hvor ofte gives 60 mg"
TEXTS = ["børn ikke.", "60 mg gives hver uge.", "dosis er 60 mg.", "hvor ofte " * 200]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real BERT models of random weights: `one` and `three` with that many scores, `bare` with none."""
    root = tmp_path_factory.mktemp("rerankers")
    for name, labels in (("one", 1), ("three", 3), ("bare", None)):
        tiny_bert(root / name, WORDS.split(), labels)
    return root


def scores(folder: Path | str, question: str = QUESTION, texts: list[str] = TEXTS) -> list[float]:
    reranker = load_reranker(Settings(reranker_model=str(folder)))
    assert reranker is not None
    return reranker.scores(question, texts)


def test_each_text_gets_the_model_s_own_score_between_0_and_1_whatever_its_company(made: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    given = scores(made / "one")
    logits = CrossEncoder(str(made / "one"), device="cpu", activation_fn=torch.nn.Identity()).predict(
        [(QUESTION, text) for text in TEXTS]
    )
    assert given == pytest.approx([1 / (1 + float(torch.exp(torch.tensor(-logit)))) for logit in logits], abs=1e-5)
    assert all(0 < score < 1 for score in given)
    assert len({round(score, 3) for score in given}) == len(TEXTS)
    assert scores(made / "one", texts=TEXTS[::-1]) == pytest.approx(given[::-1], abs=1e-6)
    assert [scores(made / "one", texts=[text])[0] for text in TEXTS] == pytest.approx(given, abs=1e-6)


def test_the_question_and_its_order_before_the_text_count(made: Path) -> None:
    assert scores(made / "one", "børn ikke", TEXTS[1:2]) != pytest.approx(
        scores(made / "one", texts=TEXTS[1:2]), abs=1e-3
    )
    turned = scores(made / "one", TEXTS[1], [QUESTION])
    assert turned != pytest.approx(scores(made / "one", texts=TEXTS[1:2]), abs=1e-3)


def test_nothing_to_score_loads_nothing_and_one_model_is_loaded_once(made: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("broken", "utf-8")
    assert scores(tmp_path, texts=[]) == []
    settings = Settings(reranker_model=str(made / "one"))
    assert load_reranker(settings) is load_reranker(settings)


def test_without_a_setting_there_is_no_reranker() -> None:
    assert load_reranker(Settings()) is None


@pytest.mark.parametrize(
    ("folder", "says"),
    [("three", "3 scores"), ("bare", "no trained part"), ("../nowhere", "no such folder"), ("", "holds no model")],
)
def test_what_is_no_reranker_is_refused_with_the_remedy(made: Path, folder: str, says: str) -> None:
    with pytest.raises(RerankerModelError, match=rf"{says}.*ASSISTANT_RERANKER_MODEL"):
        scores(made / folder)


def test_broken_weights_are_told(made: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text((made / "one" / "config.json").read_text("utf-8"), "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(RerankerModelError, match="cannot be loaded"):
        scores(tmp_path)


def test_a_name_on_a_hub_out_of_reach_says_so_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelNotHereError, match="cannot be reached"):
        scores("BAAI/bge-reranker-v2-m3")


def test_a_configured_reranker_decides_the_order_of_passages(made: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    said = (
        "60 mg gives hver uge.",
        "dosis er 60 mg.",
        "børn ikke 60 mg.",
        "60 mg er dosis hver uge.",
        "hver uge børn 60 mg.",
    )
    texts = dict(zip("abcde", said, strict=True))
    for name, text in texts.items():
        (corpus / f"{name}.da.txt").write_text(f"{text}\n", "utf-8")
    orders = []
    for reranker in ("", str(made / "one")):
        assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index", reranker_model=reranker))
        assistant.index()
        hits = assistant._open().searcher.search(QUESTION, terms(QUESTION, "da"))
        assistant.close()
        orders.append([hit.passage.text for hit in hits])
    assert orders[1] == sorted(orders[0], key=lambda text: -scores(made / "one", texts=[text])[0])
    assert orders[0] != orders[1]
    assert [hit.closeness[0] for hit in hits] == pytest.approx(
        sorted(scores(made / "one", texts=list(texts.values())), reverse=True), abs=1e-5
    )
