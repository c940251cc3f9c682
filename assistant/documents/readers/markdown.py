"""Markdown's structure as marks over its unchanged text: headings, items, rows, and what is no content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.model import Mark

_LINE_END = re.compile(r"\r\n|[\n\r]")
_HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})[ \t]+(?P<words>.*)")
_UNDERLINE = re.compile(r" {0,3}(?P<sign>=|-)(?P=sign)*[ \t]*")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_DELIMITERS = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_MOST_TITLE = 150  # characters of a line that an underline makes a heading


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the line end and the white space before it
    text: str


def markdown_marks(text: str, body: int = 0) -> tuple[Mark, ...]:
    """Marks of a Markdown text from offset `body` on, in order of start, none overlapping another.

    A heading's mark covers its words; an item's covers the lines that continue it, and an indented paragraph below
    it has an item's mark of its own, since it belongs to the same list. Comments, the lines of fences
    and the line below a table's head are marked "skip"; what stands inside a fence is left as it is.
    """
    return tuple(sorted(_marks(list(_lines(text, body))), key=lambda mark: (mark.start, mark.end)))


def _lines(text: str, body: int) -> Iterator[_Line]:
    at = body
    for match in _LINE_END.finditer(text, body):
        yield _line(text, at, match.start())
        at = match.end()
    if at < len(text):
        yield _line(text, at, len(text))


def _line(text: str, start: int, end: int) -> _Line:
    kept = text[start:end].rstrip()
    return _Line(start, start + len(kept), kept)


def _marks(lines: list[_Line]) -> Iterator[Mark]:
    item: Mark | None = None  # the open one
    above: Mark | None = None  # the last one, as long as what follows may belong to it
    fence = ""
    in_comment = in_table = False
    for index, line in enumerate(lines):
        fenced = _FENCE.match(line.text)
        mark: Mark | None = None
        is_heading = False
        if fence:
            if fenced and fenced["fence"].startswith(fence) and line.text.strip() == fenced["fence"]:
                fence, mark = "", Mark(line.start, line.end, "skip")
        elif in_comment or line.text.lstrip().startswith("<!--"):
            in_comment = "-->" not in line.text
            mark = Mark(line.start, _comment_end(line), "skip")
        elif fenced:
            fence, mark = fenced["fence"], Mark(line.start, line.end, "skip")
        else:
            in_table = _is_row(lines, index, in_table=in_table)
            mark = _structure(lines, index, in_table=in_table)
            is_heading = mark is not None and mark.kind == "heading"
        if mark is None and item is None and above is not None and not fence and _belongs(line, above):
            mark = Mark(line.start + _indent(line), line.end, "item", above.level)
        if mark is not None and mark.kind == "item":
            if item is not None:
                yield item
            item = above = mark
            continue
        if item is not None:
            if mark is None and not fence and line.text and not line.text.lstrip().startswith(">"):
                item = Mark(item.start, line.end, item.kind, item.level)  # a line that goes on with it
                continue
            yield item
            item = None
        if line.text:
            above = None
        if mark is not None and mark.start < mark.end and (is_heading or mark.kind != "heading"):
            yield mark
    if item is not None:
        yield item


def _belongs(line: _Line, above: Mark) -> bool:
    """Whether a paragraph behind an empty line is one of the list item above it: it is indented as far."""
    return bool(line.text) and _indent(line) >= 2 * above.level and not line.text.lstrip().startswith(">")


def _indent(line: _Line) -> int:
    return len(line.text) - len(line.text.lstrip())


def _comment_end(line: _Line) -> int:
    closing = line.text.find("-->")
    return line.start + closing + 3 if closing >= 0 else line.end


def _structure(lines: list[_Line], index: int, *, in_table: bool) -> Mark | None:
    """The mark that one line stands for, outside fences and comments."""
    line = lines[index]
    heading = _HEADING.fullmatch(line.text)
    if heading:
        words = re.sub(r"(?:^|[ \t]+)#+$", "", heading["words"])
        start = line.start + heading.start("words")
        return Mark(start, start + len(words), "heading", len(heading["signs"]))
    if in_table:
        between = _DELIMITERS.fullmatch(line.text)
        return Mark(line.start, line.end, "skip" if between else "row")
    if _is_title(lines, index):
        underline = lines[index + 1].text.strip()
        return Mark(line.start, line.end, "heading", 1 if underline.startswith("=") else 2)
    if index and _UNDERLINE.fullmatch(line.text) and _is_title(lines, index - 1):
        return Mark(line.start, line.end, "skip")
    if _RULE.fullmatch(line.text):
        return Mark(line.start, line.end, "skip")
    item = _ITEM.match(line.text)
    if item:
        level = 1 + len(item["indent"].expandtabs(4)) // 2
        return Mark(line.start + len(item["indent"]), line.end, "item", level)
    return None


def _is_title(lines: list[_Line], index: int) -> bool:
    """Whether an underline makes this line a heading: it is a paragraph of its own, and no list item or quote."""
    line = lines[index]
    if index + 1 >= len(lines) or not 0 < len(line.text) <= _MOST_TITLE:
        return False
    if not _UNDERLINE.fullmatch(lines[index + 1].text) or (index and lines[index - 1].text):
        return False
    return not (_ITEM.match(line.text) or line.text.lstrip()[0] in "#|>=-*_`~<")


def _is_row(lines: list[_Line], index: int, *, in_table: bool) -> bool:
    """Whether a line belongs to a table: framed by bars, or a head above a line of dashes, or a line below one."""
    text = lines[index].text.strip()
    if "|" not in text:
        return False
    if in_table or (len(text) > 1 and text[0] == text[-1] == "|"):
        return True
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return "|" in below and _DELIMITERS.fullmatch(below) is not None
