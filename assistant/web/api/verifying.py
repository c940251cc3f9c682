"""POST /api/v1/verify: is what a text says backed by the documents, or by sources sent along?"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictStr

from assistant.web.api.context import View
from assistant.web.api.models import CitationOut, Language, Taken
from assistant.web.api.problems import ApiError
from assistant.web.api.requests import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["verify"])
MOST_CHARACTERS: Final = 10_000  # of a text: each of its sentences is searched for
MOST_SOURCE_CHARACTERS: Final = 200_000  # of all sources together: each sentence is held against each of them
_SOMETHING: Final = r"[^\s\x1c-\x1f]"  # what Python strips and others count as white space differs by four controls


class ToVerify(Taken):
    """A text, and what to hold it against."""

    text: StrictStr = Field(
        max_length=MOST_CHARACTERS, pattern=_SOMETHING, description="In Danish, Dutch or English, from whomever."
    )
    sources: list[Annotated[StrictStr, Field(max_length=MOST_SOURCE_CHARACTERS, pattern=_SOMETHING)]] | None = Field(
        default=None,
        min_length=1,
        max_length=20,
        description="Texts to hold it against, cited as `text 1`, `text 2`, …; null: the indexed documents. "
        f"Together at most {MOST_SOURCE_CHARACTERS} characters.",
    )
    language: Language | None = Field(default=None, description="Of the text; else told from it.")


class FaultOut(BaseModel):
    """What is wrong with a sentence, against the nearest one of the documents."""

    kind: str = Field(description="`figure`, `unit`, `date`, `name`, `negation`, `content` or `relation`.")
    what: str
    said: str = Field(description="In words, in the sentence's language.")


class CheckedOut(BaseModel):
    """A sentence of the text, and what came of it."""

    text: str
    start: int = Field(description="Characters into the text that was sent.")
    end: int = Field(description="Exclusive.")
    language: str
    status: Literal["backed", "refused", "not_found", "no_claim"]
    citations: list[CitationOut] = Field(description="Of a sentence that is backed: by what.")
    faults: list[FaultOut]
    nearest: CitationOut | None = Field(description="Of one that is not: the sentence that comes nearest.")


class CountsOut(BaseModel):
    """How many sentences came out as what."""

    backed: int
    refused: int
    not_found: int
    no_claim: int


class VerifiedOut(BaseModel):
    """A text, sentence by sentence."""

    backed: bool = Field(description="Whether every sentence that claims something is backed, and one does.")
    counts: CountsOut
    searched: int = Field(description="Documents, or sources.")
    sentences: list[CheckedOut]


@router.post("/verify", response_model=VerifiedOut)
def verify(asked: ToVerify, assistant: View) -> dict[str, Any]:
    """Hold a text against documents, sentence by sentence."""
    if asked.sources is not None and sum(map(len, asked.sources)) > MOST_SOURCE_CHARACTERS:
        raise ApiError(
            "too-large", f"The sources have more than {MOST_SOURCE_CHARACTERS} characters. Send less at once"
        )
    return assistant.verify(asked.text, asked.sources, language=asked.language).as_dict()
