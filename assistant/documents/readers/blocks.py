"""The text of a structured format, built block by block, with a mark over each block."""

import re

from assistant.documents.model import Mark, MarkKind

BETWEEN = "\n\n"  # stands between two blocks
_RAISED = str.maketrans("0123456789+-−–=()nabcdefgh", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿᵃᵇᶜᵈᵉᶠᵍʰ")
_RAISABLE = re.compile(r"[0-9+\-−–=()n]{1,8}|\(?[a-h]\)?|[0-9a-h](?:, ?[0-9a-h])+")


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


def raised(text: str, before: str = "") -> str:
    """Superscript as superscript characters, where there are such; `before` is the text that it stands behind.

    As plain digits, 10<sup>9</sup> would read 109, and −2,5 with note 4 would read −2,54. The "e" of a Dutch ordinal
    ("2<sup>e</sup> dosis") stays a letter.
    """
    words = text.strip()
    if words == "e" and before[-1:].isdecimal():
        return text
    if words == "TM":
        return text.replace(words, "™")
    return text.replace(words, words.translate(_RAISED)) if _RAISABLE.fullmatch(words) else text
