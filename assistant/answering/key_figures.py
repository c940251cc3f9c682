"""The key figures of an answer, to be seen at a glance: "60 mg", "every 6 months", each with the citation it stands in.

Every one is read from a cited sentence, and is in the statement made from it. What cannot stand alone is left out:
figures with a bound ("at most 60 mg"), ends of a range, two of one kind, those of a sentence that denies something,
sentences that only may be meant, and all of an answer whose sources disagree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from assistant.answering.answer import Answer, Statement
from assistant.answering.checks.figures import Figure, figures
from assistant.answering.question import understand
from assistant.answering.shape import NEGATION
from assistant.documents.model import LANGUAGES, LOCALES
from assistant.documents.quantities import UNITS, Kind, quantities

MOST: Final = 4  # of one answer
_ALWAYS: Final[frozenset[Kind]] = frozenset(("amount", "interval"))  # other kinds only where they are asked for
_CURRENCIES = {"kr": "DKK", "eur": "EUR"}
_SPELT: dict[str, dict[tuple[str, int], tuple[str, str]]] = {  # (unit, how many of it): one, several
    "da": {
        ("minute", 1): ("minut", "minutter"), ("hour", 1): ("time", "timer"), ("day", 1): ("dag", "dage"),
        ("day", 7): ("uge", "uger"), ("month", 1): ("måned", "måneder"), ("month", 12): ("år", "år"),
    },
    "nl": {
        ("minute", 1): ("minuut", "minuten"), ("hour", 1): ("uur", "uur"), ("day", 1): ("dag", "dagen"),
        ("day", 7): ("week", "weken"), ("month", 1): ("maand", "maanden"), ("month", 12): ("jaar", "jaar"),
    },
    "en": {
        ("minute", 1): ("minute", "minutes"), ("hour", 1): ("hour", "hours"), ("day", 1): ("day", "days"),
        ("day", 7): ("week", "weeks"), ("month", 1): ("month", "months"), ("month", 12): ("year", "years"),
    },
}  # fmt: skip
_SYMBOLS = {("mg", Decimal("0.001")): "µg", ("mg", Decimal(1000)): "g", ("mg", Decimal(1000000)): "kg",
            ("ml", Decimal(1000)): "l"}  # fmt: skip
_UNITS_OF_EFFECT = {"da": "IE", "nl": "IE", "en": "IU"}
_PERIOD = {"minut": "i minuttet", "time": "i timen", "dag": "om dagen", "uge": "om ugen", "måned": "om måneden",
           "år": "om året"}  # fmt: skip
_NEUTER = ("minut", "år", "uur", "jaar")  # "hvert år", "elk jaar"
_COUNTED = re.compile(r"\b(?:gange?|times|keer|once|twice)\b|maal\b", re.IGNORECASE)
_PEOPLE = (
    {"da": ("kvinder",), "nl": ("vrouwen",), "en": ("women",)},
    {"da": ("mænd",), "nl": ("mannen",), "en": ("men",)},
    {"da": ("børn",), "nl": ("kinderen",), "en": ("children",)},
    {"da": ("voksne",), "nl": ("volwassenen",), "en": ("adults",)},
    {"da": ("patienter",), "nl": ("patiënten",), "en": ("patients",)},
    {"da": ("deltagere",), "nl": ("deelnemers",), "en": ("participants",)},
    {"da": ("forsøgspersoner",), "nl": ("proefpersonen",), "en": ("subjects",)},
    {"da": ("personer", "mennesker"), "nl": ("personen", "mensen"), "en": ("people", "persons")},
)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of a cited sentence, in the asker's language."""

    text: str
    kind: Kind
    citation: int


def key_figures(answer: Answer, most: int = MOST) -> tuple[KeyFigure, ...]:
    """The key figures of an answer, those of the kind asked for first; none where it abstains or sources disagree."""
    if answer.abstained or answer.conflicts or answer.language not in LANGUAGES:
        return ()
    asked = understand(answer.question, language=answer.language, max_characters=len(answer.question)).kinds
    found = [one for s in answer.statements if not s.alternative for one in _of(answer, s)]
    alone = {
        figure.group: figure.quantity
        for figure, _, _ in found
        if len({other.quantity for other, _, _ in found if other.group == figure.group}) == 1
    }
    shown: dict[str, KeyFigure] = {}
    for figure, language, n in found:
        kind = figure.quantity.kind
        if figure.group not in alone or figure.bound or kind not in asked | _ALWAYS:
            continue
        text = said(figure, language, answer.language)
        if text:
            shown.setdefault(text, KeyFigure(text, kind, n))
    return tuple(sorted(shown.values(), key=lambda one: one.kind not in asked)[:most])


