from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.sandbox.kashflow import Switches
from kashmag.sandbox.kashflow.sums import status

PENNY = Decimal("0.01")
amounts = st.decimals("-9999", "9999", places=4)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "Quantity": st.decimals("0", "50", places=2),
            "Rate": amounts,
            "VATLevel": st.sampled_from([Decimal(20), Decimal(5), Decimal(0)]),
            "NominalCode": st.just(4000),
        },
        optional={"VATAmount": st.decimals("-999", "999", places=2), "VATExempt": st.booleans()},
    ),
    min_size=1,
    max_size=4,
)


@given(sent=lines)
@settings(max_examples=60, deadline=None)
def test_totals_follow_from_the_lines_and_from_nothing_else(open_desk, sent):
    desk = open_desk()
    desk.customer()
    lies = {"NetAmount": 100, "VATAmount": 20, "GrossAmount": 120, "Status": "Paid"}
    shown = desk.invoice(*sent, **lies)
    kept = shown["LineItems"]
    assert shown["VATAmount"] == sum(line["VATAmount"] for line in kept)
    assert abs(shown["NetAmount"] - sum(s["Quantity"] * s["Rate"] for s in sent)) < PENNY
    assert shown["GrossAmount"] == shown["NetAmount"] + shown["VATAmount"]
    for line, asked in zip(kept, sent):
        assert line["Rate"] == asked["Rate"]
        if "VATAmount" in asked:
            assert line["VATAmount"] == asked["VATAmount"]
        elif asked.get("VATExempt"):
            assert line["VATAmount"] == 0
        else:
            vat = asked["Quantity"] * asked["Rate"] * asked["VATLevel"] / 100
            assert line["VATAmount"] == vat.quantize(PENNY, ROUND_HALF_UP)


@given(gross=amounts, paid=amounts, late=st.booleans(), tells=st.booleans())
def test_the_status_of_a_credit_note_mirrors_that_of_an_invoice(gross, paid, late, tells):
    due, today = date(2026, 3, 1), date(2026, 3, 2 if late else 1)
    word = status(gross, paid, due, today, tells_part_paid=tells)
    assert word == status(-gross, -paid, due, today, tells_part_paid=tells)
    assert (word == "NA") == (gross == 0)
    assert (word == "Paid") == (gross == paid != 0)


@pytest.mark.parametrize(
    ("paid", "word"),
    [("0", "Unpaid"), ("5", "Unpaid"), ("12", "Paid"), ("13", "Overpaid")],
)
def test_the_status_is_derived_from_the_payments(desk, make_payment, paid, word):
    desk.customer()
    lines = [make_payment(paid)] if paid != "0" else []
    shown = desk.invoice(PaymentLines=lines)
    assert shown["Status"] == word
    assert shown["DueAmount"] == 12 - Decimal(paid)


def test_an_unpaid_invoice_becomes_overdue_by_the_clock(desk):
    desk.customer(PaymentTerms={"Type": "AfterIssuedDate", "Days": 30})
    assert desk.invoice()["DueDate"] == "2026-04-09 12:00:00"
    desk.clock.pass_by(days=31)
    desk.sign_in()
    shown = desk.ask("/invoices/1")
    assert (shown["Status"], shown["OverdueDays"]) == ("Overdue", 1)


def test_part_paid_shows_only_when_switched_on(open_desk, make_payment):
    desk = open_desk(switches=Switches(part_paid_status=True))
    desk.customer()
    assert desk.invoice(PaymentLines=[make_payment("5")])["Status"] == "PartPaid"
    desk.clock.pass_by(days=1)
    desk.sign_in()
    assert desk.ask("/invoices/1")["Status"] == "OverduePartPaid"


