"""Whose logbook it is: every command refuses another's, in the same words, and leaves it alone."""

import sqlite3
from contextlib import closing

import pytest

NUMBER = "1:000000003"
WHY = ("--reason", "seen by the bookkeeper")
COMMANDS = (
    ("sync", "orders"),
    ("errors", "list"),
    ("errors", "show", NUMBER),
    ("errors", "retry", NUMBER),
    ("errors", "skip", NUMBER, *WHY),
    ("errors", "skip", "000000001", *WHY),  # never read
    ("errors", "skip", NUMBER, "--item", "MUG", *WHY),
    ("errors", "drop", NUMBER, *WHY),
    ("errors", "accept", NUMBER, *WHY),
    ("errors", "adopt", NUMBER, "1", *WHY),
    ("errors", "resolve", NUMBER, "--by", "credit", *WHY),
    ("audit", "verify"),
    ("audit", "erase", NUMBER, *WHY),
    ("why", NUMBER),
    ("plan", "000000003"),
    ("apply", NUMBER),
)
OTHERS = {
    "environment": {"KASHMAG_ENV": "prod"},
    "shop": {"KASHMAG_MAGENTO_URL": "http://127.0.0.1:9"},
    "account": {"KASHMAG_KASHFLOW_USERNAME": "somebody-else"},
}


def rows(folder):
    """Everything that stands in the logbook but for claims, which come and go."""
    with closing(sqlite3.connect(folder / "logbook.sqlite")) as connection:
        return [line for line in connection.iterdump() if '"claims"' not in line]


@pytest.mark.parametrize("what", OTHERS)
def test_every_command_refuses_the_logbook_of_another(
    what, installed, kashmag, tmp_path, monkeypatch
):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    before = rows(tmp_path)
    for name, value in OTHERS[what].items():
        monkeypatch.setenv(name, value)
    for command in COMMANDS:
        code, told, err = kashmag(*command)
        assert (code, told) == (2, []), command
        assert f"this logbook belongs to the {what} " in err, command
        assert rows(tmp_path) == before, command


def test_looking_at_ones_own_logbook_needs_no_credentials(
    installed, kashmag, tmp_path, monkeypatch
):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    for name in installed.environ:
        monkeypatch.delenv(name)
    assert kashmag("why", NUMBER)[0] == 0
    assert kashmag("audit", "verify")[0] == 0
    monkeypatch.setenv("KASHMAG_ENV", "prod")
    assert "belongs to the environment default, not to prod" in kashmag("why", NUMBER)[2]


def test_a_new_logbook_belongs_to_nobody_yet(installed, kashmag, tmp_path):
    assert kashmag("plan", "999")[0] != 0  # it is made, and bound
    with closing(sqlite3.connect(tmp_path / "logbook.sqlite")) as connection, connection:
        connection.execute("DELETE FROM memory WHERE name LIKE 'belongs.%'")
    assert kashmag("errors", "list")[:2] == (0, [{"groups": []}])
