"""The small words that decide what a sentence claims: "not", "only", "must", "before", "at most"; from cues.toml."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

_NEVER = re.compile(r"(?!)")


@cache
def cue(name: str, language: str) -> re.Pattern[str]:
    """What finds any phrase of a list of cues.toml in a text of `language`; of another language it finds nothing."""
    return phrases(_data()[name].get(language, ()))


def phrases(listed: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds whole phrases, the longest first; none of them: nothing."""
    written = sorted(listed, key=len, reverse=True)
    if not written:
        return _NEVER
    alternatives = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in written)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)


@cache
def bounds(where: str, language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(bound, pattern) of what stands "before" a figure, "behind" it, or "about" it in its part of the sentence.

    The patterns of "before" end where the figure begins, those of "behind" begin where it ends.
    """
    found = []
    for bound, listed in _data()["bounds"][where].items():
        pattern = phrases(listed.get(language, ())).pattern.removesuffix(r"(?![\w-])")
        if listed.get(language) and where == "before":
            pattern += r"\s*(?:(?:den|de|det|der|the|een|en|et|a|an|på|van|of|op|til|it)\s+){0,2}[(»“\"]?$"
        elif listed.get(language) and where == "behind":
            pattern = rf"^[\s,]*{pattern}(?![\w-])"
        found.append((bound, re.compile(pattern, re.IGNORECASE)))
    return tuple(found)


@cache
def bounding(language: str) -> re.Pattern[str]:
    """What finds the phrases that bound a figure, wherever they stand."""
    listed = [
        phrase
        for place in ("before", "behind", "about")
        for words in _data()["bounds"][place].values()
        for phrase in words.get(language, ())
    ]
    return phrases(listed)


@cache
def periods(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(period, pattern) of "daily", "a week" and their like."""
    found = []
    for period, listed in _data()["periods"].items():
        words = phrases(word for word in listed.get(language, ()) if not word.startswith("/")).pattern
        slashes = "|".join(re.escape(word) for word in listed.get(language, ()) if word.startswith("/"))
        found.append((period, re.compile(f"{words}|(?:{slashes})\\b" if slashes else words, re.IGNORECASE)))
    return tuple(found)


def numbers(language: str) -> dict[str, int]:
    """Numbers written as words in a language, casefolded; articles are none."""
    return dict(_data()["numbers"].get(language, {}))


def standing(text: str, language: str) -> dict[str, str]:
    """The words of a text that must stand in its evidence: name in cues.toml -> as written."""
    found = {}
    for name, pattern in _standing(language):
        match = pattern.search(text)
        if match:
            found[name] = match.group()
            if " " in match.group():  # "not common" is not "common" besides
                text = pattern.sub(lambda phrase: " " * len(phrase.group()), text)
    return found


def without_standing(text: str, language: str, known: Iterable[str]) -> str:
    """The text with those standing words blanked that are among `known`."""
    kept = set(known)
    for name, pattern in _standing(language):
        if name in kept:
            text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


@cache
def _standing(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, phrases(words.get(language, ()))) for name, words in _data()["stands"].items())


def opposite(name: str) -> str:
    """What says the reverse of a standing word: "before" of "after"."""
    return str(_data()["stands"][name]["against"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("assistant.answering.checks").joinpath("cues.toml").read_text("utf-8"))
