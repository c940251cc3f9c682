"""The Assistant awaited, and asked from many threads at once."""

import asyncio
import contextvars
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant, AssistantError, Settings
from assistant.asynchronous import AT_ONCE, Asynchronous, in_thread

QUESTION = "Hvor ofte gives Veltoral?"


def timeless(answer: Any) -> dict[str, Any]:
    return {key: value for key, value in answer.as_dict().items() if key != "seconds"}


def test_what_is_awaited_is_what_would_be_returned(assistant: Assistant) -> None:
    async def awaited() -> tuple[Answer, list[Any], Any]:
        answer = await assistant.aask("Og hvor meget?", history=[(QUESTION, "")], language="en")
        told = [came async for came in assistant.astream(QUESTION)]
        return answer, told, await assistant.averify("Veltoral gives hver 4. uge.", language="da")

    answer, told, verified = asyncio.run(awaited())
    assert timeless(answer) == timeless(assistant.ask("Og hvor meget?", history=[(QUESTION, "")], language="en"))
    assert tuple(told[:-1]) == told[-1].statements != ()
    assert timeless(told[-1]) == timeless(assistant.ask(QUESTION))
    assert verified == assistant.verify("Veltoral gives hver 4. uge.", language="da")


def test_its_errors_are_those_of_the_call(assistant: Assistant) -> None:
    with pytest.raises(AssistantError, match="longer than"):
        asyncio.run(assistant.aask("x" * 3000))


def test_what_is_logged_underneath_still_knows_its_request() -> None:
    request = contextvars.ContextVar("request", default="none")

    async def asked() -> str:
        request.set("r-17")
        return await in_thread(request.get)

    assert asyncio.run(asked()) == "r-17"


class Slow(Asynchronous):
    """Answers when it is let; notes who runs."""

    def __init__(self) -> None:
        self.let, self.guard = threading.Event(), threading.Lock()
        self.begun: list[str] = []
        self.running = self.most = 0
        self.closed = threading.Event()

    def ask(self, question: str) -> Any:  # type: ignore[override]
        with self.guard:
            self.begun.append(question)
            self.running += 1
            self.most = max(self.most, self.running)
        self.let.wait(30)
        with self.guard:
            self.running -= 1
        return question

    def stream(self, question: str) -> Any:  # type: ignore[override]
        self.telling = self._told(question)  # held here, so that nothing but closing ends it
        return self.telling

    def _told(self, question: str) -> Iterator[str]:
        try:
            yield "first"
            self.begun.append(question)
            self.let.wait(30)
            yield "second"
            self.begun.append("never")
            yield "third"
        finally:
            self.closed.set()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.01)


def test_so_many_run_at_once_and_no_more_and_one_that_is_cancelled_never_begins() -> None:
    slow = Slow()

    async def asked() -> list[Any]:
        waiting = [asyncio.create_task(slow.aask(str(n))) for n in range(AT_ONCE + 4)]
        await until(lambda: len(slow.begun) == AT_ONCE)
        waiting[-1].cancel()  # has not begun
        waiting[0].cancel()  # runs
        await asyncio.wait([waiting[-1], waiting[0]])
        slow.let.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    came = asyncio.run(asked())
    assert slow.most == AT_ONCE
    assert isinstance(came[0], asyncio.CancelledError)
    assert isinstance(came[-1], asyncio.CancelledError)
    assert came[1:-1] == [str(n) for n in range(1, AT_ONCE + 3)]
    assert str(AT_ONCE + 3) not in slow.begun


def test_a_stream_that_nobody_waits_for_ends_at_its_next_word() -> None:
    slow = Slow()

    async def asked() -> None:
        async def listened() -> None:
            async with aclosing(slow.astream("q")) as telling:
                async for _ in telling:
                    pass

        listening = asyncio.create_task(listened())
        await until(lambda: slow.begun == ["q"])
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert not slow.closed.is_set()  # it is in the middle of a step, in its thread
        slow.let.set()
        await until(slow.closed.is_set)

    asyncio.run(asked())
    assert slow.begun == ["q"]


def test_a_stream_left_early_is_closed() -> None:
    slow = Slow()

    async def asked() -> None:
        async with aclosing(slow.astream("q")) as telling:
            assert await anext(telling) == "first"

    asyncio.run(asked())
    assert slow.closed.is_set()


# Each edition gives its own number in two documents, so that an answer drawn from two editions would show.
DOSE = "---\ntitle: Veltoral\nlanguage: en\n---\n# Veltoral\n\nThe recommended dose of Veltoral is {n} mg.\n"
STORED = "---\ntitle: Tersimol\nlanguage: en\n---\n# Tersimol\n\nTersimol is stored at {n} degrees.\n"
BOTH = "What is the recommended dose of Veltoral? And how is Tersimol stored?"


def edition(corpus: Path, n: int) -> None:
    (corpus / "veltoral.en.md").write_text(DOSE.format(n=n), "utf-8")
    (corpus / "tersimol.en.md").write_text(STORED.format(n=n), "utf-8")


def test_many_threads_ask_while_another_indexes_and_every_answer_is_whole(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    edition(corpus, 11)
    assistant = Assistant(Settings(corpus=corpus, index=tmp_path / "index"))
    assistant.index()
    assistant.ask(BOTH)
    done, answers, guard = threading.Event(), list[Answer](), threading.Lock()

    def asks() -> None:
        while not done.is_set():
            answer = assistant.ask(BOTH)
            with guard:
                answers.append(answer)

    with ThreadPoolExecutor(6) as threads:
        asking = [threads.submit(asks) for _ in range(6)]
        try:
            for n in range(12, 17):
                edition(corpus, n)
                assistant.index()
                assistant.ask(BOTH)
        finally:
            done.set()
        for one in asking:
            one.result()
    answers.append(assistant.ask(BOTH))
    assistant.close()

    editions = set()
    for answer in answers:
        assert not answer.abstained
        assert {citation.document_id for citation in answer.citations} == {"veltoral.en.md", "tersimol.en.md"}
        (number,) = {found for said in answer.statements for found in re.findall(r"\d+", said.text)}
        for citation in answer.citations:
            text = (DOSE if citation.document_id == "veltoral.en.md" else STORED).format(n=number)
            assert text[citation.start : citation.end] == citation.quote
        editions.add(number)
    assert len(answers) > 12
    assert {"16"} < editions
