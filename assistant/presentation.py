"""Answers, reports and status for people at a terminal. Colours only there; plain text when redirected."""

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from assistant.answering.answer import Answer, Citation
    from assistant.answering.audit import Disputed
    from assistant.answering.verify import Verification
    from assistant.retrieval.index.indexing import IndexReport
    from assistant.retrieval.index.status import IndexStatus

_WORDS = {
    "da": {"sources": "Kilder", "nearest": "Nærmeste passager", "conflict": "Dokumenterne er uenige", "page": "side",
           "agree": "Der blev ikke fundet steder, hvor dokumenterne er uenige."},
    "nl": {
        "sources": "Bronnen",
        "nearest": "Dichtstbijzijnde passages",
        "conflict": "De documenten spreken elkaar tegen",
        "page": "blz.",
        "agree": "Er zijn geen plaatsen gevonden waar de documenten elkaar tegenspreken.",
    },
    "en": {"sources": "Sources", "nearest": "Nearest passages", "conflict": "The documents disagree", "page": "page",
           "agree": "No place was found where documents disagree."},
}  # fmt: skip


_VERIFIED = {
    "da": {
        "backed": ("✓", "bekræftet"), "refused": ("✗", "afvist"), "not_found": ("?", "ikke fundet"),
        "no_claim": ("·", "intet at efterprøve"), "nearest": "nærmest",
    },
    "nl": {
        "backed": ("✓", "bevestigd"), "refused": ("✗", "afgewezen"), "not_found": ("?", "niet gevonden"),
        "no_claim": ("·", "niets te toetsen"), "nearest": "het dichtst bij",
    },
    "en": {
        "backed": ("✓", "backed"), "refused": ("✗", "refused"), "not_found": ("?", "not found"),
        "no_claim": ("·", "nothing to check"), "nearest": "nearest",
    },
}  # fmt: skip
_COLOURS = {"backed": "green", "refused": "red", "not_found": "yellow", "no_claim": "dim"}


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, markup=False, soft_wrap=True)


def show_answer(answer: "Answer") -> None:
    """Print an answer with numbered quotes and their sources."""
    console, words = _console(), _WORDS.get(answer.language, _WORDS["en"])
    if answer.abstained:
        console.print(
            answer.text if not answer.statements else answer.text.removesuffix(answer.statements[-1].text).strip(),
            style="yellow",
        )
    for statement in answer.statements:
        marks = "".join(f"[{n}]" for n in statement.citations)
        console.print(f"{statement.text} {marks}", style="bold")
    for note in answer.notes:
        console.print(note, style="yellow")
    for conflict in answer.conflicts:
        console.print(f"\n{words['conflict']}: {conflict.about}", style="red")
        for side in conflict.sides:
            console.print(f"  {side.value} [{side.citation}]")
    for heading, citations in ((words["sources"], answer.citations), (words["nearest"], answer.nearest)):
        if citations:
            console.print(f"\n{heading}", style="dim")
            for citation in citations:
                _show_citation(console, citation, words["page"], answer.language)


def _show_citation(console: "Console", citation: "Citation", page: str, language: str) -> None:
    from assistant.answering.validity import status_said

    quoted = textwrap.fill(citation.reading, 100, initial_indent="      ", subsequent_indent="      ")
    place = [citation.document_id, citation.section]
    place += [f"{page} {citation.page}"] if citation.page else []
    place += [citation.date, citation.version, status_said(citation, language)]
    console.print(f"  [{citation.n}] {citation.title}")
    console.print(quoted, style="italic")
    console.print(f"      {' · '.join(part for part in place if part)}", style="dim")


def show_audit(disputed: "Sequence[Disputed]", language: str) -> None:
    """Print where documents disagree, both sentences of each, with the figures first."""
    console, words = _console(), _WORDS.get(language, _WORDS["en"])
    if not disputed:
        console.print(words["agree"])
    for n, one in enumerate(disputed, 1):
        console.print(f"{n}. {one.about}: {one.sides[0].value} ≠ {one.sides[1].value}", style="red")
        for side in one.sides:
            _show_citation(console, side.citation, words["page"], language)
        console.print()


def show_verification(found: "Verification") -> None:
    """Print a text sentence by sentence: what backs it, or what is wrong with it."""
    console = _console()
    for sentence in found.sentences:
        words = _VERIFIED.get(sentence.language, _VERIFIED["en"])
        page = _WORDS.get(sentence.language, _WORDS["en"])["page"]
        mark, status = words[sentence.status]
        console.print(f"{mark} {sentence.text} ({status})", style=_COLOURS[sentence.status])
        for fault in sentence.faults:
            console.print(f"    {fault.said(sentence.language)}")
        for citation in sentence.citations:
            _show_citation(console, citation, page, sentence.language)
        if sentence.nearest:
            console.print(f"    {words['nearest']}:", style="dim")
            _show_citation(console, sentence.nearest, page, sentence.language)


def show_report(report: "IndexReport") -> None:
    """Print what indexing did."""
    console = _console()
    if report.nothing_to_do:
        console.print(f"Nothing to do: {report.documents} documents are indexed and unchanged.")
    else:
        parts = (
            ("added", report.added),
            ("changed", report.changed),
            ("removed", report.removed),
            ("unchanged", report.unchanged),
        )
        counts = ", ".join(f"{_count(value)} {name}" for name, value in parts)
        console.print(
            f"Indexed {report.documents} documents ({counts}): {report.passages} passages, "
            f"{report.sentences} sentences, in {report.seconds:.1f} s with {report.model}."
        )
    for path, message in report.failures:
        kept = " Its earlier version stays indexed." if path in report.kept else ""
        console.print(f"Not read: {message}{kept}", style="yellow")


def _count(value: object) -> int:
    return value if isinstance(value, int) else len(value)  # type: ignore[arg-type]


def show_status(status: "IndexStatus") -> None:
    """Print what is indexed."""
    console = _console()
    console.print(f"Index      {status.folder}, generation {status.generation}, built {status.created}")
    console.print(f"Model      {status.model}")
    console.print(
        f"Contents   {len(status.documents)} documents, {status.passages} passages, {status.sentences} sentences"
    )
    changes = [
        f"{_count(value)} {name}"
        for name, value in (("added", status.added), ("changed", status.changed), ("removed", status.removed))
        if _count(value)
    ]
    console.print(f"Corpus     {', '.join(changes) + ' since; run: assistant index' if changes else 'unchanged since'}")
    for record in status.documents:
        console.print(f"  {record.metadata.language or '??'}  {record.id}  {record.metadata.title}")
