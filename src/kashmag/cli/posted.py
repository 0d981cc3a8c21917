"""What was posted for an order, as the logbook remembers it: numbers, sums, and the proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from kashmag.logbook import Entry, Logbook, State, StoredPlan
from kashmag.plans.actions import (
    Action,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
)
from kashmag.plans.events import DocumentFinished
from kashmag.plans.plan import Plan, from_json
from kashmag.rest.codec import Json, JsonObject, loads, read_mapping


@frozen(kw_only=True)
class Posted:
    """One order's documents in KashFlow; empty where nothing was posted."""

    customer: str = ""
    invoice: str = ""
    payment: str = ""
    net: str = ""
    vat: str = ""
    gross: str = ""
    proof: str = ""
    credit_notes: tuple[str, ...] = field(default=())

    def cells(self) -> tuple[str, ...]:
        """The columns of a table."""
        return (
            self.customer,
            self.invoice,
            self.payment,
            self.net,
            self.vat,
            self.gross,
            self.proof,
        )

    def to_json(self) -> dict[str, Json]:
        """The same as JSON; nothing where nothing was posted."""
        if not self.invoice:
            return {}
        return {
            "customer": self.customer,
            "invoice": self.invoice,
            "payment": self.payment,
            "net": self.net,
            "vat": self.vat,
            "gross": self.gross,
            "proof": self.proof,
            "credit_notes": list(self.credit_notes),
        }


async def look_up(logbook: Logbook, finished: DocumentFinished) -> Posted:
    """What was posted for this order, in this run or an earlier one."""
    plans = await logbook.plans_of(finished.document.whole)
    done = tuple(_done(plans))
    invoice = next((pair for pair in done if isinstance(pair[0], CreateInvoice)), None)
    if invoice is None:
        return Posted()
    action, entry = invoice
    assert isinstance(action, CreateInvoice)
    notes = [one for one in done if isinstance(one[0], CreateCreditNote)]
    certificate = action.certificate
    return Posted(
        customer=_customer(done) or str(action.body.get("CustomerCode", "")),
        invoice=entry.number,
        payment=_payment(done),
        net=f"{certificate.net:.2f}",
        vat=f"{certificate.vat:.2f}",
        gross=f"{certificate.gross:.2f}",
        proof=_proof(action, [entry, *(note for _, note in notes)]),
        credit_notes=tuple(note.number for _, note in notes),
    )


Done = tuple[Action, Entry]


def _done(plans: Iterable[StoredPlan]) -> Iterator[Done]:
    for stored in plans:
        if not stored.content:
            continue
        plan = _read(stored.content)
        actions = {action.key: action for action in plan.actions}
        for entry in stored.entries:
            if entry.state is State.DONE and entry.key in actions:
                yield actions[entry.key], entry


def _read(content: str) -> Plan:
    told: JsonObject = read_mapping(loads(content))
    return from_json(told)


def _customer(done: Iterable[Done]) -> str:
    return next(
        (f"{a.draft.name} ({e.number})" for a, e in done if isinstance(a, CreateCustomer)), ""
    )


def _payment(done: Iterable[Done]) -> str:
    amounts = []
    for action, _ in done:
        if isinstance(action, CreateInvoice):
            amounts += [line.amount for line in action.draft.payment_lines]
        elif isinstance(action, AddPayment):
            amounts.append(action.payment.amount)
    return " + ".join(f"{amount:.2f}" for amount in amounts)


def _proof(action: CreateInvoice, entries: Iterable[Entry]) -> str:
    exact = "exact" if action.certificate.exact else "NOT exact"
    is_read_back = all(entry.is_confirmed for entry in entries)
    return f"{exact}, read back" if is_read_back else f"{exact}, not yet read back"
