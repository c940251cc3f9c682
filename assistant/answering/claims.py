"""Figures as two documents may disagree about them: each with the words it stands among, its bound and its groups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from assistant.answering.contrasts import Contrasts, contrasts
from assistant.documents.quantities import UNITS, Found, Quantity, find_quantities, parse_number

Bound = Literal["", "least", "most"]

_PARTED = re.compile(
    r",(?!\s(?:der|som|die|dat|who|which|that)\b|\d)|[;:()–—]|\.\d{0,2}\s|\s-\s|\b(?:og|en|and|mod|imod|versus|vs|tegenover|against|compared|men|maar|but|mens|terwijl|while|whereas"
    r"|hvorefter|daarna|followed|efterfulgt|gevolgd|eller|of(?=\s+(?:bij|met|voor|\d))|or)\b",
    re.IGNORECASE,
)
# What the figures of a sentence are held against has groups of its own: "against 9.8% on placebo".
_HELD_AGAINST = re.compile(
    r"\b(?:mod|imod|tegenover|versus|vs|against|compared (?:to|with)|vergeleken met|sammenlignet med)\b[^.;]*\d[^.;]*",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?[-–]\s?|\s(?:to|til|tot|à|and|og|en)\s", re.IGNORECASE)
_SERIES = re.compile(r"\s*(?:,|og|en|and|eller|of|or|/|, (?:og|en|and|eller|of|or))\s*", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"^\W{0,2}[-–]?\s?(?:(?:CI|KI|BI)\b|konfidens|confidence|betrouwbaarheid|sikkerheds)", re.IGNORECASE
)
_LEAST = re.compile(
    r"\b(?:mindst|minimum|minimaal|ten ?minste|minstens|at least|over|mere end|meer dan|more than|fra|vanaf|from|above"
    r"|boven|ældre end|ouder dan|older than|længere end|langer dan|≥|>)\W*$|[≥>]\s?$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:højst|maks\w*|max\w*|op til|up to|under|mindre end|minder dan|less than|at most|hoogstens|ten hoogste|below"
    r"|beneden|no more than|not more than|within|inden|inden for|binnen|yngre end|jonger dan"
    r"|younger than)\W*$|[≤<]\s?$",
    re.IGNORECASE,
)  # fmt: skip
# A number that only names something: "ARBOR-2", "week 8", "nr. 1", "table 3".
_NAMED_BY = re.compile(
    r"(?:[^\W\d_]-|\b(?:uge|week|dag|day|måned|maand|month|år|jaar|year|nr\.?|no\.?|nummer|number|fase|phase|trin|stap|step"
    r"|stage|stadie|stadium|grad|graad|grade|type|klasse|class|tabel|table|figur|figuur|figure|afsnit|rubriek|section|punt"
    r"|punkt|point|stk\.?|lid|artikel|article|§)\s?)$",
    re.IGNORECASE,
)
_PEOPLE = frozenset(word for word, (unit, _) in UNITS.items() if unit == "people")
_KILOGRAM = Decimal(1_000_000)  # in mg
_SAME_SPAN = Decimal("0.12")  # how far "12 weeks" and "3 months" may lie apart and still be the same
_DAYS = {"minute": Decimal(1) / 1440, "hour": Decimal(1) / 24, "day": Decimal(1), "month": Decimal("30.44")}
_FAR = 100  # times as long: another thing is meant


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure, or the two ends of a range, as a sentence gives it."""

    low: Quantity
    high: Quantity  # of a single figure: the same
    start: int  # characters into the sentence
    end: int
    clause: str  # the part of the sentence around it, figures left out
    bound: Bound
    contrasts: Contrasts  # of its clause, or else of the sentence
    counted: str = ""  # of a bare number: the word behind it
    series: int = 0  # figures of one series, "50 mg and 200 mg", have one number
    beside: frozenset[Quantity] = frozenset()  # the other figures of its clause: the dose that 1.8 % is said of

    @property
    def measure(self) -> tuple[str, str]:
        """What it may be compared with: its kind, and its unit where units cannot be turned into each other."""
        kind = self.low.kind
        if kind == "number" and self.counted in _PEOPLE:
            return "people", "people"
        if kind == "number":
            return kind, "°C" if self.counted == "°c" else ""
        if self.low.unit == "mg" and self.low.value >= _KILOGRAM:
            return kind, "kg"  # nobody takes a kilogram: it is a body's weight
        return kind, "time" if kind in ("duration", "interval") else self.low.unit


