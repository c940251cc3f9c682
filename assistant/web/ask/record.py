"""An answer with its references, to be pasted or kept: as plain text, and as Markdown.

Nothing of a document becomes Markdown: what would be markup is escaped, so that a pasted record shows what was said.
"""

import re
from collections.abc import Callable

from assistant.answering.answer import Answer, Citation
from assistant.web.drawing import day
from assistant.web.strings import Strings

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])|^([+-]|\d+[.)])(?=\s)", re.MULTILINE)


def as_text(answer: Answer, reason: str, s: Strings) -> str:
    """The question, the statements with their numbers, and below them what each number stands for."""
    return _record(answer, reason, s, lambda text: text, question="{}", quote="“{}”")


def as_markdown(answer: Answer, reason: str, s: Strings) -> str:
    """The same, with the question as a heading and each quote as a quotation."""
    return _record(answer, reason, s, escaped, question="## {}", quote="> {}")


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands.

    >>> escaped("1. *nej* [her](http://x)")
    '1\\\\. \\\\*nej\\\\* \\\\[her\\\\](http://x)'
    """
    return _MARKUP.sub(lambda found: _behind_backslash(found.group()), text)


def _behind_backslash(markup: str) -> str:
    return f"{markup[:-1]}\\{markup[-1]}"


def _record(answer: Answer, reason: str, s: Strings, kept: Callable[[str], str], *, question: str, quote: str) -> str:
    lines = [question.format(kept(answer.question)), ""]
    lines += [kept(reason), ""] if reason else []
    for statement in answer.statements:
        numbers = "".join(f" [{n}]" for n in statement.citations)
        lines += [f"{kept(statement.text)}{numbers}", ""]
    for conflict in answer.conflicts:
        sides = " / ".join(f"{kept(side.value)} [{side.citation}]" for side in conflict.sides)
        lines += [f"{kept(s('conflict_about', about=conflict.about))}: {sides}", ""]
    lines += [line for note in answer.notes for line in (kept(note), "")]
    shown = answer.citations or answer.nearest
    if shown:
        lines += [f"{s('sources') if answer.citations else s('nearest')}:", ""]
    for citation in shown:
        lines += [
            f"[{citation.n}] {kept(_place(citation, s))}",
            quote.format(kept(" ".join(citation.quote.split()))),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _place(citation: Citation, s: Strings) -> str:
    parts = [
        citation.title,
        citation.publisher,
        day(citation.date, s.language) or s("undated"),
        citation.section,
        f"{s('fact_page')} {citation.page}" if citation.page else "",
        citation.document_id,
    ]
    return " · ".join(part for part in parts if part)
