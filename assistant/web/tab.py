"""What the page asks of each of its tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assistant.web.strings import Strings

if TYPE_CHECKING:
    from assistant.engine import Assistant

PRIVATE: Final[dict[str, Any]] = {"api_visibility": "private", "show_progress": "hidden"}  # of every event


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that has been laid out."""

    words: Sequence[Any]  # its components that carry words
    speak: Callable[["Assistant", Strings], Sequence[Any]]  # their updates for a caller in a language, in that order
