"""What the assistant gets right: the last run of each question set, and how it went over time.

It is read from the folder of runs whenever the page is opened or changes its language; nothing here runs a set.
"""

from typing import TYPE_CHECKING, Any

from assistant.evaluation import runs
from assistant.web.quality import render
from assistant.web.strings import Strings
from assistant.web.tab import Tab

if TYPE_CHECKING:
    from assistant.engine import Assistant


def build(assistant: "Assistant", language: Any, shown: Strings) -> Tab:
    """Lay out the tab within the Blocks that is open."""
    import gradio as gr

    drawn = gr.HTML("", elem_id="quality", js_on_load=None)
    return Tab([drawn], lambda s: [render.quality(runs.read(assistant.settings.eval_runs), s)])
