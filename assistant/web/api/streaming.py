"""Work that yields as it goes, told to a client as server-sent events; it stops when nobody listens any more."""

import asyncio
import json
from collections.abc import AsyncIterator, Generator
from functools import partial
from typing import Any, Final, TypeVar

from fastapi.concurrency import run_in_threadpool

T = TypeVar("T")
MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = b": still here\n\n"  # keeps proxies from closing a connection on which nothing is said


async def told(work: Generator[T, None, None], every_seconds: float) -> AsyncIterator[T | None]:
    """What a generator yields, as it comes; None for every so many seconds in which nothing came.

    The generator runs in threads of the pool. Whoever stops listening closes it: at once, or, where it is busy, as soon
    as it yields.
    """
    end = object()
    step: asyncio.Task[Any] | None = None
    try:
        while True:
            step = asyncio.create_task(run_in_threadpool(partial(next, work, end)))
            while not (await asyncio.wait({step}, timeout=every_seconds))[0]:
                yield None
            item = step.result()
            if item is end:
                return
            yield item
    finally:
        if step is None or step.done():
            work.close()
        else:
            step.add_done_callback(lambda done: _close(work, done))


def _close(work: Generator[Any, None, None], done: "asyncio.Task[Any]") -> None:
    if not done.cancelled():
        done.exception()  # nobody is there to be told
    work.close()


def event(name: str, data: Any) -> bytes:
    """One server-sent event with a JSON value."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
