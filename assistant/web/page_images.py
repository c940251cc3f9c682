"""The page that a citation stands on, as its PDF draws it: only for what is indexed, and only as it was indexed."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.answering.answer import Citation
from assistant.documents.model import Document
from assistant.documents.page_image import Area
from assistant.documents.read import content_hash
from assistant.errors import AssistantError, PageImageError
from assistant.web.caller import seen

if TYPE_CHECKING:
    from assistant.engine import Assistant

_KEPT = 24  # images in memory
_CACHED = "private, max-age=3600"  # in the browser; the address names the content, so a changed page has another


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's image, and the areas of it to be marked."""

    address: str  # of the image, on this server
    width: float  # of any unit, to `height`
    height: float
    areas: tuple[Area, ...]


def sheet_of(assistant: "Assistant", citation: Citation) -> Sheet | None:
    """The page a citation stands on; None where its source has no pages, or is not the file that was indexed."""
    if citation.page is None or not citation.document_id.lower().endswith(".pdf"):
        return None
    try:
        document = assistant.document(citation.document_id)
        data = _as_indexed(assistant, document, citation.page)
        layout = assistant.apart.lay_out(data, document, citation.page, citation.start, citation.end)
    except AssistantError:
        return None
    address = f"/page-image/{quote(document.id)}/{citation.page}.png?of={document.content_hash[:12]}"
    return Sheet(address, layout.width, layout.height, layout.areas)


def page_images(assistant: "Assistant") -> APIRouter:
    """The route GET /page-image/{document}/{page}.png."""
    router = APIRouter()
    kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
    guard = Lock()

    @router.get("/page-image/{document_id:path}/{page:int}.png")
    def page_image(document_id: str, page: int, request: Request) -> Response:
        try:
            document = seen(assistant, request).document(document_id)
            data = _as_indexed(assistant, document, page)
            key = (document.id, document.content_hash, page)
            with guard:
                image = kept.get(key)
            if image is None:
                image = assistant.apart.png(data, document.id, page)
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=404)
        with guard:
            kept[key] = image
            kept.move_to_end(key)
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return Response(image, media_type="image/png", headers={"Cache-Control": _CACHED})

    return router


def _as_indexed(assistant: "Assistant", document: Document, page: int) -> bytes:
    """The bytes of an indexed PDF.

    Raises:
        PageImageError: it is no PDF, is gone, lies outside the corpus, or has changed since it was indexed.
    """
    if not document.id.lower().endswith(".pdf"):
        raise PageImageError(document.id, page, "it is no PDF")
    root = assistant.settings.corpus.resolve()
    path: Path = assistant.settings.corpus / document.id
    try:
        inside = path.resolve().is_relative_to(root) and path.is_file()
        small = inside and path.stat().st_size <= assistant.settings.max_file_mb * 1_000_000
        data = path.read_bytes() if small else b""
    except OSError as error:
        raise PageImageError(document.id, page, "the file cannot be read") from error
    if not data:
        raise PageImageError(document.id, page, "the file is not in the corpus any more")
    if content_hash(path) != document.content_hash:  # after reading: what was read is then what was indexed
        raise PageImageError(document.id, page, "the file has changed since it was indexed; run: assistant index")
    return data
