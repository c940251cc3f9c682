"""Where two documents give different figures for the same thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.claims import Claim, differ, is_said_of_another, same_value
from assistant.answering.sayings import Aligner, Saying, Spoken
from assistant.documents.commonness import zipf
from assistant.retrieval.lexical import tokens

ALIKE = 0.38  # likeness from which two sentences are taken to speak of the same thing, nobody having asked
_CONFIRMED = 0.75  # of that likeness: a sentence that states the figure after all
_CLEARLY = 0.08  # by how much a clause must be nearer to one figure than to another
ALONE, _AMONG = 0.12, 0.3  # how near the clauses of two figures must be: of the only ones, and of one among several
_MANY = 2  # figures that two sentences share, from which half the likeness is enough, somebody having asked
_BESIDE = 0.3  # what it counts that another figure stands beside both
_NAME = 3.6  # the Zipf value up to which a word that two documents share counts as a name
_CONTAINS = r"contains?|indeholder|bevat|med indhold af|werkzame stof|active substance|aktive? stof"
_COUNTED = 0.6  # how near the words for what two bare numbers count must be
_TELEPHONE = re.compile(r"\b(?:tel|tlf|telefo\w*|fax)\b|\+\s?\d{2,3}[\s(-]", re.IGNORECASE)
_OF_DOCUMENT = re.compile(  # a document's own dates: of its revision, its version, its validity
    r"revi[sd]|senest (?:ændret|opdateret|godkendt)|sidst ændret|laatst (?:goedgekeurd|gewijzigd|herzien)|herzien"
    r"|bijgewerkt|versi|opdatere|updated|gyldig|geldig|valid|udløb|vervalt|expir|priser pr|prijzen op|prices as",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sentences of different documents, and the figures in which they differ."""

    one: Saying
    other: Saying
    figures: tuple[tuple[Claim, Claim], ...]
    likeness: float  # of the sentences, figures aside


def are_related(one: Spoken, other: Spoken) -> bool:
    """Whether two documents may be about the same thing: one speaks of what the other is about, and not in passing."""
    if not one.subjects and not other.subjects:
        return True
    return one.speaks_of(other.main) or other.speaks_of(one.main)


def between(aligner: Aligner, one: Spoken, other: Spoken, least: float = ALIKE) -> list[Difference]:
    """Every difference between two documents, surest first."""
    found = [difference for saying in one.sayings if (difference := against(aligner, saying, one, other, least))]
    return sorted(found, key=lambda difference: -difference.likeness)


def against(
    aligner: Aligner, saying: Saying, home: Spoken, other: Spoken, least: float = ALIKE, clauses: float = ALONE
) -> Difference | None:
    """How another document contradicts a sentence; None where it does not.

    Args:
        least: likeness of the sentences.
        clauses: likeness of the clauses of two figures that are the only ones of their kind; below 0 where one of the
            sentences answers a question.

    The two sentences are each other's most alike in the two documents; neither document states the other's figure in a
    sentence like it; and nothing sets apart what the two figures are about.
    """
    for likeness, candidate in aligner.nearest(saying, other)[:2]:
        if likeness < least and not (likeness >= least / 2 and clauses < 0 and _share_many(saying, candidate)):
            return None
        figures = []
        for ours, theirs in differing(aligner, saying, candidate, clauses):
            if likeness < least and not share(saying, candidate, ours.measure):
                continue
            if not are_comparable(aligner, saying, ours, candidate, theirs) or are_rivals(
                saying, ours, candidate, theirs, home, other
            ):
                continue
            if not _is_best(aligner, (candidate, theirs, other), (saying, home)):
                continue
            if not _is_best(aligner, (saying, ours, home), (candidate, other)):
                continue
            bar = _CONFIRMED * likeness
            if states(aligner, ours, saying, other, bar) or states(aligner, theirs, candidate, home, bar):
                continue
            figures.append((ours, theirs))
        if figures:
            in_order = sorted(figures, key=lambda pair: pair[0].start)
            return Difference(saying, candidate, tuple(in_order), likeness)
    return None


def differing(aligner: Aligner, one: Saying, other: Saying, clauses: float = ALONE) -> list[tuple[Claim, Claim]]:
    """The figures of two sentences that are about the same, by their clauses, and differ."""
    found: list[tuple[Claim, Claim]] = []
    for measure in dict.fromkeys(claim.measure for claim in one.claims):
        ours = [c for c in one.claims if c.measure == measure]
        theirs = [c for c in other.claims if c.measure == measure]
        mine, yours = _unmatched(ours, theirs), _unmatched(theirs, ours)
        # Of as many figures on either side, all but one of which are the same, the two that are left belong together.
        alone = len(mine) == len(yours) == 1 and len(ours) == len(theirs)
        pairs = _paired(aligner, mine, yours, clauses if alone else _AMONG)
        found += [
            (a, b)
            for a, b in pairs
            if differ(a, b) and not a.contrasts.exclude(b.contrasts) and not is_said_of_another(a, b)
        ]
    return found


def are_comparable(aligner: Aligner, one: Saying, ours: Claim, other: Saying, theirs: Claim) -> bool:
    """Whether two figures of one measure count the same: bare numbers the same things, dates no document's own."""
    if ours.low.kind == "date":
        return not any(_OF_DOCUMENT.search(saying.in_context) for saying in (one, other))
    if ours.measure == ("number", ""):
        if any(_TELEPHONE.search(saying.sentence.text) for saying in (one, other)):
            return False
        return bool(ours.counted and theirs.counted) and aligner.same_word(ours.counted, theirs.counted) >= _COUNTED
    return True


