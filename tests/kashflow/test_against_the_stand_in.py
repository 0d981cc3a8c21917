"""The whole client against an independent stand-in that checks every request, switch by switch."""

import asyncio
import datetime
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from kashmag import kashflow
from kashmag.errors import ConflictError, InvalidError, KashmagError, NotFoundError
from kashmag.kashflow.checks import Known, checks, look_up
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow import KashflowSandbox, Switches
from kashmag.sandbox.kashflow.wire import DIALECT
from kashmag.sandbox.serving import serving

DAY = datetime.date(2026, 1, 20)
FLIPS = [
    {},
    {"post_invoice_reply": "empty_ok"},
    {"post_invoice_reply": "empty_ok", "search_text": "exact"},
    {"post_invoice_reply": "empty_ok", "search_text": "prefix", "shuffle_ties": True},
    {"number_as_text": True},
    {"page_links": "relative", "permalinks": "absolute"},
    {"list_rows_carry_lines": True, "missing_record": "empty"},
    {"unpaged_products": True, "shuffle_ties": True},
    {"max_perpage": 25, "over_max_perpage": "clamp"},
    {"max_perpage": 60, "over_max_perpage": "refuse"},
    {"rate_decimals": 2, "line_net": "pence"},
    {"vat_amount": "recomputed", "part_paid_status": True},
    {"lists_hide_archived": False, "stock_on_credit": "restore"},
    {"several_sessions": False, "taken_number": "assign_next"},
]


def line(net="18", vat="3.60", text="Planter"):
    return kashflow.LineDraft(
        text,
        quantity=Decimal(1),
        rate=Decimal(net),
        vat_level=Decimal(20),
        vat_amount=Decimal(vat),
        nominal_code=4000,
    )


def invoice(reference, *lines, paid=None, code="C1", number=None):
    payment = kashflow.PaymentDraft(DAY, Decimal(paid or 0), method=2, account_id=2, note="txn")
    return kashflow.InvoiceDraft(
        code,
        reference,
        issued_date=DAY,
        due_date=DAY,
        line_items=lines or (line(),),
        payment_lines=(payment,) if paid else (),
        number=number,
    )


def customer(code="C1", email="alex@example.com"):
    person = kashflow.Contact("Alex", "Sample", email=email, is_primary=True)
    return kashflow.CustomerDraft(
        code,
        f"Customer {code}",
        contacts=(person,),
        addresses=(kashflow.Address("1 Lane", "Town", post_code="ZZ99 1AA", country_code="GB"),),
        currency=kashflow.CurrencyRef("GBP"),
        trade_border_type="Domestic",
    )


def flip_id(flip):
    return ",".join(f"{name}={value}" for name, value in flip.items()) or "defaults"


async def use_customers(books):
    made = await books.customers.create(customer())
    assert made.emails == ("alex@example.com",)
    assert (await books.customers.get("C1")).name == "Customer C1"
    assert [hit.key for hit in await books.customers.search("code", "C1")] == [made.id]
    assert await books.customers.suggested_code("Some Body")
    told = await books.customers.update("C1", lambda one: attrs.evolve(one, note="n"))
    assert told.note == "n"
    await books.customers.statistics("C1")
    for code in ("B2", "A3"):
        await books.customers.create(customer(code, f"{code}@example.com"))
    assert [one.code async for one in books.customers.matching()] == ["A3", "B2", "C1"]
    await books.customers.archive(["A3"])
    assert [one.code for one in await books.customers.by_email(" a3@EXAMPLE.com")] == ["A3"]
    await books.send(kashflow.customers.confirm_delete(["A3"]))
    await books.customers.delete("A3")
    with pytest.raises(NotFoundError):
        await books.customers.get("A3")


