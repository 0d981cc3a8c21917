"""No request, however odd, is answered with a fault of the stand-in's own, or half carried out."""

import json
from decimal import Decimal
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.sandbox.kashflow.binding import Shape
from kashmag.sandbox.kashflow.sandbox import ROUTES

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.decimals(-(10**20), 10**20, places=6),
    st.text(max_size=6),
    st.just([]),
    st.just({}),
)
dates = st.sampled_from(["2026-03-01", "2026-03-10 12:00:00", "0001-01-01", "9999-12-31"])
numbers = st.sampled_from([4000, 4000, 4010, 1, 1, 1, 2, 0, -1, 2**31 - 1])
KINDS = {
    "text": st.sampled_from(["FERN01", "FERN01", "P", "", "£ \u2028", "GBP", "EUR", "invoice"]),
    "integer": numbers,
    "number": st.decimals(-500, 500, places=4) | st.sampled_from([Decimal(0), Decimal("1e13")]),
    "flag": st.booleans(),
    "flag|integer": st.booleans() | numbers,
    "flag|text": st.booleans() | st.text(max_size=3),
    "guid": st.just("00000000-0000-4000-8000-000000000000"),
    "date": dates,
    "order": st.sampled_from(["asc", "DESC", "up"]),
    "object": st.just({}),
}


NOTHING = st.nothing()


def mostly(usual, seldom):
    """The usual nine times of ten."""
    if seldom is NOTHING:
        return usual
    return st.integers(0, 9).flatmap(lambda n: usual if n else seldom)


# What each name mostly holds, so that much of what is asked can be done.
NAMED = {
    "CustomerCode": st.just("FERN01"),
    "NominalCode": st.just(4000),
    "ProductCode": st.sampled_from(["P", ""]),
    "Method": st.just(1),
    "AccountId": st.just(1),
    "ObjectNumber": st.just(1),
    "Id": st.just(0),
    "Number": st.sampled_from([0, 1, 2]),
    "Code": st.sampled_from(["GBP", "EUR"]),
    "Type": st.sampled_from(["AfterMonthEnd", "AfterIssuedDate", "CreditNote"]),
}


def fitting(shape, spoilt=NOTHING):
    required, optional = {}, {}
    for name, field in shape.fields.items():
        inner = shape.nested.get(field.kind.strip("[]"))
        if inner is None:
            named = NAMED.get(name, NOTHING) if field.kind in ("text", "integer") else NOTHING
            value = named if named is not NOTHING and spoilt is NOTHING else KINDS[field.kind]
            value = KINDS[field.kind] if (name, field.kind) == ("Code", "integer") else value
        else:
            value = fitting(inner, spoilt)
            value = st.lists(value, max_size=2) if field.kind.startswith("[") else value
        (required if field.required else optional)[name] = mostly(value, spoilt)
    return st.fixed_dictionaries(required, optional=optional)


def bodies(route):
    if route.body is not None:
        return mostly(fitting(route.body) | fitting(route.body, odd), odd)
    if isinstance(route.items, Shape):
        return mostly(st.lists(fitting(route.items), max_size=2), odd)
    if route.items is not None:
        return mostly(st.lists(KINDS[route.items], max_size=3), odd)
    return st.none()


@st.composite
def calls(draw):
    route = draw(st.sampled_from(ROUTES))
    segments = []
    for segment in route.path.strip("/").split("/"):
        if not segment.startswith("{"):
            segments.append(segment)
            continue
        kind = segment.strip("{}").partition(":")[2]
        word = st.sampled_from(["invoices", "FERN01", "1", "customers", "P", "true", "x y/z"])
        value = draw(word if kind == "" else mostly(KINDS[kind], word))
        segments.append(quote(str(value or "0"), safe=""))
    query = {
        name: str(draw(KINDS[kind.rstrip("!")]))
        for name, kind in route.query.items()
        if kind.endswith("!") or draw(st.booleans())
    }
    path = f"/{'/'.join(segments)}" + (f"?{urlencode(query)}" if query else "")
    return route.method, path, draw(bodies(route))


@given(asked=st.lists(calls(), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_request_breaks_the_stand_in(open_desk, make_line, make_payment, asked):
    desk = open_desk()
    desk.post("/products", {"Name": "x", "Code": "P", "NominalCode": 4000})
    desk.customer()
    desk.invoice(make_line(ProductCode="P"), PaymentLines=[make_payment()])
    desk.post("/quotes", {"CustomerCode": "FERN01", "LineItems": [make_line()]})
    for method, path, body in asked:
        before = everything(desk)
        answered = desk.raw(method, path, None if body is None else encoded(body))
        assert answered.status < 500
        if answered.status >= 400:
            assert set(answered.json) == {"Error", "Message"}
            assert everything(desk) == before
    desk.ask("/invoices?perpage=200")
    assert "<h1>" in desk.raw("GET", "/", root="").text


def encoded(body):
    return json.dumps(body, default=lambda value: float(value)).encode()


def everything(desk):
    account = desk.sandbox
    return (account.invoices(), account.customers(), account.products(), account.bank_accounts())
