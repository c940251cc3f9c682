"""What is measured of a sentence before a question: the evidence that the learnt weights weigh."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.answering.contrasts import Contrasts, contrasts
from assistant.answering.jurisdiction import countries, jurisdictions
from assistant.answering.question import Question, set_apart
from assistant.answering.ranges import asked_figures, falls_within
from assistant.answering.shape import NAMES as SHAPES
from assistant.answering.shape import asked_shape, is_blank, shape
from assistant.documents.model import Metadata, Passage, Sentence
from assistant.documents.quantities import Found, Quantity, find_quantities, quantities
from assistant.retrieval.late_interaction import related, same
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, Words, terms, words_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]
    Vector = npt.NDArray[np.float64]

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
    asked = _Asked(question, np.array(weights))
    measured: list[Measured] = []
    blocks: list[Matrix] = []
    ranks = _ranks(candidates)
    texts = [_texts(candidate) for candidate in candidates]
    matched = _matched(question.terms, [text for of_one in texts for text in of_one], space)
    start = 0
    for candidate, of_one in zip(candidates, texts, strict=True):
        end = start + len(of_one)
        found, block = _of_passage(asked, candidate, ranks[candidate.id], *(values[start:end] for values in matched))
        start = end
        measured += found
        blocks.append(block)
    together = np.vstack(blocks) if blocks else np.zeros((0, len(_MATTER) + len(SHAPES)))
    places = [_MATTER.index(name) for name in _RELATIVE]
    behind = together[:, places] - together[:, places].max(axis=0, initial=0.0)
    return measured, np.hstack([together, behind])


class _Asked:
    """A question, with what is looked at of it before every sentence."""

    def __init__(self, question: Question, weights: "Vector") -> None:
        import numpy as np

        self.question, self.weights, self.total = question, weights, float(weights.sum())
        terms = question.terms
        self.is_name = np.array([term.is_name for term in terms])
        self.is_number = np.array([any(c.isdigit() for c in term.word) for term in terms])
        self.names = np.where(self.is_name, weights, 0.0)
        self.things = np.where(self.is_name | np.array([term.generic for term in terms]), 0.0, weights)
        # What is stated of a patient may lie in a range; any amount may be said in another unit.
        self.figures = _with_places(question, asked_figures(question.text, question.language))
        self.amounts = _with_places(question, find_quantities(question.text, question.language))
        self.countries = _countries_asked(question)
        self.apart = set_apart(question)
        self.shape = asked_shape(question)
        self.name_terms = [term for term in terms if term.is_name]

    def mean(self, matches: "Matrix", weights: "Vector | None" = None) -> "Vector":
        """(texts, terms) to (texts,): the weighted mean; 1 where none of the terms has a weight."""
        import numpy as np

        weights = self.weights if weights is None else weights
        total = float(weights.sum())
        found: Vector = matches @ weights / total if total else np.ones(len(matches))
        return found


def _texts(candidate: Candidate) -> list[Words]:
    """The words of each sentence, of the headings, and of what the document is called."""
    language = candidate.language
    said = [words_of(sentence.text, language) for sentence in candidate.passage.sentences]
    return [*said, words_of(" ".join(candidate.passage.section), language), words_of(_called(candidate), language)]


def _with_places(question: Question, stated: Iterable[Found]) -> list[tuple[Quantity, list[int]]]:
    """Figures that a question states, each with the places of its terms: "70", "years"."""
    found = []
    for one in stated:
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
    asked: _Asked, candidate: Candidate, rank: int, form: "Matrix", found: "Matrix", soft: "Matrix"
) -> tuple[list[Measured], "Matrix"]:
    """Its sentences, from how surely they, its headings and its title (the last two rows) have each term."""
    import numpy as np

    question, passage, language = asked.question, candidate.passage, candidate.language
    count = len(passage.sentences)
    own, of_heading, of_title = found[:-2].copy(), found[-2], found[-1]
    for figure, places in asked.figures:
        for sentence, known in zip(passage.sentences, own, strict=True):
            if places and falls_within(figure, sentence.text, language):
                known[places] = np.maximum(known[places], _WITHIN)
    for amount, places in asked.amounts:
        for sentence, known in zip(passage.sentences, own, strict=True):
            if places and amount in quantities(sentence.text, language):
                known[places] = 1.0
    subject = _SUBJECT if len(candidate.subjects) <= 1 else _ONE_SUBJECT
    around = np.maximum.reduce(
        [
            _IN_HEADING * of_heading,
            np.where(asked.is_name, subject, _IN_TITLE) * of_title,
            np.where(asked.is_name, _NAME_NEAR, _IN_PASSAGE) * own.max(axis=0, initial=0.0),
        ]
    )
    applies = jurisdictions(candidate.metadata) if asked.countries else frozenset()
    for place, country in asked.countries.items():
        if country in applies:
            around[place] = max(around[place], _APPLIES)
    leads, before = np.zeros_like(own), np.zeros_like(own)
    for index, sentence in enumerate(passage.sentences):
        if sentence.lead_in >= 0:
            leads[index] = own[sentence.lead_in]
        if index and passage.sentences[index - 1].lead_in == sentence.lead_in:
            before[index] = own[index - 1]
    matches = np.maximum.reduce([own, np.broadcast_to(around, own.shape), _IN_LEAD_IN * leads, _BEFORE * before])
    lacks = 1 - matches
    coverage = asked.mean(matches)
    matter = [
        coverage,
        asked.mean(own),
        asked.mean(form[:-2]),
        np.full(count, asked.mean(of_heading[None])[0]),
        asked.mean(leads),
        asked.mean(before),
        np.full(count, asked.mean(around[None])[0]),
        # Things and names apart, and what is lacked most: the heaviest term, any name, any number, weighted, 0 to 1.
        asked.mean(own, asked.things),
        asked.mean(matches, asked.things),
        asked.mean(matches, asked.names),
        asked.mean(own, asked.names),
        (lacks * asked.weights / asked.total).max(axis=1, initial=0.0),
        lacks[:, asked.is_name].max(axis=1, initial=0.0),
        lacks[:, asked.is_number].max(axis=1, initial=0.0),
        asked.mean(soft[:-2]),
        np.array([max(0.0, candidate.closeness.get(index, 0.0)) for index in range(count)]),
        np.full(count, 1 / (1 + rank)),
        np.full(count, float(language == question.language)),
    ]
    about, named = _about(asked, candidate)
    has_name = np.atleast_1d(np.any(form[:-2, asked.is_name] >= 0.5, axis=1))
    kept_matches, kept_own = matches.tolist(), own.tolist()
    measured: list[Measured] = []
    rest: list[list[float]] = []
    for index, sentence in enumerate(passage.sentences):
        figures = tuple(quantities(sentence.text, language))
        blank = is_blank(question, sentence)
        row = tuple(kept_matches[index]), tuple(kept_own[index])
        measured.append(Measured(candidate, index, *row, float(coverage[index]), figures, blank))
        rest.append(
            [
                float(_speaks_of_another(named, candidate, sentence, kept_own[index])),
                float(not about and not has_name[index] and not (sentence.lead_in >= 0 and has_name[sentence.lead_in])),
                math.log(1 + len(asked.weights)),
                *_set_apart(asked.apart, sentence, candidate),
                *shape(asked.shape, sentence, figures, language),
            ]
        )
    return measured, np.column_stack([*matter, np.array(rest).reshape(count, -1)])


def _matched(asked: Sequence[Term], texts: Sequence[Words], space: Space | None) -> tuple["Matrix", "Matrix", "Matrix"]:
    """How surely each text has each term, three times float64 (texts, terms).

    By form and vocabulary; by that or by meaning; and how near it comes.
    """
    import numpy as np

    by_form = np.array([[term.match(words) for term in asked] for words in texts], dtype=np.float64)
    by_form = by_form.reshape(len(texts), len(asked))
    if space is None:
        return by_form, by_form, by_form
    nearest = space.nearest(asked, texts)
    share = np.array([_PART if " " in term.word else 1.0 for term in asked])
    return by_form, np.maximum(by_form, same(nearest) * share), np.maximum(by_form, related(nearest))


def _called(candidate: Candidate) -> str:
    """What a question may call a document by: its title, its publisher, the country of its language."""
    meta = candidate.metadata
    country = _COUNTRY.get(candidate.language, "")
    return " ".join([meta.title, meta.publisher, meta.reference, country, *candidate.subjects, *candidate.aliases])


def _about(asked: _Asked, candidate: Candidate) -> tuple[bool, list[int]]:
    """Whether the document, or what the passage stands under, has a name that is asked about, or names none at all;
    and the places of the asked names that are its subjects'.
    """
    if not asked.name_terms:
        return True, []
    subjects = words_of(" ".join((*candidate.subjects, *candidate.aliases)), candidate.language)
    named = [place for place, term in enumerate(asked.question.terms) if term.is_name and term.match(subjects) >= 0.5]
    if not candidate.subjects:
        return True, named
    meta = candidate.metadata
    text = " ".join((*candidate.subjects, *candidate.aliases, meta.title, *candidate.passage.section))
    about = words_of(text, candidate.language)
    return any(term.match(about) >= 0.5 for term in asked.name_terms), named


def _speaks_of_another(named: Sequence[int], candidate: Candidate, sentence: Sentence, own: Sequence[float]) -> bool:
    """The question names what this document is about; the sentence begins with another name: "Bruxamin koster …"."""
    if not named or max(own[place] for place in named) >= 0.5:
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
