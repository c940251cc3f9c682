"""The records in PostgreSQL: several writers append one chain, and the database itself refuses to change it.

Needs the server's programs (Debian: apt-get install postgresql) and the extra `postgres`; skipped without them.
"""

import io
import multiprocessing
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.errors import RecordsError
from assistant.records import store
from assistant.records.feedback import Feedback, FeedbackStore
from assistant.records.keys import KeyStore
from assistant.records.log import AuditLog
from assistant.records.store import Records, now
from assistant.settings import Settings

pytest.importorskip("psycopg", reason="psycopg is not installed; pip install 'assistant[postgres]'")
PASSWORD = "s3cret"


def program(name: str) -> str:
    """One of the server's programs, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = shutil.which(name) or (str(found[-1]) if found else None)
    if not path:
        pytest.skip(f"PostgreSQL's {name} is not installed; on Debian: apt-get install postgresql")
    return path


class Server:
    """A PostgreSQL server on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = None
        if os.geteuid() == 0:  # as whom it will not run
            self.user = "postgres"
            shutil.chown(folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(PASSWORD)
        options = ["--username=ida", f"--pwfile={secret}", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]
        made = subprocess.run(
            [program("initdb"), "-D", str(folder / "data"), "--locale=C", *options],
            user=self.user,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert made.returncode == 0, made.stderr
        self.start()

    def start(self) -> None:
        listening = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder)]
        sparing = ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=60"]
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                [program("postgres"), "-D", str(self.folder / "data"), *listening, *sparing],
                user=self.user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        for _ in range(300):
            asked = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(asked).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text("utf-8", "replace"))

    def stop(self) -> None:
        self.running.send_signal(2)  # SIGINT: connections are ended, and nothing is waited for
        self.running.wait(30)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # pytest's own folders are closed to other users
    started = None
    try:
        started = Server(folder)
        yield started
    finally:
        if started:
            started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    """A database of its own."""
    name = f"records_{time.monotonic_ns()}"
    place = f"ida:{PASSWORD}@127.0.0.1:{server.port}"
    command = [program("psql"), "-q", "-c", f"CREATE DATABASE {name}", f"postgresql://{place}/postgres"]
    subprocess.run(command, check=True, timeout=60)
    return Settings(records_folder=tmp_path / "records", records_url=f"postgresql://{place}/{name}")


@contextmanager
def opened(settings: Settings) -> Iterator[AuditLog]:
    log = AuditLog.open(settings)
    try:
        yield log
    finally:
        log.close()


def append_many(url: str, folder: Path, name: str, many: int) -> None:
    with opened(Settings(records_folder=folder, records_url=url)) as log:
        for number in range(many):
            log.append("ask", door="http", who=name, subject=f"{name}-{number}")


def test_writers_that_begin_at_once_append_one_chain(settings: Settings) -> None:
    url, folder = settings.records_url, settings.records_folder
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=append_many, args=(url, folder, f"p{n}", 40)) for n in range(3)]
    for process in processes:
        process.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_many(url, folder, f"t{n}", 10), range(8)))
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    with opened(settings) as log:
        found = log.verify()
        assert (found.fault, found.entries) == (None, 3 * 40 + 8 * 10)
        by_writer: dict[str, list[str]] = {}
        for entry in log.entries():
            by_writer.setdefault(entry.who, []).append(entry.subject)
    assert len(by_writer) == 11
    for name, subjects in by_writer.items():
        assert subjects == [f"{name}-{number}" for number in range(len(subjects))], "each in its own order"


def test_the_database_itself_refuses_to_change_what_is_written(settings: Settings) -> None:
    with opened(settings) as log:
        log.append("ask", door="page")
        log.append("ask", door="page")
        for statement in (
            "UPDATE log SET who = 'nobody'",
            "DELETE FROM log WHERE number = 1",
            "INSERT INTO log SELECT 7, at, kind, who, request_id, door, subject, body, previous, hash FROM log LIMIT 1",
            "UPDATE log_state SET head_number = 0",
            "DELETE FROM log_state",
        ):
            with pytest.raises(RecordsError, match="append-only"), log.records.writing() as connection:
                connection.execute(text(statement))
        assert log.verify().fault is None


def test_what_is_changed_without_the_triggers_is_found(settings: Settings) -> None:
    with opened(settings) as log:
        for _ in range(3):
            log.append("ask", door="page", who="søren")
        with log.records.writing() as connection:
            connection.execute(text("ALTER TABLE log DISABLE TRIGGER ALL"))
            connection.execute(text("UPDATE log SET who = 'nobody' WHERE number = 2"))
        fault = log.verify().fault
    assert fault is not None
    assert (fault.number, fault.what) == (2, "changed")


def test_feedback_keys_export_and_retention_are_as_in_a_file(settings: Settings) -> None:
    with opened(settings) as log:
        kept = FeedbackStore(log.records, log.privacy)
        kept.add(Feedback("a1", "up", who="ida", comment="\0ja"))
        kept.add(Feedback("a1", "down", who="ida", reason="wrong", comment="nej"))
        assert [(one.verdict, one.comment) for one in kept.list()] == [("down", "nej")]
        assert kept.withdraw("a1", "ida")
        _, secret = KeyStore(log.records).create("intranet", "curator")
        caller = KeyStore(log.records).caller(secret)
        assert caller is not None and caller.role == "curator"
        for number in range(3):
            log.append("upload", door="page", subject=f"{number}.md", body={"question": "\0\ud83d ø"})
        assert log.export(io.StringIO()) == 3
        assert log.prune(now() + timedelta(days=1)) == 3
        assert [entry.kind for entry in log.entries()] == ["prune"]
        assert log.verify().fault is None


def test_a_writer_that_hangs_is_waited_for_only_so_long_and_then_cut_off(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(settings) as patient:
        monkeypatch.setattr(store, "_WAIT_SECONDS", 0.3)
        monkeypatch.setattr(store, "_HELD_SECONDS", 2.0)
        with opened(settings) as hangs, opened(settings) as log:

            def hang() -> None:
                with hangs.records.writing() as connection:
                    connection.execute(text("SELECT * FROM log_state FOR UPDATE"))
                    holding.append(True)
                    time.sleep(4)

            holding: list[bool] = []
            with ThreadPoolExecutor(1) as pool:
                hanging = pool.submit(hang)
                while not holding:
                    time.sleep(0.02)
                with pytest.raises(RecordsError, match="lock timeout"):
                    log.append("ask", door="page")
                assert patient.append("ask", door="page").number == 1, "the others go on without it"
                with pytest.raises(RecordsError):
                    hanging.result()
        assert patient.verify().fault is None


def test_a_server_that_was_away_is_said_without_its_password_and_used_again(settings: Settings, server: Server) -> None:
    with opened(settings) as log:
        log.append("ask", door="page")
        server.stop()
        server.start()
        assert log.append("ask", door="page").number == 2, "its connections are made anew"
        server.stop()
        try:
            with pytest.raises(RecordsError, match="Check that the database runs") as refused:
                log.append("ask", door="page")
            with pytest.raises(RecordsError) as not_opened:
                Records.open(settings)
        finally:
            server.start()
        assert PASSWORD not in f"{refused.value}{not_opened.value}"
        assert log.append("ask", door="page").number == 3
        assert log.verify().fault is None


def test_a_driver_that_is_not_installed_is_named_with_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("No module named 'psycopg'")

    engine: Callable[..., None] = missing
    monkeypatch.setattr(store, "create_engine", engine)
    with pytest.raises(RecordsError, match=r"pip install 'assistant\[postgres\]'"):
        Records.open(settings)
