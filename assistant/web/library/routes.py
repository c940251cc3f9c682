"""What the tab asks of the server. Reading is open; whatever changes anything must come from the page itself."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.requests import ClientDisconnect

from assistant.documents.read import corpus_files
from assistant.documents.validity import Standing
from assistant.errors import AccessError, AssistantError, IndexMissingError
from assistant.web.caller import seen
from assistant.web.library import render
from assistant.web.library.receiving import received
from assistant.web.library.reindexing import Progress, Reindexing
from assistant.web.noting import changed
from assistant.web.own import is_own
from assistant.web.strings import Strings, strings

if TYPE_CHECKING:
    from assistant.documents.model import Document
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

log = logging.getLogger(__name__)


def routes(assistant: "Assistant", reindexing: Reindexing, recorder: "Recorder | None" = None) -> APIRouter:
    """Routes below /library; `language` in their query is the page's. Changes are written down by a recorder."""
    router = APIRouter(prefix="/library")
    spoken = Annotated[Strings, Depends(_spoken)]

    def room(request: Request) -> Room:
        return Room(seen(assistant, request), reindexing, partial(changed, recorder, door="page", request=request))

    here = Annotated[Room, Depends(room)]

    @router.get("/documents")
    async def documents(s: spoken, room: here) -> HTMLResponse:
        return await _drawn(s, room.listing)

    @router.get("/document")
    async def document(s: spoken, room: here, id: str, start: int = 0, end: int = 0) -> HTMLResponse:
        return await _drawn(s, partial(room.document, id, (start, end)))

    @router.get("/disagreements")
    async def disagreements(s: spoken, room: here) -> HTMLResponse:
        return await _drawn(s, room.disagreements)

    @router.get("/indexing")
    async def indexing(s: spoken, room: here) -> JSONResponse:
        return JSONResponse(room.progress(s))

    @router.post("/files")
    async def files(request: Request, s: spoken, room: here, name: str, replace: bool = False) -> JSONResponse:
        return await room.changed(request, s, lambda: room.receive(request, s, name, replace))

    @router.post("/remove")
    async def remove(request: Request, s: spoken, room: here, id: str) -> JSONResponse:
        return await room.changed(request, s, lambda: run_in_threadpool(room.remove, id, s))

    @router.post("/restore")
    async def restore(request: Request, s: spoken, room: here, token: str) -> JSONResponse:
        return await room.changed(request, s, lambda: run_in_threadpool(room.restore, token, s))

    @router.post("/indexing")
    async def reindex(request: Request, s: spoken, room: here) -> JSONResponse:
        return await room.changed(request, s, lambda: run_in_threadpool(room.reindex, s))

    return router