def test_a_credit_note_is_a_negative_invoice(desk, make_line, make_payment):
    desk.customer()
    shown = desk.invoice(make_line("-10.00", "-2.00"), PaymentLines=[make_payment("-12")])
    assert (shown["GrossAmount"], shown["Status"]) == (-12, "Paid")
    census = desk.sandbox.census()
    assert (census.invoices, census.credit_notes, census.payments) == (0, 1, 1)
    assert desk.ask("/bankaccounts/1")["BankBalance"] == -12


def test_numbers_follow_the_highest_and_free_ones_are_honoured(desk):
    desk.customer()
    assert desk.ask("/nextavailableinvoicenumber") == 1
    assert desk.invoice()["Number"] == 1
    assert desk.invoice(Number=1000)["Number"] == 1000
    assert desk.invoice()["Number"] == 1001
    assert desk.invoice(Number=5)["Number"] == 5
    assert desk.ask("/invoices/1000")["PreviousNumber"] == 5
    assert desk.ask("/invoices/1001")["NextNumber"] == 0
    desk.delete("/invoices/1001")
    assert desk.ask("/nextavailableinvoicenumber") == 1001


def test_a_taken_number_is_refused_or_replaced_by_switch(open_desk, make_line):
    body = {"CustomerCode": "FERN01", "Number": 7, "LineItems": [make_line()]}
    for word, status_code, numbers in (("refuse", 400, [7]), ("assign_next", 201, [7, 8])):
        desk = open_desk(switches=Switches(taken_number=word))
        desk.customer()
        desk.post("/invoices", body)
        assert desk.call("POST", "/invoices", body).status == status_code
        assert [i["Number"] for i in desk.sandbox.invoices()] == numbers


def test_a_post_may_answer_with_nothing(open_desk, make_line):
    desk = open_desk(switches=Switches(post_invoice_reply="empty_ok"))
    desk.customer()
    answered = desk.call(
        "POST", "/invoices", {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    )
    assert (answered.status, answered.text) == (200, "{}")
    assert desk.ask("/invoices/1")["GrossAmount"] == 12


def test_a_created_invoice_says_where_it_is(desk, make_line):
    desk.customer()
    body = {"customercode": "fern01", "LINEITEMS": [make_line()], "Ec": 1}
    answered = desk.call("POST", "/invoices", body)
    assert answered.headers["location"] == "http://sandbox/v2/invoices/1"


def test_a_put_replaces_the_whole_and_empties_what_is_absent(desk, make_line, make_payment):
    desk.customer()
    desk.invoice(CustomerReference="R-1", PaymentLines=[make_payment()])
    assert desk.ask("/bankaccounts/1")["BankBalance"] == 12
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    shown = desk.put("/invoices/1", body)
    assert (shown["PaymentLines"], shown["CustomerReference"]) == ([], "")
    assert desk.ask("/bankaccounts/1")["BankBalance"] == 0
    assert desk.ask("/bankaccounts/1/transactions")["Data"] == []


def test_what_was_read_can_be_written_back_without_loss(desk, make_payment):
    desk.customer(Contacts=[{"Email": "a@example.com"}], Addresses=[{"CountryCode": "GB"}])
    desk.invoice(
        CustomerReference="R-1",
        PaymentLines=[make_payment()],
        DeliveryAddress={"Name": "n", "CountryCode": "IE"},
        Currency={"Code": "EUR", "ExchangeRate": Decimal("1.2")},
    )
    for path in ("/invoices/1", "/customers/FERN01"):
        before = desk.ask(path)
        assert desk.put(path, before) == before
        assert desk.ask(path) == before


def test_a_changed_key_renames_and_answers_created(desk):
    desk.customer()
    invoice = desk.invoice()
    assert desk.put("/invoices/1", {**invoice, "Number": 50}, expect=201)["Number"] == 50
    assert desk.call("GET", "/invoices/1").status == 404
    customer = desk.ask("/customers/FERN01")
    desk.put("/customers/FERN01", {**customer, "Code": "NEW01"}, expect=201)
    assert desk.ask("/invoices/50")["CustomerCode"] == "NEW01"
    assert desk.ask("/customers/new01")["InvoiceCount"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"IssuedDate": "9999-12-31"},
        {"LineItems": [{"Quantity": 10**13, "Rate": 10**14, "NominalCode": 4000}] * 9},
    ],
)
def test_what_goes_beyond_all_numbers_is_refused(desk, make_line, change):
    desk.customer(PaymentTerms={"Type": "AfterMonthEnd", "Days": 30})
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()], **change}
    assert desk.call("POST", "/invoices", body).status == 400
    assert desk.sandbox.invoices() == []


