"""Updates lose nothing: whatever a record holds, only what was meant to change is changed."""

import asyncio
import datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.errors import (
    BrokenError,
    ConflictError,
    NoAnswerError,
    NotFoundError,
    UnexpectedPayloadError,
    UnreachableError,
)
from kashmag.rest.authentication import Anonymous
from kashmag.rest.codec import dumps, loads
from kashmag.rest.wire import Response
from kashmag.sandbox.kashflow import KashflowSandbox, Switches

INVOICE = loads(
    b"""{"Id": 7, "Number": 12, "CustomerCode": "C1", "CustomerReference": "M1-ORD-1",
    "IssuedDate": "2026-01-20 12:00:00", "DueDate": "2026-02-19 12:00:00", "PaidDate": null,
    "NetAmount": 10.0000, "VATAmount": 2.0000, "GrossAmount": 12.0000, "TotalPaidAmount": 0.0000,
    "VATReturnId": 0, "Currency": {"Code": "GBP", "ExchangeRate": 1.0000}, "PaymentLines": [],
    "LineItems": [{"Number": 1, "Description": "a", "Quantity": 1.0000, "Rate": 10.0000,
    "VATLevel": 20.0000, "VATAmount": 2.0000, "NominalCode": 4000, "TaxCode": null}]}"""
)


class OneRecord:
    """A far end with one record, which it replaces as a whole: what is not sent is gone."""

    def __init__(self, record, *, on_put=lambda put, record: put, stale=0):
        self.record = record
        self.puts = []
        self.reads = 0
        self.on_put = on_put
        self.stale = stale
        self.before_read = lambda reads: None

    async def send(self, request):
        if request.method == "PUT":
            self.puts.append(loads(request.body))
            self.old = self.record
            self.record = self.on_put(self.puts[-1], self.record)
            return Response(200, (), dumps(self.record))
        self.reads += 1
        self.before_read(self.reads)
        if self.puts and self.stale:
            self.stale -= 1
            return Response(200, (), dumps(self.old))
        return Response(200, (("Content-Type", "application/json"),), dumps(self.record))

    async def aclose(self):
        pass


def client_of(server, turned, **settings_):
    return kashflow.Client(
        "http://books.test/v2",
        auth=Anonymous(),
        transport=server,
        clock=turned.clock,
        **settings_,
    )


def with_reference(reference):
    return lambda record: attrs.evolve(record, customer_reference=reference)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=5)
    | st.decimals(-99, 99, places=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner,
                                                                max_size=2),
    max_leaves=4,
)  # fmt: skip
unknown = st.dictionaries(st.text("uvwxyz", min_size=3, max_size=6), json_values, max_size=4)


@settings(max_examples=60, deadline=None)
@given(unknown, unknown, st.text(max_size=8))
async def test_an_update_sends_back_every_key_that_it_read(top, inner, reference):
    record = {**INVOICE, **top, "LineItems": [{**INVOICE["LineItems"][0], **inner}]}
    server = OneRecord(record)
    books = kashflow.Client("http://books.test/v2", auth=Anonymous(), transport=server)
    await books.invoices.update(12, with_reference(reference + "!"))
    (put,) = server.puts
    expected = {**record, "CustomerReference": reference + "!"}
    for name in ("IssuedDate", "DueDate"):
        assert put[name][:10] == expected[name][:10]
        put[name] = expected[name]
    for name, value in expected.items():
        assert put[name] == value or (value == [] and put.get(name) == [])
    assert set(put) - set(expected) <= {"ReminderLetters"}


async def test_nothing_is_sent_when_nothing_changes(turned):
    server = OneRecord(INVOICE)
    books = client_of(server, turned)
    before = await books.invoices.update(12, lambda invoice: invoice)
    assert (before.number, server.puts) == (12, [])


