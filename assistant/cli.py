"""The command line: thin commands over the Assistant. Exit status: 0 done, 1 the answer is no, 2 could not."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.backup_command import backup, restore
from assistant.check_command import check
from assistant.errors import AssistantError, QuestionError
from assistant.evaluation.cli import app as eval_app
from assistant.mcp.command import mcp
from assistant.records.command import app as records_app
from assistant.records.keys_command import app as keys_app

app = typer.Typer(
    help="Ask official documents in Danish, Dutch or English; every sentence of an answer cites its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(invoke_without_command=True)
app.add_typer(models_app, name="models")
app.add_typer(eval_app, name="eval")
app.command()(mcp)
app.command()(check)
app.command()(backup)
app.command()(restore)
app.add_typer(records_app)
app.add_typer(keys_app, name="keys")
Corpus = Annotated[Path | None, typer.Option(help="Folder of the documents.  [default: corpus]", show_default=False)]
Index = Annotated[Path | None, typer.Option(help="Folder of the built index.  [default: index]", show_default=False)]


def main() -> None:
    """Run a command; an error we know is one line on standard error and exit status 2."""
    try:
        app()
    except AssistantError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("Stopped. What was indexed before still stands.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def _assistant(corpus: Path | None, index: Path | None, **more: Any) -> Any:
    from assistant.engine import Assistant
    from assistant.settings import Settings

    return Assistant(Settings.load(corpus=corpus, index=index, **more))


@app.command()
def index(
    corpus: Corpus = None,
    index: Index = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read and encode everything again.")] = False,
) -> None:
    """Read the documents and bring the index up to date. What did not change is not read again."""
    from assistant.presentation import show_report

    assistant = _assistant(corpus, index)
    with _progress() as progress:
        report = _index(assistant, progress, rebuild)
    show_report(report)
    if report.failures:
        raise typer.Exit(1)


def _index(assistant: Any, progress: Any, rebuild: bool) -> Any:
    """Index; where nobody chose a model and the package's own is another than before, everything anew."""
    from assistant.errors import ModelMismatchError

    try:
        return assistant.index(progress=progress, rebuild=rebuild)
    except ModelMismatchError as error:
        if assistant.settings.embedding_model not in ("", "default"):
            raise
        print(f"The index was built with {error.built_with}; it is made anew.", file=sys.stderr)
        return assistant.index(progress=progress, rebuild=True)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    corpus: Corpus = None,
    index: Index = None,
    language: Annotated[str | None, typer.Option(help="Language of the answer's own words: da, nl or en.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Prefer what was in force on this day, YYYY-MM-DD.  [default: today]")
    ] = None,
    json_lines: Annotated[
        bool, typer.Option("--json", help="Read questions as JSON lines from standard input, answer in JSON lines.")
    ] = False,
) -> None:
    """Ask a question. Exit status: 0 answered, 1 the documents do not say, 2 could not look."""
    from assistant.answering.as_of import parse_day

    day = parse_day(as_of) if as_of else None
    assistant = _assistant(corpus, index)
    if corpus is not None or json_lines:
        _ensure_index(assistant)
    if json_lines:
        _ask_json(assistant, language, day)
        return
    if not question:
        raise QuestionError("there is none; put it in quotes after `assistant ask`")
    from assistant.presentation import show_answer

    answer = assistant.ask(question, language=language, as_of=day)
    show_answer(answer)
    if answer.abstained:
        raise typer.Exit(1)


@app.command()
def audit(
    corpus: Corpus = None,
    index: Index = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Leave out what is not in force on this day, YYYY-MM-DD.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of the list's own words: da, nl or en.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a disagreement, each on a line.")] = False,
) -> None:
    """List where documents disagree. Exit status: 0 nowhere, 1 somewhere, 2 could not look."""
    from assistant.answering.as_of import parse_day
    from assistant.presentation import show_audit

    assistant = _assistant(corpus, index)
    if corpus is not None:
        _ensure_index(assistant)
    disputed = assistant.audit(as_of=parse_day(as_of) if as_of else None)
    if as_json:
        for one in disputed:
            print(json.dumps(one.as_dict(), ensure_ascii=False))
    else:
        show_audit(disputed, language or assistant.settings.language or "en")
    if disputed:
        raise typer.Exit(1)