def test_a_new_address_can_be_pushed_both_ways(desk):
    desk.customer(Addresses=[{"Line1": "Old"}])
    desk.invoice()
    customer = desk.ask("/customers/FERN01")
    moved = {**customer, "Addresses": [{"Line1": "New", "CountryCode": "IE"}]}
    desk.put("/customers/FERN01", moved)
    assert desk.ask("/invoices/1")["Address"]["Line1"] == "Old"
    desk.put("/customers/FERN01?updateInvoicesAddress=true", moved)
    assert desk.ask("/invoices/1")["Address"]["CountryName"] == "Ireland"
    desk.invoice(Address={"Line1": "Third"}, UpdateCustomerAddress=True)
    assert desk.ask("/customers/FERN01")["Addresses"][0]["Line1"] == "Third"


@pytest.mark.parametrize(
    "change",
    [
        {"CustomerCode": "NOBODY"},
        {"CustomerCode": None},
        {"LineItems": None},
        {"LineItems": []},
        {"LineItems": [{"Rate": "10.00", "NominalCode": 4000}]},
        {"LineItems": [{"Rate": 10, "NominalCode": 9999}]},
        {"LineItems": [{"Rate": 10}]},
        {"LineItems": [{"Rate": 10, "NominalCode": 4000, "ProductCode": "NONE"}]},
        {"Number": "12"},
        {"Number": -1},
        {"Number": 2**31},
        {"IssuedDate": "20/01/2026"},
        {"IssuedDate": "2026-02-30"},
        {"IssuedDate": "2026-01-20T00:00:00"},
        {"Currency": {"Code": "XXX"}},
        {"PaymentLines": [{"Amount": 1, "Method": 99, "AccountId": 1}]},
        {"PaymentLines": [{"Amount": 1, "Method": 1, "AccountId": 99}]},
        {"PaymentLines": [{"Amount": 1, "Method": 1}]},
        {"PaymentLines": [{"Id": 5, "Amount": 1, "Method": 1, "AccountId": 1}]},
    ],
)
def test_an_impossible_invoice_is_refused_and_leaves_nothing(desk, make_line, change):
    desk.customer()
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()], **change}
    refused = desk.call("POST", "/invoices", body)
    assert refused.status == 400
    assert desk.sandbox.invoices() == []
    assert len(desk.sandbox.violations()) == 1


@pytest.mark.parametrize(
    "written", ["2026-01-20", "2026-01-20 00:00:00", "2026-01-20 10:00:00 +00:00"]
)
def test_dates_are_kept_and_clock_parts_dropped(desk, written):
    desk.customer()
    assert desk.invoice(IssuedDate=written)["IssuedDate"] == "2026-01-20 12:00:00"


def test_rates_keep_two_or_four_decimals_by_switch(open_desk, make_line):
    for decimals, kept in ((4, "8.3333"), (2, "8.33")):
        desk = open_desk(switches=Switches(rate_decimals=decimals))
        desk.customer()
        assert desk.invoice(make_line("8.3333", "1.67"))["LineItems"][0]["Rate"] == Decimal(kept)


def test_vat_is_as_sent_or_recomputed_by_switch(open_desk, make_line):
    for word, vat in (("as_sent", "9.99"), ("recomputed", "2.00")):
        desk = open_desk(switches=Switches(vat_amount=word))
        desk.customer()
        assert desk.invoice(make_line("10", "9.99"))["VATAmount"] == Decimal(vat)


