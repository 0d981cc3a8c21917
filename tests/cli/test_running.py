import json
import os
import subprocess
import sys

import pytest

from kashmag.cli import run
from kashmag.sandbox.magento import MagentoSandbox


def python(code, *, stdout=subprocess.PIPE, **environ):
    return subprocess.run(
        [sys.executable, "-c", code],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environ},
    )


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("cyclopts", ["plan"], "cli"),
        ("rich", ["plan"], "cli"),
        ("starlette", ["demo"], "sandbox"),
        ("uvicorn", ["sandbox"], "sandbox"),
    ],
)
def test_a_missing_extra_is_one_sentence_with_the_command_that_installs_it(
    missing, arguments, extra
):
    told = python(
        f"import sys\nsys.modules[{missing!r}] = None\n"
        f"from kashmag.cli import main\nmain({arguments!r})"
    )
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert missing in told.stderr
    assert f"pip install 'kashmag[{extra}]'" in told.stderr


BROKEN = (
    "import kashmag.cli.documents\n"
    "def breaks(*_): raise ZeroDivisionError('a fault of ours')\n"
    "kashmag.cli.documents.read_documents = breaks\n"
    "from kashmag.cli import main\n"
)


@pytest.mark.parametrize(
    ("arguments", "environ", "shows"),
    [
        ([], {}, False),
        (["--debug"], {}, True),
        ([], {"KASHMAG_DEBUG": "1"}, True),
    ],
)
def test_a_fault_of_ours_is_one_sentence_and_exit_code_5(arguments, environ, shows):
    told = python(f"{BROKEN}main(['plan', '--order-file', 'x.json', *{arguments!r}])", **environ)
    assert told.returncode == 5
    assert "unexpected fault, please report it: ZeroDivisionError: a fault of ours" in told.stderr
    assert ("Traceback" in told.stderr) is shows
    if not shows:
        assert len(told.stderr.splitlines()) == 1


def test_a_reader_who_has_seen_enough_gets_no_traceback(tmp_path):
    with MagentoSandbox() as shop:
        shop.load_recorded()
        (tmp_path / "orders.json").write_text(json.dumps(shop.orders() * 8, default=str))
    orders = json.loads((tmp_path / "orders.json").read_text())
    for number, order in enumerate(orders):
        order["entity_id"] = number
    (tmp_path / "orders.json").write_text(json.dumps(orders))
    reading, writing = os.pipe()
    arguments = ["plan", "--json", "--order-file", str(tmp_path / "orders.json")]
    process = subprocess.Popen(
        [sys.executable, "-c", f"from kashmag.cli import main; main({arguments!r})"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 141
    assert err == ""


def test_help_and_version_are_told_on_standard_output(capsys):
    for arguments, word in ((["--help"], "Usage:"), (["--version"], "0."), ([], "Usage:")):
        assert run(arguments) == 0
        assert word in capsys.readouterr().out


def test_an_order_name_needs_a_number(capsys, monkeypatch):
    for name in (":", "eu:", "", ":1"):
        assert run(["plan", name]) == 2
        assert "is no order" in capsys.readouterr().err
    for name in ("memo:000000002", "customer:7"):
        assert run(["sync", "orders", name]) == 2
        assert f"{name} is no order" in capsys.readouterr().err
