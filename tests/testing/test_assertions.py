import pytest

from kashmag.testing.assertions import (
    assert_exact,
    assert_not_posted,
    assert_paid,
    assert_posted_once,
    reference_of,
)
from kashmag.testing.orders import place_order


def test_an_order_that_is_not_there_is_missed(magento_sandbox, kashflow_sandbox):
    order = place_order(magento_sandbox)
    with pytest.raises(AssertionError, match="posted 0 times, not once"):
        assert_posted_once(kashflow_sandbox, order)
    assert_not_posted(kashflow_sandbox, order)


def test_an_order_that_is_there_is_not_denied(kashmag_engine, magento_sandbox, kashflow_sandbox):
    order = place_order(magento_sandbox)
    kashmag_engine.apply(order["increment_id"])
    with pytest.raises(AssertionError, match=f"order {order['increment_id']} was posted as"):
        assert_not_posted(kashflow_sandbox, order)
    assert assert_posted_once(kashflow_sandbox, order)["CustomerReference"] == reference_of(order)


def test_a_penny_more_is_seen(kashmag_engine, magento_sandbox, kashflow_sandbox):
    order = place_order(magento_sandbox)
    kashmag_engine.sync()
    invoice = assert_posted_once(kashflow_sandbox, order)
    kashflow_sandbox.edit_invoice(
        invoice["Number"],
        {"LineItems": [{**line, "Rate": line["Rate"] + 1} for line in invoice["LineItems"]]},
    )
    changed = assert_posted_once(kashflow_sandbox, order)
    with pytest.raises(AssertionError, match="says gross"):
        assert_exact(changed, order)
    with pytest.raises(AssertionError, match="is paid with"):
        assert_paid(changed)


def test_an_unpaid_order_has_an_unpaid_invoice_or_waits(
    kashmag_engine, magento_sandbox, kashflow_sandbox
):
    order = place_order(magento_sandbox, paid=False)
    ran = kashmag_engine.sync()
    assert ran.outcome_of(order["increment_id"]).reason.startswith("waiting")
    assert_not_posted(kashflow_sandbox, order)


def test_what_was_not_read_has_no_outcome(kashmag_engine):
    with pytest.raises(KeyError, match="was not read"):
        kashmag_engine.sync().outcome_of("000000099")
