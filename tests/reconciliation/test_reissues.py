"""Orders that changed after they were posted: reversed, posted again, and still one order."""

import importlib.util
import sys
from decimal import Decimal
from pathlib import Path

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag.plans.references import nth_reference, reversal_reference
from kashmag.reconciliation import (
    Cause,
    Scheme,
    VatScheme,
    reconcile,
    vat_report,
)
from kashmag.reconciliation.as_posted import all_as_posted
from kashmag.reconciliation.references import traces

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

QUARTER = worlds.QUARTER
WELL = {Cause.REVERSED, Cause.REISSUED}
schemes = st.sampled_from(
    [Scheme(), Scheme(VatScheme.CASH), Scheme(VatScheme.FLAT_RATE, Decimal(7))]
)


def check(world, period=QUARTER):
    return reconcile(world.shop, world.account, world.memory, period)


def as_remembered(world):
    """The account as the logbook alone knows it."""
    posted = [one for shop in world.shop for one in all_as_posted(shop, world.memory)]
    return evolve(world, account=tuple(posted))


views = st.sampled_from(
    [lambda world: world, lambda world: evolve(world, memory={}), as_remembered]
)


@given(worlds.reissued_worlds(), worlds.periods, views)
def test_whatever_was_reissued_is_explained_and_adds_up_in_any_period(world, period, seen):
    report = check(seen(world), period)
    assert report.balances
    assert report.is_clean
    assert {one.cause for one in report.differences} <= WELL


@given(worlds.reissued_worlds(max_size=1), views)
def test_within_one_period_a_reissue_makes_no_difference(world, seen):
    report = check(seen(world))
    assert all(not one.difference for one in (*report.totals, *report.money, *report.by_rate))
    assert not any(one.delta or one.paid for one in report.differences)
    assert {one.cause for one in report.differences} <= {Cause.REISSUED}


@given(worlds.reissued_worlds(), worlds.periods, views)
def test_no_payment_of_a_reissued_order_is_a_difference(world, period, seen):
    world = seen(world)
    owed = {one.order for one in world.shop if one.is_owed}
    found = check(world, period).differences
    assert not [one for one in found if one.is_payment and one.order in owed]


@given(worlds.reissued_worlds(), worlds.periods, schemes, views)
def test_every_document_that_makes_a_vat_difference_is_named_with_its_cause(
    world, period, scheme, seen
):
    found = vat_report(*_sides(seen(world)), period, scheme=scheme)
    assert found.balances
    assert all(one.causes and set(one.causes) <= WELL for one in found.differences)
    assert found.straddling == found.differences


@given(worlds.reissued_worlds(), worlds.periods)
def test_every_document_of_the_account_has_its_row_and_counts_once(world, period):
    report = check(world, period)
    shown = [one.invoice_number for one in report.rows if one.invoice_number is not None]
    inside = [one for one in world.account if one.issued_on in period]
    assert len(set(shown)) == len(shown)
    assert {one.number for one in inside} <= set(shown)
    gross = sum((one.figures.gross for one in inside), Decimal(0))
    assert sum((one.account.gross for one in report.totals), Decimal(0)) == gross


@given(
    st.from_regex(r"[0-9A-Z]{1,9}(-[0-9]{1,2})?(/[0-9]{1,3})?", fullmatch=True),
    st.integers(1, 120),
    st.booleans(),
)
def test_a_reference_is_read_as_it_was_written(number, generation, reversal):
    first = f"M1-ORD-{number}"
    written = (reversal_reference if reversal else nth_reference)(first, generation)
    read = {(one.first, one.generation, one.is_reversal) for one in traces(written)}
    assert (first, generation, reversal) in read


def _sides(world):
    return world.shop, world.account, world.memory
