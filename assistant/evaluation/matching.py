"""Does an expected fact, written as text, stand in an answer?"""

import re

_TOKEN = re.compile(
    r"(?P<grouped>\d{1,3}(?P<separator>[., \u00a0\u202f])\d{3}(?:(?P=separator)\d{3})*(?!\d))"
    r"(?:(?!(?P=separator))[.,](?P<grouped_decimals>\d+))?"
    r"|(?P<plain>\d+)(?:[.,](?P<decimals>\d+))?"
    r"|(?P<space>\s+)|(?P<dash>[−–‑-])|(?P<quote>[\"'“”„’‘»«])|(?P<other>.)",
    re.DOTALL,
)
_SHORT = 3  # letters: "ja" must not be found in "januar"


def compiled(alternative: str, *, multiline: bool = True) -> re.Pattern[str]:
    """The pattern an alternative stands for, blind to case.

    `re:…` is a regular expression as written. Anything else is literal, but white space, dashes, quotes and the way
    numbers are written ("1.116,10", "1116.10") may differ; it starts where a word starts, and a number in it is a
    whole number. Its last word may go on ("bisfosfonat" in "bisfosfonater") unless it has three letters or fewer.

    Raises:
        re.error: the regular expression is not one.
    """
    flags = re.IGNORECASE | (re.MULTILINE if multiline else 0)
    if alternative.startswith("re:"):
        return re.compile(alternative[3:], flags)
    literal = alternative.strip()
    pattern, after_number = "", False
    for token in _TOKEN.finditer(literal):
        number = token["grouped"] or token["plain"]
        if number:
            pattern += _number(number, token["grouped_decimals"] or token["decimals"])
        elif token["space"]:
            # "60mg" is "60 mg", and "5,7%" is "5,7 %"
            loose = after_number and re.match(r"[^\W\d]|%", literal[token.end() :])
            pattern += r"\s*" if loose else r"\s+"
        else:
            glued = after_number and (token[0].isalpha() or token[0] == "%")
            pattern += (r"\s*" if glued else "") + _character(token)
        after_number = bool(number)
    if literal[:1].isalpha():
        pattern = r"(?<!\w)" + pattern
    tail = re.search(r"[^\W\d_]+$", literal)
    if tail and len(tail.group()) <= _SHORT:
        pattern += r"(?!\w)"
    return re.compile(pattern, flags)


def _character(token: re.Match[str]) -> str:
    if token["dash"]:
        return r"\s?[−–‑-]\s?"
    return "[\"'“”„’‘»«]" if token["quote"] else re.escape(token[0])


def _number(whole: str, decimals: str | None) -> str:
    """A whole number, however its thousands and decimals are separated."""
    digits = re.sub(r"\D", "", whole)
    first = len(digits) % 3 or 3
    groups = [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]
    tail = f"[.,]{decimals}" if decimals else ""
    return r"(?<!\d)(?<!\d[.,])" + r"[.,\s]?".join(groups) + tail + r"(?!\d)(?![.,]\d)"
