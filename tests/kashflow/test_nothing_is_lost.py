"""A law over bad days: an update changes what was meant, or nothing, whatever goes wrong."""

import datetime
import os
import random
from decimal import Decimal

import attrs
import pytest

from kashmag import kashflow
from kashmag.errors import DeclinedError, KashmagError
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow import KashflowSandbox, Switches
from kashmag.sandbox.kashflow.wire import DIALECT

DAY = datetime.date(2026, 1, 20)
SEEDS = range(int(os.environ.get("KASHMAG_TORTURE_SEEDS", "24")))
DAYS = ("mixed", "cut_after", "error_500_after,unknown_field", "missing_field,reordered_rows",
        "truncated,session_expired", "unknown_field,duplicated_rows")  # fmt: skip
CHANGING = {"DueDate", "CustomerReference", "Note", "Name", "DisplayName", "LastUpdatedDate",
            "PaymentLines", "TotalPaidAmount", "DueAmount", "Status", "PaidDate",
            "FormattedDueAmount", "LastPaymentDate", "OverdueDays", "OutstandingBalance",
            "OverdueAmount", "AverageDaysToPay"}  # fmt: skip


def draft(number):
    line = kashflow.LineDraft(
        f"Thing {number}", quantity=Decimal(1), rate=Decimal("10.1234"), vat_level=Decimal(20),
        vat_amount=Decimal("2.02"), nominal_code=4000,
    )  # fmt: skip
    return kashflow.InvoiceDraft(
        "C1", f"R-{number}", issued_date=DAY, due_date=DAY, line_items=(line, line),
        use_custom_delivery_address=True,
        delivery_address=kashflow.DeliveryAddress("Yard", "Unit 4", country_code="GB"),
    )  # fmt: skip


def meaning(record):
    """All of a record but what an update here means to change, and what no edit changes."""
    kept = {k: v for k, v in record.items() if k not in CHANGING}
    for line in kept.get("LineItems", ()):
        line.pop("Number", None)
    return kept


async def disturb(books, account, chance, log):
    """One random update of an invoice or the customer, and a note of what became of it."""
    number = chance.choice([1, 2, 3])
    mark = f"mark-{len(log)}"
    kind = chance.choice(["due", "reference", "payment", "customer"])

    def change(invoice):
        if kind == "due":
            return attrs.evolve(invoice, due_date=DAY + datetime.timedelta(days=len(log) + 1))
        if kind == "reference":
            return attrs.evolve(invoice, customer_reference=f"R-{number} {mark}")
        line = kashflow.PaymentLine(0, Decimal(1), date=DAY, method=2, account_id=2, note=mark)
        return attrs.evolve(invoice, payment_lines=(*invoice.payment_lines, line))

    before = account.invoices()[number - 1]
    try:
        if kind == "customer":
            await books.customers.update("C1", lambda one: attrs.evolve(one, note=mark))
            log.append(("done", kind))
            assert account.customers()[0]["Note"] == mark
            return
        told = await books.invoices.update(number, change)
        after = account.invoices()[number - 1]
        log.append(("done", kind))
        if kind == "reference":
            assert after["CustomerReference"] == told.customer_reference == f"R-{number} {mark}"
        if kind == "payment":
            assert [p["Note"] for p in after["PaymentLines"]].count(mark) == 1
            assert after["PaymentLines"][:-1] == before["PaymentLines"]
    except DeclinedError:
        # Nothing was done, they said or we did.
        log.append(("declined", kind))
        assert account.invoices()[number - 1] == before
    except KashmagError:
        log.append(("unknown", kind))


@pytest.mark.parametrize("seed", SEEDS)
async def test_an_update_on_a_bad_day_changes_what_was_meant_or_nothing(open_books, turned, seed):
    chance = random.Random(seed)
    switches = Switches(
        number_as_text=chance.random() < 0.5,
        page_links=chance.choice(["absolute", "relative"]),
        part_paid_status=chance.random() < 0.5,
        shuffle_ties=True,
    )
    account = KashflowSandbox(seed=seed, switches=switches)
    good, _ = open_books(account)
    person = kashflow.Contact("Alex", "Sample", email="alex@example.com")
    await good.customers.create(kashflow.CustomerDraft("C1", "One", contacts=(person,)))
    for number in (1, 2, 3):
        await good.invoices.create(draft(number))
    invoices = [meaning(one) for one in account.invoices()]
    customers = [meaning(one) for one in account.customers()]
    bad = Faults.named(DAYS[seed % len(DAYS)], seed=seed).wrap(
        account.app, DIALECT, expire_sessions=account.expire_sessions, sleep=turned.sleep
    )
    books, _ = open_books(account, transport=AsgiTransport(bad), retries=6)
    log = []
    for _ in range(12):
        await disturb(books, account, chance, log)
    assert [meaning(one) for one in account.invoices()] == invoices
    told = [meaning(one) for one in account.customers()]
    assert {k: (v, customers[0][k]) for k, v in told[0].items() if customers[0][k] != v} == {}
    assert account.violations() == ()
    assert account.census().duplicate_payments == {}
    assert any(fate == "done" for fate, _ in log), log
