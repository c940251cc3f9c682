"""A reply of a language model, piece by piece as it comes, within a time. The server speaks OpenAI's chat protocol."""

import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

from assistant.errors import LanguageModelError
from assistant.retrieval.embedding import first_line
from assistant.settings import Settings

_LONGEST = 6000  # characters of a reply that are read
_TOKENS = 500
_CANNOT_STREAM = (400, 404, 405, 415, 422, 501)  # what servers say that know no `stream`


def reply(system: str, user: str, settings: Settings) -> Iterator[str]:
    """Ask the configured model, and yield what it says as it says it.

    A server that does not stream is asked again for the whole. The time allowed is for all of it together, so that a
    server which trickles cannot hold an answer up.

    Raises:
        LanguageModelError: it failed, or took longer than `llm_timeout_seconds`; pieces may have come before.
    """
    deadline = time.monotonic() + settings.llm_timeout_seconds
    pieces: queue.Queue[str | Exception | None] = queue.Queue()
    stopped = threading.Event()

    def read() -> None:
        try:
            for piece in _pieces(system, user, settings, stopped):
                if stopped.is_set():
                    return
                pieces.put(piece)
            pieces.put(None)
        except Exception as error:  # noqa: BLE001  # clients raise many kinds; each is told to whoever waits
            pieces.put(error)

    threading.Thread(target=read, daemon=True, name="language-model").start()
    characters = 0
    try:
        while characters < _LONGEST:
            try:
                piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise LanguageModelError(settings.llm_url, f"no answer in {settings.llm_timeout_seconds:g} s") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise LanguageModelError(settings.llm_url, first_line(piece)) from piece
            characters += len(piece)
            yield piece
    finally:
        stopped.set()


def _pieces(system: str, user: str, settings: Settings, stopped: threading.Event) -> Iterator[str]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole
    from llama_index.llms.openai_like import OpenAILike

    model = OpenAILike(
        model=settings.llm_model,
        api_base=settings.llm_url,
        api_key=settings.llm_api_key or "none",
        is_chat_model=True,
        timeout=settings.llm_timeout_seconds,
        max_retries=0,
        temperature=0.0,
        max_tokens=_TOKENS,
    )
    asked = [ChatMessage(role=MessageRole.SYSTEM, content=system), ChatMessage(role=MessageRole.USER, content=user)]
    said = False
    for piece in _streamed(model, asked):
        said = True
        yield piece
    if not said and not stopped.is_set():
        yield str(model.chat(asked).message.content or "")


def _streamed(model: Any, asked: list[Any]) -> Iterator[str]:
    """The pieces that a server streams; none where it does not stream."""
    from openai import APIStatusError

    try:
        for chunk in model.stream_chat(asked):
            if chunk.delta:
                yield str(chunk.delta)
    except APIStatusError as error:
        if error.status_code not in _CANNOT_STREAM:
            raise
