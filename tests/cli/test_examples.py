"""The starter scripts, run as their user runs them, against both stand-ins."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def script(installed, tmp_path):
    shutil.copy(EXAMPLES / "kashmag.toml", tmp_path)
    shutil.copy(EXAMPLES / "our_rules.py", tmp_path)

    def command(name, *arguments):
        return subprocess.run(
            [sys.executable, str(EXAMPLES / name), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=os.environ,
        )

    return command


def test_one_order_is_posted_once_by_our_own_rules(script, installed):
    first = script("post_one_order.py", "000000003")
    assert first.returncode == 0, first.stderr
    assert "books go to 4010" in first.stdout
    assert "posted: customer" in first.stdout
    again = script("post_one_order.py", "000000003")
    assert again.returncode == 0, again.stderr
    assert "already posted" in again.stdout
    references = [one["CustomerReference"] for one in installed.kashflow.invoices()]
    assert references.count("M1-ORD-000000003") == 1


def test_a_scheduled_run_reports_what_waits(script):
    ran = script("sync_and_report.py")
    assert ran.returncode == 1, ran.stderr
    assert "read 12 = posted" in ran.stdout
    assert "000000001 held:" in ran.stdout
    assert "because of adjustment_held" in ran.stdout


def test_an_order_that_is_not_there_is_one_sentence(script):
    ran = script("post_one_order.py", "000009999")
    assert ran.returncode == 1
    assert "000009999" in ran.stderr
    assert "Traceback" not in ran.stderr
