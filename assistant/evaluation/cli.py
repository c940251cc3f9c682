"""`assistant eval`: run question sets; `new` writes a question from what happened, `make` whole sets from documents."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _RunByDefault(TyperGroup):
    """Sets may be named at once: `assistant eval SET…` is `assistant eval run SET…`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_RunByDefault, help="Run question sets (`assistant eval SET…` is `assistant eval run SET…`).")
Corpus = Annotated[Path | None, typer.Option(help="Folder of the documents.", show_default=False)]
Index = Annotated[Path | None, typer.Option(help="Folder of the built index.", show_default=False)]


@app.command("run")
def run_sets(
    sets: Annotated[list[Path] | None, typer.Argument(help="Question sets.  [default: evals/*.yaml]")] = None,
    corpus: Corpus = None,
    index: Index = None,
    show: Annotated[bool, typer.Option("--show", help="List the questions that failed.")] = False,
    html: Annotated[Path | None, typer.Option(help="Also write the report there, as one page.")] = None,
) -> None:
    """Run question sets and print a table. Exit status: 1 where a threshold of a set is missed."""
    from assistant.evaluation.command import run

    if not run(sets or sorted(Path("evals").glob("*.yaml")), corpus=corpus, index=index, show=show, html=html):
        raise typer.Exit(1)


@app.command("new")
def new_question(
    answer: Annotated[
        str | None, typer.Argument(help="Id of an answer in the records.  [default: the newest thumb down]")
    ] = None,
    chat: Annotated[
        Path | None, typer.Option(help="A conversation saved on the page: each of its questions.", show_default=False)
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Add it to this set.  [default: print it]", show_default=False)
    ] = None,
) -> None:
    """Write a question for a set from an answer that somebody marked, or from a conversation."""
    from assistant.evaluation.new import added, found

    text = found(answer, chat)
    if into is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(text, end="")
        return
    for line in added(into, text):
        print(line)
