"""GET /docs: the specification as a page for people, drawn here; it needs no script and nothing from elsewhere."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.web.api.problems import KINDS
from assistant.web.drawing import template

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The specification to be read."""
    made = request.app.openapi()
    schemas = made["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            drawn = {"method": method.upper(), "path": path, **operation, "body": _body(operation)}
            groups.setdefault(operation["tags"][0], []).append(drawn)
    page = template("api/docs.html").render(about=made["info"], groups=groups, schemas=schemas, kinds=KINDS, said=_said)
    return HTMLResponse(page)


def _body(operation: dict[str, Any]) -> list[tuple[str, str]]:
    """What an operation reads: (media type, kind of value)."""
    content = operation.get("requestBody", {}).get("content", {})
    return [(media, _said(part.get("schema", {}))) for media, part in content.items()]


def _said(schema: dict[str, Any]) -> str:
    """A schema in a few words; the name of an object stands for itself."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_said(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(repr(value) for value in schema["enum"])
    kind = str(schema.get("format") or schema.get("type") or "anything")
    if "items" in schema:
        kind = f"list of {_said(schema['items'])}"
    limits = {
        "minimum": "from", "maximum": "to", "maxLength": "characters at most", "maxItems": "items at most",
        "pattern": "as", "default": "default",
    }  # fmt: skip
    more = [f"{said} {schema[key]!r}" for key, said in limits.items() if key in schema and schema[key] not in ("", [])]
    return f"{kind} ({', '.join(more)})" if more else kind
