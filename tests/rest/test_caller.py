"""Sending operations: signed afresh, repeated only where safe, told to observers."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from attrs import field, frozen

from kashmag.errors import (
    BrokenError,
    DeclinedError,
    NoAnswerError,
    RateLimitedError,
    ReadOnlyError,
    UnexpectedPayloadError,
    UnreachableError,
)
from kashmag.rest.authentication import Credential, SignIn
from kashmag.rest.caller import Exchange
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options
from kashmag.rest.wire import Request, Response

OK = Response(200, body=b"fine")
WRITES = (Effect.ONCE, Effect.REPEATABLE)


@frozen
class Counting:
    """Signs with a number that is never used twice."""

    numbers: itertools.count[int] = field(factory=itertools.count)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        del credential
        return request.with_headers({"Authorization": f"nonce {next(self.numbers)}"})

    def sign_in(self, root: str) -> SignIn | None:
        del root
        return None


async def test_the_answer_is_what_decode_reads(make_caller, make_far, make_operation) -> None:
    assert await make_caller(make_far(OK)).call(make_operation()) == b"fine"


async def test_each_attempt_is_signed_afresh(make_caller, make_far, make_operation) -> None:
    far = make_far(Response(503), Response(503), OK)
    await make_caller(far, Counting()).call(make_operation())
    assert [dict(one.headers)["Authorization"] for one in far.requests] == [
        "nonce 0",
        "nonce 1",
        "nonce 2",
    ]


@pytest.mark.parametrize("effect", WRITES)
async def test_a_read_only_client_raises_before_anything_is_sent(
    make_caller, make_far, make_operation, effect
) -> None:
    far = make_far(OK)
    with pytest.raises(ReadOnlyError):
        await make_caller(far, read_only=True).call(make_operation(effect))
    assert far.requests == []
    assert await make_caller(far, read_only=True).call(make_operation()) == b"fine"


@pytest.mark.parametrize(
    "fault", [NoAnswerError("cut"), Response(500), Response(503)], ids=["cut", "500", "503"]
)
async def test_a_write_that_may_have_arrived_is_sent_once(
    make_caller, make_far, make_operation, fault
) -> None:
    far = make_far(fault, OK)
    with pytest.raises((NoAnswerError, BrokenError)):
        await make_caller(far).call(make_operation(Effect.ONCE), Options(retries=50))
    assert len(far.requests) == 1


@pytest.mark.parametrize("fault", [UnreachableError("no"), Response(429)], ids=["down", "429"])
@pytest.mark.parametrize("effect", Effect)
async def test_what_was_surely_not_done_is_sent_again(
    make_caller, make_far, make_operation, fault, effect
) -> None:
    far = make_far(fault, OK)
    assert await make_caller(far).call(make_operation(effect)) == b"fine"
    assert len(far.requests) == 2


@pytest.mark.parametrize("effect", WRITES)
async def test_a_write_that_is_late_does_not_leave_and_is_not_repeated(
    make_caller, make_far, make_operation, effect
) -> None:
    far, late = make_far(Response(503), OK, OK), Options(is_late=lambda: bool(far.requests))
    caller = make_caller(far)
    with pytest.raises(BrokenError):  # it was early when it left; its repetition would not be
        await caller.call(make_operation(effect), late)
    with pytest.raises(UnreachableError):
        await caller.call(make_operation(effect), late)
    assert len(far.requests) == 1
    assert await caller.call(make_operation(), late) == b"fine"  # whoever only reads may be late


async def test_retry_after_is_waited_out(make_caller, make_far, make_operation, hands) -> None:
    far = make_far(Response(503, (("Retry-After", "17"),)), OK)
    await make_caller(far).call(make_operation())
    assert hands.seconds == 17


async def test_one_calls_retry_after_holds_back_the_others(
    make_caller, make_far, make_operation, hands
) -> None:
    far = make_far(Response(429, (("Retry-After", "17"),)), OK)
    caller = make_caller(far)
    with pytest.raises(RateLimitedError) as caught:
        await caller.call(make_operation(), Options(retries=0))
    assert caught.value.retry_after is not None
    await caller.call(make_operation())
    assert hands.seconds == 17


async def test_a_server_that_wants_an_hour_is_not_waited_for(
    make_caller, make_far, make_operation, hands
) -> None:
    far = make_far(Response(503, (("Retry-After", "3600"),)), OK)
    caller = make_caller(far)
    with pytest.raises(BrokenError):
        await caller.call(make_operation())
    await caller.call(make_operation())
    assert hands.seconds == 0


async def test_options_say_how_often(make_caller, make_far, make_operation) -> None:
    far = make_far(Response(503))
    with pytest.raises(BrokenError):
        await make_caller(far, options=Options(retries=1)).call(make_operation())
    assert len(far.requests) == 2
    with pytest.raises(BrokenError):
        await make_caller(far, options=Options(retries=9)).call(
            make_operation(), Options(retries=0)
        )
    assert len(far.requests) == 3


async def test_an_error_names_vendor_operation_status_and_request_id(
    make_caller, make_far, make_operation
) -> None:
    far = make_far(Response(404, (("X-Request-Id", "abc"),)))
    with pytest.raises(DeclinedError) as caught:
        await make_caller(far).call(make_operation())
    error = caught.value
    assert (error.vendor, error.operation, error.status, error.request_id) == (
        "Far",
        "get thing",
        404,
        "abc",
    )
    assert str(error) == "Far get thing (404): no"


async def test_an_unreadable_answer_is_named_too(make_caller, make_far) -> None:
    def decode(_: Response) -> int:
        raise UnexpectedPayloadError("this is no thing", paths=("$.a",))

    operation = Operation("get thing", "GET", path="/x", effect=Effect.READ, decode=decode)
    with pytest.raises(UnexpectedPayloadError) as caught:
        await make_caller(make_far(OK)).call(operation)
    assert caught.value.paths == ("$.a",)
    assert str(caught.value) == "Far get thing (200): this is no thing"


async def test_observers_are_told_of_each_attempt_and_never_obeyed(
    make_caller, make_far, make_operation, caplog
) -> None:
    seen: list[Exchange] = []

    def clumsy(_: Exchange) -> None:
        raise RuntimeError("dropped it")

    far = make_far(Response(503), OK)
    caller = make_caller(far, Counting(), observers=(clumsy, seen.append))
    assert await caller.call(make_operation()) == b"fine"
    assert [one.response.status for one in seen if one.response] == [503, 200]
    assert [type(one.error).__name__ for one in seen] == ["BrokenError", "NoneType"]
    assert [one.attempt for one in seen] == [1, 2]
    assert "nonce" not in repr(seen)
    assert "dropped it" in caplog.text


async def test_headers_of_operation_and_options_travel(make_caller, make_far) -> None:
    far = make_far(OK)
    operation = Operation(
        "x",
        "POST",
        path="/x",
        effect=Effect.READ,
        decode=lambda r: r,
        body=b"{}",
        headers=(("Accept", "application/pdf"),),
    )
    await make_caller(far).call(operation, Options(headers={"X-Trace": "7"}))
    headers = dict(far.requests[0].headers)
    assert headers["Accept"] == "application/pdf"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Trace"] == "7"


async def test_raw_returns_the_response_of_a_success(make_caller, make_far, make_operation) -> None:
    assert await make_caller(make_far(OK)).raw(make_operation()) == OK


async def test_a_cancelled_call_frees_its_place(make_caller, make_far, make_operation) -> None:
    class Slow:
        async def send(self, request: Request) -> Response:
            del request
            await asyncio.Event().wait()
            raise AssertionError

        async def aclose(self) -> None: ...

    caller = make_caller(Slow())
    tasks = [asyncio.create_task(caller.call(make_operation())) for _ in range(20)]
    await asyncio.sleep(0)
    assert caller.pacing.running == 6
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert caller.pacing.running == 0


async def test_a_struggling_server_gets_fewer_calls_at_once(
    make_caller, make_far, make_operation
) -> None:
    caller = make_caller(make_far(Response(503), Response(503), OK))
    await caller.call(make_operation())
    assert caller.pacing.pace.allowed < 6
    for _ in range(50):
        await caller.call(make_operation())
    assert caller.pacing.pace.allowed == 6


async def test_a_closed_caller_sends_nothing(make_caller, make_far, make_operation, hands) -> None:
    far = make_far(OK)
    caller = make_caller(far)
    await caller.aclose()
    with pytest.raises(UnreachableError, match="closed"):
        await caller.call(make_operation())
    assert far.requests == []
    assert hands.slept == []
