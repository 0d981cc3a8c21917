"""Signing in: once, shared, never again after a refusal."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve, field, frozen

from kashmag.errors import BrokenError, NoAnswerError, SignInError, UnreachableError
from kashmag.rest.authentication import Credential, SignIn
from kashmag.rest.operation import Effect
from kashmag.rest.wire import Request, Response

START = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)


@frozen
class TwoSteps:
    """Signs in by asking and answering; the token is told by the far end."""

    expires_in: timedelta | None = None
    idle: timedelta | None = None
    now: list[datetime] = field(factory=lambda: [START])

    def sign(self, request: Request, credential: Credential | None) -> Request:
        assert credential is not None
        return request.with_headers({"Authorization": credential.secret})

    def sign_in(self, root: str) -> SignIn | None:
        return self._converse(root)

    def _converse(self, root: str) -> SignIn:
        riddle = yield Request("POST", f"{root}/session")
        if riddle.status == 403:
            raise SignInError("wrong password")
        token = yield Request("PUT", f"{root}/session", body=riddle.body)
        expires = START + self.expires_in if self.expires_in else None
        return Credential(token.body.decode(), expires_at=expires, idle=self.idle)


class House:
    """A far end with sessions: each sign-in makes a new token the only good one."""

    def __init__(self) -> None:
        self.sign_ins = 0
        self.refuses = False
        self.fails: list[Exception] = []
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        if request.url.endswith("/session"):
            if self.fails:
                raise self.fails.pop(0)
            if self.refuses:
                return Response(403)
            if request.method == "POST":
                return Response(200, body=b"riddle")
            self.sign_ins += 1
            return Response(200, body=f"token {self.sign_ins}".encode())
        shown = dict(request.headers).get("Authorization")
        good = shown == f"token {self.sign_ins}"
        return Response(200, body=b"welcome") if good else Response(401)

    def end_sessions(self) -> None:
        self.sign_ins += 1

    async def aclose(self) -> None: ...


async def test_the_first_call_signs_in_and_the_next_uses_it(make_caller, make_operation) -> None:
    house = House()
    caller = make_caller(house, TwoSteps())
    assert await caller.call(make_operation()) == b"welcome"
    assert await caller.call(make_operation()) == b"welcome"
    assert house.sign_ins == 1
    assert len(house.requests) == 4


@pytest.mark.parametrize("effect", Effect)
async def test_any_number_of_parallel_refusals_lead_to_one_sign_in(
    make_caller, make_operation, effect
) -> None:
    house = House()
    caller = make_caller(house, TwoSteps())
    await caller.call(make_operation())
    house.end_sessions()
    answers = await asyncio.gather(*(caller.call(make_operation(effect)) for _ in range(40)))
    assert set(answers) == {b"welcome"}
    posts = [one for one in house.requests if one.method == "POST"]
    assert len(posts) == 2


async def test_many_first_calls_sign_in_once(make_caller, make_operation) -> None:
    house = House()
    caller = make_caller(house, TwoSteps())
    await asyncio.gather(*(caller.call(make_operation()) for _ in range(40)))
    assert house.sign_ins == 1


async def test_a_refused_sign_in_is_never_repeated(make_caller, make_operation) -> None:
    house = House()
    house.refuses = True
    caller = make_caller(house, TwoSteps())
    for _ in range(3):
        with pytest.raises(SignInError, match="wrong password"):
            await caller.call(make_operation())
    answers = await asyncio.gather(
        *(caller.call(make_operation()) for _ in range(10)), return_exceptions=True
    )
    assert {type(one) for one in answers} == {SignInError}
    assert len(house.requests) == 1


async def test_while_a_session_is_renewed_nothing_goes_out_with_the_old_one(
    make_caller, make_operation
) -> None:
    class Deliberate(House):
        async def send(self, request: Request) -> Response:
            if request.url.endswith("/session"):
                for _ in range(30):
                    await asyncio.sleep(0)
            return await super().send(request)

    house = Deliberate()
    caller = make_caller(house, TwoSteps())
    await caller.call(make_operation())
    house.end_sessions()
    first = asyncio.create_task(caller.call(make_operation()))
    for _ in range(10):
        await asyncio.sleep(0)
    answers = await asyncio.gather(first, *(caller.call(make_operation()) for _ in range(30)))
    assert set(answers) == {b"welcome"}
    shown = [dict(one.headers).get("Authorization") for one in house.requests]
    assert shown.count("token 1") == 2  # the call before the end, and the one that found out


async def test_a_refusal_of_a_session_that_others_have_renewed_is_not_the_second(
    make_caller, make_operation
) -> None:
    class Slow(House):
        """Decides at once about a call by its number, but answers some much later."""

        waits = (0, 0, 20)

        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            if request.url.endswith("/session"):
                return answer
            number = sum(one.url.endswith("/things") for one in self.requests)
            if answer.status == 401 and "late" in request.url + str(dict(request.query)):
                for _ in range(self.waits[min(number, 2)]):
                    await asyncio.sleep(0)
            return answer

    house = Slow()
    caller = make_caller(house, TwoSteps())
    await caller.call(make_operation())
    late = evolve(make_operation(name="late"), query=(("late", "1"),))

    async def end_again_and_again() -> None:
        for _ in range(4):
            house.end_sessions()
            await caller.call(make_operation())

    house.end_sessions()
    answer, _ = await asyncio.gather(caller.call(late), end_again_and_again())
    assert answer == b"welcome"


async def test_a_call_refused_twice_is_not_tried_a_third_time(make_caller, make_operation) -> None:
    class Never(House):
        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            return answer if request.url.endswith("/session") else Response(401)

    house = Never()
    with pytest.raises(SignInError):
        await make_caller(house, TwoSteps()).call(make_operation())
    assert house.sign_ins == 2
    assert len([one for one in house.requests if one.url.endswith("/things")]) == 2


async def test_a_missing_permission_does_not_lead_to_a_sign_in_for_each_call(
    make_caller, make_operation
) -> None:
    class Strict(House):
        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            return Response(401) if dict(request.query).get("x") else answer

    house = Strict()
    caller = make_caller(house, TwoSteps())
    forbidden = evolve(make_operation(name="get secret"), query=(("x", "1"),))
    for _ in range(5):
        assert await caller.call(make_operation()) == b"welcome"
        with pytest.raises(SignInError):
            await caller.call(forbidden)
    assert house.sign_ins == 2


async def test_a_credential_is_renewed_before_it_expires(
    make_caller, make_operation, hands
) -> None:
    house = House()
    caller = make_caller(house, TwoSteps(expires_in=timedelta(hours=1)))
    await caller.call(make_operation())
    hands.turn(3600 - 61)
    await caller.call(make_operation())
    assert house.sign_ins == 1
    hands.turn(2)
    await caller.call(make_operation())
    assert house.sign_ins == 2
    assert not [one for one in house.requests if dict(one.headers).get("Authorization") is None][4:]


async def test_a_credential_that_lay_idle_is_renewed(make_caller, make_operation, hands) -> None:
    house = House()
    caller = make_caller(house, TwoSteps(idle=timedelta(hours=1)))
    for _ in range(4):
        await caller.call(make_operation())
        hands.turn(3000)
    assert house.sign_ins == 1
    hands.turn(600)
    await caller.call(make_operation())
    assert house.sign_ins == 2


@pytest.mark.parametrize("fault", [NoAnswerError("cut"), BrokenError("down")])
async def test_an_unanswered_sign_in_leaves_the_call_surely_unsent(
    make_caller, make_operation, fault
) -> None:
    house = House()
    house.fails = [fault] * 9
    caller = make_caller(house, TwoSteps())
    with pytest.raises(UnreachableError, match="could not sign in") as caught:
        await caller.call(make_operation(Effect.ONCE))
    assert caught.value.operation == "get thing"
    assert caught.value.__cause__ is fault
    assert not [one for one in house.requests if one.url.endswith("/things")]


async def test_a_passing_fault_of_the_sign_in_is_survived(make_caller, make_operation) -> None:
    house = House()
    house.fails = [NoAnswerError("cut")]
    assert await make_caller(house, TwoSteps()).call(make_operation(Effect.ONCE)) == b"welcome"


async def test_the_first_caller_giving_up_does_not_take_the_sign_in_with_it(
    make_caller, make_operation
) -> None:
    house = House()
    caller = make_caller(house, TwoSteps())
    first = asyncio.create_task(caller.call(make_operation()))
    others = [asyncio.create_task(caller.call(make_operation())) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [b"welcome"] * 3
    assert len([one for one in house.requests if one.method == "POST"]) == 1
    assert first.cancelled()


async def test_closing_ends_a_sign_in_that_is_under_way(make_caller, make_operation) -> None:
    house = House()
    caller = make_caller(house, TwoSteps())
    call = asyncio.create_task(caller.call(make_operation()))
    await asyncio.sleep(0)
    await caller.aclose()
    await caller.aclose()
    with pytest.raises(UnreachableError, match="closed"):
        await call
    assert house.sign_ins == 0


def test_a_credential_never_shows_its_secret() -> None:
    assert "swordfish" not in repr(Credential("swordfish"))
