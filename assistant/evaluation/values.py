"""An expected value: "60 mg" however it is written, give or take what the set allows."""

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.documents.quantities import UNITS, Quantity, parse_number, quantities


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with its unit that an answer states: 0.06 g is 60 mg, and 1.116,10 is 1116.1."""

    written: str
    quantity: Quantity
    within: Decimal = Decimal(0)  # in the unit of `quantity`, either way

    @property
    def pattern(self) -> str:
        """What names it among facts, beside those that are patterns."""
        return f"value:{self.written}" + (f" ±{self.within.normalize():f}" if self.within else "")

    def is_stated(self, text: str, language: str) -> bool:
        """Whether a text states it; `language` decides how the text's numerals are read."""
        return any(self.is_met_by(found) for found in quantities(text, language))

    def is_met_by(self, other: Quantity) -> bool:
        """Whether another figure is this one, by unit, sign and size."""
        return other.unit == self.quantity.unit and abs(other.value - self.quantity.value) <= self.within


def value(written: str, language: str, within: str | float = "") -> Value:
    """Read an expected value.

    Args:
        written: one figure with its unit, as `language` writes it.
        within: how far off it may be: "10 %" of it, or an amount ("0,5 mg"; a bare number counts in the same unit).

    Raises:
        ValueError: it is none; the message says what to write instead.
    """
    found = quantities(written, language)
    if len(found) != 1:
        said = "no figure" if not found else f"{len(found)} figures"
        raise ValueError(f'{written!r} holds {said}; write one with its unit, for example "60 mg"')
    return Value(written, found[0], _tolerance(written, found[0], str(within).strip(), language))


def _tolerance(written: str, of: Quantity, within: str, language: str) -> Decimal:
    if not within:
        return Decimal(0)
    bare = parse_number(within, "en" if within.replace(".", "", 1).isdigit() else language)
    if bare is not None:
        return abs(bare * _one(written))
    found = quantities(within, language)
    if len(found) == 1 and found[0].unit == of.unit and of.unit != "%":
        return abs(found[0].value)
    if len(found) == 1 and found[0].unit == "%":  # of a percentage: percentage points
        return abs(found[0].value) if of.unit == "%" else abs(of.value * found[0].value / 100)
    raise ValueError(f'within {within!r} is no tolerance; write a share ("10 %") or an amount in the same unit')


def _one(written: str) -> Decimal:
    """What one of the unit that is written is, in the unit that values are compared in."""
    return UNITS.get(re.sub(r"[\d.,−–\-\s]+", "", written).lower(), ("", Decimal(1)))[1]
