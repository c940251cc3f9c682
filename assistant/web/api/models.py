"""The objects that several resources take or give, as the specification describes them."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["da", "nl", "en"]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> date:
    """A day as it is written; a number or a moment is none."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:  # the 31st of February
            pass
    raise ValueError("it is no day; write it as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_day)]


class Taken(BaseModel):
    """A body or a query. Unknown keys are refused: a misspelt one would otherwise be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CitationOut(BaseModel):
    """Where a document backs a statement: the document's `text[start:end]` is the quote, exactly."""

    n: int = Field(description="Its number in the answer, from 1.")
    document: str = Field(description="The document's title.")
    path: str = Field(description="The document's id.")
    start: int = Field(description="Characters into the document's text.")
    end: int = Field(description="Exclusive.")
    quote: str
    section: str = Field(description="The headings it stands under, outermost first.")
    page: int | None = Field(description="From 1; null where the format has no pages.")
    language: str
    date: str
    version: str
    valid_from: str
    valid_to: str
    status: Literal["", "in force", "not yet", "lapsed", "superseded"] = Field(
        description="How its document stands on the day asked about; empty where nothing says."
    )


class StatementOut(BaseModel):
    """One sentence of an answer."""

    text: str
    citations: list[int] = Field(description="The numbers of the citations that back it.")
    alternative: bool = Field(description="It may be meant too; the statements before it answer likelier.")


class ConflictSideOut(BaseModel):
    """What one document says."""

    value: str
    citation: int


class ConflictOut(BaseModel):
    """Documents that differ about the same thing."""

    about: str
    sides: list[ConflictSideOut]
