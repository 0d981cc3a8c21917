"""The trail on the command line: whole, and without the people who asked to be forgotten."""

import sqlite3
from contextlib import closing


def logbook(folder):
    """Everything that stands in the logbook."""
    with closing(sqlite3.connect(folder / "logbook.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def assert_whole(verified):
    """The trail of a command is whole; return its digest."""
    code, (told,), _ = verified
    assert code == 0
    assert told.keys() == {"whole", "rows", "digest", "faults"}
    assert (told["whole"], told["faults"]) == (True, [])
    return told["digest"]


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
    assert_whole(kashmag("audit", "verify"))
    (_, (run,), _) = kashmag("sync", "orders", "000000003")
    assert (run["posted"], run["skipped"]) == (0, 1)


def test_erasing_needs_a_reason_and_a_document(installed, kashmag):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    code, _, words = kashmag("audit", "erase", "1:000000003", "--reason", " ")
    assert code == 2
    assert "reason" in words
    assert kashmag("audit", "erase", "999", "--reason", "asked for")[0] != 0


def test_rows_that_were_cut_off_are_missed_by_a_digest_that_was_written_down(
    installed, kashmag, tmp_path
):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    earlier = assert_whole(kashmag("audit", "verify"))
    assert kashmag("errors", "skip", "1:000000003", "--reason", "a sample")[0] == 0
    later = assert_whole(kashmag("audit", "verify", "--expect", earlier.upper()))
    assert later != earlier
    with closing(sqlite3.connect(tmp_path / "logbook.sqlite")) as connection, connection:
        (writer,) = connection.execute("SELECT writer FROM audit ORDER BY seq DESC").fetchone()
        for table in ("audit", "audit_heads"):
            connection.execute(f"DELETE FROM {table} WHERE writer = ?", [writer])
        connection.execute("UPDATE audit_heads SET named = false")
    # Nothing in the logbook is newer: only who has written the digest down can tell.
    assert assert_whole(kashmag("audit", "verify", "--expect", earlier)) == earlier
    code, (told,), _ = kashmag("audit", "verify", "--expect", later)
    assert (code, told["whole"]) == (1, False)
    assert "written down" in told["faults"][0]["message"]


def test_one_decision_that_was_taken_out_is_missed_as_soon_as_anything_else_is_written(
    installed, kashmag, tmp_path
):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    assert kashmag("errors", "skip", "1:000000003", "--reason", "a sample")[0] == 0
    kashmag("sync", "orders", "000000001")
    with closing(sqlite3.connect(tmp_path / "logbook.sqlite")) as connection, connection:
        (writer,) = connection.execute("SELECT writer FROM audit WHERE what = 'decided'").fetchone()
        for table in ("audit", "audit_heads"):
            connection.execute(f"DELETE FROM {table} WHERE writer = ?", [writer])
    code, (told,), _ = kashmag("audit", "verify")
    assert (code, told["whole"]) == (1, False)
    assert any(writer in one["message"] for one in told["faults"])