async def use_invoices(books):
    paid = await books.invoices.create(invoice("M1-ORD-1", line(), line("2", "0.40"), paid="24"))
    assert (paid.is_paid, paid.gross_amount) == (True, Decimal(24))
    near = await books.invoices.create(invoice("M1-ORD-10"))
    for number in range(30):
        await books.invoices.create(invoice(f"FILLER-{number}", code="B2"))
    found = await books.invoices.by_reference("M1-ORD-1")
    assert [row.number for row in found] == [paid.number]
    assert await books.invoices.by_reference("M1-ORD") == []
    assert await books.invoices.by_reference("m1-ord-1") == []
    numbers = [row.number async for row in books.invoices.matching()]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 32
    newest = [row.number for row in await books.invoices.newest(3)]
    assert newest == sorted(numbers, reverse=True)[:3]
    await books.invoices.archive([paid.number])
    (row,) = await books.invoices.by_reference("M1-ORD-1", customer_code="C1")
    assert row.number == paid.number
    await books.invoices.archive([paid.number], archived=False)
    added = kashflow.PaymentLine(
        0, near.gross_amount, date=DAY, method=2, account_id=2, note="later"
    )
    told = await books.invoices.update(
        near.number, lambda one: attrs.evolve(one, payment_lines=(added,))
    )
    assert told.is_paid
    assert await books.invoices.next_number() > near.number
    assert await books.invoices.top_due(customer_code="C1") == ()
    assert {due.number for due in await books.invoices.top_due()} <= set(numbers)
    assert (await books.documents.get(paid.permalink)).startswith(b"%PDF")
    assert await books.documents.get(paid.packing_slip_permalink)
    await books.invoices.email(kashflow.EmailDraft("a@example.com", "hello", "text"))
    await books.notes.create("invoices", paid.number, "a note")
    (note,) = await books.notes.every("invoices", paid.number)
    await books.notes.replace("invoices", paid.number, attrs.evolve(note, text="another"))
    assert (await books.notes.get("invoices", paid.number, note.number)).text == "another"
    await books.notes.delete("invoices", paid.number, note.number)


async def use_credits_and_bulk_payments(books):
    credit = await books.invoices.create(invoice("M1-CRN-1", line("-5", "-1")))
    assert credit.is_credit_note
    owed = await books.invoices.create(invoice("M1-ORD-2"))
    chosen = [one for one in await books.invoices.credits_for(owed) if one.type == "CreditNote"]
    await books.invoices.apply_credits(owed, chosen)
    owed = await books.invoices.get(owed.number)
    assert owed.total_paid_amount == Decimal(6)
    item = kashflow.BulkPaymentItemDraft(
        owed.id, owed.number, amount=owed.due_amount, paid_date=DAY, contact_code="C1",
        contact_id=owed.customer_id, contact_name=owed.customer_name,
    )  # fmt: skip
    draft = kashflow.BulkPaymentDraft(DAY, "settled", account_id=2, method=2, payment_items=(item,))
    bulk = await books.payments.create_bulk(draft)
    assert (await books.payments.get_bulk(bulk.number)).amount == item.amount
    assert (await books.invoices.get(owed.number)).is_paid
    changed = await books.payments.update_bulk(
        bulk.number, lambda one: attrs.evolve(one, comment="changed")
    )
    assert changed.comment == "changed"
    await books.payments.delete_bulk(bulk.number)
    assert not (await books.invoices.get(owed.number)).is_paid
    paid = await books.invoices.create(invoice("M1-ORD-3", paid="21.60"))
    await books.payments.unallocate(paid.number, paid.payment_lines[0].id)
    assert (await books.invoices.get(paid.number)).payment_lines == ()
    assert [one.amount async for one in books.customers.advance_payments("C1")] == [
        Decimal("21.60")
    ]
    kinds = {one.type async for one in books.customers.transactions("C1")}
    assert {1, 6} <= kinds


