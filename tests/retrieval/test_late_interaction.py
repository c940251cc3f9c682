"""Words meet their counterpart in another language; what is merely about the same does not count as the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.model import Passage, Sentence
from assistant.retrieval.late_interaction import WordSpace, related, reorder, same, word_space
from assistant.retrieval.terms import terms, words_of
from assistant.settings import Settings


@pytest.fixture(scope="module")
def space() -> WordSpace:
    return word_space(Settings())


def passage(number: int, *sentences: str, section: tuple[str, ...] = ()) -> Passage:
    spans, at = [], 0
    for text in sentences:
        spans.append(Sentence(at, at + len(text), text))
        at += len(text) + 1
    return Passage(f"{number}.txt", 0, 0, at, section, None, tuple(spans))


@pytest.mark.parametrize(
    ("asked", "language", "text", "other"),
    [
        ("gravid", "da", "Pregnant women were not studied.", "en"),
        ("gravid", "da", "Zwangere vrouwen zijn niet onderzocht.", "nl"),
        ("kidney", "en", "Nyrerne udskiller lægemidlet.", "da"),
        ("koelkast", "nl", "Store in a refrigerator.", "en"),
        ("dentist", "en", "Tal med din tandlæge.", "da"),
    ],
)
def test_a_word_meets_its_counterpart_in_another_language(
    space: WordSpace, asked: str, language: str, text: str, other: str
) -> None:
    unrelated = {"en": "The pack holds one pen.", "da": "Pakningen har én pen.", "nl": "De doos bevat één pen."}[other]
    near = space.nearest(terms(asked, language), [words_of(text, other), words_of(unrelated, other)])[:, 0]
    assert near[0] > near[1] + 0.25
    assert related(near)[0] > 0.3


@pytest.mark.parametrize(
    ("asked", "text"),
    [("mænd", "Women after the menopause."), ("Prolia", "Xgeva is given monthly."), ("hofte", "Rygsøjlens hvirvler.")],
)
def test_words_of_one_field_do_not_count_as_the_same(space: WordSpace, asked: str, text: str) -> None:
    near = space.nearest(terms(asked, "da"), [words_of(text, "en" if "the" in text or "is" in text else "da")])
    assert same(near).max() == 0


@settings(max_examples=30, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["dosis", "injektion", "knogler", "smerter", "læge", "barn"]), min_size=1, max_size=6
    )
)
def test_nearness_is_a_share_and_a_word_is_nearest_to_itself(space: WordSpace, words: list[str]) -> None:
    asked = terms(" ".join(words), "da")
    near = space.nearest(asked, [words_of(" ".join(words), "da"), words_of("", "da")])
    assert near.shape == (2, len(asked))
    assert ((near >= 0) & (near <= 1)).all()
    assert np.allclose(near[0], 1, atol=1e-3)
    assert (near[1] == 0).all()


def test_nothing_asked_and_nothing_read_is_no_error(space: WordSpace) -> None:
    assert space.nearest([], [words_of("noget", "da")]).shape == (1, 0)
    assert reorder("", [], [], lambda term: 1.0, space) == []


def test_the_passage_that_speaks_of_the_question_comes_first_in_every_language(space: WordSpace) -> None:
    passages = [
        (passage(0, "Pennen skal opbevares i køleskab ved 2-8 °C.", "Den må ikke fryses."), "da"),
        (passage(1, "Hyppige bivirkninger er hovedpine og kvalme."), "da"),
        (passage(2, "Lægemidlet sprøjtes ind under huden én gang om ugen."), "da"),
    ]
    for question, language, right in (
        ("Moet de pen in de koelkast bewaard worden?", "nl", 0),
        ("Does it give headaches or nausea?", "en", 1),
        ("Gives det som indsprøjtning hver uge?", "da", 2),
    ):
        scored = reorder(question, terms(question, language), passages, lambda term: 1.0, space)
        assert max(range(3), key=lambda place: scored[place].score) == right, question
        assert [len(one.closeness) for one in scored] == [2, 1, 1]


def test_a_heading_counts_for_the_sentences_under_it(space: WordSpace) -> None:
    question = "How is it stored?"
    bare, under = (
        reorder(question, terms(question, "en"), [(passage(0, "Højst 25 grader.", section=section), "da")], _one, space)
        for section in ((), ("Opbevaring",))
    )
    assert under[0].score > bare[0].score


def _one(term: object) -> float:
    return 1.0
