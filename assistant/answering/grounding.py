"""Does a cited sentence back a statement, whoever worded it? A verdict, with what is wrong where it does not.

Every figure, unit, date, name and negation of the statement stands in its cited sentences; its other words are covered
by form, by the vocabulary or by meaning; and what it says of them is what the sentences say: each figure by its own
subject, bounds and comparisons the same way round, "may" not for "must". A quotation backs itself.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.checks.clauses import clauses
from assistant.answering.checks.coverage import (
    Source,
    Space,
    calendar,
    content,
    has,
    kin,
    names,
    plain_words,
    uncovered,
)
from assistant.answering.checks.cues import opposite, standing, without_standing
from assistant.answering.checks.faults import Fault, Verdict
from assistant.answering.checks.figures import Figure, figures, with_article
from assistant.answering.checks.pairing import pairing_faults
from assistant.answering.checks.scope import carried, scope_faults
from assistant.answering.entailment import Judge
from assistant.answering.evidence import Evidence
from assistant.answering.extractive import Draft
from assistant.retrieval.terms import terms, words_of

log = logging.getLogger(__name__)
PARTICLE = re.compile(r"^\s*(?:ja|nej|nee|yes|no)\s*[,.:–-]\s*", re.IGNORECASE)
# What a statement may not add: the sentence is another one without them.
_MUST_STAND = frozenset(
    [
        *("all", "always", "most", "half", "double", "first", "second", "third", "last", "left", "right", "with_food"),
        *("fasting", "better", "worse", "more", "less", "longer", "shorter", "morning", "evening"),
    ]
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence that is to back a statement.

    Attributes:
        text: in the reading view.
        lead_in: of a list's item: the line it belongs to; read together with it.
        about: what it stands under: headings, the document's title and the names it is about. It may supply a name
            or a word, never a figure or a negation.
    """

    text: str
    language: str
    lead_in: str = ""
    about: str = ""

    @property
    def whole(self) -> str:
        return f"{self.lead_in.rstrip(': ')} {self.text}".strip()


def cited(evidence: Evidence) -> Cited:
    """A sentence of evidence, with what it stands under."""
    candidate = evidence.candidate
    sentence, passage = evidence.sentence, candidate.passage
    lead_in = passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    about = ". ".join([*passage.section, candidate.metadata.title, *candidate.subjects])
    return Cited(sentence.text, candidate.language, lead_in, about)


def held(drafted: Draft, language: str) -> Draft:
    """The draft without statements that their own evidence does not back: of quotations, none.

    Args:
        language: of statements that are not in the documents' own words.
    """
    kept = []
    for said in drafted.said:
        sentences = [cited(evidence) for evidence in said.backing]
        spoken = sentences[0].language if sentences and drafted.wording == "quoted" else language
        if judge(said.text, spoken, sentences).backed:
            kept.append(said)
        else:
            log.error("not said, for its evidence does not back it: %r", said.text)
    if len(kept) == len(drafted.said):
        return drafted
    return replace(drafted, said=tuple(kept), reason=drafted.reason if kept else "missing")


def judge(
    statement: str,
    language: str,
    sentences: Sequence[Cited],
    space: Space | None = None,
    second: Judge | None = None,
) -> Verdict:
    """Hold a statement against the sentences it cites.

    Args:
        statement: one sentence, without citation marks.
        language: of the statement: da, nl or en; the sentences may be in others.
        sentences: what it cites; none backs nothing.
        space: word vectors; where given, a word of the same meaning counts as said.
        second: a model that must find the statement entailed as well.

    Returns:
        The verdict; its faults are in the order of what weighs most, each once.
    """
    claim = re.sub(r"\s+", " ", PARTICLE.sub("", statement)).strip()
    if sentences and (_is_quoted(claim, sentences) or _is_quoted(statement, sentences)):
        return Verdict()
    if not sentences:
        return Verdict((Fault("content", claim),))
    alone = [[sentence] for sentence in sentences]
    best: list[Fault] | None = None
    for group in (*alone, list(sentences)) if len(sentences) > 1 else alone:
        found = list(dict.fromkeys(faults(claim, language, group, space)))
        if not found and second is not None:
            found = _objections(claim, group, second)
        if not found:
            return Verdict()
        best = found if best is None or len(found) < len(best) else best
    return Verdict(tuple(best or ()))


