"""The facade calls plugins, checks what they say, and names who said it."""

import asyncio
import logging
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kashmag.accounting import Holds, Problem
from kashmag.errors import PluginError
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.actions import DocumentId
from kashmag.plans.decisions import Decision, ProductChoice
from kashmag.plans.events import RunStarted
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.questions import Answers, CustomerByCode, InvoicesByReference
from kashmag.testing.factories import make_line, make_sale

NOTHING, POLICY = Answers(), Policy()


def plugin(name, **hooks):
    """A plugin object made of functions."""
    return SimpleNamespace(name=name, **{hook: hookimpl(act) for hook, act in hooks.items()})


def resolve(*plugins):
    return Hooks(plugins).resolve_product(
        make_line(), make_sale(), (), answers=NOTHING, policy=POLICY
    )


def test_a_plugins_opinion_comes_before_the_defaults_and_is_signed():
    ours = plugin(
        "ours", kashmag_resolve_product=lambda line: Decision(ProductChoice(4999), because="mine")
    )
    decision = resolve(ours)
    assert decision is not None
    assert (decision.value.nominal_code, decision.because, decision.rule) == (4999, "mine", "ours")


def test_the_plugin_that_was_named_last_is_asked_first():
    def choosing(code):
        return lambda line: Decision(ProductChoice(code), because="so")

    first = plugin("first", kashmag_resolve_product=choosing(1))
    second = plugin("second", kashmag_resolve_product=choosing(2))
    decision = resolve(first, second)
    assert decision is not None
    assert decision.rule == "second"


def test_without_an_opinion_the_next_is_asked():
    silent = plugin("silent", kashmag_resolve_product=lambda: None)
    decision = resolve(silent)
    assert decision is not None
    assert decision.rule == "kashmag.hooks.defaults.product_codes"


def test_a_plugin_may_take_any_subset_of_the_arguments():
    seen = {}

    def watch(policy, line):
        seen.update(policy=policy, line=line)

    resolve(plugin("subset", kashmag_resolve_product=watch))
    assert seen == {"policy": POLICY, "line": make_line()}


async def coroutine(line):
    return None


def raising(line):
    raise LookupError("no such table")


def leaving(line):
    raise SystemExit(0)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (coroutine, "plugin bad implements kashmag_resolve_product as a coroutine"),
        (lambda line: 4000, "plugin bad returned an int from kashmag_resolve_product"),
        (
            lambda line: Decision("4000", because="text"),
            "plugin bad decided a str in kashmag_resolve_product: "
            "ProductChoice or ProductDraft is wanted",
        ),
        (raising, "plugin bad failed in kashmag_resolve_product: LookupError: no such table"),
        (leaving, "plugin bad failed in kashmag_resolve_product: SystemExit: 0"),
    ],
)
def test_a_broken_opinion_is_refused_naming_plugin_and_hook(act, said):
    with pytest.raises(PluginError, match=said):
        resolve(plugin("bad", kashmag_resolve_product=act))


@pytest.mark.parametrize("hook", ["kashmag_resolve_produce", "kashmag_anything"])
def test_a_hook_that_does_not_exist_is_refused(hook):
    with pytest.raises(PluginError, match=hook):
        Hooks([plugin("typo", **{hook: lambda: None})])


def test_an_argument_that_does_not_exist_is_refused():
    with pytest.raises(PluginError, match="typo"):
        Hooks([plugin("typo", kashmag_resolve_product=lambda lines: None)])


def test_a_plugin_that_wraps_others_is_refused():
    def wrapping(line):
        yield

    wrapper = SimpleNamespace(
        name="wrapper", kashmag_resolve_product=hookimpl(wrapper=True)(wrapping)
    )
    with pytest.raises(PluginError, match="wrapper wraps kashmag_resolve_product"):
        Hooks([wrapper])


def test_questions_of_all_plugins_are_joined_without_what_is_known():
    curious = plugin(
        "curious", kashmag_ask=lambda: [InvoicesByReference("A"), InvoicesByReference("A")]
    )
    hooks, sale = Hooks([curious]), make_sale()
    asked = hooks.ask(sale, NOTHING, POLICY)
    assert asked.count(InvoicesByReference("A")) == 1
    code = next(question for question in asked if isinstance(question, CustomerByCode))
    known = NOTHING.having({InvoicesByReference("A"): (), code: None})
    assert InvoicesByReference("A") not in hooks.ask(sale, known, POLICY)
    assert code not in hooks.ask(sale, known, POLICY)


