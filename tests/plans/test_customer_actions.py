"""Updates of customers as part of a plan: they store, reload, digest and print."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kashmag.plans.actions import DocumentId, FieldChange, UpdateCustomer, UpdateShopCustomer
from kashmag.plans.plan import Plan, from_json
from kashmag.rest.codec import JsonObject, dumps, loads

DOCUMENT = DocumentId("M", "customer", entity_id="7", number="7")
texts = st.text(max_size=8)
changes = st.lists(st.builds(FieldChange, texts, texts, texts), min_size=1, max_size=3).map(tuple)
actions = st.one_of(
    st.builds(UpdateCustomer, texts, texts, changes=changes, contact=texts),
    st.builds(UpdateShopCustomer, texts, st.integers(1, 2**31), changes=changes),
)
plans = st.lists(actions, min_size=1, max_size=3).map(
    lambda some: Plan(DOCUMENT, actions=tuple(some))
)


def reloaded(plan: Plan) -> Plan:
    told = loads(dumps(plan.to_json()))
    assert isinstance(told, dict)
    content: JsonObject = told
    return from_json(content)


@given(plans)
def test_a_plan_of_updates_is_the_same_after_it_was_stored(plan: Plan) -> None:
    assert reloaded(plan) == plan
    assert reloaded(plan).digest == plan.digest


@given(changes, changes)
def test_another_change_is_another_meaning(one, other) -> None:
    first = UpdateShopCustomer("k", 7, changes=one)
    second = UpdateShopCustomer("k", 7, changes=other)
    assert (first.fingerprint == second.fingerprint) == (one == other)


def test_a_summary_names_the_fields_and_not_what_they_say() -> None:
    change = (FieldChange("contact.telephone", "0113", "020"),)
    said = Plan(DOCUMENT, actions=(UpdateShopCustomer("k", 7, changes=change),)).summary()
    assert "update customer 7 of the shop: contact.telephone" in said
    assert "0113" not in said
