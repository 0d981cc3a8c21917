"""Rounding in the shop: what it is that causes it, and that it asks nobody."""

import importlib.util
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from kashmag import planner
from kashmag.hooks.hooks import Hooks
from kashmag.plans.policy import Policy
from kashmag.reconciliation import Cause, Figures, Period, reconcile, shop_documents
from kashmag.testing.checkout import Algorithm, Cart, CartLine, TaxSettings, order_json
from kashmag.testing.strategies import as_order

_spec = importlib.util.spec_from_file_location(
    "rounding_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
# By weight: 0.752 of 2.00 VAT each is 1.504, and 0.328 of 0.50 is 0.164; together 1.668.
BY_WEIGHT = Cart(
    lines=(
        CartLine(price=Decimal("10.00"), quantity=Decimal("0.752"), rate=Decimal(20)),
        CartLine(price=Decimal("10.00"), quantity=Decimal("0.328"), rate=Decimal(5)),
    )
)


def differences(algorithm):
    """The order beside the invoice that is planned for it."""
    settings = TaxSettings(algorithm=algorithm, prices_include_tax=False)
    order = as_order(order_json(settings, BY_WEIGHT, invoiced=True))
    case = planner.open_case(order, (), (), Policy())
    answers, _ = planner.assume_all(case, Hooks())
    plan = planner.plan(case, answers, Hooks(), today=date(2026, 12, 31))
    assert not plan.is_held
    (document,) = shop_documents(case, plan)
    account, memory = worlds.mirrored(document, 1000), worlds.agreed(document, 1000)
    report = reconcile((document,), (account,), {document.key: memory}, YEAR)
    assert report.balances
    return report.differences


def test_vat_by_unit_of_what_is_sold_by_weight_at_two_rates_is_a_penny_more():
    (found,) = differences(Algorithm.UNIT)
    assert (found.cause, found.needs_a_person) == (Cause.ROUNDING, False)
    assert "have 1.67 VAT, its rates come to 1.66" in found.message
    assert found.delta == Figures(Decimal("0.01"), Decimal("-0.01"))


def test_vat_by_row_has_no_fraction_to_differ_by():
    assert differences(Algorithm.ROW) == ()
