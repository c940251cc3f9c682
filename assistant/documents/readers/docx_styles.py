"""What a DOCX paragraph is, by its style and numbering: a heading, a list item with its number, or neither."""

import re
from typing import Any

from assistant.documents.model import MarkKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_ANCESTORS = 20  # of a style; a chain of styles may be a ring
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_BODY_TEXT_LEVEL = 9  # of an outline: no heading


class Styles:
    """The styles and numberings of one document. Counts numbered items as they are asked for, in reading order."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.get(_W + "styleId"): style for style in document.styles.element.iter(_W + "style")}
        self._levels = _numberings(document)
        self._counts: dict[str, list[int]] = {}

    def kind(self, paragraph: Any) -> tuple[MarkKind, int, str]:
        """A paragraph's kind, its level from 1 (0 for a paragraph), and the label that Word draws before it."""
        chain = [paragraph, *self._chain(_value(paragraph, "pPr/pStyle"))]
        number, depth = self._numbering(chain)
        label = self._label(number, depth) if number else ""
        heading = self._heading(chain)
        if heading:
            return "heading", heading, "" if label == "• " else label
        if label:
            return "item", depth + 1, label
        names = [_value(style, "name").lower() for style in chain[1:]]
        if any(re.match(r"list (?:bullet|number)", name) for name in names[:1]):
            return "item", 1, "• "
        if any(re.match(r"list (?:continue|paragraph)", name) for name in names[:1]):
            return "item", 1, ""  # it belongs to the item above it
        return "paragraph", 0, ""

    def _chain(self, style_id: str) -> list[Any]:
        """A style and those it is based on, nearest first."""
        chain: list[Any] = []
        while style_id in self._styles and len(chain) < _MOST_ANCESTORS:
            chain.append(self._styles[style_id])
            style_id = _value(chain[-1], "basedOn")
        return chain

    def _heading(self, chain: list[Any]) -> int:
        for part in chain:
            name = _value(part, "name").lower()
            match = re.fullmatch(r"(?:heading|overskrift|kop) ([1-9])", name)
            if match:
                return int(match[1])
            if name == "title":
                return 1
            outline = _value(part, "pPr/outlineLvl")
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < _BODY_TEXT_LEVEL else 0
        return 0

    def _numbering(self, chain: list[Any]) -> tuple[str, int]:
        """The numbering that a paragraph takes part in ("" for none), and its depth from 0."""
        depth = next((value for value in (_value(part, "pPr/numPr/ilvl") for part in chain) if value), "0")
        number = next((value for value in (_value(part, "pPr/numPr/numId") for part in chain) if value), "")
        return ("" if number == "0" else number), min(int(depth), 8) if depth.isdecimal() else 0

    def _label(self, number: str, depth: int) -> str:
        levels = self._levels.get(number)
        if not levels or depth not in levels:
            return "• "
        counts = self._counts.setdefault(number, [0] * 9)
        counts[depth] = counts[depth] + 1 if counts[depth] else levels[depth][2]
        counts[depth + 1 :] = [0] * (8 - depth)
        form, pattern, _ = levels[depth]
        if form in ("bullet", "none") or not pattern:
            return "• " if form == "bullet" else ""

        def numeral(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shape, _, first = levels.get(at, ("decimal", "", 1))
            return _numeral(counts[at] or first, shape)

        return re.sub(r"%([1-9])", numeral, pattern) + " "


def _numberings(document: Any) -> dict[str, dict[int, tuple[str, str, int]]]:
    """For each numbering its levels: depth -> (form, pattern such as "%1.", first number)."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in document.part.rels.values()):
        return {}
    root = document.part.numbering_part.element
    abstract = {part.get(_W + "abstractNumId"): _levels(part) for part in root.iter(_W + "abstractNum")}
    return {part.get(_W + "numId"): abstract.get(_value(part, "abstractNumId"), {}) for part in root.iter(_W + "num")}


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    found = {}
    for level in abstract.iter(_W + "lvl"):
        depth, start = level.get(_W + "ilvl", ""), _value(level, "start")
        if depth.isdecimal() and int(depth) < 9:
            first = int(start) if start.isdecimal() and len(start) <= 6 else 1
            found[int(depth)] = (_value(level, "numFmt") or "decimal", _value(level, "lvlText"), first)
    return found


def _numeral(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * (1 + (count - 1) // 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and count < 40:
        roman = ""
        for value, letters in _ROMAN:
            while count >= value:
                roman, count = roman + letters, count - value
        return roman.upper() if form == "upperRoman" else roman
    return str(count)


def _value(element: Any, path: str) -> str:
    """The w:val of an element's descendant along a path such as "pPr/numPr/ilvl"; "" where there is none."""
    found = element.find("/".join(_W + step for step in path.split("/")))
    return str(found.get(_W + "val", "")) if found is not None else ""
