"""What is measured of a sentence before a question: the evidence that the learnt weights weigh."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.answering.contrasts import Contrasts, contrasts
from assistant.answering.jurisdiction import countries, jurisdictions
from assistant.answering.question import Question, set_apart
from assistant.answering.ranges import asked_figures, falls_within
from assistant.answering.shape import NAMES as SHAPES
from assistant.answering.shape import is_blank, shape
from assistant.documents.model import Metadata, Passage, Sentence
from assistant.documents.quantities import Quantity, quantities
from assistant.retrieval.late_interaction import related, same
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, Words, terms, words_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

_IN_LEAD_IN, _IN_HEADING, _BEFORE, _IN_PASSAGE, _IN_TITLE = 0.8, 0.7, 0.6, 0.45, 0.5
_SUBJECT = 0.85  # of a name that the document is about: all of it is, unless a sentence says otherwise
_ONE_SUBJECT = 0.6  # of one that it is about beside others: a sentence need not be about this one
_APPLIES = 0.85  # of a country where the document applies
_WITHIN = 0.9  # of a patient's figure that lies in the range a sentence speaks of
_NAME_NEAR = 0.2  # of a name that stands elsewhere in the passage
_PART = 0.7  # what likeness counts for a term of several words: "calcium" is near "low blood calcium", and not the same
_COUNTRY = {"da": "dansk danmark", "nl": "nederlands nederland", "en": "english"}

_MATTER: Final = (
    "coverage", "own", "own_form", "heading", "lead_in", "before", "passage", "own_things", "things", "names",
    "own_names", "lacks_most", "lacks_name", "lacks_number", "soft", "closeness", "retrieved", "own_language",
    "speaks_of_another", "other_name", "terms", "sets_apart", "leaves_open", "singles_out",
)  # fmt: skip
_RELATIVE: Final = ("coverage", "own", "own_things", "soft", "closeness", "retrieved", "heading")
FEATURES: Final = (*_MATTER, *SHAPES, *(f"{name}_behind" for name in _RELATIVE))


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
    aliases: tuple[str, ...] = ()  # what else those names are called: the substances in them


@dataclass(frozen=True, slots=True)
class Measured:
    """One sentence of a candidate, measured."""

    candidate: Candidate
    index: int
    matches: tuple[float, ...]  # per term of the question: how surely this sentence, with its surroundings, has it
    own: tuple[float, ...]  # the same, counting the sentence itself only
    coverage: float  # how much of the question it has, with its surroundings: 0 to 1
    figures: tuple[Quantity, ...]
    is_blank: bool


def measure(
    question: Question, candidates: Sequence[Candidate], rarity: Rarity, space: Space | None
) -> tuple[list[Measured], "Matrix"]:
    """Every sentence of the candidates, and its features: float64 (sentences, len(FEATURES)), in the same order."""
    import numpy as np

    weights = [rarity(term) * term.share for term in question.terms]
    if not sum(weights):
        return [], np.zeros((0, len(FEATURES)))
    measured: list[Measured] = []
    rows: list[list[float]] = []
    ranks, countries_asked = _ranks(candidates), _countries_asked(question)
    for candidate in candidates:
        for one, row in _of_passage(question, weights, candidate, ranks[candidate.id], countries_asked, space):
            measured.append(one)
            rows.append(row)
    found = np.array(rows).reshape(len(rows), len(_MATTER) + len(SHAPES))
    places = [_MATTER.index(name) for name in _RELATIVE]
    behind = found[:, places] - found[:, places].max(axis=0, initial=0.0)
    return measured, np.hstack([found, behind])


def _figures_asked(question: Question) -> list[tuple[Quantity, list[int]]]:
    """The figures that a question states of a patient, each with the places of its terms: "70", "years"."""
    found = []
    for one in asked_figures(question.text, question.language):
        said = set(tokens(question.text[one.start : one.end]))
        found.append((one.quantity, [place for place, term in enumerate(question.terms) if term.word in said]))
    return found


def _countries_asked(question: Question) -> dict[int, str]:
    """The terms of a question that name a country, by their place, with its code: "Danish" is DK."""
    asked = countries(f"{question.leans_on} {question.text}", question.language)
    named = {word: code for code, written in asked for word in tokens(written)}
    return {place: named[term.word] for place, term in enumerate(question.terms) if term.word in named}


def _ranks(candidates: Sequence[Candidate]) -> dict[int, int]:
    """The place of each candidate among those of its language, from 1."""
    seen: dict[str, int] = {}
    ranks: dict[int, int] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.id)):
        ranks[candidate.id] = seen[candidate.language] = seen.get(candidate.language, 0) + 1
    return ranks


def _of_passage(
    question: Question,
    weights: Sequence[float],
    candidate: Candidate,
    rank: int,
    countries_asked: Mapping[int, str],
    space: Space | None,
) -> list[tuple[Measured, list[float]]]:
    passage, language = candidate.passage, candidate.language
    texts = [words_of(sentence.text, language) for sentence in passage.sentences]
    heading = words_of(" ".join(passage.section), language)
    title = words_of(_called(candidate), language)
    form, found, soft = _matched(question.terms, [*texts, heading, title], space)
    own, of_heading, of_title = found[:-2], found[-2], found[-1]
    for figure, places in _figures_asked(question):
        for sentence, known in zip(passage.sentences, own, strict=True):
            if falls_within(figure, sentence.text, language):
                for place in places:
                    known[place] = max(known[place], _WITHIN)
    subject = _SUBJECT if len(candidate.subjects) <= 1 else _ONE_SUBJECT
    around = [
        max(
            _IN_HEADING * in_heading,
            (subject if term.is_name else _IN_TITLE) * in_title,
            (_NAME_NEAR if term.is_name else _IN_PASSAGE) * max(column),
        )
        for term, in_heading, in_title, column in zip(
            question.terms, of_heading, of_title, zip(*own, strict=True), strict=True
        )
    ]
    applies = jurisdictions(candidate.metadata) if countries_asked else frozenset()
    for place, country in countries_asked.items():
        if country in applies:
            around[place] = max(around[place], _APPLIES)
    apart = set_apart(question)
    result = []
    for index, sentence in enumerate(passage.sentences):
        leads = own[sentence.lead_in] if sentence.lead_in >= 0 else [0.0] * len(weights)
        follows = index and passage.sentences[index - 1].lead_in == sentence.lead_in
        before = own[index - 1] if follows else [0.0] * len(weights)
        matches = tuple(
            max(o, a, _IN_LEAD_IN * le, _BEFORE * b)
            for o, a, le, b in zip(own[index], around, leads, before, strict=True)
        )
        figures = tuple(quantities(sentence.text, language))
        one = Measured(
            candidate,
            index,
            matches,
            tuple(own[index]),
            _mean(matches, weights),
            figures,
            is_blank(question, sentence),
        )
        matter = [
            one.coverage,
            _mean(own[index], weights),
            _mean(form[index], weights),
            _mean(of_heading, weights),
            _mean(leads, weights),
            _mean(before, weights),
            _mean(around, weights),
            *_of_terms(question.terms, weights, matches, own[index]),
            _mean(soft[index], weights),
            max(0.0, candidate.closeness.get(index, 0.0)),
            1 / (1 + rank),
            float(language == question.language),
            float(_speaks_of_another(question, candidate, sentence, own[index])),
            float(_names_another(question, candidate, sentence)),
            math.log(1 + len(weights)),
            *_set_apart(apart, sentence, candidate),
        ]
        result.append((one, [*matter, *shape(question, sentence, figures, language)]))
    return result


def _mean(matches: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * m for w, m in zip(weights, matches, strict=True)) / sum(weights)


def _of_terms(
    asked: Sequence[Term], weights: Sequence[float], matches: Sequence[float], own: Sequence[float]
) -> list[float]:
    """Things and names apart, and what is lacked most: the heaviest term, any name, any number, weighted, 0 to 1."""
    total = sum(weights)
    thing = [0.0 if term.is_name or term.generic else weight for term, weight in zip(asked, weights, strict=True)]
    name = [weight if term.is_name else 0.0 for term, weight in zip(asked, weights, strict=True)]
    lacks = [weight / total * (1 - match) for weight, match in zip(weights, matches, strict=True)]
    number = [any(c.isdigit() for c in term.word) for term in asked]
    return [
        _mean(own, thing) if sum(thing) else 1.0,
        _mean(matches, thing) if sum(thing) else 1.0,
        _mean(matches, name) if sum(name) else 1.0,
        _mean(own, name) if sum(name) else 1.0,
        max(lacks),
        max((1 - m for term, m in zip(asked, matches, strict=True) if term.is_name), default=0.0),
        max((1 - m for is_one, m in zip(number, matches, strict=True) if is_one), default=0.0),
    ]


def _matched(
    asked: Sequence[Term], texts: Sequence[Words], space: Space | None
) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    """How surely each text has each term: by form and vocabulary; by that or by meaning; and how near it comes."""
    by_form = [[term.match(words) for term in asked] for words in texts]
    if space is None:
        return by_form, by_form, by_form
    nearest = space.nearest(asked, texts)
    share = [_PART if " " in term.word else 1.0 for term in asked]
    by_meaning = (same(nearest) * share).tolist()
    soft = related(nearest).tolist()
    return by_form, _larger(by_form, by_meaning), _larger(by_form, soft)


def _larger(one: list[list[float]], other: list[list[float]]) -> list[list[float]]:
    return [[max(pair) for pair in zip(a, b, strict=True)] for a, b in zip(one, other, strict=True)]


def _called(candidate: Candidate) -> str:
    """What a question may call a document by: its title, its publisher, the country of its language."""
    meta = candidate.metadata
    country = _COUNTRY.get(candidate.language, "")
    return " ".join([meta.title, meta.publisher, meta.reference, country, *candidate.subjects, *candidate.aliases])


def _speaks_of_another(question: Question, candidate: Candidate, sentence: Sentence, own: Sequence[float]) -> bool:
    """The question names what this document is about; the sentence begins with another name: "Bruxamin koster …"."""
    about = words_of(" ".join((*candidate.subjects, *candidate.aliases)), candidate.language)
    named = [
        match for term, match in zip(question.terms, own, strict=True) if term.is_name and term.match(about) >= 0.5
    ]
    if not named or max(named) >= 0.5:
        return False
    first = tokens(sentence.text)[:1]
    return bool(first) and any(term.is_name and len(term.word) > 4 for term in terms(first[0], candidate.language))


_TOLD_APART: Final = ("age", "sex", "organ", "line", "degree", "arm", "phase", "opened", "form", "time of day", "often")


def _set_apart(asked: Contrasts, sentence: Sentence, candidate: Candidate) -> list[float]:
    """How often a sentence speaks of the other side of what the question sets apart, leaves it open, or names it.

    What its lead-in and its headings say counts as said where the sentence itself says nothing of it.
    """
    lead = candidate.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    around = contrasts(lead).over(contrasts(" ".join(candidate.passage.section)))
    said, wanted = dict(contrasts(sentence.text).over(around).named), dict(asked.named)
    families = [family for family in _TOLD_APART if family in wanted]
    clashes = sum(bool(said.get(family)) and not said[family] & wanted[family] for family in families)
    open_ = sum(not said.get(family) for family in families)
    return [float(clashes), float(open_), float(len(families) - clashes - open_)]


def _names_another(question: Question, candidate: Candidate, sentence: Sentence) -> bool:
    """The question names a medicine, and this document is about others; the sentence too, and what it stands under."""
    names = [term for term in question.terms if term.is_name]
    if not names or not candidate.subjects:
        return False
    about = " ".join((*candidate.subjects, *candidate.aliases, candidate.metadata.title, *candidate.passage.section))
    lead = candidate.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
    texts = [words_of(text, candidate.language) for text in (about, sentence.text, lead)]
    return not any(term.match(text) >= 0.5 for term in names for text in texts)
