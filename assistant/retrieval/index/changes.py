"""What changed in a corpus since it was indexed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.model import Document, Passage


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How files become passages. `version` changes when the same file would be read or cut differently."""

    files: Callable[[Path], list[Path]]
    content_hash: Callable[[Path], str]
    read: Callable[[Path, Path], Document]
    segment: Callable[[Document], Sequence[Passage]]
    version: str


@dataclass(frozen=True, slots=True)
class Changes:
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    @property
    def none(self) -> bool:
        return not (self.added or self.changed or self.removed)


def compare(now: dict[str, str], before: dict[str, str]) -> Changes:
    added = tuple(sorted(set(now) - set(before)))
    removed = tuple(sorted(set(before) - set(now)))
    changed = tuple(sorted(path for path in set(now) & set(before) if now[path] != before[path]))
    return Changes(added, changed, removed, len(now) - len(added) - len(changed))
