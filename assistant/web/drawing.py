"""HTML of the page. Templates escape every value: text of documents and questions is never markup."""

import re
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from assistant.answering.validity import status_said
from assistant.documents.model import LOCALES

_WORDS = re.compile(r"\w+")
_REPEATED = 0.7  # of a heading's words, those that the title has too


def template(name: str) -> Template:
    """A template of `templates/`, say "ask/turn.html"; it knows the filters below."""
    return _environment().get_template(name)


def day(iso: str, language: str) -> str:
    """An ISO date written out in a language; anything else as it stands.

    >>> day("2025-07-18", "da")
    '18. juli 2025'
    """
    try:
        return str(format_date(date.fromisoformat(iso), "long", locale=LOCALES.get(language, "en_GB")))
    except ValueError:
        return iso


def place(section: str, title: str) -> str:
    """Where in a document a passage stands: its headings, but for a first one that says what the title says.

    >>> place("Veltoral: oversigt > Dosis > Voksne", "Veltoral, en oversigt")
    'Dosis › Voksne'
    """
    first, *others = section.split(" > ")
    words, known = set(_WORDS.findall(first.lower())), set(_WORDS.findall(title.lower()))
    is_repeated = bool(others) and len(words & known) >= _REPEATED * len(words)
    return " › ".join(others if is_repeated else (first, *others))


def is_web_address(url: str) -> bool:
    """Whether a document's address may become a link: only http and https do, never script or data."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assistant.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=day, web_address=is_web_address, status=status_said, place=place)
    return environment
