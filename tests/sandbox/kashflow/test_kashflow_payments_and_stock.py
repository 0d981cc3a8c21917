from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.sandbox.kashflow import Switches

PRODUCT = {
    "Name": "Planter",
    "Code": "PLANT30",
    "NominalCode": 4000,
    "Price": 10,
    "ManageStockLevel": True,
    "QuantityInStock": 36,
}


def stock(desk):
    return desk.ask("/products/4000/plant30")["QuantityInStock"]


def test_stock_falls_follows_edits_and_comes_back(desk, make_line):
    desk.post("/products", PRODUCT)
    desk.customer()
    desk.invoice(make_line(ProductCode="PLANT30", Quantity=4), make_line())
    assert stock(desk) == 32
    body = {
        "CustomerCode": "FERN01",
        "LineItems": [make_line(ProductCode="PLANT30", Quantity=1)],
    }
    desk.put("/invoices/1", body)
    assert stock(desk) == 35
    desk.delete("/invoices/1")
    assert stock(desk) == 36


@pytest.mark.parametrize(("how", "left"), [("ignore", 36), ("restore", 38), ("fall", 34)])
def test_what_a_credit_note_does_to_stock_is_a_switch(open_desk, make_line, how, left):
    desk = open_desk(switches=Switches(stock_on_credit=how))
    desk.post("/products", PRODUCT)
    desk.customer()
    desk.invoice(make_line("-10", "-2", ProductCode="PLANT30", Quantity=2))
    assert stock(desk) == left


def test_stock_is_written_as_an_absolute_number_and_overviewed(desk):
    desk.post("/products", PRODUCT)
    desk.put("/products/4000/PLANT30", {**PRODUCT, "QuantityInStock": 5, "StockWarningQuantity": 6})
    path = "/reports/business/stockoverview?ordersOnly=false&alertsOnly=true&excludeOrdered=false"
    shown = desk.ask(path)
    assert (shown["TotalValue"], shown["Stocks"][0]["QuantityInStock"]) == (50, 5)
    assert desk.call("GET", "/reports/business/stockoverview").status == 400
    assert desk.ask("/nominals/4000/products")["MetaData"]["TotalRecords"] == 1
    assert desk.call("POST", "/products", PRODUCT).status == 400
    desk.post("/products", {**PRODUCT, "NominalCode": 4010})


paid = st.lists(st.decimals("-50", "50", places=2), max_size=4)


