"""What a client asks: which question, after which earlier ones; and what cannot be done for it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant.errors import AssistantError
from assistant.web.openai_door.told import HEADINGS, unescaped

MODEL: Final = "assistant"
_REMEMBERED = 6  # earlier turns that a follow-up may lean on, as on the page
_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_MARKS = re.compile(r" ?\[\d{1,3}\]")
_SOURCES = re.compile(rf"^(?:{'|'.join(re.escape(heading) for heading in HEADINGS)})$", re.MULTILINE)


class CannotServeError(AssistantError):
    """A request that is refused: with a status, and in the words of the OpenAI API."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(status, message, param, code)
        self.status, self.message, self.param, self.code = status, message, param, code

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read."""

    question: str
    history: tuple[tuple[str, str], ...]
    streamed: bool
    with_usage: bool  # of a stream: whether its last chunk tells the usage


def read(body: bytes) -> Asked:
    """Read the body of a request. Sampling parameters and unknown keys are passed over.

    Raises:
        CannotServeError: it is not as the API has it, or it asks for what would not be kept.
    """
    try:
        request = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or a number that no program can hold
        raise CannotServeError(400, f"The body is not JSON in UTF-8 ({str(error)[:80]}).") from error
    if not isinstance(request, dict):
        raise CannotServeError(400, "The body is not a JSON object.")
    must_be_model(request.get("model"))
    _can_be_kept(request)
    messages = request.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise CannotServeError(400, "'messages' must be a list of objects.", param="messages")
    question, history = _conversation(messages)
    if not _is_writable(question, *(text for turn in history for text in turn)):
        raise CannotServeError(400, "A message holds half of a character (a lone surrogate).", param="messages")
    options = request.get("stream_options")
    return Asked(
        question,
        history,
        streamed=request.get("stream") is True,
        with_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def must_be_model(name: object) -> None:
    """Refuse every model but the one there is.

    Raises:
        CannotServeError: it is another, or none is named.
    """
    if not isinstance(name, str) or not name:
        raise CannotServeError(400, f"Name the model: {MODEL!r}.", param="model")
    if name != MODEL:
        raise CannotServeError(
            404, f"There is no model {name[:60]!r} here. Ask for {MODEL!r}.", param="model", code="model_not_found"
        )


def _can_be_kept(request: Mapping[str, Any]) -> None:
    """Refuse what a client would rely on and not get. What it would not miss is passed over."""
    form = request.get("response_format")
    choice = request.get("tool_choice", request.get("function_call"))
    refused = {
        "n": (request.get("n") not in (None, 1), "There is one answer to a question: n must be 1."),
        "response_format": (
            form is not None and not (isinstance(form, dict) and form.get("type") == "text"),
            "The answer is text. Its structure is in the reply's 'assistant' object, whatever the format.",
        ),
        "tool_choice": (choice not in (None, "auto", "none"), "The assistant calls no tools, so none can be required."),
        "logprobs": (bool(request.get("logprobs")), "There are no tokens here, and so no probabilities of tokens."),
        "modalities": (request.get("modalities") not in (None, ["text"]), "The answer is text and nothing else."),
    }
    for name, (is_refused, why) in refused.items():
        if is_refused:
            raise CannotServeError(400, why, param=name)


def _conversation(messages: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The last question, and the turns before it. What a system or a tool says is no question and gives no orders."""
    turns: list[tuple[str, str]] = []
    last = max((n for n, message in enumerate(messages) if message.get("role") == "user"), default=-1)
    if last < 0:
        raise CannotServeError(400, "There is no message of the user in 'messages'.", param="messages")
    for n, message in enumerate(messages):
        role = message.get("role")
        if role not in _ROLES:
            raise CannotServeError(400, f"messages[{n}]: {str(role)[:40]!r} is no role.", param=f"messages[{n}].role")
        if role == "user" and n < last:
            turns.append((_text(message.get("content"), n, is_asked=False), ""))
        elif role == "assistant" and turns and n < last:
            turns[-1] = (turns[-1][0], without_sources(_text(message.get("content"), n, is_asked=False)))
    return _text(messages[last].get("content"), last, is_asked=True), tuple(turns[-_REMEMBERED:])


def _text(content: object, n: int, *, is_asked: bool) -> str:
    """The text of a message. In the question nothing else may stand; in an earlier message it is passed over."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = []
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif is_asked:
            raise CannotServeError(
                400, f"A question is text; {str(kind)[:40]!r} cannot be read.", param=f"messages[{n}].content"
            )
    if is_asked and not texts:
        raise CannotServeError(400, f"messages[{n}] has no text.", param=f"messages[{n}].content")
    return "\n".join(texts)


def _is_writable(*texts: str) -> bool:
    """Whether texts can be written in UTF-8, as everything that is answered, stored or logged must be."""
    return not any("\ud800" <= character <= "\udfff" for text in texts for character in text)


def without_sources(content: str) -> str:
    """An earlier answer as it was said: without its marks, and without the list of sources behind it."""
    found = _SOURCES.search(content)
    return unescaped(_MARKS.sub("", content[: found.start()] if found else content)).strip()
