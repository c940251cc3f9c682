"""The Assistant for code that awaits: the same questions, answered in threads underneath."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from assistant.answering.answer import Answer, Statement
    from assistant.answering.verify import Verification

AT_ONCE: Final = 8  # calls in all, from every event loop of the process; the others wait for their turn
_NOTHING_MORE: Final = object()
_T = TypeVar("_T")


class Asynchronous:
    """What an Assistant does, awaited. Arguments and errors are those of `ask`, `stream` and `verify`.

    Whoever stops waiting, by a timeout or by cancelling, frees nobody else's thread and loses nothing of the index: a
    call that has not begun never does, one that runs ends by itself, and its result is dropped.
    """

    ask: Callable[..., "Answer"]
    stream: Callable[..., Any]
    verify: Callable[..., "Verification"]

    async def aask(self, question: str, **more: Any) -> "Answer":
        """As `ask`."""
        return await in_thread(self.ask, question, **more)

    async def averify(self, text: str, *given: Any, **more: Any) -> "Verification":
        """As `verify`."""
        return await in_thread(self.verify, text, *given, **more)

    async def astream(self, question: str, **more: Any) -> AsyncIterator["Statement | Answer"]:
        """As `stream`. Leaving the loop early ends the asking at the next statement."""
        telling = self.stream(question, **more)
        step: Future[Any] | None = None
        try:
            while True:
                step = _started(next, telling, _NOTHING_MORE)
                came = await asyncio.wrap_future(step)
                if came is _NOTHING_MORE:
                    return
                yield came
        finally:
            if step is not None:  # a step that still runs holds the generator; it is closed behind it
                step.add_done_callback(lambda _: telling.close())


async def in_thread(call: Callable[..., _T], *given: Any, **more: Any) -> _T:
    """Await a call that would block, in one of the threads that all share."""
    return await asyncio.wrap_future(_started(call, *given, **more))


def _started(call: Callable[..., _T], *given: Any, **more: Any) -> "Future[_T]":
    context = contextvars.copy_context()  # so that what is logged underneath still knows its request
    return _threads().submit(context.run, partial(call, *given, **more))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="assistant")
