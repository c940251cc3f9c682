"""From an understood question to what is to be said: sentences found, ranked and kept in scope; parts joined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant.answering.evidence import Evidence, rank
from assistant.answering.extractive import Draft, draft, speaks_of, together
from assistant.answering.features import Candidate
from assistant.answering.jurisdiction import uncovered_jurisdiction
from assistant.answering.parts import asks_of_each, parts, sides, subject
from assistant.answering.question import Question, understand
from assistant.answering.reader import packaged_reader
from assistant.answering.scope import (
    given_along,
    of_the_country,
    of_the_group,
    of_the_name,
    of_the_other,
    of_the_strength,
    within,
)
from assistant.answering.validity import by_validity
from assistant.opened import Opened
from assistant.retrieval.late_interaction import WordSpace
from assistant.settings import Settings

Drafted = tuple[Draft, list[Evidence]]  # what is to be said, and all that was considered for it, best first


@dataclass(frozen=True, slots=True)
class Drafting:
    """Drafts answers from one generation, as it is for one reader."""

    opened: Opened
    words: WordSpace
    settings: Settings
    on: date  # the day on which a document must be in force to be preferred

    def candidates(self, asked: Question) -> list[Candidate]:
        """The passages that retrieval brings for a question."""
        opened, text = self.opened, f"{asked.leans_on} {asked.text}".strip()
        return [
            Candidate(
                hit.id,
                hit.passage,
                hit.language,
                opened.records[hit.passage.document_id].metadata,
                opened.records[hit.passage.document_id].subjects,
                hit.score,
                hit.closeness,
                opened.aliases(hit.passage.document_id),
            )
            for hit in opened.searcher.search(text, asked.terms)
        ]

    def whole(self, asked: Question) -> Drafted:
        """The question as one."""
        opened = self.opened
        candidates = [] if asked.declined else self.candidates(asked)
        found = rank(asked, candidates, opened.rarity, self.words, packaged_reader())
        ranked = of_the_name(asked, within(asked, found, opened.medicines), opened.medicines_and_substances)
        ranked = of_the_strength(asked, of_the_group(asked, of_the_country(asked, ranked)))
        if (others := given_along(asked)) and not of_the_other(others, ranked):
            return Draft(reason="missing", missing=tuple(other.word for other in others)), ranked or found
        ranked = of_the_other(others, ranked)
        ranked = by_validity(ranked, opened.succession, self.on)
        if not asked.declined and (country := _country_not_covered(asked, opened, ranked)):
            return Draft(reason="not_covered", missing=(country,)), ranked
        drafted = draft(
            asked,
            ranked,
            opened.rarity,
            least=self.settings.abstain_below,
            most=self.settings.max_sentences,
            aligner=opened.aligner,
        )
        return drafted, ranked or found  # what is nearest is offered also where none of it may be said

    def in_parts(self, asked: Question, history: Sequence[tuple[str, str]]) -> Drafted | None:
        """Several questions in one, each answered; None where there is one only, or none has an answer of its own."""
        asked_parts = parts(asked.text, asked.language)
        if asked.declined not in ("", "empty"):
            return None
        if len(asked_parts) < 2:
            return self._of_each(asked)
        about = subject(asked_parts, asked.language)
        questions: list[Question] = []
        drafts: list[Draft] = []
        ranked: list[Evidence] = []
        so_far = list(history)
        for part in asked_parts:
            questions.append(_of_subject(part, about, so_far, asked.language))
            drafted, evidence = self.whole(questions[-1])
            drafts.append(drafted)
            ranked += evidence
            so_far.append((about or part, ""))
        if all(drafted.reason for drafted in drafts):
            return None
        return together(questions, drafts), ranked

    def _of_each(self, asked: Question) -> Drafted | None:
        """A question about two names side by side, asked of each; None where it names none.

        What answers it whole and speaks of both is the answer, unless it sets them against each other.
        """
        asked_of = dict(sides(asked.text, partial(self.opened.is_name, language=asked.language)))
        if not asked_of:
            return None
        whole, found = self.whole(asked)
        speaks_of_all = not whole.reason and all(speaks_of(whole, name, asked.language) for name in asked_of)
        if speaks_of_all and not asks_of_each(asked.text):
            return whole, found
        questions = [understand(text, language=asked.language) for text in asked_of.values()]
        drafted = [self.whole(question) for question in questions]
        drafts = [
            one if one.reason or speaks_of(one, name, asked.language) else replace(one, said=(), reason="missing")
            for name, (one, _) in zip(asked_of, drafted, strict=True)
        ]
        if all(one.reason for one in drafts):
            return whole, found
        return together(questions, drafts), [evidence for _, ranked in drafted for evidence in ranked]


def _of_subject(part: str, about: str, so_far: Sequence[tuple[str, str]], language: str) -> Question:
    """One of several questions in a text: about what the text names, where it names nothing itself."""
    alone = understand(part, language=language)
    if not about or alone.declined or any(term.is_name for term in alone.terms):
        return understand(part, history=so_far, language=language)
    return replace(understand(f"{about}: {part}", language=language), text=part, leans_on=f"{about}:")


def _country_not_covered(asked: Question, opened: Opened, ranked: Sequence[Evidence]) -> str:
    """The country that the question asks about and no document covers; "" where there is none."""

    def is_mentioned(country: str) -> bool:
        return any(country.lower() in evidence.sentence.text.lower() for evidence in ranked)

    documents = [record.metadata for record in opened.records.values()]
    return uncovered_jurisdiction(asked.text, asked.language, documents, is_mentioned)
