"""The text of a structured format, built block by block, with a mark over each block."""

import re

from assistant.documents.model import Mark, MarkKind

BETWEEN = "\n\n"  # stands between two blocks
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_RAISABLE = re.compile(r"[0-9+\-−–=()n]{1,8}")
_RAISED_LETTERS = dict(zip("abcdefgh", "ᵃᵇᶜᵈᵉᶠᵍʰ", strict=True))


class BlockText:
    """Collects blocks. Parts are joined once, so that a long document costs no more per block than a short one."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        """All blocks, separated by `BETWEEN`."""
        return "".join(self._parts)

    def add(self, text: str, kind: MarkKind = "paragraph", level: int = 0) -> None:
        """Add a block, and a mark over it; one without text is left out."""
        if not text.strip():
            return
        if self._parts:
            self._parts.append(BETWEEN)
            self._length += len(BETWEEN)
        self._parts.append(text)
        self.marks.append(Mark(self._length, self._length + len(text), kind, level))
        self._length += len(text)


def raised(text: str) -> str:
    """Superscript as superscript characters, where there are such.

    As plain digits, 10<sup>9</sup> would read 109, and −2,5 with note 4 would read −2,54.
    """
    words = text.strip()
    if _RAISABLE.fullmatch(words):
        return text.replace(words, words.translate(_RAISED))
    return text.replace(words, _RAISED_LETTERS[words]) if words in _RAISED_LETTERS else text
