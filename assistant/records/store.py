"""Where records are kept: one database, a SQLite file or PostgreSQL; safe for several threads and processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from assistant.errors import RecordsError
from assistant.records import tables
from assistant.records.chain import START
from assistant.settings import Settings

FILE = "records.sqlite3"
_WAIT_SECONDS = 30.0  # for another writer to finish
_HELD_SECONDS = 300.0  # that a writer may do nothing in PostgreSQL: one that froze keeps the others waiting no longer
_CONNECT_SECONDS = 10
_LOCK = 5_310_766  # of PostgreSQL: held while the tables are made


class Records:
    """One open database of records. Made once, used from any thread."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.place = place  # as a message may show it: without a password
        self._engine = engine
        # SQLite reads one state in a transaction anyway; PostgreSQL does where it is asked to.
        snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reading = engine.execution_options(**snapshot)
        self._writing = engine.execution_options(writes=True)

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> "Records":
        """Open the records that the settings name.

        Args:
            create: make them where there are none yet; if not, that is an error.

        Raises:
            RecordsError: they cannot be opened.
        """
        url = _url(settings)
        place = url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string()
        file = settings.records_folder / FILE
        if not settings.records_url and not create and not file.is_file():
            raise RecordsError(place, "there are none yet", "They begin with the first question to the service")
        try:
            if not settings.records_url:
                settings.records_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            records = cls(_engine(url), place)
            records._make_tables()
        except OSError as error:
            raise RecordsError(place, error.strerror or type(error).__name__) from error
        except SQLAlchemyError as error:
            raise RecordsError(place, _reason(error), _FORM) from error
        except ImportError as error:
            raise RecordsError(place, str(error), "Install the driver: pip install 'assistant[postgres]'") from error
        return records

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one state of everything.

        Raises:
            RecordsError: the database does not do as asked.
        """
        with self._said(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, whole or not at all. In SQLite there is one at a time; in PostgreSQL, one that
        holds what another does, and whoever waits for it too long is told so.

        Raises:
            RecordsError: the database does not do as asked, and nothing was written.
        """
        with self._said(), self._writing.begin() as connection:
            yield connection

    def forget(self) -> None:
        """See to it that what was removed is in none of the database's files any more.

        Raises:
            RecordsError: the database does not do as asked.
        """
        if self._engine.dialect.name == "sqlite":  # the pages themselves are overwritten by secure_delete
            with self._said(), self._engine.connect() as connection:
                driver: Any = connection.connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise RecordsError(self.place, _reason(error)) from error

    def _make_tables(self) -> None:
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            is_new = not inspect(connection).has_table(tables.log.name)
            tables.schema.create_all(connection)
            if is_new:
                self._begin_log(connection)
            known = select(tables.about.c.value).where(tables.about.c.key == "format")
            found = connection.execute(known).scalar_one_or_none()
            if found is None:
                connection.execute(insert(tables.about).values(key="format", value=tables.FORMAT))
        if found not in (None, tables.FORMAT):
            raise RecordsError(
                self.place, f"they have format {found}", "Use the version of the assistant that wrote them, or a newer"
            )

    @staticmethod
    def _begin_log(connection: Connection) -> None:
        for statement in tables.refusals(connection.dialect.name):
            connection.exec_driver_sql(statement)
        number, start = START
        state = {"head_number": number, "head_hash": start, "anchor_number": number, "anchor_hash": start}
        connection.execute(insert(tables.log_state).values(id=1, **state))


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def stamped(moment: datetime) -> str:
    """A moment as records keep it: text that sorts as time does.

    >>> stamped(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(stamp: str) -> datetime:
    """The moment of a stamp."""
    return datetime.fromisoformat(stamp)


def clean(given: str) -> str:
    """Text that every database takes: without what is no character."""
    return given.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _url(settings: Settings) -> URL:
    if not settings.records_url:
        return URL.create("sqlite", database=str(Path(settings.records_folder).absolute() / FILE))
    try:
        url = make_url(settings.records_url)
        backend = url.get_backend_name()
    except ArgumentError as error:
        raise RecordsError("records_url", "it is no address of a database", _FORM) from error
    if backend != "postgresql":
        raise RecordsError(url.render_as_string(), f"{backend} is not supported", _FORM)
    # Which driver stands behind the bare name depends on the version of SQLAlchemy.
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


_FORM = "Set records_url to postgresql://user:password@host/name, or leave it empty for a file in records_folder"


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _postgres(url)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(driver: Any, _: Any) -> None:
        driver.isolation_level = None  # transactions begin below, not when the driver thinks fit
        driver.execute("PRAGMA journal_mode = WAL")  # whoever reads does not wait for whoever writes
        driver.execute("PRAGMA synchronous = FULL")  # what was written down survives a power cut
        driver.execute("PRAGMA secure_delete = ON")  # what was removed is gone from the file too

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: URL) -> Engine:
    waiting = {"connect_timeout": _CONNECT_SECONDS, "application_name": "assistant"}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=waiting)
    bounds = (
        f"SELECT set_config('lock_timeout', '{_WAIT_SECONDS * 1000:.0f}', true),"
        f" set_config('idle_in_transaction_session_timeout', '{_HELD_SECONDS * 1000:.0f}', true)"
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql(bounds)

    return engine


def _reason(error: SQLAlchemyError) -> str:
    """What the database said: one line, without the values that it was given."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return (said.splitlines() or [type(error).__name__])[0].strip()