@pytest.mark.parametrize("told", [7, "text", ["text"]])
def test_something_else_than_questions_is_refused(told):
    with pytest.raises(PluginError, match=r"plugin odd returned an? .* kashmag_ask"):
        Hooks([plugin("odd", kashmag_ask=lambda: told)]).ask(make_sale(), NOTHING, POLICY)


def test_objections_of_all_plugins_are_joined():
    first = Problem("first", "One.", remedy="Do.", holds=Holds.NOTHING)
    second = Problem("second", "Two.", remedy="Do.")
    hooks = Hooks(
        [
            plugin("a", kashmag_object=lambda: [first]),
            plugin("b", kashmag_object=lambda plan: iter([second])),
        ]
    )
    plan = Plan(DocumentId("M", "order", entity_id="12", number="000000012"))
    found = hooks.objections(plan, make_sale(), answers=NOTHING, policy=POLICY)
    assert set(found) == {first, second}


@pytest.mark.parametrize("told", [("", "One."), ("first", "")])
def test_who_objects_says_why(told):
    hooks = Hooks([plugin("mute", kashmag_object=lambda: [Problem(*told, remedy="")])])
    plan = Plan(DocumentId("M", "order", entity_id="12", number="000000012"))
    with pytest.raises(PluginError, match="plugin mute objects without saying why"):
        hooks.objections(plan, make_sale(), answers=NOTHING, policy=POLICY)


def test_an_observers_failure_is_logged_and_the_others_are_told(caplog):
    told = []
    hooks = Hooks(
        [
            plugin("good", kashmag_observe=lambda event: told.append(event)),
            plugin("bad", kashmag_observe=raising_event),
        ]
    )
    event = RunStarted(_noon(), run="r1")
    with caplog.at_level(logging.ERROR):
        hooks.observe(event)
    assert told == [event]
    assert "observer bad failed" in caplog.text


def raising_event(event):
    raise OSError("disk full")


@pytest.mark.parametrize("left", [SystemExit(0), SystemExit(3), GeneratorExit(), BaseException()])
def test_no_plugin_ends_the_program(left, caplog):
    def leaves(**_):
        raise left

    def asks(sale):
        yield InvoicesByReference("A")
        raise left

    told = []
    watching = plugin("good", kashmag_observe=lambda event: told.append(event))
    hooks = Hooks([watching, plugin("bad", kashmag_observe=leaves, kashmag_ask=asks)])
    event = RunStarted(_noon(), run="r1")
    hooks.observe(event)
    assert told == [event]
    assert "observer bad failed" in caplog.text
    with pytest.raises(
        PluginError, match=f"plugin bad failed in kashmag_ask: {type(left).__name__}"
    ):
        hooks.ask(make_sale(), NOTHING, POLICY)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, asyncio.CancelledError])
def test_whoever_interrupts_is_obeyed(interrupt):
    def interrupted(**_):
        raise interrupt

    hooks = Hooks([plugin("any", kashmag_observe=interrupted, kashmag_resolve_product=interrupted)])
    with pytest.raises(interrupt):
        hooks.observe(RunStarted(_noon(), run="r1"))
    with pytest.raises(interrupt):
        hooks.resolve_product(make_line(), make_sale(), (), answers=NOTHING, policy=POLICY)


def _noon():
    from datetime import UTC, datetime

    return datetime(2026, 4, 14, 12, tzinfo=UTC)


def test_a_changed_vat_rate_is_the_plugins_decision_in_its_own_words():
    from kashmag.accounting import VatTreatment
    from kashmag.plans.decisions import VatChoice

    margin = plugin(
        "margin",
        kashmag_choose_vat=lambda line: Decision(
            VatChoice(VatTreatment.EXEMPT, Decimal(0)), because="second-hand"
        ),
    )
    decision = Hooks([margin]).choose_vat(
        make_line(), make_sale(), None, answers=NOTHING, policy=POLICY
    )
    assert decision is not None
    assert decision.value.treatment is VatTreatment.EXEMPT
