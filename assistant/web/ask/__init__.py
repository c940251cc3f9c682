"""The tab where questions are asked and answers read."""

from assistant.web.ask.tab import build

__all__ = ["build"]
