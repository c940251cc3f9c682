"""Whatever is done to the log behind its back is found; what is written by several at once is all there."""

import io
import json
import multiprocessing
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assistant.errors import RecordsError
from assistant.records import log as log_module
from assistant.records.log import AuditLog
from assistant.records.store import FILE
from assistant.settings import Settings

MANY = 8
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COLUMNS = ("number", "at", "kind", "who", "request_id", "door", "subject", "body", "previous", "hash")
slowly = trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log of MANY entries. Nobody may change it."""
    folder = tmp_path_factory.mktemp("written") / "records"
    log = AuditLog.open(Settings(records_folder=folder))
    for number in range(MANY):
        log.append("upload", door="page", who="søren", subject=f"{number}.md", body={"size": number, "share": 0.1})
    log.close()
    return folder


Database = sqlite3.Connection
Meddle = Callable[[Database], None]


@pytest.fixture
def meddled(written: Path, tmp_path: Path) -> Callable[[Meddle], AuditLog]:
    """The log as `written`, after somebody with the file in hand removed the triggers and did something to it."""
    folder = tmp_path / "meddled"

    def meddle(how: Meddle) -> AuditLog:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(written, folder)
        with closing(sqlite3.connect(folder / FILE)) as database, database:
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            how(database)
        return AuditLog.open(Settings(records_folder=folder))

    return meddle


def first_wrong(log: AuditLog) -> int:
    found = log.verify()
    log.close()
    assert found.fault is not None
    return found.fault.number


def test_a_log_left_alone_fits_and_says_its_last_hash(written: Path) -> None:
    found = AuditLog.open(Settings(records_folder=written)).verify()
    assert (found.fault, found.entries, found.last.number) == (None, MANY, MANY)
    assert len(found.last.hash) == 64


@slowly
@given(
    number=st.integers(1, MANY),
    column=st.sampled_from(COLUMNS[1:]),
    value=st.one_of(st.text(max_size=20).map("≠{}".format), st.binary(max_size=5), st.just('{"a":1}')),
)
def test_any_changed_entry_is_found(
    meddled: Callable[[Meddle], AuditLog], number: int, column: str, value: str | bytes
) -> None:
    def change(database: Database) -> None:
        database.execute(f"UPDATE log SET {column} = ? WHERE number = ?", (value, number))

    try:
        assert first_wrong(meddled(change)) == number
    except RecordsError:
        assert isinstance(value, bytes), "only bytes that are no text cannot be read at all"


@pytest.mark.parametrize("body", ['{"share": 0.1,"size":0}', '{"share":9,"share":0.1,"size":0}', "{", "[]", "0.1"])
def test_a_body_that_only_reads_the_same_or_cannot_be_read_is_found(
    meddled: Callable[[Meddle], AuditLog], body: str
) -> None:
    def rewrite(database: Database) -> None:
        database.execute("UPDATE log SET body = ? WHERE number = 1", (body,))

    assert first_wrong(meddled(rewrite)) == 1


@slowly
@given(dropped=st.sets(st.integers(1, MANY), min_size=1))
def test_any_dropped_entry_is_found_the_last_ones_and_all_of_them_too(
    meddled: Callable[[Meddle], AuditLog], dropped: set[int]
) -> None:
    def drop(database: Database) -> None:
        database.executemany("DELETE FROM log WHERE number = ?", [(number,) for number in dropped])

    found = meddled(drop).verify()
    assert found.fault is not None
    assert (found.fault.number, found.fault.what) == (min(dropped), "missing")


@slowly
@given(pair=st.lists(st.integers(1, MANY), min_size=2, max_size=2, unique=True), hashes_too=st.booleans())
def test_any_two_swapped_entries_are_found(
    meddled: Callable[[Meddle], AuditLog], pair: list[int], hashes_too: bool
) -> None:
    def swap(database: Database) -> None:
        moved = COLUMNS[1:] if hashes_too else COLUMNS[1:-2]
        rows = [
            database.execute(f"SELECT {', '.join(moved)} FROM log WHERE number = ?", (number,)).fetchone()
            for number in pair
        ]
        for number, row in zip(reversed(pair), rows, strict=True):
            assignments = ", ".join(f"{column} = ?" for column in moved)
            database.execute(f"UPDATE log SET {assignments} WHERE number = ?", (*row, number))

    assert first_wrong(meddled(swap)) == min(pair)


@slowly
@given(place=st.integers(0, MANY + 2), is_hashed=st.booleans(), makes_room=st.booleans())
def test_any_inserted_entry_is_found_even_with_a_hash_that_fits_it(
    meddled: Callable[[Meddle], AuditLog], place: int, is_hashed: bool, makes_room: bool
) -> None:
    def insert(database: Database) -> None:
        for number in range(MANY, place - 1, -1):
            if makes_room:
                database.execute("UPDATE log SET number = ? WHERE number = ?", (number + 1, number))
            else:
                database.execute("DELETE FROM log WHERE number = ?", (place,))
        before = database.execute("SELECT hash FROM log WHERE number = ?", (place - 1,)).fetchone()
        entry: dict[str, Any] = dict.fromkeys(COLUMNS[1:-1], "x") | {"number": place, "body": {}}
        entry["previous"] = before[0] if before else "0" * 64
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        entry |= {"body": "{}", "hash": sha256(text.encode()).hexdigest() if is_hashed else "f" * 64}
        database.execute(
            f"INSERT INTO log ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})",
            [entry[column] for column in COLUMNS],
        )

    # With a hash that fits, it is the next one that no longer does; behind the last, the end that was written down.
    assert first_wrong(meddled(insert)) in {place, place + 1, MANY + 1}


def test_a_log_whose_state_was_changed_or_removed_is_found(meddled: Callable[[Meddle], AuditLog]) -> None:
    for statement in (
        "DELETE FROM log_state",
        "UPDATE log_state SET head_number = head_number - 1",
        "UPDATE log_state SET head_hash = anchor_hash",
        "UPDATE log_state SET anchor_number = 1",
        "UPDATE log_state SET anchor_number = 'x'",
    ):
        assert meddled(lambda database, statement=statement: database.execute(statement)).verify().fault, statement  # type: ignore[misc]


def test_a_beginning_removed_with_its_anchor_moved_is_found(meddled: Callable[[Meddle], AuditLog]) -> None:
    def shorten(database: Database) -> None:
        database.execute(
            "UPDATE log_state SET anchor_number = 3, anchor_hash = (SELECT hash FROM log WHERE number = 3)"
        )
        database.execute("DELETE FROM log WHERE number <= 3")

    assert first_wrong(meddled(shorten)) == 3


def test_a_log_written_anew_is_found_by_a_hash_kept_elsewhere_only(settings: Settings) -> None:
    log = AuditLog.open(settings)
    log.append("ask", door="page", body={"question": "Hvad?"})
    log.append("remove", door="page")
    kept = log.verify().last
    assert log.verify(kept=kept).fault is None
    log.append("restore", door="page")
    assert log.verify(kept=kept).fault is None
    log.close()
    shutil.rmtree(settings.records_folder)
    anew = AuditLog.open(settings)
    anew.append("ask", door="page", body={"question": "Hvad?"})
    assert anew.verify().fault is None
    missing = anew.verify(kept=kept).fault
    assert missing is not None
    assert (missing.number, missing.what) == (2, "missing")
    anew.append("remove", door="page")
    changed = anew.verify(kept=kept).fault
    assert changed is not None
    assert (changed.number, changed.what) == (2, "changed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET who = 'nobody'",
        "DELETE FROM log WHERE number = 1",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT 1, at, kind, who, request_id, door, subject, body, previous, hash FROM log",
        "UPDATE log_state SET head_number = 0",
        "DELETE FROM log_state",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_written(written: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(written / FILE)) as database,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        database.execute(statement)


def append_many(folder: Path, name: str, many: int) -> None:
    log = AuditLog.open(Settings(records_folder=folder))
    for number in range(many):
        log.append("ask", door="http", who=name, subject=f"{name}-{number}")
    log.close()


def test_threads_and_processes_append_one_chain(settings: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=append_many, args=(settings.records_folder, f"p{n}", 40)) for n in range(2)]
    for process in processes:
        process.start()
    shared = AuditLog.open(settings)

    def append(name: str) -> None:
        for number in range(10):
            shared.append("ask", door="page", who=name, subject=f"{name}-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, [f"t{n}" for n in range(8)]))
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    found = shared.verify()
    assert (found.fault, found.entries) == (None, 2 * 40 + 8 * 10)
    by_writer: dict[str, list[str]] = {}
    for entry in shared.entries():
        by_writer.setdefault(entry.who, []).append(entry.subject)
    for name, subjects in by_writer.items():
        assert subjects == [f"{name}-{number}" for number in range(len(subjects))], "each in its own order"


@pytest.fixture
def on_days(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[AuditLog, list[int]], None]]:
    """Appends an entry on each of these days after NOON."""

    def append(log: AuditLog, days: list[int]) -> None:
        for day in days:
            monkeypatch.setattr(log_module, "now", lambda day=day: NOON + timedelta(days=day))
            log.append("ask", door="page", subject=f"day {day}", body={"question": f"Hvad skete dag {day}?"})

    yield append


def test_retention_removes_the_oldest_and_the_chain_still_fits(
    settings: Settings, on_days: Callable[[AuditLog, list[int]], None]
) -> None:
    log = AuditLog.open(settings)
    on_days(log, [0, 1, 2, 3])
    noted = log.verify().last
    third = list(log.entries())[1].link
    assert log.prune(NOON + timedelta(days=2)) == 2
    found = log.verify(kept=noted)
    assert (found.fault, found.anchor, found.entries) == (None, third, 3)
    assert [entry.kind for entry in log.entries()] == ["ask", "ask", "prune"]
    on_days(log, [4])
    assert log.prune(NOON + timedelta(days=2)) == 0
    assert log.prune(NOON + timedelta(days=4)) == 3, "the note of the first pruning goes with the rest, in its time"
    assert log.verify().fault is None
    too_old = log.verify(kept=noted).fault
    assert too_old is not None
    assert "retention" in str(too_old)


def test_what_retention_removed_is_in_no_file_any_more(
    settings: Settings, on_days: Callable[[AuditLog, list[int]], None]
) -> None:
    log = AuditLog.open(settings)
    on_days(log, [0, 9])
    log.prune(NOON + timedelta(days=5))
    written = b"".join(file.read_bytes() for file in settings.records_folder.rglob("*") if file.is_file())
    assert b"Hvad skete dag 9" in written
    assert b"Hvad skete dag 0" not in written


def test_retention_that_leaves_nothing_goes_on_counting(
    settings: Settings, on_days: Callable[[AuditLog, list[int]], None]
) -> None:
    log = AuditLog.open(settings)
    on_days(log, [0, 1])
    assert log.prune(NOON + timedelta(days=5)) == 2
    assert [(entry.number, entry.kind) for entry in log.entries()] == [(3, "prune")]
    assert log.verify().fault is None


def test_a_clock_that_went_back_does_not_cost_newer_entries(
    settings: Settings, on_days: Callable[[AuditLog, list[int]], None]
) -> None:
    log = AuditLog.open(settings)
    on_days(log, [0, 5, 1])
    assert log.prune(NOON + timedelta(days=3)) == 1
    assert [entry.subject for entry in log.entries()][:2] == ["day 5", "day 1"]


def test_retention_does_not_remove_the_traces_of_a_change(meddled: Callable[[Meddle], AuditLog]) -> None:
    log = meddled(lambda database: database.execute("UPDATE log SET who = 'nobody' WHERE number = 2"))  # type: ignore[arg-type, return-value]
    with pytest.raises(RecordsError, match="log verify"):
        log.prune(datetime.now(UTC) + timedelta(days=1))
    assert len(list(log.entries())) == MANY


def test_an_export_can_be_checked_without_us(written: Path) -> None:
    out = io.StringIO()
    log = AuditLog.open(Settings(records_folder=written))
    assert log.export(out) == MANY
    before = "0" * 64
    for line in out.getvalue().splitlines():
        entry = json.loads(line)
        said = entry.pop("hash")
        assert entry["previous"] == before
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert sha256(text.encode("ascii")).hexdigest() == said
        before = said
    assert before == log.verify().last.hash


def test_an_export_is_of_a_kind_and_from_a_day_on(
    settings: Settings, on_days: Callable[[AuditLog, list[int]], None]
) -> None:
    log = AuditLog.open(settings)
    on_days(log, [0, 1, 2])
    log.append("upload", door="page")
    assert [e.subject for e in log.entries(since=date(2026, 3, 2), kind="ask")] == ["day 1", "day 2"]
    assert len(list(log.entries(kind="upload"))) == 1


def test_odd_and_overlong_names_are_cut_and_never_lose_an_entry(settings: Settings) -> None:
    log = AuditLog.open(settings)
    log.append("ask", door="page", who="x" * 5000, request_id="\0\ud83d", subject="s" * 5000, body={"q": "\0\ud83d"})
    assert log.verify().fault is None
    (entry,) = log.entries()
    assert (len(entry.who), entry.body["q"]) == (200, "\0\ud83d")


def test_without_personal_data_a_name_is_a_hash_that_stays_the_same(settings: Settings) -> None:
    log = AuditLog.open(settings.model_copy(update={"log_personal": False}))
    for who in ("ida", "ida", "bo", ""):
        log.append("remove", door="page", who=who, subject="a.md")
    first, second, third, nobody = log.entries()
    assert first.who == second.who != third.who
    assert "ida" not in first.who
    assert nobody.who == ""
    assert log.verify().fault is None


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RecordsError, match="records_folder"):
        AuditLog.open(Settings(records_folder=tmp_path / "file" / "records"))
