"""Run by test_stopping.py in a process of its own: the real service, with an answer that takes its time."""

import time
from collections.abc import Iterator

from assistant.answering.answer import Answer, Statement
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.web.server import serve


def stream(self: Assistant, question: str, **_: object) -> Iterator[Statement | Answer]:
    yield Statement("Vent lidt.", ())
    time.sleep(2)
    yield Answer(question, "Det står der ikke.", True, "da")


Assistant.stream = stream  # type: ignore[method-assign, assignment]
Assistant.warm = lambda self: None  # type: ignore[method-assign]  # there is nothing to warm
serve(Settings.load())
