"""`assistant log`, `assistant replay`, `assistant feedback`: the records, at a terminal."""

import sys
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()
log_app = typer.Typer(no_args_is_help=True, help="The audit log: check it, export it, remove what is too old.")
app.add_typer(log_app, name="log")
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day (UTC) on.", show_default=False)
]


@log_app.command("verify")
def log_verify(
    kept: Annotated[
        str | None, typer.Option(help="NUMBER:HASH, as noted earlier: this entry must still stand.", show_default=False)
    ] = None,
) -> None:
    """Follow the chain of hashes. Exit status: 0 all entries fit, 1 one does not or is missing, 2 could not look."""
    log = _log()
    found = log.verify(kept=_link(kept) if kept else None)
    if found.anchor.number:
        print(f"Entries up to {found.anchor.number} were removed by retention; the last of them: {found.anchor}")
    if found.fault:
        print(f"The log was changed: {found.fault}. {found.entries} entries before that fit.")
        raise typer.Exit(1)
    print(f"{found.entries} entries, all fit; the last is of {found.at or 'no time'}.")
    print(f"Last: {found.last}")
    print("Note that line where those who can change the log cannot: without it, a log written anew would fit too.")


@log_app.command("export")
def log_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write.  [default: standard output]")] = None,
    since: Since = None,
    kind: Annotated[
        str | None, typer.Option(help="Only entries of this kind: ask, upload, …", show_default=False)
    ] = None,
) -> None:
    """Write the log as JSON lines."""
    from assistant.errors import RecordsError

    log, day = _log(), _day(since)
    try:
        with file.open("w", encoding="ascii") if file else nullcontext(sys.stdout) as out:
            written = log.export(out, since=day, kind=kind)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RecordsError(str(file), error.strerror or "it cannot be written", "Name a file that can be") from error
    if file:
        print(f"{written} entries written to {file}.")


@log_app.command("prune")
def log_prune() -> None:
    """Remove what is older than the setting log_days. The service does it too, once a day."""
    from assistant.records.feedback import FeedbackStore
    from assistant.records.recorder import prune
    from assistant.settings import Settings

    days = Settings.load().log_days
    if not days:
        print("Nothing was removed: log_days is 0, which keeps everything.")
        return
    log = _log()
    entries, feedback = prune(log, FeedbackStore(log.records, log.privacy), days)
    print(f"Older than {days} days, and removed: {entries} entries of the log, {feedback} of feedback.")


@app.command("replay")
def replay_answer(
    id: Annotated[str, typer.Argument(help="The answer's id, as the log has it.")],
    corpus: Annotated[Path | None, typer.Option(help="Folder of the documents.", show_default=False)] = None,
    index: Annotated[Path | None, typer.Option(help="Folder of the built index.", show_default=False)] = None,
) -> None:
    """Ask again, and say what changed. Exit status: 0 the same answer, 1 another, 2 could not ask."""
    from assistant.engine import Assistant
    from assistant.records.replay import replay
    from assistant.settings import Settings

    log = _log()
    found = replay(Assistant(Settings.load(corpus=corpus, index=index)), log, id)
    record = found.record
    _print(f"{record.at}: {record.asking.question}")
    _print(
        f"{'The same answer, byte for byte' if found.is_same else 'Another answer'} (SHA-256 {record.answer_sha256})"
    )
    if found.changes:
        print("Changed since:")
    for change in found.changes:
        _print(f"  {change}")
    if found.is_same:
        return
    if not found.changes:
        print("Nothing that is recorded changed since: the machine, or documents that were added, make the difference.")
    for line in found.difference():
        _print(line)
    raise typer.Exit(1)


@app.command("feedback")
def feedback(
    since: Since = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a verdict, each on a line.")] = False,
) -> None:
    """List what people said of answers, newest first."""
    import json

    from assistant.records.feedback import FeedbackStore
    from assistant.records.privacy import Privacy
    from assistant.records.store import Records
    from assistant.settings import Settings

    settings = Settings.load()
    store = FeedbackStore(Records.open(settings, create=False), Privacy.of(settings))
    for one in store.list(since=_day(since), most=1_000_000):
        if as_json:
            print(json.dumps(one.as_dict()))
            continue
        thumb, reason = ("👍" if one.verdict == "up" else "👎"), f" ({one.reason})" if one.reason else ""
        _print(f"{one.when:%Y-%m-%d %H:%M} {thumb}{reason} {one.who or '-'}: {one.question}")
        for line in (one.answer, one.comment and f"“{one.comment}”"):
            if line:
                _print(f"    {' '.join(line.split())}")


def _log() -> Any:
    from assistant.records.log import AuditLog
    from assistant.settings import Settings

    return AuditLog.open(Settings.load(), create=False)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _link(given: str) -> Any:
    from assistant.records.chain import Link

    number, _, hashed = given.strip().partition(":")
    if not number.isdigit() or len(hashed) != 64:
        raise typer.BadParameter("give what `assistant log verify` printed as the last entry: NUMBER:HASH")
    return Link(int(number), hashed)


def _print(text: str) -> None:
    """Print what people wrote; nothing in it steers the terminal."""
    print("".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text))