def test_foreign_amounts_are_divided_by_the_rate(desk, make_line):
    desk.customer()
    shown = desk.invoice(
        make_line("195.08", "0"), Currency={"Code": "EUR", "ExchangeRate": Decimal(2)}
    )
    assert (shown["GrossAmount"], shown["HomeCurrencyGrossAmount"]) == (
        Decimal("195.08"),
        Decimal("97.54"),
    )


def test_list_rows_leave_out_lines_payments_and_currency(desk):
    desk.customer()
    desk.invoice()
    (row,) = desk.ask("/invoices")["Data"]
    assert row["LineItems"] is None
    assert row["Currency"] is None
    assert "PaymentLines" not in row


@given(count=st.integers(0, 23), size=st.integers(1, 12), order=st.sampled_from(["Asc", "DESC"]))
@settings(max_examples=25, deadline=None)
def test_pages_hold_every_row_once_and_in_order(open_desk, count, size, order):
    desk = open_desk()
    desk.customer()
    for _ in range(count):
        desk.invoice()
    path = f"/invoices?page=1&perpage={size}&sortby=Number&order={order}"
    found = []
    while path is not None:
        shown = desk.ask(path)
        found += [row["Number"] for row in shown["Data"]]
        link = shown["MetaData"]["NextPageUrl"]
        path = link.removeprefix("http://sandbox/v2") if link else None
    assert found == sorted(range(1, count + 1), reverse=order == "DESC")
    assert shown["MetaData"]["TotalRecords"] == count
    assert shown["MetaData"]["TotalAmount"] == 12 * count


def test_ties_change_places_between_requests_when_shuffled(open_desk):
    desk = open_desk(switches=Switches(shuffle_ties=True))
    desk.customer()
    for _ in range(12):
        desk.invoice()
    by_date = {
        tuple(row["Number"] for row in desk.ask("/invoices?sortby=3")["Data"]) for _ in range(5)
    }
    by_number = {
        tuple(row["Number"] for row in desk.ask("/invoices?sortby=0")["Data"]) for _ in range(5)
    }
    assert len(by_date) > 1
    assert len(by_number) == 1


def test_page_links_may_be_relative(open_desk):
    desk = open_desk(switches=Switches(page_links="relative"))
    desk.customer()
    desk.invoice()
    desk.invoice()
    link = desk.ask("/invoices?perpage=1")["MetaData"]["NextPageUrl"]
    assert link == "/v2/invoices?page=2&perpage=1"


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "perpage=0",
        "perpage=201",
        "page=x",
        "sortby=Colour",
        "order=up",
        "statusfilter=Blue",
        "issuedatefrom=1.1.2026",
    ],
)
def test_an_impossible_query_is_refused(desk, query):
    assert desk.call("GET", f"/invoices?{query}").status == 400


def test_lists_are_filtered_as_asked(desk, make_payment):
    desk.customer()
    desk.customer("MOOR02")
    desk.invoice(CustomerReference="M1-ORD-1", IssuedDate="2026-01-05")
    desk.invoice(CustomerReference="M1-ORD-10", PaymentLines=[make_payment()])
    desk.invoice(code="MOOR02", CustomerReference="other")
    desk.put("/invoices/archive-status/true", [3])

    def numbers(query):
        return [row["Number"] for row in desk.ask(f"/invoices?{query}")["Data"]]

    assert numbers("searchtext=m1-ord-1") == [1, 2]
    assert numbers("customercode=fern01&statusfilter=paid") == [2]
    assert numbers("issuedatefrom=2026-01-01&issuedateto=2026-01-31") == [1]
    assert numbers("archived=true") == [3]
    assert numbers("archived=all") == [1, 2, 3]
    assert numbers("page=9") == []
    assert desk.ask("/invoices/3")["IsArchived"] is True