@given(steps=st.lists(paid, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_the_bank_holds_what_the_invoices_say_was_paid(open_desk, make_line, make_payment, steps):
    desk = open_desk()
    desk.customer()
    desk.invoice()
    for amounts in steps:
        body = {
            "CustomerCode": "FERN01",
            "LineItems": [make_line()],
            "PaymentLines": [make_payment(str(amount)) for amount in amounts],
        }
        shown = desk.put("/invoices/1", body)
        assert shown["TotalPaidAmount"] == sum(amounts)
        assert desk.ask("/bankaccounts/1")["BankBalance"] == sum(amounts)
        entries = desk.ask("/bankaccounts/1/transactions?perpage=100")["Data"]
        assert sum(e["PaidIn"] - e["PaidOut"] for e in entries) == sum(amounts)


def test_a_bulk_payment_pays_many_invoices_and_can_be_taken_back(desk):
    desk.customer()
    made = [desk.invoice() for _ in range(3)]
    items = [{"Id": i["Id"], "ObjectNumber": i["Number"], "Amount": 12} for i in made]
    body = {"Date": "2026-02-16", "AccountId": 2, "Method": 2, "PaymentItems": items}
    bulk = desk.post("/invoices/bulk/payments", {**body, "Comment": "batch"}, expect=200)
    assert bulk["Number"] == 1
    assert {i["Status"] for i in desk.sandbox.invoices()} == {"Paid"}
    assert desk.ask("/invoices/1")["PaymentLines"][0]["BulkPaymentNumber"] == 1
    assert desk.ask("/bankaccounts/2")["BankBalance"] == 36
    assert len(desk.ask("/invoices/bulk/payments/1")["PaymentItems"]) == 3
    desk.put("/invoices/bulk/payments/1", {**body, "PaymentItems": items[:1]})
    assert desk.ask("/bankaccounts/2")["BankBalance"] == 12
    desk.delete("/invoices/bulk/payments/1", expect=200)
    assert desk.ask("/bankaccounts/2")["BankBalance"] == 0
    assert desk.call("GET", "/invoices/bulk/payments/1").status == 404


def test_a_bulk_payment_is_all_or_nothing(desk):
    desk.customer()
    made = desk.invoice()
    items = [{"Id": made["Id"], "ObjectNumber": 1, "Amount": 12}, {"Id": 1, "ObjectNumber": 1}]
    body = {"AccountId": 1, "Method": 1, "PaymentItems": items}
    assert desk.call("POST", "/invoices/bulk/payments", body).status == 400
    assert desk.ask("/invoices/1")["PaymentLines"] == []
    assert desk.ask("/bankaccounts/1")["BankBalance"] == 0


def test_bulk_payments_may_be_unsupported(open_desk):
    desk = open_desk(switches=Switches(bulk_payments=False))
    assert desk.call("POST", "/invoices/bulk/payments", {}).status == 404


def test_a_credit_note_is_set_against_an_invoice_by_two_cancelling_payments(desk, make_line):
    desk.customer()
    invoice = desk.invoice()
    note = desk.invoice(make_line("-5", "-1"))
    offered = desk.ask(f"/internal/invoices/{invoice['Id']}/credits")
    assert [(c["Type"], c["Id"], c["Amount"]) for c in offered] == [("CreditNote", note["Id"], 6)]
    desk.post(f"/internal/invoices/{invoice['Id']}/credits", offered, expect=200)
    paid = [desk.ask(f"/invoices/{number}") for number in (1, 2)]
    assert [shown["TotalPaidAmount"] for shown in paid] == [6, -6]
    assert all(shown["PaymentLines"][0]["IsPaymentCreditNote"] for shown in paid)
    assert desk.ask("/bankaccounts/1")["BankBalance"] == 0
    assert desk.ask(f"/internal/invoices/{invoice['Id']}/credits") == []
    again = desk.call("POST", f"/internal/invoices/{invoice['Id']}/credits", offered)
    assert again.status == 400
    # What is read can be written back, though such a payment has no method and no bank account.
    assert desk.put("/invoices/1", paid[0]) == paid[0]


def test_an_unallocated_payment_is_money_on_account_and_can_be_used_again(desk, make_payment):
    desk.customer()
    invoice = desk.invoice(PaymentLines=[make_payment()])
    identity = invoice["PaymentLines"][0]["Id"]
    desk.post(f"/internal/invoices/1/payments/{identity}/unallocate", expect=200)
    assert desk.ask("/invoices/1")["Status"] == "Unpaid"
    on_account = desk.ask("/customers/FERN01/advancepayments")
    assert on_account["MetaData"]["TotalAmount"] == 12
    assert desk.ask("/bankaccounts/1")["BankBalance"] == 12
    offered = desk.ask(f"/internal/invoices/{invoice['Id']}/credits")
    desk.post(f"/internal/invoices/{invoice['Id']}/credits", offered, expect=200)
    assert desk.ask("/invoices/1")["Status"] == "Paid"


def test_quotes_become_invoices_all_or_none(desk, make_line):
    desk.customer()
    quote = desk.post("/quotes", {"CustomerCode": "FERN01", "LineItems": [make_line()]})
    assert desk.put("/quotes/1", quote) == quote
    bad = desk.call("POST", "/internal/invoices?convertfrom=quote", [1, 9])
    assert bad.status == 400
    assert "9" in bad.json["Message"]
    done = desk.post("/internal/invoices?convertfrom=quote", [1])
    assert done == [{"InvoiceNumber": 1, "QuoteNumber": 1}]
    assert desk.ask("/invoices/1")["GrossAmount"] == 12
    assert desk.call("GET", "/quotes/1").status == 404


def test_customers_are_unique_by_code_and_found_by_mail(desk):
    desk.customer(Contacts=[{"Email": "Alex@Example.com"}])
    refused = desk.call("POST", "/customers", {"Code": "fern01", "Name": "x"})
    assert (refused.status, refused.json["Error"]) == (400, "DuplicateCustomerCode")
    chosen = desk.post(
        "/customers", {"Code": "FERN01", "Name": "Fern", "CreateCustomerCodeIfDuplicate": True}
    )
    assert chosen["Code"] == "FERN02" or chosen["Code"].startswith("FERN")
    assert desk.post("/customers/suggestedcode", {"Name": "Moor"}, expect=200) == "MOOR01"
    found = desk.ask("/customers/search?searchBy=email&searchText=alex@example.com")
    assert [row["value"] for row in found] == ["FERN01 Limited"]
    assert desk.call("GET", "/customers/search?searchBy=colour&searchText=x").status == 400
    assert len(desk.ask("/customers?searchtext=alex@")["Data"]) == 1


def test_a_customer_with_documents_cannot_be_deleted_but_archived(desk):
    desk.customer()
    desk.customer("GONE01")
    desk.invoice()
    assert desk.call("DELETE", "/customers/FERN01").status == 400
    desk.delete("/customers/GONE01")
    desk.put("/internal/customers/archive", ["FERN01"])
    assert desk.ask("/customers")["Data"] == []
    assert desk.ask("/customers?filterarchived=true")["MetaData"]["TotalRecords"] == 1
    assert desk.ask("/customers/FERN01")["IsArchived"] is True


def test_the_customer_knows_what_was_invoiced_and_paid(desk, make_payment, make_line):
    desk.customer()
    desk.invoice(PaymentLines=[make_payment("5")])
    desk.invoice(make_line("-1", "-0.20"))
    shown = desk.ask("/customers/FERN01")
    assert shown["TotalPaidAmount"] == 5
    assert shown["OutstandingBalance"] == Decimal("5.80")
    kinds = [t["Type"] for t in desk.ask("/customers/FERN01/transactions?sortBy=3")["Data"]]
    assert kinds == [1, 2, 6]
    desk.ask("/customers/FERN01/statistics")


def test_reference_data_can_be_read_and_changed(desk):
    assert {row["VATRate"] for row in desk.ask("/vat/settings/vatrates")} == {20, 5, 0}
    desk.call("POST", "/vat/settings/vatrates/12.5")
    added = desk.ask("/vat/settings/vatrates")[-1]
    assert desk.raw("DELETE", f"/vat/settings/vatrates/{added['VATId']}").status == 204
    assert desk.raw("DELETE", "/vat/settings/vatrates/1").status == 404
    assert desk.post("/nominals", {"Name": "Shiny"})["Code"] == 8001
    again = {"Name": "Shiny", "Code": 8001, "CreateWhenNotPresent": True}
    assert desk.post("/nominals", again)["Code"] == 8001
    desk.delete("/nominals/8001?assignedCode=4000")
    assert desk.ask("/settings/companydetails")["HomeCurrency"]["Code"] == "GBP"
    assert desk.ask("/settings/api")["RESTAPIEnabled"] is True
    assert desk.post("/sources/createSource", {"Name": "Fair"})["Name"] == "Fair"
    assert desk.ask("/sources/getSource?sourceName=fair")["NumberOfCustomer"] == 0
    desk.delete("/sources/deleteSource?name=Fair")
    assert desk.ask("/paymentmethods/invoice")[0] == {"Id": 1, "Name": "Bank Transfer"}


def test_an_email_is_counted_and_sent_nowhere(desk):
    desk.customer()
    desk.invoice()
    desk.post("/email", {"To": "a@example.com", "EntityNumber": 1, "Subject": "Hello"})
    assert desk.ask("/invoices/1")["EmailCount"] == 1
    assert desk.sandbox.emails()[0]["Subject"] == "Hello"


def test_notes_live_with_their_parent(desk):
    desk.customer()
    desk.invoice()
    desk.post("/invoices/1/notes", {"Text": "hello"})
    desk.post("/3/1/notes", {"Text": "again"})
    assert [note["Text"] for note in desk.ask("/invoices/1/notes")] == ["hello", "again"]
    desk.put("/invoices/1/notes/2", {"Text": "changed"})
    desk.delete("/invoices/1/notes/1")
    assert [note["Text"] for note in desk.ask("/invoices/1/notes")] == ["changed"]
    assert desk.call("GET", "/invoices/9/notes").status == 404
