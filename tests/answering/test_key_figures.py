"""The key figures of an answer say what its cited sentences say, in the asker's language, and nothing that they do not."""

import pytest

from assistant.answering.answer import Answer, Citation, Conflict, ConflictSide, Statement
from assistant.answering.key_figures import key_figures
from assistant.documents.model import Document, Metadata

QUESTIONS = {
    "da": "Hvor ofte gives Veltoral?",
    "nl": "Hoe vaak wordt Veltoral gegeven?",
    "en": "How often is Veltoral given?",
}


def answer(*sentences: str, language: str = "da", asker: str = "", **other: object) -> Answer:
    """An answer that quotes the sentences of a document in `language`."""
    asker = asker or language
    citations = []
    for n, sentence in enumerate(sentences, 1):
        document = Document("veltoral.md", sentence, Metadata(language=language), "hash")
        end = len(sentence)
        citations.append(
            Citation.of(n, document, 0, end, reading=sentence, section="", passage_start=0, passage_end=end)
        )
    statements = tuple(Statement(one, (n,)) for n, one in enumerate(sentences, 1))
    told: dict[str, object] = {"question": QUESTIONS[asker], "text": " ".join(sentences), "abstained": False, **other}
    return Answer(language=asker, statements=statements, citations=tuple(citations), **told)  # type: ignore[arg-type]


def told(found: Answer) -> list[str]:
    return [figure.text.replace("\u00a0", " ") for figure in key_figures(found)]


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        ("da", ["hver 6. måned", "60,5 mg"]),
        ("nl", ["elke 6 maanden", "60,5 mg"]),
        ("en", ["every 6 months", "60.5 mg"]),
    ],
)
def test_dose_and_interval_are_said_in_the_askers_language(asker: str, expected: list[str]) -> None:
    found = answer("Dosis af Veltoral er 60,5 mg hver 6. måned.", asker=asker)
    assert told(found) == expected
    assert {figure.citation for figure in key_figures(found)} == {1}


@pytest.mark.parametrize(
    ("language", "sentence", "da", "nl", "en"),
    [
        ("nl", "Veltoral wordt elke 8 uur gegeven.", "hver 8. time", "elke 8 uur", "every 8 hours"),
        ("en", "Veltoral is given every year.", "hvert år", "elk jaar", "every year"),
        ("da", "Veltoral gives hver 4. uge.", "hver 4. uge", "elke 4 weken", "every 4 weeks"),
        ("da", "Veltoral gives hver 28. dag.", "hver 28. dag", "elke 28 dagen", "every 28 days"),
        ("en", "Veltoral is given twice a day.", "2 gange om dagen", "2 keer per dag", "twice a day"),
        ("en", "Veltoral is given 3 times a week.", "3 gange om ugen", "3 keer per week", "3 times a week"),
        ("nl", "Veltoral wordt 1 keer per week gegeven.", "1 gang om ugen", "1 keer per week", "once a week"),
        ("da", "Veltoral gives hvert halve år.", "hver 6. måned", "elke 6 maanden", "every 6 months"),
    ],
)
def test_an_interval_keeps_the_unit_it_was_written_in(language: str, sentence: str, da: str, nl: str, en: str) -> None:
    for asker, expected in (("da", da), ("nl", nl), ("en", en)):
        assert told(answer(sentence, language=language, asker=asker)) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Veltoral indeholder 60 µg.", "60 µg"),
        ("Veltoral indeholder 1,5 g.", "1.5 g"),
        ("Veltoral indeholder 1.200 mg.", "1,200 mg"),
        ("Veltoral indeholder 2.000 IE.", "2,000 IU"),
        ("Veltoral indeholder 60 mg/ml.", "60 mg/ml"),
    ],
)
def test_an_amount_keeps_its_unit_and_its_value(sentence: str, expected: str) -> None:
    assert told(answer(sentence, asker="en")) == [expected]


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many women took part?", "I studiet af Veltoral deltog 1.412 kvinder.", ["1,412 women"]),
        ("What does Veltoral cost?", "Veltoral koster 1.116,10 kr. pr. pakning.", ["DKK 1,116.10"]),
        ("When was Veltoral approved?", "Veltoral blev godkendt den 18. juli 2025.", ["18 July 2025"]),
        ("How many percent got better?", "Med Veltoral fik 5,7 % det bedre.", ["5.7%"]),
        ("What is Veltoral?", "I studiet af Veltoral deltog 1.412 kvinder.", []),  # not asked for
    ],
)
def test_other_figures_are_shown_where_they_are_asked_for(question: str, sentence: str, expected: list[str]) -> None:
    shown = told(answer(sentence, asker="en", question=question))
    assert [one.replace("DKK1", "DKK 1") for one in shown] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Dosis af Veltoral er højst 60 mg.",
        "Dosis af Veltoral er mindst 60 mg.",
        "Dosis af Veltoral er 60-120 mg.",
        "Dosis af Veltoral er mellem 60 og 120 mg.",
        "Veltoral må ikke gives hver 6. måned.",
        "Dosis af Veltoral er 60 mg om morgenen og 30 mg om aftenen.",
        "Dosis af Veltoral er omkring 60 mg.",
        "Veltoral er en tablet.",
    ],
)
def test_what_cannot_stand_alone_is_left_out(sentence: str) -> None:
    assert told(answer(sentence)) == []


def test_a_figure_that_the_statement_does_not_give_is_left_out() -> None:
    found = answer("Dosis af Veltoral er 60 mg hver 6. måned.", wording="model", asker="en")
    worded = Answer(**{**_fields(found), "statements": (Statement("Veltoral is given every 6 months.", (1,)),)})
    assert told(worded) == ["every 6 months"]


def test_an_answer_of_many_figures_shows_four() -> None:
    found = answer("Giv 60 mg hver 6. måned.", "Giv 5 ml.", "Giv 200 IE.", "Giv 3 mg/kg.")
    assert told(found) == ["hver 6. måned", "60 mg", "5 ml", "200 IE"]


def test_a_disagreement_and_an_abstention_show_none() -> None:
    sentences = ("Dosis af Veltoral er 60 mg.", "Veltoral gives hver 6. måned.")
    sides = (ConflictSide("60 mg", 1), ConflictSide("hver 6. måned", 2))
    assert told(answer(*sentences)) != []
    assert told(answer(*sentences, conflicts=(Conflict("dosis", sides),))) == []
    assert told(answer(*sentences, abstained=True)) == []


def _fields(found: Answer) -> dict[str, object]:
    return {name: getattr(found, name) for name in Answer.__dataclass_fields__}
