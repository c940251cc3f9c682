"""The door for clients of the OpenAI API: the assistant as one of their models."""

from assistant.web.openai_door.routes import routes

__all__ = ["routes"]