async def test_a_line_and_a_payment_are_added_to_what_is_there(turned):
    server = OneRecord(INVOICE)
    books = client_of(server, turned)

    def change(invoice):
        line = kashflow.LineItem(
            0, "b", quantity=Decimal(2), rate=Decimal("1.5"), vat_level=Decimal(20),
            vat_amount=Decimal("0.6"), nominal_code=4000,
        )  # fmt: skip
        paid = kashflow.PaymentLine(
            0, Decimal("15.6"), date=datetime.date(2026, 1, 20), method=2, account_id=2, note="t"
        )
        return attrs.evolve(invoice, line_items=(*invoice.line_items, line), payment_lines=(paid,))

    told = await books.invoices.update(12, change)
    assert [line.description for line in told.line_items] == ["a", "b"]
    assert server.puts[0]["PaymentLines"][0]["Date"] == "2026-01-20 00:00:00"


@pytest.mark.parametrize(
    "edit",
    [
        {"CustomerReference": "somebody else's"},
        {"GrossAmount": Decimal("99.0000")},
        {"VATReturnId": 4},
        {"LineItems": []},
        {"DueDate": "2026-03-01 12:00:00"},
        {"PaymentLines": [{"Id": 5, "Amount": Decimal(1)}]},
    ],
)
async def test_an_edit_between_our_two_readings_is_refused_with_what_differs(edit, turned):
    server = OneRecord(INVOICE)
    books = client_of(server, turned)

    def while_changing(invoice):
        server.record = {**server.record, **edit}
        return attrs.evolve(invoice, automatic_credit_control_enabled=True)

    with pytest.raises(ConflictError, match=next(iter(edit))):
        await books.invoices.update(12, while_changing)
    assert server.puts == []


async def test_an_update_of_what_is_no_longer_as_it_was_seen_is_refused(turned):
    server = OneRecord(INVOICE)
    books = client_of(server, turned)
    seen = await books.invoices.get(12)
    server.record = {**INVOICE, "CustomerReference": "edited"}
    with pytest.raises(ConflictError, match="CustomerReference: M1-ORD-1 -> edited"):
        await books.invoices.update(12, with_reference("mine"), seen=seen)
    server.record = INVOICE
    await books.invoices.update(12, with_reference("mine"), seen=seen)
    assert len(server.puts) == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"VATReturnId": 3}, "VAT return"),
        (
            {"PaymentLines": [{"Id": 1, "Amount": 12, "BankReconciliationId": 9}]},
            "reconciled",
        ),
        ({"PaymentLines": [{"Id": 1, "Amount": 12, "VATReturnId": 9}]}, "VAT return"),
        ({"DeletedAt": "2026-01-22 12:00:00"}, "deleted"),
        ({"LineItems": None}, "lines were not told"),
        ({"TotalPaidAmount": 12, "PaymentLines": None}, "payments were not told"),
    ],
)
async def test_a_document_that_is_closed_or_half_told_is_never_rewritten(state, reason, turned):
    server = OneRecord({**INVOICE, **state})
    books = client_of(server, turned)
    with pytest.raises(ConflictError, match=reason):
        await books.invoices.update(12, with_reference("mine"))
    with pytest.raises(ConflictError, match=reason):
        await books.invoices.delete(12)
    assert server.puts == []


async def test_what_reads_back_otherwise_is_said_with_its_place(turned):
    def recomputed(put, _):
        line = {**put["LineItems"][0], "VATAmount": Decimal("2.01")}
        return {**put, "LineItems": [line]}

    server = OneRecord(INVOICE, on_put=recomputed)
    books = client_of(server, turned)
    with pytest.raises(UnexpectedPayloadError) as caught:
        await books.invoices.update(12, with_reference("mine"))
    assert caught.value.paths == ("LineItems[0].VATAmount: 2.0000 -> 2.01",)


async def test_a_key_of_ours_or_theirs_that_vanishes_is_said(turned):
    record = {**INVOICE, "SomethingNew": "precious"}
    server = OneRecord(
        record, on_put=lambda put, _: {k: v for k, v in put.items() if k != "SomethingNew"}
    )
    with pytest.raises(UnexpectedPayloadError, match="SomethingNew: precious -> gone"):
        await client_of(server, turned).invoices.update(12, with_reference("mine"))


