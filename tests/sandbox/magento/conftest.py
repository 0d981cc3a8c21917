"""Shops for tests, a clock to turn, a client without sockets, and recorded exchanges."""

import json
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from attrs import field, frozen

from kashmag.sandbox.magento import MagentoSandbox

SAMPLES = Path(__file__).parents[2] / "samples" / "magento"
_ANSWER = re.compile(r"^--> (\d+) .*$", re.MULTILINE)


@frozen
class Exchange:
    name: str
    method: str
    url: str = field(kw_only=True)
    headers: dict[str, str] = field(kw_only=True)
    body: str = field(kw_only=True)
    status: int = field(kw_only=True)
    content_type: str = field(kw_only=True)
    answer: str = field(kw_only=True)
    at: str = field(kw_only=True)
    """The time of the answer, HH:MM:SS."""

    @property
    def is_json(self) -> bool:
        return self.content_type.startswith("application/json")

    @property
    def document(self) -> object:
        return json.loads(self.answer)


def exchange(name: str) -> Exchange:
    text = (SAMPLES / "exchanges" / f"{name}.txt").read_text("utf-8")
    found = _ANSWER.search(text)
    assert found is not None, name
    asked, answered = text[: found.start()].strip("\n"), text[found.end() :]
    head, _, body = asked.partition("\n\n")
    lines = head.split("\n")
    method, _, url = lines[0].partition(" ")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    received = dict(line.split(": ", 1) for line in answered.strip().split("\n") if ": " in line)
    return Exchange(
        name,
        method,
        url=url,
        headers=headers,
        body=body.strip(),
        status=int(found[1]),
        content_type=received.get("Content-Type", ""),
        answer=(SAMPLES / "recorded" / f"{name}.json").read_text("utf-8"),
        at=received["Date"].split()[4],
    )


START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += timedelta(**by)

    def set(self, text):
        hours, minutes, seconds = (int(part) for part in text.split(":"))
        self.now = datetime(2026, 11, 23, hours, minutes, seconds, tzinfo=UTC)


def recorded_shop(**options):
    sandbox = MagentoSandbox(**options)
    sandbox.load_recorded()
    return sandbox


@asynccontextmanager
async def speaking_to(sandbox, **headers):
    transport = httpx.ASGITransport(app=sandbox.app)
    standard = {"Authorization": f"Bearer {sandbox.credentials.bearer_token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://shop.example", headers=standard | headers
    ) as client:
        yield client


def criteria(*filters, page_size=None, page=None, sort=None):
    parts = []
    for group, (name, condition, value) in enumerate(filters):
        start = f"searchCriteria[filter_groups][{group}][filters][0]"
        parts += [
            (f"{start}[field]", name),
            (f"{start}[value]", str(value)),
            (f"{start}[condition_type]", condition),
        ]
    for place, (name, direction) in enumerate(sort or ()):
        parts += [
            (f"searchCriteria[sortOrders][{place}][field]", name),
            (f"searchCriteria[sortOrders][{place}][direction]", direction),
        ]
    if page_size is not None:
        parts.append(("searchCriteria[pageSize]", str(page_size)))
    if page is not None:
        parts.append(("searchCriteria[currentPage]", str(page)))
    return dict(parts or [("searchCriteria", "")])


@pytest.fixture
def clock():
    """A clock that stands still."""
    return Clock()


@pytest.fixture(name="recorded_shop")
def recorded_shop_fixture():
    """Make a shop with the recorded orders."""
    return recorded_shop


@pytest.fixture(name="speaking_to")
def speaking_to_fixture():
    """Open a client to a shop."""
    return speaking_to


@pytest.fixture(name="criteria")
def criteria_fixture():
    """Write search criteria as parameters."""
    return criteria


@pytest.fixture(name="exchange")
def exchange_fixture():
    """Read a recorded exchange."""
    return exchange
