"""What the API promises, as OpenAPI; made from the routes, and told of what only the settings and the errors know."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant.settings import Settings
from assistant.web.api.problems import Problem, problems

_ABOUT: Final = """Questions over official medicine documents, answered in Danish, Dutch or English with the exact
sentence behind each part. Errors are problems as RFC 9457 has them; 5xx are the server's own faults."""
_ANY: Final = (401, 403, 429, 500, 503)  # of every operation but /healthz, which costs nothing and tells nothing

_EVENT: Final = {
    "type": "object",
    "description": "A server-sent event.",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["statement", "answer", "error"]},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "A StatementOut, an Answered, or a Problem.",
        },
    },
}


def specification(api: FastAPI, settings: Settings) -> dict[str, Any]:
    """The specification, as OpenAPI 3.1 has it."""
    made = get_openapi(title="Assistant", version=api.version, summary=None, description=_ABOUT, routes=api.routes)
    made["servers"] = [{"url": "/"}]
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(shape.pop("$defs", {}), Problem=shape, Event=_EVENT)
    schemas["Asked"]["properties"]["question"]["maxLength"] = settings.max_question_characters
    for path, operations in made["paths"].items():
        for operation in operations.values():
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
            for status in sorted(_possible(path, operation)):
                operation["responses"].setdefault(str(status), problems(status)[status])
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "q" and "maxLength" not in parameter["schema"]:
                    parameter["schema"]["maxLength"] = settings.max_question_characters
    return made


def _possible(path: str, operation: dict[str, Any]) -> set[int]:
    """The errors that an operation may end in, besides those that its route names itself."""
    if path == "/healthz":
        return {500}
    reads_json = "application/json" in operation.get("requestBody", {}).get("content", {})
    return {
        *_ANY,
        *((400, 413, 415) if reads_json else ()),
        *((422,) if reads_json or "parameters" in operation else ()),
    }
