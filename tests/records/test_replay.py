"""An answer is kept with all that it came from; asked again, it is the same bytes, or it is said what changed."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.access import Among, Caller
from assistant.engine import Assistant
from assistant.errors import RecordsError, ReplayError
from assistant.records import replay as replay_module
from assistant.records.answer_record import AnswerRecord, answer_json
from assistant.records.feedback import Feedback
from assistant.records.log import AuditLog
from assistant.records.recorder import Recorder
from assistant.records.replay import Replay, replay
from assistant.records.store import FILE
from assistant.settings import Settings

QUESTION = "Hvad er den anbefalede dosis af Veltoral til Søren?"
HISTORY = [("Hvad er Veltoral?", "Veltoral er en tablet mod gigt.")]
LEAFLET = """---
title: Veltoral (bruxin)
language: da
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er {dose} mg én gang hver 4. uge. Tabletten synkes hel.
"""
OTHER = """---
title: Bruxamin (orlen)
language: da
---
# Bruxamin

Bruxamin må ikke gives til personer med galdesten.
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and its index. Nobody may change it."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "veltoral.md").write_text(LEAFLET.format(dose=60), "utf-8")
    (folder / "corpus" / "bruxamin.md").write_text(OTHER, "utf-8")
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    assistant.index()
    assistant.close()
    return folder


Open = Callable[..., Assistant]


