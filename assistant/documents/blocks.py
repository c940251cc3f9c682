"""Content lines as blocks: headings, paragraphs, list items, table rows. From the format's own marks, or by eye."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.documents.lines import Line
from assistant.documents.model import Document, Mark
from assistant.documents.tables import table_parts

BlockKind = Literal["heading", "paragraph", "item", "row", "note"]
_BULLET = re.compile(r"(?:[•●▪■‣◦⁃∙·*–—-]|\uf0b7|\uf0a7)\s+(?=\S)")
_NUMBERED = re.compile(r"\(?(?P<number>\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_NOTE = re.compile(r"(?:\d{1,2}|[a-h])\s+(?=[^\W\d_a-zæøåëïéè])")
_STOP = re.compile(r"[.!?:;…]['\"”’»)\]]*\s*\d{0,2}$")
_NO_HEADING_END = re.compile(r"[.,:;…]['\"”’»)]*(?:\d{1,2}(?:,\d{1,2})*|[a-h])?$|[-–]$")  # also with a note mark behind
# A line that ends in one of these is not finished: it leads into the list below it.
_OPEN_END = re.compile(
    r"\b(?:hvis|når|at|som|der|til|for|af|med|er|og|eller|samt|herunder|hos|als|indien|wanneer|dat|die|van|voor|bij|zijn|is|en"
    r"|of|met|if|when|that|which|are|to|and|or|with|by|the|following|følgende|volgende)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Block:
    """Lines that belong together."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    level: int = 1
    number: str = ""  # of a numbered item: "3"

    @property
    def text(self) -> str:
        """Its lines, for looking at its shape only."""
        return " ".join(line.text for line in self.lines)


def blocks(document: Document, lines: Sequence[Line]) -> list[Block]:
    """Group content lines into blocks, in reading order."""
    marks = [mark for mark in document.marks if mark.kind != "skip"]
    found = _by_marks(lines, marks) if marks else _by_eye(lines)
    return _headings_with_content(found if marks else _headings_by_eye(found))


def _by_marks(lines: Sequence[Line], marks: Sequence[Mark]) -> list[Block]:
    """Blocks where the format states them; what it leaves unmarked parts at blank lines."""
    found: list[Block] = []
    at, last_mark = 0, -1
    for line in lines:
        while at < len(marks) and marks[at].end <= line.start:
            at += 1
        inside = [
            i for i in range(at, min(at + 8, len(marks))) if marks[i].start < line.end and line.start < marks[i].end
        ]
        current = inside[-1] if inside else -1
        if current >= 0 and current == last_mark and found:
            found[-1].lines.append(line)
        elif current >= 0:
            mark = marks[current]
            kind: BlockKind = mark.kind if mark.kind != "skip" else "paragraph"
            number = _number(line.text) if kind == "item" else ""
            found.append(Block(kind, [_unmarked(line, kind)], max(1, mark.level), number))
        elif last_mark >= 0 or line.blanks_before or not found:
            found.append(Block("paragraph", [line]))
        else:
            found[-1].lines.append(line)
        last_mark = current
    return found


def _by_eye(lines: Sequence[Line]) -> list[Block]:
    found: list[Block] = []
    kind: BlockKind
    spacing, width = _spacing(lines), _width(lines)
    tables = table_parts(lines)
    for index, line in enumerate(lines):
        if index in tables or index - 1 in tables:
            kind = "row" if tables.get(index) == "row" else "item" if _is_item(line.text) else "paragraph"
            found.append(Block(kind, [_unmarked(line, kind)], 1, _number(line.text) if kind == "item" else ""))
            continue
        previous = lines[index - 1] if index else None
        kind = "item" if _is_item(line.text) else "paragraph"
        notes_above = bool(found) and found[-1].kind == "note"
        if kind == "paragraph" and _NOTE.match(line.text) and (notes_above or line.blanks_before > spacing):
            kind = "note"
        starts = kind != "paragraph" or previous is None or _parts(previous, line, spacing, width)
        if starts:
            found.append(Block(kind, [_unmarked(line, kind)], 1, _number(line.text) if kind == "item" else ""))
        else:
            found[-1].lines.append(line)
    return found


def _is_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def _number(text: str) -> str:
    match = _NUMBERED.match(text)
    return match["number"] if match else ""


def _unmarked(line: Line, kind: BlockKind) -> Line:
    """An item's line without its bullet, a note's without its mark; a number stays, since people refer to it."""
    bullet = _BULLET.match(line.text) if kind == "item" else _NOTE.match(line.text) if kind == "note" else None
    if not bullet:
        return line
    return Line(line.start + bullet.end(), line.end, line.text[bullet.end() :], line.blanks_before, line.interrupted)


def _spacing(lines: Sequence[Line]) -> int:
    """How many empty lines stand inside a paragraph: 0 as a rule, 1 in double-spaced text.

    Read off places where a sentence surely goes on: no stop before the break, a small letter after it.
    """
    gaps = Counter(
        line.blanks_before
        for previous, line in itertools.pairwise(lines)
        if not line.interrupted and not _STOP.search(previous.text) and line.text[0].islower()
    )
    return gaps.most_common(1)[0][0] if gaps else 0


def _width(lines: Sequence[Line]) -> float:
    """The width that lines were wrapped at, in characters; 0 for text that is not wrapped."""
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    return width if width <= 160 else 0


def _parts(previous: Line, line: Line, spacing: int, width: float) -> bool:
    """Whether a new block starts at `line`."""
    goes_on = not _STOP.search(previous.text) and (line.text[0].islower() or line.text[0] in "(<>≤≥=,")
    if line.blanks_before > spacing:
        return not (goes_on and line.interrupted)
    if goes_on:
        return False
    if not _STOP.search(previous.text) and len(previous.text) > 0.65 * width > 0:
        return False
    first_word = line.text.split(maxsplit=1)[0]
    return len(previous.text) + 1 + len(first_word) <= 0.9 * width or not width


def _headings_by_eye(found: list[Block]) -> list[Block]:
    """Mark as headings the short blocks that stand above others and end in no stop."""
    for index, block in enumerate(found[:-1]):
        following = found[index + 1]
        listed = block.kind == "item" and (
            not block.number
            or any(near.kind == "item" and near is not block for near in found[max(0, index - 1) : index + 2])
        )
        if listed or block.kind not in ("paragraph", "item"):
            continue
        text = block.text
        short = (
            len(text) <= 130 and len(block.lines) <= 2 and not (_NO_HEADING_END.search(text) or _OPEN_END.search(text))
        )
        titled = text[0].isupper() or text[0].isdigit()
        if short and titled and re.search(r"[^\W\d_]{2}", text) and following.kind in ("paragraph", "item"):
            block.kind = "heading"
    return found


def _headings_with_content(found: list[Block]) -> list[Block]:
    """Headings with nothing but scraps under them to the end of the text are paragraphs: a signature, a last line."""
    for block in reversed(found):
        scrap = len(block.text) <= 60 and not _STOP.search(block.text) and block.kind == "paragraph"
        if block.kind != "heading" and not scrap:
            break
        block.kind = "paragraph"
    return found
