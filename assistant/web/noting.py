"""What a door gave or changed, written down for it; it is given and changed either way."""

import logging
import secrets
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.access import Among
from assistant.answering.answer import Answer
from assistant.errors import RecordsError
from assistant.web.caller import caller_of
from assistant.web.request_ids import id_of

if TYPE_CHECKING:
    from assistant.records.log import Door
    from assistant.records.recorder import Recorder

log = logging.getLogger(__name__)


def noted(
    recorder: "Recorder | None",
    answer: Answer,
    question: str,
    *,
    door: "Door",
    request: Any,
    history: Sequence[tuple[str, str]] = (),
    language: str | None = None,
    as_of: date | None = None,
    among: Among | None = None,
) -> str:
    """The id by which an answer is found again, once it is written down; without a recorder, one that nobody knows.

    Args:
        request: Starlette's or Gradio's.
        question, history, language, as_of, among: as `Assistant.ask` was given them.
    """
    if recorder is not None:
        try:
            return recorder.asked(
                answer,
                question,
                door=door,
                caller=caller_of(request),
                history=history,
                language=language,
                as_of=as_of,
                among=among,
                request_id=id_of(request),
            )
        except RecordsError:
            log.exception("an answer was not written down")
    return secrets.token_hex(10)


def changed(recorder: "Recorder | None", kind: str, subject: str = "", *, door: "Door", request: Any) -> None:
    """Write down that somebody changed something, where that is written down at all."""
    if recorder is None:
        return
    try:
        recorder.happened(kind, door=door, who=caller_of(request).name, request_id=id_of(request), subject=subject)
    except RecordsError:  # it has happened: the reply must not say that it has not
        log.exception("a change was not written down")
