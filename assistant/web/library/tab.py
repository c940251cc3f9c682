"""The tab's frame. What stands in it comes from routes.py, as it is asked for by static/library.js."""

from typing import TYPE_CHECKING, Any

from assistant.web.library import render
from assistant.web.strings import Strings
from assistant.web.tab import Tab

if TYPE_CHECKING:
    from assistant.engine import Assistant


# Once documents were indexed, the page draws anew what else speaks of them; see static/library.js.
_TELL_INDEXED = "element.addEventListener('indexed', () => trigger('select'))"


def build(assistant: "Assistant", language: Any, shown: Strings) -> Tab:
    """Lay out the tab within the Blocks that is open; `language` is the page's language switch."""
    import gradio as gr

    frame = gr.HTML(
        render.frame(assistant.settings, shown, may_change=False),
        elem_id="library-frame",
        js_on_load=_TELL_INDEXED,
        apply_default_css=False,
    )
    return Tab([frame], lambda seen, s: [render.frame(seen.settings, s, may_change=seen.may_change)])
