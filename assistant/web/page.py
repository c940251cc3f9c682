"""The page: a masthead, and a tab for each thing that staff do. Each tab lays itself out, in a folder of its own."""

import os
from typing import TYPE_CHECKING, Any

from assistant.documents.model import LANGUAGES
from assistant.web import ask, library, quality
from assistant.web.caller import seen
from assistant.web.drawing import template
from assistant.web.strings import NAMES, Strings, preferred, strings
from assistant.web.tab import PRIVATE

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported; it reads this once

if TYPE_CHECKING:
    from assistant.engine import Assistant

ROOMS = {"ask": ask.build, "library": library.build, "quality": quality.build}


def build_page(assistant: "Assistant") -> Any:
    """The page as `gradio.Blocks`, ready to be mounted; see server.py."""
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
            for name, build in ROOMS.items():
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

        words = [language, header, *labels, *(component for tab in tabs for component in tab.words)]
        language.input(switched, language, words, **PRIVATE)
        page.load(opened, None, words, **PRIVATE)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    return page


def _header(s: Strings) -> str:
    return template("header.html").render(s=s)
