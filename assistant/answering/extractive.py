"""An answer in the documents' own sentences: which to say, and what backs each of them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.abstaining import condition_unsaid, uncovered, unspoken, why
from assistant.answering.alternative import alternative
from assistant.answering.answer import Wording
from assistant.answering.confidence import confidence
from assistant.answering.conflicts import Disagreement, agreeing, disagreements
from assistant.answering.declined import gives_orders
from assistant.answering.evidence import Evidence
from assistant.answering.features import Rarity
from assistant.answering.jurisdiction import countries, jurisdictions
from assistant.answering.polarity import decided
from assistant.answering.question import Question
from assistant.answering.sayings import Aligner
from assistant.answering.shape import has_year, says_nothing, says_what_it_is
from assistant.answering.wording import Reason, one_of_two
from assistant.documents.model import Sentence
from assistant.documents.quantities import quantities
from assistant.retrieval.terms import terms, words_of

_GAIN = 0.12  # share of the question that a further sentence must add to be said
_OWN = 0.7  # how surely a further sentence must itself speak of what it adds
_KNOWN = 0.5  # how surely what was said already may speak of it
_BEHIND = 2.5  # how far behind the best, as a logit, a further sentence may be
_FOLLOWED = 40  # sentences among which those are looked for that speak of what a follow-up asks
_OUTRIGHT = 1.5  # how far behind the best, as a logit, a sentence that says outright what something is may be
# How much surer an answer must be where no document speaks of a thing asked about; a yes or no would be a guess.
_UNSPOKEN, _GUESSED = 0.05, 0.2
_BESIDE = 12  # sentences among which one that may be meant too is looked for
_LENGTH = 0.015  # what each doubling of its length costs a further sentence


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in the making: its text and the sentences that back it, best first."""

    text: str
    backing: tuple[Evidence, ...]
    alternative: bool = False  # it may be meant too


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be said, before citations are numbered."""

    said: tuple[Said, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    reason: Reason | None = None  # why there is no answer; None: there is one
    missing: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()  # of several questions, those that the documents do not answer
    decided: bool | None = None  # of a question for yes or no: what the evidence decides, if it does
    confidence: float = 0.0
    wording: Wording = "quoted"
    notes: tuple[str, ...] = ()  # what is to be known of the answer as a whole, in the asker's language


def draft(
    question: Question,
    ranked: Sequence[Evidence],
    rarity: Rarity,
    *,
    least: float,
    most: int,
    aligner: Aligner | None = None,
) -> Draft:
    """Choose what to say.

    Args:
        ranked: every sentence considered, best first.
        least: the probability of being right under which it abstains, 0 to 1.
        most: statements at most, a list's items aside.
        aligner: compares what is said with other documents; None: nothing is compared.
    """
    if question.declined:
        return Draft(reason=question.declined)
    everything = [e for e in ranked if not (says_nothing(e.sentence) or gives_orders(e.sentence.text))]
    if names := uncovered(question, everything, rarity):
        sure = confidence(question, everything[0], everything, rarity) if everything else 0.0
        return Draft(reason="not_covered", missing=names, confidence=min(sure, least / 2))
    if not everything:
        return Draft(reason="missing", missing=tuple(term.word for term in question.terms))
    ranked = everything
    ranked = _with_the_figure(question, _outright_first(question, _of_the_follow_up(question, ranked)))
    if not ranked:
        return Draft(reason="missing", missing=why(question, everything[0], rarity)[1])
    blank = _left_blank(question, ranked)
    best = blank or ranked[0]
    sure = confidence(question, best, everything, rarity)
    if unsaid := condition_unsaid(question, ranked, rarity):
        return Draft(reason="missing", missing=unsaid, confidence=min(sure, least / 2))
    if unspoken(question, best, rarity):
        least = min(1.0, least + (_GUESSED if question.wanted == "yes_no" else _UNSPOKEN))
    other = None if best.is_blank else alternative(best, _besides(question, best, ranked, rarity), sure)
    # That a value is left blank is no answer that may be wrong, where the sentence names what was asked about.
    is_left_out = blank and any(term.is_name for term in question.terms)
    if sure < least and not (is_left_out or (other and other.makes_sure(least))):
        reason, missing = why(question, best, rarity)
        return Draft(reason=reason, missing=missing, confidence=sure)
    if best.is_blank:
        return Draft((Said(best.sentence.text, (best,)),), reason="blank", confidence=sure)
    if sure < least and other:
        most, aligner = 1, None
    said: list[Said] = []
    disagreed: list[Disagreement] = []
    for evidence in _chosen(question, ranked, rarity, most):
        if any(evidence.key == known.key for one in said for known in one.backing):
            continue
        listed = _list_around(question, evidence)
        if listed:
            said += [Said(one.sentence.text, (one,)) for one in listed]
        else:
            same = agreeing(evidence, ranked[:60], rarity)
            backing = sorted((evidence, *same), key=lambda e: e.candidate.language != question.language)
            said.append(Said(backing[0].sentence.text, tuple(backing)))
            evidence = backing[0]
        for disagreement in disagreements(question, evidence, ranked, aligner) if aligner else ():
            disagreed.append(disagreement)
            said.append(Said(disagreement.other.sentence.text, (disagreement.other,)))
    undisputed = None if disagreed or sure < least else decided(question, best)
    if other and not disagreed and (sure < least or other.is_likely):
        said += _alternatively(question, other.evidence, said)
    notes = (one_of_two(question.language),) if sure < least and said[-1].alternative else ()
    return Draft(tuple(said), tuple(disagreed), decided=undisputed, confidence=sure, notes=notes)


def _besides(question: Question, best: Evidence, ranked: Sequence[Evidence], rarity: Rarity) -> list[Evidence]:
    """What may stand beside the best as what may be meant too: no part of its list, and nothing that says the same."""
    same = {evidence.key for evidence in (*agreeing(best, ranked[:60], rarity), *_list_around(question, best))}
    return [
        evidence
        for evidence in ranked[:_BESIDE]
        if evidence.key not in same
        and not evidence.is_blank
        and evidence.sentence.kind != "heading"
        and (not question.needs_figure or _has_kind(question, evidence))
    ]


def _alternatively(question: Question, evidence: Evidence, said: Sequence[Said]) -> list[Said]:
    """A sentence that may be meant too, with the line that leads in to it; nothing where it is said already."""
    known = {one.key for statement in said for one in statement.backing}
    if evidence.key in known:
        return []
    lead_in = evidence.sentence.lead_in
    whole = [replace(evidence, index=lead_in), evidence] if lead_in >= 0 else _list_around(question, evidence)
    told = [one for one in whole or [evidence] if one.key not in known]
    return [Said(one.sentence.text, (one,), alternative=True) for one in told]


def speaks_of(drafted: Draft, name: str, language: str) -> bool:
    """Whether a sentence that is said has a name, or stands in a document about it, from it or for its country."""
    return any(_has_name(evidence, name, language) for one in drafted.said for evidence in one.backing)


def _has_name(evidence: Evidence, name: str, language: str) -> bool:
    candidate = evidence.candidate
    meta = candidate.metadata
    named = terms(name, language)
    said = words_of(evidence.sentence.text, candidate.language)
    if any(term.match(said) >= _KNOWN for term in named):
        return True
    if country := {code for code, _ in countries(name, language)}:
        return bool(country & jurisdictions(meta))
    about = (meta.title, meta.publisher, *candidate.passage.section, *candidate.subjects, *candidate.aliases)
    return any(term.match(words_of(" ".join(about), candidate.language)) >= _KNOWN for term in named)


def together(asked: Sequence[Question], drafts: Sequence[Draft]) -> Draft:
    """The answers to the questions of one text as one; what two of them say is said once, what none says is named."""
    said: dict[tuple[str, int, int], Said] = {}
    for drafted in drafts:
        for one in drafted.said:
            said.setdefault(one.backing[0].key, one)
    disagreements = {(d.one.key, d.other.key): d for drafted in drafts for d in drafted.disagreements}
    answered = [drafted.confidence for drafted in drafts if not drafted.reason]
    return Draft(
        tuple(said.values()),
        tuple(disagreements.values()),
        unanswered=tuple(
            part.text
            for part, drafted in zip(asked, drafts, strict=True)
            if drafted.reason and not (drafted.reason == "missing" and _is_said(part, said.values()))
        ),
        confidence=min(answered),
    )


def _of_the_follow_up(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Of evidence for a follow-up, what speaks of all that it asks itself, or of what it names, where there is any.

    None where nothing speaks of anything that it asks itself.

    "And with rifampicin?" after a question for the dose is not answered by the dose.
    """
    own = [place for place, term in enumerate(question.terms) if term.share == 1 and not term.generic]
    if not question.leans_on or not own:
        return list(ranked)
    own = [place for place in own if question.terms[place].is_name] or own
    speaking = [one for one in ranked[:_FOLLOWED] if all(one.matches[place] >= _KNOWN for place in own)]
    # What a document says that is about several must name the one meant.
    naming = [one for one in speaking if len(one.candidate.subjects) <= 1 or all(one.own[p] >= _KNOWN for p in own)]
    speaking = naming or speaking
    known = any(one.matches[place] >= _KNOWN for one in ranked for place in own)
    return speaking or (list(ranked) if known else [])


