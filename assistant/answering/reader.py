"""Small transformers that read questions and sentences, and say how well a sentence answers a question.

Two read each text by itself and make vectors of it; nearness is the cosine of two (Reimers and Gurevych,
"Sentence-BERT", 2019), and how near their pieces meet (`encoder.py`). One of them reads English, and Danish and Dutch
word for word in English (`retrieval/gloss.py`); the other reads all three as they are. They err differently, so the
mean of both is nearer the truth than either (Hansen and Salamon, "Neural network ensembles", 1990). A third reads
question and sentence together (`cross_encoder.py`). `training/reader` makes them.
"""

import math
import re
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.answering.cross_encoder import CrossEncoder
from assistant.answering.encoder import KEPT, Encoder
from assistant.answering.features import Candidate
from assistant.answering.question import Question
from assistant.retrieval.gloss import gloss

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

_MODELS = Path(__file__).parents[1] / "models"
_CALLED = 8  # words of a title
_NAMED = 2  # names that a document is about, where its title has them not
_POLITE = re.compile(  # says nothing of what is asked
    r"\b(?:(?:på forhånd )?tak(?: for hjælpen)?|(?:alvast |bij voorbaat )?(?:bedankt|dank (?:je|u)(?: wel)?|dank)"
    r"|thank you|thanks|in advance|please|venligst|alsjeblieft|alstublieft|s\.?v\.?p|hej|hi|hello|hallo"
    r"|goedemorgen|goddag|dag"
    r"|(?:kan|kunne|vil) du (?:ikke )?(?:lige )?(?:sige|fortælle|oplyse|hjælpe) (?:mig|os)(?: med)?|jeg vil gerne vide"
    r"|(?:kan|kunt|kun) (?:u|je|jij) (?:mij|me|ons) (?:misschien )?(?:zeggen|vertellen|helpen)"
    r"|weet (?:u|je|jij)(?: misschien)?"
    r"|ik (?:zou graag|wil graag|wil) weten|ved du(?: måske)?|(?:could|can|would) you (?:please )?tell (?:me|us)"
    r"|do you (?:happen to )?know|i would like to know|i'd like to know)\b[,.!]?(?=\s|$)",
    re.IGNORECASE,
)


class Wording(NamedTuple):
    """A text as it is to be read, and its language."""

    text: str
    language: str


def asked(question: Question) -> Wording:
    """A question without what is only polite, a follow-up behind the question it leans on.

    One all in capitals is read in small letters: in capitals the models know few words.
    """
    text = _POLITE.sub(" ", f"{question.leans_on} {question.text}").strip()
    return Wording(text.lower() if text.isupper() else text, question.language)


def reading(candidate: Candidate, index: int) -> Wording:
    """A sentence behind what it stands under."""
    passage = candidate.passage
    sentence = passage.sentences[index]
    title = candidate.metadata.title.split()[:_CALLED]
    named = [subject for subject in candidate.subjects[:_NAMED] if subject.lower() not in " ".join(title).lower()]
    called = " ".join([*named, *title])
    parts = [f"{called}:" if called else "", f"{passage.section[-1]}:" if passage.section else ""]
    if sentence.lead_in >= 0:
        parts.append(passage.sentences[sentence.lead_in].text)
    return Wording(" ".join(part for part in (*parts, sentence.text) if part), candidate.language)


def in_english(said: Wording) -> str:
    """In English words."""
    return gloss(said.text, said.language)


def as_it_is(said: Wording) -> str:
    """In its own words."""
    return said.text


class Reader:
    """Models that read each in its way. Cheap to make; weights are read at the first question. For any thread."""

    def __init__(self, models: Sequence[tuple[Encoder, Callable[[Wording], str]]], judge: CrossEncoder) -> None:
        """`models`: each with how it is given a text; `judge` is given texts as they are."""
        self._models, self._judge = models, judge
        self._asked = -math.inf  # when, by the monotonic clock

    @property
    def remembers(self) -> int:
        """How many texts it remembers."""
        return KEPT

    @property
    def idle(self) -> float:
        """For how many seconds it was not asked anything."""
        return time.monotonic() - self._asked

    def nearness(self, question: Wording, texts: Sequence[Wording]) -> "Vector":
        """How near each text is to answering the question: (len(texts),) float32, from -1 to 1.

        Raises:
            PackageBrokenError: a packaged model cannot be read.
        """
        import numpy as np

        self._asked = time.monotonic()
        found = np.zeros(len(texts), dtype=np.float32)
        for encoder, worded in self._models:
            found += encoder.nearness(worded(question), [worded(said) for said in texts]) / len(self._models)
        return found

    def judged(self, question: Wording, texts: Sequence[Wording]) -> "Vector":
        """How surely each text answers: (len(texts),) float32, logits; 0 where it is as likely that nothing does.

        Raises:
            PackageBrokenError: a packaged model cannot be read.
        """
        return self._judge.logits(as_it_is(question), [as_it_is(said) for said in texts])

    def remember(self, texts: Sequence[Wording]) -> None:
        """Read texts before they are asked about.

        Raises:
            PackageBrokenError: a packaged model cannot be read.
        """
        for encoder, worded in self._models:
            encoder.remember([worded(said) for said in texts])


@cache
def packaged_reader() -> Reader:
    """The one reader of this process."""
    return Reader(
        [(Encoder(_MODELS / "reader-en", 108), in_english), (Encoder(_MODELS / "reader-da-nl-en", 100), as_it_is)],
        CrossEncoder(_MODELS / "judge-da-nl-en"),
    )
