"""The model in the package: small, loaded by sentence-transformers alone, and at home in three languages."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval.embedding import load_embedder
from assistant.retrieval.models import DEFAULT, PACKAGED
from assistant.settings import Settings

FOLDER = PACKAGED / DEFAULT
VELTORAL = Path(__file__).parents[1] / "data" / "veltoral"
TRAINING = Path(__file__).parents[3].parent / "shared" / "training"


def test_it_is_small_and_says_what_it_is() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 30e6
    card = (FOLDER / "README.md").read_text("utf-8")
    for word in ("CC BY", "Method", "Limits", "Figures"):
        assert word in card
    modules = json.loads((FOLDER / "modules.json").read_text("utf-8"))
    assert all(module["type"].startswith("sentence_transformers.") for module in modules)  # nothing of ours to import


def test_sentence_transformers_gives_the_folder_the_same_vectors() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(FOLDER), device="cpu", local_files_only=True)
    texts = [
        *(VELTORAL / "veltoral-tilskud.da.txt").read_text("utf-8").split("."),
        "",
        " ",
        "\u0000",
        "😀",
        "a" * 9_000,
    ]
    given = model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(load_embedder(Settings()).encode_texts(texts), given, atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "😀", "\u0000", "a" * 20_000, "Ω≈ç√∫", "123"])
def test_any_text_has_a_finite_vector(text: str) -> None:
    vectors = load_embedder(Settings()).encode_texts([text, "Det gives hver uge."])
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()


def test_a_sentence_lies_nearest_to_its_counterpart() -> None:
    said = {
        "da": ["Tabletterne skal synkes hele.", "Børn under 12 år må ikke få midlet.", "Vejret bliver koldt i morgen."],
        "nl": [
            "De tabletten moeten heel worden doorgeslikt.",
            "Kinderen jonger dan 12 jaar mogen het middel niet krijgen.",
            "Het wordt morgen koud weer.",
        ],
        "en": [
            "The tablets must be swallowed whole.",
            "Children under 12 must not have it.",
            "It will be cold tomorrow.",
        ],
    }
    vectors = {language: load_embedder(Settings()).encode_texts(texts) for language, texts in said.items()}
    for one in said:
        for other in said:
            assert list((vectors[one] @ vectors[other].T).argmax(1)) == [0, 1, 2], (one, other)


@pytest.mark.skipif(not TRAINING.is_dir(), reason="the data it was trained on is not here")
def test_counterparts_kept_out_of_training_stand_first() -> None:
    from training.embedding.measure import first
    from training.embedding.sets import held_out

    class Plain:
        def encode(self, texts: list[str], **_: object) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
            return load_embedder(Settings()).encode_texts(texts)

    found = first(Plain(), held_out(TRAINING))
    least = {"leaflets": 0.97, "prose": 0.97, "general": 0.93}
    assert len(found) == 8
    assert {name: share for name, share in found.items() if share < least[name.split()[0]]} == {}
