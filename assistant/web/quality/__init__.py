"""The tab that shows what the assistant gets right, by the runs of question sets that were kept."""

from assistant.web.quality.tab import build

__all__ = ["build"]
