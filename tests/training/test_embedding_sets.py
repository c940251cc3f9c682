"""What is trained on: nothing held out comes in, twins differ in one thing, questions meet their answers."""

import json
import lzma
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.embedding import questions, sets
from training.embedding.inflections import inflections
from training.embedding.sets import Held, Pair
from training.embedding.twins import twins

NAMES = ["alfamab", "betanib", "gammacept"]


def packed(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small folder of the layout that is read, in words of our own."""
    for name in sets.SENTENCES:
        packed(tmp_path / "pairs" / f"{name}.tsv.xz", ["da\tno\tEt hus.\tEt hus!"])
    for name in sets.WORDS:
        packed(tmp_path / "words" / f"{name}.tsv.xz", ["da\tnl\thus\thuis"])
    packed(
        tmp_path / "pairs" / "leaflets.tsv.xz",
        [
            "en\tda\tAlfamab is kept cold in its box.\tAlfamab opbevares koldt i sin æske.",
            "en\tda\tZetamab is kept warm in its box.\tZetamab opbevares varmt i sin æske.",
            "en\tda\tTalk to a doctor first of all.\tTal med en læge først af alt.",
        ],
    )
    packed(
        tmp_path / "leaflet-docs.jsonl.xz",
        [
            json.dumps({"medicine": medicine, "lang": "en", "sections": [{"title": "5", "paras": paragraphs}]})
            for medicine, paragraphs in (
                ("alfamab", ["Alfamab is kept cold in its box.", "Talk to a doctor first of all."]),
                ("zetamab", ["Zetamab is kept warm in its box.", "Talk to a doctor first of all."]),
            )
        ],
    )
    sets.leaflets.cache_clear()
    sets._unseen_texts.cache_clear()
    return tmp_path


def test_what_only_an_unseen_medicine_says_is_held_out(data: Path) -> None:
    texts = {text for pairs in sets.translations(data).values() for pair in pairs for text in pair.texts}
    assert "Alfamab is kept cold in its box." in texts
    assert "Talk to a doctor first of all." in texts
    assert not any("Zetamab" in text for text in texts)
    leaflets = sets.held_out(data)[0]
    assert [pair[0] for pair in leaflets.pairs] == ["Zetamab is kept warm in its box."]


def test_a_held_out_text_takes_its_rows_in_every_language_along(data: Path) -> None:
    held = [Held("x da-nb", [("et hus", "irrelevant")])]
    assert ("da", "nb") in sets.translations(data)
    assert ("da", "nb") not in sets.translations(data, held)


def test_languages_of_a_pair_stand_in_one_order(data: Path) -> None:
    assert all(one <= other for one, other in sets.translations(data))
    assert {pair.languages for pair in sets.translations(data)[("da", "en")]} == {("da", "en")}


@given(figure=st.integers(2, 900), seed=st.integers(0, 50))
def test_a_twin_differs_in_one_thing_in_both_languages(figure: int, seed: int) -> None:
    pair = Pair(
        "x",
        ("da", "en"),
        (f"Alfamab gives ikke oftere end hver {figure}. dag.", f"Alfamab is not given more than every {figure} days."),
    )
    found = list(twins([pair], NAMES, seed))
    assert len(found) == 1
    _, twin = found[0]
    changes = {
        "figure": all(str(figure) not in re.findall(r"\d+", text) for text in twin.texts),
        "negation": "ikke" not in twin.texts[0] and " not " not in twin.texts[1],
        "name": all("Alfamab" not in text for text in twin.texts),
    }
    assert sum(changes.values()) == 1, twin


def test_a_pair_without_anything_to_change_has_no_twin() -> None:
    assert not list(twins([Pair("x", ("da", "en"), ("Tal med din læge først.", "Talk to a doctor first."))], NAMES, 1))


def test_inflections_are_forms_of_one_word() -> None:
    texts = {"en": ["dose doses dose doses dose doses cat"], "nl": ["botten botten botten been"]}
    found = list(inflections(texts, 1))
    assert {frozenset(row[1:]) for row in found} == {frozenset(("dose", "doses"))}


def test_template_questions_name_their_medicine_or_say_it() -> None:
    chance = random.Random(1)
    asked = {questions._named("Wie mag {x} niet krijgen?", "Alfamab", "nl", chance) for _ in range(40)}
    assert asked == {"Wie mag Alfamab niet krijgen?", "Wie mag het middel niet krijgen?"}