async def use_quotes_and_products(books):
    quote = await books.quotes.create(
        kashflow.QuoteDraft("C1", "enquiry", date=DAY, line_items=(line(),))
    )
    told = await books.quotes.update(
        quote.number, lambda one: attrs.evolve(one, customer_reference="changed")
    )
    assert (told.customer_reference, len(told.line_items)) == ("changed", 1)
    assert [one.number async for one in books.quotes.matching()] == [quote.number]
    await books.quotes.categories()
    assert await books.quotes.next_number() == quote.number + 1
    (converted,) = await books.quotes.convert([quote.number], retain=True)
    assert (await books.invoices.get(converted.invoice_number)).gross_amount == Decimal("21.60")
    await books.quotes.delete(quote.number)
    for _ in range(2):
        await books.quotes.create(kashflow.QuoteDraft("C1", "more", date=DAY, line_items=(line(),)))
    listed = [one.number async for one in books.quotes.matching()]
    await books.send(kashflow.quotes.delete_several(listed))
    assert [one async for one in books.quotes.matching()] == []
    last = await books.invoices.create(invoice("LAST"))
    await books.send(kashflow.invoices.delete_several([last.number]))
    await books.invoices.delete(last.number)  # what is gone already is no error
    for number in range(12):
        await books.products.create(
            kashflow.ProductDraft(
                f"P{number}", f"Product {number}", nominal_code=4000, price=Decimal(18),
                vat_rate=Decimal(20), manage_stock_level=True, quantity_in_stock=10,
                stock_warning_quantity=2,
            )
        )  # fmt: skip
    told = await books.products.update(
        (4000, "P1"), lambda one: attrs.evolve(one, quantity_in_stock=Decimal("1.0000"))
    )
    assert told.quantity_in_stock == 1
    everything = {one.code async for one in books.products.every()}
    assert everything == {f"P{number}" for number in range(12)}
    assert {one.code async for one in books.products.every(nominal_code=4000)} == everything
    assert len((await books.products.stock_overview()).stocks) == 12
    assert [one.product_code for one in await books.products.stock_warnings()] == ["P1"]
    options = await books.products.stock_options()
    assert await books.products.set_stock_options(options) == options
    await books.products.delete(4000, "P2")
    with pytest.raises(NotFoundError):
        await books.products.get(4000, "P2")


async def use_the_rest(books):
    assert len(await books.nominals.every()) >= 5
    await books.nominals.create(kashflow.NominalDraft(4999, "New"))
    await books.nominals.create(kashflow.NominalDraft(4999, "New"))
    told = await books.nominals.update(4999, lambda one: attrs.evolve(one, name="Newer"))
    assert told.name == "Newer"
    await books.nominals.delete(4999, assigned_code=4000)
    accounts = await books.bank_accounts.every(include_archived=True)
    assert (await books.bank_accounts.get(accounts[0].id)).starting_date is None
    movements = [one async for one in books.bank_accounts.transactions(2)]
    assert len({one.id for one in movements}) == len(movements) > 0
    one = await books.bank_accounts.transaction(2, movements[0].id)
    assert one.paid_in == movements[0].paid_in
    await books.vat_rates.add(Decimal("17.5"))
    (rate,) = [one for one in await books.vat_rates.every() if one.vat_rate == Decimal("17.5")]
    await books.vat_rates.delete(rate.vat_id)
    assert (await books.vat_rates.settings()).is_vat_registered
    made = await books.currencies.create(kashflow.CurrencyDraft("JPY", Decimal(150)))
    await books.currencies.replace(made.id, kashflow.CurrencyDraft("JPY", Decimal(160)))
    assert (await books.currencies.get(made.id)).exchange_rate == 160
    await books.currencies.delete(made.id)
    assert {"GBP"} <= {one.code for one in await books.currencies.every()}
    assert {"GB"} <= {one.code for one in await books.countries.every()}
    await books.countries.vat_rates(DAY)
    source = await books.sources.create(kashflow.SourceDraft("Fair"))
    await books.sources.replace(source.id, kashflow.SourceDraft("Fair", Decimal(5)))
    assert (await books.sources.get("Fair")).cost_of_source == 5
    await books.sources.delete("Fair")
    assert await books.sources.every()
    assert await books.payments.methods()
    assert await books.payments.statuses()
    assert (await books.account.metadata()).total_customer_count == 2
    assert (await books.account.company_details()).home_currency.code == "GBP"
    assert (await books.account.api_settings()).rest_api_enabled


