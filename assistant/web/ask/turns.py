"""The turns of a conversation, as the server holds them for a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering.answer import Answer

REMEMBERED = 6  # earlier turns that a follow-up may lean on
_MOST_SAID = 20_000  # characters of an answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, and what came of it."""

    number: int  # from 1
    question: str
    answer: Answer | None = None  # None: there is a problem, or the browser alone keeps what was drawn
    problem: str = ""  # why there is no answer
    said: str = ""  # the answer's words
    answer_id: str = ""  # by which what is said of the answer names it
    following: tuple[str, ...] = ()  # questions to ask next

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"turn-{self.number}"


def history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    """What a follow-up may lean on: (question, answer), oldest first."""
    return [(turn.question, turn.said) for turn in turns if turn.said][-REMEMBERED:]


class _Reopened(BaseModel):
    """A conversation that the browser kept, as far as a follow-up needs it. Words only, as in a request to the API."""

    model_config = ConfigDict(strict=True, extra="forbid")

    conversation: str = Field(pattern=r"^[a-z0-9]{1,40}$")
    last: int = Field(ge=1, le=100_000)  # the number of its last turn
    turns: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(max_length=REMEMBERED)


def reopened(data: Any, *, most_characters: int) -> tuple[str, list[Turn]] | None:
    """The id of a conversation that the browser opened again, and its turns; None where that is not what came.

    Args:
        data: the browser's, so anything: it may have been changed there.
        most_characters: of a question.
    """
    try:
        kept = _Reopened.model_validate(data)
    except ValidationError:
        return None
    latest = kept.turns[-kept.last :]
    turns = [
        Turn(number, question[:most_characters], said=said[:_MOST_SAID])
        for number, (question, said) in enumerate(latest, start=kept.last - len(latest) + 1)
    ]
    return kept.conversation, turns or [Turn(kept.last, "")]
