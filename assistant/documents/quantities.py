"""Figures of official medicine texts as comparable values: "5,7 %", "60 mg", "18. juli 2025", "1.116,10 kr.".

Numbers are read by the language they stand in (Babel's locale data): 1.234 is a thousand and more in Danish and
Dutch, one and a bit in English.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Literal

Kind = Literal["number", "amount", "percent", "duration", "interval", "money", "people", "frequency", "date", "ordinal"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit. Equal ones say the same, however they are written."""

    value: Decimal
    unit: str  # canonical: "mg", "%", "month", "kr", "1/n", "date" (value is its ordinal day), "" for a bare number
    kind: Kind

    def __str__(self) -> str:
        if self.kind == "date":
            return date.fromordinal(int(self.value)).isoformat()
        shown = format(self.value.normalize(), "f")
        return f"1/{shown}" if self.unit == "1/n" else f"{shown} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and where it stands in the text it was read from."""

    quantity: Quantity
    start: int
    end: int


_SCALE: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("mg", "milligram", "milligrams", "milligrammes"), ("mg", Decimal(1))),
    **dict.fromkeys(("µg", "μg", "mcg", "mikrogram", "microgram", "micrograms"), ("mg", Decimal("0.001"))),
    **dict.fromkeys(("g", "gram", "grams"), ("mg", Decimal(1000))),
    **dict.fromkeys(("kg", "kilogram", "kilo"), ("mg", Decimal(1000000))),
    **dict.fromkeys(("ml", "milliliter", "millilitre", "milliliters"), ("ml", Decimal(1))),
    **dict.fromkeys(("l", "liter", "litre", "liters"), ("ml", Decimal(1000))),
    **dict.fromkeys(("mg/ml",), ("mg/ml", Decimal(1))),
    **dict.fromkeys(("ml/min",), ("ml/min", Decimal(1))),
    **dict.fromkeys(("mg/kg",), ("mg/kg", Decimal(1))),
    **dict.fromkeys(("ie", "iu", "i.e.", "enheder", "eenheden", "units"), ("iu", Decimal(1))),
    **dict.fromkeys(("mmol/l",), ("mmol/l", Decimal(1))),
    **dict.fromkeys(("%", "procent", "pct", "pct.", "percent", "per cent"), ("%", Decimal(1))),
    **dict.fromkeys(
        (
            "procentpoint", "procentpunt", "procentpunten", "%-point", "percentage point", "percentage points",
            "percentagepoint",
        ),
        ("%-point", Decimal(1)),
    ),
    **dict.fromkeys(("kr", "kr.", "dkk", "kroner"), ("kr", Decimal(1))),
    **dict.fromkeys(("€", "eur", "euro", "euros"), ("eur", Decimal(1))),
    **dict.fromkeys(("minut", "minutter", "minuut", "minuten", "minute", "minutes"), ("minute", Decimal(1))),
    **dict.fromkeys(("time", "timer", "timers", "uur", "uren", "hour", "hours"), ("hour", Decimal(1))),
    **dict.fromkeys(("dag", "dage", "dages", "dagen", "day", "days"), ("day", Decimal(1))),
    **dict.fromkeys(("uge", "uger", "ugers", "week", "weken", "weeks"), ("day", Decimal(7))),
    **dict.fromkeys(("måned", "måneder", "måneders", "mdr", "mdr.", "maand", "maanden", "month", "months"), ("month", Decimal(1))),
    **dict.fromkeys(("år", "års", "årig", "årige", "jaar", "jaren", "jarig", "jarige", "jarigen", "jr", "year", "years"), ("month", Decimal(12))),
    **dict.fromkeys(
        (
            "personer", "patienter", "kvinder", "mænd", "deltagere", "børn", "voksne", "personen", "patiënten", "vrouwen",
            "mannen", "deelnemers", "kinderen", "volwassenen", "people", "persons", "patients", "women", "men",
            "participants", "children", "adults", "subjects", "forsøgspersoner", "proefpersonen", "mensen", "mennesker",
        ),
        ("people", Decimal(1)),
    ),
}  # fmt: skip
UNITS: Mapping[str, tuple[str, Decimal]] = _SCALE  # unit as written -> canonical unit, what one of it is in that
_KINDS: dict[str, Kind] = {
    "%": "percent", "%-point": "percent", "kr": "money", "eur": "money", "minute": "duration", "hour": "duration", "day": "duration",
    "month": "duration", "people": "people",
}  # fmt: skip
_WORDS: dict[str, dict[str, int]] = {
    "da": {"en": 1, "én": 1, "et": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "sjette": 6, "halve": 0},
    "nl": {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "zesde": 6},
    "en": {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "sixth": 6},
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _SCALE), key=len, reverse=True))
_NUMERAL = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)*"
_NUMBER = re.compile(
    rf"(?P<sign>(?<![\w.,])[−–-](?=\d))?(?<![\w.,/])(?P<number>{_NUMERAL})(?:\s?[-–]\s?(?P<to>{_NUMERAL}))?"
    rf"(?P<ordinal>\.(?=\s*(?:{_UNIT})\b))?(?:\s*-?\s*(?P<unit>{_UNIT})(?![\w]))?",
    re.IGNORECASE,
)
_MONEY_FIRST = re.compile(rf"(?P<unit>kr\.?|DKK|EUR|€)\s*(?P<number>{_NUMERAL})", re.IGNORECASE)
_RATIO = re.compile(
    r"(?<![\w.,])(?:1|en|én|een|één|one)\s*(?:ud af(?: hver)?|af(?: hver)?|op(?: de| elke)?|per|in|out of(?: every)?|/|til|:)\s*"
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+|\d+)(?![\d]|[.,]\d)",
    re.IGNORECASE,
)
_EVERY = re.compile(r"(?:hver|hvert|elke|iedere|per|om de|every|each|pr\.)\s*$", re.IGNORECASE)
_EVERY_WORD = re.compile(
    rf"\b(?:hver|hvert|elke|iedere|per|om de|every)\s+(?P<word>[^\W\d_]+)\s+(?P<unit>{_UNIT})\b", re.IGNORECASE
)
_ADVERBS = {
    "once": 1,
    "twice": 2,
    "eenmaal": 1,
    "éénmaal": 1,
    "tweemaal": 2,
    "driemaal": 3,
    "viermaal": 4,
    "en": 1,
    "et": 1,
}
_PERIODS: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("dag", "døgn", "dagligt", "daglig", "dagen", "day", "daily", "daags", "dagelijks", "dagelijkse"), ("day", Decimal(1))),
    **dict.fromkeys(("uge", "ugen", "ugentlig", "ugentligt", "week", "weekly", "wekelijks", "wekelijkse"), ("day", Decimal(7))),
    **dict.fromkeys(("måned", "måneden", "månedlig", "månedligt", "month", "monthly", "maand", "maandelijks"), ("month", Decimal(1))),
    **dict.fromkeys(("år", "året", "årlig", "årligt", "year", "yearly", "annually", "jaar", "jaarlijks"), ("month", Decimal(12))),
}  # fmt: skip
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_TIMES = re.compile(
    rf"\b(?P<times>\d{{1,2}}|[^\W\d_]+)\s*(?:gange?|times?|keer|maal|(?<=once)|(?<=twice)|(?<=maal))\s+"
    rf"(?:om\s+|pr\.?\s+|per\s+|hver\s+|a\s+|each\s+|every\s+|i\s+)?(?P<period>{_PERIOD})\b",
    re.IGNORECASE,
)
_PERIODIC = re.compile(
    r"\b(?:(?:hver|hvert|elke|iedere|every|each)\s+(?P<period>dag|døgn|uge|måned|år|day|week|month|year|maand|jaar))\b",
    re.IGNORECASE,
)
_HALF_YEAR = re.compile(r"\b(?:hvert\s+halve\s+år|halvårligt?|(?:elk|ieder|per)\s+half\s?jaar|halfjaarlijks|twice\s+(?:a|per)\s+year|half-yearly|six-monthly)\b", re.IGNORECASE)  # fmt: skip


