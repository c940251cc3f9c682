"""Is a document in force on a day, and which later version replaces it? Whoever asks passes the day.

Dates may be as coarse as "2023" or "2023-12": a document that is valid from 2023 is from its first day, one that is
valid to 2023 is to its last.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.documents.model import Metadata

Status = Literal["in force", "not yet", "lapsed", "superseded", ""]

_PREFERENCE: dict[Status, float] = {"in force": 1.0, "": 1.0, "not yet": 0.88, "lapsed": 0.88, "superseded": 0.88}
_KINDS = (  # what a title may say a document is: two kinds of one medicine share its number, and are no two versions
    r"leaflet|indlægsseddel|bijsluiter|patiëntenbijsluiter",
    r"summary of product|product information|produktresum\w*|produktinformation|productinformatie|smpc|spc"
    r"|samenvatting van de product\w*",
    r"overview|oversigt|overzicht|epar",
    r"decision|afgørelse|besluit|beschikking|beslissing",
    r"assessment|vurdering|beoordeling|rapport|report|advies|anbefaling|recommendation",
    r"guideline|vejledning|retningslinje|richtlijn",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document is in force on a day, and what says so. Status "": nothing says."""

    status: Status = ""
    turned: date | None = None  # lapsed: its last day; not yet: its first; superseded: the first of what replaces it
    by: str = ""  # superseded: the title of what replaces it, or what its metadata calls that

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return self.status in ("in force", "")


def first_day(text: str) -> date | None:
    """The first day of "2023", "2023-12" or "2023-12-31"; None where it is no date."""
    return _day(text, last=False)


def last_day(text: str) -> date | None:
    """The last day of "2023", "2023-12" or "2023-12-31"; None where it is no date."""
    return _day(text, last=True)


def _day(text: str, *, last: bool) -> date | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
    if not match:
        return None
    year, month, day = match.groups()
    try:
        in_month = int(month or (12 if last else 1))
        return date(int(year), in_month, int(day or (monthrange(int(year), in_month)[1] if last else 1)))
    except ValueError:
        return None


def standing(metadata: Metadata, on: date, successor: Metadata | None = None) -> Standing:
    """How a document stands on a day.

    Args:
        on: the day asked about.
        successor: what replaces it, where that is known; see `Succession`.

    A document is not yet in force before its `valid_from`, or, without one, before its date. What replaces a document
    does so from its own first day on. A `superseded_by` that nothing indexed answers to counts from the day after
    `valid_to`, or, without one, always.
    """
    start, end = first_day(metadata.valid_from), last_day(metadata.valid_to)
    begins = start or first_day(metadata.date)
    if begins and on < begins:
        return Standing("not yet", begins)
    if successor is not None:
        took_over = starts(successor)
        if took_over is None or took_over <= on:
            return Standing("superseded", took_over, successor.title or successor.reference)
    elif metadata.superseded_by and (end is None or end < on):
        return Standing("superseded", None, metadata.superseded_by)
    if end and end < on:
        return Standing("lapsed", end)
    return Standing("in force" if start or end else "")


def starts(metadata: Metadata) -> date | None:
    """The first day a document applies: `valid_from`, or its date."""
    return first_day(metadata.valid_from) or first_day(metadata.date)


def preference(metadata: Metadata, on: date, successor: Metadata | None = None) -> float:
    """What to multiply a sentence's score with on a day: 1 for a document that holds, less for one that does not.

    Less, and not nothing: where only a lapsed document answers, it answers.
    """
    return _PREFERENCE[standing(metadata, on, successor).status]


def is_newer(one: Metadata, other: Metadata) -> bool:
    """Whether two documents are versions of the same, and `one` the later.

    Versions share their reference. The first of these that both state and that differs decides: version, valid_from,
    date; between two languages not the date, for a translation is often published later.
    """
    if not is_same_work(one, other):
        return False
    order = _compared(_version(one.version), _version(other.version))
    order = order or _compared(first_day(one.valid_from), first_day(other.valid_from))
    if one.language == other.language or not (one.language and other.language):
        order = order or _compared(first_day(one.date), first_day(other.date))
    return order > 0


