import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
SPEC = json.loads((SAMPLES / "openapi" / "kashflow.json").read_text("utf-8"))
OPERATIONS = [
    (method.upper(), path)
    for path, operations in SPEC["paths"].items()
    for method in operations
    if method != "parameters"
]
FILLED = {
    "objectType": "invoices",
    "type": "invoice",
    "isArchived": "true",
    "code": "FERN01",
    "sessionToken": "00000000-0000-4000-8000-000000000000",
    "key": "00000000-0000-4000-8000-000000000000",
    "documentType": "invoice",
}


def filled(path):
    for name in {part.strip("{}") for part in path.split("/") if part.startswith("{")}:
        path = path.replace(f"{{{name}}}", FILLED.get(name, "4000"))
    return path


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_published_operation_has_a_route(desk, method, path):
    answered = desk.raw(method, filled(path))
    assert answered.status != 405
    assert "There is no /" not in answered.text


def test_an_unknown_route_is_not_found_and_a_wrong_method_is_not_allowed(desk):
    assert desk.raw("GET", "/payments").status == 404
    assert desk.raw("PATCH", "/invoices/1").status == 405


@pytest.mark.parametrize(
    "sample",
    [
        "invoice_detail.json",
        "invoices_list.json",
        "customer_detail.json",
        "customers_list.json",
        "bankaccount_detail.json",
        "bank_transactions_list.json",
        "nominal_detail.json",
        "nominals_list.json",
        "products_list.json",
        "quote_detail.json",
        "quotes_list.json",
        "metadata.json",
        "stockoverview.json",
        "sources_list.json",
        "currencies.json",
        "countries.json",
        "vat_settings_vatrates.json",
        "bulk_payment_detail.json",
        "notes_list.json",
    ],
)
def test_an_answer_has_every_field_of_the_sample(desk, make_line, make_payment, sample):
    desk.post("/products", PRODUCT)
    desk.customer(Contacts=[{"Name": "Alex Sample"}], Addresses=[{}], DeliveryAddresses=[{}])
    desk.invoice(make_line(ProductCode="PLANT30"), PaymentLines=[make_payment()])
    desk.invoice(DeliveryAddress={"Name": "x"}, Address={"Line1": "y"})
    desk.post("/quotes", {"CustomerCode": "FERN01", "LineItems": [make_line()]})
    desk.post("/customers/FERN01/notes", {"Text": "hello"})
    invoice = desk.sandbox.invoices()[1]
    item = {"Id": invoice["Id"], "ObjectNumber": 2, "Amount": 12}
    desk.post("/invoices/bulk/payments", {"Method": 1, "AccountId": 1, "PaymentItems": [item]})
    shown = desk.ask(PATHS[sample])
    expected = json.loads((SAMPLES / "kashflow" / sample).read_text("utf-8"))
    assert missing(expected, shown) == []


PRODUCT = {
    "Name": "Planter",
    "Code": "PLANT30",
    "NominalCode": 4000,
    "Price": 10,
    "ManageStockLevel": True,
    "QuantityInStock": 36,
}
PATHS = {
    "invoice_detail.json": "/invoices/1",
    "invoices_list.json": "/invoices?perpage=1",
    "customer_detail.json": "/customers/FERN01",
    "customers_list.json": "/customers",
    "bankaccount_detail.json": "/bankaccounts/1",
    "bank_transactions_list.json": "/bankaccounts/1/transactions",
    "nominal_detail.json": "/nominals/4000",
    "nominals_list.json": "/nominals",
    "products_list.json": "/products/list",
    "quote_detail.json": "/quotes/1",
    "quotes_list.json": "/quotes",
    "metadata.json": "/metadata",
    "stockoverview.json": (
        "/reports/business/stockoverview?ordersOnly=false&alertsOnly=false&excludeOrdered=false"
    ),
    "sources_list.json": "/sources",
    "currencies.json": "/currencies",
    "countries.json": "/countries",
    "vat_settings_vatrates.json": "/vat/settings/vatrates",
    "bulk_payment_detail.json": "/invoices/bulk/payments/1",
    "notes_list.json": "/customers/FERN01/notes",
}


def missing(expected, shown, path="$"):
    if isinstance(expected, dict) and isinstance(shown, dict):
        gone = [f"{path}.{name}" for name in expected if name not in shown]
        return gone + [
            found
            for name in expected
            if name in shown
            for found in missing(expected[name], shown[name], f"{path}.{name}")
        ]
    if isinstance(expected, list) and isinstance(shown, list) and expected and shown:
        return missing(expected[0], shown[0], f"{path}[0]")
    return []
