"""The documents drawn as HTML: the list of them, one in full, and where they disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING

from assistant.answering.audit import Disputed
from assistant.documents.model import Document, Metadata, Passage, Sentence
from assistant.documents.read import SUFFIXES
from assistant.documents.shelf import Removed
from assistant.documents.validity import Standing
from assistant.errors import AssistantError, CorpusMissingError, IndexLockedError
from assistant.settings import Settings
from assistant.web.drawing import day, template
from assistant.web.strings import Strings

if TYPE_CHECKING:
    from assistant.retrieval.index.status import IndexStatus

_MOST_DISPUTED = 40  # disagreements on the page
_DEEPEST = 6  # of HTML's headings
_NONE = Metadata()
_TROUBLES: dict[type[AssistantError], str] = {IndexLockedError: "busy", CorpusMissingError: "nothing"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a document, or a file that is none yet."""

    id: str
    metadata: Metadata = _NONE
    pages: int = 0
    passages: int = 0
    is_indexed: bool = True
    state: str = ""  # for the style: "in-force", "lapsed", "unread", …
    said: str = ""  # the state in words
    detail: str = ""  # since when, by what, why


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of the reading view, and whether it is the one that was looked for."""

    text: str
    is_sought: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or the items of a list."""

    listed: bool
    lines: tuple[tuple[_Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A passage with the headings that begin at it."""

    headings: tuple[tuple[int, str], ...]  # (level, text)
    page: int | None  # where a new one begins
    blocks: tuple[_Block, ...]


def frame(settings: Settings, s: Strings, *, may_change: bool) -> str:
    """What stands around the list: tools, the place to drop files, the question before removing."""
    return template("library/frame.html").render(
        s=s,
        may_change=may_change,
        accepted=",".join(sorted(SUFFIXES)),
        most_bytes=round(settings.max_file_mb * 1_000_000),
        too_large=s("library_why_too_large", most=_megabytes(settings)),
    )


def listing(
    status: "IndexStatus | None",
    standings: Mapping[str, Standing],
    removed: Sequence[Removed],
    waiting: Sequence[str],
    settings: Settings,
    s: Strings,
    *,
    may_change: bool,
) -> str:
    """Every document with what is known of it, and the files that are not documents yet.

    Args:
        status: of the index; None where there is none.
        standings: by document id; one that is left out has none.
        removed: what can be put back.
        waiting: files of the corpus that are not indexed.
    """
    rows = _rows(status, standings, settings, s) if status else []
    known = {row.id for row in rows}
    rows += [
        Row(id_, is_indexed=False, state="waiting", said=s("library_waiting")) for id_ in waiting if id_ not in known
    ]
    rows.sort(key=lambda row: (row.is_indexed, (row.metadata.title or row.id).casefold()))
    outdated = sum(1 for row in rows if row.state in ("waiting", "changed", "missing"))
    return template("library/list.html").render(
        s=s, rows=rows, removed=removed, outdated=outdated, may_change=may_change, corpus=str(settings.corpus)
    )


def document(
    read: Document, passages: Sequence[Passage], standing: Standing, sought: tuple[int, int], s: Strings
) -> str:
    """A document in full, in its reading view.

    Args:
        sought: a span whose sentences are marked; (0, 0): none.
    """
    said, detail = _standing_said(standing, s)
    return template("library/document.html").render(
        s=s,
        document=read,
        parts=list(_parts(read, passages, sought)),
        state=_state(standing),
        said=said,
        detail=detail,
    )


def disagreements(disputed: Sequence[Disputed], s: Strings) -> str:
    """Where documents disagree, both sides of each beside one another."""
    count, shown = len(disputed), disputed[:_MOST_DISPUTED]
    summary = s("audit_none") if not count else s("audit_one") if count == 1 else s("audit_many", n=count)
    if count > len(shown):
        summary += " " + s("audit_more", shown=len(shown))
    return template("library/disagreements.html").render(s=s, disputed=shown, count=count, summary=summary)


def problem(message: str, s: Strings) -> str:
    """What went wrong, in the place of what was asked for."""
    return template("library/problem.html").render(s=s, message=message)


def why(error: AssistantError, settings: Settings, s: Strings) -> str:
    """An error in the page's language, where it has words for it; otherwise as it speaks itself."""
    trouble = _TROUBLES.get(type(error), "") or getattr(error, "trouble", "")
    return _why(trouble, str(error), settings, s)


def _why(trouble: str, message: str, settings: Settings, s: Strings) -> str:
    return s(f"library_why_{trouble}", most=_megabytes(settings)) if trouble else message


def _megabytes(settings: Settings) -> str:
    return f"{settings.max_file_mb:g}"


def _rows(status: "IndexStatus", standings: Mapping[str, Standing], settings: Settings, s: Strings) -> list[Row]:
    unread = {file.path: _why(file.trouble, file.message, settings, s) for file in status.unread}
    indexed = {record.id for record in status.documents}
    rows = []
    for record in status.documents:
        standing = standings.get(record.id, Standing())
        state, (said, detail) = _state(standing), _standing_said(standing, s)
        if record.id in unread:
            state, said, detail = "unread", s("library_unread_now"), unread[record.id]
        elif record.id in status.changed:
            state, said, detail = "changed", s("library_changed"), ""
        elif record.id in status.removed:
            state, said, detail = "missing", s("library_missing"), ""
        rows.append(Row(record.id, record.metadata, record.pages, record.passages, True, state, said, detail))
    for id_, reason in unread.items():
        if id_ not in indexed:
            rows.append(Row(id_, is_indexed=False, state="unread", said=s("library_unread"), detail=reason))
    return rows


def _state(standing: Standing) -> str:
    return standing.status.replace(" ", "-") or "unstated"


def _standing_said(standing: Standing, s: Strings) -> tuple[str, str]:
    """How a document stands, in a word or two, and since when or by what."""
    when = day(standing.turned.isoformat(), s.language) if standing.turned else ""
    match standing.status:
        case "lapsed":
            return s("library_lapsed"), s("library_until", day=when) if when else ""
        case "not yet":
            return s("library_not_yet"), s("library_from", day=when) if when else ""
        case "superseded":
            return s("library_superseded"), s("library_by", title=standing.by) if standing.by else ""
        case "in force":
            return s("library_in_force"), ""
        case _:
            return s("library_unstated"), ""


def _parts(read: Document, passages: Sequence[Passage], sought: tuple[int, int]) -> Iterator[_Part]:
    above: tuple[str, ...] = ()
    page: int | None = None
    for passage in passages:
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(above, passage.section, strict=False)))
        headings = tuple((min(3 + depth, _DEEPEST), text) for depth, text in enumerate(passage.section))[same:]
        yield _Part(headings, passage.page if passage.page != page else None, tuple(_blocks(read, passage, sought)))
        above, page = passage.section, passage.page


def _blocks(read: Document, passage: Passage, sought: tuple[int, int]) -> Iterator[_Block]:
    """Its sentences in paragraphs as they stand in the document, and its items in lists."""

    def line(sentences: Sequence[Sentence]) -> tuple[_Piece, ...]:
        return tuple(_Piece(one.text, one.start < sought[1] and sought[0] < one.end) for one in sentences)

    for listed, group in groupby(passage.sentences, key=lambda one: one.kind in ("item", "row")):
        sentences = list(group)
        if listed:
            yield _Block(True, tuple(line([one]) for one in sentences))
            continue
        paragraph = sentences[:1]
        for before, one in pairwise(sentences):
            if read.text[before.end : one.start].count("\n") > 1:
                yield _Block(False, (line(paragraph),))
                paragraph = []
            paragraph.append(one)
        yield _Block(False, (line(paragraph),))