@pytest.mark.parametrize(("how", "found"), [("contains", [1, 2]), ("prefix", []), ("exact", [])])
def test_how_a_reference_is_searched_is_a_switch(open_desk, how, found):
    desk = open_desk(switches=Switches(search_text=how))
    desk.customer()
    desk.invoice(CustomerReference="M1-ORD-1")
    desk.invoice(CustomerReference="M1-ORD-10")
    shown = desk.ask("/invoices?searchtext=ORD-1")["Data"]
    assert [row["Number"] for row in shown] == found


def test_a_new_record_is_unreadable_until_the_lag_has_passed(open_desk):
    from datetime import timedelta

    desk = open_desk(
        switches=Switches(read_after_write_lag=timedelta(seconds=5), lag_hides_references=True)
    )
    desk.customer()
    assert desk.call("GET", "/customers/FERN01").status == 404
    assert desk.ask("/customers")["Data"] == []
    refused = desk.call("POST", "/invoices", {"CustomerCode": "FERN01", "LineItems": [{}]})
    assert refused.status == 400
    desk.clock.pass_by(seconds=5)
    desk.invoice()
    assert desk.ask("/invoices?searchtext=")["Data"] == []
    desk.clock.pass_by(seconds=5)
    assert len(desk.ask("/invoices")["Data"]) == 1


def test_a_document_in_a_filed_return_cannot_be_touched(desk, make_line):
    desk.customer()
    desk.invoice(IssuedDate="2026-02-28")
    desk.invoice(IssuedDate="2026-03-01")
    assert desk.sandbox.file_vat_return(date(2026, 2, 28)) == 1
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    assert desk.call("PUT", "/invoices/1", body).json["Error"] == "TransactionLocked"
    assert desk.call("DELETE", "/invoices/1").status == 400
    assert desk.call("PUT", "/invoices/2", body).status == 200
    assert desk.ask("/invoices/1")["VATReturnId"] != 0


def test_a_locked_or_reconciled_payment_cannot_move(desk, make_line, make_payment):
    desk.customer()
    desk.invoice(PaymentLines=[make_payment(Date="2026-01-10")])
    desk.invoice(PaymentLines=[make_payment(Date="2026-03-10")])
    desk.sandbox.lock_bank_account(1, date(2026, 1, 31))
    desk.sandbox.reconcile(2)
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    for number in (1, 2):
        assert desk.call("PUT", f"/invoices/{number}", body).json["Error"] == "TransactionLocked"
    late = {**body, "PaymentLines": [make_payment(Date="2026-01-31")]}
    assert desk.call("POST", "/invoices", late).status == 400
    assert desk.ask("/bankaccounts/1")["TransactionLockDate"] == "2026-01-31"
    assert desk.sandbox.census().invoices == 2


def test_a_bookkeeper_edits_behind_the_api(desk, make_line):
    desk.customer()
    invoice = desk.invoice()
    changed = [{**invoice["LineItems"][0], "Rate": Decimal(20)}]
    desk.sandbox.edit_invoice(1, {"LineItems": changed, "CustomerReference": "Mine"})
    shown = desk.ask("/invoices/1")
    assert (shown["NetAmount"], shown["CustomerReference"]) == (20, "Mine")
    desk.sandbox.void_invoice(1)
    assert desk.ask("/invoices/1")["DeletedAt"] == "2026-03-10 12:00:00"
    with pytest.raises(KeyError):
        desk.sandbox.edit_invoice(1, {"Colour": "red"})


def test_permalinks_lead_to_a_pdf(desk, make_payment):
    desk.customer()
    invoice = desk.invoice(PaymentLines=[make_payment()])
    receipt = invoice["PaymentLines"][0]["Permalink"]
    for link in (invoice["Permalink"], "/" + invoice["PackingSlipPermalink"], receipt):
        answered = desk.raw("GET", link.removeprefix("/v2"))
        assert answered.headers["content-type"] == "application/pdf"
        assert answered.text.startswith("%PDF-")
        assert answered.text.endswith("%%EOF\n")
