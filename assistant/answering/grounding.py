"""Does the cited sentence back the statement? Each of its figures and its negations must stand there."""

import re
from collections.abc import Sequence

from assistant.documents.quantities import Quantity, quantities

_NEGATION = re.compile(
    r"\b(?:ikke|ingen|intet|uden|aldrig|hverken|niet|geen|zonder|nooit|noch|not|no|never|without|cannot|nor|neither)\b"
    r"|n't\b|\b(?:k|c)ontra-?[iï]?i?nd",
    re.IGNORECASE,
)


def unbacked(statement: str, language: str, sentences: Sequence[tuple[str, str]]) -> list[Quantity]:
    """Return the figures of `statement` that no cited sentence states: value and unit must both agree.

    Args:
        language: of the statement.
        sentences: (text, language) of each cited sentence.
    """
    stated = {quantity for text, spoken in sentences for quantity in quantities(text, spoken)}
    values = {(quantity.value, quantity.unit) for quantity in stated}
    return [q for q in quantities(statement, language) if (q.value, q.unit) not in values]


def backs(statement: str, language: str, sentences: Sequence[tuple[str, str]]) -> bool:
    """Whether the cited sentences carry every figure of the statement and agree with it on negation."""
    if not sentences or unbacked(statement, language, sentences):
        return False
    return bool(_NEGATION.search(statement)) <= any(_NEGATION.search(text) is not None for text, _ in sentences)
