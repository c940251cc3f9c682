"""What changes in the documents changes in the answer, and nothing else does. No tuning can fake these relations."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from relations import (
    ASKED,
    DOCUMENTS,
    FACTS,
    HOSTILE,
    IN_TWO_UNITS,
    LANGUAGES,
    NAMED,
    PAIRS,
    RULES,
    UNANSWERABLE,
    UNRELATED,
    Asked,
    Over,
    asked_of,
    by_name,
    cases,
    first_quote,
    in_languages,
    said,
    swapped,
    with_changes,
)

from assistant import Assistant

# Derandomised: cases known not to hold are expected to fail, so what is drawn must not differ from day to day.
quickly = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


# --- The starting point: without it, a relation would hold of silence ---


@pytest.mark.parametrize("case", cases("any_language", in_languages(ASKED)))
def test_asked_in_any_language_the_same_fact_is_cited(base: Assistant, case: tuple[Asked, str]) -> None:
    asked, language = case
    answer = asked_of(base, asked.questions[language])
    assert first_quote(answer) == asked.sentence
    assert answer.citations[0].document_id == asked.document
    assert answer.language == language


@pytest.mark.parametrize("case", cases("no_conflict", in_languages(ASKED)))
def test_documents_that_agree_are_not_said_to_disagree(base: Assistant, case: tuple[Asked, str]) -> None:
    asked, language = case
    assert not asked_of(base, asked.questions[language]).conflicts


@pytest.mark.parametrize("question", cases("unanswerable", UNANSWERABLE.items()))
def test_what_no_document_says_is_not_answered(base: Assistant, question: str) -> None:
    assert base.ask(question).abstained


# --- The documents change, and the answer with them ---


@pytest.mark.parametrize("fact", cases("figure", by_name(FACTS)))
def test_another_figure_in_the_document_is_another_figure_in_the_answer(over: Over, fact: Asked) -> None:
    def changed(each: Asked) -> str:
        return each.sentence.replace(each.figure, each.another_figure)

    answer = over(with_changes(changed, FACTS)).ask(fact.question)
    assert first_quote(answer) == changed(fact)
    assert fact.another_figure in answer.text
    assert fact.figure not in answer.text


@pytest.mark.parametrize("fact", cases("unit", by_name(FACTS)))
def test_another_unit_in_the_document_is_another_unit_in_the_answer(over: Over, fact: Asked) -> None:
    def changed(each: Asked) -> str:
        return each.sentence.replace(each.figure, each.another_unit)

    answer = over(with_changes(changed, FACTS)).ask(fact.question)
    assert first_quote(answer) == changed(fact)


@pytest.mark.parametrize("asked", cases("deleted", by_name(ASKED)))
def test_without_the_sentence_it_abstains_though_neighbours_are_alike(over: Over, asked: Asked) -> None:
    answer = over(with_changes(lambda _: "", [asked])).ask(asked.question)
    assert answer.abstained, answer.text


@pytest.mark.parametrize("case", cases("swapped", in_languages(ASKED)))
def test_with_two_names_swapped_everywhere_the_answer_is_the_same_but_for_the_names(
    over: Over, base: Assistant, case: tuple[Asked, str]
) -> None:
    asked, language = case
    mirrored = over({path: swapped(text) for path, text in DOCUMENTS.items()})
    question = asked.questions[language]
    answer, mirror = asked_of(base, question), asked_of(mirrored, swapped(question))
    assert [swapped(statement.text) for statement in answer.statements] == [s.text for s in mirror.statements]


@pytest.mark.parametrize("pair", cases("swapped_pair", ((one.name, (one, other)) for one, other in PAIRS)))
def test_with_two_names_swapped_everywhere_each_has_the_other_s_figure(over: Over, pair: tuple[Asked, Asked]) -> None:
    mirrored = over({path: swapped(text) for path, text in DOCUMENTS.items()})
    for asked, given_now in (pair, pair[::-1]):
        answer = asked_of(mirrored, asked.questions[given_now.language])
        assert first_quote(answer) == swapped(given_now.sentence)
        assert asked.figure not in answer.text


@pytest.mark.parametrize("rule", cases("negated", by_name(RULES)))
def test_what_was_forbidden_and_is_allowed_is_said_to_be_allowed(over: Over, rule: Asked) -> None:
    # The answer's beginning belongs here too: yes or no, whichever it is, must be the other one now.
    answer = over(with_changes(lambda each: each.opposite, RULES)).ask(rule.question)
    assert first_quote(answer) == rule.opposite
    assert rule.sentence not in answer.text


# --- The documents change, and the answer does not ---


@pytest.mark.parametrize(
    "case",
    cases("unrelated", ((f"{name.split('.')[0]}-{a.name}", (name, a)) for name in UNRELATED for a in ASKED[1::2])),
)
def test_a_document_about_something_else_changes_nothing(over: Over, base: Assistant, case: tuple[str, Asked]) -> None:
    name, asked = case
    beside = over(DOCUMENTS | {name: UNRELATED[name]})
    assert said(beside.ask(asked.question)) == said(asked_of(base, asked.question))


@pytest.mark.parametrize("case", cases("all_unrelated", in_languages(ASKED)))
def test_many_documents_about_something_else_change_nothing(
    over: Over, base: Assistant, case: tuple[Asked, str]
) -> None:
    asked, language = case
    question = asked.questions[language]
    assert said(over(DOCUMENTS | UNRELATED).ask(question)) == said(asked_of(base, question))


@pytest.mark.parametrize("question", cases("unrelated_unanswerable", UNANSWERABLE.items()))
def test_documents_about_something_else_answer_no_more(over: Over, question: str) -> None:
    assert over(DOCUMENTS | UNRELATED).ask(question).abstained


@pytest.mark.parametrize("case", cases("renamed", in_languages(ASKED)))
def test_other_file_names_in_another_order_change_nothing_but_the_paths(
    over: Over, base: Assistant, case: tuple[Asked, str]
) -> None:
    asked, language = case
    renamed = {path: f"folder {9 - n}/{n * 3 % 5} æøå{Path(path).suffix}" for n, path in enumerate(DOCUMENTS)}
    elsewhere = over({renamed[path]: text for path, text in DOCUMENTS.items()})
    before, after = (asked_of(assistant, asked.questions[language]) for assistant in (base, elsewhere))
    assert (after.text, after.statements) == (before.text, before.statements)
    assert [(c.document_id, c.start, c.end) for c in after.citations] == [
        (renamed[c.document_id], c.start, c.end) for c in before.citations
    ]


@pytest.mark.parametrize("asked", cases("duplicated", by_name(ASKED)))
def test_documents_given_twice_are_cited_twice_and_said_once(over: Over, base: Assistant, asked: Asked) -> None:
    twice = over(DOCUMENTS | {f"copy of {path}": text for path, text in DOCUMENTS.items()})
    answer = twice.ask(asked.question)
    assert answer.text == asked_of(base, asked.question).text
    assert sum(statement.text.endswith(asked.sentence) for statement in answer.statements) == 1  # behind yes or no
    cited = {c.document_id for c in answer.citations if c.quote == asked.sentence}
    assert cited == {asked.document, f"copy of {asked.document}"}
    assert not answer.conflicts


@pytest.mark.parametrize(
    "case", cases("hostile", ((f"{name}-{a.name}", (text, a)) for name, text in HOSTILE.items() for a in ASKED[::2]))
)
def test_an_instruction_in_the_documents_is_text_and_changes_nothing(
    over: Over, base: Assistant, case: tuple[str, Asked]
) -> None:
    hostile, asked = case
    poisoned = over({path: _prepended(text, hostile) for path, text in DOCUMENTS.items()})
    before, after = asked_of(base, asked.question), poisoned.ask(asked.question)
    assert said(after) == said(before)
    assert "BANANA" not in after.text


def _prepended(text: str, hostile: str) -> str:
    front = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    at = front.end() if front else 0
    return f"{text[:at]}{hostile}\n\n{text[at:]}"


@pytest.mark.parametrize("case", cases("two_units", ((case["name"], case) for case in IN_TWO_UNITS)))
def test_one_fact_in_two_units_is_no_conflict(rewritten: Over, case: dict[str, str]) -> None:
    answer = rewritten(_two_documents(case["fact"], case["same"])).ask(case["question"])
    assert {citation.document_id for citation in answer.citations} == {"a.da.txt", "b.txt"}
    assert not answer.conflicts


@pytest.mark.parametrize("case", cases("two_facts", ((case["name"], case) for case in IN_TWO_UNITS)))
def test_two_facts_in_two_units_are_a_conflict(rewritten: Over, case: dict[str, str]) -> None:
    assert rewritten(_two_documents(case["fact"], case["other"])).ask(case["question"]).conflicts


def _two_documents(one: str, other: str) -> dict[str, str]:
    return {"a.da.txt": f"Quandrel\n\n{one}\n", "b.txt": f"Quandrel\n\n{other}\n"}


# --- Figures and orders that nobody chose ---

_DOSE = {
    "da": ("Dosis af Quandrel er {} mg.", "Hvad er dosis af Quandrel?"),
    "nl": ("De dosering van Quandrel is {} mg.", "Wat is de dosering van Quandrel?"),
    "en": ("The dose of Quandrel is {} mg.", "What is the dose of Quandrel?"),
}
figures = st.decimals(min_value=1, max_value=9999, places=1)


def written(value: Any, language: str) -> str:
    """A figure as the language writes it, without thousands separators."""
    text = f"{value:f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")


@pytest.mark.parametrize("language", cases("whatever", ((language, language) for language in LANGUAGES)))
@quickly
@given(value=figures)
def test_whatever_the_figure_it_is_the_one_said(rewritten: Over, language: str, value: Any) -> None:
    sentence, question = _DOSE[language]
    sentence = sentence.format(written(value, language))
    files = {"a.txt": f"Quandrel\n\n{sentence}\n", "b.txt": DOCUMENTS["b-bijsluiter.nl.md"]}
    assert first_quote(rewritten(files).ask(question)) == sentence


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


@settings(quickly, max_examples=4)
@given(order=st.permutations(range(len(DOCUMENTS))))
def test_in_whatever_order_the_files_stand_the_answers_are_the_same(
    rewritten: Over, base: Assistant, order: list[int]
) -> None:
    files = {f"{n}{Path(p).suffix}": text for n, (p, text) in zip(order, DOCUMENTS.items(), strict=True)}
    shuffled = rewritten(files)
    for name in ("dose", "interval-other", "price", "half-life-other", "effect", "liver"):
        question = NAMED[name].question
        assert shuffled.ask(question).text == asked_of(base, question).text
