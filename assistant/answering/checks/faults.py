"""What grounding finds, and how it is said: a verdict with its faults, in three languages."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["figure", "unit", "date", "name", "negation", "content", "relation"]

_SAID: dict[str, dict[FaultKind, str]] = {
    "da": {
        "figure": "tallet {what} står ikke i kilden",
        "unit": "enheden ved {what} er en anden i kilden",
        "date": "datoen {what} står ikke i kilden",
        "name": "navnet {what} står ikke i kilden",
        "negation": "kilden be- og afkræfter ikke det samme ({what})",
        "content": "kilden taler ikke om {what}",
        "relation": "kilden knytter ikke {what} sammen på den måde",
    },
    "nl": {
        "figure": "het getal {what} staat niet in de bron",
        "unit": "de eenheid bij {what} is in de bron een andere",
        "date": "de datum {what} staat niet in de bron",
        "name": "de naam {what} staat niet in de bron",
        "negation": "de bron bevestigt en ontkent niet hetzelfde ({what})",
        "content": "de bron spreekt niet over {what}",
        "relation": "de bron legt dat verband niet: {what}",
    },
    "en": {
        "figure": "the figure {what} does not stand in the source",
        "unit": "the source has another unit than {what}",
        "date": "the date {what} does not stand in the source",
        "name": "the name {what} does not stand in the source",
        "negation": "the source does not affirm and deny the same ({what})",
        "content": "the source does not speak of {what}",
        "relation": "the source does not connect it that way: {what}",
    },
}
_QUOTES = {"da": "»{}«", "nl": "‘{}’", "en": "“{}”"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a statement claims and its sources do not."""

    kind: FaultKind
    what: str  # as the statement writes it

    def said(self, language: str) -> str:
        """The fault in words, in da, nl or en; other languages get English."""
        spoken = language if language in _SAID else "en"
        return _SAID[spoken][self.kind].format(what=_QUOTES[spoken].format(self.what))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the cited sentences back a statement; where they do not, why."""

    faults: tuple[Fault, ...] = ()

    @property
    def backed(self) -> bool:
        return not self.faults