class Room:
    """What the routes do, for one caller."""

    def __init__(self, assistant: "Assistant", reindexing: Reindexing, note: Callable[[str, str], None]) -> None:
        self._assistant, self._settings, self._reindexing = assistant, assistant.settings, reindexing
        self._note = note

    def listing(self, s: Strings) -> str:
        """The list of documents, also where there is no index yet."""
        try:
            status, standings = self._assistant.status(), self._assistant.standings()
            waiting = list(status.added)
        except IndexMissingError:
            root = self._settings.corpus
            status, standings = None, {}
            files = corpus_files(root) if self._assistant.may_change else []
            waiting = [path.relative_to(root).as_posix() for path in files]
        may_change = self._assistant.may_change
        removed = self._assistant.shelf.removed() if may_change else []
        return render.listing(status, standings, removed, waiting, self._settings, s, may_change=may_change)

    def document(self, id_: str, sought: tuple[int, int], s: Strings) -> str:
        """One document in full."""
        read = self._assistant.document(id_)
        standing = self._assistant.standings().get(id_, Standing())
        return render.document(read, self._assistant.passages(id_), standing, sought, s)

    def disagreements(self, s: Strings) -> str:
        """Where the documents disagree."""
        return render.disagreements(self._assistant.audit(), s)

    def progress(self, s: Strings) -> dict[str, Any]:
        """How far indexing is, with a sentence to show; to whoever may not start it, only whether it runs."""
        now = self._reindexing.now()
        if not self._assistant.may_change:
            return {"state": now.state, "done": 0, "total": 0, "message": ""}
        return {"state": now.state, "done": now.done, "total": now.total, "message": self._said(now, s)}

    async def receive(self, request: Request, s: Strings, name: str, replace: bool) -> dict[str, Any]:
        """Take an arriving file, and put it on the shelf."""
        shelf = self._assistant.shelf
        async with received(request, shelf, name) as place:
            read: Document = await run_in_threadpool(shelf.add, place, replace=replace)
        await run_in_threadpool(self._note, "upload", read.id)
        return {"id": read.id, "message": s("library_added", title=read.metadata.title)}

    def remove(self, id_: str, s: Strings) -> dict[str, Any]:
        """Take a document away and index anew."""
        removed = self._assistant.shelf.remove(id_)
        self._reindexing.start()
        self._note("remove", removed.document_id)
        return {"token": removed.token, "message": s("library_was_removed", file=removed.document_id)}

    def restore(self, token: str, s: Strings) -> dict[str, Any]:
        """Put a document back and index anew."""
        id_ = self._assistant.shelf.restore(token)
        self._reindexing.start()
        self._note("restore", id_)
        return {"id": id_, "message": s("library_was_restored", file=id_)}

    def reindex(self, s: Strings) -> dict[str, Any]:
        """Bring the index up to date."""
        self._reindexing.start()
        self._note("index", "")
        return self.progress(s)

    async def changed(
        self, request: Request, s: Strings, change: Callable[[], Awaitable[dict[str, Any]]]
    ) -> JSONResponse:
        """Do what changes something, if the page itself asks for it and the settings allow it; or say why not."""
        if not is_own(request):
            return _refused(403, "foreign", s("library_why_foreign"))
        try:
            _ = self._assistant.shelf  # refuses where changes are switched off
            return JSONResponse(await change())
        except AccessError as error:
            return _refused(403, "refused", str(error))
        except AssistantError as error:
            trouble = getattr(error, "trouble", "")
            status = {"exists": 409, "too_large": 413, "refused": 403}.get(trouble, 422)
            return _refused(status, trouble, render.why(error, self._settings, s))
        except ClientDisconnect:  # nobody waits for an answer
            return _refused(400, "", "")
        except Exception:  # the last stop before the person who asked: they get a sentence, the log gets the rest
            log.exception("a change of the documents failed")
            return _refused(500, "", s("unexpected"))

    def _said(self, now: Progress, s: Strings) -> str:
        if now.state == "running":
            return s(f"library_{now.stage}", done=now.done, total=now.total)
        if now.state == "failed":
            return render.why(now.problem, self._settings, s) if now.problem else s("unexpected")
        if now.report is None:
            return ""
        report = now.report
        if report.nothing_to_do and not report.failures:
            return s("library_up_to_date")
        counts = {"added": len(report.added), "changed": len(report.changed), "removed": len(report.removed)}
        said = s("library_indexed", **counts)
        return said + (" " + s("library_unread_count", n=len(report.failures)) if report.failures else "")


def _spoken(language: str = "en") -> Strings:
    return strings(language)


async def _drawn(s: Strings, draw: Callable[[Strings], str]) -> HTMLResponse:
    try:
        return HTMLResponse(await run_in_threadpool(draw, s))
    except AssistantError as error:
        return HTMLResponse(render.problem(str(error), s))
    except Exception:  # as in `Room.changed`
        log.exception("a part of the library could not be drawn")
        return HTMLResponse(render.problem(s("unexpected"), s))


def _refused(status: int, trouble: str, message: str) -> JSONResponse:
    return JSONResponse({"trouble": trouble, "message": message}, status_code=status)