def _with_the_figure(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Where a question asks outright for a figure, the evidence from the first sentence on that has one of its kind.

    None where that is far behind: a price is no answer to "from which date?".
    """
    if not ranked or not question.needs_figure:
        return list(ranked)
    having = [one for one in ranked if one.logit >= ranked[0].logit - _BEHIND and _has_kind(question, one)]
    return [*having[:1], *(one for one in ranked if one is not having[0])] if having else []


def _has_kind(question: Question, evidence: Evidence) -> bool:
    """Whether a sentence, or the list that it leads in, has a figure of the kind asked for, or leaves it blank."""
    sentences = evidence.candidate.passage.sentences
    texts = [evidence.sentence.text, *(s.text for s in sentences if s.lead_in == evidence.index)]
    figures = [figure for text in texts for figure in quantities(text, evidence.candidate.language)]
    dated = question.wanted == "date" and any(has_year(text) for text in texts)
    # A count of people may stand bare: "FESTA-2 (n = 412)".
    kinds = question.kinds | ({"number"} if "people" in question.kinds else set())
    return evidence.is_blank or dated or any(figure.kind in kinds for figure in figures)


def _outright_first(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Of sentences about as likely, one that says outright what something is goes first."""
    if not ranked:
        return []
    best = ranked[0]
    near = (e for e in ranked if e.logit >= best.logit - _OUTRIGHT and e.coverage >= best.coverage - 0.05)
    first = next((e for e in near if says_what_it_is(question, e.sentence)), best)
    return [first, *(e for e in ranked if e is not first)]


def _is_said(part: Question, said: Iterable[Said]) -> bool:
    """Whether a sentence that answers another part speaks of all that this one asks about: it answers both."""
    own = [term for term in part.terms if term.share == 1 and not term.generic]
    texts = [words_of(one.text, one.backing[0].candidate.language) for one in said]
    return bool(own) and any(all(term.match(text) >= _KNOWN for term in own) for text in texts)


def _left_blank(question: Question, ranked: Sequence[Evidence]) -> Evidence | None:
    """The sentence that names the figure asked for, and its subject, and leaves it out: no neighbour's fills it.

    One that lacks a thing asked about is another figure, where the best sentence has that thing and a figure for it.
    """
    named = [place for place, term in enumerate(question.terms) if term.is_name]
    best = ranked[0]
    told = _has_kind(question, best) and all(best.matches[place] >= _KNOWN for place in named)
    things = [place for place, term in enumerate(question.terms) if told and not (term.is_name or term.generic)]
    for evidence in ranked[:20]:
        names_it = not named or max(evidence.own[place] for place in named) >= 0.5
        if evidence.is_blank and names_it and evidence.coverage >= 0.7 * best.coverage:
            is_another = any(best.own[place] >= _OWN > evidence.matches[place] for place in things)
            return None if is_another else evidence
    return None


def _chosen(question: Question, ranked: Sequence[Evidence], rarity: Rarity, most: int) -> list[Evidence]:
    """The best sentence, and further ones while each adds a part of the question that is not yet covered."""
    # What a follow-up inherits was answered before: it adds nothing.
    weights = [rarity(term) if term.share == 1 else 0.0 for term in question.terms]
    best = ranked[0]
    chosen = [best]
    covered = list(best.matches)
    while len(chosen) < most:
        added = [e for e in ranked[1:40] if e.logit >= best.logit - _BEHIND and e not in chosen]
        gains = [(_gain(e, weights, covered) - _length_cost(e), -at) for at, e in enumerate(added)]
        gain, at = max(gains, default=(0.0, 0))
        if gain <= _GAIN:
            break
        chosen.append(added[-at])
        covered = [max(pair) for pair in zip(covered, chosen[-1].own, strict=True)]
    return chosen


def _gain(evidence: Evidence, weights: Sequence[float], covered: Sequence[float]) -> float:
    """The share of the question that a sentence adds; 0 where that is no weighty part of it."""
    total = sum(weights)
    if not total:
        return 0.0
    added = [
        (weight, own)
        for weight, own, known in zip(weights, evidence.own, covered, strict=True)
        if own >= _OWN and known < _KNOWN
    ]
    if not any(weight >= total / len(weights) for weight, _ in added):
        return 0.0
    return sum(weight * own for weight, own in added) / total


def _length_cost(evidence: Evidence) -> float:
    return _LENGTH * math.log2(1 + len(evidence.sentence.text) / 80)


_SPECIFIES = re.compile(
    r"^(?:det (?:gælder|drejer sig om|omfatter)|dette (?:gælder|omfatter)|dit (?:geldt|omvat|betreft)"
    r"|het (?:gaat|betreft)(?: hierbij)? om|(?:this|these|they) (?:include|includes|are|applies to|apply to|concerns?)"
    r"|de er)\b",
    re.IGNORECASE,
)


def _goes_into(sentence: Sentence, after: Sentence) -> bool:
    """Whether the next sentence names what this one speaks of: "Other medicines weaken it. These include …"."""
    return sentence.kind == after.kind == "sentence" and bool(_SPECIFIES.match(after.text))


def _list_around(question: Question, evidence: Evidence) -> list[Evidence]:
    """The whole list, or the words announced, with the line that leads in; nothing where the sentence stands alone."""
    sentences = evidence.candidate.passage.sentences
    following = evidence.index + 1
    if evidence.sentence.text.endswith(":") and evidence.sentence.kind == "sentence" and following < len(sentences):
        return [evidence, replace(evidence, index=following)]  # "… på følgende vilkår:" and the words announced
    if following < len(sentences) and _goes_into(evidence.sentence, sentences[following]):
        return [evidence, replace(evidence, index=following)]
    if evidence.sentence.kind == "lead_in":
        first = evidence.index
    elif evidence.sentence.lead_in >= 0:
        first = evidence.sentence.lead_in
    else:
        return []
    members = [i for i, sentence in enumerate(sentences) if sentence.lead_in == first]
    whole = question.wanted in ("list", "definition", "fact") or (question.wanted == "who" and question.negated)
    if evidence.index != first and not whole:
        # One item answers: it is said with the line it belongs to, and what continues it. Where a later sentence of it
        # answers, its first one says what of, and the others are about something else.
        start = max(i for i in members if i <= evidence.index and sentences[i].kind in ("item", "row"))
        end = next((i for i in members if i > evidence.index and sentences[i].kind in ("item", "row")), members[-1] + 1)
        inside = [i for i in members if start <= i < end]
        members = inside if evidence.index == start else [start, evidence.index]
    return [replace(evidence, index=i) for i in [first, *members]]
