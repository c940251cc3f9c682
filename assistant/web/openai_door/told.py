"""An Answer as the message of a chat: Markdown with marks, the sources behind it, and annotations that point at marks.

Nothing of a document becomes Markdown: no link, no image, no heading. The exact quotes stand in the reply's
`assistant` object.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from assistant.answering.answer import Answer, Citation, Statement
from assistant.documents.model import LANGUAGES
from assistant.web.drawing import day
from assistant.web.strings import Strings, strings

# Of brackets only the closing one is escaped: that undoes links, images and definitions, and "\[" would open a formula
# in several chats. An "&" only where it would begin a character's name; what opens a line, only there.
_MARKUP = re.compile(
    r"[\\`*\]<~$]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|^>|^(?:[#+=-]|\d+[.)])(?=\s|[#=-])",
)
_ESCAPED = re.compile(r"\\([^\w\s])")
HEADINGS = tuple(f"**{strings(spoken)(name)}**" for spoken in LANGUAGES for name in ("sources", "nearest"))


@dataclass(frozen=True, slots=True)
class Told:
    """The text of a message, and for each mark in it what it points at."""

    content: str
    annotations: tuple[dict[str, Any], ...]


def told(answer: Answer, *, public_url: str = "", listed: bool = True) -> Told:
    """Say an answer.

    Args:
        public_url: where people reach the page; empty: annotations are relative to it.
        listed: whether items of a list stand on lines of their own; a stream that began cannot know.
    """
    s = strings(answer.language)
    parts = [_escaped(reason)] if (reason := _reason(answer)) else []
    parts += _body(answer, listed=listed)
    parts += [_conflict(answer, n, s) for n in range(len(answer.conflicts))]
    parts += [_escaped(note) for note in answer.notes]
    said = "\n\n".join(parts)
    content = "\n\n".join([said, *_sources(answer, s)])
    return Told(content, tuple(_annotations(answer, said, public_url, s)))


def statement_told(statement: Statement) -> str:
    """One statement with its marks."""
    return " ".join([_escaped(statement.text), "".join(f"[{n}]" for n in statement.citations)]).rstrip()


def words(text: str) -> int:
    """How many words there are: what is told as usage, for there are no tokens."""
    return len(text.split())


def address(citation: Citation, public_url: str, language: str) -> str:
    """Where the page shows a citation's document, with the sentence marked."""
    place = {"id": citation.document_id, "start": citation.start, "end": citation.end, "language": language}
    return f"{public_url.rstrip('/')}/library/document?{urlencode(place)}"


def unescaped(text: str) -> str:
    """What was said, of what was told."""
    return _ESCAPED.sub(r"\1", text)


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: _behind_backslash(found.group()), " ".join(text.split()))


def _behind_backslash(markup: str) -> str:
    return f"{markup[:-1]}\\{markup[-1]}"


def _reason(answer: Answer) -> str:
    """Of an abstention: why, without the statements that follow it."""
    if not answer.abstained or not answer.statements:
        return answer.text if answer.abstained else ""
    return answer.text[: max(0, answer.text.find(answer.statements[0].text))].strip()


def _body(answer: Answer, *, listed: bool) -> list[str]:
    """Running statements as a paragraph, items of a list as a list."""
    blocks = []
    for is_list, group in groupby(_lines(answer), key=lambda line: line[1] and listed):
        said = [statement_told(statement) for statement, _ in group]
        blocks.append("\n".join(f"- {one}" for one in said) if is_list else " ".join(said))
    return blocks


def _lines(answer: Answer) -> list[tuple[Statement, bool]]:
    """Each statement, and whether the engine set it on a line of its own."""
    lines, position = [], len(_reason(answer))
    for statement in answer.statements:
        found = answer.text.find(statement.text, position)
        lines.append((statement, found > 0 and answer.text[found - 1] == "\n"))
        position = max(position, found + len(statement.text))
    return lines


def _conflict(answer: Answer, n: int, s: Strings) -> str:
    conflict = answer.conflicts[n]
    sides = " / ".join(f"{_escaped(side.value)} [{side.citation}]" for side in conflict.sides)
    return f"{_escaped(s('state_conflict'))}. {_escaped(s('conflict_about', about=conflict.about))}: {sides}"


def _sources(answer: Answer, s: Strings) -> list[str]:
    """What each mark stands for; of an abstention, what came nearest, which has no marks."""
    shown = answer.citations or answer.nearest
    if not shown:
        return []
    heading = s("sources") if answer.citations else s("nearest")
    lines = [f"**{heading}**", *([] if answer.citations else [_escaped(s("nearest_note"))])]
    for citation in shown:
        mark = f"[{citation.n}] " if answer.citations else ""
        lines.append(f"{mark}{_escaped(place(citation, s))}\n> {_escaped(citation.quote)}")
    return lines


def place(citation: Citation, s: Strings) -> str:
    """Where a quote stands, for people."""
    parts = [
        citation.title,
        citation.publisher,
        day(citation.date, s.language) or s("undated"),
        citation.section,
        f"{s('fact_page').lower()} {citation.page}" if citation.page else "",
        citation.document_id,
    ]
    return " · ".join(part for part in parts if part)


def _annotations(answer: Answer, said: str, public_url: str, s: Strings) -> Sequence[dict[str, Any]]:
    """For each of our own marks in what is said: its place in the content, and where its source is shown."""
    found = []
    for mark in re.finditer(r"(?<!\\)\[(\d+)\]", said):  # a document's own "]" has a backslash before it
        citation = answer.citation(int(mark[1]))
        found.append(
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": mark.start(),
                    "end_index": mark.end(),
                    "title": place(citation, s),
                    "url": address(citation, public_url, answer.language),
                },
            }
        )
    return found
