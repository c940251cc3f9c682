"""The conversation: a question box, the turns, and the sources beside them.

Gradio carries questions and answers; how a turn looks is render.py's, how chips and panel behave is static/ask.js.
A turn arrives in a hidden inbox, and ask.js files it in the conversation by its id, so that a long chat costs no more
per answer than a short one, and an unfinished turn is replaced by the finished one.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.answering.answer import Answer, Statement
from assistant.errors import AssistantError
from assistant.web.ask import render
from assistant.web.caller import seen
from assistant.web.page_images import sheet_of
from assistant.web.strings import Strings, preferred, strings
from assistant.web.tab import PRIVATE, Tab

if TYPE_CHECKING:
    from assistant.engine import Assistant

log = logging.getLogger(__name__)

EXAMPLES = 4  # buttons
_REMEMBERED = 6  # earlier turns that a follow-up may lean on
_SESSION_SECONDS = 12 * 3600.0
_PANEL_SHELL = '<div id="panel-body"></div>'


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, and what came of it."""

    id: str
    question: str
    answer: Answer | None
    problem: str = ""  # why there is no answer


def build(assistant: "Assistant", language: Any, shown: Strings) -> Tab:
    """Lay out the tab within the Blocks that is open; `language` is the page's switch, None before it loads."""
    import gradio as gr

    def desk(request: gr.Request) -> Desk:
        return Desk(seen(assistant, request))

    def tongue(chosen: str | None, request: gr.Request) -> str:
        return chosen or preferred(request.headers.get("accept-language", ""))

    def ask(question: str, turns: list[Turn], chosen: str | None, request: gr.Request) -> Iterator[Any]:
        yield from desk(request).ask(question, turns, tongue(chosen, request))

    def redraw(turns: list[Turn], chosen: str, request: gr.Request) -> str:
        return desk(request).redraw(turns, chosen)

    turns = gr.State([], time_to_live=_SESSION_SECONDS)
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="conversation"):
            with gr.Row(elem_id="desk-tools"):
                save = gr.Button(shown("save_chat"), elem_id="save-chat", size="sm")  # ask.js does it
                fresh = gr.Button(shown("new_chat"), elem_id="new-chat", size="sm")
            with gr.Column(elem_id="scroll"):
                welcome = gr.HTML("", elem_id="welcome", js_on_load=None)
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button("", visible=False, elem_classes="example") for _ in range(EXAMPLES)]
                gr.HTML(render.conversation(), elem_id="turns", js_on_load=None)
                inbox = gr.HTML("", elem_id="inbox", js_on_load=None)
            with gr.Row(elem_id="composer"):
                box = gr.Textbox(
                    label=shown("question_label"),
                    placeholder=shown("question_placeholder"),
                    lines=1,
                    max_lines=6,
                    max_length=assistant.settings.max_question_characters,
                    autofocus=True,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                )
                send = gr.Button(shown("send"), variant="primary", elem_id="send")
            disclaimer = gr.HTML("", elem_id="disclaimer", js_on_load=None)
        with gr.Column(elem_id="panel"):
            panel = gr.HTML(render.panel(shown), elem_id="panel-head", js_on_load=None)
            gr.HTML(_PANEL_SHELL, elem_id="panel-cards", js_on_load=None)

    asking = {"outputs": [inbox, box, turns], "concurrency_limit": 2, **PRIVATE}
    asked = gr.on([box.submit, send.click], ask, [box, turns, language], **asking)
    started = [example.click(ask, [example, turns, language], **asking) for example in examples]
    fresh.click(clear, None, [inbox, turns], cancels=[asked, *started], **PRIVATE)
    language.input(redraw, [turns, language], inbox, **PRIVATE)
    return Tab([save, fresh, welcome, box, send, disclaimer, panel, *examples], lambda seen, s: Desk(seen).words(s))


def clear() -> tuple[str, list[Turn]]:
    """An empty conversation."""
    return '<div data-clear="yes"></div>', []


class Desk:
    """What the page's events do, for one caller. Holds no conversation: that is the session's."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant

    def ask(self, question: str | None, turns: list[Turn], language: str) -> Iterator[tuple[Any, Any, list[Turn]]]:
        """Yield (turn as HTML, the box, turns): first the question alone, then its answer."""
        import gradio as gr

        s, asked = strings(language), (question or "").strip()
        if not asked:
            yield gr.skip(), gr.skip(), turns
            return
        turn_id = f"turn-{len(turns) + 1}"
        yield render.pending(turn_id, asked, s), "", turns
        history = [(turn.question, turn.answer.text) for turn in turns if turn.answer][-_REMEMBERED:]
        try:
            said: list[Statement] = []
            for came in self._assistant.stream(asked, history=history):
                if isinstance(came, Answer):
                    turn = Turn(turn_id, asked, came)
                elif self._assistant.settings.llm_url:  # the documents' own words come all at once
                    said.append(came)
                    yield render.pending(turn_id, asked, s, said), gr.skip(), turns
            drawn = self._draw(turn, s)
        except AssistantError as error:
            turn = Turn(turn_id, asked, None, str(error))
            drawn = self._draw(turn, s)
        except Exception:  # the last stop before the person who asked: they get a sentence, the log gets the rest
            log.exception("a question on the page failed")
            turn = Turn(turn_id, asked, None, s("unexpected"))
            drawn = self._draw(turn, s)
        yield drawn, gr.skip(), [*turns, turn]

    def redraw(self, turns: list[Turn], language: str) -> str:
        """The turns on the page in another language."""
        s = strings(language)
        return "\n".join(self._draw(turn, s) for turn in turns)

    def _draw(self, turn: Turn, s: Strings) -> str:
        if turn.answer is None:
            return render.failed(turn.id, turn.question, turn.problem, s)
        sheets = partial(sheet_of, self._assistant)
        return render.answered(turn.id, turn.answer, self._assistant.passage_view, sheets, s)

    def words(self, s: Strings) -> list[Any]:
        """Every component that carries words, in the order of `Tab.words`."""
        import gradio as gr

        documents, problem, questions = 0, "", list[str]()
        try:
            documents = len(self._assistant.status().documents)
            questions = self._assistant.examples(s.language)[:EXAMPLES]
        except AssistantError as error:
            problem = str(error)
        buttons = [gr.update(value=text, visible=True) for text in questions]
        buttons += [gr.update(value="", visible=False)] * (EXAMPLES - len(buttons))
        return [
            s("save_chat"),
            s("new_chat"),
            render.welcome(s, documents=documents, problem=problem),
            gr.update(label=s("question_label"), placeholder=s("question_placeholder")),
            s("send"),
            render.disclaimer(s),
            render.panel(s),
            *buttons,
        ]
