"""Opening a database: connecting, making durable, migrating, refusing what is newer than we are."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from kashmag.errors import LogbookBusyError, LogbookError
from kashmag.logbook.database.tables import HEAD, VERSION_TABLE

BUSY_SECONDS: Final = 30
_NOT_SCRUBBED: Final = (
    "the rows are erased; erase once more, so that no trace stays in the logbook's files, which"
)
# Any number does; the same for every kashmag, so that one migrates and the others wait.
MIGRATION_LOCK: Final = 5_274_610_293


def parse_url(url: str) -> URL:
    """The address of a logbook; LogbookError when it is none that we can open."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise LogbookError(
            "the logbook's URL is not one: sqlite:///PATH or postgresql://"
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise LogbookError(f"a logbook is kept in SQLite or PostgreSQL, not in {other}")


def is_sqlite(url: URL) -> bool:
    """Tell SQLite from PostgreSQL."""
    return url.get_backend_name() == "sqlite"


def is_in_memory(url: URL) -> bool:
    """Tell a SQLite database that lives in one connection only."""
    return is_sqlite(url) and url.database in (None, "", ":memory:")


def connect(url: URL, *, to_write: bool) -> Engine:
    """An engine for one thread; SQLite begins writing transactions with the lock in hand."""
    if not is_sqlite(url):
        return _postgresql(url)
    # SQLite's own kind of URL says itself how the file is opened.
    if url.database and not (is_in_memory(url) or url.database.startswith("file:")):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        _make_private(Path(url.database))
    engine = create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    begin = "BEGIN IMMEDIATE" if to_write else "BEGIN"

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def scrub(url: URL) -> None:
    """Write SQLite's file anew, so that nothing stands in it, or beside it, that is no row.

    Where rows grow, SQLite moves them to other pages, and what it leaves behind is not wiped by
    `secure_delete`; what was overwritten stands in the write-ahead file until that is cut off.

    Raises:
        LogbookBusyError: somebody was reading or writing for half a minute.
        LogbookError: there is no room on the disk for a second copy.
    """
    engine = connect(url, to_write=True)
    try:
        with contextlib.closing(engine.raw_connection()) as raw:
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise LogbookError(f"{_NOT_SCRUBBED} could not be written anew: {error}") from None
        is_busy = True
    finally:
        engine.dispose()
    if is_busy:
        raise LogbookBusyError(f"{_NOT_SCRUBBED} are in use by another process")


def _make_private(file: Path) -> None:
    """Make a new file for nobody but us: buyers' names stand in it."""
    # It may be there already; and that it cannot be made, SQLite says itself.
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def migrate(engine: Engine) -> None:
    """Bring the tables to this version's; LogbookError when they are of a newer one."""
    try:
        # On SQLite the write lock is in hand from the first statement on: one migrates at a time.
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
                )
            found = _version(connection)
            if found != HEAD:
                _upgrade(connection, found)
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        if "locked" in said:
            raise LogbookBusyError(f"another process keeps the logbook locked: {said}") from None
        if "starting up" in said or "shutting down" in said:
            raise LogbookBusyError(f"the logbook's server is restarting: {said}") from None
        raise LogbookError(f"the logbook cannot be opened: {said}") from None


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise LogbookError(
            "a logbook in PostgreSQL needs the extra: pip install 'kashmag[postgres]'"
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun by us, never by the driver: its own BEGIN takes the lock too late.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "secure_delete = ON",  # what is erased is gone from the file too
    ):
        connection.execute(f"PRAGMA {pragma}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Tell that somebody else is at it; the low byte is the code, the others tell which way."""
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _write_ahead(connection: sqlite3.Connection) -> None:
    # SQLite's own patience does not cover this switch: of two that open a new file at the same
    # moment, both holding it to read, one is refused at once, so that they do not wait for ever.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return str(found or "")


def _upgrade(connection: Connection, found: str) -> None:
    # Imported only when there is something to migrate: it takes a fifth of a second.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "kashmag.logbook:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found and found not in known:
        raise LogbookError(
            f"the logbook was written by a newer kashmag (its tables are {found}, ours {HEAD}): "
            "install that one"
        )
    command.upgrade(config, HEAD)
