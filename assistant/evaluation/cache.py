"""Answers kept by what they depend on, so that only what changed is asked again: a file each, whole or not there."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from assistant.answering.answer import Answer
from assistant.evaluation.ranking import Ranking


@dataclass(frozen=True)
class Asked:
    """What came back for one question."""

    answer: Answer
    passages: tuple[tuple[str, int, int], ...]  # of the search, best first: document, start, end


_ADAPTER = TypeAdapter(Asked)


class Cache:
    """A folder of answers over one state of documents, code, models and settings."""

    def __init__(self, folder: Path, *, documents: Mapping[str, str], made_with: Mapping[str, str]) -> None:
        self._folder = folder
        stated = {name: one for name, one in made_with.items() if name != "generation"}
        # What is in force depends on the day, too.
        self._state = _hash([sorted(documents.items()), sorted(stated.items()), date.today().isoformat()])

    def get(self, question: str, history: Sequence[tuple[str, str]]) -> Asked | None:
        """What came back the last time; None: it was not asked, or something has changed since."""
        try:
            return _ADAPTER.validate_json(self._file(question, history).read_bytes())
        except (OSError, ValidationError):
            return None

    def put(self, question: str, history: Sequence[tuple[str, str]], asked: Asked) -> None:
        """Keep what came back; where the folder cannot be written, it is asked again next time."""
        file = self._file(question, history)
        aside = file.with_name(f".{uuid4().hex}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(_ADAPTER.dump_json(asked))
            aside.replace(file)
        except OSError:
            aside.unlink(missing_ok=True)

    def _file(self, question: str, history: Sequence[tuple[str, str]]) -> Path:
        return self._folder / self._state[:16] / f"{_hash([question, [list(turn) for turn in history]])}.json"


def ranking_of(
    passages: Sequence[tuple[str, int, int]],
    relevant: Sequence[tuple[str, int, int]],
    depth: int,
) -> Ranking | None:
    """Where the relevant passages came; None where there is none, so that nothing can be measured."""
    if not relevant:
        return None
    wanted = set(relevant)
    return Ranking(tuple(rank for rank, one in enumerate(passages[:depth], 1) if one in wanted), len(wanted))


def _hash(stated: object) -> str:
    return hashlib.sha256(json.dumps(stated, ensure_ascii=True).encode("ascii")).hexdigest()
