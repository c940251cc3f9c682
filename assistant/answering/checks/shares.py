"""A text cut into shares: the part that belongs to each of its figures, or to each of its names.

Things stand behind their figures ("38 % with A and 12 % with B") or before them ("A had 38 % and B 12 %"); which, the
text between them tells.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.checks.coverage import content, has, names, plain_words
from assistant.answering.checks.cues import cue
from assistant.answering.checks.figures import Figure, figures
from assistant.retrieval.terms import Term, words_of

Item = Term | str  # a term, or a name by its plain form
COMMA = re.compile(r"[,;|/]|\s[–—-]\s")
_SENTENCE = re.compile(r"(?<=[.!?;])\s")


@dataclass(frozen=True)
class Share:
    """The part of a text that belongs to one anchor: a figure, or a name."""

    text: str  # figures blanked
    language: str
    figures: tuple[Figure, ...] = ()
    telling: str = ""  # what of it tells this anchor from the others: what stands before it, or behind it

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return items_of(self.text, self.language)

    def has(self, item: Item) -> bool:
        """Whether a term or a name stands in it."""
        return _stands(item, self.text, self.language)

    def tells(self, item: Item) -> bool:
        """Whether a term or a name stands in what tells it from the others."""
        return _stands(item, self.telling, self.language)


def _stands(item: Item, text: str, language: str) -> bool:
    return item in plain_words(text) if isinstance(item, str) else has(item, words_of(text, language))


def items_of(text: str, language: str) -> tuple[Item, ...]:
    """What a text speaks of: its names and its terms, generic ones aside."""
    named = [name.plain for name in names(text, language)]
    return (*named, *(term for term in content(text, language) if not term.generic))


def shares_of(text: str, language: str, anchors: Sequence[tuple[int, int]], *, of_names: bool = False) -> list[Share]:
    """Cut a text into one share an anchor.

    Things stand behind their figures ("38 % with A and 12 % with B") or before them ("A had 38 % and B 12 %"): the cut
    is then the last joint before the next one, or the first joint behind this one.
    """
    if not anchors:
        return []
    read = figures(text, language)
    listed = _respectively(read.rest, language, len(anchors))
    if listed:
        return [Share(piece, language, (), piece) for piece in listed]
    behind = _told_behind(read.rest, language, anchors, of_names=of_names)
    cuts = [0, *(_cut(read.rest, language, anchors, i, behind, of_names) for i in range(len(anchors) - 1)), len(text)]
    tellings = [
        read.rest[last:end] if behind else read.rest[start:first]
        for (first, last), start, end in zip(anchors, cuts, cuts[1:], strict=False)
    ]
    _trim(tellings, language, behind)
    shares = []
    for telling, start, end in zip(tellings, cuts, cuts[1:], strict=False):
        inside = tuple(f for f in read.found if start <= f.start < end)
        shares.append(Share(read.rest[start:end], language, inside, telling))
    return shares


def _trim(tellings: list[str], language: str, behind: bool) -> None:
    """Of what opens or closes a text, keep what lies nearest to its anchor: as much as the others have.

    In "the effect was alike in men (62 %) and women (58 %)", "men" tells the first figure, and "effect" both.
    """
    if len(tellings) < 2:
        return
    outer = len(tellings) - 1 if behind else 0
    most = max(len(items_of(t, language)) for i, t in enumerate(tellings) if i != outer)
    if all(names(telling, language) for telling in tellings):
        tellings[outer] = " ".join(name.word for name in names(tellings[outer], language))
        return
    words = list(re.finditer(r"\S+", tellings[outer]))
    if not most or len(items_of(tellings[outer], language)) <= most:
        return
    for word in words if behind else reversed(words):
        kept = tellings[outer][: word.end()] if behind else tellings[outer][word.start() :]
        if len(items_of(kept, language)) >= most:
            tellings[outer] = kept
            return


def _told_behind(text: str, language: str, anchors: Sequence[tuple[int, int]], *, of_names: bool) -> bool:
    """Whether what tells the anchors apart stands behind each of them."""
    behind: list[tuple[Item, ...]] = []
    for (_, end), (following, _) in itertools.pairwise(anchors):
        between = text[end:following]
        found = _joints(between, language)
        if not found:
            continue
        after, before = items_of(between[: found[0]], language), items_of(between[found[-1] :], language)
        if bool(after) != bool(before):
            return bool(after)
        behind.append(after)
    if of_names:
        return False
    tail = items_of(_SENTENCE.split(text[anchors[-1][1] :])[0], language)
    if behind and all(_named_alike(after, tail) for after in behind):
        return False  # "28 tablets … and 98 tablets": the same stands behind all, and tells nothing
    head = _SENTENCE.split(text[: anchors[0][0]])[-1]
    return bool(tail) and (len(anchors) > 1 or not items_of(head, language))


def _named_alike(one: Sequence[Item], other: Sequence[Item]) -> bool:
    """Whether two parts speak of the same, word for word."""
    words = [{i if isinstance(i, str) else i.word for i in items} for items in (one, other)]
    return bool(words[0]) and words[0] == words[1]


def _joints(between: str, language: str) -> list[int]:
    """Where two things are joined: by a sentence's end, else by "and" or "against", else by a comma or a dash."""
    for pattern in (_SENTENCE, cue("joins", language), COMMA):
        found = [match.start() for match in pattern.finditer(between)]
        if found:
            return found
    return []


def _cut(text: str, language: str, anchors: Sequence[tuple[int, int]], place: int, behind: bool, of_names: bool) -> int:
    """Where the part of one anchor ends and that of the next begins."""
    end, following = anchors[place][1], anchors[place + 1][0]
    found = _joints(text[end:following], language)
    if found:
        return end + (found[-1] if behind else found[0])
    return following if behind or of_names else end  # what follows a name is said of it


def _respectively(text: str, language: str, count: int) -> list[str]:
    """ "A and B …, x and y respectively": the names that stand side by side, one a figure; else nothing."""
    if count < 2 or not cue("respectively", language).search(text):
        return []
    joint = {"da": "og", "nl": "en", "en": "and"}.get(language, "and")
    word = r"[^\W\d_][\w-]*"
    found = re.search(rf"({word}(?:\s*,\s*{word})*)\s+{joint}\s+({word})", text)
    if not found:
        return []
    listed = [*re.split(r"\s*,\s*", found.group(1)), found.group(2)]
    return listed if len(listed) == count else []