def quantities(text: str, language: str = "da") -> list[Quantity]:
    """The quantities that `text` states, in order. `language` decides how its numerals are read."""
    return [found.quantity for found in find_quantities(text, language)]


def find_quantities(text: str, language: str = "da") -> list[Found]:
    """As `quantities`, with places: `text[start:end]` is the figure with its unit. None overlap."""
    return list(_found(text, language))


@lru_cache(maxsize=50_000)  # each question looks at the same sentences again
def _found(text: str, language: str) -> tuple[Found, ...]:
    taken: list[Found] = []
    for reader in (_dates, _ratios, _intervals, _money_first, _numbers):
        for found in reader(text, language):
            if not any(found.start < other.end and other.start < found.end for other in taken):
                taken.append(found)
    return tuple(sorted(taken, key=lambda found: (found.start, found.end)))


def parse_number(numeral: str, language: str) -> Decimal | None:
    """A numeral as a value, by the conventions of `language`; None when it is none.

    A space, or a separator followed by other than three digits, decides by itself; "1.234" goes by the language.
    """
    plain = re.sub(r"[ \u00a0\u202f]", "", numeral)
    decimal, group = (".", ",") if language == "en" else (",", ".")
    both = decimal in plain and group in plain
    if both and plain.rindex(decimal) < plain.rindex(group):
        decimal, group = group, decimal
    elif group in plain and not both and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", plain):
        decimal, group = group, decimal  # "2.5" in a Danish text: no group of three follows
    if plain.count(decimal) > 1:
        return None
    try:
        return Decimal(plain.replace(group, "").replace(decimal, "."))
    except InvalidOperation:
        return None


