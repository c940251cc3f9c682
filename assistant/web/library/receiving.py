"""A file that is sent to the library, by the page or by a program, on its way to the shelf."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.requests import Request

from assistant.documents.shelf import Shelf, safe_name
from assistant.errors import DocumentError


@asynccontextmanager
async def received(request: Request, shelf: Shelf, name: str) -> AsyncIterator[Path]:
    """A request's body as a file, never more than the largest that is read; gone at the end, unless it was moved.

    Raises:
        DocumentError: the name cannot be used, or the file is too large.
        LibraryError: the corpus folder may not be written.
    """
    most = round(shelf.max_file_mb * 1_000_000)
    with shelf.incoming(name) as place:
        arrived = 0
        with place.open("xb") as out:
            async for chunk in request.stream():
                arrived += len(chunk)
                if arrived > most:
                    raise DocumentError(
                        safe_name(name),
                        f"it has more than the {shelf.max_file_mb:g} MB that are read",
                        "Split it, or raise max_file_mb",
                        "too_large",
                    )
                out.write(chunk)
        yield place
