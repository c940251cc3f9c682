"""The records at the command line: real processes, over a log that was written before."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from warm import command

from assistant.access import Caller
from assistant.engine import Assistant
from assistant.records.feedback import Feedback, FeedbackStore
from assistant.records.log import AuditLog
from assistant.records.recorder import Recorder
from assistant.records.store import FILE, now
from assistant.settings import Settings

LEAFLET = "# Veltoral\n\nDen anbefalede dosis af Veltoral er {} mg én gang hver 4. uge.\n"
QUESTION = "Hvad er dosis af Veltoral?"


def run(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {f"ASSISTANT_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [command(), *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=environment
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text(LEAFLET.format(60), "utf-8")
    settings = Settings(corpus=folder / "corpus", index=folder / "index", records_folder=folder / "records")
    assistant = Assistant(settings)
    assistant.index()
    recorder = Recorder.open(assistant)
    answer = assistant.seen_by(Caller()).ask(QUESTION)
    id_ = recorder.asked(answer, QUESTION, door="page", caller=Caller("ida"))
    said = Feedback(id_, "down", "incomplete", "For børn?\n\x1b[2Jja", QUESTION, answer.text, "ida")
    recorder.feedback(said, door="page")
    recorder.close()
    assistant.close()
    return folder


@pytest.fixture
def house(written: Path, tmp_path: Path) -> Path:
    """A folder as a service leaves it: corpus, index, and a log of a question and of what was said of the answer."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return tmp_path


def entries_of(house: Path) -> list[dict[str, object]]:
    done = run("log", "export", cwd=house)
    assert done.returncode == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_verify_says_that_all_fits_and_which_hash_to_note(house: Path) -> None:
    done = run("log", "verify", cwd=house)
    assert done.returncode == 0
    assert done.stdout.startswith("2 entries, all fit")
    last = entries_of(house)[-1]
    noted = f"{last['number']}:{last['hash']}"
    assert f"Last: {noted}" in done.stdout.splitlines()
    assert run("log", "verify", "--kept", noted, cwd=house).returncode == 0
    assert run("log", "verify", "--kept", f"2:{'0' * 64}", cwd=house).returncode == 1
    assert run("log", "verify", "--kept", "the other day", cwd=house).returncode == 2


def test_verify_names_the_entry_that_was_changed(house: Path) -> None:
    with closing(sqlite3.connect(house / "records" / FILE)) as database, database:
        database.execute("DROP TRIGGER log_unchanged")
        database.execute("UPDATE log SET who = 'bo' WHERE number = 2")
    done = run("log", "verify", cwd=house)
    assert done.returncode == 1
    assert "entry 2 changed" in done.stdout


def test_export_goes_to_a_file_and_leaves_out_what_is_not_wanted(house: Path) -> None:
    done = run("log", "export", "out.jsonl", "--kind", "ask", cwd=house)
    assert (done.returncode, done.stdout) == (0, "1 entries written to out.jsonl.\n")
    (entry,) = [json.loads(line) for line in (house / "out.jsonl").read_text("ascii").splitlines()]
    assert entry["body"]["question"] == QUESTION
    tomorrow = f"{now() + timedelta(days=1):%Y-%m-%d}"
    assert run("log", "export", "--since", tomorrow, cwd=house).stdout == ""
    assert run("log", "export", "--since", "yesterday", cwd=house).returncode == 2
    failed = run("log", "export", "no/such/folder/out.jsonl", cwd=house)
    assert failed.returncode == 2
    assert "Traceback" not in failed.stderr


@pytest.mark.timeout(900)  # three processes that each load the models; minutes where others use the machine too
def test_a_replay_says_the_same_or_what_changed(house: Path) -> None:
    id_ = str(entries_of(house)[0]["subject"])
    same = run("replay", id_, cwd=house)
    assert same.returncode == 0
    assert "The same answer, byte for byte" in same.stdout
    (house / "corpus" / "a.md").write_text(LEAFLET.format(30), "utf-8")
    assistant = Assistant(Settings(corpus=house / "corpus", index=house / "index"))
    assistant.index()
    assistant.close()
    other = run("replay", id_, cwd=house)
    assert other.returncode == 1
    for said in ("Another answer", "a.md: changed", "-   ", "60 mg", "+   ", "30 mg"):
        assert said in other.stdout
    unknown = run("replay", "nosuch", cwd=house)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no record" in unknown.stderr


def test_feedback_is_listed_for_people_and_for_programs(house: Path) -> None:
    listed = run("feedback", cwd=house)
    assert listed.returncode == 0
    assert "👎 (incomplete) ida" in listed.stdout
    assert "For børn?" in listed.stdout
    assert "\x1b" not in listed.stdout
    (line,) = run("feedback", "--json", cwd=house).stdout.splitlines()
    one = json.loads(line)
    assert (one["verdict"], one["comment"], one["question"]) == ("down", "For børn?\n\x1b[2Jja", QUESTION)


def test_prune_keeps_everything_unless_days_are_set(house: Path) -> None:
    assert "log_days is 0" in run("log", "prune", cwd=house).stdout
    assert len(entries_of(house)) == 2
    log = AuditLog.open(Settings(records_folder=house / "records"))
    log.append("reindex", door="page")
    log.close()
    pruned = run("log", "prune", cwd=house, log_days="30")
    assert (pruned.returncode, len(entries_of(house))) == (0, 3), "nothing is that old"
    store = FeedbackStore.open(Settings(records_folder=house / "records"))
    store.add(Feedback("old", "up", when=now() - timedelta(days=31)))
    store.close()
    assert "1 of feedback" in run("log", "prune", cwd=house, log_days="30").stdout


@pytest.mark.parametrize("command", [["log", "verify"], ["log", "export"], ["feedback"], ["replay", "x"]])
def test_where_nothing_was_recorded_it_says_so_and_makes_no_file(tmp_path: Path, command: list[str]) -> None:
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "there are none yet" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_loads_no_database(tmp_path: Path) -> None:
    asked = "import sys; from assistant.cli import app; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True)
    assert "assistant.records.command" in done.stdout
    for late in ("sqlalchemy", "assistant.engine", "chromadb", "torch"):
        assert f"'{late}'" not in done.stdout