def _objections(claim: str, sentences: Sequence[Cited], second: Judge) -> list[Fault]:
    """What a second judge has against a statement, with all its sentences as one source."""
    (found,) = second.reads([" ".join(sentence.whole for sentence in sentences)], claim)
    if found == "entails":
        return []
    return [Fault("relation" if found == "contradicts" else "content", claim)]


def _is_quoted(claim: str, sentences: Sequence[Cited]) -> bool:
    """The statement is a cited sentence, whole, or all of them one after the other."""
    wanted = _plain(claim)
    return bool(wanted) and wanted in (
        *(_plain(s.text) for s in sentences),
        *(_plain(s.whole) for s in sentences),
        _plain(" ".join(s.text for s in sentences)),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:;,").casefold()


def faults(claim: str, language: str, sentences: Sequence[Cited], space: Space | None) -> Iterator[Fault]:
    """What of a claim all the sentences together do not back, quotation or not; the same fault may come twice."""
    wholes = [(sentence.whole, sentence.language) for sentence in sentences]
    rest = figures(claim, language).rest
    if not (figures(claim, language).found or names(claim, language) or content(rest, language)):
        yield Fault("content", claim)
        return
    yield from _figure_faults(claim, language, wholes)
    yield from _calendar_faults(rest, language, wholes)
    yield from _name_faults(claim, language, sentences)
    yield from _standing_faults(rest, language, wholes)
    yield from scope_faults(claim, language, wholes)
    if len(wholes) > 1:
        yield from _scattered(claim, language, sentences, space)
    yield from pairing_faults(claim, language, wholes)
    yield from _content_faults(rest, language, sentences, space)


def _scattered(claim: str, language: str, sentences: Sequence[Cited], space: Space | None) -> Iterator[Fault]:
    """A clause that no single sentence carries: words of one and the negation of another make what neither says.

    Figures may come from several; items of one list count as one sentence.
    """
    merged: dict[tuple[str, str], list[Cited]] = {}
    for number, sentence in enumerate(sentences):
        merged.setdefault((sentence.lead_in or str(number), sentence.language), []).append(sentence)
    held = [(group, carried(claim, language, [(s.whole, s.language) for s in group])) for group in merged.values()]
    for place, clause in enumerate(clauses(figures(claim, language).rest, language)):
        text = claim[clause.start : clause.end]
        if not any(carries[place] and _carries(text, language, group, space) for group, carries in held):
            yield Fault("relation", text.strip(" ,.;:"))


def _carries(clause: str, language: str, sentences: Sequence[Cited], space: Space | None) -> bool:
    """Whether sentences carry a clause, figures that stand elsewhere aside."""
    wholes = [(sentence.whole, sentence.language) for sentence in sentences]
    rest = figures(clause, language).rest
    return not any(
        True
        for found in (
            _name_faults(clause, language, sentences),
            _standing_faults(rest, language, wholes),
            pairing_faults(clause, language, wholes),
            _content_faults(rest, language, sentences, space),
        )
        for _ in found
    )


def _content_faults(rest: str, language: str, sentences: Sequence[Cited], space: Space | None) -> Iterator[Fault]:
    wholes = [(sentence.whole, sentence.language) for sentence in sentences]
    sources = [Source.of(s.whole, s.language, s.about) for s in sentences]
    spoken = without_standing(rest, language, _given_standing(wholes))
    for term in uncovered(content(spoken, language), sources, language, space):
        yield Fault("content", term.word)


def _figure_faults(claim: str, language: str, wholes: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    stated = figures(claim, language)
    given = [figure for text, spoken in wholes for figure in figures(text, spoken).found]
    for figure in stated.found:
        if _is_bare_one(figure) and _said_by_article(figure, wholes):
            continue
        if not any(figure.agrees_with(other) for other in given):
            yield _figure_fault(figure, given)
        elif figure.quantity.unit == "people" and not _counts_the_same(figure, language, wholes):
            yield Fault("relation", figure.written)
    yield from _repeated(stated.found, given)
    known = {word for text, spoken in wholes for word in figures(text, spoken).loose}
    for word in stated.loose:
        if word not in known:
            yield Fault("name" if any(c.isalpha() for c in word) else "figure", word)


def _repeated(stated: Sequence[Figure], given: Sequence[Figure]) -> Iterator[Fault]:
    """A bare number that the statement has more often than the sources: "stk. 3 og 3" for "stk. 2 og 3"."""
    bare = Counter(figure.quantity for figure in stated if figure.quantity.unit == "")
    known = Counter(figure.quantity for figure in given)
    for figure in dict.fromkeys(stated):
        if bare[figure.quantity] > known[figure.quantity] > 0:
            yield Fault("figure", figure.written)


def _is_bare_one(figure: Figure) -> bool:
    return figure.quantity.value == 1 and not figure.quantity.unit and not figure.bound and bool(figure.counted)


def _said_by_article(figure: Figure, wholes: Sequence[tuple[str, str]]) -> bool:
    """ "1 tablet" where the source has "a tablet"; and "once" is one time of whatever it is."""
    if figure.counted in ("gang", "keer", "maal", "time"):
        return True
    return any(
        kin(figure.counted, noun) or figure.counted.casefold() == noun
        for text, spoken in wholes
        for noun in with_article(text, spoken)
    )


def _counts_the_same(figure: Figure, language: str, wholes: Sequence[tuple[str, str]]) -> bool:
    """ "412 women" are not "412 men"."""
    return all(
        term.generic or any(has(term, words_of(text, spoken)) for text, spoken in wholes)
        for term in terms(figure.counted, language)
    )


def _figure_fault(figure: Figure, given: Sequence[Figure]) -> Fault:
    if any(figure.same_value(other) or _same_but_kind(figure, other) for other in given):
        return Fault("relation", figure.written)  # the same figure, bounded otherwise, or "for" where it was "every"
    if figure.quantity.kind == "date":
        return Fault("date", figure.written)
    rescaled = any(
        figure.numeral
        and figure.numeral == other.numeral
        and _measure(figure) == _measure(other)
        and (figure.quantity, figure.unit) != (other.quantity, other.unit)
        and (figure.quantity.value < 0) == (other.quantity.value < 0)
        for other in given
    )
    return Fault("unit" if rescaled else "figure", figure.written)


def _same_but_kind(one: Figure, other: Figure) -> bool:
    mine, theirs = one.quantity, other.quantity
    return bool(mine.unit) and (mine.value, mine.unit) == (theirs.value, theirs.unit)


def _measure(figure: Figure) -> str:
    """What a figure measures, whatever its unit: figures of one measure may differ in their unit alone."""
    kind = figure.quantity.kind
    return "time" if kind in ("duration", "interval") else "frequency" if kind == "frequency" else "much"


def _calendar_faults(rest: str, language: str, wholes: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    known = {key for text, spoken in wholes for key in calendar(figures(text, spoken).rest, spoken)}
    for key, written in calendar(rest, language).items():
        if key not in known:
            yield Fault("date", written)


def _name_faults(claim: str, language: str, sentences: Sequence[Cited]) -> Iterator[Fault]:
    """Names that neither the sentences have nor what they stand under; there only where they name no other."""
    stated = names(figures(claim, language).rest, language)
    said = frozenset(word for sentence in sentences for word in plain_words(sentence.whole))
    above = frozenset(word for sentence in sentences for word in plain_words(sentence.about))
    mine = {name.plain for name in stated}
    for name in stated:
        if name.plain in said:
            continue
        rivals = {
            other.plain
            for sentence in sentences
            for other in names(sentence.whole, sentence.language)
            if other.plain not in mine and not other.word.isupper() and other.plain not in above
        }
        if name.plain not in above or rivals:
            if name.begins and any(
                has(t, words_of(s.whole, s.language)) for s in sentences for t in terms(name.word, language)
            ):
                continue  # an ordinary word, which has its capital from where it stands
            if "-" in name.plain and _parts_stand(name.plain, said):
                continue
            yield Fault("name", name.word)


def _given_standing(wholes: Sequence[tuple[str, str]]) -> set[str]:
    return {name for text, spoken in wholes for name in standing(figures(text, spoken).rest, spoken)}


def _parts_stand(name: str, said: frozenset[str]) -> bool:
    """ "T-score" stands where "T-scoren" does."""
    folded = {word.casefold() for word in said}
    return all(part in folded or any(kin(part, word) for word in folded if len(part) > 3) for part in name.split("-"))


def _standing_faults(rest: str, language: str, wholes: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """ "before" for "after"; "all" where the source does not say so."""
    given = _given_standing(wholes)
    for name, written in standing(rest, language).items():
        if name in given:
            continue
        if opposite(name) in given or name in _MUST_STAND:
            yield Fault("relation", written)
