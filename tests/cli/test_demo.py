import json
import os
import signal
import subprocess
import sys
import time

import pytest

from kashmag.cli import run


@pytest.fixture
def demo(capsys, tmp_path):
    def command(*arguments):
        code = run(["demo", "--json", "--folder", str(tmp_path / "demo"), *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, json.loads(out) if out else None, err

    return command


def counted(told):
    return [told[name] for name in ("posted", "skipped", "held", "failed")]


def test_the_demo_takes_the_recorded_orders_to_paid_invoices_once(demo):
    code, first, _ = demo()
    assert code == 1  # one order is held: the demo shows that, too
    assert first["read"] == sum(counted(first)) == len(first["documents"]) == 12
    posted = [one for one in first["documents"] if one["outcome"] == "posted"]
    assert len(posted) == first["posted"] == 6
    for one in posted:
        assert one["proof"] == "exact, read back"
        assert one["invoice"] == one["order"]["increment_id"].lstrip("0")
    _, again, _ = demo()
    assert again["posted"] == 0
    assert again["read"] == sum(counted(again)) == 12
    assert {one["invoice"] for one in again["documents"] if "invoice" in one} == {
        one["invoice"] for one in posted
    }


def test_generated_orders_come_on_top_and_stay_the_same(demo):
    _, told, _ = demo("--orders", "5", "--seed", "3")
    assert told["read"] == sum(counted(told)) >= 17
    assert told["failed"] == 0
    code, _, err = demo("--orders", "6")
    assert code == 2
    assert "--reset" in err
    _, again, _ = demo("--orders", "5", "--seed", "3")
    assert (again["read"], again["posted"]) == (told["read"], 0)


def test_on_a_bad_day_everything_is_posted_once_all_the_same(demo):
    _, told, _ = demo("--faults", "cut_after", "--seed", "5")
    assert told["failed"] == 0
    assert told["posted"] == 6


def test_a_bad_day_that_is_not_known_is_one_sentence(demo):
    code, told, err = demo("--faults", "rainy")
    assert (code, told) == (2, None)
    assert "rainy" in err


def test_reset_begins_anew(demo, tmp_path):
    demo()
    (tmp_path / "demo" / "of-mine.txt").write_text("kept")
    _, anew, _ = demo("--reset")
    assert (anew["read"], anew["posted"]) == (12, 6)
    assert (tmp_path / "demo" / "of-mine.txt").is_file()


def test_people_see_a_table_and_the_counts(capsys, tmp_path):
    run(["demo", "--folder", str(tmp_path)])
    out, err = capsys.readouterr()
    assert out == ""
    assert "exact, read back" in err
    assert "read 12 = posted 6 + skipped 5 + held 1 + failed 0" in err
    assert "Credit memo 000000002 has an adjustment" in err
    assert "What to try next" in err


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_demo_that_is_killed_goes_on_where_it_was(demo, tmp_path):
    arguments = ["demo", "--json", "--folder", str(tmp_path / "demo")]
    for seconds in (1.6, 2.0):
        victim = subprocess.Popen(
            [sys.executable, "-c", f"from kashmag.cli import main; main({arguments})"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
    _, told, _ = demo()
    assert told["failed"] == 0
    invoices = [one["invoice"] for one in told["documents"] if "invoice" in one]
    assert sorted(invoices) == sorted(set(invoices))
    assert len(invoices) == 6


def test_real_books_are_never_posted_to(demo, monkeypatch):
    monkeypatch.setenv("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2")
    monkeypatch.setenv("KASHMAG_KASHFLOW_USERNAME", "somebody")
    _, told, _ = demo()
    assert told["posted"] == 6
