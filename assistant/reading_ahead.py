"""The reader reads an index's sentences while nobody asks, so that a question finds them read."""

import threading
from collections.abc import Callable, Iterator
from itertools import islice

from assistant.answering.features import Candidate
from assistant.answering.reader import Reader, Wording, reading
from assistant.errors import AssistantError
from assistant.opened import Opened

_AT_ONCE = 4  # sentences: a question that comes meanwhile waits no longer than these take
_QUIET = 2.0  # seconds after a question
_LOOK = 30.0  # seconds until the next look for a newer generation


def keep_reading(current: Callable[[], Opened], reader: Reader, stopped: threading.Event) -> None:
    """Read the current generation, as far as is remembered, and each one that replaces it, until `stopped` is set."""
    read = ""
    while not stopped.is_set():
        try:
            opened = current()
            if opened.index.generation != read and read_ahead(opened, reader, stopped):
                read = opened.index.generation
            del opened  # or a generation that is replaced would stay open
        except AssistantError:
            pass  # whoever asks next is told
        stopped.wait(_LOOK)


def read_ahead(opened: Opened, reader: Reader, stopped: threading.Event) -> bool:
    """Read one generation; False where `stopped` was set before the end."""
    texts = islice(_readings(opened), reader.remembers)
    while batch := list(islice(texts, _AT_ONCE)):
        while reader.idle < _QUIET:
            if stopped.wait(_QUIET - reader.idle):
                return False
        if stopped.is_set():
            return False
        reader.remember(batch)
    return True


def _readings(opened: Opened) -> Iterator[Wording]:
    for record in opened.records.values():
        for stored in opened.index.library.passages_of(record.id):
            candidate = Candidate(0, stored.passage, stored.language, record.metadata, record.subjects)
            for index in range(len(stored.passage.sentences)):
                yield reading(candidate, index)
