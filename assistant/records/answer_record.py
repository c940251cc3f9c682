"""What was answered: to which question, in which bytes, from which spans of which versions of documents, with what."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from assistant.access import Among, Role
from assistant.answering.answer import Answer, Citation
from assistant.documents.model import Document
from assistant.errors import DocumentError
from assistant.records.chain import Entry, canonical
from assistant.records.privacy import Privacy, is_hidden
from assistant.records.store import clean


class Reads(Protocol):
    """Knows the documents that are indexed."""

    def document(self, document_id: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, as it came in."""

    question: str
    history: tuple[tuple[str, str], ...] = ()
    language: str = ""  # as given; empty: the question's
    as_of: date | None = None  # as given; None: the day in the question, or today
    among: Among | None = None
    groups: frozenset[str] = frozenset()  # of whoever asked: with their role, which documents they could read
    role: Role = "reader"

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Asking":
        """Read from the body of its entry."""
        among = body["among"]
        return cls(
            question=body["question"],
            history=tuple((asked, said) for asked, said in body["history"]),
            language=body["language"],
            as_of=_day(body["as_of"]),
            among=None if among is None else _among(among),
            groups=frozenset(body["groups"]),
            role=body["role"],
        )

    def as_dict(self, privacy: Privacy) -> dict[str, Any]:
        """For the body of its entry. Without personal data: no history and no groups, the question as a keyed hash."""
        among = self.among
        return {
            "question": privacy.hidden(clean(self.question)),
            "history": [[clean(part) for part in turn] for turn in self.history] if privacy.keeps else [],
            "language": self.language,
            "as_of": _iso(self.as_of),
            "among": among
            and {
                "documents": sorted(among.documents),
                "languages": sorted(among.languages),
                "publishers": sorted(among.publishers),
                "since": _iso(among.since),
                "until": _iso(among.until),
            },
            "groups": sorted(self.groups) if privacy.keeps else [],
            "role": self.role,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer cites, or offers as nearest."""

    path: str
    content_hash: str  # of the version cited; empty: the index was replaced while it was answered
    spans: tuple[tuple[int, int], ...]  # characters into its text, end exclusive


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer, as the log keeps it in the body of an entry of kind `ask` about `id`."""

    id: str
    at: str
    asking: Asking
    day: str  # ISO 8601: on which documents had to be in force
    answer: str  # canonical JSON, see answer_json(); empty where personal data is not kept
    answer_sha256: str
    sources: tuple[Source, ...]
    made_with: Mapping[str, str]  # see circumstances.py

    @property
    def is_hidden(self) -> bool:
        """Whether question and answer were not kept."""
        return not self.answer or is_hidden(self.asking.question)

    @classmethod
    def of(cls, entry: Entry) -> "AnswerRecord":
        """Read from its entry of the log."""
        body = entry.body
        sources = tuple(
            Source(one["path"], one["content_hash"], tuple((start, end) for start, end in one["spans"]))
            for one in body["sources"]
        )
        answer, digest = body["answer"], body["answer_sha256"]
        asking = Asking.of(body)
        return cls(entry.subject, entry.at, asking, body["day"], answer, digest, sources, body["made_with"])


def answer_json(answer: Answer) -> str:
    """An answer as it is kept and compared: canonical JSON of `Answer.as_dict()` without `seconds`; ASCII."""
    stated = answer.as_dict()
    del stated["seconds"]
    return canonical(stated)


def digest_of(answer: str) -> str:
    """SHA-256 of an answer's JSON, as hexadecimal digits."""
    return hashlib.sha256(answer.encode("ascii")).hexdigest()


def body_of(
    answer: Answer, asking: Asking, reads: Reads, made_with: Mapping[str, str], today: date, privacy: Privacy
) -> dict[str, Any]:
    """What the log keeps of an answer. Without personal data, not its text.

    Args:
        reads: the assistant, as one who may read everything.
    """
    said = answer_json(answer)
    return {
        **asking.as_dict(privacy),
        "day": answer.as_of or today.isoformat(),
        "abstained": answer.abstained,
        "answer": privacy.left_out(said),
        "answer_sha256": digest_of(said),
        "sources": [
            {"path": one.path, "content_hash": one.content_hash, "spans": [list(span) for span in one.spans]}
            for one in _sources((*answer.citations, *answer.nearest), reads)
        ],
        "made_with": dict(made_with),
        "milliseconds": round(answer.seconds * 1000),
    }


def _sources(citations: Sequence[Citation], reads: Reads) -> list[Source]:
    by_path: dict[str, list[Citation]] = {}
    for citation in citations:
        by_path.setdefault(citation.document_id, []).append(citation)
    return [
        Source(path, _version(path, cited, reads), tuple((one.start, one.end) for one in cited))
        for path, cited in sorted(by_path.items())
    ]


def _version(path: str, cited: Sequence[Citation], reads: Reads) -> str:
    """The hash of the version that was cited; empty where the index holds another by now."""
    try:
        document = reads.document(path)
    except DocumentError:
        return ""
    stands = all(document.text[one.start : one.end] == one.quote for one in cited)
    return document.content_hash if stands else ""


def _among(stated: Mapping[str, Any]) -> Among:
    return Among(
        documents=frozenset(stated["documents"]),
        languages=frozenset(stated["languages"]),
        publishers=frozenset(stated["publishers"]),
        since=_day(stated["since"]),
        until=_day(stated["until"]),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(stated: str) -> date | None:
    return date.fromisoformat(stated) if stated else None