@app.command()
def verify(
    text: Annotated[str | None, typer.Argument(help="The text, in quotes; - reads it from standard input.")] = None,
    against: Annotated[
        list[Path] | None, typer.Option(help="A file to hold it against instead of the index; may be repeated.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    language: Annotated[str | None, typer.Option(help="Language of the text: da, nl or en.  [default: told]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a text, sentence by sentence, against the documents. Exit status: 0 all backed, 1 not all, 2 could not."""
    from assistant.documents.model import LANGUAGES
    from assistant.errors import VerifyError
    from assistant.presentation import show_verification

    if language and language not in LANGUAGES:
        raise VerifyError(f"the language {language!r} is none of {', '.join(LANGUAGES)}")
    if text == "-":
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        text = sys.stdin.read()
    assistant = _assistant(corpus, index)
    if corpus is not None and not against:
        _ensure_index(assistant)
    found = assistant.verify(text or "", against or None, language=language)
    if as_json:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        show_verification(found)
    if not found.is_backed:
        raise typer.Exit(1)


@app.command()
def status(corpus: Corpus = None, index: Index = None) -> None:
    """Say what is indexed, with which model, and when."""
    from assistant.presentation import show_status

    show_status(_assistant(corpus, index).status())


@app.command()
def serve(
    corpus: Corpus = None,
    index: Index = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default=False)] = None,
) -> None:
    """Serve the page and its API."""
    from assistant.settings import Settings
    from assistant.web.server import serve as run_server

    run_server(Settings.load(corpus=corpus, index=index, host=host, port=port))


@app.command()
def fetch(
    corpus: Corpus = None,
    sources: Annotated[
        Path | None, typer.Option(help="List of originals.  [default: sources.toml of the corpus]")
    ] = None,
) -> None:
    """Download the originals that the digests stand for. Needs a network; a digest stays where one is not reached."""
    from assistant.documents.apart import Apart
    from assistant.documents.fetch import fetch as fetch_originals
    from assistant.settings import Settings

    settings = Settings.load(corpus=corpus)
    read = Apart(seconds=settings.read_seconds, memory_mb=settings.read_memory_mb).read
    failed = False
    for result in fetch_originals(settings.corpus, sources, read=read, max_file_mb=settings.max_file_mb):
        failed = failed or bool(result.error)
        replaced = f"; it replaces {result.replaced}" if result.replaced else ""
        fetched = f"fetched{replaced}. Now run: assistant index" if result.changed else "unchanged"
        print(result.error or f"{result.file}: {fetched}")
    if failed:
        raise typer.Exit(1)


@models_app.callback()
def models(context: typer.Context) -> None:
    """List the models: those that come along, the one in use, and the reranker."""
    if context.invoked_subcommand:
        return
    from assistant.retrieval.models import embedding_model, packaged_models, reranker_model
    from assistant.settings import Settings

    settings = Settings.load()
    for packaged in packaged_models():
        print(f"Packaged   {_about(packaged, packaged.dimensions)}")
    model = embedding_model(settings)
    prefixes = model.prefixes()
    print(f"In use     {_about(model, model.dimensions)}, on {settings.device}")
    print(f"           {model.folder or 'not downloaded yet; its own files may name other prefixes'}")
    print(f"           before a question {prefixes.query!r}, before a passage {prefixes.passage!r}")
    reranker = reranker_model(settings)
    print(f"Reranker   {_about(reranker) if reranker else 'none; the setting reranker_model names one'}")


@models_app.command("path")
def models_path() -> None:
    """Print the folder of the embedding model in use, and nothing else."""
    from assistant.retrieval.models import folder_in_use
    from assistant.settings import Settings

    print(folder_in_use(Settings.load()))


def _about(model: Any, dimensions: int | None = None) -> str:
    length = f", {dimensions} dimensions" if dimensions else ""
    size = f", {model.megabytes:.1f} MB" if model.megabytes is not None else ""
    return f"{model.label} ({model.kind}){length}{size}"


def _ensure_index(assistant: Any) -> None:
    """Where an index of that folder is missing, or was made with a former default model, build it."""
    from assistant.errors import IndexMissingError, ModelMismatchError

    try:
        assistant.open()
    except (IndexMissingError, ModelMismatchError):
        with _progress() as progress:
            report = _index(assistant, progress, rebuild=False)
        for path, message in report.failures:
            print(message or path, file=sys.stderr)


def _ask_json(assistant: Any, language: str | None, day: date | None) -> None:
    from assistant.answering.as_of import parse_day

    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    assistant.warm()
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        identity: Any = number
        try:
            asked = _read_object(line, number)
            identity = asked.get("id", number)
            question, history, spoken = _read_question(asked, number)
            on = parse_day(str(asked["as_of"])) if asked.get("as_of") else day
            answer = assistant.ask(question, history=history, language=spoken or language, as_of=on).as_dict()
        except QuestionError as error:
            answer = {"error": str(error), "answer": "", "abstained": True, "statements": [], "citations": []}
        print(json.dumps({"id": identity, **answer}, ensure_ascii=False), flush=True)


def _read_object(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"line {number} is not JSON ({error.msg})") from error
    if not isinstance(asked, dict):
        raise QuestionError(f"line {number} is no JSON object")
    return asked


def _read_question(asked: dict[str, Any], number: int) -> tuple[str, list[tuple[str, str]], str | None]:
    if not isinstance(asked.get("question"), str):
        raise QuestionError(f"line {number} has no 'question'")
    history = asked.get("history") or []
    turns = [turn for turn in history if isinstance(turn, list) and len(turn) == 2] if isinstance(history, list) else []
    if len(turns) != len(history) or not all(isinstance(part, str) for turn in turns for part in turn):
        raise QuestionError(f"line {number}: 'history' is not a list of [question, answer]")
    return asked["question"], [(turn[0], turn[1]) for turn in turns], asked.get("language")


@contextmanager
def _progress() -> Iterator[Any]:
    """A progress bar on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def advance(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield advance
