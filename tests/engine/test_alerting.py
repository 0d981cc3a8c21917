"""Who is told of what, over runs, outages and deaths: each receiver alone, and nobody twice."""

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.engine.alert_news import PAUSE, dumped, loaded, news
from kashmag.engine.alerting import NOT_TAKEN, Alerting, not_taken
from kashmag.engine.grouping import Group
from kashmag.engine.options import EngineOptions
from kashmag.errors import NoAnswerError, Remedy, UnreachableError
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.events import AlertFailed, AlertRaised
from kashmag.rest.clock import Clock
from kashmag.testing.worlds import World

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DOWN = UnreachableError("nobody answers")


def group(code, count):
    return Group(
        code, count=count, remedy="do", what_to_do=Remedy.ASK_A_PERSON, example="x", numbers=("1",)
    )


counts = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9))


@settings(max_examples=40)
@given(st.lists(counts, max_size=12), st.integers(0, 5))
def test_every_group_is_told_when_it_appears_and_when_it_is_gone_and_never_in_between(runs, hours):
    told, known = {}, set()
    for n, waiting in enumerate(runs):
        now = NOW + timedelta(hours=hours * n)
        groups = [group(code, count) for code, count in waiting.items()]
        alert, told = news(groups, told, now=now)
        assert {g.code for g in (alert.new if alert else ())} == set(waiting) - known
        assert set(alert.recovered if alert else ()) == known - set(waiting)
        again, same = news(groups, told, now=now)
        assert again is None
        assert same == told
        assert loaded(dumped(told)) == told
        known = set(waiting)


def test_what_grows_is_told_again_only_after_a_pause():
    _, told = news([group("a", 1)], {}, now=NOW)
    alert, told = news([group("a", 5)], told, now=NOW + timedelta(hours=1))
    assert alert is None
    alert, told = news([group("a", 5)], told, now=NOW + timedelta(hours=5))
    assert alert
    assert [(g.code, g.count, g.since) for g in alert.grown] == [("a", 5, NOW)]


def test_a_clock_that_was_wrong_once_keeps_nothing_silent():
    _, told = news([group("a", 1)], {}, now=NOW + timedelta(days=400))
    alert, _ = news([group("a", 5)], told, now=NOW)
    assert alert
    assert alert.grown


class Notes:
    """As much of a logbook as alerting asks for; a process that dies leaves it as it is."""

    def __init__(self):
        self.texts, self.held, self.dying = {}, False, ""

    async def recall(self, name):
        return self.texts.get(name)

    async def remember(self, name, value):
        if self.dying and name == self.dying and "true" not in value:
            raise DiedError  # after a delivery, and before it is remembered
        self.texts[name] = value

    async def claim(self, *_, lease):
        self.held, was = True, self.held
        return None if was else "claim"

    async def release(self, _):
        self.held = False


class DiedError(Exception):
    pass


class Mailbox:
    """A receiver who can be down, and notes what was told though it could not be news."""

    def __init__(self, name):
        self.name = name
        self.is_down = False
        self.told, self.believed, self.wrong = [], {}, []
        self.may_be_told_again = False

    @hookimpl
    def kashmag_deliver(self, alert):
        if self.is_down:
            raise ConnectionRefusedError(111, "Connection refused")
        self.told.append(alert)
        if not self.may_be_told_again:
            self.wrong += [one for one in alert.new if one.code in self.believed]
            self.wrong += [one for one in alert.recovered if one not in self.believed]
            self.wrong += [
                one
                for one in alert.grown
                if one.code not in self.believed or alert.at - self.believed[one.code] < PAUSE
            ]
        for code in alert.recovered:
            self.believed.pop(code, None)
        self.believed.update({one.code: alert.at for one in (*alert.new, *alert.grown)})
        self.may_be_told_again = False


class Diary:
    """An observer."""

    name = "diary"

    def __init__(self):
        self.told = []

    @hookimpl
    def kashmag_observe(self, event):
        self.told.append(event)


def tell(notes, hooks, waiting, now):
    """What comes of telling what waits, in a process that has just begun."""

    async def read():
        return [group(code, count) for code, count in waiting.items()]

    clock = Clock(now=lambda: now)
    parts = SimpleNamespace(logbook=notes, hooks=hooks, options=EngineOptions(), clock=clock)
    return asyncio.run(Alerting(parts).tell(read))


