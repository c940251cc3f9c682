"""Pages that stay open from test to test: opening one in a new context costs more than most tests do."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect


class Pages:
    """One page for each address and locale, handed out as good as new."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[str, str], Page] = {}
        self._failed = 0
        self._cleared: set[Page] = set()  # those on which nothing but a conversation needs to be cleared

    def reloaded(self, address: str, locale: str, width: int = 1280, height: int = 860, **media: Any) -> Page:
        """The page loaded anew, with nothing in the browser's storage; `media` as `emulate_media` takes it."""
        page = self._known(address, locale)
        self._cleared.discard(page)
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(
            media="null",
            color_scheme=media.get("color_scheme", "light"),
            reduced_motion=media.get("reduced_motion", "no-preference"),
        )
        page.mouse.move(0, 0)
        if page.url.startswith(address):
            page.evaluate("localStorage.clear()")
        load(page, address)
        return page

    def cleared(self, address: str, locale: str) -> Page:
        """The page with an empty conversation; for tests that do no more than ask and read."""
        page = self._known(address, locale)
        if page not in self._cleared:
            page = self.reloaded(address, locale)
            self._cleared.add(page)
            return page
        page.mouse.move(0, 0)
        page.evaluate("localStorage.clear()")
        if page.locator("#log article.turn").count():
            page.locator("#new-chat").click()
            expect(page.locator("#log article.turn")).to_have_count(0)
        page.requested.clear()  # type: ignore[attr-defined]
        return page

    def failed(self, tests: int) -> None:
        """How many tests have failed so far: after one more, no page is as it seems."""
        if tests != self._failed:
            self._failed = tests
            self._cleared.clear()

    def _known(self, address: str, locale: str) -> Page:
        if (address, locale) not in self._pages:
            context = self._browser.new_context(locale=locale, permissions=["clipboard-read", "clipboard-write"])
            self._pages[address, locale] = watched(context)
        return self._pages[address, locale]

    def leave(self, address: str = "") -> None:
        """Close the pages of an address, before its server goes; without one, all."""
        for key in [key for key in self._pages if key[0] == address or not address]:
            self._pages.pop(key).context.close()


def watched(context: BrowserContext) -> Page:
    """A page on which every request is noted in `page.requested`."""
    page = context.new_page()
    page.requested = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.requested.append(request.url))  # type: ignore[attr-defined]
    return page


def load(page: Page, address: str) -> None:
    """Go to the page, and wait until it stands in the browser's language."""
    page.requested.clear()  # type: ignore[attr-defined]
    page.goto(address)
    page.locator("#question textarea").wait_for()
    page.locator("#examples button, .welcome__problem").first.wait_for()  # without documents there are no examples