def _of(answer: Answer, statement: Statement) -> Iterator[tuple[Figure, str, int]]:
    """The figures that a statement shares with the sentences it cites, with the sentence's language and number."""
    for n in statement.citations:
        citation = answer.citation(n)
        if NEGATION.search(citation.reading):
            continue
        spoken = citation.language if answer.wording == "quoted" else answer.language
        stated = set(quantities(statement.text, spoken))
        certain = set(quantities(citation.reading, citation.language)) & stated
        for figure in figures(citation.reading, citation.language).found:
            if figure.quantity in certain:
                yield figure, citation.language, n


def said(figure: Figure, language: str, wanted: str) -> str:
    """A figure in words of the language `wanted`; "" where they would not say just the same.

    Args:
        language: the one it was written in.
    """
    quantity, locale = figure.quantity, LOCALES[wanted]
    if quantity.kind == "date":
        return str(format_date(_day(quantity.value), "long", locale=locale))
    if quantity.kind == "money":
        return str(format_currency(quantity.value, _CURRENCIES[quantity.unit], locale=locale))
    if quantity.kind == "percent":
        return str(format_percent(quantity.value / 100, locale=locale, decimal_quantization=False))
    if quantity.kind == "frequency":
        joint = {"da": "ud af", "nl": "op de", "en": "in"}[wanted]
        return f"1 {joint} {_number(quantity.value, wanted)}"
    if quantity.kind == "people":
        return _people(figure, language, wanted)
    if quantity.kind == "interval":
        return _interval(figure, wanted)
    if quantity.kind == "duration":
        unit, length = _written_unit(figure)
        one, several = _SPELT[wanted][unit, int(length)]
        number = quantity.value / length
        return f"{_number(number, wanted)} {one if number == 1 else several}"
    if quantity.kind == "amount":
        unit, size = _written_unit(figure)
        symbol = _UNITS_OF_EFFECT[wanted] if unit == "iu" else _SYMBOLS.get((unit, size), unit)
        return f"{_number(quantity.value / size, wanted)}\u00a0{symbol}"
    return ""


def _number(value: Decimal, language: str) -> str:
    return str(format_decimal(value, locale=LOCALES[language], decimal_quantization=False))


def _day(ordinal: Decimal) -> date:
    return date.fromordinal(int(ordinal))


def _written_unit(figure: Figure) -> tuple[str, Decimal]:
    """The unit a figure was written in, and what one of it is in the canonical unit: a gram is not said in mg."""
    canonical = figure.quantity.unit
    for word in reversed(re.findall(r"[^\W\d_][\w/]*\.?|%|€", figure.written.lower())):
        unit, size = UNITS.get(word) or UNITS.get(word.rstrip(".")) or ("", Decimal(1))
        if unit == canonical:
            return unit, size
    return canonical, Decimal(1)


def _people(figure: Figure, language: str, wanted: str) -> str:
    word = figure.written.split()[-1].lower()
    named = next((names[wanted][0] for names in _PEOPLE if word in names.get(language, ())), "")
    return f"{_number(figure.quantity.value, wanted)} {named}" if named and figure.quantity.value != 1 else ""


def _interval(figure: Figure, wanted: str) -> str:
    unit, size = _written_unit(figure)
    value = figure.quantity.value
    if _COUNTED.search(figure.written):
        lengths = [length for (other, length) in _SPELT[wanted] if other == unit]
        for length in lengths:
            often = round(length / value)
            if often and abs(length / value - often) < Decimal("1e-9"):
                return _so_often(often, _SPELT[wanted][unit, length][0], wanted)
        return ""
    if value % size:  # "every half year": whole months
        size = Decimal(1)
    count = value / size
    if count != int(count):
        return ""
    one, several = _SPELT[wanted][unit, int(size)]
    return _each(int(count), one, several, wanted)


def _so_often(often: int, period: str, language: str) -> str:
    """ "2 gange om dagen", "2 keer per dag", "twice a day"."""
    if language == "da":
        return f"{often} {'gang' if often == 1 else 'gange'} {_PERIOD[period]}"
    if language == "nl":
        return f"{often} keer per {period}"
    times = {1: "once", 2: "twice"}.get(often, f"{often} times")
    return f"{times} {'an' if period == 'hour' else 'a'} {period}"


def _each(count: int, one: str, several: str, language: str) -> str:
    """ "hver 6. måned", "elke 6 maanden", "every 6 months"."""
    if language == "da":
        every = "hvert" if one in _NEUTER else "hver"
        return f"{every} {one}" if count == 1 else f"{every} {count}. {one}"
    if language == "nl":
        return f"{'elk' if one in _NEUTER else 'elke'} {one}" if count == 1 else f"elke {count} {several}"
    return f"every {one}" if count == 1 else f"every {count} {several}"
