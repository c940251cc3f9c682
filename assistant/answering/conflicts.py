"""Do other documents say otherwise than an answer does? Its sentences are compared figure by figure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.alignment import are_aligned, comparable
from assistant.answering.claims import Claim, agree, differ, is_said_of_another
from assistant.answering.disagreements import against, are_comparable, are_related, are_rivals, share, states
from assistant.answering.evidence import UNREAD, Evidence
from assistant.answering.features import Rarity
from assistant.answering.jurisdiction import countries, jurisdictions
from assistant.answering.question import Question
from assistant.answering.reader import Wording
from assistant.answering.reader import asked as worded
from assistant.answering.sayings import Aligner, Saying
from assistant.documents.quantities import Quantity, quantities
from assistant.retrieval.terms import words_of

_ALIKE = 0.25  # likeness of two sentences from which figures are compared, where one of them answers a question
_READ = 30  # sentences of other documents that may answer the same question
_COVERS = 0.75  # of the question, beside what the sentence that answers covers
_NEAR, _AS_NEAR = 0.75, 0.05  # nearness from which a sentence answers, and how far it may be behind the one that does
_FARTHER = 0.12  # so far behind it answers something else
_NATIONAL = ("date", "money")  # kinds of figures that each country has of its own
_NEARER = 0.05  # by how much a figure's clause must be nearer to the question than those of the sentence's others


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences of different documents that give different figures for the same thing."""

    one: Evidence
    other: Evidence
    differing: tuple[tuple[Quantity, Quantity], ...]


def disagreements(
    question: Question, evidence: Evidence, ranked: Sequence[Evidence], aligner: Aligner
) -> list[Disagreement]:
    """How other documents contradict a sentence that answers, in what the question asks; one a document at most.

    Two ways to find it: a sentence of the other document that is like this one; and one that answers the same question
    with another figure, however it is worded.

    Args:
        ranked: all evidence for the question, best first.
    """
    home = aligner.spoken(evidence.candidate.passage.document_id)
    saying = home.at(evidence.key)
    if saying is None:
        return []
    metadata = {other.candidate.passage.document_id: other.candidate.metadata for other in ranked}
    countries_asked = {code for code, _ in countries(question.text, question.language)}
    here = jurisdictions(evidence.candidate.metadata)
    found = []
    for document_id, about in metadata.items():
        away, there = aligner.spoken(document_id), jurisdictions(about)
        if away is home or not are_related(home, away) or (countries_asked and not countries_asked & there):
            continue
        other, pairs = _otherwise(question, evidence, saying, document_id, ranked, aligner)
        pairs = [pair for pair in pairs if here & there or pair[0].low.kind not in _NATIONAL]
        if other and pairs:
            found.append(_disagreement(evidence, other, pairs, ranked))
    return found


def _otherwise(
    question: Question,
    evidence: Evidence,
    saying: Saying,
    document_id: str,
    ranked: Sequence[Evidence],
    aligner: Aligner,
) -> tuple[Saying | None, list[tuple[Claim, Claim]]]:
    """The sentence of another document that says otherwise, and the figures in which the two differ; or none."""
    for other, pair in _answering_otherwise(question, evidence, saying, document_id, ranked, aligner):
        return other, [pair]
    home, away = aligner.spoken(saying.key[0]), aligner.spoken(document_id)
    difference = against(aligner, saying, home, away, _ALIKE, clauses=-1.0)
    if difference is None:
        return None, []
    # What the question states tells which figure it is about: of "on 8 mg after a year" no other one is asked.
    asked = _answer(question, saying, aligner) if quantities(question.text, question.language) else None
    other = difference.other

    def is_meant(ours: Claim, theirs: Claim) -> bool:
        if asked is not None:
            return ours == asked
        if _is_asked(question, ours, saying, home.subjects):
            return True
        return share(saying, other, ours.measure) and _is_asked(question, theirs, other, away.subjects)

    return other, [pair for pair in difference.figures if is_meant(*pair)]


def _answering_otherwise(
    question: Question,
    evidence: Evidence,
    saying: Saying,
    document_id: str,
    ranked: Sequence[Evidence],
    aligner: Aligner,
) -> Iterator[tuple[Saying, tuple[Claim, Claim]]]:
    """A sentence of another document that answers the question as well, with another figure of the kind asked for."""
    if not question.kinds - {"date"}:
        return
    home, away = aligner.spoken(saying.key[0]), aligner.spoken(document_id)
    ours = _answer(question, saying, aligner)
    if ours is None:
        return
    answers = [
        (read.nearness, other, theirs)
        for read in ranked[:_READ]
        if read.candidate.passage.document_id == document_id and _answers_too(question, read, evidence)
        if (other := away.at(read.key)) and (theirs := _answer(question, other, aligner, ours.measure))
    ]
    if not answers:
        return
    _, other, theirs = max(answers, key=lambda answer: (answer[0], aligner.likeness(saying, answer[1])))
    if not differ(ours, theirs) or ours.contrasts.exclude(theirs.contrasts) or is_said_of_another(ours, theirs):
        return
    if not are_comparable(aligner, saying, ours, other, theirs) or are_rivals(saying, ours, other, theirs, home, away):
        return
    if not states(aligner, ours, saying, away, 0.1) and not states(aligner, theirs, other, home, 0.1):
        yield other, (ours, theirs)


