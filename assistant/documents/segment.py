"""Headings, lists, passages and sentences of a document, each a span of its own text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.documents.blocks import Block, blocks
from assistant.documents.lines import content_lines
from assistant.documents.model import Document, Passage, Sentence, SentenceKind
from assistant.documents.repair import Habits, ReadingView, habits, repair
from assistant.documents.sentences import sentence_spans

SEGMENT_VERSION = "9"  # raise it when the same file would be cut differently: indexes are then rebuilt
PASSAGE_CHARACTERS = 700  # of reading text, about 100 words; a passage closes at the first block that passes it
LIST_CHARACTERS = 4000  # a list stays whole in one passage up to here
_SECTION_DEPTH = 3


def segment(document: Document) -> list[Passage]:
    """Cut a document into passages of sentences, in reading order. Empty text gives none."""
    lines = content_lines(document)
    known = habits(document, lines)
    passages: list[Passage] = []
    for section, group in _sections(blocks(document, lines), document, known):
        for sentences in _grouped(group):
            passages.append(
                Passage(
                    document_id=document.id,
                    ordinal=len(passages),
                    start=min(sentence.start for sentence in sentences),
                    end=max(sentence.end for sentence in sentences),
                    section=section,
                    page=document.page_at(sentences[0].start),
                    sentences=tuple(sentences),
                )
            )
    return passages


@dataclass(frozen=True, slots=True)
class _Cut:
    """A block cut into sentences; `lead_in` ones are still to be counted into their passage."""

    kind: str
    number: str
    sentences: tuple[Sentence, ...]


def _sections(
    found: Sequence[Block], document: Document, known: Habits
) -> Iterator[tuple[tuple[str, ...], list[_Cut]]]:
    """The blocks below each heading, with the headings above them, outermost first."""
    stated = any(mark.kind == "heading" for mark in document.marks)
    trail: list[tuple[int, str]] = []
    group: list[_Cut] = []
    chained = False
    for block in found:
        view = repair(document, block.lines, known)
        if not view.text:
            continue
        if block.kind == "heading":
            if group:
                yield tuple(text for _, text in trail[-_SECTION_DEPTH:]), group
                group = []
            if stated:
                trail = [entry for entry in trail if entry[0] < block.level]
            elif not chained:
                trail = []
            trail.append((block.level, view.text))
        else:
            group.append(_cut(block, view, document.metadata.language))
        chained = block.kind == "heading"
    if group:
        yield tuple(text for _, text in trail[-_SECTION_DEPTH:]), group


def _cut(block: Block, view: ReadingView, language: str) -> _Cut:
    sentences: list[Sentence] = []
    for start, end in sentence_spans(view.text, language):
        source_start, source_end = view.span(start, end)
        kind: SentenceKind = "sentence"
        if not sentences and (block.kind == "item" or block.kind == "row"):
            kind = block.kind
        sentences.append(Sentence(source_start, source_end, view.text[start:end], kind))
    return _Cut(block.kind, block.number, tuple(sentences))


def _grouped(cuts: Sequence[_Cut]) -> Iterator[list[Sentence]]:
    """Passages as lists of sentences: whole blocks, a list together with the line it belongs to."""
    notes = [cut for cut in cuts if cut.kind == "note"]
    sentences: list[Sentence] = []
    lead_in, characters, last_number = -1, 0, ""
    for cut in (cut for cut in cuts if cut.kind != "note"):
        listed = cut.kind in ("item", "row")
        if not listed or (last_number and cut.number and not _follows(last_number, cut.number)):
            lead_in = -1 if not listed else lead_in
        full = characters >= PASSAGE_CHARACTERS if not listed else characters >= LIST_CHARACTERS
        if sentences and full:
            head = sentences[lead_in] if listed and lead_in >= 0 else None
            # The line above a list moves with the list, so that neither stands without the other.
            yield sentences
            sentences, characters, lead_in = ([head], len(head.text), 0) if head else ([], 0, -1)
        if listed and lead_in < 0 and sentences and _leads_in(sentences[-1]):
            lead_in = len(sentences) - 1
            sentences[lead_in] = replace(sentences[lead_in], kind="lead_in")
        sentences.extend(replace(s, lead_in=lead_in) if listed else s for s in cut.sentences)
        characters += sum(len(s.text) + 1 for s in cut.sentences)
        last_number = cut.number if listed else ""
    if sentences:
        yield sentences
    for note in notes:
        yield list(note.sentences)


def _follows(earlier: str, later: str) -> bool:
    if earlier.isdigit() and later.isdigit():
        return int(later) == int(earlier) + 1
    return len(earlier) == len(later) == 1 and ord(later) == ord(earlier) + 1


def _leads_in(sentence: Sentence) -> bool:
    """Whether a sentence announces the list below it: it ends in a colon, in no stop, or asks what the list says."""
    return sentence.kind == "sentence" and not re.search(r"[.!…;]['\"”’»)]*$", sentence.text)