@pytest.mark.parametrize("flip", FLIPS, ids=flip_id)
async def test_everything_works_whichever_way_kashflow_is(open_books, flip):
    books, account = open_books(KashflowSandbox(seed=5, switches=Switches(**flip)))
    for use in (
        use_customers, use_invoices, use_credits_and_bulk_payments, use_quotes_and_products,
        use_the_rest,
    ):  # fmt: skip
        await use(books)
    # Where a page is too large it is refused once per list, as nobody could know.
    expected = ("perpage",) if flip.get("over_max_perpage") == "refuse" else ()
    others = [v for v in account.violations() if not any(word in v for word in expected)]
    assert others == []
    assert account.census().sign_ins == 1
    assert account.census().refused_sign_ins == 0


async def test_over_a_real_socket_too():
    account = KashflowSandbox(seed=5)
    public = account.credentials
    auth = kashflow.SignIn(public.user_name, public.password, public.memorable_word)
    async with (
        serving(account.app) as url,
        kashflow.Client(f"{url}/v2", auth=auth) as books,
    ):
        await use_customers(books)
        await use_invoices(books)
    assert account.violations() == ()
    assert account.census().sign_ins == 1


async def test_a_new_record_that_is_not_visible_yet_is_waited_for(open_books, turned):
    start = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    account = KashflowSandbox(
        seed=5,
        switches=Switches(post_invoice_reply="empty_ok", read_after_write_lag=timedelta(seconds=4)),
        clock=lambda: start + timedelta(seconds=turned.time),
    )
    books, _ = open_books(account)
    await books.customers.create(customer())
    await turned.sleep(5)
    made = await books.invoices.create(invoice("M1-ORD-1"))
    assert made.customer_reference == "M1-ORD-1"
    assert account.census().invoices == 1


async def test_a_taken_code_is_refused(open_books):
    books, account = open_books()
    await books.customers.create(customer())
    with pytest.raises(InvalidError):
        await books.customers.create(customer())
    assert account.census().customers == 1


async def test_a_taken_number_is_refused_or_replaced_but_never_hidden(open_books):
    refusing, _ = open_books(KashflowSandbox(seed=5))
    await refusing.customers.create(customer())
    await refusing.invoices.create(invoice("A", number=42))
    with pytest.raises(InvalidError):
        await refusing.invoices.create(invoice("B", number=42))
    replacing, _ = open_books(
        KashflowSandbox(seed=5, switches=Switches(taken_number="assign_next"))
    )
    await replacing.customers.create(customer())
    await replacing.invoices.create(invoice("A", number=42))
    assert (await replacing.invoices.create(invoice("B", number=42))).number == 43


async def test_a_filed_or_reconciled_invoice_stays_as_it_is(open_books):
    books, account = open_books()
    await books.customers.create(customer())
    filed = await books.invoices.create(invoice("A", paid="21.60"))
    account.file_vat_return(DAY)
    later = attrs.evolve(
        invoice("B", paid="21.60"), issued_date=DAY + timedelta(days=1),
        due_date=DAY + timedelta(days=1),
    )  # fmt: skip
    reconciled = await books.invoices.create(later)
    account.reconcile(reconciled.number)
    before = account.invoices()
    for one in (filed, reconciled):
        with pytest.raises(ConflictError):
            await books.invoices.update(
                one.number, lambda old: attrs.evolve(old, customer_reference="X")
            )
        with pytest.raises(ConflictError):
            await books.invoices.delete(one.number)
    assert account.invoices() == before
    assert account.violations() == ()


async def test_a_bookkeepers_edit_is_seen(open_books):
    books, account = open_books()
    await books.customers.create(customer())
    one = await books.invoices.create(invoice("A"))

    def slowly(old):
        account.edit_invoice(one.number, {"CustomerReference": "bookkeeper"})
        return attrs.evolve(old, due_date=DAY + timedelta(days=9))

    with pytest.raises(ConflictError, match="bookkeeper"):
        await books.invoices.update(one.number, slowly)
    assert (await books.invoices.get(one.number)).customer_reference == "bookkeeper"


