"""How much each word of a question counts: the rarer in the documents, the more."""

import math
from collections import defaultdict
from functools import cached_property

from assistant.documents.commonness import RAREST
from assistant.retrieval.lexical import likeness, skeleton
from assistant.retrieval.library import Library
from assistant.retrieval.terms import Stems, Term

_UNKNOWN = 3.5  # of a word that no document has: as a rather rare one
_UNKNOWN_CONCEPT = 4.5  # of a word of the vocabulary that no document has: it is surely meant, and missing
_LEAST, _IN_PASSING = 0.3, 1.5  # of a very common word that no document has; at most, that documents have
_GENERIC = 1.5  # of a generic word at most
_NAME = 2.0  # of a name at least, however often the documents say it: it is what the question is about
_SAME_WORD = 0.6  # likeness from which a word of the documents counts as the one asked for


def _documents_weight(share: float, total: int) -> float:
    """The weight of a word that stands in this share of the sentences."""
    return math.log(1 + 1 / (share + 1 / total))


class Rarity:
    """Weighs terms by inverse document frequency over the sentences of one library. Safe for several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, float] = {}
        self._unknown: set[str] = set()

    def __call__(self, term: Term) -> float:
        """The weight of a term, above 0; over all languages, where it is most common."""
        if term.word not in self._known:
            self._known[term.word] = self._weigh(term)
        return self._known[term.word]

    def is_unknown(self, term: Term) -> bool:
        """Whether no document has the term, in any language."""
        self(term)
        return term.word in self._unknown

    def _weigh(self, term: Term) -> float:
        total = sum(self._sentences.values()) or 1
        share = max(
            (
                self._frequency(form, language) / count
                for language, count in self._sentences.items()
                for form in term.forms.get(language, {})
            ),
            default=0.0,
        )
        if not share:
            share = (
                max(
                    (count for word, count in self._near(term.word) if likeness(term.word, word) >= _SAME_WORD),
                    default=0,
                )
                / total
            )
        if not share:
            self._unknown.add(term.word)
        if term.generic:
            return min(_documents_weight(share, total), _GENERIC) if share else _GENERIC / 2
        if term.concept:
            return _documents_weight(share, total) if share else _UNKNOWN_CONCEPT
        general = max(_LEAST, _UNKNOWN * (6.5 - term.commonness) / (6.5 - RAREST))
        if not share:
            return general
        known = min(_documents_weight(share, total), max(general, _IN_PASSING))
        return max(known, _NAME) if term.is_name else known

    def _frequency(self, form: Stems, language: str) -> int:
        """How many sentences have the form: each of its words may be common, and the whole be missing."""
        rarest = min(self._library.document_frequency(stem, language) for stem in form)
        return rarest if len(form) == 1 or not rarest else self._library.phrase_frequency(form, language)

    @cached_property
    def _sentences(self) -> dict[str, int]:
        return {language: max(1, self._library.sentence_count(language)) for language in self._library.languages()}

    @cached_property
    def _vocabulary(self) -> dict[str, list[tuple[str, int]]]:
        """Words of the documents by the first two letters of their skeleton, to compare a misspelt one with."""
        index: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for language in self._library.languages():
            for stem, count in self._library.vocabulary(language):
                index[skeleton(stem)[:2]].append((stem, count))
        return index

    def _near(self, word: str) -> list[tuple[str, int]]:
        return self._vocabulary.get(skeleton(word)[:2], []) if len(word) >= 4 else []
