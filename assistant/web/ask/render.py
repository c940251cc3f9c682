"""An Answer drawn as HTML."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from assistant.answering.answer import Answer, Citation, Statement
from assistant.answering.key_figures import key_figures
from assistant.web.ask.record import as_markdown, as_text
from assistant.web.drawing import template
from assistant.web.strings import Strings, strings

if TYPE_CHECKING:
    from assistant.engine import PassageView
    from assistant.web.page_images import Sheet

State = Literal["answered", "abstained", "blank", "conflict", "pending", "error"]

ViewOf = Callable[[Citation], "PassageView"]
SheetOf = Callable[[Citation], "Sheet | None"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A statement ready to be set: its last word stands apart, so that its chips never wrap away from it."""

    head: str
    tail: str
    language: str
    citations: tuple[Citation, ...]
    place: str
    listed: bool
    alternative: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring statements that are all items of a list, or all not."""

    listed: bool
    statements: tuple[_Line, ...]


def state_of(answer: Answer) -> State:
    """How an answer is drawn. A disagreement is drawn as one even where a value is also missing.

    An abstention that quotes a sentence all the same quotes the one in which the value is left blank.
    """
    if answer.conflicts:
        return "conflict"
    if not answer.abstained:
        return "answered"
    return "blank" if answer.statements else "abstained"


def answered(
    turn: str,
    answer_id: str,
    answer: Answer,
    view_of: ViewOf,
    sheet_of: SheetOf,
    s: Strings,
    following: Sequence[str] = (),
) -> str:
    """A complete turn, with the cards of its sources in a <template> that the page opens beside it.

    Args:
        turn: its id on the page, unique in the conversation; letters, digits and hyphens.
        answer_id: by which what is said of it names it.
        view_of: gives the passage around a citation.
        sheet_of: gives the page it stands on, where its source has any to show.
        following: questions to ask next, in the answer's language.
    """
    shown = answer.citations or answer.nearest
    reason = _reason(answer)
    foreign = _foreign(answer, s)
    said = [statement.text for statement in answer.statements]
    announced = " ".join(filter(None, (reason, *_standing(answer, foreign, s), *said, *answer.notes)))
    return template("ask/turn.html").render(
        turn=turn,
        answer_id=answer_id,
        state=state_of(answer),
        announce=s("announce_answered", text=announced, n=len(answer.citations)),
        question=answer.question,
        answer=answer,
        reason=reason,
        foreign=foreign,
        blocks=_blocks(answer),
        figures=[(figure, answer.citation(figure.citation)) for figure in key_figures(answer)],
        asker=strings(answer.language),
        following=following,
        sources=[(citation, view_of(citation), sheet_of(citation)) for citation in shown],
        text=as_text(answer, reason, s),
        markdown=as_markdown(answer, reason, s),
        s=s,
    )


def pending(turn: str, question: str, s: Strings, said: Sequence[Statement] = ()) -> str:
    """A turn whose answer is on its way; `said` is what of it has come already."""
    return template("ask/turn.html").render(
        turn=turn, state="pending", announce="", question=question, said=said, foreign="", s=s
    )


def failed(turn: str, question: str, message: str, s: Strings) -> str:
    """A turn that could not be answered, and what to do about it."""
    return template("ask/turn.html").render(
        turn=turn,
        state="error",
        announce=f"{s('state_error')}. {message}",
        question=question,
        message=message,
        foreign="",
        s=s,
    )


def conversation() -> str:
    """Where turns are filed, the preview of a chip's source, and what a screen reader hears of an answer."""
    return template("ask/conversation.html").render()


def welcome(s: Strings, *, documents: int, problem: str = "") -> str:
    """What stands before the first question: how many documents answer, or why none do."""
    return template("ask/welcome.html").render(s=s, documents=documents, problem=problem)


def disclaimer(s: Strings) -> str:
    """The line under the question box."""
    return template("ask/disclaimer.html").render(s=s)


def kept(s: Strings) -> str:
    """Where the browser lists the conversations that it keeps; static/history.js fills it."""
    return template("ask/kept.html").render(s=s)


def narrowed(said: str) -> str:
    """What is left of the documents, said where it stays in sight; nothing where all are."""
    return str(Markup('<p class="narrowed" role="status">{}</p>').format(said))


def panel(s: Strings) -> str:
    """The head of the source panel."""
    return template("ask/panel.html").render(s=s)


def _standing(answer: Answer, foreign: str, s: Strings) -> list[str]:
    """What the badges show, in sentences, for whoever does not see them."""
    sides = [" / ".join(side.value for side in conflict.sides) for conflict in answer.conflicts]
    told = [f"{s('state_conflict')}: {'; '.join(sides)}"] if sides else []
    told += [s("state_model")] if answer.wording == "model" and answer.statements else []
    return [f"{line}." for line in (*told, foreign) if line]


def _foreign(answer: Answer, s: Strings) -> str:
    """That an answer leans on documents in another language than its asker's, and which; "" where it does not.

    A statement that a document in the asker's language backs leans on that one, whatever others say the same.
    """
    backed = [[answer.citation(n) for n in statement.citations] for statement in answer.statements]
    backed += [[answer.citation(side.citation)] for conflict in answer.conflicts for side in conflict.sides]
    leaning = [some for some in backed if some and all(c.language not in ("", answer.language) for c in some)]
    if not leaning:
        return ""
    named = " / ".join(s.language_name(code) for code in dict.fromkeys(c.language for some in leaning for c in some))
    own = any(c.language == answer.language for some in backed for c in some)
    return s("state_partly_foreign" if own else "state_foreign", languages=named)


def _blocks(answer: Answer) -> list[_Block]:
    lines = _lines(answer)
    return [_Block(listed, tuple(group)) for listed, group in groupby(lines, key=lambda line: line.listed)]


def _lines(answer: Answer) -> list[_Line]:
    lines, position = [], len(_reason(answer))
    for index, statement in enumerate(answer.statements):
        # The engine sets an item of a list on a line of its own; the text is its own, so this finds no quote.
        found = answer.text.find(statement.text, position)
        listed = found > 0 and answer.text[found - 1] == "\n"
        position = max(position, found + len(statement.text))
        lines.append(_line(answer, statement, f"statement-{index + 1}", listed))
    return lines


def _line(answer: Answer, statement: Statement, place: str, listed: bool) -> _Line:
    citations = tuple(answer.citation(n) for n in statement.citations)
    quoted = answer.wording == "quoted" and bool(citations)
    space = statement.text.rfind(" ") + 1
    return _Line(
        head=statement.text[:space],
        tail=statement.text[space:],
        language=citations[0].language if quoted else answer.language,
        citations=citations,
        place=place,
        listed=listed,
        alternative=statement.alternative,
    )


def _reason(answer: Answer) -> str:
    """Of an abstention: why, without the statements that follow it."""
    if not answer.abstained:
        return ""
    if not answer.statements:
        return answer.text
    found = answer.text.find(answer.statements[0].text)
    return answer.text[: max(0, found)].strip()
