"""The day a question asks about: "as of 1 March 2023", "pr. 1. januar 2024", "per 1 juli 2022"."""

import re
from datetime import date
from typing import NamedTuple

from assistant.documents.quantities import find_quantities
from assistant.errors import QuestionError

_CUE = re.compile(
    r"(?:\bpr\b\.?|\bper(?:\s+den)?|\bpr\b\.?\s+den|\bas\s+(?:of|at|on)|\bgældende\s+(?:pr\.?|den|på|per)"
    r"|\bgeldend\s+(?:op|per)|\bop\s+peildatum|\bpeildatum|\bper\s+peildatum|\bin\s+force\s+on|\bi\s+kraft\s+(?:pr\.?|den)"
    r"|\bvan\s+kracht\s+(?:op|per))\s*:?\s*(?:d\.\s*)?$",
    re.IGNORECASE,
)
_CHANGES = re.compile(  # "what takes effect as of 1 March 2027?" asks for what happens then, not for how things stood
    r"\b(?:træd\w*|virkning|ikrafttræd\w*|begynd\w*|start\w*|ændr\w*|ophør\w*|indfør\w*|treedt|treden|ingaan|ingaat|gaat|ingang"
    r"|wijzig\w*|verander\w*|eindig\w*|beg[iu]n\w*|take\w*\s+effect|effective|chang\w*|cease\w*|end(?:s|ed)|introduc\w*"
    r"|fra|vanaf|from|since|siden|sinds)\b",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2})(?![\d./-]*\d)")
_MONTH = re.compile(r"(?<![\w.])([^\W\d_]{3,})\.?\s+((?:19|20)\d{2})\b")


class Dated(NamedTuple):
    """A question without the day it asks about, and that day."""

    text: str
    on: date | None


def dated(text: str, language: str = "en") -> Dated:
    """Take the day that a question plainly asks about out of it.

    A day counts where words like "as of" or "pr." stand right before it, and the question does not ask what changes
    then. "as of March 2023" means the first of that month. Numbers are read day first: 1/3/2023 is 1 March.

    >>> dated("What is the dose as of 1 March 2023?")
    Dated(text='What is the dose?', on=datetime.date(2023, 3, 1))
    """
    for start, end, day in _days(text, language):
        cue = _CUE.search(text[:start])
        if cue and not _CHANGES.search(text[: cue.start()] + " " + text[end:]):
            rest = f"{text[: cue.start()].rstrip(' ,(')} {text[end:].lstrip(' ,)')}"
            rest = re.sub(r"\s+([?.!,;:])", r"\1", rest).strip()
            return Dated(re.sub(r"\s+", " ", rest), day) if re.search(r"\w{2}", rest) else Dated(text, None)
    return Dated(text, None)


def parse_day(text: str) -> date:
    """A day as callers give it: YYYY-MM-DD.

    Raises:
        QuestionError: it is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise QuestionError(f"its date {text.strip()[:20]!r} is no day; write it as YYYY-MM-DD") from None


def _days(text: str, language: str) -> list[tuple[int, int, date]]:
    found = [
        (one.start, one.end, date.fromordinal(int(one.quantity.value)))
        for one in find_quantities(text, language)
        if one.quantity.kind == "date"
    ]
    for match in _NUMERIC.finditer(text):
        try:
            found.append((match.start(), match.end(), date(int(match[4]), int(match[3]), int(match[1]))))
        except ValueError:
            continue
    for match in _MONTH.finditer(text):
        if any(start < match.end() and match.start() < end for start, end, _ in found):
            continue
        for one in find_quantities(f"1 {match[1]} {match[2]}", language):
            if one.quantity.kind == "date":
                found.append((match.start(), match.end(), date.fromordinal(int(one.quantity.value))))
    return sorted(found)
