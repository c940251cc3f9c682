"""Does a patient fit what a sentence says of a range? Of 70 years "65 years or older" holds, of 95 kg "over 80 kg"."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from assistant.documents.quantities import Found, Quantity, find_quantities

_LINK = re.compile(
    r"\s?(?:[-–]|to|til(?: og med)?|tot(?: en met)?|t/m|through|and|og|en)\s"
    r"(?:less than|under|below|mindre end|minder dan|onder)?\s?"
    r"|\s?[-–]\s?|\s(?:to|til(?: og med)?|tot(?: en met)?|t/m|through)\s",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:\b(?:mindst|fra|over|mere end|ældre end|minstens|minimaal|ten minste|vanaf|boven|meer dan|ouder dan|at least"
    r"|from|above|more than|older than)(?:\s(?:de|the age of|age))?|[≥>])\s?$",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?:\b(?:højst|under|mindre end|yngre end|op til|hoogstens|onder|beneden|minder dan|jonger dan|tot|below|less than"
    r"|younger than|up to|at most)(?:\s(?:de|the age of|age))?|[≤<])\s?$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r"\s?(?:(?:eller|og) (?:mere|derover|ældre|opefter)|(?:of|en) (?:meer|ouder|hoger|zwaarder)"
    r"|(?:or|and) (?:more|older|over|above|heavier))\b",
    re.IGNORECASE,
)
_OR_LESS = re.compile(
    r"\s?(?:(?:eller|og) (?:mindre|derunder|yngre)|(?:of|en) (?:minder|jonger|lager|lichter)"
    r"|(?:or|and) (?:less|younger|under|below|lighter))\b",
    re.IGNORECASE,
)
_KILOGRAM = Decimal(1_000_000)  # in mg
_MEASURES = ("amount", "duration", "number")


def asked_figures(text: str, language: str) -> list[Found]:
    """The figures with a unit that a question states of a patient or a case, with their places."""
    return [found for found in find_quantities(text, language) if found.quantity.unit and _is_measure(found.quantity)]


def falls_within(figure: Quantity, text: str, language: str) -> bool:
    """Whether a text speaks of a range that a figure lies in."""
    return any(
        unit == _unit(figure) and (low is None or low <= figure.value) and (high is None or figure.value <= high)
        for unit, low, high in _ranges(text, language)
    )


def _unit(quantity: Quantity) -> str:
    """As it may be compared: a weight in kilograms is a body's, and no dose."""
    return "kg" if quantity.unit == "mg" and quantity.value >= _KILOGRAM else quantity.unit


def _is_measure(quantity: Quantity) -> bool:
    return quantity.kind in _MEASURES


@lru_cache(maxsize=20_000)
def _ranges(text: str, language: str) -> tuple[tuple[str, Decimal | None, Decimal | None], ...]:
    """The ranges of a text: their unit and their ends, None where they have none."""
    found = [one for one in find_quantities(text, language) if _is_measure(one.quantity)]
    ranges: list[tuple[str, Decimal | None, Decimal | None]] = []
    for at, one in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        unit, value = _unit(one.quantity), one.quantity.value
        if after and _LINK.fullmatch(text[one.end : after.start]):
            ends = _ends(one, after, text)
            if ends and ends[0] < ends[1]:
                ranges.append((_unit(after.quantity), *ends))
        elif not unit or _closes_range(found, at, text):
            continue
        elif _FROM.search(text[: one.start]) or _OR_MORE.match(text[one.end :]):
            ranges.append((unit, value, None))
        elif _UP_TO.search(text[: one.start]) or _OR_LESS.match(text[one.end :]):
            ranges.append((unit, None, value))
    return tuple(ranges)


def _closes_range(found: Sequence[Found], at: int, text: str) -> bool:
    return at > 0 and bool(_LINK.fullmatch(text[found[at - 1].end : found[at].start]))


def _ends(one: Found, other: Found, text: str) -> tuple[Decimal, Decimal] | None:
    """Both ends in the unit of the second: the first of "2 to 17 years" is years too."""
    if one.quantity.unit == other.quantity.unit:
        return one.quantity.value, other.quantity.value
    if one.quantity.unit:
        return None
    plain = re.match(r"\d+(?:[.,]\d+)?", text[other.start : other.end])
    if not plain or not Decimal(plain[0].replace(",", ".")):
        return None
    factor = other.quantity.value / Decimal(plain[0].replace(",", "."))
    return one.quantity.value * factor, other.quantity.value
