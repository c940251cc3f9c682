"""The widget, and the page in a frame, on a page of another origin: used there, and refused where it is not allowed."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest
from driving import served
from playwright.sync_api import Browser, Page, Route, expect

from assistant import Assistant
from assistant.answering.answer import Answer, Statement
from assistant.records.keys import KeyStore
from assistant.records.recorder import Recorder

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# A page with a policy of its own, and styles that reach for everything.
HOST = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Intranet</title>
<link rel="stylesheet" href="/page.css"></head>
<body><main><h1>Intranet</h1><div id="here"></div></main>
<script src="{server}/widget.js" {attributes} defer></script></body></html>"""
STYLES = "* { color: #ffe9a6 !important; font-size: 6px !important } button { display: none !important }"


@dataclass
class Intranet:
    """A site that has the widget in a page."""

    origin: str
    html: str = ""
    policy: str = ""


@contextmanager
def intranet() -> Iterator[Intranet]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path == "/"
            self.send_response(200 if self.path in ("/", "/page.css") else 404)
            self.send_header("Content-Type", "text/html" if is_page else "text/css")
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write((site.html if is_page else STYLES).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    site = Intranet(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()


@dataclass
class Widgets:
    """An assistant that one of two sites may ask, with a key."""

    browser: Browser
    server: str
    key: str
    allowed: Intranet
    other: Intranet
    assistant: Assistant

    def open(self, site: Intranet, attributes: str = "", language: str = "da") -> Page:
        site.html = HOST.format(language=language, server=self.server, attributes=attributes)
        site.policy = f"default-src 'none'; style-src 'self'; script-src {self.server}; connect-src {self.server}"
        page = self.browser.new_context(bypass_csp=False).new_page()
        page.goto(site.origin)
        return page


@pytest.fixture(scope="module")
def widgets(assistant: Assistant, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Widgets]:
    with ExitStack() as ends:
        allowed, other = ends.enter_context(intranet()), ends.enter_context(intranet())
        folder: Path = tmp_path_factory.mktemp("widget")
        chosen = {
            "sign_in": True,
            "cors_origins": (allowed.origin,),
            "frame_ancestors": (allowed.origin,),
            "records_folder": folder,
        }
        made = Assistant(assistant.settings.model_copy(update=chosen))
        recorder = Recorder.open(made)
        ends.callback(recorder.close)
        key = KeyStore(recorder.log.records).create("intranet")[1]
        yield Widgets(browser, ends.enter_context(served(made, recorder)), key, allowed, other, made)


def test_the_bubble_is_used_by_keyboard(widgets: Widgets) -> None:
    page = widgets.open(widgets.allowed, f'data-key="{widgets.key}"')
    bubble = page.get_by_role("button", name="Spørg dokumenterne")
    expect(bubble).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    expect(bubble).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Spørg dokumenterne")
    expect(page.get_by_label("Dit spørgsmål")).to_be_focused()
    page.keyboard.type("Hvor ofte gives Veltoral?")
    page.keyboard.press("Enter")
    expect(dialog.locator(".said").first).to_contain_text("hver 4. uge", timeout=60_000)
    expect(page.get_by_role("status")).to_contain_text("hver 4. uge")
    chip = dialog.get_by_role("button", name="Kilde 1: <Gids> & bijlagen om Veltoral")
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-expanded", "true")
    expect(dialog.locator("blockquote").first).to_contain_text("60 mg én gang hver 4. uge")
    expect(dialog.get_by_role("link", name="<Gids> & bijlagen")).to_have_attribute("target", "_blank")
    page.evaluate(f"() => {{ {AXE} }}")
    faults = page.evaluate("async () => (await axe.run({include: [['body > div']]})).violations.map((one) => one.id)")
    assert faults == []
    assert dialog.locator(".said").first.evaluate("one => getComputedStyle(one).color") == "rgb(23, 33, 31)"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(bubble).to_be_focused()
    page.context.close()


def test_a_box_stands_in_the_page_in_its_language_and_remembers_what_was_asked(widgets: Widgets) -> None:
    page = widgets.open(widgets.allowed, f'data-key="{widgets.key}" data-target="#here"', language="nl-BE")
    box = page.locator("#here").get_by_label("Uw vraag")
    for question in ("Hoeveel vrouwen deden mee aan de studie van Veltoral?", "Wat kost Bruxamin?"):
        box.fill(question)
        page.locator("#here").get_by_role("button", name="Vraag", exact=True).click()
        expect(page.locator("#here .turn").last).not_to_contain_text("Zoekt in", timeout=60_000)
    first = page.locator("#here .turn").first
    expect(first).to_contain_text("389 vrouwen")
    expect(first.locator(".differ")).to_contain_text("412")
    assert "<b>" not in page.locator("#here .log").inner_html()
    page.context.close()


def test_a_page_of_an_origin_that_is_not_allowed_is_told_nothing(widgets: Widgets) -> None:
    page = widgets.open(widgets.other, f'data-key="{widgets.key}" data-mode="inline"', language="en")
    page.get_by_label("Your question").fill("Hvor ofte gives Veltoral?")
    page.keyboard.press("Enter")
    expect(page.locator(".fault")).to_contain_text("cannot be reached", timeout=60_000)
    expect(page.get_by_label("Your question")).to_have_value("Hvor ofte gives Veltoral?")
    page.context.close()


def test_without_a_key_that_is_valid_it_says_so(widgets: Widgets) -> None:
    page = widgets.open(widgets.allowed, 'data-mode="inline" data-language="en"')
    page.get_by_label("Your question").fill("Hvor ofte gives Veltoral?")
    page.keyboard.press("Enter")
    expect(page.locator(".fault")).to_contain_text("not signed in", timeout=60_000)
    page.context.close()


def test_statements_stand_there_as_they_come(widgets: Widgets, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()
    question = "Hvor ofte gives Veltoral?"
    whole = widgets.assistant.ask(question)

    def stream(*_: object, **__: object) -> Iterator[Statement | Answer]:
        yield Statement("Først <b>dette</b>.", (1,))
        assert may_go_on.wait(60)
        yield whole

    monkeypatch.setattr(widgets.assistant, "stream", stream)
    page = widgets.open(widgets.allowed, f'data-key="{widgets.key}" data-mode="inline"')
    page.get_by_label("Dit spørgsmål").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".coming")).to_have_text("Først <b>dette</b>.", timeout=60_000)
    expect(page.locator(".turn")).to_contain_text("Søger i dokumenterne")
    expect(page.locator(".chip")).to_have_count(0)
    may_go_on.set()
    expect(page.locator(".chip").first).to_be_visible()
    expect(page.locator(".coming")).to_have_count(0)
    expect(page.locator(".turn")).not_to_contain_text("Søger")
    page.context.close()


@pytest.mark.parametrize(("kind", "sent"), [("application/json", 1), ("text/event-stream", 2)])
def test_where_events_do_not_come_through_the_answer_comes_whole(widgets: Widgets, kind: str, sent: int) -> None:
    """A proxy that knows no events; and one that ends them too early."""
    question = "Hvor ofte gives Veltoral?"
    answer = json.dumps(widgets.assistant.ask(question).as_dict())
    page = widgets.open(widgets.allowed, f'data-key="{widgets.key}" data-mode="inline"')
    asked: list[str] = []

    def reply(route: Route) -> None:
        if route.request.method == "OPTIONS":
            route.continue_()
            return
        asked.append(route.request.headers["accept"])
        whole = len(asked) == sent
        told = {"Access-Control-Allow-Origin": widgets.allowed.origin}
        route.fulfill(
            headers={**told, "Content-Type": "application/json" if whole else kind},
            body=answer if whole else ": still here\n\n",
        )

    page.route("**/api/v1/ask", reply)
    page.get_by_label("Dit spørgsmål").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".said").first).to_contain_text("hver 4. uge")
    expect(page.locator(".chip").first).to_be_visible()
    assert asked == ["text/event-stream", "application/json"][:sent]
    page.context.close()


def test_a_frame_shows_the_page_in_a_page_of_an_allowed_origin_and_in_no_other(widgets: Widgets) -> None:
    """As docs/embedding.md has it; whoever opens the page signs in at the proxy, here by a header."""
    for site, shown in ((widgets.allowed, True), (widgets.other, False)):
        site.html = f'<!doctype html><title>Intranet</title><iframe src="{widgets.server}/" title="Ask"></iframe>'
        site.policy = f"default-src 'none'; frame-src {widgets.server}"
        signed_in = {"Authorization": f"Bearer {widgets.key}"}
        page = widgets.browser.new_context(locale="da-DK", extra_http_headers=signed_in).new_page()
        page.goto(site.origin)
        box = page.frame_locator("iframe").locator("#question textarea")
        if shown:
            box.fill("Hvor ofte gives Veltoral?")
            box.press("Enter")
            answer = page.frame_locator("iframe").locator("#log article.turn").last
            expect(answer).to_contain_text("hver 4. uge", timeout=60_000)
        else:
            page.frame_locator("iframe").locator("body").wait_for(state="attached")
            expect(box).to_have_count(0)
        page.context.close()
