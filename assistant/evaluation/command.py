"""`assistant eval`: question sets over an index of their own corpus, a table each, and whether the gate holds.

Each run is kept as a file, which the page draws. Answers are kept too, so that only what changed is asked again.
"""

import dataclasses
import functools
import hashlib
import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.engine import Assistant
from assistant.errors import QuestionSetError, ReportNotWrittenError, SettingsError
from assistant.evaluation import gate, model_judge, runs
from assistant.evaluation.cache import Cache
from assistant.evaluation.kept import Run
from assistant.evaluation.question_set import QuestionSet, load
from assistant.evaluation.report import Report
from assistant.evaluation.runner import Progress, run_set
from assistant.evaluation.together import together
from assistant.records.circumstances import circumstances
from assistant.settings import Settings


def silent(name: str) -> Progress | None:
    """No progress is shown."""
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """How sets are run, and what is written of it."""

    corpus: Path | None = None  # search these documents, whatever the sets name
    index: Path | None = None  # keep the index there; None: beside the runs
    show: bool = False
    html: Path | None = None
    junit: Path | None = None
    json: Path | None = None
    workers: int = 0  # questions at once; 0: one a core
    fresh: bool = False  # ask everything again
    compare: str = ""  # print what changed since this run
    baseline: str = ""  # fail where something became worse since this run
    write_baseline: Path | None = None  # keep there, for later runs to be held against, what misses nothing
    judge: bool = False  # also ask the configured language model what it thinks of the answers
    show_progress: Callable[[str], Progress | None] = silent


@dataclass(frozen=True, slots=True)
class Ran:
    """One set, run."""

    report: Report
    run: Run
    last: Run | None  # the run before, where there is one
    failures: tuple[str, ...]


def run(sets: Sequence[Path], options: Options) -> bool:
    """Run question sets, print a table of each and keep each run; True where every threshold and the baseline holds.

    Raises:
        QuestionSetError: there is no set, a set cannot be read, or it names no corpus.
        ReportNotWrittenError, RunNotKeptError: what was found cannot be written; said before anything is asked.
        RunMissingError: there is no run to compare with; said before anything is asked.
    """
    for path in (options.html, options.junit, options.json):
        if path is not None:
            _write(path, "", mode="a")  # an earlier report stays until there is a new one
    if not sets:
        raise QuestionSetError("evals", "no set", "there is no question set; name a .yaml or .jsonl file")
    settings = Settings.load()
    if options.judge:
        model_judge.ready(settings)
    runs.ready(settings.eval_runs)
    for where in filter(None, (options.compare, options.baseline)):
        for path in sets:
            gate.earlier(where, settings.eval_runs, path.name)
    ran = [_told(one, options, settings) for one in _each(sets, options)]
    if options.html is not None:
        _write(options.html, _page(ran))
    if options.junit is not None:
        from assistant.evaluation.junit import junit

        _write(options.junit, junit([(one.report, one.failures) for one in ran]))
    if options.write_baseline is not None:
        for one in ran:
            if not one.failures:
                runs.keep_baseline(options.write_baseline, one.run)
    if options.json is not None:
        _write(options.json, "[" + ",\n".join(one.run.model_dump_json() for one in ran) + "]\n")
    return not any(one.failures for one in ran)


