"""The invented documents and facts, and what the tests of relations between answers share."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import Answer, Assistant

HERE = Path(__file__).parent
LANGUAGES = ("da", "nl", "en")
ONE, OTHER = "Quandrel", "Osmivar"
Over = Callable[[Mapping[str, str]], Assistant]  # path -> text becomes an assistant over these documents

DOCUMENTS = {path.name: path.read_text("utf-8") for path in sorted((HERE / "corpus").iterdir())}
_STATED = yaml.safe_load((HERE / "invented.yaml").read_text("utf-8"))
_NOT_YET = yaml.safe_load((HERE / "not_yet.yaml").read_text("utf-8")) or []


@dataclass(frozen=True)
class Asked:
    """One sentence of one document and how people ask for it."""

    name: str
    document: str
    sentence: str
    questions: Mapping[str, str]  # by language
    figure: str = ""  # what stands in it, and what could stand in its place
    another_figure: str = ""
    another_unit: str = ""
    opposite: str = ""  # of a sentence that allows or forbids

    @property
    def language(self) -> str:
        """Of its document."""
        found = re.search(r"\.(da|nl|en)\.", self.document)
        assert found
        return found[1]

    @property
    def question(self) -> str:
        """In the language of its document."""
        return self.questions[self.language]


FACTS = tuple(Asked(**stated) for stated in _STATED["facts"])
RULES = tuple(Asked(**stated) for stated in _STATED["rules"])
ASKED = (*FACTS, *RULES)
NAMED = {asked.name: asked for asked in ASKED}
PAIRS = tuple((asked, NAMED[f"{asked.name}-other"]) for asked in ASKED if f"{asked.name}-other" in NAMED)
IN_TWO_UNITS: tuple[Mapping[str, str], ...] = tuple(_STATED["two_units"])
UNANSWERABLE: Mapping[str, str] = _STATED["unanswerable"]
HOSTILE: Mapping[str, str] = _STATED["hostile"]
_MINUTES = (
    "Punkt {n}. Udvalget drøftede vedligeholdelsen af cykelstien ved søen og besluttede at male {m} bænke i forårets løb. "
    "Formanden takkede for fremmødet og nævnte, at mødet næste gang holdes i den gamle skole klokken {k}."
)
UNRELATED: Mapping[str, str] = _STATED["unrelated"] | {
    "referat.da.md": "# Referat\n\n"
    + "\n\n".join(_MINUTES.format(n=n, m=n % 17 + 2, k=n % 9 + 10) for n in range(1, 241))
    + "\n",
    "table.txt": "\n".join(f"{n};{n * 37 % 101};{n * 53 % 89},5" for n in range(1, 200)) + "\n",
}


def cases(test: str, named: Iterable[tuple[str, Any]]) -> list[Any]:
    """Parameters of a test. Those of not_yet.yaml are expected to fail, and have to be taken out once they hold."""
    known = {name: entry["reason"] for entry in _NOT_YET for name in entry["cases"].get(test, ())}
    named = list(named)
    unknown = known.keys() - {name for name, _ in named}
    assert not unknown, f"not_yet.yaml names cases that {test} does not have: {sorted(unknown)}"
    return [
        pytest.param(
            value, id=name, marks=[pytest.mark.xfail(strict=True, reason=known[name])] if name in known else []
        )
        for name, value in named
    ]


def by_name(items: Iterable[Asked]) -> Iterator[tuple[str, Asked]]:
    return ((item.name, item) for item in items)


def in_languages(items: Iterable[Asked]) -> Iterator[tuple[str, tuple[Asked, str]]]:
    return ((f"{item.name}-{language}", (item, language)) for item in items for language in LANGUAGES)


def with_changes(change: Callable[[Asked], str], asked: Iterable[Asked]) -> dict[str, str]:
    """The documents with each sentence asked for replaced by what `change` makes of it."""
    files = dict(DOCUMENTS)
    for each in asked:
        assert files[each.document].count(each.sentence) == 1, each
        files[each.document] = files[each.document].replace(each.sentence, change(each))
    return files


def swapped(text: str) -> str:
    """The text with the two medicines' names exchanged."""
    return text.replace(ONE, "\0").replace(OTHER, ONE).replace("\0", OTHER)


def first_quote(answer: Answer) -> str:
    return "" if answer.abstained else answer.citations[0].quote


def said(answer: Answer) -> Any:
    """What an answer says and from where; of an abstention that it is one, since its wording counts documents."""
    if answer.abstained:
        return "abstained"
    return answer.text, [(c.document_id, c.quote) for c in answer.citations], answer.conflicts


@cache
def asked_of(assistant: Assistant, question: str) -> Answer:
    """The answer, asked for once however many tests compare with it."""
    return assistant.ask(question)
