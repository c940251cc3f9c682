"""What the assistant gets right: the last run of each question set, and how it went over time.

It is read from the folder of runs whenever the page is opened or changes its language; nothing here runs a set.
"""

from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
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
    return Tab([drawn], lambda seen, s: [_drawn(seen, s)])


def _drawn(assistant: "Assistant", s: Strings) -> str:
    """The runs, for whoever may read every document: failures quote them."""
    try:
        everything = assistant.sees_everything
    except AssistantError:  # there is no index: nothing is kept from anybody
        everything = True
    return render.quality(runs.read(assistant.settings.eval_runs), s) if everything else render.withheld(s)
