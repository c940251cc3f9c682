"""What changes anything on the server must come from the page itself, and not from another site in the same browser."""

from urllib.parse import urlsplit

from starlette.requests import Request


def is_own(request: Request) -> bool:
    """Whether a request comes from this server's own page, as a browser says; one that says nothing does not."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and (origin.scheme, origin.netloc) == (request.url.scheme, request.headers.get("host"))


def is_elsewhere(request: Request) -> bool:
    """Whether a page of another origin sends a request, as the widget does; a program says nothing of where it is."""
    return ("sec-fetch-site" in request.headers or "origin" in request.headers) and not is_own(request)