@pytest.mark.parametrize(
    "kind",
    ["slow", "rate_limited", "sql_timeout", "error_500", "error_503_html", "session_expired",
     "cut_before", "truncated", "missing_field", "unknown_field", "duplicated_rows",
     "reordered_rows", "maintenance", "mixed"],
)  # fmt: skip
async def test_reading_survives_a_bad_day(turned, open_books, kind):
    account = KashflowSandbox(seed=5)
    good, _ = open_books(account)
    await use_customers(good)
    for number in range(12):
        await good.invoices.create(invoice(f"R-{number}"))
    bad = Faults.named(kind, seed=3).wrap(
        account.app, DIALECT, expire_sessions=account.expire_sessions, sleep=turned.sleep
    )
    books, _ = open_books(account, transport=AsgiTransport(bad), retries=20)
    for _ in range(3):
        rows = [row.customer_reference async for row in books.invoices.matching()]
        assert sorted(rows) == sorted(f"R-{number}" for number in range(12))
        assert {one.code async for one in books.customers.matching()} == {"B2", "C1"}
        assert (await books.invoices.by_reference("R-7"))[0].customer_reference == "R-7"
        assert (await books.customers.get("C1")).note == "n"


@pytest.mark.parametrize("kind", ["cut_after", "error_500_after", "sql_timeout", "mixed",
                                  "unknown_field", "missing_field"])  # fmt: skip
async def test_writing_on_a_bad_day_happens_once_or_is_told(turned, open_books, kind):
    account = KashflowSandbox(seed=5)
    good, _ = open_books(account)
    await good.customers.create(customer())
    bad = Faults.named(kind, seed=4).wrap(
        account.app, DIALECT, expire_sessions=account.expire_sessions, sleep=turned.sleep
    )
    books, _ = open_books(account, transport=AsgiTransport(bad), retries=8)
    done = 0
    for number in range(15):
        try:
            one = await books.invoices.create(invoice(f"R-{number}"))
            changed = attrs.evolve
            await books.invoices.update(
                one.number, lambda old, e=changed: e(old, automatic_credit_control_enabled=True)
            )
            done += 1
        except KashmagError:
            continue
    census = account.census()
    assert census.duplicate_references == {}
    assert 0 < done <= census.invoices <= 15


async def test_one_sign_in_however_many_sessions_end_at_once(open_books):
    account = KashflowSandbox(seed=5)
    books, _ = open_books(account)
    await books.account.metadata()
    for _ in range(3):
        account.expire_sessions()
        await asyncio.gather(*(books.account.metadata() for _ in range(30)))
    assert account.census().sign_ins == 4


async def test_every_check_has_a_finding_and_changes_nothing(open_books):
    account = KashflowSandbox(seed=5)
    books, _ = open_books(account)
    await books.customers.create(customer())
    one = await books.invoices.create(invoice("M1-ORD-1", line("1.2345", "0.25")))
    before = account.census()
    found = {}
    known = await look_up(books)
    assert known.invoice == one
    for check in checks(books.assumptions, known):
        found[check.name] = await books.send(check.operation)
    after = account.census()
    assert attrs.evolve(after, requests=0) == attrs.evolve(before, requests=0)
    # The stand-in keeps the line's net exactly, unless it is told otherwise.
    assert found["line net"].holds is False
    assert all(f.holds is not False for name, f in found.items() if name != "line net")
    assert found["rate decimals"].holds is True
    assert found["reference search"].holds is True


async def test_a_check_sees_what_is_otherwise(open_books):
    account = KashflowSandbox(seed=5, switches=Switches(line_net="pence", max_perpage=1,
                                                        over_max_perpage="clamp"))  # fmt: skip
    books, _ = open_books(account)
    for code in ("C1", "C2"):
        await books.customers.create(customer(code))
    one = await books.invoices.create(invoice("M1-ORD-1", line("1.2345", "0.25")))
    believed = kashflow.Assumptions(rate_decimals=2)
    found = {}
    for check in checks(believed, Known(invoice=one)):
        found[check.name] = await books.send(check.operation)
    assert found["line net"].holds is True
    assert found["rate decimals"].holds is False
    assert found["page size"].holds is False


async def test_whole_stock_is_written_as_a_whole_number():
    product = kashflow.Product(
        "P1", 4000, quantity_in_stock=Decimal("5.0000"), price=Decimal("1.5")
    )
    body = kashflow.products.replace((4000, "P1"), product).body
    assert b'"QuantityInStock": 5' in body
    assert b"5.0000" not in body
    assert b'"Price": 1.5' in body
