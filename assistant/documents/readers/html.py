"""HTML: the text that a reader of the page sees, with its headings, items and rows."""

import re
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, Mark, MarkKind, Metadata
from assistant.errors import DocumentError

_UNSEEN = frozenset(["script", "style", "noscript", "template", "head", "svg", "nav", "footer", "aside", "iframe", "object", "form", "button", "select"])
_BLOCKS = frozenset(
    ["p", "div", "section", "article", "main", "header", "blockquote", "pre", "ul", "ol", "dl", "dt", "dd", "table", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "body", "address", "hr", "details", "summary", "fieldset"]
)


def read(path: Path, data: bytes) -> Extracted:
    """Read an HTML file. Blocks are separated by an empty line; items start with "• "; cells are joined by " | ".

    Raises:
        DocumentError: its encoding is unknown, or there is nothing in it.
    """
    from bs4 import BeautifulSoup

    if b"\0" in data[:1000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentError(path, "it is a binary file under an HTML name", "Save the page as HTML")
    try:
        soup = BeautifulSoup(data, "lxml")
    except (RecursionError, ValueError, AssertionError) as error:
        raise DocumentError(path, "it is no readable HTML", "Save the page anew") from error
    writer = _Writer()
    writer.walk(soup.body or soup)
    return Extracted(writer.text, _metadata(soup), marks=tuple(writer.marks))


class _Writer:
    """Builds the text block by block. Walks without recursion, so that depth costs nothing."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []
        self._line = ""
        self._kind: MarkKind = "paragraph"
        self._level = 0
        self._bullet = "• "

    def walk(self, root: Any) -> None:
        """Write everything below `root` that is seen."""
        from bs4.element import CData, NavigableString, PreformattedString

        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if isinstance(node, NavigableString):
                if not isinstance(node, PreformattedString) or isinstance(node, CData):
                    self._line += str(node)
            elif leaving:
                self._leave(node.name)
            elif node.name not in _UNSEEN and not _hidden(node):
                self._enter(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.contents))
        self._flush()

    def _enter(self, node: Any) -> None:
        name = node.name
        if name == "br":
            self._line += "\n"
        elif name in ("td", "th"):
            if self._line.strip():
                self._line += " | "
        elif name in _BLOCKS:
            if not (self._kind == "item" and not self._line.strip() and name in ("p", "div")):
                self._flush()
            if re.fullmatch(r"h[1-6]", name):
                self._kind, self._level = "heading", int(name[1])
            elif name == "li":
                self._kind, self._level = "item", 1
                ordered = node.parent is not None and node.parent.name == "ol"
                number = 1 + sum(1 for sibling in node.find_previous_siblings("li")) if ordered else 0
                self._bullet = f"{number}. " if ordered else "• "
            elif name == "tr":
                self._kind, self._level = "row", 0

    def _leave(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()

    def _flush(self) -> None:
        lines = [re.sub(r"[ \t\xa0\r\n\f]+", " ", part).strip() for part in self._line.split("\n")]
        joined = re.sub(r"\s+", " ", " ".join(line for line in lines if line)).strip(
            " |" if self._kind == "row" else None
        )
        if joined:
            if self.text:
                self.text += "\n\n"
            start = len(self.text)
            self.text += (self._bullet if self._kind == "item" else "") + joined
            self.marks.append(Mark(start, len(self.text), self._kind, self._level))
            self._kind, self._level = "paragraph", 0
        elif self._kind in ("heading", "row"):
            self._kind, self._level = "paragraph", 0
        self._line = ""


def _hidden(node: Any) -> bool:
    style = str(node.get("style", "")).replace(" ", "").lower()
    return node.has_attr("hidden") or node.get("aria-hidden") == "true" or "display:none" in style


def _metadata(soup: Any) -> Metadata:
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    language = str(soup.html.get("lang", "")) if soup.html else ""
    date = ""
    for name in ("date", "dcterms.modified", "dcterms.date", "article:modified_time", "article:published_time"):
        tag = soup.find("meta", attrs={"name": name}) or soup.find("meta", attrs={"property": name})
        found = re.match(r"\d{4}-\d{2}-\d{2}", str(tag.get("content", ""))) if tag else None
        if found:
            date = found.group()
            break
    return Metadata(title=re.sub(r"\s+", " ", title), language=language.split("-")[0].lower(), date=date)
