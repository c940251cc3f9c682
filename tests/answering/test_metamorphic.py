"""Relations between answers that no tuning can fake: what changes in the documents changes in the answer, no more."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import (
    DOCUMENTS,
    FACT,
    FACTS,
    HOSTILE,
    PAIRS,
    RULES,
    SAME_IN_TWO_UNITS,
    UNANSWERABLE,
    UNRELATED,
    Fact,
    Rule,
    replaced,
    swapped,
)

from assistant import Answer, Assistant, Settings

Over = Callable[[Mapping[str, str]], Assistant]
ASKED = (*FACTS, *RULES)
LANGUAGES = ("da", "nl", "en")
quickly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Where a relation does not hold yet, by test and case, with the reason. Each entry that starts to hold fails its test.
NOT_YET: dict[str, dict[str, str]] = {}


def cases(test: str, named: Iterable[tuple[str, Any]]) -> list[Any]:
    """Parameters of a test; those known not to hold are expected to fail, and strictly so."""
    known = NOT_YET.get(test, {})
    return [
        pytest.param(value, id=name, marks=[pytest.mark.xfail(strict=True, reason=known[name])] if name in known else [])
        for name, value in named
    ]


def by_name(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((item.name, item) for item in items)


def in_languages(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{item.name}-{language}", (item, language)) for item in items for language in LANGUAGES)


@pytest.fixture(scope="session")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """An assistant over documents given as path -> text; the same documents are indexed once."""
    made: dict[tuple[tuple[str, str], ...], Assistant] = {}

    def assistant_over(files: Mapping[str, str]) -> Assistant:
        key = tuple(sorted(files.items()))
        if key not in made:
            folder = tmp_path_factory.mktemp("metamorphic")
            for path, text in files.items():
                (folder / "corpus" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "corpus" / path).write_text(text, "utf-8")
            made[key] = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
            made[key].index()
        return made[key]

    yield assistant_over
    for assistant in made.values():
        assistant.close()


@pytest.fixture(scope="session")
def base(over: Over) -> Assistant:
    return over(DOCUMENTS)


def language_of(asked: Fact | Rule) -> str:
    """The language of the document that holds it."""
    found = re.search(r"\.(da|nl|en)\.", asked.document)
    assert found
    return found[1]


def own_question(asked: Fact | Rule) -> str:
    return asked.questions[language_of(asked)]


def first_quote(answer: Answer) -> str:
    return "" if answer.abstained else answer.citations[0].quote


def said(answer: Answer) -> Any:
    """What an answer says and from where; of an abstention that it is one, since its wording counts documents."""
    if answer.abstained:
        return "abstained", {citation.quote for citation in answer.citations}
    places = [(citation.document_id, citation.start, citation.end) for citation in answer.citations]
    return answer.text, answer.statements, places, answer.conflicts


# --- The starting point: without it, a relation would hold of silence ---


@pytest.mark.parametrize("case", cases("every_language", in_languages(ASKED)))
def test_asked_in_any_language_the_same_fact_is_cited(base: Assistant, case: tuple[Fact | Rule, str]) -> None:
    asked, language = case
    answer = base.ask(asked.questions[language])
    assert first_quote(answer) == asked.sentence
    assert answer.citations[0].document_id == asked.document
    assert answer.language == language


@pytest.mark.parametrize("question", cases("unanswerable", UNANSWERABLE.items()))
def test_what_no_document_says_is_not_answered(base: Assistant, question: str) -> None:
    assert base.ask(question).abstained


# --- The documents change, and the answer with them ---


@pytest.mark.parametrize("fact", cases("figure", by_name(FACTS)))
def test_another_figure_in_the_document_is_another_figure_in_the_answer(over: Over, fact: Fact) -> None:
    new = fact.sentence.replace(fact.figure, fact.another_figure)
    answer = over(replaced(fact.document, fact.sentence, new)).ask(own_question(fact))
    assert first_quote(answer) == new
    assert fact.another_figure in answer.text
    assert fact.figure not in answer.text


@pytest.mark.parametrize("fact", cases("unit", by_name(FACTS)))
def test_another_unit_in_the_document_is_another_unit_in_the_answer(over: Over, fact: Fact) -> None:
    new = fact.sentence.replace(fact.figure, fact.another_unit)
    answer = over(replaced(fact.document, fact.sentence, new)).ask(own_question(fact))
    assert first_quote(answer) == new


@pytest.mark.parametrize("asked", cases("deleted", by_name(ASKED)))
def test_without_the_sentence_it_abstains_though_neighbours_are_alike(over: Over, asked: Fact | Rule) -> None:
    answer = over(replaced(asked.document, asked.sentence, "")).ask(own_question(asked))
    assert answer.abstained, answer.text


@pytest.mark.parametrize("asked", cases("swapped_whole", by_name(ASKED)))
def test_with_two_names_swapped_everywhere_the_answer_is_the_same_but_for_the_names(
    over: Over, base: Assistant, asked: Fact | Rule
) -> None:
    mirrored = over({path: swapped(text) for path, text in DOCUMENTS.items()})
    question = own_question(asked)
    answer, mirror = base.ask(question), mirrored.ask(swapped(question))
    assert first_quote(mirror) == swapped(asked.sentence)
    assert [swapped(statement.text) for statement in answer.statements] == [s.text for s in mirror.statements]


@pytest.mark.parametrize(
    "case",
    cases(
        "swapped_pair",
        ((f"{one}-{language}", (FACT[one], FACT[other], language)) for one, other in PAIRS for language in LANGUAGES),
    ),
)
def test_with_two_names_swapped_everywhere_each_has_the_other_s_figure(
    over: Over, case: tuple[Fact, Fact, str]
) -> None:
    one, other, language = case
    mirrored = over({path: swapped(text) for path, text in DOCUMENTS.items()})
    for asked, expected in ((one, other), (other, one)):
        answer = mirrored.ask(asked.questions[language])
        assert first_quote(answer) == swapped(expected.sentence)
        assert asked.figure not in answer.text


@pytest.mark.parametrize("rule", cases("negated", by_name(RULES)))
def test_what_was_forbidden_and_is_allowed_is_said_to_be_allowed(over: Over, rule: Rule) -> None:
    # The answer's beginning, yes or no, belongs here too: it must differ between the two documents.
    for language in (language_of(rule),):
        answer = over(replaced(rule.document, rule.sentence, rule.opposite)).ask(rule.questions[language])
        assert first_quote(answer) == rule.opposite
        assert rule.sentence not in answer.text


# --- The documents change, and the answer does not ---


@pytest.mark.parametrize(
    "case",
    cases(
        "unrelated",
        (
            (f"{name.split('.')[0]}-{asked.name}", (name, asked))
            for name in (*UNRELATED, "all of them")
            for asked in ASKED
        ),
    ),
)
def test_a_document_about_something_else_changes_nothing(
    over: Over, base: Assistant, case: tuple[str, Fact | Rule]
) -> None:
    name, asked = case
    beside = over(DOCUMENTS | (UNRELATED if name == "all of them" else {name: UNRELATED[name]}))
    for question in asked.questions.values():
        assert said(beside.ask(question)) == said(base.ask(question))


@pytest.mark.parametrize("question", cases("unrelated_unanswerable", UNANSWERABLE.items()))
def test_documents_about_something_else_answer_no_more(over: Over, question: str) -> None:
    assert over(DOCUMENTS | UNRELATED).ask(question).abstained


@pytest.mark.parametrize("asked", cases("renamed", by_name(ASKED)))
def test_other_file_names_in_another_order_change_nothing_but_the_paths(
    over: Over, base: Assistant, asked: Fact | Rule
) -> None:
    for renamed in (
        {path: f"folder {9 - n}/{9 - n}{Path(path).suffix}" for n, path in enumerate(DOCUMENTS)},
        {path: f"{n * 3 % 5} æøå{Path(path).suffix}" for n, path in enumerate(DOCUMENTS)},
    ):
        elsewhere = over({renamed[path]: text for path, text in DOCUMENTS.items()})
        for question in asked.questions.values():
            before, after = base.ask(question), elsewhere.ask(question)
            assert (after.text, after.statements) == (before.text, before.statements)
            assert [(c.document_id, c.start, c.end) for c in after.citations] == [
                (renamed[c.document_id], c.start, c.end) for c in before.citations
            ]


@pytest.mark.parametrize("asked", cases("duplicated", by_name(ASKED)))
def test_a_document_given_twice_is_cited_twice_and_said_once(over: Over, base: Assistant, asked: Fact | Rule) -> None:
    copy = "copy of " + asked.document
    answer = over(DOCUMENTS | {copy: DOCUMENTS[asked.document]}).ask(own_question(asked))
    assert answer.text == base.ask(own_question(asked)).text
    assert [statement.text for statement in answer.statements].count(asked.sentence) == 1
    cited = {c.document_id for c in answer.citations if c.quote == asked.sentence}
    assert cited == {asked.document, copy}
    assert not answer.conflicts


@pytest.mark.parametrize(
    "case",
    cases("hostile", ((f"{name}-{asked.name}", (text, asked)) for name, text in HOSTILE.items() for asked in ASKED)),
)
def test_an_instruction_in_the_documents_is_text_and_changes_nothing(
    over: Over, base: Assistant, case: tuple[str, Fact | Rule]
) -> None:
    hostile, asked = case
    poisoned = over({path: _prepended(text, hostile) for path, text in DOCUMENTS.items()})
    for question in asked.questions.values():
        before, after = base.ask(question), poisoned.ask(question)
        assert (after.text, after.abstained) == (before.text, before.abstained)
        assert [(c.document_id, c.quote) for c in after.citations] == [
            (c.document_id, c.quote) for c in before.citations
        ]
        assert "BANANA" not in after.text


def _prepended(text: str, hostile: str) -> str:
    front = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    at = front.end() if front else 0
    return f"{text[:at]}{hostile}\n\n{text[at:]}"


@pytest.mark.parametrize("case", cases("two_units", SAME_IN_TWO_UNITS.items()))
def test_one_fact_in_two_units_is_no_conflict_and_another_fact_is(over: Over, case: tuple[str, str, str]) -> None:
    danish, same, other = (f"Quandrel\n\n{sentence}\n" for sentence in case)
    question = _QUESTION[next(word for word in _QUESTION if word in case[0])]
    agreeing = over({"a.da.txt": danish, "b.txt": same}).ask(question)
    assert {citation.document_id for citation in agreeing.citations} == {"a.da.txt", "b.txt"}
    assert not agreeing.conflicts
    assert over({"a.da.txt": danish, "b.txt": other}).ask(question).conflicts


_QUESTION = {
    "Dosis": "Hvad er dosis af Quandrel?",
    "gives hver": "Hvor ofte gives Quandrel?",
    "Kuren": "Hvor længe varer kuren med Quandrel?",
    "Infusionen": "Hvor længe varer infusionen med Quandrel?",
    "opløses": "Hvor meget vand opløses Quandrel i?",
    "Studiet": "Hvor mange patienter omfattede studiet af Quandrel?",
}


# --- Figures nobody chose ---

_DOSE = {
    "da": ("Dosis af Quandrel er {} mg.", "Hvad er dosis af Quandrel?"),
    "nl": ("De dosering van Quandrel is {} mg.", "Wat is de dosering van Quandrel?"),
    "en": ("The dose of Quandrel is {} mg.", "What is the dose of Quandrel?"),
}
figures = st.decimals(min_value=1, max_value=9999, places=1).filter(lambda value: value % 10 != 0)


def written(value: Any, language: str) -> str:
    """A figure as the language writes it, without thousands separators."""
    text = f"{value.normalize():f}"
    return text if language == "en" else text.replace(".", ",")


@pytest.fixture(scope="session")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """One assistant whose documents are exchanged and indexed again."""
    folder = tmp_path_factory.mktemp("rewritten")
    (folder / "corpus").mkdir()
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))

    def with_documents(files: Mapping[str, str]) -> Assistant:
        for path in (folder / "corpus").iterdir():
            path.unlink()
        for name, text in files.items():
            (folder / "corpus" / name).write_text(text, "utf-8")
        assistant.index()
        return assistant

    yield with_documents
    assistant.close()


@pytest.mark.parametrize("language", LANGUAGES)
@quickly
@given(value=figures)
def test_whatever_the_figure_it_is_the_one_said(rewritten: Over, language: str, value: Any) -> None:
    sentence, question = _DOSE[language]
    sentence = sentence.format(written(value, language))
    answer = rewritten({"a.txt": f"Quandrel\n\n{sentence}\n", "b.txt": DOCUMENTS["b-bijsluiter.nl.md"]}).ask(question)
    assert first_quote(answer) == sentence


@quickly
@given(danish=figures, english=figures, agree=st.booleans())
def test_two_documents_conflict_if_and_only_if_their_figures_differ(
    rewritten: Over, danish: Any, english: Any, agree: bool
) -> None:
    if agree or abs(danish - english) < 1:  # rounding is no conflict
        english = danish
    files = {
        "a.da.txt": f"Quandrel\n\n{_DOSE['da'][0].format(written(danish, 'da'))}\n",
        "b.en.txt": f"Quandrel\n\n{_DOSE['en'][0].format(written(english, 'en'))}\n",
    }
    answer = rewritten(files).ask("Hvad er dosis af Quandrel?")
    assert bool(answer.conflicts) == (danish != english)
    assert {citation.document_id for citation in answer.citations} == set(files)


@settings(quickly, max_examples=6)
@given(order=st.permutations(range(len(DOCUMENTS))))
def test_in_whatever_order_the_files_stand_the_answers_are_the_same(
    rewritten: Over, base: Assistant, order: list[int]
) -> None:
    files = {f"{n}{Path(p).suffix}": text for n, (p, text) in zip(order, DOCUMENTS.items(), strict=True)}
    shuffled = rewritten(files)
    for asked in ASKED:
        assert shuffled.ask(own_question(asked)).text == base.ask(own_question(asked)).text


# --- The question is worded otherwise, and the answer stays ---

_POLITE = {"da": "Kan du sige mig: ", "nl": "Weet u misschien: ", "en": "Please tell me: "}
_HELLO = {"da": "Hej! ", "nl": "Goedemorgen, ", "en": "Hello, "}
_THANKS = {"da": " På forhånd tak.", "nl": " Alvast bedankt!", "en": " Thank you in advance."}
_BARE = str.maketrans({"æ": "ae", "ø": "o", "å": "aa", "Å": "Aa", "ë": "e", "ï": "i"})
REWORDED: dict[str, Callable[[str, str], str]] = {
    "capitals": lambda question, _: question.upper(),
    "small": lambda question, _: question.lower(),
    "no-mark": lambda question, _: question.rstrip("?"),
    "marks": lambda question, _: question + "??",
    "spaced": lambda question, _: "  " + question.replace(" ", "   ") + "\n",
    "polite": lambda question, language: _POLITE[language] + question[0].lower() + question[1:],
    "hello": lambda question, language: _HELLO[language] + question,
    "thanks": lambda question, language: question + _THANKS[language],
    "diacritics": lambda question, _: question.translate(_BARE),
}


@pytest.mark.parametrize(
    "case",
    cases(
        "reworded",
        (
            (f"{way}-{asked.name}-{language}", (way, question, language))
            for way, reword in REWORDED.items()
            for asked in ASKED
            for language, question in asked.questions.items()
            if reword(question, language) != question
        ),
    ),
)
def test_a_question_worded_otherwise_cites_the_same_sentence(base: Assistant, case: tuple[str, str, str]) -> None:
    way, question, language = case
    assert first_quote(base.ask(REWORDED[way](question, language))) == first_quote(base.ask(question))
