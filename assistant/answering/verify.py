"""Is what a text says backed by documents? Any text, sentence by sentence, whoever or whatever wrote it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answering.answer import Citation
from assistant.answering.checks.coverage import Space, commonness, content, kin, names, plain_words
from assistant.answering.checks.faults import Fault, Verdict
from assistant.answering.checks.figures import figures
from assistant.answering.entailment import Judge
from assistant.answering.grounding import Cited, judge
from assistant.documents.language import detect, detect_with_confidence
from assistant.documents.model import Document, Passage
from assistant.documents.sentences import sentence_spans
from assistant.retrieval.terms import words_of

Status = Literal["backed", "refused", "not_found", "no_claim"]
_TRIED = 12  # nearest sentences that a statement is held against
_PAIRED = 4  # of these, those that are also tried together with their neighbour
_NEAR = 0.5  # share of a statement that a sentence must have to be about the same
_NEARLY = 0.85  # share of the nearest sentence's that another may have and tell the faults in its place
_COMMON = 4.6  # the Zipf value from which a single word claims nothing
_SURE = 0.8  # from which the language of a single sentence is believed, against the text's
_MARKS = re.compile(r"\s*(?:\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+")
_BULLET = re.compile(r"^\s*(?:[-*•–#>]+|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a document that may back something."""

    document: Document
    passage: Passage
    index: int
    subjects: tuple[str, ...] = ()  # the names its document is about

    @property
    def cited(self) -> Cited:
        sentence = self.passage.sentences[self.index]
        lead_in = self.passage.sentences[sentence.lead_in].text if sentence.lead_in >= 0 else ""
        about = ". ".join([*self.passage.section, self.document.metadata.title, *self.subjects])
        return Cited(sentence.text, self.document.metadata.language, lead_in, about)


@dataclass(frozen=True, slots=True)
class Checked:
    """One sentence of a text, and what came of it."""

    text: str
    start: int  # characters into the text that was verified
    end: int  # exclusive
    language: str
    status: Status
    citations: tuple[Citation, ...] = ()  # of a backed sentence: what backs it
    faults: tuple[Fault, ...] = ()  # of a refused one: what is wrong, against the nearest sentence
    nearest: Citation | None = None  # of one that is not backed: the sentence that comes nearest, where one does

    def as_dict(self) -> dict[str, Any]:
        """As `assistant verify --json` prints it; keys as in docs/embedding.md."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "language": self.language,
            "status": self.status,
            "citations": [citation.as_dict() for citation in self.citations],
            "faults": [{"kind": f.kind, "what": f.what, "said": f.said(self.language)} for f in self.faults],
            "nearest": self.nearest.as_dict() if self.nearest else None,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """A text, sentence by sentence."""

    text: str
    sentences: tuple[Checked, ...]
    searched: int  # documents

    @property
    def is_backed(self) -> bool:
        """Whether every sentence that claims something is backed, and at least one does."""
        claims = [sentence for sentence in self.sentences if sentence.status != "no_claim"]
        return bool(claims) and all(sentence.status == "backed" for sentence in claims)

    def count(self, status: Status) -> int:
        """How many sentences came out as `status`."""
        return sum(sentence.status == status for sentence in self.sentences)

    def as_dict(self) -> dict[str, Any]:
        """As `assistant verify --json` prints it."""
        return {
            "backed": self.is_backed,
            "counts": {status: self.count(status) for status in ("backed", "refused", "not_found", "no_claim")},
            "searched": self.searched,
            "sentences": [sentence.as_dict() for sentence in self.sentences],
        }


def verify(
    text: str,
    find: Callable[[str, str], Sequence[Place]],
    *,
    searched: int,
    language: str = "",
    space: Space | None = None,
    second: Judge | None = None,
) -> Verification:
    """Hold each sentence of a text against documents.

    Args:
        text: of any length; citation marks such as [1] are passed over.
        find: (sentence, language) -> places that may back it, in any order.
        searched: how many documents `find` looks in.
        language: of the text; "": told from it, sentence by sentence.
        space: for grounding, words of the same meaning.
        second: for grounding, a second judge.
    """
    checked = []
    for start, end, spoken in _sentences(text, language):
        said = _MARKS.sub("", text[start:end])
        if not _claims(said, spoken):
            checked.append(Checked(text[start:end], start, end, spoken, "no_claim"))
            continue
        places = nearest(said, spoken, find(said, spoken))
        checked.append(_checked(text, start, end, spoken, _MARKS.sub("", said), places, space, second))
    return Verification(text, tuple(checked), searched)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, language) of the sentences of a text, without the bullets in front of them."""
    spoken = language or detect(text)
    for line in re.finditer(r"[^\n]+(?:\n(?!\s*\n|\s*(?:[-*•–#>]|\d{1,2}[.)])\s)[^\n]+)*", text):
        bullet = _BULLET.match(line.group())
        offset = line.start() + (bullet.end() if bullet else 0)
        block = text[offset : line.end()]
        for start, end in sentence_spans(block, spoken):
            own, confidence = detect_with_confidence(block[start:end])
            yield offset + start, offset + end, language or (own if confidence >= _SURE else spoken)