@lru_cache(maxsize=20_000)
def claims(text: str, language: str, around: str = "") -> tuple[Claim, ...]:
    """The figures of a sentence that another document may contradict, in order.

    Args:
        around: what the sentence stands under: heading, lead-in.
    """
    found = [one for one in find_quantities(text, language) if not _is_of_method(one, text)]
    of_sentence, of_heading = contrasts(_HELD_AGAINST.sub(" ", text)), contrasts(around)
    made: list[Claim] = []
    at = series = 0
    while at < len(found):
        first = last = found[at]
        if at + 1 < len(found) and _is_range(first, found[at + 1], text):
            last = found[at + 1]
            at += 1
        at += 1
        low, high = _with_unit(first, last, text, language)
        if not _is_comparable(low) or (low.kind == "number" and _NAMED_BY.search(text[: first.start])):
            continue
        clause = _clause(text, language, first.start, last.end, found)
        before = text[: first.start]
        series += not (made and _SERIES.fullmatch(text[made[-1].end : first.start]))
        made.append(
            Claim(
                low,
                high,
                first.start,
                last.end,
                clause,
                "least" if _LEAST.search(before) else "most" if _MOST.search(before) else "",
                contrasts(_raw_clause(text, first.start, last.end)).over(of_sentence).over(of_heading),
                _counted(text, last.end) if low.kind == "number" else "",
                series,
                _beside(text, first.start, last.end, found),
            )
        )
    return tuple(made)


def differ(one: Claim, other: Claim) -> bool:
    """Whether two claims of one measure cannot both be true, if they are about the same thing.

    Rounding is no difference: 5.7 and 6 agree, as do 0.06 g and 60 mg, 12 weeks and 3 months. A figure agrees with a
    range that holds it. "At least 5" and "at most 10" say nothing of each other. Hours and years are
    about two things.
    """
    if one.measure != other.measure or {one.bound, other.bound} == {"least", "most"}:
        return False
    mine, theirs = (_ends(claim) for claim in (one, other))
    if one.low.unit in _DAYS and other.low.unit in _DAYS and max(mine[0], theirs[0]) > _FAR * min(mine[1], theirs[1]):
        return False
    if _is_single(one) and _is_single(other):
        return not agree(one.low, other.low)
    if _is_single(one) or _is_single(other):
        (value, _), (low, high) = (mine, theirs) if _is_single(one) else (theirs, mine)
        ends_agree = agree(one.low, other.low) or agree(one.high, other.high)
        return not (low <= value <= high or ends_agree)
    return not (agree(one.low, other.low) and agree(one.high, other.high))


def is_said_of_another(one: Claim, other: Claim) -> bool:
    """Whether the figures that stand beside them tell them apart: one of 4 mg, the other of 8 mg."""
    for kind in ("amount", "duration"):
        mine = [figure for figure in one.beside if figure.kind == kind]
        theirs = [figure for figure in other.beside if figure.kind == kind]
        if kind != one.low.kind and mine and theirs and not any(agree(a, b) for a in mine for b in theirs):
            return True
    return False