def _each(sets: Sequence[Path], options: Options) -> list[Ran]:
    """Each set, run: several at once where they search different documents, and questions may be asked at once."""
    workers = options.workers or os.cpu_count() or 1
    groups: dict[Path, list[Path]] = {}
    for path in sets:
        groups.setdefault((options.index or options.corpus or load(path).corpus or path).resolve(), []).append(path)
    processes = min(workers, len(groups))
    if processes < 2:
        return [gated(path, options) for path in sets]
    alone = dataclasses.replace(options, workers=workers // processes, show_progress=silent)
    told = options.show_progress("question sets")
    found = dict(together(functools.partial(_one_after_the_other, options=alone), groups, processes, told))
    return [found[path] for path in sets]


def _one_after_the_other(sets: Sequence[Path], options: Options) -> list[Ran]:
    return [gated(path, options) for path in sets]


def compare_settings(sets: Sequence[Path], before: Path, after: Path, options: Options) -> None:
    """Run each set with two files of settings, and print how they differ. Neither run is kept.

    Raises:
        SettingsError: a file cannot be read, or holds no settings.
    """
    given = [settings_of(path) for path in (before, after)]
    for path in sets:
        question_set = load(path)
        pair = [_measured(question_set, options, settings)[1] for settings in given]
        print(f"{path.name}: {before.name}, then {after.name}\n")
        print(gate.Comparison(*pair).table() + "\n")


def settings_of(path: Path) -> Settings:
    """The settings that a TOML file states; others as they are otherwise.

    Raises:
        SettingsError: it cannot be read, or states what is no setting.
    """
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    return Settings.load(**stated)


def measure(
    assistant: Assistant,
    question_set: QuestionSet,
    *,
    workers: int = 1,
    cache_folder: Path | None = None,
    progress: Progress | None = None,
    judge: bool = False,
) -> tuple[Report, Run]:
    """Run a question set with an assistant that is indexed.

    Args:
        cache_folder: where answers are kept; None: everything is asked.
        judge: also ask the configured language model what it thinks of the answers.
    """
    texts = {
        record.id: (record.content_hash, hashlib.sha256(assistant.document(record.id).text.encode()).hexdigest())
        for record in assistant.documents()
    }
    generation = assistant.open()
    made_with = circumstances(assistant.settings, generation)
    cache = None
    if cache_folder is not None:
        cache = Cache(cache_folder, documents={id_: ":".join(pair) for id_, pair in texts.items()}, made_with=made_with)
    report = run_set(assistant, question_set, progress, workers=workers, cache=cache)
    if judge:
        opinion = model_judge.judged(report.outcomes, assistant.settings, progress)
        report = dataclasses.replace(report, judged=opinion)
    kept = runs.run_of(
        report,
        corpus=assistant.settings.corpus,
        documents=len(texts),
        generation=generation,
        settings=assistant.settings,
        texts=texts,
        made_with=made_with,
    )
    return report, kept


def gated(path: Path, options: Options) -> Ran:
    """Run one set, keep the run, and hold it against its thresholds and the baseline."""
    settings = Settings.load()
    folder = settings.eval_runs
    runs.ready(folder)
    report, kept = _measured(load(path), options, settings)
    known = [one for one in runs.read(folder).runs if one.set == path.name and one.rows]
    found = list(report.failures())
    if options.baseline:
        found += gate.failures(gate.earlier(options.baseline, folder, path.name, kept), kept)
    runs.keep(folder, kept)
    return Ran(report, kept, known[-1] if known else None, tuple(found))


def _told(ran: Ran, options: Options, settings: Settings) -> Ran:
    """Print what a run found."""
    report = ran.report
    print(report.table(show=options.show))
    if report.question_set.drafts:
        print(f"not asked, as they are drafts: {' '.join(report.question_set.drafts)}")
    if report.reused:
        print(f"{report.reused} of {len(report.outcomes)} answers were kept, as nothing they depend on has changed")
    if options.compare:
        before = gate.earlier(options.compare, settings.eval_runs, ran.run.set, ran.run)
        print("\n" + gate.Comparison(before, ran.run).table())
    for failure in ran.failures:
        print(f"missed: {failure}")
    return ran


def _measured(question_set: QuestionSet, options: Options, settings: Settings) -> tuple[Report, Run]:
    documents = options.corpus or question_set.corpus
    if documents is None:
        raise QuestionSetError(question_set.path, "the whole set", "it names no corpus; add one with --corpus DIR")
    aside = settings.eval_runs / ".cache"
    named = hashlib.sha256(f"{documents.resolve()}\0{settings.embedding_model}".encode()).hexdigest()[:16]
    stated = settings.model_dump() | {"corpus": documents, "index": options.index or aside / "index" / named}
    assistant = Assistant(Settings(**stated))
    try:
        _index(assistant)
        return measure(
            assistant,
            question_set,
            workers=options.workers or os.cpu_count() or 1,
            cache_folder=None if options.fresh else aside / "answers",
            progress=options.show_progress(question_set.path.name),
            judge=options.judge,
        )
    finally:
        assistant.close()


def _index(assistant: Assistant) -> None:
    from assistant.errors import IndexDamagedError, ModelMismatchError

    try:
        assistant.index()
    except (ModelMismatchError, IndexDamagedError):  # of an earlier version of the code
        assistant.index(rebuild=True)


def _page(ran: Sequence[Ran]) -> str:
    from assistant.evaluation.html import page

    since = [gate.Comparison(one.last, one.run) if one.last else None for one in ran]
    return page([one.report for one in ran], since, [one.failures for one in ran])


def _write(path: Path, text: str, *, mode: Literal["w", "a"] = "w") -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ReportNotWrittenError(path, error.strerror or str(error)) from error
