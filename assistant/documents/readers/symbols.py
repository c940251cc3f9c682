"""Characters of the font Symbol, which old documents write "≥", "µ" and "±" in, as the Unicode that they look like."""

_PRIVATE = 0xF000  # where programs put the codes of a symbol font
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλµνοπθρστυϖωξψζ"  # in the order of A to Z, a to z
_SIGNS = {
    0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x7E: "∼", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xD7: "⋅",
    0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE2: "®", 0xE3: "©", 0xE4: "™", 0xE5: "∑",
}  # fmt: skip
_SAME = frozenset(b" !#%&()+,./0123456789:;<=>?[]_{|}")


def is_private(code: int) -> bool:
    """Whether a code point is one that only the font gives a meaning."""
    return _PRIVATE + 0x20 <= code <= _PRIVATE + 0xFF


def of_symbol_font(code: int) -> str:
    """The character that the font Symbol draws for a code (0x20 to 0xFF, also moved to U+F0xx).

    U+FFFD for one that is not known: a sign that is lost would change what is said without a trace.

    Source: "Adobe Symbol Encoding to Unicode", unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt.
    """
    code = code - _PRIVATE if is_private(code) else code
    for first, letters in zip((0x41, 0x61), _GREEK, strict=True):
        if first <= code < first + len(letters):
            return letters[code - first]
    return _SIGNS.get(code) or (chr(code) if code in _SAME else "\ufffd")
