"""The sentences that answer; or none.

A sentence is scored by how much of the question it covers. Each term of the question counts by its rarity in the
documents; a term may stand in the sentence itself, or, for less, in what the sentence leans on: its heading, its
lead-in, the sentence before it, its passage, its document's title.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from assistant.answering.question import Question
from assistant.documents.model import Metadata, Passage, Sentence
from assistant.documents.quantities import Quantity, quantities
from assistant.documents.repair import BLANK
from assistant.retrieval.late_interaction import same
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, Words, terms, words_of

_IN_LEAD_IN, _IN_HEADING, _BEFORE, _IN_PASSAGE, _IN_TITLE = 0.8, 0.7, 0.6, 0.45, 0.5
_SUBJECT = 0.85  # of a name that the document is about: all of it is, unless a sentence says otherwise
_NAME_NEAR = 0.2  # of a name that stands elsewhere in the passage
_RIVAL = 0.5  # what is left of a score where a sentence speaks of another name than the one asked for
_OWN_LANGUAGE = 0.04  # what a sentence in the asker's language has ahead of one in another
_CLOSENESS = 0.25  # what the likeness of the whole sentence may add to a score, at most
_PART = 0.7  # what likeness counts for a term of several words: "calcium" is near "low blood calcium", and not the same
_LENGTH = 0.015  # what a sentence loses for each doubling of its length: of two that say it, the shorter
_NO_FIGURE = 0.55  # what is left of a score where the question wants a figure and the sentence has none of its kind
_NO_DATE = 0.8  # the same for "when …", which a condition may answer too
_WHEN = re.compile(r"\b(?:hvorn(?:å|aa)r|wanneer|when)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:hvor mange|hoeveel|how many)\s+([^\W\d_]+)", re.IGNORECASE)
_LEFT_OUT = rf"(?:{re.escape(BLANK)}|…|\.\.\.|_{{2,}}|█+|\bX{{2,}}\b)"
_MONEY_BLANK = re.compile(rf"{_LEFT_OUT}\s?(?:kr\b|DKK|EUR|€|euro)|(?:DKK|EUR|€)\s?{_LEFT_OUT}", re.IGNORECASE)
_AMOUNT_BLANK = re.compile(rf"{_LEFT_OUT}\s?(?:mg|µg|g|ml|%)(?!\w)", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:da|fordi|idet|skyldes|på grund af|derfor|eftersom|aangezien|omdat|doordat|vanwege|door|daarom|wegens|because"
    r"|since|due to|therefore|owing to)\b",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(r"\w+(?:, [^,.;]{2,60})+,? (?:og|eller|samt|en|of|and|or) \w+|: \w+[^,]*, \w+")
_NEGATION = re.compile(
    r"\b(?:ikke|ingen|intet|uden|aldrig|niet|geen|zonder|nooit|not|no|never|without|cannot)\b|contra|kontra",
    re.IGNORECASE,
)

_COUNTRY = {"da": "dansk danmark", "nl": "nederlands nederland", "en": "english"}


class Rarity(Protocol):
    """How much a term counts."""

    def __call__(self, term: Term) -> float:
        """The weight of a term, above 0: the rarer in the documents, the more."""

    def is_unknown(self, term: Term) -> bool:
        """Whether no document has it, in any language."""


class Space(Protocol):
    """How near words are in meaning."""

    def nearest(self, terms: Sequence[Term], texts: Sequence[Words]) -> Any:
        """The cosine of each term to its nearest word in each text: an array (texts, terms), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that retrieval brought, with what scoring needs to know of it."""

    id: int
    passage: Passage
    language: str
    metadata: Metadata
    subjects: tuple[str, ...] = ()  # the names its document is about
    score: float = 0.0  # retrieval's, higher is better
    closeness: Mapping[int, float] = field(default_factory=dict)  # sentence index -> cosine similarity, -1 to 1


@dataclass(frozen=True)
class Evidence:
    """One sentence in its passage, and how well it answers."""

    candidate: Candidate
    index: int  # of the sentence in its passage
    score: float  # 0 to about 1, to rank by
    coverage: float  # how much of the question it has, with its surroundings: 0 to 1
    fit: float  # how well its shape fits what the question wants: 1, or less, or a little more
    matches: tuple[float, ...]  # per term of the question: how surely this sentence, with its surroundings, has it
    own: tuple[float, ...]  # the same, counting the sentence itself only
    is_blank: bool = False  # the figure asked for is left blank here

    @property
    def sentence(self) -> Sentence:
        return self.candidate.passage.sentences[self.index]

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.sentence.text, self.candidate.language))

    @property
    def key(self) -> tuple[str, int, int]:
        return self.candidate.passage.document_id, self.sentence.start, self.sentence.end


def rank(
    question: Question, candidates: Sequence[Candidate], rarity: Rarity, space: Space | None = None
) -> list[Evidence]:
    """Score every sentence of the candidates, best first. Headings, bare links and lead-ins without list count too.

    Args:
        question: understood.
        candidates: passages, each once.
        rarity: how rare a term is in the documents, above 0; the rarer, the more it counts.
        space: finds words that mean the same; None: words count by their form and the vocabulary only.
    """
    weights = [rarity(term) * term.share for term in question.terms]
    ranked = [
        evidence for candidate in candidates for evidence in _passage_evidence(question, weights, candidate, space)
    ]
    return sorted(ranked, key=lambda e: (-e.score, e.candidate.language != question.language, e.key))


def _passage_evidence(
    question: Question, weights: Sequence[float], candidate: Candidate, space: Space | None
) -> list[Evidence]:
    passage, language, total = candidate.passage, candidate.language, sum(weights)
    if not total:
        return []
    texts = [words_of(sentence.text, language) for sentence in passage.sentences]
    heading = words_of(" ".join(passage.section), language)
    title = words_of(_documentwords_of(candidate), language)

    *own, of_heading, titled = _matched(question.terms, [*texts, heading, title], space)
    of_title = [(_SUBJECT if term.is_name else _IN_TITLE) * m for term, m in zip(question.terms, titled, strict=True)]
    around = [
        max(_IN_HEADING * h, t, (_NAME_NEAR if term.is_name else _IN_PASSAGE) * max(column))
        for term, h, t, column in zip(question.terms, of_heading, of_title, zip(*own, strict=True), strict=True)
    ]
    found = []
    for index, sentence in enumerate(passage.sentences):
        near = list(around)
        if index and passage.sentences[index - 1].lead_in == sentence.lead_in:
            near = [max(n, _BEFORE * b) for n, b in zip(near, own[index - 1], strict=True)]
        if sentence.lead_in >= 0:
            near = [max(n, _IN_LEAD_IN * b) for n, b in zip(near, own[sentence.lead_in], strict=True)]
        matches = tuple(max(o, n) for o, n in zip(own[index], near, strict=True))
        coverage = sum(w * m for w, m in zip(weights, matches, strict=True)) / total
        is_blank = _is_blank(question, sentence)
        fit = _fit(question, sentence, language, is_blank)
        if _speaks_of_another(question, candidate, sentence, own[index]):
            fit *= _RIVAL
        score = coverage * fit + (_OWN_LANGUAGE if language == question.language else 0.0)
        evidence = Evidence(candidate, index, 0.0, coverage, fit, matches, tuple(own[index]), is_blank)
        score += _CLOSENESS * max(0.0, candidate.closeness.get(index, 0.0)) - length_cost(evidence)
        found.append(replace(evidence, score=score))
    return found


def _matched(terms: Sequence[Term], texts: Sequence[Words], space: Space | None) -> list[list[float]]:
    """How surely each text has each term: by its form, by the vocabulary, or by its meaning, whichever is most."""
    by_form = [[term.match(words) for term in terms] for words in texts]
    if space is None:
        return by_form
    share = [_PART if " " in term.word else 1.0 for term in terms]
    by_meaning = (same(space.nearest(terms, texts)) * share).tolist()
    return [
        [max(pair) for pair in zip(form, meaning, strict=True)]
        for form, meaning in zip(by_form, by_meaning, strict=True)
    ]


def _documentwords_of(candidate: Candidate) -> str:
    """What a question may call a document by: its title, its publisher, the country of its language."""
    meta = candidate.metadata
    country = _COUNTRY.get(candidate.language, "")
    return " ".join([meta.title, meta.publisher, meta.reference, country, *candidate.subjects])


def length_cost(evidence: Evidence) -> float:
    """What a sentence loses for its length: of two that say the same, the shorter is said."""
    return _LENGTH * math.log2(1 + len(evidence.sentence.text) / 80)


def _fit(question: Question, sentence: Sentence, language: str, is_blank: bool) -> float:
    """How well the shape of a sentence fits what the question wants: 1, or less."""
    fit = 1.0
    if question.kinds and not is_blank:
        figures = quantities(sentence.text, language)
        if not any(figure.kind in question.kinds for figure in figures) and not _year_wanted(question, sentence):
            fit *= _NO_DATE if _WHEN.search(question.text) else _NO_FIGURE
    if counted := _HOW_MANY.search(question.text):
        fit *= 1.15 if _counts(counted.group(1), question.language, sentence, language) else 1.0
    if question.wanted == "definition" and _explains(question, sentence):
        fit *= 1.15
    if question.wanted == "reason" and _REASON.search(sentence.text):
        fit *= 1.15
    if question.wanted == "list" and sentence.kind == "lead_in":
        fit *= 1.15
    if question.wanted == "list" and _ENUMERATION.search(sentence.text):
        fit *= 1.08
    if question.wanted in ("fact", "definition") and sentence.text.endswith(":"):
        fit *= 1.1  # what follows the colon is said with it
    if not question.negated and question.wanted != "yes_no" and _NEGATION.search(sentence.text):
        fit *= 0.95
    if question.negated and _NEGATION.search(sentence.text):
        fit *= 1.1
    if sentence.lead_in < 0 and len(sentence.text) < 90 and not re.search(r"[.!?:;)”\"]$", sentence.text):
        fit *= 0.75  # a heading or an entry of a table of contents names a matter, it does not say it
    if len(sentence.text) < 15 or not re.search(r"[^\W\d_]{3}", sentence.text):
        fit *= 0.7
    return fit


def _speaks_of_another(question: Question, candidate: Candidate, sentence: Sentence, own: Sequence[float]) -> bool:
    """The question names what this document is about; the sentence begins with another name: "Bruxamin koster …"."""
    about = words_of(" ".join(candidate.subjects), candidate.language)
    named = [
        match for term, match in zip(question.terms, own, strict=True) if term.is_name and term.match(about) >= 0.5
    ]
    if not named or max(named) >= 0.5:
        return False
    first = tokens(sentence.text)[:1]
    return bool(first) and any(term.is_name and len(term.word) > 4 for term in terms(first[0], candidate.language))


def _counts(what: str, language: str, sentence: Sentence, in_language: str) -> bool:
    """The sentence has a figure right before the word for what is counted: "56 tabletten"."""
    found = terms(what, language)[:1]
    behind = re.findall(r"\d[\d.,]*\s+([^\W\d_]+)", sentence.text)
    return any(term.match(words_of(word, in_language)) >= 0.5 for term in found for word in behind)


def _explains(question: Question, sentence: Sentence) -> bool:
    """It says what a term of the question is: "osteoporose (en sygdom, …)", "RANKL er …"."""
    text = sentence.text.lower()
    says = r"(?:er|is|zijn|are|var|was|indeholder|bevat|contains|defineres|betyder|betekent|means)"
    for term in question.terms:
        word = re.escape(term.word[:8])
        bracket = "" if term.is_name else rf"|{word}\w*[\w\s-]{{0,25}}\("  # behind a name a bracket explains nothing
        if re.search(rf"{word}\w*\s(?:\([^)]*\)\s)?{says}\b|\b{says}\s(?:\w+\s){{0,2}}{word}{bracket}", text):
            return True
    return False


def _year_wanted(question: Question, sentence: Sentence) -> bool:
    return question.wanted == "date" and bool(re.search(r"\b(?:19|20)\d{2}\b", sentence.text))


def _is_blank(question: Question, sentence: Sentence) -> bool:
    """The sentence names the figure asked for and leaves it out."""
    if question.wanted == "price":
        return bool(_MONEY_BLANK.search(sentence.text))
    return question.wanted == "quantity" and bool(_AMOUNT_BLANK.search(sentence.text))