@pytest.fixture
def opened(house: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens an assistant over a copy of the house, with these settings."""
    shutil.copytree(house, tmp_path, dirs_exist_ok=True)
    made: list[Assistant] = []

    def make(**given: object) -> Assistant:
        folders = {"corpus": tmp_path / "corpus", "index": tmp_path / "index", "records_folder": tmp_path / "records"}
        made.append(Assistant(Settings(**{**folders, **given})))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for assistant in made:
        assistant.close()


SOREN = Caller("søren@example.org", frozenset({"ward-5"}))


def ask_and_record(assistant: Assistant, question: str = QUESTION, caller: Caller = SOREN, **given: object) -> str:
    recorder = Recorder.open(assistant)
    answer = assistant.seen_by(caller).ask(question, history=HISTORY, **given)  # type: ignore[arg-type]
    id_ = recorder.asked(answer, question, history=HISTORY, door="http", caller=caller, **given)  # type: ignore[arg-type]
    recorder.close()
    return id_


def replayed(assistant: Assistant, id_: str) -> Replay:
    return replay(assistant, AuditLog.open(assistant.settings), id_)


def test_a_record_holds_the_answer_and_the_exact_place_in_the_exact_version(opened: Open) -> None:
    assistant = opened()
    id_ = ask_and_record(assistant, language="da")
    answer = assistant.ask(QUESTION, history=HISTORY, language="da")
    assert answer.citations
    (entry,) = AuditLog.open(assistant.settings).entries()
    record = AnswerRecord.of(entry)
    assert (record.id, entry.who, entry.door) == (id_, "søren@example.org", "http")
    assert (record.asking.question, record.asking.history, record.asking.language) == (QUESTION, tuple(HISTORY), "da")
    assert record.answer == answer_json(answer)
    assert "seconds" not in json.loads(record.answer)
    assert record.day == date.today().isoformat()
    for source in record.sources:
        document = assistant.document(source.path)
        assert source.content_hash == document.content_hash
    cited = {(source.path, start, end) for source in record.sources for start, end in source.spans}
    assert cited == {(one.document_id, one.start, one.end) for one in answer.citations}
    assert record.made_with["generation"] == assistant.open()
    assert record.made_with["embedding model"].startswith("static-da-nl-en@")
    assert record.made_with["setting abstain_below"] == str(assistant.settings.abstain_below)


def test_asked_again_it_is_the_same_bytes(opened: Open) -> None:
    id_ = ask_and_record(opened())
    found = replayed(opened(), id_)
    assert found.is_same
    assert found.changes == ()
    assert found.difference() == []


def test_an_abstention_is_replayed_too_and_so_is_a_day_asked_about(opened: Open) -> None:
    assistant = opened()
    nothing = ask_and_record(assistant, "Hvad koster en cykel i Aarhus?")
    dated = ask_and_record(assistant, as_of=date(2020, 5, 1))
    assert replayed(assistant, nothing).record.asking.question.endswith("Aarhus?")
    assert replayed(assistant, nothing).is_same
    assert replayed(assistant, dated).is_same
    assert replayed(assistant, dated).record.day == "2020-05-01"


def test_a_replay_has_the_eyes_of_whoever_asked_and_keeps_to_the_documents_they_chose(
    opened: Open, tmp_path: Path
) -> None:
    secret = LEAFLET.format(dose=90).replace("language: da", "language: da\naccess: [ward-5]")
    (tmp_path / "corpus" / "secret.md").write_text(secret, "utf-8")
    assistant = opened()
    assistant.index()
    outsider = Caller("ida", frozenset({"ward-6"}))
    seen, unseen = ask_and_record(assistant), ask_and_record(assistant, caller=outsider)
    chosen = ask_and_record(assistant, among=Among(documents=frozenset({"secret.md"}), since=None))
    nothing = ask_and_record(assistant, among=Among(languages=frozenset({"nl"}), until=date(2020, 1, 1)))
    found = {id_: replayed(assistant, id_) for id_ in (seen, unseen, chosen, nothing)}
    assert all(one.is_same and not one.changes for one in found.values())
    assert "secret.md" in found[seen].answer
    assert "secret.md" not in found[unseen].answer
    assert "veltoral.md" not in found[chosen].answer
    assert json.loads(found[nothing].answer)["searched"] == 0


def test_a_changed_document_is_named_with_its_versions_and_the_difference_shown(opened: Open, tmp_path: Path) -> None:
    assistant = opened()
    id_ = ask_and_record(assistant)
    before = assistant.document("veltoral.md").content_hash
    (tmp_path / "corpus" / "veltoral.md").write_text(LEAFLET.format(dose=30), "utf-8")
    assistant.index()
    found = replayed(assistant, id_)
    assert not found.is_same
    (changed,) = [line for line in found.changes if line.startswith("document")]
    assert "veltoral.md: changed" in changed
    assert before[:16] in changed
    assert assistant.document("veltoral.md").content_hash[:16] in changed
    assert any(line.startswith("generation: 000001, now 000002") for line in found.changes)
    difference = found.difference()
    assert any(line.startswith("-") and "60 mg" in line for line in difference)
    assert any(line.startswith("+") and "30 mg" in line for line in difference)


def test_a_removed_document_is_named(opened: Open, tmp_path: Path) -> None:
    assistant = opened()
    id_ = ask_and_record(assistant)
    (tmp_path / "corpus" / "veltoral.md").unlink()
    assistant.index()
    found = replayed(assistant, id_)
    assert not found.is_same
    assert any(line.startswith("document veltoral.md: removed") for line in found.changes)


def test_a_change_that_makes_no_difference_is_said_and_the_bytes_are_the_same(opened: Open) -> None:
    id_ = ask_and_record(opened())
    found = replayed(opened(max_sentences=5), id_)
    assert found.is_same
    assert found.changes == ("setting max_sentences: 3, now 5",)


def test_a_setting_that_matters_is_said(opened: Open) -> None:
    id_ = ask_and_record(opened())
    found = replayed(opened(abstain_below=1.0), id_)
    assert not found.is_same
    assert found.changes == ("setting abstain_below: 0.5, now 1.0",)


def test_a_later_day_is_said(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = ask_and_record(opened())

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date.today() + timedelta(days=1)

    monkeypatch.setattr(replay_module, "date", Tomorrow)
    (change,) = replayed(opened(), id_).changes
    assert change.startswith("day: documents in force on")


def test_an_index_replaced_between_answer_and_record_is_not_passed_off_as_its_source(
    opened: Open, tmp_path: Path
) -> None:
    assistant = opened()
    recorder = Recorder.open(assistant)
    answer = assistant.ask(QUESTION)
    (tmp_path / "corpus" / "veltoral.md").write_text(LEAFLET.format(dose=30), "utf-8")
    assistant.index()
    id_ = recorder.asked(answer, QUESTION, door="page", caller=SOREN)
    assert any("replaced while" in line for line in replayed(assistant, id_).changes)


def test_what_was_never_answered_or_was_changed_is_not_replayed(opened: Open, tmp_path: Path) -> None:
    assistant = opened()
    id_ = ask_and_record(assistant)
    with pytest.raises(ReplayError, match="no record"):
        replayed(assistant, "0" * 20)
    with closing(sqlite3.connect(tmp_path / "records" / FILE)) as database, database:
        database.execute("DROP TRIGGER log_unchanged")
        database.execute("UPDATE log SET body = replace(body, '60 mg', '90 mg')")
    with pytest.raises(ReplayError, match="log verify"):
        replayed(assistant, id_)


def test_without_personal_data_no_file_holds_question_name_or_answer_and_a_replay_is_refused(
    opened: Open, tmp_path: Path
) -> None:
    assistant = opened(log_personal=False)
    id_ = ask_and_record(assistant)
    recorder = Recorder.open(assistant)
    answer = assistant.ask(QUESTION)
    recorder.feedback(Feedback(id_, "up", question=QUESTION, answer=answer.text, who="søren@example.org"), door="page")
    recorder.close()
    written = b"".join(file.read_bytes() for file in (tmp_path / "records").rglob("*") if file.is_file())
    for personal in (QUESTION, "søren", "ward-5", answer.text, HISTORY[0][0], HISTORY[0][1]):
        assert personal.encode("utf-8") not in written
        assert json.dumps(personal).strip('"').encode("ascii") not in written, "nor as JSON writes it"
    assert b"60 mg" not in written, "however it is escaped"
    assert b"veltoral.md" in written
    with pytest.raises(ReplayError, match="log_personal"):
        replayed(assistant, id_)
    first, second = AuditLog.open(assistant.settings).entries()
    assert first.who == second.who


def test_with_the_log_off_nothing_is_written_but_feedback_and_answers_still_have_ids(opened: Open) -> None:
    assistant = opened(audit_log=False)
    id_ = ask_and_record(assistant)
    recorder = Recorder.open(assistant)
    recorder.happened("upload", door="page", subject="a.md")
    recorder.feedback(Feedback(id_, "up"), door="page")
    assert recorder.feedback_store.of(id_) is not None
    assert list(recorder.log.entries()) == []


def test_no_password_of_an_address_is_written(opened: Open, tmp_path: Path) -> None:
    url = "http://ida:s3cret@127.0.0.1:9/v1"
    ask_and_record(opened(llm_url=url, llm_model="m", llm_api_key="k3y-of-it", llm_timeout_seconds=1))
    written = b"".join(file.read_bytes() for file in (tmp_path / "records").rglob("*") if file.is_file())
    assert b"m at http://127.0.0.1:9/v1" in written
    assert b"s3cret" not in written
    assert b"k3y-of-it" not in written


def test_a_record_that_cannot_be_written_is_an_error_with_what_to_do(opened: Open, tmp_path: Path) -> None:
    assistant = opened()
    recorder = Recorder.open(assistant)
    answer = assistant.ask(QUESTION)
    with closing(sqlite3.connect(tmp_path / "records" / FILE)) as database, database:
        database.execute("DROP TABLE log")
    with pytest.raises(RecordsError, match="audit_log=false") as failed:
        recorder.asked(answer, QUESTION, door="page", caller=SOREN)
    assert "Søren" not in str(failed.value)


def test_the_service_removes_what_is_too_old_once_a_day(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.records import log as log_module
    from assistant.records import recorder as recorder_module
    from assistant.records.store import now

    recorder = Recorder.open(opened(log_days=30))
    long_ago = now() - timedelta(days=31)
    monkeypatch.setattr(log_module, "now", lambda: long_ago)
    recorder.log.append("ask", door="page", subject="old")
    recorder.feedback_store.add(Feedback("old", "down", when=long_ago))
    monkeypatch.setattr(log_module, "now", now)
    recorder.happened("ask", door="page", subject="new")
    assert [(entry.kind, entry.subject) for entry in recorder.log.entries()] == [("ask", "new"), ("prune", "")]
    assert recorder.feedback_store.of("old") is None
    recorder.feedback_store.add(Feedback("old", "down", when=long_ago))
    recorder.happened("ask", door="page")
    assert recorder.feedback_store.of("old") is not None, "not again on the same day"
    monkeypatch.setattr(recorder_module, "now", lambda: now() + timedelta(days=1))
    recorder.happened("ask", door="page")
    assert recorder.feedback_store.of("old") is None
