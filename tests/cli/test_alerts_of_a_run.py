"""What a run says of its alerts and of the log: on standard error, once, in a line each."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kashmag.cli import run
from kashmag.cli.logged import logged


class Hook(ThreadingHTTPServer):
    """A web hook that takes alerts, or does not."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Post)
        self.answer, self.received = 204, []


class Post(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.answer == 204:
            self.server.received.append(json.loads(body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hook(monkeypatch):
    with Hook() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv(
            "KASHMAG_ALERTS_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/secret-path"
        )
        monkeypatch.setenv("KASHMAG_ALERTS_WEBHOOK_SECRET", "shared")
        yield server
        server.shutdown()


def findings(kashmag, *arguments):
    _, (told,), _ = kashmag("doctor", *arguments)
    return {one["subject"]: one for one in told["findings"] if one["code"] == "alerts"}


@pytest.mark.parametrize("answer", [500, 302])
def test_an_alert_that_was_not_taken_is_said_and_brought_by_the_next_run(
    installed, kashmag, hook, answer
):
    hook.answer = answer
    _, (told,), err = kashmag("sync", "orders")
    (undelivered,) = told["undelivered"]
    assert undelivered["receiver"] == "webhook_alerts"
    assert str(answer) in undelivered["message"]
    (line,) = [one for one in err.splitlines() if "not taken" in one]
    assert undelivered["message"] in line
    assert "kashmag doctor --send-test-alert" in line
    assert "secret-path" not in err
    owed = findings(kashmag)["alerts: webhook_alerts: owed"]
    assert owed["level"] == "warning"
    assert undelivered["message"] in owed["message"]
    tried = findings(kashmag, "--send-test-alert")["alerts: webhook_alerts: test"]
    assert tried["level"] == "fault"

    hook.answer = 204
    _, (told,), err = kashmag("sync", "orders")
    assert told["undelivered"] == []
    assert err == ""
    (alert,) = hook.received
    assert "adjustment_held" in {one["code"] for one in alert["new"]}
    assert "alerts: webhook_alerts: owed" not in findings(kashmag)
    kashmag("sync", "orders")
    assert len(hook.received) == 1


def test_news_are_told_on_standard_error_once_a_line_each(installed, kashmag):
    code, (told,), err = kashmag("sync", "orders")
    assert code == 1
    lines = err.splitlines()
    assert lines
    assert all(line.startswith("kashmag: alert: new: ") for line in lines)
    assert len(lines) == len({code for one in told["documents"] for code in one["codes"]})
    _, _, err = kashmag("sync", "orders")
    assert err == ""


def test_a_run_in_which_all_is_well_says_nothing_of_the_log(installed, capsys):
    assert run(["sync", "orders", "000000002"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert not [line for line in err.splitlines() if line.startswith("kashmag")]


LEAVING = """
from kashmag import hookimpl


@hookimpl
def kashmag_{hook}({argument}):
    raise SystemExit(0)
"""


def rules(tmp_path, code):
    (tmp_path / "our_rules.py").write_text(code)
    settings = tmp_path / "kashmag.toml"
    settings.write_text('rules = ["./our_rules.py"]\n' + settings.read_text())


def test_a_rule_that_leaves_the_program_is_a_plugins_fault(installed, kashmag, tmp_path):
    rules(tmp_path, LEAVING.format(hook="object", argument="sale"))
    code, (told,), _ = kashmag("sync", "orders", "000000002")
    assert (code, told["failed"]) == (2, 1)
    assert "plugin our_rules failed in kashmag_object: SystemExit" in told["documents"][0]["reason"]


def test_an_observer_that_leaves_the_program_is_told_and_not_obeyed(installed, kashmag, tmp_path):
    rules(tmp_path, LEAVING.format(hook="observe", argument="event"))
    code, (told,), err = kashmag("sync", "orders", "000000002")
    assert (code, told["posted"]) == (0, 1)
    lines = err.splitlines()
    assert lines
    assert set(lines) == {"kashmag: observer our_rules failed: SystemExit: 0 (--debug shows where)"}


def test_a_rule_file_that_leaves_the_program_is_refused(installed, kashmag, tmp_path):
    rules(tmp_path, "raise SystemExit(0)")
    code, _, err = kashmag("sync", "orders")
    assert code == 2
    assert "the rules in ./our_rules.py cannot be loaded: SystemExit: 0" in err


def test_whoever_leaves_the_program_in_the_middle_has_not_succeeded(monkeypatch, capsys):
    def leaves(*_, **__):
        raise SystemExit(0)

    monkeypatch.setattr("kashmag.cli.running.app", leaves)
    assert run(["sync", "orders"]) == 5
    assert "unexpected fault, please report it: SystemExit: 0" in capsys.readouterr().err


def test_the_log_is_told_in_lines_and_leaves_nothing_behind(capsys):
    log = logging.getLogger("kashmag")
    with logged(debug=False):
        logging.getLogger("kashmag.rest").info("no news")
        logging.getLogger("kashmag.rest").warning("two\nlines")
        logging.getLogger("kashmag.events").warning("told by the command")
        try:
            raise LookupError("nobody")
        except LookupError:
            logging.getLogger("kashmag.hooks").exception("it failed")
    assert capsys.readouterr().err.splitlines() == [
        "kashmag: two lines",
        "kashmag: it failed: LookupError: nobody (--debug shows where)",
    ]
    with logged(debug=True):
        logging.getLogger("kashmag.events").info("everything")
    assert "everything" in capsys.readouterr().err
    assert (log.handlers, log.level) == ([], logging.NOTSET)
    held = logging.NullHandler()
    log.addHandler(held)
    with logged(debug=True):
        assert log.handlers == [held]
    log.removeHandler(held)
