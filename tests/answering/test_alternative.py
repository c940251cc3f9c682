"""A second sentence stands beside the best where either may be meant: announced, quoted exactly, never the answer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.alternative import Alternative, alternative
from assistant.answering.answer import Answer, Statement
from assistant.answering.evidence import Evidence
from assistant.answering.features import Candidate
from assistant.answering.key_figures import key_figures
from assistant.answering.wording import one_of_two, see_also
from assistant.documents.model import Document, Metadata
from assistant.documents.segment import segment
from assistant.evaluation.question_set import load

Make = Callable[[dict[str, str]], Assistant]
EVALS = Path(__file__).parents[2] / "evals"


def evidence(*sentences: str, scores: tuple[float, ...]) -> list[Evidence]:
    (passage,) = segment(Document("a.txt", " ".join(sentences), Metadata(title="Zelmivax", language="en"), ""))
    candidate = Candidate(1, passage, "en", Metadata(title="Zelmivax", language="en"))
    return [Evidence(candidate, at, score, 1.0, (), ()) for at, score in enumerate(scores)]


def beside(best: float, instead: float, words: int = 8) -> Alternative:
    (one,) = evidence(f"Zelmivax {'really ' * (words - 3)}works.", scores=(0.5,))
    return Alternative(one, best, instead)


def test_an_unlikely_or_long_winded_alternative_is_not_worth_showing() -> None:
    assert beside(0.6, 0.2).is_likely
    assert not beside(0.6, 0.05).is_likely
    assert beside(0.6, 0.2, words=20).is_likely and not beside(0.6, 0.2, words=60).is_likely


def test_two_may_be_said_where_one_may_not_only_if_one_of_them_is_surer_right_than_one_alone_must_be() -> None:
    assert beside(0.4, 0.3).makes_sure(0.5)
    assert not beside(0.4, 0.12).makes_sure(0.5)
    assert not beside(0.4, 0.3).makes_sure(0.7)


def test_the_nearer_the_second_is_behind_the_likelier_it_is_meant() -> None:
    said = ("Zelmivax is taken daily.", "Zelmivax is for adults.", "Zelmivax is stored cold.")
    near = evidence(*said, scores=(0.5, 0.45, 0.1))
    far = evidence(*said, scores=(0.9, 0.02, 0.01))
    close, distant = alternative(near[0], near[1:], 0.5), alternative(far[0], far[1:], 0.95)
    assert close and distant and close.instead > distant.instead
    assert close.evidence.sentence.text == said[1]


def test_what_says_the_same_in_the_same_words_is_no_alternative() -> None:
    best, again = evidence("Zelmivax is taken daily.", "Zelmivax is taken daily.", scores=(0.5, 0.45))
    assert alternative(best, [again], 0.5) is None


@pytest.fixture(scope="module")
def answers(veltoral: Assistant) -> list[Answer]:
    """To the questions of a whole set, so that there are some with an alternative."""
    return [
        veltoral.ask(question.question, language=question.language or None, history=question.history)
        for question in load(EVALS / "veltoral.yaml").questions
    ]


def test_alternatives_are_announced_quoted_cited_and_come_after_an_answer(answers: list[Answer]) -> None:
    having = [answer for answer in answers if any(one.alternative for one in answer.statements)]
    assert having
    for answer in having:
        assert not answer.abstained and not answer.statements[0].alternative
        before = answer.statements[0]
        for one in answer.statements:
            said = one.text
            if one.alternative and not before.alternative:
                assert said.startswith(see_also(answer.language) + " ")
                said = said.removeprefix(see_also(answer.language) + " ")
            before = one
            if one.alternative:
                assert said in [answer.citation(n).reading for n in one.citations]
                assert one.text in answer.text


def test_what_is_not_sure_enough_alone_is_said_beside_another_and_says_so(answers: list[Answer]) -> None:
    for answer in answers:
        unsure = one_of_two(answer.language) in answer.notes
        assert not unsure or any(one.alternative for one in answer.statements)


def test_where_documents_disagree_both_are_shown_and_nothing_besides(answers: list[Answer]) -> None:
    disagreeing = [answer for answer in answers if answer.conflicts and "?" in answer.question]
    assert disagreeing
    assert not any(one.alternative for answer in disagreeing for one in answer.statements)


def test_an_alternative_gives_no_key_figure(veltoral: Assistant) -> None:
    answer = veltoral.ask("Hvor ofte gives Veltoral?")
    assert key_figures(answer)
    announced = tuple(replace(one, alternative=True) for one in answer.statements)
    assert not key_figures(replace(answer, statements=announced))


def test_it_is_told_at_the_machine_readable_door() -> None:
    answer = Answer("q", "a. See also: b.", False, "en", (Statement("a.", (1,)), Statement("See also: b.", (2,), True)))
    assert [one["alternative"] for one in answer.as_dict()["statements"]] == [False, True]


def test_what_is_replaced_does_not_stand_beside_what_is_in_force(assistant_over: Make) -> None:
    head = "---\ntitle: Ostravin\nlanguage: en\nreference: V-77\n"
    old = assistant_over(
        {
            "old.md": f"{head}version: 1\nvalid_from: 2020-01-01\nvalid_to: 2021-12-31\n---\n# Use\n\n"
            "Ostravin is taken with water in the morning.\n",
            "new.md": f"{head}version: 2\nvalid_from: 2022-01-01\n---\n# Use\n\n"
            "Ostravin is swallowed whole with a glass of water.\n",
        }
    )
    for question in ("How is Ostravin taken?", "With what is Ostravin taken?", "When is Ostravin taken?"):
        answer = old.ask(question)
        if not answer.abstained and answer.citations[0].document_id == "new.md":
            assert all(
                c.document_id == "new.md"
                for s in answer.statements
                if s.alternative
                for c in map(answer.citation, s.citations)
            )