async def test_a_key_that_one_of_two_answers_lacks_is_not_lost(turned):
    record = {**INVOICE, "SomethingNew": "precious"}
    server = OneRecord(record)
    lean = {k: v for k, v in record.items() if k not in ("SomethingNew", "DueDate")}

    def flicker(reads):
        server.record = lean if reads == 1 else record if reads == 2 else server.record

    server.before_read = flicker
    await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert server.puts[0]["SomethingNew"] == "precious"
    assert server.puts[0]["DueDate"] == "2026-02-19 00:00:00"


async def test_a_reading_that_lags_behind_our_own_write_is_waited_out(turned):
    server = OneRecord(INVOICE, stale=4)
    told = await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert told.customer_reference == "mine"
    assert 1 < sum(turned.slept) < 10
    assert len(server.puts) == 1


async def test_two_updates_of_one_client_follow_each_other(turned):
    server = OneRecord(INVOICE)
    books = client_of(server, turned)

    def longer(invoice):
        return attrs.evolve(invoice, customer_reference=f"{invoice.customer_reference}+")

    await asyncio.gather(*(books.invoices.update(12, longer) for _ in range(8)))
    assert server.record["CustomerReference"] == "M1-ORD-1" + "+" * 8


class CutAtPut(OneRecord):
    """Loses the answer to a write, after or before carrying it out."""

    def __init__(self, record, *, applied, error):
        super().__init__(record)
        self.applied = applied
        self.error = error

    async def send(self, request):
        if request.method == "PUT" and not self.applied:
            self.puts.append(request.body)
            self.old = self.record
            raise self.error
        answer = await super().send(request)
        if request.method == "PUT":
            raise self.error
        return answer


@pytest.mark.parametrize("error", [NoAnswerError("cut"), BrokenError("time-out")])
async def test_a_write_whose_answer_was_lost_is_looked_up_and_not_repeated(error, turned):
    server = CutAtPut(INVOICE, applied=True, error=error)
    told = await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert told.customer_reference == "mine"
    assert len(server.puts) == 1


async def test_a_write_that_was_lost_is_neither_repeated_nor_called_done(turned):
    server = CutAtPut(INVOICE, applied=False, error=NoAnswerError("cut"))
    with pytest.raises(NoAnswerError):
        await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert len(server.puts) == 1


class GoneAfterPut(OneRecord):
    """Takes the write, and cannot be reached from then on."""

    async def send(self, request):
        if self.puts:
            raise UnreachableError("no connection")
        return await super().send(request)


async def test_a_write_that_was_taken_and_cannot_be_read_back_is_not_called_undone(turned):
    far = GoneAfterPut(INVOICE)
    with pytest.raises(NoAnswerError, match="not read back"):
        await client_of(far, turned).invoices.update(12, with_reference("new"))
    assert len(far.puts) == 1


async def test_what_an_update_leaves_out_of_a_contact_is_theirs_to_fill_in(open_books):
    books, _ = open_books()
    await books.customers.create(kashflow.CustomerDraft("C1", "One"))
    person = kashflow.Contact("Alex", "Sample", email="alex@example.com")
    told = await books.customers.update("C1", lambda one: attrs.evolve(one, contacts=(person,)))
    assert told.contacts[0].name == "Alex Sample"


async def test_a_renamed_customer_is_read_back_under_its_new_code(open_books):
    books, _ = open_books()
    await books.customers.create(kashflow.CustomerDraft("OLD", "One"))
    told = await books.customers.update("OLD", lambda one: attrs.evolve(one, code="NEW"))
    assert told.code == "NEW"
    with pytest.raises(NotFoundError):
        await books.customers.get("OLD")


