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
    junit: Annotated[Path | None, typer.Option(help="Also write it there as JUnit XML, for CI.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write the runs there, as JSON.")] = None,
    compare: Annotated[
        str, typer.Option(help="Print what changed since a run: `last`, a file, or a folder.", show_default=False)
    ] = "",
    baseline: Annotated[
        str, typer.Option(help="Fail where something became significantly worse since a run.", show_default=False)
    ] = "",
    write_baseline: Annotated[
        Path | None, typer.Option(help="Keep there, to be committed, what later runs are held against.")
    ] = None,
    compare_config: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Run with each of two TOML files of settings, and compare.")
    ] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="Also print what the configured language model thinks; never in the gate.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="Questions asked at once.  [default: one a core]")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything again, also what did not change.")] = False,
) -> None:
    """Run question sets and print a table. Exit status: 1 where a threshold or the baseline is missed."""
    from assistant.evaluation.command import Options, compare_settings, run
    from assistant.evaluation.progress import shown

    named = sets or sorted(Path("evals").glob("*.yaml"))
    with shown() as progress:
        options = Options(
            corpus=corpus,
            index=index,
            show=show,
            html=html,
            junit=junit,
            json=json,
            workers=workers,
            fresh=fresh,
            compare=compare,
            baseline=baseline,
            write_baseline=write_baseline,
            judge=judge,
            show_progress=progress,
        )
        if compare_config:
            compare_settings(named, *compare_config, options)
            return
        held = run(named, options)
    if not held:
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


@app.command("make")
def make_sets(
    into: Annotated[Path, typer.Argument(help="Folder for the sets and the changed documents.")],
    corpus: Corpus = None,
    index: Index = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same sets.")] = 1,
    most: Annotated[int, typer.Option(min=1, help="Figures asked about, each in several ways.")] = 20,
) -> None:
    """Make question sets from the documents: plain, with typos, about unknown names, over changed documents."""
    from assistant.engine import Assistant
    from assistant.evaluation.make import make
    from assistant.evaluation.question_set import load
    from assistant.settings import Settings

    assistant = Assistant(Settings.load(corpus=corpus, index=index))
    try:
        assistant.index()
        for path in make(assistant, into, seed=seed, most=most):
            print(f"{path}: {len(load(path).questions)} questions")
    finally:
        assistant.close()
