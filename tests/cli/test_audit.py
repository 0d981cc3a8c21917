"""The trail on the command line: whole, and without the people who asked to be forgotten."""

import sqlite3
from contextlib import closing


def logbook(folder):
    """Everything that stands in the logbook."""
    with closing(sqlite3.connect(folder / "logbook.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def test_who_asks_to_be_forgotten_is_and_the_trail_stays_whole(installed, kashmag, tmp_path):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    (customer,) = installed.kashflow.customers()
    email = customer["Contacts"][0]["Email"]
    assert email in logbook(tmp_path)

    code, (done,), _ = kashmag("audit", "erase", "1:000000003", "--reason", "asked for")
    assert code == 0
    assert done["erased"] > 0

    assert email not in logbook(tmp_path)
    assert kashmag("why", "1:000000003")[1][0]["outcome"] == "posted"
    assert kashmag("audit", "verify")[1] == [{"whole": True, "faults": []}]
    (_, (run,), _) = kashmag("sync", "orders", "000000003")
    assert (run["posted"], run["skipped"]) == (0, 1)


def test_erasing_needs_a_reason_and_a_document(installed, kashmag):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    code, _, words = kashmag("audit", "erase", "1:000000003", "--reason", " ")
    assert code == 2
    assert "reason" in words
    assert kashmag("audit", "erase", "999", "--reason", "asked for")[0] != 0