async def test_the_stand_in_loses_nothing_by_an_update(open_books):
    books, account = open_books(KashflowSandbox(seed=3, switches=Switches(rate_decimals=4)))
    person = kashflow.Contact("Alex", "Sample", email="alex@example.com", mobile="07700 900101")
    await books.customers.create(
        kashflow.CustomerDraft(
            "C1", "One", contacts=(person,), note="kept", discount_rate=Decimal("2.5"),
            addresses=(kashflow.Address("1 Lane", "Town", post_code="ZZ99 1AA",
                                        country_code="GB"),),
            payment_terms=kashflow.PaymentTerms("AfterIssuedDate", 30),
            custom_text_boxes=(kashflow.NamedText("a", "b"),), vat_number="GB000000000",
        )
    )  # fmt: skip
    before = account.customers()[0]
    await books.customers.update("C1", lambda one: attrs.evolve(one, name="Two"))
    after = account.customers()[0]
    ours = {"Name", "DisplayName"}
    assert {k: v for k, v in after.items() if k not in ours} == {
        k: v for k, v in before.items() if k not in ours
    }
    assert after["Name"] == "Two"
    assert account.violations() == ()


async def test_a_rename_that_was_lost_is_not_called_missing(turned):
    class Lost(CutAtPut):
        async def send(self, request):
            if request.method == "GET" and request.url.endswith("/NEW"):
                return Response(404, (), b"")
            return await super().send(request)

    record = {"Code": "OLD", "Name": "One"}
    server = Lost(record, applied=False, error=NoAnswerError("cut"))
    books = client_of(server, turned)
    with pytest.raises(NoAnswerError):
        await books.customers.update("OLD", lambda one: attrs.evolve(one, code="NEW"))


async def test_a_key_that_a_line_lacks_in_one_of_two_answers_is_not_lost(turned):
    line = {**INVOICE["LineItems"][0], "SomethingNew": "precious", "Inner": {"a": 1, "b": 2}}
    record = {**INVOICE, "LineItems": [line, {**line, "Number": 2}]}
    lean = {k: v for k, v in line.items() if k != "SomethingNew"} | {"Inner": {"a": 1}}
    server = OneRecord(record)

    def flicker(reads):
        if reads == 1:
            server.record = {**record, "LineItems": [lean, {**lean, "Number": 2}]}
        elif reads == 2:
            server.record = record

    server.before_read = flicker
    await client_of(server, turned).invoices.update(12, with_reference("mine"))
    first, second = server.puts[0]["LineItems"]
    assert first["SomethingNew"] == second["SomethingNew"] == "precious"
    assert first["Inner"] == {"a": 1, "b": 2}


async def test_rows_that_came_in_another_order_are_no_edit(turned):
    line = INVOICE["LineItems"][0]
    rows = [{**line, "Number": 1}, {**line, "Number": 2, "Description": "b"}]
    server = OneRecord({**INVOICE, "LineItems": rows})

    def turn_round(reads):
        if reads in (2, 3):
            server.record = {**server.record, "LineItems": server.record["LineItems"][::-1]}

    server.before_read = turn_round
    told = await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert sorted(line.description for line in told.line_items) == ["a", "b"]
    assert [line["Number"] for line in server.puts[0]["LineItems"]] == [1, 2]


async def test_a_line_that_somebody_took_away_after_our_write_is_said(turned):
    line = INVOICE["LineItems"][0]
    record = {**INVOICE, "LineItems": [line, {**line, "Number": 2}]}
    server = OneRecord(record, on_put=lambda put, _: {**put, "LineItems": put["LineItems"][:1]})
    with pytest.raises(UnexpectedPayloadError, match="LineItems: 2 entries -> 1 entries"):
        await client_of(server, turned).invoices.update(12, with_reference("mine"))


async def test_a_filed_document_is_left_alone_even_if_only_one_answer_says_that_it_is(turned):
    lean = {k: v for k, v in INVOICE.items() if k != "VATReturnId"}
    server = OneRecord(lean)

    def second_says_more(reads):
        if reads == 2:
            server.record = {**INVOICE, "VATReturnId": 3}

    server.before_read = second_says_more
    with pytest.raises(ConflictError, match="VAT return"):
        await client_of(server, turned).invoices.update(12, with_reference("mine"))
    assert server.puts == []
