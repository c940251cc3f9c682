"""How right is an answer? One Outcome per question, and the scores over any number of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.answer import Answer, Statement
from assistant.answering.grounding import Cited
from assistant.answering.grounding import judge as grounded
from assistant.evaluation.question_set import Fact, Question
from assistant.evaluation.ranking import Ranking
from assistant.evaluation.values import Value

Places = Mapping[str, Sequence[tuple[int, int]]]  # document id -> (start, end) of each acceptable evidence


@dataclass(frozen=True, slots=True)
class Score:
    """A share of `whole`; the value of a share of nothing is None."""

    part: float
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer, judged."""

    question: Question
    answer: Answer
    met: bool  # every fact group stands in the answer
    forbidden: tuple[str, ...]  # patterns of forbidden claims that stand in the answer
    hits: tuple[bool, ...]  # per citation: it overlaps acceptable evidence
    exact: int  # citations whose span holds their quote
    quote_cited: int  # statements that cite something
    places: Places = field(default_factory=dict)  # where acceptable evidence stands
    ungrounded: int = 0  # statements that their cited sentences do not back
    ranking: Ranking | None = None  # where the search put the evidence; None: it was not looked at

    @property
    def right_or_silent(self) -> bool:
        """Right, and of a question to abstain from only whether it was."""
        return self.answer.abstained if self.question.abstain else self.right

    @property
    def fact_right(self) -> bool:
        return self.met and not self.forbidden and not self.answer.abstained

    @property
    def right(self) -> bool:
        """Of an answerable question: the facts, with evidence, and nothing forbidden; of another: abstained."""
        if self.question.abstain:
            return self.answer.abstained and not self.forbidden
        return self.fact_right and any(self.hits)


def met(alternatives: Sequence[Fact], answer: Answer) -> bool:
    """Whether an answer states a fact, in one of the ways it may be written."""
    return any(states(answer, alternative) for alternative in alternatives)


def said(answer: Answer) -> list[tuple[str, str]]:
    """The statements of an answer, each with the language that its numerals are read by: that of what it quotes."""
    if not answer.statements:
        return [(answer.text, answer.language)]
    return [(statement.text, spoken(answer, statement)) for statement in answer.statements]


def spoken(answer: Answer, statement: Statement) -> str:
    """The language of a statement: where it is quoted, that of the document."""
    if answer.wording != "quoted" or not statement.citations:
        return answer.language
    return answer.citation(statement.citations[0]).language or answer.language


def states(answer: Answer, fact: Fact) -> bool:
    """Whether an answer states a fact in this one way."""
    if isinstance(fact, Value):
        return any(fact.is_stated(text, language) for text, language in said(answer))
    return bool(fact.search(answer.text))


def judge(
    question: Question,
    answer: Answer,
    places: Places,
    text_of: Callable[[str], str | None],
    ranking: Ranking | None = None,
) -> Outcome:
    """Judge one answer.

    Args:
        places: where the evidence of the question stands.
        text_of: the text of a document by its id; None for a document that is not there.
    """
    return Outcome(
        question=question,
        answer=answer,
        met=all(met(group, answer) for group in question.facts),
        forbidden=tuple(fact.pattern for fact in question.forbid if states(answer, fact)),
        hits=tuple(
            any(c.start < end and c.end > start for start, end in places.get(c.document_id, ()))
            for c in answer.citations
        ),
        exact=sum((text_of(c.document_id) or "")[c.start : c.end] == c.quote for c in answer.citations),
        quote_cited=sum(bool(statement.citations) for statement in answer.statements),
        places=places,
        ungrounded=sum(not _is_backed(answer, statement) for statement in answer.statements),
        ranking=ranking,
    )


def _is_backed(answer: Answer, statement: Statement) -> bool:
    """Whether the sentences that a statement cites back it, by the rules of grounding and nothing else."""
    cited = [answer.citation(n) for n in statement.citations]
    sentences = [Cited(one.reading, one.language, about=f"{one.section} {one.title}") for one in cited]
    return grounded(statement.text, spoken(answer, statement) or answer.language, sentences).backed


def scores(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """Every score, by the name that thresholds use. What each means stands in docs/evals.md."""
    asked = [o for o in outcomes if not o.question.abstain]
    silent = [o for o in outcomes if o.question.abstain]
    disputed = [o for o in asked if o.question.conflict]
    cited = [hit for o in asked for hit in o.hits]
    return {
        "right": Score(sum(o.right for o in asked), len(asked)),
        "fact right": Score(sum(o.fact_right for o in asked), len(asked)),
        "evidence cited": Score(sum(any(o.hits) for o in asked), len(asked)),
        "first citation right": Score(sum(o.hits[:1] == (True,) for o in asked), len(asked)),
        "citation precision": Score(sum(cited), len(cited)),
        "spans exact": Score(sum(o.exact for o in outcomes), sum(len(o.answer.citations) for o in outcomes)),
        "statements cited": Score(sum(o.quote_cited for o in asked), sum(len(o.answer.statements) for o in asked)),
        "abstained right": Score(sum(o.answer.abstained for o in silent), len(silent)),
        "conflicts shown": Score(sum(bool(o.answer.conflicts) for o in disputed), len(disputed)),
        "words per answer": Score(sum(len(o.answer.text.split()) for o in asked), len(asked)),
    }


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """What should be none at all."""
    return {
        "false conflicts": sum(
            bool(o.answer.conflicts) and not o.question.conflict for o in outcomes if not o.question.abstain
        ),
        "forbidden claims": sum(bool(o.forbidden) for o in outcomes),
    }