names = ("first", "second")
runs = st.lists(
    st.tuples(
        counts,
        st.sets(st.sampled_from(names)),  # who is down
        st.sampled_from(("", "", "", *names)),  # after whose delivery the process dies
        st.integers(0, 5),  # hours since the run before
    ),
    max_size=10,
)


@settings(max_examples=60)
@given(runs)
def test_whoever_comes_back_has_been_told_of_all_that_is_there_and_all_that_is_over_and_once(runs):
    notes, now, waiting = Notes(), NOW, {}
    boxes = {name: Mailbox(name) for name in names}
    hooks = Hooks(boxes.values())

    def all_is_known(name):
        box = boxes[name]
        return box.believed.keys() == waiting.keys() and not notes.texts.get(f"{NOT_TAKEN}{name}")

    for waiting, down, dies, hours in runs:
        now += timedelta(hours=hours)
        notes.dying = f"alerts:{dies}" if dies else ""
        for name, box in boxes.items():
            box.is_down = name in down
        try:
            events = tell(notes, hooks, waiting, now)
        except DiedError:
            boxes[dies].may_be_told_again = True
            notes.held = False  # it lapses
            continue
        assert {one.receiver for one in events if isinstance(one, AlertFailed)} <= down
        assert all(all_is_known(name) for name in names if name not in down)
    notes.dying = ""
    for box in boxes.values():
        box.is_down = False
    tell(notes, hooks, waiting, now)
    assert all(all_is_known(name) for name in names)
    assert [box.wrong for box in boxes.values()] == [[], []]
    told = [len(box.told) for box in boxes.values()]
    assert tell(notes, hooks, waiting, now) == ()
    assert [len(box.told) for box in boxes.values()] == told


def test_what_was_not_taken_comes_again_with_what_is_new_and_since_when_it_is_there():
    notes, good, bad, diary = Notes(), Mailbox("good"), Mailbox("bad"), Diary()
    bad.is_down = True
    hooks = Hooks([good, bad, diary])
    raised, failed = tell(notes, hooks, {"a": 1}, NOW)
    assert [one.code for one in raised.new] == ["a"]
    assert failed == AlertFailed(
        NOW,
        receiver="bad",
        message="ConnectionRefusedError: [Errno 111] Connection refused",
    )
    assert diary.told == [raised, failed]
    (again,) = tell(notes, hooks, {"a": 1}, NOW + timedelta(hours=1))
    assert isinstance(again, AlertFailed)
    (receiver,) = [one for one in hooks.receivers() if one.name == "bad"]
    owed = asyncio.run(not_taken(notes, receiver))
    assert (owed.since, owed.said) == (NOW.isoformat(), failed.message)
    bad.is_down = False
    later = NOW + timedelta(hours=2)
    (raised,) = tell(notes, hooks, {"a": 1, "b": 2}, later)
    assert [one.code for one in raised.new] == ["b"]
    (told,) = bad.told
    assert [(one.code, one.since) for one in told.new] == [("a", NOW), ("b", later)]
    assert [[one.code for one in told.new] for told in good.told] == [["a"], ["b"]]
    assert asyncio.run(not_taken(notes, receiver)) is None
    assert tell(notes, hooks, {"a": 1, "b": 2}, later) == ()


def test_what_came_and_went_while_a_receiver_was_down_is_no_news_to_it():
    notes, box = Notes(), Mailbox("box")
    box.is_down = True
    tell(notes, Hooks([box]), {"a": 1}, NOW)
    (raised,) = tell(notes, Hooks([box]), {}, NOW)
    assert raised.recovered == ("a",)
    box.is_down = False
    assert tell(notes, Hooks([box]), {}, NOW) == ()
    assert box.told == []


def test_of_what_may_have_arrived_the_end_is_told_too():
    notes, told = Notes(), []

    def loses_its_answer(alert):
        told.append(alert)
        if len(told) == 1:
            raise NoAnswerError("cut off")

    hooks = Hooks([refusing(loses_its_answer)])
    tell(notes, hooks, {"a": 1}, NOW)
    assert tell(notes, hooks, {}, NOW)[0].recovered == ("a",)
    assert [one.recovered for one in told] == [(), ("a",)]
    assert tell(notes, hooks, {}, NOW) == ()
    assert len(told) == 2


def test_another_address_is_another_receiver():
    notes, old = Notes(), Mailbox("box")
    tell(notes, Hooks([old]), {"a": 1}, NOW)
    moved = Mailbox("box")
    moved.receiver = "box at its new address"
    assert tell(notes, Hooks([moved]), {"a": 1}, NOW) == ()
    assert [one.code for one in moved.told[0].new] == ["a"]