def _answers_too(question: Question, other: Evidence, evidence: Evidence) -> bool:
    """Whether a sentence speaks of the matter asked about as much as the one that answers, names aside.

    As the reader finds it where it has read it, and by the words that it has.
    """
    if other.nearness >= max(_NEAR, evidence.nearness - _AS_NEAR):
        return True
    if UNREAD < other.nearness < evidence.nearness - _FARTHER:
        return False
    things = [place for place, term in enumerate(question.terms) if not (term.is_name or term.generic)]
    ours, theirs = (sum(e.own[place] for place in things) for e in (evidence, other))
    return other.coverage >= _COVERS * evidence.coverage and theirs >= _COVERS * ours


def _answer(
    question: Question, saying: Saying, aligner: Aligner, measure: tuple[str, str] | None = None
) -> Claim | None:
    """The figure of a sentence, of a measure, that answers a question; None where none does, or several may.

    What the question itself states is not it, and what it states tells which one is: "on 8 mg".
    """
    stated = quantities(question.text, question.language)
    fit = [
        claim
        for claim in saying.claims
        if (claim.measure == measure if measure else _is_of_kind(question, claim))
        and not any(agree(claim.low, one) for one in stated)
    ]
    said_of = [claim for claim in fit if any(agree(figure, one) for figure in claim.beside for one in stated)]
    fit = said_of or fit
    if len(fit) <= 1:
        return fit[0] if fit else None
    near = _nearness(question, fit, saying, aligner)
    first, second = sorted(near, reverse=True)[:2]
    return fit[near.index(first)] if first - second >= _NEARER else None


def _nearness(question: Question, claims: Sequence[Claim], saying: Saying, aligner: Aligner) -> list[float]:
    """How near the clauses of a sentence's figures are to the question: by the reader where there is one."""
    if aligner.reader is None:
        return aligner.nearness(question.text, claims)
    clauses = [Wording(claim.clause, saying.language) for claim in claims]
    return [float(near) for near in aligner.reader.nearness(worded(question), clauses)]


def _is_of_kind(question: Question, claim: Claim) -> bool:
    """Whether a figure is of a kind that the question asks for; a share tells how many people, too."""
    kinds = question.kinds | ({"percent"} if "people" in question.kinds else frozenset())
    return claim.low.kind in kinds or claim.measure[0] in kinds


def _is_asked(question: Question, claim: Claim, saying: Saying, subjects: Collection[str]) -> bool:
    """Whether a figure is what the question asks for; of a question that asks for no figure, whether it names it."""
    if question.kinds:
        return _is_of_kind(question, claim)
    clause = words_of(claim.clause, saying.language)
    own = [term for term in question.terms if not term.generic and term.word not in subjects]
    return any(term.match(clause) >= 0.5 for term in own)


def _disagreement(
    evidence: Evidence, other: Saying, pairs: Sequence[tuple[Claim, Claim]], ranked: Sequence[Evidence]
) -> Disagreement:
    known = next((one for one in ranked if one.key == other.key), None)
    if known is None:
        sibling = next(one for one in ranked if one.candidate.passage.document_id == other.key[0])
        candidate = replace(sibling.candidate, passage=other.passage, language=other.language)
        known = replace(sibling, candidate=candidate, index=other.index)
    figures = [(a, b) for ours, theirs in pairs for a, b in ((ours.low, theirs.low), (ours.high, theirs.high))]
    return Disagreement(evidence, known, tuple(dict.fromkeys(figures)))


def agreeing(evidence: Evidence, others: Sequence[Evidence], rarity: Rarity) -> list[Evidence]:
    """The sentences of other documents that say the same, with the same figures; the best of each document.

    Args:
        evidence: the sentence that answers.
        others: ranked evidence of the same question.
    """
    best: dict[str, tuple[float, Evidence]] = {}
    for other in others:
        document = other.candidate.passage.document_id
        if document == evidence.candidate.passage.document_id or other.coverage < 0.5 * evidence.coverage:
            continue
        if not _same_subject(evidence, other) or not _same_figures(evidence.figures, other.figures):
            continue  # what another medicine's document says is no agreement
        value = are_aligned(evidence, other, rarity)
        if value > best.get(document, (0.0, other))[0]:
            best[document] = (value, other)
    return [other for _, other in best.values()]


def _same_subject(one: Evidence, other: Evidence) -> bool:
    """Whether two documents are about the same thing, as far as their names tell."""
    mine, theirs = ({name.lower() for name in e.candidate.subjects} for e in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _same_figures(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> bool:
    """Whether one side states all figures of the other: a sentence without them does not back one with them."""
    mine, others = set(comparable(ours)), set(comparable(theirs))
    return mine <= others or others <= mine
