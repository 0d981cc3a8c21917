import inspect
import re
from datetime import date
from pathlib import Path

import pytest

from kashmag.cli.offline import Files, plan_files
from kashmag.engine.alerts import EmailAlerts, WebhookAlerts
from kashmag.hooks import defaults
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.hookspecs import HookSpecs
from kashmag.plans.policy import Policy
from kashmag.rest.codec import read_mapping
from kashmag.sandbox.magento import MagentoSandbox

ROOT = Path(__file__).parents[2]
HOOKS = [name for name in vars(HookSpecs) if name.startswith("kashmag_")]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
EXAMPLES = [
    code for code in re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S) if "@hookimpl" in code
]
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "tests").rglob("test_*.py")
    if path != Path(__file__)
)


TODAY = date(2026, 12, 1)


class Plugin:
    """A module made from an example."""

    def __init__(self, code):
        exec(code, self.__dict__)
        self.name = "the example"


@pytest.fixture(scope="module")
def orders():
    with MagentoSandbox() as shop:
        shop.load_recorded()
        yield [read_mapping(order) for order in shop.orders()]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_an_example_in_a_section_of_its_own(hook):
    section = PAGE.split(f"### `{hook}`", 1)[1].split("\n### ", 1)[0]
    assert f"def {hook}(" in section


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_used_by_a_rule_of_our_own(hook):
    if hook == "kashmag_object":
        assert any(hasattr(rule, hook) for rule in defaults.ALL) or "kashmag_object" in TESTS
        return
    assert any(hasattr(rule, hook) for rule in (*defaults.ALL, EmailAlerts, WebhookAlerts))


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_tested(hook):
    assert hook in TESTS


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_what_it_asks(hook):
    assert inspect.getdoc(getattr(HookSpecs, hook))


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: re.search(r"def (\w+)", code)[1])
def test_every_example_of_a_plugin_is_one_and_plans_real_orders(code, orders):
    hooks = Hooks([Plugin(code)])
    plans = list(plan_files(Files(tuple(orders)), Policy(), hooks, today=TODAY))
    assert len(plans) == len(orders)
    assert any(plan.actions for plan in plans)
