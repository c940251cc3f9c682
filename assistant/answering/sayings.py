"""Do two sentences, perhaps in two languages, speak of the same thing? Their words are compared, figures left out."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answering.claims import Claim, claims, same_value, without_figures
from assistant.documents.model import Passage, Sentence
from assistant.retrieval.late_interaction import same
from assistant.retrieval.lexical import tokens
from assistant.retrieval.terms import Term, Words, terms, words_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.answering.evidence import Reads

    Matrix = npt.NDArray[np.float32]

_COSINE, _WORDS = 0.4, 0.3  # what likeness as a whole counts, and each direction of the words'
_ANCHOR, _MOST_ANCHORS = 0.05, 3  # what each figure counts that both state
_NEAREST = 6  # sentences of another document that are compared word by word
_MEANT = 3  # how often a document must say a name to speak of it
_KEPT = 400  # documents whose sentences are remembered


class Weight(Protocol):
    """How much a term counts."""

    def __call__(self, term: Term) -> float: ...


class Space(Protocol):
    """Words and sentences as vectors."""

    def vectors(self, texts: Sequence[str]) -> Any: ...

    def nearest(self, terms: Sequence[Term], texts: Sequence[Words]) -> Any: ...


@dataclass(frozen=True)
class Saying:
    """One sentence of a document that states a figure."""

    passage: Passage
    index: int  # of the sentence in its passage
    language: str

    @property
    def sentence(self) -> Sentence:
        return self.passage.sentences[self.index]

    @property
    def key(self) -> tuple[str, int, int]:
        """Its document and its span there."""
        return self.passage.document_id, self.sentence.start, self.sentence.end

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        above = [self.passage.section[-1]] if self.passage.section else []
        if self.sentence.lead_in >= 0:
            above.append(self.passage.sentences[self.sentence.lead_in].text)
        return claims(self.sentence.text, self.language, "\n".join(above))

    @cached_property
    def matter(self) -> str:
        """What its figures are about: the sentence without them; of an item or row, under its lead-in."""
        own = without_figures(self.sentence.text, self.language)
        if self.sentence.lead_in >= 0:
            lead = self.passage.sentences[self.sentence.lead_in]
            return f"{without_figures(lead.text, self.language).rstrip(':')}: {own}"
        return own

    @cached_property
    def in_context(self) -> str:
        """The sentence under its heading and lead-in."""
        return self.passage.in_context(self.index)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for term in terms(self.matter, self.language) if not any(c.isdigit() for c in term.word))

    @cached_property
    def words(self) -> Words:
        return words_of(self.matter, self.language)


@dataclass(frozen=True)
class Spoken:
    """A document as it is compared with others."""

    id: str
    passages: tuple[tuple[Passage, str], ...]  # each with its language
    subjects: frozenset[str] = frozenset()  # the names it is about, casefolded
    main: str = ""  # the one of them that it says most

    @property
    def language(self) -> str:
        return self.passages[0][1] if self.passages else ""

    @cached_property
    def sayings(self) -> tuple[Saying, ...]:
        """Its sentences that state a figure."""
        found = (
            Saying(passage, index, language)
            for passage, language in self.passages
            for index in range(len(passage.sentences))
        )
        return tuple(saying for saying in found if saying.claims)

    @cached_property
    def text(self) -> str:
        return "\n".join(passage.text for passage, _ in self.passages)

    def at(self, key: tuple[str, int, int]) -> Saying | None:
        """The sentence of that key, where it states a figure."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[tuple[str, int, int], Saying]:
        return {saying.key: saying for saying in self.sayings}

    def speaks_of(self, name: str) -> bool:
        """Whether it says a name, and not in passing."""
        return bool(name) and (name in self.subjects or self.counts[name] >= _MEANT)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(tokens(self.text))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.counts)


