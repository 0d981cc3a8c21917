import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from kashmag.sandbox.kashflow import Switches

PRODUCT = {
    "Name": "Planter",
    "Code": "P",
    "NominalCode": 4000,
    "ManageStockLevel": True,
    "QuantityInStock": 10,
}


def flipped(open_desk, **switches):
    return open_desk(switches=Switches(**switches))


def test_every_switch_is_flipped_by_some_test():
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))
    assert [f.name for f in attrs.fields(Switches) if not re.search(f'{f.name}(=|": )', text)] == []


def test_numbers_may_arrive_as_text(open_desk, make_line):
    desk = flipped(open_desk, number_as_text=True)
    desk.customer()
    answered = desk.raw("POST", "/invoices", {"CustomerCode": "FERN01", "LineItems": [make_line()]})
    assert answered.json["Number"] == "1"


def test_numbers_and_dates_may_be_spelt_otherwise_and_mean_the_same(open_desk, make_line):
    plain, odd = open_desk(), flipped(open_desk, decimals="mixed", dates_carry_offset=True)
    lines = [make_line("6.08", "0"), make_line("8.3333", "1.67")]
    for desk in (plain, odd):
        desk.raw("POST", "/customers", {"Code": "FERN01", "Name": "Fern"})
        desk.raw("POST", "/invoices", {"CustomerCode": "FERN01", "LineItems": lines})
    spelt = odd.raw("GET", "/invoices/1")
    assert '"IssuedDate":"2026-03-10 12:00:00 +05:30"' in spelt.text
    assert '"TotalPaidAmount":0,' in spelt.text
    assert '"Rate":8.3333' in spelt.text
    same = spelt.text.replace(" +05:30", "")
    expected = plain.ask("/invoices/1")
    shown = json.loads(same, parse_float=Decimal)
    assert {n: v for n, v in shown.items() if not isinstance(v, str)} == {
        n: v for n, v in expected.items() if not isinstance(v, str)
    }
    assert spelt.text != plain.raw("GET", "/invoices/1").text


def test_permalinks_may_be_absolute(open_desk):
    desk = flipped(open_desk, permalinks="absolute")
    desk.customer()
    assert desk.invoice()["Permalink"].startswith("https://api.kashflow.com/v2/documents/invoice/")


def test_list_rows_may_carry_lines(open_desk):
    desk = flipped(open_desk, list_rows_carry_lines=True)
    desk.customer()
    desk.invoice()
    (row,) = desk.ask("/invoices")["Data"]
    assert row["LineItems"][0]["Rate"] == 10


def test_what_is_missing_may_have_no_body(open_desk):
    desk = flipped(open_desk, missing_record="empty")
    assert (desk.raw("GET", "/invoices/1").status, desk.raw("GET", "/invoices/1").text) == (404, "")


def test_products_may_be_a_bare_array(open_desk):
    desk = flipped(open_desk, unpaged_products=True)
    desk.post("/products", PRODUCT)
    assert desk.ask("/products")[0]["Code"] == "P"


def test_the_first_number_may_be_any(open_desk):
    desk = flipped(open_desk, first_invoice_number=5000)
    desk.customer()
    assert desk.invoice()["Number"] == 5000


@pytest.mark.parametrize(("how", "net"), [("exact", "0.9999"), ("pence", "1.00")])
def test_a_line_is_exact_or_rounded_to_pence(open_desk, make_line, how, net):
    desk = flipped(open_desk, line_net=how)
    desk.customer()
    assert desk.invoice(make_line("0.3333", "0.20", Quantity=3))["NetAmount"] == Decimal(net)


def test_vat_may_be_computed_per_unit(open_desk):
    line = {"Quantity": 10, "Rate": Decimal("0.33"), "VATLevel": 20, "NominalCode": 4000}
    for per_unit, vat in ((True, "0.70"), (False, "0.66")):
        desk = flipped(open_desk, calculate_tax_on_unit_price=per_unit)
        desk.customer()
        assert desk.invoice(line)["VATAmount"] == Decimal(vat)
        shown = desk.ask("/vat/settings")
        assert shown["CalculateTaxOnIndividualUnitPrice"] is per_unit


@pytest.mark.parametrize(("way", "status"), [("refuse", 400), ("accept", 201)])
def test_a_document_for_an_archived_customer_is_refused_or_accepted(
    open_desk, make_line, way, status
):
    desk = flipped(open_desk, archived_customer=way)
    desk.customer()
    desk.put("/internal/customers/archive", ["FERN01"])
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    assert desk.raw("POST", "/invoices", body).status == status


