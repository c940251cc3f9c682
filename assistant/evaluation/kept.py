"""One run of a question set as it is kept: all that is needed to show it again, and to compare it with another."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from assistant.evaluation.calibration import Bin
from assistant.evaluation.rows import Row


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptScore(_Part):
    """A share, as counted."""

    part: float = Field(ge=0, allow_inf_nan=False)
    whole: int = Field(ge=0)

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


class KeptGroup(_Part):
    """The questions of one kind, or in one language."""

    questions: int
    scores: dict[str, KeptScore]


class KeptBin(_Part):
    """Claims of about the same probability; see calibration.py."""

    least: float = Field(ge=0, le=1)
    most: float = Field(ge=0, le=1)
    mean: float = Field(ge=0, le=1)
    came_true: int = Field(ge=0)
    count: int = Field(ge=1)


class KeptCalibration(_Part):
    """How far to trust the confidence, in bins."""

    claims: int
    error: float | None
    brier: float | None
    bins: tuple[KeptBin, ...]

    def as_bins(self) -> tuple[Bin, ...]:
        return tuple(Bin(one.least, one.most, one.mean, one.came_true, one.count) for one in self.bins)


class KeptPlace(_Part):
    """A place in a document: cited, or expected to be."""

    document: str
    quote: str
    section: str = ""
    page: int | None = None
    language: str = ""
    expected: bool = False  # of a citation: it overlaps expected evidence


class KeptFact(_Part):
    """A fact that a right answer holds, in one of these wordings."""

    alternatives: tuple[str, ...]
    said: bool


class KeptFailure(_Part):
    """A question that was not answered as it should be."""

    id: str
    language: str
    kind: str
    question: str
    history: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]  # the rules it broke, in the words of report.py
    answer: str
    answer_language: str
    abstained: bool
    confidence: float
    citations: tuple[KeptPlace, ...]
    facts: tuple[KeptFact, ...]
    forbidden: tuple[str, ...]  # claims that stand in the answer and must not
    should_abstain: bool
    evidence: tuple[KeptPlace, ...]


class KeptBound(_Part):
    """A threshold that was missed."""

    figure: str
    value: float | None  # None: nothing in the set measures it
    bound: float
    at_least: bool  # or at most


class KeptMeasure(_Part):
    """A measure and where it lies with 95 % confidence; None: nothing was measured."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    questions: int
    less_is_better: bool


class KeptOpinion(_Part):
    """What a language model made of the answers; nothing else here depends on it."""

    model: str
    verdicts: dict[str, Literal["right", "wrong", "unsure"]]  # of each question that was answered
    agreed: int  # of those that it was sure of: as the rules have it


class Run(_Part):
    """One run of one question set, with all that is needed to show it."""

    format: Literal["assistant-eval-run-1"] = "assistant-eval-run-1"
    set: str  # its file's name
    when: AwareDatetime
    corpus: str  # below the working folder where it stands there
    documents: int
    generation: str
    settings: dict[str, str | int | float]
    questions: int
    scores: dict[str, KeptScore]
    counts: dict[str, int]
    by_language: dict[str, KeptGroup]
    by_kind: dict[str, KeptGroup]
    calibration: dict[str, KeptCalibration]
    missed: tuple[KeptBound, ...]
    stale: tuple[str, ...]  # evidence that no longer stands in its document: the ids of its questions
    failed: tuple[KeptFailure, ...]
    rows: tuple[Row, ...] = ()  # what was counted of each question; empty: a run of an earlier version
    measures: tuple[KeptMeasure, ...] = ()
    texts: dict[str, tuple[str, str]] = {}  # document -> hashes of its file and of the text that was read from it
    made_with: dict[str, str] = {}  # see circumstances.py
    opinion: KeptOpinion | None = None  # where it was asked for
