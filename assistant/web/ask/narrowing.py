"""Which documents an answer may come from: by title, publisher, language and date, chosen under the question box.

The form is the browser's own; static/narrowing.js tells what is chosen, and the session keeps it for the questions
that follow.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.access import Among
from assistant.documents.model import LANGUAGES
from assistant.errors import AssistantError
from assistant.web.drawing import template
from assistant.web.strings import Strings

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.retrieval.library import DocumentRecord

Names = Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=1_000)]


class _Chosen(BaseModel):
    """What the form tells. Words only, as in a request to the API."""

    model_config = ConfigDict(extra="forbid")

    documents: Names = []
    publishers: Names = []
    languages: Names = []
    since: date | None = None
    until: date | None = None


def chosen(data: Any) -> Among | None:
    """What the browser tells was chosen; None where it is nothing, or not what the form tells."""
    try:
        told = _Chosen.model_validate(data)
    except ValidationError:
        return None
    wanted = Among(
        documents=frozenset(told.documents),
        languages=frozenset(told.languages),
        publishers=frozenset(told.publishers),
        since=told.since,
        until=told.until,
    )
    return None if wanted == Among() else wanted


def form(assistant: "Assistant", s: Strings) -> str:
    """The form, with what there is to choose for this caller."""
    try:
        records = assistant.documents()
    except AssistantError:  # there is no index: the page says so elsewhere
        records = []
    titles = _titles(records)
    publishers = sorted({one.metadata.publisher for one in records} - {""}, key=str.casefold)
    spoken = [code for code in LANGUAGES if any(one.metadata.language == code for one in records)]
    groups: list[tuple[str, str, Sequence[tuple[str, str]]]] = [
        ("documents", s("narrow_documents"), titles),
        ("publishers", s("narrow_publishers"), [(name, name) for name in publishers]),
        ("languages", s("narrow_languages"), [(code, s.language_name(code)) for code in spoken]),
    ]
    return template("ask/narrowing.html").render(s=s, groups=[group for group in groups if len(group[2]) > 1])


def _titles(records: "Sequence[DocumentRecord]") -> list[tuple[str, str]]:
    """(id, title), by title; documents that share one are told apart by their files."""
    named = [(one.id, one.metadata.title or one.id) for one in records]
    shared = Counter(title for _, title in named)
    told = [(id_, title if shared[title] == 1 else f"{title} ({id_})") for id_, title in named]
    return sorted(told, key=lambda pair: pair[1].casefold())


def said(assistant: "Assistant", wanted: Among | None, s: Strings) -> str:
    """How many documents are left, in one line; empty where nothing is chosen."""
    if wanted is None:
        return ""
    try:
        records = assistant.documents()
    except AssistantError:
        return ""
    left = sum(1 for one in records if wanted.takes(one.id, one.metadata))
    return s("narrow_none", of=len(records)) if not left else s("narrow_chosen", n=left, of=len(records))
