"""Where in a document an expected quote stands, also after its text was extracted anew; and what is nearest else."""

import re
import unicodedata
from collections import Counter

_DASHES = "−–‑‐-"
_QUOTES = "\"'“”„’‘»«"
_MOST_BETWEEN = 300  # characters: a page's footer and the next one's header
_LEAST_PART = 12  # characters of a quote on either side of such a break


def places(quote: str, text: str) -> list[tuple[int, int]]:
    """Every (start, end) in `text` at which `quote` stands; [] where it does not.

    White space may differ. Only where that finds nothing, so may what a reader of files decides: hyphens at line ends
    and within words, soft hyphens, ligatures, kinds of dashes and quotation marks, and whole lines (a page's footer)
    that stand in between. A figure, a sign or a word never differs.
    """
    flat, where = _collapsed(text)
    wanted = re.sub(r"\s+", " ", quote).strip()
    found = [(where[at], where[at + len(wanted) - 1] + 1) for at in _all(wanted, flat)]
    return found or _extracted_anew(quote, text)


def nearest(quote: str, text: str) -> str:
    """The words of a text that come nearest to a quote, as many as it has; "" where they share none."""
    words = list(re.finditer(r"\S+", text))
    wanted = Counter(quoted := quote.split())
    size = len(quoted)
    best, at = (0, False), 0
    for start in range(max(1, len(words) - size + 1)):
        window = Counter(word.group() for word in words[start : start + size])
        begins = start < len(words) and words[start].group() == quoted[0]
        shared = sum((window & wanted).values()), begins
        if shared > best:
            best, at = shared, start
    return " ".join(word.group() for word in words[at : at + size]) if best[0] else ""


def _extracted_anew(quote: str, text: str) -> list[tuple[int, int]]:
    wanted, _ = _folded(quote)
    folded, where = _folded(text)
    if not wanted:
        return []
    found = [(where[at], where[at + len(wanted) - 1] + 1) for at in _all(wanted, folded)]
    found = [(start, end) for start, end in found if _is_whole(text, start, end)]
    return found or _around_a_page_break(wanted, folded, where, text)


def _around_a_page_break(wanted: str, folded: str, where: list[int], text: str) -> list[tuple[int, int]]:
    for cut in range(_LEAST_PART, len(wanted) - _LEAST_PART + 1):
        head, tail = wanted[:cut], wanted[cut:]
        for at in _all(head, folded):
            stop = where[at + len(head) - 1] + 1
            for again in _all(tail, folded):
                start = where[again]
                if not stop < start <= stop + _MOST_BETWEEN:
                    continue
                between = text[stop:start]
                whole = where[at], where[again + len(tail) - 1] + 1
                if re.fullmatch(r"[ \t]*\n.*\n[ \t]*", between, re.DOTALL) and _is_whole(text, *whole):
                    return [whole]
    return []


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends where words and figures do."""
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:].isalnum() and text[start].isalnum():
        return False
    if behind[:1].isalnum() and text[end - 1].isalpha() and behind[:1].isalpha():
        return False
    inside_figure = re.fullmatch(r"\d[.,]", before) and text[start].isdigit()
    signed = before[-1:] in _DASHES and bool(before) and text[start].isdigit()
    return not (inside_figure or signed or (text[end - 1].isdigit() and re.match(r"\d|[.,]\d", behind)))


def _all(wanted: str, text: str) -> list[int]:
    found = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _collapsed(text: str) -> tuple[str, list[int]]:
    """`text` with each run of white space as one space, and for each character its offset in `text`."""
    characters: list[str] = []
    where: list[int] = []
    for word in re.finditer(r"\S+", text):
        if characters:
            characters.append(" ")
            where.append(word.start())
        characters.extend(word.group())
        where.extend(range(word.start(), word.end()))
    return "".join(characters), where


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without what readers of files decide about, and for each character its offset in `text`."""
    characters: list[str] = []
    where: list[int] = []
    for at, character in enumerate(text):
        if character.isspace() or unicodedata.category(character) == "Cf":
            continue
        if character in _DASHES:
            joins = text[at - 1 : at].isalpha() and text[at + 1 : at + 9].lstrip()[:1].isalpha()
            folded = "" if joins else "-"
        elif character in _QUOTES:
            folded = '"'
        else:
            folded = unicodedata.normalize("NFKC", character)
        characters.extend(folded)
        where.extend([at] * len(folded))
    return "".join(characters), where
