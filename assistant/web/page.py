"""The page: a masthead, and a tab for each thing that staff do. Each tab lays itself out, in a folder of its own."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.documents.model import LANGUAGES
from assistant.web import ask, library, quality
from assistant.web.caller import seen
from assistant.web.drawing import template
from assistant.web.strings import NAMES, Strings, preferred, strings
from assistant.web.tab import PRIVATE, Tab

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported; it reads this once

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

ROOMS = ("ask", "library", "quality")
# Seconds between two looks for a question. Gradio looks every millisecond, which keeps an idle server at work.
_REST = 0.01


def build_page(assistant: "Assistant", recorder: "Recorder | None" = None) -> Any:
    """The page as `gradio.Blocks`, ready to be mounted; see server.py.

    Where there is a recorder, answers are written down.
    """
    import gradio as gr

    configured = assistant.settings.language
    shown = strings(configured or "en")
    with gr.Blocks(title=shown("title"), analytics_enabled=False, fill_width=True) as page:
        with gr.Row(elem_id="masthead"):
            header = gr.HTML(_header(shown), elem_id="header", js_on_load=None)
            language = gr.Radio(
                [(NAMES[code], code) for code in LANGUAGES],
                value=configured or None,  # the browser's, once the page has loaded; what is asked before goes by None
                label=shown("language_label"),
                elem_id="language",
                interactive=True,
            )
        labels, tabs = [], []
        with gr.Tabs(elem_id="rooms"):
            builds: tuple[Callable[..., Tab], ...] = (
                partial(ask.build, recorder=recorder),
                library.build,
                quality.build,
            )
            for name, build in zip(ROOMS, builds, strict=True):
                with gr.Tab(shown(f"tab_{name}"), id=name, elem_id=f"room-{name}") as label:
                    tabs.append(build(assistant, language, shown))
                labels.append(label)

        def spoken(request: gr.Request, s: Strings, **chosen: str) -> list[Any]:
            switch = gr.update(label=s("language_label"), **chosen)
            named = [gr.update(label=s(f"tab_{name}")) for name in ROOMS]
            return [
                switch,
                _header(s),
                *named,
                *(update for tab in tabs for update in tab.speak(seen(assistant, request), s)),
            ]

        def opened(request: gr.Request) -> list[Any]:
            """In the configured language, or the browser's."""
            wanted = configured or preferred(request.headers.get("accept-language", ""))
            return spoken(request, strings(wanted), value=wanted)

        def switched(wanted: str, request: gr.Request) -> list[Any]:
            return spoken(request, strings(wanted))

        asking, shelf, _ = tabs

        def indexed(wanted: str | None, request: gr.Request) -> list[Any]:
            """The documents may be others now: how many they are, what to ask them, and which to choose among."""
            s = strings(wanted or preferred(request.headers.get("accept-language", "")))
            return list(asking.speak(seen(assistant, request), s))

        shelf.words[0].select(indexed, language, list(asking.words), **PRIVATE)
        words = [language, header, *labels, *(component for tab in tabs for component in tab.words)]
        language.input(switched, language, words, **PRIVATE)
        page.load(opened, None, words, **PRIVATE)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    page._queue.sleep_when_free = _REST
    return page


def _header(s: Strings) -> str:
    return template("header.html").render(s=s)
