"""Tables of plain text, by eye: rows of figures under a line that says what the columns are."""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.documents.lines import Line

TablePart = Literal["header", "row"]

_LONGEST = 140  # characters of a row
_SHARE = 0.25  # of the words in a row, those that are figures
_LEAST = 2  # figures in a row, and rows in a table
_STOP = re.compile(r"[.!?:;,-]['\"”’»)]*$")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|[•●▪■‣◦⁃∙·*–—-]\s")
_FIGURE = re.compile(r"^[(<>≤≥±~€$£]*\d[\w.,:/%()<>≥≤–-]*$|^[–—…-]$|^[€$£]$")
_MEASURED = re.compile(  # a cell of a table's body, by what it is: a decimal, a share, a price, an amount
    r"\d(?P<decimal>[.,])\d|\d\s?(?P<share>%)|(?P<price>[€$£])\s?[\d…]|\d\s?(?P<unit>mg|g|kg|µg|mcg|ml|mm|cm|IE|IU|kr|EUR|DKK"
    r"|år|jaar|years?|uger|weken|weeks|dage|dagen|days|timer|uur|hours|min)\b"
)
_DATE = re.compile(r"\b\d{1,2}\.?\s(?:[a-zA-Z]{3,9})\.?\s\d{4}\b|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b")


def table_parts(lines: Sequence[Line]) -> dict[int, TablePart]:
    """The lines that are a table's header or one of its rows, by their place; the others are not in it.

    A table is a run of at least two lines with two figures or more each, a quarter of their words, that begin with a
    capital or a figure and end in no stop; its header is the line above them, or the first one if it measures nothing
    that the others do.
    """
    found: dict[int, TablePart] = {}
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_row(lines[end].text) and (end == at or _adjacent(lines, at, end)):
            end += 1
        if end < len(lines) and lines[end].text[0].islower() and not lines[end].blanks_before:
            end -= 1  # what seems a last row goes on in the next line: it is prose
        if end - at >= _LEAST:
            found.update(dict.fromkeys(range(at, end), "row"))
            first, *others = (_measures(lines[row].text) for row in range(at, end))
            if frozenset.intersection(*others) and not first & frozenset.intersection(*others):
                found[at] = "header"
            elif at and _is_header(lines[at - 1].text) and lines[at].blanks_before <= lines[at + 1].blanks_before:
                found[at - 1] = "header"
        at = max(end, at + 1)
    return {place: part for place, part in found.items() if part == "header" or _has_body(found, place)}


def _has_body(found: dict[int, TablePart], place: int) -> bool:
    """Whether a row has another row beside it: a header with one row is a table, one row alone is none."""
    return any(found.get(near) for near in (place - 1, place + 1))


def _measures(text: str) -> frozenset[str]:
    """What kinds of figures a line has, outside brackets."""
    outside = re.sub(r"\([^)]*\)", " ", text)
    return frozenset(str(match.lastgroup) for match in _MEASURED.finditer(outside))


def _is_row(text: str) -> bool:
    if len(text) > _LONGEST or _STOP.search(text) or _NUMBERED.match(text) or text[0].islower():
        return False
    words = _DATE.sub("on", text).split()
    figures = sum(bool(_FIGURE.match(word)) for word in words)
    return figures >= _LEAST and figures >= _SHARE * len(words) and any(re.search(r"[^\W\d_]{2}", w) for w in words)


def _adjacent(lines: Sequence[Line], first: int, place: int) -> bool:
    """Whether a row stands as close to the one above as the second does to the first."""
    if lines[place].interrupted:
        return False
    return lines[place].blanks_before <= max(0, lines[min(first + 1, place)].blanks_before)


def _is_header(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and not _STOP.search(text)
        and not _NUMBERED.match(text)
        and text[0].isupper()
        and len(text.split()) >= _LEAST
        and not _MEASURED.search(text)
    )
