"""HTML: the text that a reader of the page sees, with its headings, items and rows."""

import codecs
import re
import warnings
from datetime import date
from pathlib import Path
from typing import Any

from assistant.documents.model import Extracted, MarkKind, Metadata
from assistant.documents.readers.blocks import BlockText, raised
from assistant.errors import DocumentError

_UNSEEN = frozenset(
    """script style noscript template head title svg iframe object embed canvas audio video map button select datalist
    textarea dialog del s strike""".split()  # noqa: SIM905 (a list of this length is read as words)
)
_UNSEEN_STYLE = re.compile(r"display:none|visibility:hidden|text-decoration(?:-line)?:[a-z-]*line-through")
_CHROME = frozenset(["nav", "footer", "aside"])
_CHROME_ROLES = frozenset(["navigation", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu"])
_CHROME_NAME = re.compile(
    r"cookies?(?:$|[-_]?(?:banner|bar|box|consent|notice|message|popup|overlay|dialog|modal|policy))|cybot|onetrust"
    r"|consent[-_]?(?:banner|bar|manager|popup|modal|overlay)|breadcrumbs?$|skip[-_]?(?:link|nav|to[-_])",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    """p div section article main header blockquote pre ul ol li dl dt dd hr table caption tr figure figcaption h1 h2
    h3 h4 h5 h6 body address details summary fieldset legend form center""".split()  # noqa: SIM905
)
_PARAGRAPH: tuple[MarkKind, int, str] = ("paragraph", 0, "")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_DATES = (
    "dcterms.modified", "dcterms.issued", "dcterms.date", "dc.date", "date", "article:modified_time",
    "article:published_time", "last-modified",
)  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read(path: Path, data: bytes) -> Extracted:
    """Read an HTML file: what is visible and not struck out, apart from navigation, footers, asides and cookie
    notices.

    Blocks are separated by an empty line; items start with "• " or their number; cells are joined by " | "; a line
    break inside a block is a line break.

    Raises:
        DocumentError: it is binary, or not in the encoding that it states (without a statement: UTF-8).
    """
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
    from bs4.exceptions import ParserRejectedMarkup

    decoded = _decode(path, data)
    try:
        with warnings.catch_warnings():
            for kind in (MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning):  # the page is what it is
                warnings.simplefilter("ignore", kind)
            soup = BeautifulSoup(decoded, "lxml")
    except (ParserRejectedMarkup, ValueError, AssertionError) as error:
        raise DocumentError(path, "it is no readable HTML", "Save the page anew", "damaged") from error
    root = soup.body or soup
    written = _Writer(chrome=False).walk(root)
    if not written.marks:  # a page whose whole content stands in what looks like its frame
        written = _Writer(chrome=True).walk(root)
    return Extracted(written.text, _metadata(soup), marks=tuple(written.marks))


def _decode(path: Path, data: bytes) -> str:
    """Bytes as text: by byte order mark, by the charset stated in the page, as UTF-8; in this order."""
    from bs4.dammit import EncodingDetector

    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(path, data[len(bom) :], encoding)
    if b"\0" in data or data.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xd0\xcf\x11\xe0")):
        raise DocumentError(
            path, "it is a binary file under an HTML name", "Give it its own ending, or save it as HTML", "encoding"
        )
    stated = EncodingDetector.find_declared_encoding(data, is_html=True) or "utf-8"
    try:
        encoding = codecs.lookup(stated).name
    except (LookupError, ValueError):
        encoding = "utf-8"
    if encoding in ("iso8859-1", "ascii", "latin-1"):
        encoding = "cp1252"  # as browsers do: pages that say Latin-1 mean Windows-1252
    return _strict(path, data, "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding)


def _strict(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            path,
            f"it is not {encoding} (byte {error.start})",
            "Save it as UTF-8, and state that in it: <meta charset=utf-8>",
            "encoding",
        ) from error
    except LookupError:  # a codec that is none of text, such as base64
        return _strict(path, data, "utf-8")
    return text.replace("\0", "\ufffd")


class _Writer:
    """Builds the text block by block. Walks without recursion, so that depth costs nothing."""

    def __init__(self, *, chrome: bool) -> None:
        self._chrome = chrome
        self._blocks = BlockText()
        self._line: list[str] = []
        self._kind: MarkKind = "paragraph"
        self._level = 0
        self._label = ""
        self._items: list[bool] = []  # the open list items; False: one that has headings, so is a section
        self._lists: list[int] = []  # the last number of each open list; -1: bullets
        self._cells = -1  # cells begun in the open row; -1: no row is open
        self._cell_filled = False
        self._pre = 0

    def walk(self, root: Any) -> BlockText:
        """Write everything below `root` that is seen."""
        from bs4.element import CData, NavigableString, PreformattedString

        stack: list[tuple[Any, bool]] = [(child, False) for child in reversed(root.contents)]
        while stack:
            node, leaving = stack.pop()
            if isinstance(node, NavigableString):
                if not isinstance(node, PreformattedString) or isinstance(node, CData):
                    self._write(str(node))
            elif leaving:
                self._leave(node.name)
            elif self._is_seen(node):
                if node.name == "sup" and len(node.contents) == 1 and isinstance(node.contents[0], NavigableString):
                    self._write(raised(str(node.contents[0]), self._line[-1] if self._line else ""))
                    continue
                self._enter(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.contents))
        self._flush()
        return self._blocks

    def _is_seen(self, node: Any) -> bool:
        style = re.sub(r"\s", "", str(node.get("style", ""))).lower()
        if node.name in _UNSEEN or node.has_attr("hidden") or node.get("aria-hidden") == "true":
            return False
        if _UNSEEN_STYLE.search(style):
            return False
        if self._chrome or node.name in ("main", "article"):
            return True
        names = [str(node.get("id", "")), *(str(name) for name in node.get_attribute_list("class") if name)]
        return not (
            node.name in _CHROME
            or str(node.get("role", "")).lower() in _CHROME_ROLES
            or any(_CHROME_NAME.match(name) for name in names)
        )

    def _write(self, text: str) -> None:
        self._cell_filled = self._cell_filled or not text.isspace()
        self._line.append(text.replace("\r\n", "\n") if self._pre else re.sub(r"[ \t\n\r\f]+", " ", text))

    def _enter(self, node: Any) -> None:
        name = node.name
        if name == "li":
            self._items.append(True)
        if name == "br":
            self._line.append("\n")
        elif name in ("td", "th"):
            if self._cells > 0:
                self._line.append(" | ")
            self._cells += self._cells >= 0
            self._cell_filled = False
        elif name in _BLOCKS and self._cells >= 0 and name not in ("table", "tr", *_HEADINGS):
            self._line.append("; " if name == "li" and self._cell_filled else " ")
        elif name in _BLOCKS:
            if self._cells >= 0:  # a table that only lays out the page
                self._cells = -1
            self._flush()
            self._begin(node)
        if name in ("ul", "ol"):
            self._lists.append(_first_number(node) - 1 if name == "ol" else -1)
        self._pre += name == "pre"

    def _begin(self, node: Any) -> None:
        """Start a block that is more than a paragraph."""
        if node.name in _HEADINGS:
            self._kind, self._level = "heading", int(node.name[1])
            self._items[-1:] = [False] * bool(self._items)
        elif node.name == "li":
            self._kind, self._level, self._label = "item", max(1, len(self._lists)), "• "
            if self._lists and self._lists[-1] >= 0:
                self._lists[-1] += 1
                self._label = f"{self._lists[-1]}. "
        elif node.name == "dd":  # what is said of the term above it
            self._kind, self._level, self._label = "item", 1, "• "
        elif node.name == "tr":
            self._kind, self._level, self._cells = "row", 0, 0
        elif self._kind != "item":
            self._go_on()

    def _leave(self, name: str) -> None:
        if name in ("ul", "ol") and self._lists:
            self._lists.pop()
        if name == "li":
            self._items.pop()
        if name == "pre":
            self._flush(kept=True)
            self._pre = max(0, self._pre - 1)
        elif name in _BLOCKS and (self._cells < 0 or name == "tr"):
            self._flush()
            self._cells = -1
            if name in ("li", "dd", "tr", "ul", "ol", *_HEADINGS):
                self._go_on()
        elif name in _BLOCKS:
            self._line.append(" ")

    def _go_on(self) -> None:
        """What follows is a paragraph; inside a list item it belongs to that, and has no bullet of its own."""
        self._kind, self._level, self._label = _PARAGRAPH
        if self._items and self._items[-1]:
            self._kind, self._level, self._label = "item", max(1, len(self._lists)), ""

    def _flush(self, *, kept: bool = False) -> None:
        """Write the open block. An item without text stays open: its text may stand in a <p> inside it."""
        lines = [re.sub(r"[ \t\xa0\r\f\v]+", " ", line).strip() for line in "".join(self._line).split("\n")]
        self._line = []
        if not any(lines):
            return
        if self._kind in ("heading", "row"):
            text = " ".join(line for line in lines if line).replace(" ; ", "; ")
            if text.strip(" |"):
                self._blocks.add(text, self._kind, self._level)
            self._go_on()
            return
        for part in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
            self._blocks.add((self._label if self._kind == "item" else "") + part, self._kind, self._level)
            self._go_on()


def _first_number(node: Any) -> int:
    start = str(node.get("start", "1"))
    return int(start) if re.fullmatch(r"\d{1,6}", start) else 1


def _metadata(soup: Any) -> Metadata:
    stated: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or tag.get("http-equiv") or "").lower()
        stated.setdefault(name, re.sub(r"\s+", " ", str(tag.get("content", ""))).strip())
    title = re.sub(r"\s+", " ", "".join(map(str, soup.title.contents))).strip() if soup.title else ""
    link = soup.find("link", rel="canonical")
    url = str(link.get("href", "")) if link else ""
    return Metadata(
        title=title or stated.get("og:title", ""),
        publisher=stated.get("dcterms.publisher") or stated.get("og:site_name", ""),
        language=re.split(r"[-_]", str(soup.html.get("lang", "")))[0].lower() if soup.html else "",
        date=next((day for day in map(_day, (stated.get(name, "") for name in _DATES)) if day), ""),
        url=url if url.startswith(("https://", "http://")) else "",
    )


def _day(stated: str) -> str:
    match = re.match(r"\d{4}-\d{2}-\d{2}", stated)
    try:
        return date.fromisoformat(match.group()).isoformat() if match else ""
    except ValueError:
        return ""
