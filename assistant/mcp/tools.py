"""What each tool does: an Assistant asked, and its reply as text for reading and as an object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assistant.answering.as_of import parse_day
from assistant.errors import DocumentError

if TYPE_CHECKING:
    from assistant.answering.answer import Answer, Citation
    from assistant.engine import Assistant

MOST_CHARACTERS: Final = 20_000  # of a document at once
_SEARCHED = 100  # passages that are put in order before the first of them are taken
_QUOTED = 300  # characters of a passage in the text for reading; the object has all


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool says."""

    text: str
    data: dict[str, Any]


def ask(
    assistant: "Assistant",
    question: str,
    history: Sequence[tuple[str, str]],
    language: str | None,
    as_of: str | None,
    written: Callable[..., str],
) -> Reply:
    """An answer, with its sources below it.

    Args:
        written: writes an answer down, given it and what `Assistant.ask` was given; returns the id it has then.
    """
    day = parse_day(as_of) if as_of else None
    answer = assistant.ask(question, history=history, language=language, as_of=day)
    answer_id = written(answer, question, history=history, language=language, as_of=day)
    return Reply(_answer(answer), {"answer_id": answer_id, **answer.as_dict()})


def search_passages(assistant: "Assistant", query: str, limit: int) -> Reply:
    """Passages near a query, best first."""
    from assistant.documents.language import detect

    spoken = detect(query)
    found = assistant.as_retriever(limit=_SEARCHED).retrieve(query)
    # The best of each language score alike: what the asker can read comes first.
    found = sorted(found, key=lambda hit: (-hit.score, hit.node.metadata["language"] != spoken))[:limit]
    passages = [
        {
            **hit.node.metadata,
            "start": hit.node.start_char_idx,
            "end": hit.node.end_char_idx,
            "text": hit.node.text,
            "score": round(float(hit.score), 6),
        }
        for hit in found
    ]
    lines = [f"{_at(one)}\n{one['text'][:_QUOTED]}" for one in passages]
    return Reply("\n\n".join(lines) or "No passage came near.", {"passages": passages})


def read_document(assistant: "Assistant", path: str, start: int, most: int) -> Reply:
    """A part of a document's own text, ended at the end of a line where there is one.

    Raises:
        DocumentError: there is no such document, or it ends before `start`.
    """
    document = assistant.document(path)
    length = len(document.text)
    if start > length:
        raise DocumentError(path, f"it has {length} characters, and none at {start}", "Read it from 0")
    end = min(length, start + min(most, MOST_CHARACTERS))
    if end < length:
        end = max(document.text.rfind("\n", start, end) + 1, 0) or end
    text = document.text[start:end]
    data = {
        "path": path,
        "title": document.metadata.title or path,
        "language": document.metadata.language,
        "text": text,
        "start": start,
        "end": end,
        "length": length,
        "next_start": end if end < length else None,
    }
    more = f"\n\n[characters {start} to {end} of {length}; read on from {end}]" if end < length else ""
    return Reply(text + more, data)


def verify_text(assistant: "Assistant", text: str, language: str | None) -> Reply:
    """Each sentence of a text: what backs it, or what is wrong with it."""
    found = assistant.verify(text, language=language)
    lines = []
    for sentence in found.sentences:
        lines.append(f"{sentence.status}: {sentence.text}")
        lines += [f"  {fault.said(sentence.language)}" for fault in sentence.faults]
        lines += [f"  {_cited(citation)}" for citation in sentence.citations]
        lines += [f"  nearest: {_cited(sentence.nearest)}"] if sentence.nearest else []
    return Reply("\n".join(lines), found.as_dict())


def list_conflicts(assistant: "Assistant", as_of: str | None, limit: int) -> Reply:
    """Where documents disagree, surest first."""
    disputed = assistant.audit(as_of=parse_day(as_of) if as_of else None)
    lines = []
    for one in disputed[:limit]:
        lines.append(f"{one.about}: {one.sides[0].value} / {one.sides[1].value}")
        lines += [f"  {_cited(side.citation)}" for side in one.sides]
    data = {"conflicts": [one.as_dict() for one in disputed[:limit]], "total": len(disputed)}
    return Reply("\n".join(lines) or "No place was found where documents disagree.", data)


def list_documents(assistant: "Assistant") -> Reply:
    """The documents there are."""
    records, standings = assistant.status().documents, assistant.standings()
    documents = [
        {
            "path": record.id,
            "title": record.metadata.title or record.id,
            "language": record.metadata.language,
            "publisher": record.metadata.publisher,
            "reference": record.metadata.reference,
            "date": record.metadata.date,
            "version": record.metadata.version,
            "status": standings[record.id].status if record.id in standings else "",
            "url": record.metadata.url,
        }
        for record in records
    ]
    lines = [
        " · ".join(one[key] for key in ("path", "title", "language", "date", "status") if one[key]) for one in documents
    ]
    return Reply("\n".join(lines) or "There are no documents.", {"documents": documents})


def _answer(answer: "Answer") -> str:
    lines = [answer.text] if answer.abstained else []
    for statement in answer.statements if not answer.abstained else ():
        lines.append(f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}".rstrip())
    for conflict in answer.conflicts:
        sides = " / ".join(f"{side.value} [{side.citation}]" for side in conflict.sides)
        lines.append(f"The documents disagree about {conflict.about}: {sides}")
    lines += answer.notes if not answer.abstained else ()
    if answer.citations:
        lines += ["", *(f"[{citation.n}] {_cited(citation)}" for citation in answer.citations)]
    elif answer.nearest:
        lines += ["", "Nearest passages, which do not answer it:", *(_cited(citation) for citation in answer.nearest)]
    return "\n".join(lines)


def _cited(citation: "Citation") -> str:
    place = {"path": citation.document_id, "section": citation.section, "page": citation.page}
    return f"{_at(place)}, characters {citation.start} to {citation.end}: “{' '.join(citation.quote.split())}”"


def _at(place: dict[str, Any]) -> str:
    page = f"page {place['page']}" if place["page"] else ""
    return ", ".join(part for part in (place["path"], place["section"], page) if part)
