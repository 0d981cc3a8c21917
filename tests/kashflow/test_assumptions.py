"""Every assumption is named, has evidence, stands on its page, and is looked at where it can be."""

import datetime
from pathlib import Path

import attrs

from kashmag import kashflow
from kashmag.kashflow import assumptions
from kashmag.kashflow.checks import UNASKED, Known, checks
from kashmag.rest.operation import Effect

PAGE = (Path(__file__).parents[2] / "docs" / "kashflow-assumptions.md").read_text()


def some_invoice():
    zero = {"net_amount": 0, "vat_amount": 0, "gross_amount": 0, "total_paid_amount": 0}
    return kashflow.Invoice(1, customer_reference="R", **zero)


def test_every_assumption_has_its_evidence():
    assert set(assumptions.EVIDENCE) == set(assumptions.names())


def test_every_assumption_is_checked_or_said_to_be_beyond_asking():
    asked = {check.assumption for check in checks(known=Known(invoice=some_invoice()))} - {""}
    assert asked.isdisjoint(UNASKED)
    assert asked | set(UNASKED) == set(assumptions.names())


def test_checks_only_read():
    for check in checks(known=Known(invoice=some_invoice())):
        assert check.operation.effect is Effect.READ
        assert check.operation.method == "GET"


def test_checks_have_names_of_their_own():
    names = [check.name for check in checks(known=Known(invoice=some_invoice()))]
    assert len(names) == len(set(names))


def test_the_page_tells_every_assumption_with_its_default():
    for one in attrs.fields(kashflow.Assumptions):
        default = one.default
        if isinstance(default, datetime.timedelta):
            default = f"{default.total_seconds():g} s"
        assert f"| `{one.name}` | `{default}` |" in PAGE


def test_an_assumption_can_be_changed_and_is_a_value():
    other = kashflow.Assumptions(rate_decimals=2)
    assert other != kashflow.ASSUMED
    assert {other, kashflow.Assumptions(rate_decimals=2)} == {other}