def _numbers(text: str, language: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        unit_word = (match["unit"] or "").lower()
        unit, factor = _SCALE.get(unit_word, ("", Decimal(1)))
        every = bool(_EVERY.search(text[: match.start()])) and unit in ("minute", "hour", "day", "month")
        kind: Kind = "interval" if every else _KINDS.get(unit, "amount" if unit else "number")
        if match["ordinal"] and not every:
            kind = "ordinal"
        for numeral in filter(None, (match["number"], match["to"])):
            value = parse_number(numeral, language)
            if value is not None:
                signed = -value if match["sign"] else value
                start = match.start() if numeral == match["number"] else match.start("to")
                end = match.end() if numeral == (match["to"] or match["number"]) else match.end("number")
                yield Found(Quantity((signed * factor).normalize(), unit, kind), start, end)


def _money_first(text: str, language: str) -> Iterator[Found]:
    for match in _MONEY_FIRST.finditer(text):
        after = re.match(r"\s*(?:kr|DKK|EUR|€|%|mg)", text[match.end() :], re.IGNORECASE)
        value = parse_number(match["number"], language)
        if value is not None and not after:
            unit, _ = _SCALE[match["unit"].lower()]
            yield Found(Quantity(value.normalize(), unit, "money"), match.start(), match.end())


def _ratios(text: str, language: str) -> Iterator[Found]:
    for match in _RATIO.finditer(text):
        value = Decimal(re.sub(r"\D", "", match["number"]))
        yield Found(Quantity(value.normalize(), "1/n", "frequency"), match.start(), match.end())


def _intervals(text: str, language: str) -> Iterator[Found]:
    for match in _HALF_YEAR.finditer(text):
        yield Found(Quantity(Decimal(6), "month", "interval"), match.start(), match.end())
    words = _WORDS.get(language, {})
    for match in _TIMES.finditer(text):
        times = match["times"].lower()
        often = Decimal(times) if times.isdigit() else Decimal(words.get(times, 0) or _ADVERBS.get(times, 0))
        unit, factor = _PERIODS[match["period"].lower()]
        if often:
            yield Found(Quantity((factor / often).normalize(), unit, "interval"), match.start(), match.end())
    for match in _PERIODIC.finditer(text):
        unit, factor = _PERIODS[match["period"].lower()]
        yield Found(Quantity(factor, unit, "interval"), match.start(), match.end())
    for match in _EVERY_WORD.finditer(text):
        count = words.get(match["word"].lower())
        unit, factor = _SCALE[match["unit"].lower()]
        if count and unit in ("minute", "hour", "day", "month"):
            yield Found(Quantity((factor * count).normalize(), unit, "interval"), match.start(), match.end())


def _dates(text: str, language: str) -> Iterator[Found]:
    months = _months()
    pattern = _date_pattern()
    for match in pattern.finditer(text):
        if match["iso"]:
            year, month, day = (int(part) for part in match["iso"].split("-"))
        elif match["day"]:
            year, month, day = int(match["year"]), months[match["month"].lower()], int(match["day"])
        else:
            year, month, day = int(match["year2"]), months[match["month2"].lower()], int(match["day2"])
        try:
            value = date(year, month, day).toordinal()
        except ValueError:
            continue
        yield Found(Quantity(Decimal(value), "date", "date"), match.start(), match.end())


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names

    return {
        name.lower().rstrip("."): number
        for language in ("da", "nl", "en")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


@cache
def _date_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(_months(), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
        rf"|(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{names})\.?,?\s+(?P<year>\d{{4}})"
        rf"|(?P<month2>{names})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{{4}}))\b",
        re.IGNORECASE,
    )
