"""The conversation: a question box, the turns, and the sources beside them.

Gradio carries questions and answers; how a turn looks is render.py's, how chips and panel behave is static/ask.js.
A turn arrives in a hidden inbox, and ask.js files it in the conversation by its id, so that a long chat costs no more
per answer than a short one, and an unfinished turn is replaced by the finished one.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from assistant.access import Among
from assistant.answering.answer import Answer, Statement
from assistant.errors import AssistantError
from assistant.web.ask import narrowing, render
from assistant.web.ask.following import FollowUps
from assistant.web.ask.turns import Turn, history, reopened
from assistant.web.caller import seen
from assistant.web.noting import noted
from assistant.web.page_images import sheet_of
from assistant.web.strings import Strings, preferred, strings
from assistant.web.tab import PRIVATE, Tab

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.records.recorder import Recorder

log = logging.getLogger(__name__)

EXAMPLES = 4  # buttons
_SESSION_SECONDS = 12 * 3600.0
_PANEL_SHELL = '<div id="panel-body"></div><section id="panel-whole" aria-labelledby="whole-title" hidden></section>'
# The browser keeps earlier conversations; static/history.js says here which one is opened again.
_TELL_NARROWED = "element.addEventListener('narrow', (event) => trigger('select', event.detail))"  # narrowing.js
_TELL_ASKED = "element.addEventListener('ask', (event) => trigger('select', event.detail))"  # a follow-up, in ask.js
_TELL_REOPENED = "element.addEventListener('reopen', (event) => trigger('select', event.detail))"


def build(assistant: "Assistant", language: Any, shown: Strings, recorder: "Recorder | None" = None) -> Tab:
    """Lay out the tab within the Blocks that is open.

    Args:
        language: the page's switch, None before it loads.
        recorder: writes answers down; None: nothing does.
    """
    import gradio as gr

    following = FollowUps()

    def desk(request: gr.Request) -> Desk:
        note = partial(noted, recorder, door="page", request=request)
        return Desk(seen(assistant, request), note, following)

    def tongue(chosen: str | None, request: gr.Request) -> str:
        return chosen or preferred(request.headers.get("accept-language", ""))

    def ask(
        question: str, turns: list[Turn], chosen: str | None, among: Among | None, request: gr.Request
    ) -> Iterator[Any]:
        yield from desk(request).ask(question, turns, tongue(chosen, request), among)

    def follow(
        turns: list[Turn], chosen: str | None, among: Among | None, event: gr.EventData, request: gr.Request
    ) -> Iterator[Any]:
        most = assistant.settings.max_question_characters
        yield from ask(asked_next(event._data)[:most], turns, chosen, among, request)

    def left_of(among: Among | None, chosen: str | None, request: gr.Request) -> str:
        return render.narrowed(narrowing.said(seen(assistant, request), among, strings(tongue(chosen, request))))

    def narrowed(chosen: str | None, event: gr.EventData, request: gr.Request) -> tuple[Among | None, str]:
        wanted = narrowing.chosen(event._data)
        return wanted, left_of(wanted, chosen, request)

    def redraw(turns: list[Turn], chosen: str, request: gr.Request) -> str:
        return desk(request).redraw(turns, chosen)

    def reopen(event: gr.EventData, request: gr.Request) -> tuple[Any, Any]:
        return desk(request).reopen(event._data)

    turns = gr.State([], time_to_live=_SESSION_SECONDS)
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="conversation"):
            with gr.Row(elem_id="desk-tools"):
                kept = gr.HTML(render.kept(shown), elem_id="kept", js_on_load=_TELL_REOPENED)
                save = gr.Button(shown("save_chat"), elem_id="save-chat", size="sm")  # record.js does these two
                paper = gr.Button(shown("print_chat"), elem_id="print-chat", size="sm")
                fresh = gr.Button(shown("new_chat"), elem_id="new-chat", size="sm")
            with gr.Column(elem_id="scroll"):
                welcome = gr.HTML("", elem_id="welcome", js_on_load=None)
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button("", visible=False, elem_classes="example") for _ in range(EXAMPLES)]
                drawn = gr.HTML(render.conversation(), elem_id="turns", js_on_load=_TELL_ASKED)
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
            among = gr.State(None, time_to_live=_SESSION_SECONDS)
            narrow = gr.HTML("", elem_id="narrowing", js_on_load=_TELL_NARROWED, apply_default_css=False)
            left = gr.HTML("", elem_id="narrowed", js_on_load=None, apply_default_css=False)
            disclaimer = gr.HTML("", elem_id="disclaimer", js_on_load=None)
        with gr.Column(elem_id="panel"):
            panel = gr.HTML(render.panel(shown), elem_id="panel-head", js_on_load=None)
            gr.HTML(_PANEL_SHELL, elem_id="panel-cards", js_on_load=None)

    asking = {"outputs": [inbox, box, turns], "concurrency_limit": 2, **PRIVATE}
    asked = gr.on([box.submit, send.click], ask, [box, turns, language, among], **asking)
    followed = drawn.select(follow, [turns, language, among], **asking)
    started = [followed, *(example.click(ask, [example, turns, language, among], **asking) for example in examples)]
    fresh.click(clear, None, [inbox, turns], cancels=[asked, *started], **PRIVATE)
    kept.select(reopen, None, [inbox, turns], cancels=[asked, *started], **PRIVATE)
    language.input(redraw, [turns, language], inbox, **PRIVATE)
    language.input(left_of, [among, language], left, **PRIVATE)
    narrow.select(narrowed, language, [among, left], **PRIVATE)
    words = [kept, save, paper, fresh, welcome, box, send, narrow, disclaimer, panel, *examples]
    return Tab(words, words_for)


def asked_next(data: Any) -> str:
    """The follow-up that the browser tells was chosen; "" where that is not what came."""
    question = data.get("question") if isinstance(data, dict) else None
    return question if isinstance(question, str) else ""


def clear() -> tuple[str, list[Turn]]:
    """An empty conversation."""
    return cleared(), []


def cleared(conversation: str = "") -> str:
    """Tells the browser to show nothing, or a kept conversation; new each time, as Gradio drops a repetition."""
    return f'<div data-clear="{token_hex(4)}" data-open="{conversation}"></div>'


class Desk:
    """What the page's events do, for one caller. Holds no conversation: that is the session's."""

    def __init__(self, assistant: "Assistant", note: Callable[..., str], following: FollowUps) -> None:
        self._assistant, self._note, self._following = assistant, note, following

    def ask(
        self, question: str | None, turns: list[Turn], language: str, among: Among | None = None
    ) -> Iterator[tuple[Any, Any, list[Turn]]]:
        """Yield (turn as HTML, the box, turns): first the question alone, then its answer."""
        import gradio as gr

        s, asked = strings(language), (question or "").strip()
        if not asked:
            yield gr.skip(), gr.skip(), turns
            return
        turn = Turn(turns[-1].number + 1 if turns else 1, asked)
        yield render.pending(turn.id, asked, s), "", turns
        try:
            said: list[Statement] = []
            before = history(turns)
            for came in self._assistant.stream(asked, history=before, among=among):
                if isinstance(came, Answer):
                    answer_id = self._note(came, asked, history=before, among=among)
                    questions = [*(one.question for one in turns), asked]
                    following = self._following.after(self._assistant, came, questions, among)
                    turn = replace(turn, answer=came, said=came.text, answer_id=answer_id, following=tuple(following))
                elif self._assistant.settings.llm_url:  # the documents' own words come all at once
                    said.append(came)
                    yield render.pending(turn.id, asked, s, said), gr.skip(), turns
            drawn = self._draw(turn, s)
        except AssistantError as error:
            turn = Turn(turn.number, asked, problem=str(error))
            drawn = self._draw(turn, s)
        except Exception:  # the last stop before the person who asked: they get a sentence, the log gets the rest
            log.exception("a question on the page failed")
            turn = Turn(turn.number, asked, problem=s("unexpected"))
            drawn = self._draw(turn, s)
        yield drawn, gr.skip(), [*turns, turn]

    def reopen(self, data: Any) -> tuple[Any, Any]:
        """A conversation that the browser kept: it draws the turns itself once the session has taken them up."""
        import gradio as gr

        found = reopened(data, most_characters=self._assistant.settings.max_question_characters)
        if found is None:
            return gr.skip(), gr.skip()
        conversation, turns = found
        return cleared(conversation), turns

    def redraw(self, turns: list[Turn], language: str) -> str:
        """The turns on the page in another language; those that were opened again stay as they were drawn."""
        s = strings(language)
        return "\n".join(self._draw(turn, s) for turn in turns if turn.answer or turn.problem)

    def _draw(self, turn: Turn, s: Strings) -> str:
        if turn.answer is None:
            return render.failed(turn.id, turn.question, turn.problem, s)
        sheets = partial(sheet_of, self._assistant)
        return render.answered(
            turn.id, turn.answer_id, turn.answer, self._assistant.passage_view, sheets, s, turn.following
        )


def words_for(assistant: "Assistant", s: Strings) -> list[Any]:
    """The updates of `Tab.words` for a caller in a language."""
    import gradio as gr

    documents, problem, questions = 0, "", list[str]()
    try:
        documents = len(assistant.documents())
        questions = assistant.examples(s.language)[:EXAMPLES]
    except AssistantError as error:
        problem = str(error)
    buttons = [gr.update(value=text, visible=True) for text in questions]
    buttons += [gr.update(value="", visible=False)] * (EXAMPLES - len(buttons))
    return [
        render.kept(s),
        s("save_chat"),
        s("print_chat"),
        s("new_chat"),
        render.welcome(s, documents=documents, problem=problem),
        gr.update(label=s("question_label"), placeholder=s("question_placeholder")),
        s("send"),
        narrowing.form(assistant, s),
        render.disclaimer(s),
        render.panel(s),
        *buttons,
    ]