def test_archived_documents_may_be_listed_with_the_others(open_desk):
    desk = flipped(open_desk, lists_hide_archived=False)
    desk.customer()
    desk.invoice()
    desk.put("/invoices/archive-status/true", [1])
    assert desk.ask("/invoices")["MetaData"]["TotalRecords"] == 1


def test_too_large_pages_may_be_clamped(open_desk):
    desk = flipped(open_desk, max_perpage=2, over_max_perpage="clamp")
    for number in range(3):
        desk.customer(f"C{number}")
    assert len(desk.ask("/customers?perpage=9")["Data"]) == 2
    assert len(desk.ask("/customers?perpage=9&skipperpagevalidation=true")["Data"]) == 3


def test_codes_may_differ_by_case_alone(open_desk):
    desk = flipped(open_desk, codes_ignore_case=False)
    desk.customer("abc")
    desk.customer("ABC")
    assert desk.call("GET", "/customers/Abc").status == 404


def test_unknown_things_may_be_accepted_or_refused(open_desk, make_line, make_payment):
    strict = flipped(open_desk, unknown_vat_rate="refuse")
    strict.customer()
    body = {"CustomerCode": "FERN01", "LineItems": [make_line(VATLevel=17)]}
    assert strict.call("POST", "/invoices", body).status == 400
    lax = flipped(open_desk, unknown_product="accept", unknown_payment_reference="accept")
    lax.customer()
    lines = [make_line(VATLevel=17, ProductCode="NONE")]
    lax.invoice(*lines, PaymentLines=[make_payment(Method=9, AccountId=9)])


def test_locks_may_be_off_and_late_documents_refused(open_desk, make_line):
    desk = flipped(open_desk, locked_documents="allow", late_documents="refuse")
    desk.customer()
    desk.invoice(IssuedDate="2026-01-31")
    desk.sandbox.file_vat_return(date(2026, 1, 31))
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    assert desk.call("POST", "/invoices", {**body, "IssuedDate": "2026-01-31"}).status == 400
    desk.put("/invoices/1", body)


def test_error_codes_are_what_the_switches_say(open_desk, make_line):
    desk = flipped(
        open_desk,
        validation_error="A",
        duplicate_code_error="B",
        taken_number_error="C",
        locked_error="D",
        not_found_error="E",
    )
    desk.customer()
    desk.invoice()
    desk.sandbox.file_vat_return(date(2026, 12, 31))
    body = {"CustomerCode": "FERN01", "LineItems": [make_line()]}
    codes = [
        desk.call("POST", "/invoices", {}).json["Error"],
        desk.call("POST", "/customers", {"Code": "FERN01", "Name": "x"}).json["Error"],
        desk.call("POST", "/invoices", {**body, "Number": 1}).json["Error"],
        desk.call("PUT", "/invoices/1", body).json["Error"],
        desk.call("GET", "/invoices/2").json["Error"],
    ]
    assert codes == ["A", "B", "C", "D", "E"]


def test_internal_routes_may_be_closed(open_desk):
    desk = flipped(open_desk, internal_routes=False)
    assert desk.call("GET", "/internal/invoices/1/credits").status == 404


@pytest.mark.parametrize(
    ("switches", "levels"),
    [
        ({"stock_on_create": False}, [10, 12, 14]),
        ({"stock_on_edit": False}, [6, 6, 8]),
        ({"stock_on_delete": False}, [6, 8, 8]),
    ],
)
def test_each_stock_movement_has_its_switch(open_desk, make_line, switches, levels):
    desk = flipped(open_desk, **switches)
    desk.post("/products", PRODUCT)
    desk.customer()

    def level():
        return desk.ask("/products/4000/P")["QuantityInStock"]

    desk.invoice(make_line(ProductCode="P", Quantity=4))
    seen = [level()]
    body = {"CustomerCode": "FERN01", "LineItems": [make_line(ProductCode="P", Quantity=2)]}
    desk.put("/invoices/1", body)
    seen.append(level())
    desk.delete("/invoices/1")
    assert [*seen, level()] == levels


def test_lives_and_failures_of_the_sign_in_are_switches(open_desk):
    from datetime import timedelta

    desk = flipped(
        open_desk,
        temporary_token_life=timedelta(seconds=1),
        session_idle_life=timedelta(minutes=2),
        failures_until_locked=1,
    )
    late = desk.challenge().json
    desk.clock.pass_by(seconds=2)
    assert desk.answer(late).status == 401
    desk.clock.pass_by(minutes=3)
    assert desk.call("GET", "/metadata").status == 401
    desk.challenge("wrong")
    assert desk.challenge().json["Error"] == "AccountLocked"
