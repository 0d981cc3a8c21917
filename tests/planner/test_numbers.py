"""Which invoice number goes with what, where they are the orders' own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kashmag.accounting import Holds
from kashmag.planner.numbers import credit_number, numbered, order_number
from kashmag.plans.number_ranges import FURTHER_NUMBERS, LARGEST, further_numbers
from kashmag.plans.policy import Numbering, Policy
from kashmag.plans.questions import Answers
from kashmag.plans.references import is_further, nth_reference, reversal_reference


@given(
    st.integers(1, 2**31 - FURTHER_NUMBERS),
    st.integers(1, 2**31 - 1),
    st.none() | st.integers(1, 2**31 - 1),
)
def test_no_order_and_no_memo_is_posted_under_a_number_that_is_kept_for_others(start, own, credit):
    policy = Policy(
        numbering=Numbering.ORDER, further_numbers_from=start, credit_numbers_from=credit
    )
    for number in (order_number(str(own)), credit_number(str(own), policy)):
        given, found = numbered(number, str(own), "M1-ORD-1", policy, Answers())
        is_held = any(one.holds is Holds.PLAN for one in found.problems)
        assert is_held or (0 < given <= LARGEST and given not in further_numbers(policy))


@given(st.integers(1, 9), st.integers(1, 10**9), st.sampled_from(["M1", "WEB12"]))
def test_a_further_document_is_told_by_its_reference(generation, number, shop):
    first = f"{shop}-ORD-{number:09}"
    assert is_further(nth_reference(first, generation)) == (generation > 1)
    assert is_further(reversal_reference(first, generation))
    assert not is_further(f"{shop}-CRN-{number:09}")
    assert not is_further(f"HALL-{number}")
