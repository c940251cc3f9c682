"""What the page asks of each of its tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assistant.web.strings import Strings

PRIVATE: Final[dict[str, Any]] = {"api_visibility": "private", "show_progress": "hidden"}  # of every event


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that has been laid out."""

    words: Sequence[Any]  # its components that carry words
    speak: Callable[[Strings], Sequence[Any]]  # their updates in a language, in the same order
