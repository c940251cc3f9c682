"""The tab where the documents are read, added and removed."""

from assistant.web.library.routes import routes
from assistant.web.library.tab import build

__all__ = ["build", "routes"]
