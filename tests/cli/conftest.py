"""The command line as its user has it, between two stand-ins on loopback ports."""

import asyncio
import json
import threading

import pytest

from kashmag.cli import run
from kashmag.cli.stand_ins import stand_ins
from kashmag.cli.wanted import Wanted

SETTINGS = """
[policy]
go_live = 2020-01-01
numbering = "order"
credit_numbers_from = 1000000000

[policy.payments]
checkmo = { action = "post", method = 4, bank_account = 1 }
purchaseorder = { action = "post", method = 1, bank_account = 1 }
free = { action = "leave" }
"""


@pytest.fixture
def on_loopback():
    """Both stand-ins, served by a thread of their own while the test runs."""
    ready, held = threading.Event(), []

    async def serve():
        done = asyncio.Event()
        async with stand_ins(Wanted()) as running:
            held.extend((running, asyncio.get_running_loop(), done))
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    running, loop, done = held
    yield running
    loop.call_soon_threadsafe(done.set)
    thread.join(30)


@pytest.fixture
def installed(on_loopback, tmp_path, monkeypatch):
    """Settings that point at the stand-ins, in a working folder of their own."""
    for name, value in on_loopback.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KASHMAG_LOGBOOK_URL", f"sqlite:///{tmp_path.as_posix()}/logbook.sqlite")
    (tmp_path / "kashmag.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return on_loopback


@pytest.fixture
async def shop(request, tmp_path, monkeypatch):
    """Both stand-ins in the test's own loop, and the settings that its module calls POLICY."""
    (tmp_path / "kashmag.toml").write_text(request.module.POLICY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KASHMAG_LOGBOOK_URL", f"sqlite:///{tmp_path}/logbook.sqlite")
    async with stand_ins(Wanted()) as running:
        for name, value in running.environ.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def kashmag(capsys):
    """Run a command with --json: exit code, documents on standard output, standard error."""

    def command(*arguments):
        code = run([*arguments, "--json"])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, [json.loads(line) for line in out.splitlines()], err

    return command
