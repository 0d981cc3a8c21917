"""A far end that is down is not asked a dozen things, each as patiently as a run would."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.cli import run
from kashmag.cli.asking import FAILURES_IN_A_ROW, RETRY, TIMEOUT, Asking
from kashmag.errors import (
    BrokenError,
    KashmagError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    SignInError,
    UnreachableError,
)

DOWN = (BrokenError, NoAnswerError, RateLimitedError, UnreachableError)
outcomes = st.sampled_from((None, NotFoundError, NotPermittedError, SignInError, *DOWN))


@given(st.lists(outcomes, min_size=1, max_size=14))
async def test_nothing_is_asked_of_a_far_end_that_was_given_up(
    answers: list[type[KashmagError] | None],
) -> None:
    asked: list[int] = []
    asking = Asking(lambda _: None)

    async def answer(at: int) -> int:
        asked.append(at)
        kind = answers[at]
        if kind is not None:
            raise kind("so it is")
        return at

    told = [await asking.ask(str(at), lambda at=at: answer(at), -1) for at in range(len(answers))]
    assert asked == list(range(len(asked)))  # none is left out before it is given up
    # Everything that was asked has its own answer, and all the rest the error that ended it.
    for at, one in enumerate(told[: len(asked)]):
        assert (one.answer, type(one.error)) == (
            (at, type(None)) if answers[at] is None else (-1, answers[at])
        )
    if len(asked) < len(answers):
        last = told[len(asked) - 1].error
        assert isinstance(last, DOWN)
        assert all(one.error is last for one in told[len(asked) :])
    in_a_row = 0
    for at in asked:
        in_a_row = in_a_row + 1 if answers[at] in DOWN else 0
        assert in_a_row <= FAILURES_IN_A_ROW


def test_however_a_far_end_is_down_it_is_given_up_within_a_minute() -> None:
    waits = [RETRY.first_wait * 2**n for n in range(RETRY.retries)]
    slowest = TIMEOUT * (RETRY.retries + 1) + sum(waits, timedelta(0))
    assert slowest < timedelta(minutes=1)
    quick = FAILURES_IN_A_ROW * sum(waits, timedelta(0))
    assert quick < timedelta(seconds=10)


@pytest.fixture
def broken() -> Iterator[str]:
    """A server that answers every request with 500."""

    class Broken(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(500)
            self.end_headers()
            self.wfile.write(b'{"Error": "boom", "Message": "the store is closed"}')

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "variable", ["KASHMAG_KASHFLOW_URL", "KASHMAG_MAGENTO_URL"], ids=["account", "shop"]
)
def test_init_tells_what_is_asked_again_and_ends_with_try_again_later(  # noqa: PLR0917
    installed, tmp_path, monkeypatch, capsys, broken, variable
) -> None:
    url = f"{broken}/v2" if "KASHFLOW" in variable else broken
    monkeypatch.setenv(variable, url)
    assert run(["init", "--settings", "new.toml"]) == 3
    words = capsys.readouterr().err
    assert f"at {url}" in words
    assert "attempt 1, again in" in words
    assert "nothing is written" in words
    assert not (tmp_path / "new.toml").exists()
