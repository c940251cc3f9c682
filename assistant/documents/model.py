"""What a file becomes: a Document whose text never changes, and the Passages and Sentences that are spans of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

MarkKind = Literal["heading", "item", "row", "paragraph", "skip"]
SentenceKind = Literal["sentence", "lead_in", "item", "row", "heading"]
LANGUAGES = ("da", "nl", "en")
LOCALES = {"da": "da_DK", "nl": "nl_NL", "en": "en_GB"}  # how each writes days and numbers


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document from its front matter, its sidecar or its format. Empty means not stated."""

    title: str = ""
    publisher: str = ""
    reference: str = ""
    language: str = ""  # ISO 639-1: "da", "nl" or "en"
    date: str = ""  # ISO 8601: "2025-07-18"
    url: str = ""
    jurisdiction: str = ""  # where it applies: "DK", "NL", "EU", …
    version: str = ""
    valid_from: str = ""  # ISO 8601, the first day it applies
    valid_to: str = ""  # ISO 8601, the last day it applies
    superseded_by: str = ""  # the reference, title or path of the document that replaces it
    access: tuple[str, ...] = ()  # groups that may read it; empty: everyone


@dataclass(frozen=True, slots=True)
class Mark:
    """Structure that the format itself states over `text[start:end]`: an HTML <h2>, a DOCX list item, …"""

    start: int
    end: int
    kind: MarkKind
    level: int = 0  # of a heading or a nested item, from 1


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader takes from one file. `text` is final: every span from here on counts characters into it."""

    text: str
    metadata: Metadata = field(default_factory=Metadata)
    body: int = 0  # where the content starts, after any front matter
    pages: tuple[int, ...] = ()  # where each page starts in `text`; empty where the format has no pages
    marks: tuple[Mark, ...] = ()  # in order of start; empty where the format states no structure
    boxes: bytes = b""  # float32 (len(text), 4): left, bottom, right, top in points per character; b"": none


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus, read. `id` is its path below the corpus folder, with forward slashes."""

    id: str
    text: str
    metadata: Metadata
    content_hash: str  # of the file's bytes and of its sidecar
    body: int = 0
    pages: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    boxes: bytes = b""

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which the character at `offset` stands; None where the format has no pages."""
        if not self.pages:
            return None
        return max(1, sum(1 for start in self.pages if start <= offset))


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of evidence: `document.text[start:end]`, and the same in the reading view as `text`."""

    start: int
    end: int  # exclusive
    text: str  # repaired for reading; never used to search for the span
    kind: SentenceKind = "sentence"
    lead_in: int = -1  # of an item: the index in its passage of the line it belongs to; -1: none


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrieval unit: a few sentences under one heading."""

    document_id: str
    ordinal: int  # from 0, in reading order
    start: int
    end: int  # exclusive
    section: tuple[str, ...]  # headings above it, outermost first, in the reading view
    page: int | None
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The reading view of the passage: its sentences, a list item a line."""
        return joined(self.sentences)

    def in_context(self, index: int) -> str:
        """A sentence with what it stands under: the nearest heading, and the lead-in of its list."""
        sentence = self.sentences[index]
        above = [self.section[-1]] if self.section else []
        if sentence.lead_in >= 0:
            above.append(self.sentences[sentence.lead_in].text.rstrip(":"))
        return ": ".join([*above, sentence.text])


def joined(sentences: Sequence[Sentence]) -> str:
    """Sentences as one text for reading: running text by spaces, list items and rows on lines of their own."""
    text = ""
    for sentence in sentences:
        gap = "" if not text else "\n" if sentence.kind in ("item", "row") else " "
        text += gap + sentence.text
    return text