def same_value(one: Claim, other: Claim) -> bool:
    """Whether two claims state the same figure."""
    return one.measure == other.measure and agree(one.low, other.low) and agree(one.high, other.high)


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are the same, but for rounding and the unit."""
    if one.unit == other.unit:
        return one.value == other.value or _rounds(one.value, other.value)
    if one.unit in _DAYS and other.unit in _DAYS:
        a, b = one.value * _DAYS[one.unit], other.value * _DAYS[other.unit]
        within = _SAME_SPAN if "month" in (one.unit, other.unit) else Decimal("0.001")
        return abs(a - b) <= within * max(a, b)
    return False


def _rounds(a: Decimal, b: Decimal) -> bool:
    places = [max(0, -int(value.normalize().as_tuple().exponent)) for value in (a, b)]
    return places[0] != places[1] and round(a, min(places)) == round(b, min(places))


def _ends(claim: Claim) -> tuple[Decimal, Decimal]:
    scale = _DAYS.get(claim.low.unit, Decimal(1))
    low, high = claim.low.value * scale, claim.high.value * _DAYS.get(claim.high.unit, Decimal(1))
    return min(low, high), max(low, high)


def _is_single(claim: Claim) -> bool:
    return claim.low == claim.high


def _is_range(first: Found, second: Found, text: str) -> bool:
    """ "8 to 12 hours", "6,11-6,51 kr.": the first end may lack the unit."""
    between = text[first.end : second.start]
    alike = first.quantity.unit == second.quantity.unit or first.quantity.kind == "number"
    if not alike or not _RANGE.fullmatch(between) or second.quantity.kind == "date":
        return False
    is_pair = bool(re.search(r"\w", between)) and bool(re.search(r"and|og|en", between))
    opens = re.search(r"\b(?:between|mellem|tussen)\s*$", text[: first.start], re.IGNORECASE)
    return first.quantity.value <= second.quantity.value * _factor(first, second) and (not is_pair or bool(opens))


def _factor(first: Found, second: Found) -> Decimal:
    return Decimal(1) if first.quantity.unit == second.quantity.unit else Decimal(10) ** 9


def _with_unit(first: Found, last: Found, text: str, language: str) -> tuple[Quantity, Quantity]:
    """The two ends of a range in one unit: the first of "2 to 17 years" is years too."""
    low, high = first.quantity, last.quantity
    if low.kind == "number" and high.kind != "number":
        numeral = re.match(r"[\d.,\u00a0\u202f ]*\d", text[last.start : last.end])
        plain = parse_number(numeral[0], language) if numeral else None
        if plain:
            low = Quantity((low.value * high.value / plain).normalize(), high.unit, high.kind)
    return low, high


def _is_comparable(quantity: Quantity) -> bool:
    return quantity.kind not in ("ordinal",) and not (quantity.kind == "percent" and quantity.value in (0, 100))


def _is_of_method(found: Found, text: str) -> bool:
    """The 95 % of a confidence interval is chosen, not found."""
    return found.quantity.kind == "percent" and bool(_CONFIDENCE.match(text[found.end :]))


def _raw_clause(text: str, start: int, end: int) -> str:
    left, right = _clause_bounds(text, start, end)
    return text[left:right]


def _beside(text: str, start: int, end: int, found: Sequence[Found]) -> frozenset[Quantity]:
    left, right = _clause_bounds(text, start, end)
    return frozenset(
        one.quantity
        for one in found
        if left <= one.start and one.end <= right and not start <= one.start < end and one.quantity.unit
    )


def _clause_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    left = max((match.end() for match in _PARTED.finditer(text, 0, start)), default=0)
    after = _PARTED.search(text, end)
    return left, after.start() if after else len(text)


def _clause(text: str, language: str, start: int, end: int, found: Sequence[Found]) -> str:
    left, right = _clause_bounds(text, start, end)
    kept = ""
    at = left
    for one in found:
        if one.end <= left or one.start >= right:
            continue
        kept += text[at : one.start] + " "
        at = max(at, one.end)
    clause = re.sub(r"\s+", " ", kept + text[at:right]).strip()
    return clause if re.search(r"[^\W\d_]{4}", clause) else without_figures(text, language)


def _counted(text: str, end: int) -> str:
    """The word behind a bare number, "°c", or the people a few words on: "286 hidtil ubehandlede patienter"."""
    if re.match(r"\s?°\s?C\b", text[end:]):
        return "°c"
    words = re.match(r"(?:\s+[^\W\d_]{2,}(?:-[^\W\d_]+)*){1,4}", text[end:])
    behind = words[0].casefold().split() if words else []
    return next((word for word in behind if word in _PEOPLE), behind[0] if behind else "")


@cache
def without_figures(text: str, language: str) -> str:
    """A sentence with its figures left out: what remains says what they are about."""
    kept, at = "", 0
    for one in find_quantities(text, language):
        kept += text[at : one.start] + " "
        at = one.end
    return re.sub(r"\s+", " ", kept + text[at:]).strip()