def _share_many(one: Saying, other: Saying) -> bool:
    """Whether two sentences share several figures: a row of a table has hardly a word to be told alike by."""
    return len({c.low for c in one.claims if any(same_value(c, theirs) for theirs in other.claims)}) >= _MANY


def share(one: Saying, other: Saying, measure: tuple[str, str]) -> bool:
    """Whether two sentences share a figure of a measure."""
    return any(c.measure == measure and any(same_value(c, theirs) for theirs in other.claims) for c in one.claims)


def _unmatched(ours: Sequence[Claim], theirs: Sequence[Claim]) -> list[Claim]:
    """Figures that the other side does not state, nor any other of their series: "50 mg and 200 mg" has 200 mg."""
    known = {mine.series for mine in ours if any(same_value(mine, other) for other in theirs)}
    return [mine for mine in ours if mine.series not in known]


def _paired(
    aligner: Aligner, ours: Sequence[Claim], theirs: Sequence[Claim], least: float
) -> list[tuple[Claim, Claim]]:
    """Figures about the same, nearest clauses first: each pair clearly nearer than any other that is left."""
    if not ours or not theirs:
        return []
    near = aligner.clause_likeness(ours, theirs) + [[_BESIDE * bool(a.beside & b.beside) for b in theirs] for a in ours]
    rows, columns = set(range(len(ours))), set(range(len(theirs)))
    pairs: list[tuple[Claim, Claim]] = []
    while rows and columns:
        value, row, column = max((float(near[r, c]), r, c) for r in rows for c in columns)
        rest = [float(near[row, c]) for c in columns if c != column] + [
            float(near[r, column]) for r in rows if r != row
        ]
        bar = least if rest or not pairs else min(least, ALONE)  # the last two left belong together
        if value < bar or (rest and value - max(rest) < _CLEARLY):
            break
        pairs.append((ours[row], theirs[column]))
        rows.remove(row)
        columns.remove(column)
    return pairs


def _is_best(aligner: Aligner, one: tuple[Saying, Claim, Spoken], other: tuple[Saying, Spoken]) -> bool:
    """Whether no other sentence of a document is more like ours.

    A sentence does not count that has no such figure, or is of other things, or is more like another of our own.
    """
    saying, claim, home = one
    partner, away = other
    mine = aligner.likeness(saying, partner)
    for likeness, candidate in aligner.nearest(saying, away):
        if likeness <= mine or candidate.key == partner.key:
            continue
        taken = any(better > likeness for better, _ in aligner.nearest(candidate, home)[:1])
        if not taken and _rival_claims(saying, claim, candidate, home, away):
            return False
    return True


def _rival_claims(saying: Saying, claim: Claim, candidate: Saying, home: Spoken, away: Spoken) -> bool:
    return any(
        other.measure == claim.measure
        and not claim.contrasts.exclude(other.contrasts)
        and not are_rivals(saying, claim, candidate, other, home, away)
        for other in candidate.claims
    )


def states(aligner: Aligner, claim: Claim, saying: Saying, document: Spoken, least: float) -> bool:
    """Whether a document states the figure after all, in a sentence that is rather like `saying`."""
    return any(
        any(same_value(claim, other) for other in candidate.claims) and aligner.likeness(saying, candidate) >= least
        for candidate in document.sayings
    )


def are_rivals(one: Saying, ours: Claim, other: Saying, theirs: Claim, home: Spoken, away: Spoken) -> bool:
    """Whether the figures are said of two different names, as of two medicines."""
    if _name_different_subjects(one, other, home, away):
        return True
    mine = _names(ours.clause, home, away) - set(tokens(other.sentence.text))
    yours = _names(theirs.clause, home, away) - set(tokens(one.sentence.text))
    return any(not _are_aliases(a, b, home.text, away.text) for a in mine for b in yours)


def _name_different_subjects(one: Saying, other: Saying, home: Spoken, away: Spoken) -> bool:
    """Whether two sentences are about different ones of the names that their documents are about.

    A sentence that names none is about what its document is about, where that is one thing.
    """
    mine, yours = home.subjects - away.subjects, away.subjects - home.subjects
    said, told = set(tokens(one.in_context)), set(tokens(other.in_context))
    shared = home.subjects & away.subjects
    if mine and yours and ((said & mine and told & yours) or not (said & shared and told & shared)):
        return True  # of two medicines of one maker, or with one substance in common
    if said & mine and not said & shared and away.subjects and len(away.subjects) == len(shared):
        return True
    return bool(told & yours and not told & shared and home.subjects and len(home.subjects) == len(shared))


def _names(clause: str, one: Spoken, other: Spoken) -> set[str]:
    """Words of a clause that both documents have, and that are rare in both languages."""
    return {
        word
        for word in tokens(clause)
        if len(word) > 4
        and word.isalpha()
        and word in one.vocabulary
        and word in other.vocabulary
        and zipf(word, one.language) < _NAME
        and zipf(word, other.language) < _NAME
    }


@lru_cache(maxsize=4096)
def _are_aliases(one: str, other: str, *texts: str) -> bool:
    """Whether a document calls one thing by both names: "Ostravin (ostralib)", "Ostravin contains ostralib"."""
    links = rf"\W{{0,4}}(?:\w+\W{{1,3}}){{0,4}}(?:\(|{_CONTAINS})\W{{0,3}}(?:\w+\W{{1,3}}){{0,5}}"
    first, second = re.escape(one), re.escape(other)
    pattern = re.compile(rf"\b{first}\w*{links}{second}|\b{second}\w*{links}{first}", re.IGNORECASE)
    return any(pattern.search(text) for text in texts)
