"""Sentences are read while nobody asks: a question finds them read, a newer generation is read too, and it stops."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from assistant import reading_ahead
from assistant.answering.encoder import Encoder
from assistant.answering.reader import Wording, packaged_reader
from assistant.engine import Assistant

TEXT = "# Veltoral: indlægsseddel\n\n## Dosering\n\nVoksne tager {} mg om morgenen.\n\nBørn må ikke få Veltoral.\n"


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the packaged models read from here on."""
    told: list[str] = []
    really = Encoder._encoded

    def watched(self: Encoder, texts: Sequence[str]) -> Any:
        told.extend(texts)
        return really(self, texts)

    monkeypatch.setattr(Encoder, "_encoded", watched)
    monkeypatch.setattr(reading_ahead, "_QUIET", 0.0)
    monkeypatch.setattr(reading_ahead, "_LOOK", 0.05)
    for encoder, _ in packaged_reader()._models:
        encoder._texts.clear()
    return told


def soon(said: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_question_finds_every_sentence_read_and_so_does_one_over_a_newer_generation(
    assistant_over: Callable[[dict[str, str]], Assistant], encoded: list[str]
) -> None:
    assistant = assistant_over({"veltoral.da.md": TEXT.format(20)})
    stopped = threading.Event()
    reading = threading.Thread(target=assistant.read_ahead, args=(stopped,))
    reading.start()
    try:
        soon(lambda: any("Børn må ikke" in text for text in encoded))
        (assistant.settings.corpus / "veltoral.da.md").write_text(TEXT.format(35), "utf-8")
        assistant.index()
        soon(lambda: any("35 mg" in text for text in encoded))
    finally:
        stopped.set()
        reading.join(10)
    assert not reading.is_alive()
    encoded.clear()
    answer = assistant.ask("Hvor mange mg tager voksne om morgenen?")
    assert "35 mg" in answer.text
    assert len(encoded) == 2  # the question, in English words and as it is
    assert encoded[1] == "Hvor mange mg tager voksne om morgenen?"


def test_it_waits_while_somebody_asks(
    assistant_over: Callable[[dict[str, str]], Assistant], encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = assistant_over({"veltoral.da.md": TEXT.format(20)})
    monkeypatch.setattr(reading_ahead, "_QUIET", 3600.0)
    packaged_reader().nearness(Wording("dosis?", "da"), [Wording("20 mg", "da")])
    encoded.clear()
    stopped = threading.Event()
    threading.Timer(0.5, stopped.set).start()
    assistant.read_ahead(stopped)
    assert encoded == []
