"""The machine-readable door over HTTP: one module for each resource; docs/api.md describes it."""

from assistant.web.api.app import ApiDoor, create_api
from assistant.web.api.context import Context

__all__ = ["ApiDoor", "Context", "create_api"]
