"""Ask official documents in Danish, Dutch or English; every sentence of the answer cites the span that backs it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering.answer import Answer, Citation
    from assistant.engine import Assistant
    from assistant.errors import AssistantError
    from assistant.settings import Settings

__all__ = ["Answer", "Assistant", "AssistantError", "Citation", "Settings"]
_HOME = {
    "Answer": "assistant.answering.answer",
    "Assistant": "assistant.engine",
    "AssistantError": "assistant.errors",
    "Citation": "assistant.answering.answer",
    "Settings": "assistant.settings",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import assistant` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
