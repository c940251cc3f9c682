"""A sentence as clauses, each with what it affirms or denies, allows or demands."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from assistant.answering.checks.cues import cue, phrases

Modal = Literal["may", "must", "should"]
_MODALS: tuple[Modal, ...] = ("may", "must", "should")
_STOP = re.compile(r"[.!?;:](?=\s|$)|\s[–—]\s|\n")
_HYPHENED = re.compile(r"(?<![\w-])(?:ikke|non|niet)-(?=\w)", re.IGNORECASE)
_BRACKET = re.compile(r"\([^()]*\)")
_SHORT_FORM = re.compile(r"n[’']t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with one polarity."""

    text: str
    start: int  # characters into the text it was cut from
    end: int  # exclusive
    denies: bool  # an odd number of negations stands in it
    forbids: bool  # it denies by a word such as "contraindicated", not by "not"
    lacks: bool  # a part of it is "without" something
    leans: bool  # it belongs to another: a condition, a relative clause
    modals: frozenset[Modal]
    need_not: bool
    hedged: bool  # leaves open what it says: "risk", "rarely"
    is_past: bool

    @property
    def polarity(self) -> tuple[bool, bool]:
        return self.denies, self.lacks


@lru_cache(maxsize=20_000)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order. `text` has its figures blanked, so that "1. May 2027" allows nothing."""
    cuts = sorted({0, len(text), *_cuts(text, language)})
    found = []
    for start, end in itertools.pairwise(cuts):
        piece = text[start:end]
        if re.search(r"\w", piece):
            found.append(_clause(piece, start, end, language))
    return tuple(found)


def _cuts(text: str, language: str) -> Iterator[int]:
    for match in _STOP.finditer(text):
        yield match.end()
    for match in _BRACKET.finditer(text):
        if cue("negation", language).search(match.group()):
            yield match.start()
            yield match.end()
    for match in cue("turns", language).finditer(text):
        yield match.start()
    for match in _joint(language).finditer(text):
        yield match.start()
    leans = cue("leans", language)
    for match in re.finditer(r",\s*", text):
        behind = text[match.end() :]
        if leans.match(behind) or _finite(language).match(behind) or _in_subclause(text[: match.start()], language):
            yield match.end()
    for match in _unmarked(language).finditer(text):
        if match.start() and re.search(r"\w", text[: match.start()]):
            yield match.start()


def _in_subclause(before: str, language: str) -> bool:
    """A comma closes what a relative or conditional clause opened: "hvis De har astma, må De ikke …"."""
    part = re.split(r"[,.;:]\s", before)[-1]
    return bool(cue("leans", language).match(part.strip()))


@cache
def _joint(language: str) -> re.Pattern[str]:
    """ "… and" where a clause of its own follows: a verb that allows, demands or denies, or a pronoun, stands next."""
    joins = {"da": "og|eller|samt|så", "nl": "en|of|dus", "en": "and|or|so"}.get(language, "and")
    pronouns = {
        "da": "at|det|den|de|man|du|han|hun",
        "nl": "dat|u|het|dit|men|je|hij|ze",
        "en": "that|it|they|you|he|she",
    }
    heads = "|".join(cue(name, language).pattern for name in ("may", "must", "should", "negation", "forbidding"))
    own = pronouns.get(language, pronouns["en"])
    return re.compile(rf"(?<![\w-])(?:{joins})\s+(?=(?:{heads}|(?:{own})\b))", re.IGNORECASE)


@cache
def _finite(language: str) -> re.Pattern[str]:
    heads = "|".join(cue(name, language).pattern for name in ("may", "must", "should"))
    return re.compile(rf"(?:{heads})", re.IGNORECASE)


@cache
def _unmarked(language: str) -> re.Pattern[str]:
    """Openings of clauses that need no comma: "… if", "patients who …"."""
    words = {
        "da": ("hvis", "når", "fordi", "medmindre", "såfremt"),
        "nl": ("als", "indien", "wanneer", "omdat", "tenzij"),
        "en": ("if", "when", "who", "which", "because", "unless", "although"),
    }
    return phrases(words.get(language, ()))


def _clause(piece: str, start: int, end: int, language: str) -> Clause:
    read = masked(piece, language)
    negations = _negations(read, language)
    lacks = bool(cue("lacking", language).search(read))
    return Clause(
        text=piece,
        start=start,
        end=end,
        denies=negations % 2 == 1,
        forbids=bool(cue("forbidding", language).search(read)),
        lacks=lacks,
        leans=bool(cue("leans", language).match(read.lstrip(" ,(–—"))),
        modals=frozenset(modal for modal in _MODALS if cue(modal, language).search(read)),
        need_not=bool(cue("need_not", language).search(read)),
        hedged=bool(cue("hedged", language).search(read)),
        is_past=bool(cue("past", language).search(read)),
    )


def masked(text: str, language: str) -> str:
    """The text without the phrases that hold a negation and deny nothing: "not only", "nothing but", "ikke-"."""
    plain = _HYPHENED.sub(lambda match: " " * len(match.group()), text)
    for name in ("passing", "only", "except"):
        plain = cue(name, language).sub(lambda match: " " * len(match.group()), plain)
    return plain


def _negations(read: str, language: str) -> int:
    found = [match.group().casefold() for match in cue("negation", language).finditer(read)]
    pairs = [word for word in found if word in ("hverken", "neither", "nor", "noch")]
    single = len(found) - len(pairs) + (1 if pairs else 0)
    return single + len(_SHORT_FORM.findall(read)) + len(cue("forbidding", language).findall(read))