def refusing(act):
    return SimpleNamespace(name="bad", kashmag_deliver=hookimpl(act))


async def coroutine(alert):
    return None


def leaving(alert):
    raise SystemExit(0)


def failing(alert):
    raise LookupError("nobody\nis there")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (coroutine, "plugin bad returned coroutine from kashmag_deliver"),
        (lambda alert: False, "plugin bad returned bool from kashmag_deliver"),
        (leaving, "SystemExit: 0"),
        (failing, "LookupError: nobody is there"),
    ],
)
def test_whatever_a_plugin_does_instead_of_returning_nothing_the_alert_is_owed(act, said, caplog):
    notes, good = Notes(), Mailbox("good")
    _, failed = tell(notes, Hooks([refusing(act), good]), {"a": 1}, NOW)
    assert failed.message.startswith(said)
    assert len(good.told) == 1
    (record,) = [one for one in caplog.records if one.name == "kashmag.alerts"]
    assert "an alert was not taken by bad" in record.getMessage()
    assert "kashmag doctor --send-test-alert" in record.getMessage()
    _, failed = tell(notes, Hooks([refusing(act), good]), {"a": 1, "b": 1}, NOW)
    assert failed.receiver == "bad"


async def test_a_receiver_that_hangs_costs_its_time_once_and_nobody_else_anything(tmp_path):
    free, told = threading.Event(), Mailbox("good")

    def hang(alert):
        free.wait(60)

    hanging = refusing(hang)
    options = EngineOptions(alert_deadline=timedelta(seconds=0.3))
    async with World(tmp_path, options=options) as world:
        async with world.engine(plugins=[hanging, told]) as engine:
            diary = Diary()
            async with asyncio.timeout(20):
                await engine.could_not_run("orders", DOWN)
                await engine.could_not_run("orders", DOWN)
        assert [one.code for one in told.told[0].new] == ["run:orders"]
        assert len(told.told) == 1
        async with world.engine(plugins=[diary]) as engine:
            assert "earlier delivery" in (await engine.logbook.recall(f"{NOT_TAKEN}bad") or "")
    free.set()


HANGS = """
import asyncio, time
from datetime import UTC, datetime, timedelta
from kashmag.engine.delivering import Deliveries
from kashmag.hooks.receivers import Receiver
from kashmag.plans.events import AlertRaised
receiver = Receiver("slow", "slow", lambda alert: time.sleep(120))
alert = AlertRaised(datetime.now(UTC), new=())
print(asyncio.run(Deliveries(timedelta(seconds=0.2)).failure(receiver, alert)).said)
"""


def test_a_receiver_that_hangs_does_not_keep_the_process_from_ending():
    told = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout == "it has not taken it within 0.2 s\n"
    assert told.stderr == ""


async def test_of_two_runs_that_end_together_one_tells(tmp_path):
    told = []

    def slowly(alert):
        threading.Event().wait(0.2)
        told.append(alert)

    box = SimpleNamespace(name="box", kashmag_deliver=hookimpl(slowly))
    async with World(tmp_path) as world:
        # A delivery takes real time; whoever waits for its end must not turn the clock past it.
        world.time.sleep = asyncio.sleep
        async with world.engine(plugins=[box]) as one, world.engine(plugins=[box]) as other:
            runs = (one.could_not_run("orders", DOWN), other.could_not_run("orders", DOWN))
            await asyncio.gather(*runs)
    (alert,) = told
    assert isinstance(alert, AlertRaised)


async def test_a_run_without_news_brings_what_is_owed(tmp_path):
    box = Mailbox("box")
    box.is_down = True
    async with World(tmp_path) as world:
        world.shop.load_recorded()
        beginning = {"since": datetime(2000, 1, 1, tzinfo=UTC)}
        async with world.engine(plugins=[box]) as engine:
            events = [event async for event in engine.sync("orders", **beginning)]
            raised, failed = [e for e in events if isinstance(e, AlertRaised | AlertFailed)]
        assert (failed.receiver, box.told) == ("box", [])
        box.is_down = False
        async with world.engine(plugins=[box]) as engine:
            events = [event async for event in engine.sync("orders", **beginning)]
            assert not [e for e in events if isinstance(e, AlertRaised | AlertFailed)]
    (told,) = box.told
    assert {one.code for one in told.new} == {one.code for one in raised.new}
