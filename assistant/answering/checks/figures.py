"""The figures of a sentence as a claim: value and unit, and whether it is "at most", "over", or an end of a range.

On top of `documents/quantities.py` this reads numbers written as words, rates ("120 mg a day"), units that have no
scale there (°C, dB, ml/min), and keeps every digit that stands in no quantity, so that none goes unchecked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from assistant.answering.checks.cues import bounds, numbers, periods
from assistant.documents.quantities import Found, Quantity, find_quantities, parse_number

_ARTICLES = {"da": ("en", "et"), "nl": ("een",), "en": ("a", "an", "one")}
_UNITS = re.compile(
    r"\s?(?:(?P<degree>°\s?(?:C|F)|grader|graden|degrees)|(?P<other>dB|mmHg|mm\s?Hg|ml/min|kg/m²|kg/m2|m²|m2|µmol/l"
    r"|g/l|mg/l|kcal|kJ|cm|mm|MBq|Gy|kPa|Hz|U/l|mEq|kDa))(?![\w/])"
)
_COUNTED = re.compile(r"\s+(?:[^\W\d_]+\s+)?(?P<noun>[^\W\d_]{3,})")
_WITH_DIGIT = re.compile(r"\w*\d[\w]*(?:[.,/-]\w*\d\w*)*")
_BETWEEN = {
    "da": (r"\b(?:mellem|fra)\s*$", r"^\s*(?:og|til|-|–)\s*$"),
    "nl": (r"\b(?:tussen|van)\s*(?:de\s+)?$", r"^\s*(?:en|tot|tot en met|naar|-|–)\s*$"),
    "en": (r"\b(?:between|from)\s*$", r"^\s*(?:and|to|-|–)\s*$"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as claimed. Two say the same where `agrees_with` holds."""

    quantity: Quantity
    bound: str  # "", "<", "<=", ">", ">=", "~"; "<=<": at most or under; "low", "high": the ends of a range
    start: int  # characters into the text it was read from
    end: int  # exclusive
    written: str
    unit: str = ""  # of a bare number: a symbol behind it that has no scale, as "°C"
    counted: str = ""  # of a bare number, or of people: the word behind it
    numeral: str = ""  # its number as written, whatever the unit: "60" of "60 mg" and of "sixty µg"

    @property
    def group(self) -> tuple[str, str]:
        """Figures of one group are told apart by their value: they are of one kind and unit."""
        return self.quantity.kind, self.quantity.unit or self.unit

    def same_value(self, other: "Figure") -> bool:
        """Whether value and unit agree, whatever bounds them."""
        mine, theirs = self.quantity, other.quantity
        if mine.value != theirs.value or self.unit != other.unit:
            return False
        if mine.unit == theirs.unit:
            return (mine.kind == "interval") == (theirs.kind == "interval")
        return {mine.unit, theirs.unit} == {"", "people"}

    def agrees_with(self, other: "Figure") -> bool:
        """Whether value, unit and bound agree; "about" a figure and the figure do."""
        bounds_agree = {self.bound, other.bound} <= {"", "~"}
        return self.same_value(other) and (
            self.bound == other.bound
            or bounds_agree
            or (self.bound == "<=<" and other.bound in ("<", "<="))
            or (other.bound == "<=<" and self.bound in ("<", "<="))
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a text, and what is left of it without them."""

    found: tuple[Figure, ...]
    loose: tuple[str, ...]  # words with digits that are no figure: "H3", "2026/118", "CYP3A4"; casefolded
    rest: str  # the text with every figure blanked, of the same length


@lru_cache(maxsize=20_000)
def figures(text: str, language: str) -> Figures:
    """Read the figures of `text`, in order. Those of a range are two; none overlap."""
    plain, places = _with_digits(text, language)
    found: list[Figure] = []
    quantities = find_quantities(plain, language)
    for place, one in enumerate(quantities):
        found.append(_bounded(plain, language, one, quantities[place - 1] if place else None))
    found = _ranges(plain, language, found)
    found += _rates(plain, language, found)
    rest = list(plain)
    for figure in found:
        rest[figure.start : figure.end] = " " * (figure.end - figure.start)
    left = "".join(rest)
    loose = tuple(match.group().casefold() for match in _WITH_DIGIT.finditer(left))
    left = _WITH_DIGIT.sub(lambda match: " " * len(match.group()), left)
    kept = [replace(f, start=places[f.start], end=places[f.end], written=_written(text, f, places)) for f in found]
    kept.sort(key=lambda f: f.start)
    blank = list(text)
    for figure in kept:
        blank[figure.start : figure.end] = " " * (figure.end - figure.start)
    return Figures(tuple(kept), loose, _WITH_DIGIT.sub(lambda match: " " * len(match.group()), "".join(blank)))


def _written(text: str, figure: Figure, places: Sequence[int]) -> str:
    return text[places[figure.start] : places[figure.end]].strip()


def with_article(text: str, language: str) -> list[str]:
    """The words that an article makes one: "tablet" of "en tablet", "a tablet"; casefolded."""
    articles = "|".join(_ARTICLES.get(language, ("a",)))
    return [noun.casefold() for noun in re.findall(rf"\b(?:{articles})\s+([^\W\d_]+)", text, re.IGNORECASE)]


def _with_digits(text: str, language: str) -> tuple[str, list[int]]:
    """The text with its number words as digits, and for each of its characters, and its end, the place in `text`."""
    plain, places, at = "", [], 0
    for match in _spelt_pattern(language).finditer(text):
        word = match.group().casefold()
        digits = str(numbers(language)[word])
        plain += text[at : match.start()] + digits
        places += [*range(at, match.start()), *([match.start()] * len(digits))]
        at = match.end()
    plain += text[at:]
    places += [*range(at, len(text)), len(text)]
    return plain, places


@cache
def _spelt_pattern(language: str) -> re.Pattern[str]:
    words = sorted(numbers(language), key=len, reverse=True)
    if not words:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


def _bounded(text: str, language: str, found: Found, before: Found | None) -> Figure:
    start, end = found.start, found.end
    unit = counted = ""
    if found.quantity.unit in ("", "people"):
        symbol = _UNITS.match(text, end) if not found.quantity.unit else None
        if symbol:
            unit, end = _symbol(symbol), symbol.end()
        elif found.quantity.unit == "people":
            counted = text[start:end].split()[-1]
        elif noun := _COUNTED.match(text, end):
            counted = noun["noun"]
    since = before.end if before else 0
    return Figure(
        found.quantity,
        _bound(text[since:start], text[end:], language),
        start,
        end,
        text[start:end],
        unit,
        counted,
        numeral=_numeral(text[start:end], found.quantity, language),
    )


def _numeral(written: str, quantity: Quantity, language: str) -> str:
    match = re.search(r"\d+(?:[.,]\d+)*", written)
    value = parse_number(match.group(), language) if match and quantity.kind != "frequency" else quantity.value
    return "" if value is None else format(value.normalize(), "f")


def _symbol(match: re.Match[str]) -> str:
    if match["degree"]:
        return "°F" if "F" in match["degree"] else "°C"
    return str(match["other"]).replace(" ", "").replace("²", "2")


def _bound(before: str, behind: str, language: str) -> str:
    longest, bound = 0, ""
    for name, pattern in bounds("before", language):
        match = pattern.search(before)
        if match and len(match.group()) > longest:
            longest, bound = len(match.group()), name
    for name, pattern in bounds("behind", language):
        if pattern.search(behind):
            return name
    if bound:
        return bound
    part = re.split(r"[.;:]\s", before)[-1]
    return next((name for name, pattern in bounds("about", language) if pattern.search(part)), "")


def _ranges(text: str, language: str, found: list[Figure]) -> list[Figure]:
    """The ends of "2-4 mg", "between 2 and 4 mg", "from 2 to 4 mg" say which end they are."""
    opens, joins = _BETWEEN.get(language, _BETWEEN["en"])
    kept = list(found)
    for place in range(len(kept) - 1):
        low, high = kept[place], kept[place + 1]
        gap = text[low.end : high.start]
        spanned = bool(re.search(opens, text[: low.start], re.IGNORECASE)) and bool(re.match(joins, gap, re.IGNORECASE))
        dashed = bool(re.fullmatch(r"\s*(?:[-–]|til|tot|to)\s*", gap))
        if spanned or dashed:
            if low.quantity.unit == "" and high.quantity.unit:  # "2 to 4 mg": the unit is of both
                low = replace(low, quantity=_scaled(low.quantity, high))
            unit = low.unit or high.unit if not low.quantity.unit else ""
            kept[place] = replace(low, bound="low", unit=unit)
            kept[place + 1] = replace(high, bound="high")
    return kept


def _scaled(bare: Quantity, other: Figure) -> Quantity:
    """A bare number in the unit, as written, of another figure."""
    numeral = re.match(r"[−–-]?[\d.,\s]*", other.written)
    digits = re.sub(r"[^\d,.]", "", numeral.group() if numeral else "")
    try:
        written = Decimal(digits.replace(",", "."))
    except ArithmeticError:
        return replace(bare, unit=other.quantity.unit, kind=other.quantity.kind)
    factor = abs(other.quantity.value) / written if written else Decimal(1)
    return Quantity((bare.value * factor).normalize(), other.quantity.unit, other.quantity.kind)


def _rates(text: str, language: str, found: Sequence[Figure]) -> list[Figure]:
    lengths = {"day": ("day", 1), "week": ("day", 7), "month": ("month", 1), "year": ("month", 12)}
    rates = []
    for period, pattern in periods(language):
        for match in pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            unit, length = lengths[period]
            quantity = Quantity(Decimal(length), unit, "interval")
            rates.append(Figure(quantity, "", match.start(), match.end(), match.group()))
    return rates
