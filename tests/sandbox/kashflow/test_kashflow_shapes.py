import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.binding import MisfitError, Shape, bind

SPEC = json.loads(
    (Path(__file__).parents[2] / "samples" / "openapi" / "kashflow.json").read_text("utf-8")
)["components"]["schemas"]
PAIRS = {
    "Credentials": bodies.CREDENTIALS,
    "MemorableWordAnswer": bodies.ANSWER,
    "CustomerWrite": bodies.CUSTOMER,
    "InvoiceWrite": bodies.INVOICE,
    "QuoteWrite": bodies.QUOTE,
    "ProductWrite": bodies.PRODUCT,
    "NominalWrite": bodies.NOMINAL,
    "BankAccountWrite": bodies.BANK_ACCOUNT,
    "BankTransactionWrite": bodies.BANK_TRANSACTION,
    "BulkPayment": bodies.BULK_PAYMENT,
    "Credit": bodies.CREDIT,
    "NoteWrite": bodies.NOTE,
    "SourceWrite": bodies.SOURCE,
    "EmailWrite": bodies.EMAIL,
    "StockOptions": bodies.STOCK_OPTIONS,
    "CurrencyWrite": bodies.CURRENCY,
    "QuoteCategory": bodies.QUOTE_CATEGORY,
    "BadDebtWrite": bodies.BAD_DEBT,
    "CardlessPaymentWrite": bodies.CARDLESS,
}
# Printed by the service, never bound: they come back in an echoed record and are ignored.
ONLY_SHOWN = {"ExportDetails", "DoesCustomersHaveEmail", "DoesSuppliersHaveEmail", "Permalink"}
WORDS = {"string": "text", "integer": "integer", "number": "number", "boolean": "flag"}


def kind_of(schema):
    """The kind of a documented field, and the schema of its parts."""
    options = schema.get("anyOf", [schema])
    schema = next(option for option in options if option.get("type") != "null")
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return ("date", None) if name == "KfDateTime" else ("object", SPEC[name])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    types = [word for word in types if word != "null"]
    if types == ["array"]:
        return "array", kind_of(schema["items"])[1]
    if types == ["string"] and "pattern" in schema:
        return "guid", None
    return "|".join(WORDS.get(word, word) for word in types), None


def differences(schema, shape, path):
    documented = {n: s for n, s in schema["properties"].items() if n not in ONLY_SHOWN}
    found = [f"{path}.{name}" for name in set(documented) ^ set(shape.fields)]
    required = {name for name, field in shape.fields.items() if field.required}
    found += [f"{path}.{n} required" for n in required ^ set(schema.get("required", ()))]
    for name in set(documented) & set(shape.fields):
        kind, parts = kind_of(documented[name])
        bound = shape.fields[name].kind
        inner = shape.nested.get(bound.strip("[]"))
        if inner is not None and parts is not None:
            assert bound.startswith("[") == (kind == "array"), name
            found += differences(parts, inner, f"{path}.{name}")
        elif bound != kind and not (bound == "date" and name.endswith("Date")):
            found.append(f"{path}.{name}: {bound} for {kind}")
    return found


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_body_is_bound_exactly_as_it_is_published(name):
    assert differences(SPEC[name], PAIRS[name], name) == []


THING = Shape.of(
    "Thing",
    "Name!:text Size:integer? Parts:[Part]? Cost:number?",
    Part=Shape.of("Part", "Id!:integer"),
)


@given(fold=st.functions(like=lambda text: "", returns=st.booleans(), pure=True))
def test_names_bind_in_any_letter_case(fold):
    names = {"Name": "x", "Size": 3, "Parts": [{"Id": 1}]}
    folded = {n.upper() if fold(n) else n.lower(): v for n, v in names.items()}
    assert bind(folded, THING) == names


def test_unknown_names_are_ignored_and_null_is_absent():
    assert bind({"Name": "x", "Colour": "red", "Size": None}, THING) == {"Name": "x"}


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({}, r"Name required @ \$"),
        ({"Name": None}, r"null is not allowed @ \$.Name"),
        ({"Name": 1}, r"text required @ \$.Name"),
        ({"Name": "x", "Size": "3"}, r"@ \$.Size"),
        ({"Name": "x", "Size": True}, r"@ \$.Size"),
        ({"Name": "x", "Size": 2**40}, "beyond 32 bits"),
        ({"Name": "x", "Parts": {}}, r"array is required @ \$.Parts"),
        ({"Name": "x", "Parts": [{"Id": 1}, {}]}, r"Id required @ \$.Parts\[1\]"),
        ([], "must be an object"),
    ],
)
def test_a_misfit_says_where(value, where):
    with pytest.raises(MisfitError, match=where):
        bind(value, THING)