def is_same_work(one: Metadata, other: Metadata) -> bool:
    """Whether two documents are versions, or translations, of one: the same reference, and no two kinds of document."""
    if not one.reference or _plain(one.reference) != _plain(other.reference):
        return False
    places = {_plain(one.jurisdiction), _plain(other.jurisdiction)} - {""}
    kinds = [{n for n, kind in enumerate(_KINDS) if re.search(kind, meta.title.lower())} for meta in (one, other)]
    return len(places) < 2 and (not kinds[0] or not kinds[1] or bool(kinds[0] & kinds[1]))


class Succession:
    """Which of the indexed documents replace which. Cheap to make, once for an index."""

    def __init__(self, documents: Mapping[str, Metadata]) -> None:
        self._documents = dict(documents)
        self._called: dict[str, list[str]] = defaultdict(list)  # path, reference or title -> ids
        for id_, meta in self._documents.items():
            for name in {_plain(id_), _plain(meta.reference), _plain(meta.title)} - {""}:
                self._called[name].append(id_)

    def standing(self, document_id: str, on: date) -> Standing:
        """How a document stands on a day; one that is not indexed has no standing."""
        meta = self._documents.get(document_id)
        return standing(meta, on, self._successor(document_id, on)) if meta else Standing()

    def preference(self, document_id: str, on: date) -> float:
        """As the function of that name."""
        return _PREFERENCE[self.standing(document_id, on).status]

    def replaces(self, one: str, other: str) -> bool:
        """Whether document `one` is a later version of document `other`, on whatever day."""
        return one != other and one in self._later(other)

    def _successor(self, document_id: str, on: date) -> Metadata | None:
        """Of the documents that replace this one and have begun, the one that began last; else one that has not."""
        later = [self._documents[id_] for id_ in self._later(document_id)]
        begun = [meta for meta in later if (starts(meta) or date.min) <= on]
        return max(begun or later, key=lambda meta: (starts(meta) or date.min, meta.title), default=None)

    def _later(self, document_id: str) -> list[str]:
        """Every document that replaces this one, directly or by another that does."""
        found: list[str] = []
        waiting = [document_id]
        while waiting:
            for id_ in self._directly_later(waiting.pop()):
                if id_ not in found and id_ != document_id:
                    found.append(id_)
                    waiting.append(id_)
        return found

    def _directly_later(self, document_id: str) -> list[str]:
        meta = self._documents.get(document_id)
        if meta is None:
            return []
        named = [id_ for id_ in self._called.get(_plain(meta.superseded_by), []) if id_ != document_id]
        # A reference may name several versions; of those only later ones can replace this.
        named = [id_ for id_ in named if not is_newer(meta, self._documents[id_])]
        versions = [id_ for id_ in self._called.get(_plain(meta.reference), []) if id_ != document_id]
        return list(dict.fromkeys([*named, *(id_ for id_ in versions if is_newer(self._documents[id_], meta))]))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _version(text: str) -> tuple[int, ...] | None:
    """The numbers of a version; a single letter counts as its place in the alphabet; None where it has neither."""
    numbers = tuple(int(number) for number in re.findall(r"\d{1,9}", text))
    while numbers and not numbers[-1]:
        numbers = numbers[:-1]  # "2.0" is "2"
    if numbers or re.search(r"\d", text):
        return numbers
    letters = re.findall(r"\b[a-z]\b", text.lower())
    return tuple(ord(letter) - ord("a") + 1 for letter in letters) or None


def _compared(one: tuple[int, ...] | date | None, other: tuple[int, ...] | date | None) -> int:
    if one is None or other is None or one == other:
        return 0
    return 1 if one > other else -1  # type: ignore[operator]  # both are of one kind