class Aligner:
    """Compares sentences of documents. Safe for several threads: what it remembers can only be made twice."""

    def __init__(
        self,
        passages_of: Callable[[str], Sequence[tuple[Passage, str]]],
        subjects: Mapping[str, Sequence[str]],
        space: Space,
        weight: Weight,
        reader: "Reads | None" = None,
    ) -> None:
        """`passages_of` gives a document's passages, each with its language; `subjects` what it is about, by name.

        `reader` tells which figure of a sentence answers a question; None: the likeness of words does.
        """
        self.reader = reader
        self._passages_of, self._subjects, self._space, self._weight = passages_of, subjects, space, weight
        self._spoken: OrderedDict[str, Spoken] = OrderedDict()
        self._vectors: dict[str, Matrix] = {}

    def spoken(self, document_id: str) -> Spoken:
        """A document, remembered."""
        known = self._spoken.get(document_id)
        if known is None:
            names = [name.casefold() for name in self._subjects.get(document_id, ())]
            passages = tuple(self._passages_of(document_id))
            known = Spoken(document_id, passages, frozenset(names), names[0] if names else "")
            self._spoken[document_id] = known
            while len(self._spoken) > _KEPT:
                forgotten, _ = self._spoken.popitem(last=False)
                self._vectors.pop(forgotten, None)
        return known

    def _vectors_of(self, document: Spoken) -> "Matrix":
        """A vector for each of its sayings: (sayings, dimensions). All of its words are encoded at once."""
        known = self._vectors.get(document.id)
        if known is None:
            words = [word for saying in document.sayings for word in saying.words.pieces]
            words += [term.word for saying in document.sayings for term in saying.terms]
            clauses = [claim.clause for saying in document.sayings for claim in saying.claims]
            self._space.vectors(list(dict.fromkeys([*words, *clauses])))
            known = self._space.vectors([saying.matter for saying in document.sayings])
            self._vectors[document.id] = known
        return known

    def likeness(self, one: Saying, other: Saying) -> float:
        """How surely two sentences speak of the same thing, 0 to about 1.

        Likeness as a whole, the share of each one's words that the other has, and figures that both state.
        """
        key = (one, other) if one.key <= other.key else (other, one)
        return self._likeness(*key)

    @cached_property
    def _likeness(self) -> Callable[[Saying, Saying], float]:
        def compute(one: Saying, other: Saying) -> float:
            first, second = self._space.vectors([one.matter, other.matter])
            words = self._covered(one, other) + self._covered(other, one)
            return _COSINE * max(0.0, float(first @ second)) + _WORDS * words + _ANCHOR * anchors(one, other)

        return lru_cache(maxsize=200_000)(compute)

    def _covered(self, one: Saying, other: Saying) -> float:
        """How much of what `one` says, by weight, `other` has words for."""
        if not one.terms:
            return 0.0
        near = same(self._space.nearest(one.terms, [other.words]))[0]
        weights = [self._weight(term) for term in one.terms]
        matches = [max(term.match(other.words), float(value)) for term, value in zip(one.terms, near, strict=True)]
        return sum(w * m for w, m in zip(weights, matches, strict=True)) / max(sum(weights), 1e-9)

    def nearest(self, saying: Saying, document: Spoken, most: int = _NEAREST) -> list[tuple[float, Saying]]:
        """The sentences of a document that are most like one, of those with a figure to compare: most alike first."""
        import numpy as np

        if not document.sayings:
            return []
        measures = {claim.measure for claim in saying.claims}
        close = self._vectors_of(document) @ self._space.vectors([saying.matter])[0]
        order = [int(place) for place in np.argsort(-close)]
        fit = [place for place in order if measures & {claim.measure for claim in document.sayings[place].claims}]
        found = [(self.likeness(saying, document.sayings[place]), document.sayings[place]) for place in fit[:most]]
        return sorted(found, key=lambda pair: -pair[0])

    def clause_likeness(self, ours: Sequence[Claim], theirs: Sequence[Claim]) -> Any:
        """The cosine of each of our figures' clauses to each of theirs: (ours, theirs)."""
        vectors = self._space.vectors([claim.clause for claim in (*ours, *theirs)])
        return vectors[: len(ours)] @ vectors[len(ours) :].T

    def same_word(self, one: str, other: str) -> float:
        """How near two words are in meaning: 1 for the same."""
        if one == other:
            return 1.0
        vectors = self._space.vectors([one, other])
        return float(vectors[0] @ vectors[1])

    def nearness(self, text: str, figures: Sequence[Claim]) -> list[float]:
        """The cosine of a text, say a question, to the clause of each figure."""
        vectors = self._space.vectors([text, *(claim.clause for claim in figures)])
        return [float(value) for value in vectors[1:] @ vectors[0]]


def anchors(one: Saying, other: Saying) -> int:
    """How many figures both state, at most three: sentences that share some rarely speak of different things."""
    return min(_MOST_ANCHORS, sum(any(same_value(mine, theirs) for theirs in other.claims) for mine in one.claims))
