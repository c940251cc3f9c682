"""Extracted text as lines, each judged: content, or a running header, a footer, a bare link, a page number."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.model import Document

_PAGE_NUMBER = re.compile(
    r"(?:^|\s)(?:page|pagina|blz\.?|bladzijde|side|s\.|p\.)\s*\d{1,4}(?:\s*(?:/|of|af|van|ud af)\s*\d{1,4})?\s*$"
    r"|^\s*(?:\d{1,4}\s*(?:/|of|af|van)\s*\d{1,4}|[-–—]\s*\d{1,4}\s*[-–—])\s*$",
    re.IGNORECASE,
)
_LINK = re.compile(r"^\s*<?(?:https?://|www\.)\S+>?\s*$", re.IGNORECASE)
_RULE = re.compile(r"^\s*[-_=*–—·.]{3,}\s*$")
_LINE = re.compile(r"([^\n\r\f\v\x85\u2028\u2029]*)(?:\r\n|[\n\r\f\v\x85\u2028\u2029]|\Z)")
_MARGIN = " \t\xa0\ufeff\u2002\u2003\u2009\u200a\u200b\u202f\u3000"
_END = re.compile(r"[.!?:;…]['\"”’»)]*\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of content: `text[start:end]`, without the white space around it."""

    start: int
    end: int
    text: str
    blanks_before: int  # empty lines between it and the content line before it
    interrupted: bool  # something that is no content (a footer, a link, a page break) stood in between


def content_lines(document: Document) -> list[Line]:
    """The lines that carry content, in order. What is left out stays in the document's text, untouched."""
    raw = _raw_lines(document)
    noise = _Noise(raw, document.pages).collect(document.text)
    skipped = [(mark.start, mark.end) for mark in document.marks if mark.kind == "skip"]
    lines: list[Line] = []
    blanks, interrupted = 0, False
    for index, (start, end) in enumerate(raw):
        text = document.text[start:end]
        if not text:
            blanks += 1
        elif index in noise or any(a <= start and end <= b for a, b in skipped):
            interrupted = True
        else:
            page_break = bool(lines) and any(lines[-1].end <= page <= start for page in document.pages)
            lines.append(Line(start, end, text, blanks, interrupted or page_break))
            blanks, interrupted = 0, False
    return lines


def _raw_lines(document: Document) -> list[tuple[int, int]]:
    """Spans of all lines from the body on, without the white space around them; an empty span is a blank line."""
    spans: list[tuple[int, int]] = []
    for match in _LINE.finditer(document.text):
        if match.end() <= document.body:
            continue
        start, end = max(match.start(1), document.body), match.end(1)
        while start < end and document.text[start] in _MARGIN:
            start += 1
        while end > start and document.text[end - 1] in _MARGIN:
            end -= 1
        spans.append((start, end))
    return spans


class _Noise:
    """Which lines are running headers and footers, page numbers, bare links and rules."""

    def __init__(self, raw: Sequence[tuple[int, int]], pages: Sequence[int]) -> None:
        self.raw, self.pages, self.found = raw, pages, set[int]()

    def collect(self, text: str) -> set[int]:
        lines = [text[start:end] for start, end in self.raw]
        # Of a running line only the page number at its end changes: "1. Dosage" and "2. Dosage" are two headings.
        shapes = [re.sub(r"\d+$", "#", line.casefold()) for line in lines]
        counts = Counter(shape for shape in shapes if shape)
        edges = self._edges(lines)
        for index, line in enumerate(lines):
            running = len(line) <= 120 and not _END.search(line) and counts[shapes[index]] >= 2 and index in edges
            if _LINK.match(line) or _RULE.match(line) or (_PAGE_NUMBER.search(line) and len(line) <= 120) or running:
                self.found.add(index)
        # A footer of several lines: what stands directly around a page number and also elsewhere belongs to it.
        for index in [i for i in self.found if _PAGE_NUMBER.search(lines[i])]:
            for step in (-1, 1):
                near = index + step
                while 0 <= near < len(lines) and lines[near] and counts[shapes[near]] >= 2 and len(lines[near]) <= 80:
                    self.found.add(near)
                    near += step
        return self.found

    def _edges(self, lines: Sequence[str]) -> set[int]:
        """The first and last two lines of content of each page, where there are pages to speak of."""
        if len(self.pages) < 2:
            return set()
        edges: set[int] = set()
        bounds = [*self.pages, 1 << 62]
        for low, high in itertools.pairwise(bounds):
            on_page = [i for i, (start, _) in enumerate(self.raw) if low <= start < high and lines[i]]
            edges.update(on_page[:2] + on_page[-2:])
        return edges