def _claims(said: str, language: str) -> bool:
    """Whether a sentence claims something: a question, a greeting and a heading of one word do not."""
    if said.rstrip(" »”\"')").endswith("?"):
        return False
    read = figures(said, language)
    matter = [term for term in content(read.rest, language) if not term.generic]
    telling = any(term.concept or commonness(term.word, language) < _COMMON for term in matter)
    return bool(read.found) or telling or len(matter) > 1 or bool(names(read.rest, language))


def nearest(statement: str, language: str, places: Sequence[Place]) -> list[tuple[float, Place]]:
    """The places that speak most of what a statement speaks of, with the share of it that they have; best first."""
    wanted = content(figures(statement, language).rest, language)
    stems = {spoken: {form[0] for t in wanted for form in t.forms.get(spoken, {})} for spoken in ("da", "nl", "en")}
    named = {name.plain for name in names(figures(statement, language).rest, language)}
    stated = figures(statement, language).found
    total = len(named) + len(stated) + sum(0.3 if term.generic else 1.0 for term in wanted)
    scored = []
    for place in places:
        whole, spoken = place.cited.whole, place.cited.language
        words = words_of(whole, spoken)
        present = words.present & stems.get(spoken, set())
        numerals = {figure.numeral for figure in figures(whole, spoken).found} if stated else set()
        if (
            not present
            and not any(_names(name, whole) for name in named)
            and not any(f.numeral in numerals for f in stated)
        ):
            continue
        shared = sum((0.3 if t.generic else 1.0) * (t.match(words) >= 0.75) for t in wanted)
        above = plain_words(place.cited.about)
        shared += sum(1.0 if _names(name, whole) else 0.7 * (name in above) for name in named)
        shared += sum(figure.numeral in numerals for figure in stated)
        scored.append((shared / max(total, 1e-9), place))
    scored.sort(key=lambda pair: (-pair[0], pair[1].document.id, pair[1].passage.ordinal, pair[1].index))
    return scored[:_TRIED]


def _names(name: str, text: str) -> bool:
    """Whether a text has a name, or the same in another language's spelling."""
    words = plain_words(text)
    return name in words or any(kin(name, word) for word in words if len(word) > 4)


def _checked(
    text: str,
    start: int,
    end: int,
    language: str,
    said: str,
    places: Sequence[tuple[float, Place]],
    space: Space | None,
    second: Judge | None,
) -> Checked:
    best: tuple[Verdict, Place] | None = None
    for number, (share, place) in enumerate(places):
        for group in _groups(place, paired=number < _PAIRED):
            verdict = judge(said, language, [member.cited for member in group], space, second)
            if verdict.backed:
                citations = tuple(_citation(n, member) for n, member in enumerate(group, 1))
                return Checked(text[start:end], start, end, language, "backed", citations)
            is_near = len(group) == 1 and share >= max(_NEAR, _NEARLY * places[0][0])
            if is_near and (best is None or len(verdict.faults) < len(best[0].faults)):
                best = verdict, place
    if best is not None:
        verdict, place = best
        return Checked(
            text[start:end], start, end, language, "refused", faults=verdict.faults, nearest=_citation(1, place)
        )
    near = _citation(1, places[0][1]) if places else None
    return Checked(text[start:end], start, end, language, "not_found", nearest=near)


def _groups(place: Place, *, paired: bool) -> Iterator[list[Place]]:
    """A place alone, then with the sentence before it or behind it: a statement may draw on two."""
    yield [place]
    if not paired:
        return
    for index in (place.index - 1, place.index + 1):
        if 0 <= index < len(place.passage.sentences):
            neighbour = Place(place.document, place.passage, index, place.subjects)
            yield sorted([place, neighbour], key=lambda member: member.index)


def _citation(n: int, place: Place) -> Citation:
    sentence = place.passage.sentences[place.index]
    return Citation.of(
        n,
        place.document,
        sentence.start,
        sentence.end,
        reading=sentence.text,
        section=" > ".join(place.passage.section),
        passage_start=place.passage.start,
        passage_end=place.passage.end,
    )
