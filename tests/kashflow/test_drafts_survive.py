"""Laws of drafts: what is printed is read back as the same value."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.kashflow import codec
from kashmag.rest.codec import loads

texts = st.text(st.characters(codec="utf-8"), max_size=12)
maybe = st.none() | texts
flags = st.none() | st.booleans()
ids = st.integers(0, 2**31 - 1)
amounts = st.decimals(-(10**9), 10**9, places=4)
days = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))

currencies = st.builds(
    kashflow.CurrencyRef, st.sampled_from(("GBP", "EUR", "USD")), st.none() | amounts
)
addresses = st.builds(
    kashflow.Address, maybe, maybe, line3=maybe, post_code=maybe, country_code=maybe
)
deliveries = st.builds(kashflow.DeliveryAddress, maybe, maybe, line2=maybe, country_code=maybe)
contacts = st.builds(
    kashflow.Contact, maybe, maybe, name=maybe, email=maybe, telephone=maybe, is_primary=flags
)
lines = st.builds(
    kashflow.LineDraft,
    texts,
    quantity=amounts,
    rate=amounts,
    vat_level=amounts,
    vat_amount=amounts,
    nominal_code=ids,
    vat_exempt=st.booleans(),
    product_code=maybe,
    number=ids,
)
payments = st.builds(kashflow.PaymentDraft, days, amounts, method=ids, account_id=ids, note=texts)
invoices = st.builds(
    kashflow.InvoiceDraft,
    texts,
    texts,
    issued_date=days,
    due_date=days,
    line_items=st.lists(lines, max_size=4).map(tuple),
    payment_lines=st.lists(payments, max_size=2).map(tuple),
    number=st.none() | ids,
    currency=st.none() | currencies,
    address=st.none() | addresses,
    use_custom_delivery_address=flags,
    delivery_address=st.none() | deliveries,
    automatic_credit_control_enabled=flags,
    update_customer_address=flags,
)
customers = st.builds(
    kashflow.CustomerDraft,
    texts,
    texts,
    contacts=st.lists(contacts, max_size=2).map(tuple),
    addresses=st.lists(addresses, max_size=2).map(tuple),
    delivery_addresses=st.lists(deliveries, max_size=2).map(tuple),
    currency=st.none() | currencies,
    trade_border_type=maybe,
    vat_number=maybe,
    payment_terms=st.none() | st.builds(kashflow.PaymentTerms, maybe, st.none() | ids),
    discount_rate=st.none() | amounts,
    note=maybe,
    custom_check_boxes=st.lists(st.builds(kashflow.NamedFlag, maybe, flags), max_size=2).map(tuple),
)
quotes = st.builds(
    kashflow.QuoteDraft, texts, texts, date=days, line_items=st.lists(lines, max_size=3).map(tuple)
)
products = st.builds(
    kashflow.ProductDraft,
    texts,
    texts,
    nominal_code=ids,
    price=st.none() | amounts,
    quantity_in_stock=st.none() | ids,
)
bulk_payments = st.builds(
    kashflow.BulkPaymentDraft,
    days,
    texts,
    account_id=ids,
    method=ids,
    payment_items=st.lists(
        st.builds(kashflow.BulkPaymentItemDraft, ids, ids, amount=amounts, paid_date=days),
        max_size=3,
    ).map(tuple),
)
drafts = st.one_of(
    invoices,
    customers,
    quotes,
    products,
    bulk_payments,
    st.builds(kashflow.NoteDraft, texts),
    st.builds(kashflow.SourceDraft, texts, st.none() | amounts),
    st.builds(kashflow.CurrencyDraft, texts, st.none() | amounts),
    st.builds(kashflow.NominalDraft, ids, texts, vat_rate=st.none() | amounts),
    st.builds(kashflow.EmailDraft, texts, texts, texts, is_html=flags),
)


@given(drafts)
def test_a_draft_is_read_back_as_it_was_written(draft):
    assert codec.read(type(draft), codec.write(draft)) == draft


@given(drafts)
def test_a_draft_survives_its_way_through_text_to_the_last_digit(draft):
    again = codec.read(type(draft), loads(codec.dumps(draft)))
    assert again == draft
    assert codec.dumps(again) == codec.dumps(draft)


@given(drafts)
def test_a_draft_is_a_value(draft):
    assert hash(draft) == hash(codec.read(type(draft), codec.write(draft)))


@given(customers)
def test_a_customer_is_never_sent_with_the_leave_to_invent_a_code(draft):
    assert b"CreateCustomerCodeIfDuplicate" not in codec.dumps(draft)


@given(invoices)
def test_what_was_not_decided_is_not_sent(draft):
    told = codec.write(draft)
    assert None not in told.values()
    assert [] not in told.values() or draft.line_items == ()


@given(invoices)
def test_dates_are_sent_as_days_at_midnight(draft):
    told = codec.write(draft)
    assert told["IssuedDate"] == f"{draft.issued_date} 00:00:00"


@given(invoices)
def test_an_invoice_comes_to_its_lines(draft):
    assert draft.gross == draft.net + draft.vat
    assert draft.net == sum((line.net for line in draft.line_items), Decimal(0))
    assert all(line.net == line.net.quantize(Decimal("0.01")) for line in draft.line_items)


def test_half_a_penny_goes_up_and_away_from_nothing():
    assert kashflow.line_net(Decimal(3), Decimal("0.3350")) == Decimal("1.01")
    assert kashflow.line_net(Decimal(3), Decimal("-0.3350")) == Decimal("-1.01")
