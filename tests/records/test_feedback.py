"""Feedback is kept once a person and answer, within bounds, by several at once, and without names where so set."""

import multiprocessing
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import AssistantError, FeedbackError, RecordsError
from assistant.records.feedback import MOST_CHARACTERS, REASONS, Feedback, FeedbackStore
from assistant.records.store import FILE
from assistant.settings import Settings

QUESTION = "Hvor ofte gives Veltoral til Søren?"
ANSWER = "Veltoral gives hver 4. uge."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(records_folder=tmp_path / "records")


def everything_written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_feedback_is_there_after_a_restart_as_it_was_given(settings: Settings) -> None:
    given = Feedback("a-1", "down", "incomplete", "Barnets dosis mangler 😕", QUESTION, ANSWER, "søren@example.org")
    store = FeedbackStore.open(settings)
    store.add(given)
    store.close()
    assert list(FeedbackStore.open(settings).list()) == [given]


def test_a_later_verdict_of_the_same_person_replaces_the_earlier_and_nobody_elses(settings: Settings) -> None:
    store = FeedbackStore.open(settings)
    store.add(Feedback("a1", "down", "wrong", "Nej.", who="ida"))
    store.add(Feedback("a1", "down", who="bo"))
    store.add(Feedback("a2", "down", who="ida"))
    store.add(Feedback("a1", "up", who="ida"))
    mine = store.of("a1", "ida")
    assert mine is not None
    assert (mine.verdict, mine.reason, mine.comment) == ("up", "", "")
    assert len(store.list()) == 3
    assert [one.answer_id for one in store.list(verdict="up")] == ["a1"]


def test_a_verdict_can_be_taken_back(settings: Settings) -> None:
    store = FeedbackStore.open(settings)
    store.add(Feedback("a1", "up", who="ida"))
    assert not store.withdraw("a1", "bo")
    assert store.withdraw("a1", "ida")
    assert store.of("a1", "ida") is None


def test_the_newest_comes_first_and_days_bound_the_list(settings: Settings) -> None:
    store = FeedbackStore.open(settings)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for day in (1, 0, 2):
        store.add(Feedback(f"a{day}", "up", when=noon + timedelta(days=day)))
    assert [one.answer_id for one in store.list()] == ["a2", "a1", "a0"]
    assert [one.answer_id for one in store.list(since=date(2026, 3, 2))] == ["a2", "a1"]
    assert [one.answer_id for one in store.list(most=1)] == ["a2"]


@pytest.mark.parametrize(
    "given",
    [
        {"verdict": "sideways"},
        {"reason": "because"},
        {"answer_id": ""},
        {"answer_id": "../../etc"},
        {"answer_id": "a" * 65},
        *({name: "x" * (most + 1)} for name, most in MOST_CHARACTERS.items()),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_is_wrong(given: dict[str, str]) -> None:
    with pytest.raises(FeedbackError, match="was not kept"):
        Feedback(**{"answer_id": "a1", "verdict": "up", **given})  # type: ignore[arg-type]


def test_the_longest_of_everything_is_kept_and_so_is_what_is_no_character(settings: Settings) -> None:
    store = FeedbackStore.open(settings)
    longest = {name: "ø" * most for name, most in MOST_CHARACTERS.items()}
    for reason in REASONS:
        store.add(Feedback(f"a-{reason}", "down", reason, **longest))  # type: ignore[arg-type]
    store.add(Feedback("odd", "up", comment="half \ud83d a\0character"))
    assert len(store.list()) == len(REASONS) + 1
    odd = store.of("odd")
    assert odd is not None
    assert odd.comment == "half ? acharacter"


def test_without_personal_data_neither_name_nor_question_nor_answer_is_in_any_file(settings: Settings) -> None:
    store = FeedbackStore.open(settings.model_copy(update={"log_personal": False}))
    store.add(Feedback("a1", "down", "wrong", "", QUESTION, ANSWER, "søren@example.org"))
    store.add(Feedback("a1", "up", "", "Tak.", QUESTION, ANSWER, "søren@example.org"))
    store.add(Feedback("a2", "up", "", "", QUESTION, ANSWER, "ida@example.org"))
    written = everything_written(settings.records_folder)
    for personal in (QUESTION, ANSWER, "søren@example.org", "ida@example.org"):
        assert personal.encode() not in written
    second, first = store.list()
    assert (first.verdict, first.comment) == ("up", "Tak."), "the same person's later verdict is still known as theirs"
    assert first.question == second.question, "the same question is still known to be the same"
    assert first.who != second.who


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_only_the_owner_reads_the_key_and_the_records(settings: Settings) -> None:
    FeedbackStore.open(settings.model_copy(update={"log_personal": False}))
    assert stat.S_IMODE((settings.records_folder / "personal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.records_folder.stat().st_mode) == 0o700


def add_many(folder: Path, name: str, many: int) -> None:
    store = FeedbackStore.open(Settings(records_folder=folder, log_personal=False))
    for number in range(many):
        store.add(Feedback(f"{name}-{number}", "up", who="ida"))
    store.close()


def test_threads_and_processes_that_start_at_once_lose_nothing(settings: Settings) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=add_many, args=(settings.records_folder, f"p{n}", 20)) for n in range(2)]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_many(settings.records_folder, f"t{n}", 5), range(8)))
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    kept = FeedbackStore.open(settings).list()
    assert len(kept) == 2 * 20 + 8 * 5
    assert len({one.who for one in kept}) == 1, "all hash with the one key"


def test_a_database_that_is_none_is_said_and_not_overwritten(settings: Settings) -> None:
    settings.records_folder.mkdir()
    (settings.records_folder / FILE).write_text("a shopping list, by accident " * 100, "utf-8")
    with pytest.raises(RecordsError, match="records_folder"):
        FeedbackStore.open(settings)
    assert (settings.records_folder / FILE).read_text("utf-8").startswith("a shopping list")


def test_records_of_a_newer_format_are_left_alone(settings: Settings) -> None:
    import sqlite3

    FeedbackStore.open(settings).close()
    with sqlite3.connect(settings.records_folder / FILE) as database:
        database.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    with pytest.raises(RecordsError, match="format 99"):
        FeedbackStore.open(settings)


@pytest.mark.parametrize("url", ["nonsense", "mysql://ida:s3cret@host/db", "postgresql+nosuch://ida:s3cret@host/db"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(settings: Settings, url: str) -> None:
    with pytest.raises(AssistantError) as refused:
        FeedbackStore.open(settings.model_copy(update={"records_url": url}))
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(settings.model_copy(update={"records_url": url}))
