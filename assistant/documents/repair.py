"""The reading view of extracted text: what a person would read, each character with its place in the source.

Nothing is lost: the document's own text stays as it is, and every span is given in its offsets.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.documents.lines import Line
from assistant.documents.model import Document

BLANK = "[…]"  # stands in the reading view where a document leaves a value blank
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\x02\x1f")
_HYPHENS = "-\u2010\u00ad\ufffe\x02"
_QUOTES = {"\u00b4": "'", "\u0060": "'", "\u201b": "’", "\u201f": "”"}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COORDINATOR = re.compile(r"(?:og|eller|samt|en|of|and|or|und|oder)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadingView:
    """Text for reading. Character i of it stands for `source[starts[i]:ends[i]]`; both grow with i."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of `text[start:end]`; characters that repair dropped in between are inside it."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start}..{end} is not a span of a view of {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Habits:
    """What one document does throughout: its words, and the note marks that it sets behind words."""

    words: frozenset[str] = frozenset()  # casefolded, also hyphenated ones
    bare: frozenset[str] = frozenset()  # words as written, never with a mark behind
    digit_marks: Counter[str] = field(default_factory=Counter)  # word -> how many different figures stand behind it
    letter_notes: frozenset[str] = frozenset()  # "a", "b": notes that the document defines on a line of their own
    has_notes: bool = False  # figures stand behind full stops, and often enough to be note marks
    endings: frozenset[str] = frozenset()  # letters that end words of its language, so are no marks behind one
    markdown: bool = False


def habits(document: Document, lines: Sequence[Line]) -> Habits:
    """Read a document's habits off its content lines."""
    text = "\n".join(line.text for line in lines)
    stuck = re.findall(r"\b([^\W\d_]{3,})(\d{1,2})(?!\d|[.,]\d|[^\W_])", text)
    after_stop = re.findall(r"[^\W\d_]{2,}[).]*\.(\d{1,2})(?:,\d{1,2})*(?=\s|$)", text)
    figures: dict[str, set[str]] = {}
    for word, figure in stuck:
        figures.setdefault(word, set()).add(figure)
    defined = {line.text[0] for line in lines if re.match(r"[a-h]\s+[^\W\d_a-zæøå]", line.text)}
    return Habits(
        words=frozenset(word.casefold() for word in _WORD.findall(text)),
        bare=frozenset(re.findall(r"(?<![\w-])[^\W\d_]+(?![\w-])", text)),
        digit_marks=Counter({word: len(found) for word, found in figures.items()}),
        letter_notes=frozenset(defined),
        has_notes=bool(after_stop) and len({figure for _, figure in stuck} | set(after_stop)) >= 2,
        endings=frozenset("e" if document.metadata.language == "da" else "de"),
        markdown=document.id.lower().endswith((".md", ".markdown")),
    )


def repair(document: Document, lines: Sequence[Line], known: Habits) -> ReadingView:
    """Make the reading view of consecutive lines of one block.

    Joins wrapped lines, undoes hyphenation, composes accents, opens ligatures, drops invisible characters and
    note marks, folds white space and shows blanked values as `[…]`.
    """
    view = _clean(_pieces(lines, known))
    if known.markdown:
        view = _without(view, _markup(view.text))
    view = _without(view, _note_marks(view.text, known))
    return _with_blanks(view)


_Piece = tuple[str, int, int]  # text as the source has it, a character each; or one that stands for a whole span


def _pieces(lines: Sequence[Line], known: Habits) -> Iterable[_Piece]:
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        keep, gap = len(line.text), " "
        if following and len(line.text) > 1 and line.text[-1] in _HYPHENS and line.text[-2].isalpha():
            keep, gap = _hyphenation(line.text, following.text, known)
        yield line.text[:keep], line.start, line.start + keep
        if following and gap:
            yield gap, line.start + keep, following.start


def _hyphenation(line: str, following: str, known: Habits) -> tuple[int, str]:
    """How a line that ends in a hyphen goes on: characters of it to keep, and what to put between the lines."""
    head = re.findall(r"[^\W_]+$", line[:-1])
    tail = re.match(r"[^\W\d_]+", following)
    if not head or not tail or _COORDINATOR.match(following):
        return len(line), " "  # "calcium-" / "og vitamin": a hyphen that stands for a word
    joined, hyphened = f"{head[0]}{tail[0]}".casefold(), f"{head[0]}-{tail[0]}".casefold()
    if line[-1] not in _HYPHENS[1:]:
        if hyphened in known.words and joined not in known.words:
            return len(line), ""
        if joined not in known.words and (head[0].isupper() or head[0][-1].isdigit() or tail[0][0].isupper()):
            return len(line), ""
    return len(line) - 1, ""


# Words that need no repair, single spaces between them: most of any text, and taken over at once.
_SOUND = re.compile("[!-_a-~À-ɏ–—’“”…€]+(?: [!-_a-~À-ɏ–—’“”…€]+)*")


def _clean(pieces: Iterable[_Piece]) -> ReadingView:
    cleaned = _Cleaned()
    for text, start, end in pieces:
        if len(text) != end - start:
            cleaned.add(text, start, end)
            continue
        at = 0
        while at < len(text):
            if sound := _SOUND.match(text, at):
                cleaned.take_over(sound[0], start + at)
                at = sound.end()
            else:
                cleaned.add(text[at], start + at, start + at + 1)
                at += 1
    return cleaned.view()


class _Cleaned:
    """A view as it grows, character by character."""

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take_over(self, text: str, start: int) -> None:
        """Text that reads as it stands in the source."""
        self._characters += text
        self._starts += range(start, start + len(text))
        self._ends += range(start + 1, start + len(text) + 1)

    def add(self, character: str, start: int, end: int) -> None:
        """One character, repaired, folded into the one before, or left out."""
        before = self._characters[-1] if self._characters else ""
        if character in _INVISIBLE:
            return
        if unicodedata.combining(character) and before:
            composed = unicodedata.normalize("NFC", before + character)
            if len(composed) == 1:
                self._characters[-1], self._ends[-1] = composed, end
                return
        if character.isspace() or unicodedata.category(character) in ("Zs", "Cc"):
            if before == " ":
                self._ends[-1] = end
            elif before:
                self._put(" ", start, end)
            return
        for letter in _LIGATURES.get(character) or _QUOTES.get(character) or character:
            self._put(letter, start, end)

    def _put(self, letter: str, start: int, end: int) -> None:
        self._characters.append(letter)
        self._starts.append(start)
        self._ends.append(end)

    def view(self) -> ReadingView:
        """Without the white space at its end."""
        text = "".join(self._characters)
        kept = len(text.rstrip(" "))
        return ReadingView(text[:kept], tuple(self._starts[:kept]), tuple(self._ends[:kept]))


def _without(view: ReadingView, spans: Iterable[tuple[int, int]]) -> ReadingView:
    """The view without some spans of it; a space stays where words would run together ("DES5anfører")."""
    dropped: set[int] = set()
    glued: set[int] = set()
    for start, end in spans:
        dropped.update(range(start, end))
        if start > 0 and end < len(view.text) and view.text[start - 1].isalnum() and view.text[end].isalnum():
            glued.add(start)
    if not dropped:
        return view
    text, kept = "", list[int]()
    for index, character in enumerate(view.text):
        if index in glued:
            character = " "
        elif index in dropped:
            continue
        if character != " " or (not text.endswith(" ") and text):
            text += character
            kept.append(index)
    return ReadingView(text, tuple(view.starts[i] for i in kept), tuple(view.ends[i] for i in kept))


_MARKUP = re.compile(r"(\*\*|__|(?<![\w*])[*_](?=[^\s*_])|(?<=[^\s*_])[*_](?![\w*])|`+)|!?(\[)[^\]\[]*(\]\([^)\s]*\))")


def _markup(text: str) -> Iterable[tuple[int, int]]:
    """Markdown's inline marks: emphasis, code ticks, and the address of a link (its words stay)."""
    if leading := re.match(r"(?:#{1,6}|>)\s+", text):
        yield leading.span()
    for match in _MARKUP.finditer(text):
        if match.group(1):
            yield match.span(1)
        else:
            yield match.start(), match.end(2)
            yield match.span(3)
            yield from ((a + match.end(2), b + match.end(2)) for a, b in _markup(text[match.end(2) : match.start(3)]))


_DIGIT_MARK = re.compile(r"(?<![\w-])([^\W\d_]{3,})(\d{1,2}(?:,\d{1,2})*)(?=$|[\s).,;:\]”’»]|[^\W\d_]{2})(?![.,]\d)")
_STOP_MARK = re.compile(r"(?<=[^\W\d_][.)])(\d{1,2}(?:,\d{1,2})*)(?=\s|$)")
_DECIMAL_MARK = re.compile(r"\d,\d+\.(\d{1,2})(?=\s|$)")
_LETTER_MARK = re.compile(r"(?<=[^\W\d_]{2}\.)([a-h])(?=\s|$)")
_WORD_MARK = re.compile(r"(?<![\w-])([^\W\d_]{8,})([a-h])(?![\w-])")
_ABBREVIATED = re.compile(r"\b(?:\w|stk|nr|no|art|pkt|kap|bl|fig|tab|p|par|sec)\.$", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"(?<=[^\W\d_]{3})[⁰¹²³⁴-⁹]+|(?<=[.,;:)])[⁰¹²³⁴-⁹]+")


def _note_marks(text: str, known: Habits) -> Iterable[tuple[int, int]]:
    """Where note marks are stuck to words and figures: "praksis4", "6. måned.2", "−2,5.4", "dag.a".

    A figure behind a word counts as a mark only where the document shows that it marks notes so: CYP2, B12 or
    COVID19 keep theirs.
    """
    yield from (match.span() for match in _SUPERSCRIPT.finditer(text))
    if known.has_notes:
        for match in _DIGIT_MARK.finditer(text):
            word = match.group(1)
            if (
                (word.islower() and len(word) >= 5)
                or word in known.bare
                or known.digit_marks[word] >= 2
                or (word.istitle() and len(word) >= 6 and word.casefold() in known.words)
            ):
                yield match.span(2)
        for pattern in (_STOP_MARK, _DECIMAL_MARK):
            for match in pattern.finditer(text):
                if pattern is _DECIMAL_MARK or not _ABBREVIATED.search(
                    text, max(0, match.start(1) - 8), match.start(1)
                ):
                    yield match.span(1)
    if known.letter_notes:
        allowed = known.letter_notes | {chr(ord(max(known.letter_notes)) + 1)}
        yield from (match.span(1) for match in _LETTER_MARK.finditer(text) if match.group(1) in allowed)
        for match in _WORD_MARK.finditer(text):
            if match.group(2) in allowed - known.endings and {match.group(1), match.group(1) + "s"} & known.bare:
                yield match.span(2)


_UNIT = r"(?:kr\.?+|DKK|EUR|€|euro|mg|µg|mcg|ml|g|%|procent|pct\.)"
_BLANKED = re.compile(
    r"(?:(?<![\w.,])(?:er|på|til|af|koster|udgør|svarende til|is|was|of|at|to|van|op|kost|bedraagt|bedragen|tot|costs"
    r"|med|met|with)|\()"
    rf"( ){_UNIT}(?= (?:per|pr|hver|om|daglig|elke|every|a|each)\b|[.,;)]|$)"
    # A sign of currency goes before its figure: "the price is £ (to be confirmed)".
    r"|(?<!\bin)(?<!\bi)( )[£€](?= (?:\(|per\b|pr\b|a\b|each\b)|[.,;)]|$)",
    re.IGNORECASE,
)


def _with_blanks(view: ReadingView) -> ReadingView:
    """Show a value left blank: a unit that follows "is", "of" or "to" where its figure should stand."""
    text, starts, ends = "", list[int](), list[int]()
    at = 0
    for match in _BLANKED.finditer(view.text):
        gap = 1 if match.group(1) else 2
        place = match.end(gap)
        gap_start, gap_end = view.starts[match.start(gap)], view.ends[match.start(gap)]
        text += view.text[at:place] + BLANK + " "
        starts += [*view.starts[at:place], *[gap_start] * (len(BLANK) + 1)]
        ends += [*view.ends[at:place], *[gap_end] * (len(BLANK) + 1)]
        at = place
    if not at:
        return view
    return ReadingView(text + view.text[at:], (*starts, *view.starts[at:]), (*ends, *view.ends[at:]))
