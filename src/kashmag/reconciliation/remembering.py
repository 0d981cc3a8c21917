"""What the logbook remembers: the shop's documents as last read, and what was posted for them.

Pure: stored texts, plans, entries and bindings in, the shop's side and the memory out. How the
account was left is `as_posted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import evolve
from cattrs import Converter

from kashmag import kashflow
from kashmag.logbook import Binding, DocumentRecord, Entry, State, StoredPlan
from kashmag.logbook.erasing import FORGOTTEN
from kashmag.plans import plan as plans
from kashmag.plans.acceptances import Acceptance
from kashmag.plans.actions import Action, AddPayment, CreateCreditNote, CreateInvoice
from kashmag.plans.import_problems import awaited_until
from kashmag.reconciliation.documents import (
    UNTOLD,
    AccountPayment,
    Agreed,
    Particulars,
    Remembered,
    ShopDocument,
)
from kashmag.reconciliation.figures import ZERO, Banded, Bands, Figures, bands_of, by_nominal, pence
from kashmag.rest.codec import Json, dumps, loads

# Under this name, and the order's key, the logbook keeps the shop's documents as last read.
NAME: Final = "beside:"


_NOT_IMPORTED: Final = frozenset({"payment_awaited", "payment_not_imported", "payment_differs"})


def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda told, _: Decimal(told))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda told, _: date.fromisoformat(told))
    return converter


_CONVERTER: Final = _converter()


def written(documents: Sequence[ShopDocument]) -> str:
    """Documents of the shop as text, without the buyer."""
    nameless = [evolve(one, buyer_names=()) for one in documents]
    told: Json = _CONVERTER.unstructure(nameless)
    return dumps(told).decode()


def without_words(text: str) -> str:
    """What `written` wrote, without what persons and rules have said of it."""
    documents = (
        evolve(
            one,
            reason=FORGOTTEN if one.reason else "",
            accepted=FORGOTTEN if one.accepted else "",
        )
        for one in read_back(text)
    )
    return written(tuple(documents))


def without_people(problems: Sequence[Mapping[str, Json]]) -> tuple[Mapping[str, Json], ...]:
    """Of the problems of a document those that only tell of money which did not come."""
    return tuple(one for one in problems if one.get("code") in _NOT_IMPORTED)


def read_back(text: str) -> tuple[ShopDocument, ...]:
    """What `written` wrote."""
    return tuple(_CONVERTER.structure(loads(text), list[ShopDocument]))


def remembered(
    records: Mapping[str, DocumentRecord],
    stored: Sequence[StoredPlan],
    bindings: Mapping[str, Binding],
) -> dict[str, Remembered]:
    """What is known of each deed of one order; records and bindings are by the deed's key.

    What is accepted of it is added by `with_accepted`.
    """
    imports = _imports(records.values())
    agreed, disputes = dict(_agreed(stored)), dict(_disputes(stored))
    known: dict[str, Remembered] = {}
    for key in {**records, **bindings, **agreed}:
        record, binding, one = records.get(key), bindings.get(key), agreed.get(key)
        if binding is not None and binding.target.isdecimal():
            one = _tied(one or Agreed(None), int(binding.target))
        said = imports.get(record.number if record and record.order else "", {})
        known[key] = Remembered(
            record.outcome if record else "",
            record.reason if record else "",
            codes=record.codes if record else (),
            agreed=one,
            not_imported=frozenset(said),
            awaited=_awaited(said),
            is_decided=record is not None and _is_decided(record),
            dispute=disputes.get(key, ""),
        )
    return known


def with_accepted(
    known: Mapping[str, Remembered], sale: str, accepted: tuple[Acceptance, ...]
) -> dict[str, Remembered]:
    """The same, with what a person has accepted of the order; `sale` is the key of its sale."""
    if not accepted:
        return dict(known)
    return {**known, sale: evolve(known.get(sale, Remembered()), accepted=accepted)}


def _tied(agreed: Agreed, number: int) -> Agreed:
    """What was agreed, on the document that counts; one that was adopted instead is itself."""
    if agreed.number == number:
        return agreed
    return evolve(agreed, number=number, reference="", particulars=UNTOLD)


def _imports(records: Iterable[DocumentRecord]) -> dict[str, dict[str, str]]:
    """What is told of money that did not come, by its memo (empty: the order) and its token."""
    told: dict[str, dict[str, str]] = {}
    for record in records:
        for problem in record.problems:
            if problem.get("code") in _NOT_IMPORTED:
                said = str(problem.get("message", ""))
                memo, token = str(problem.get("document", "")), str(problem.get("payment", ""))
                told.setdefault(memo, {})[token] = said
    return told


def _awaited(said: Mapping[str, str]) -> dict[str, date]:
    until = {token: awaited_until(sentence) for token, sentence in said.items()}
    return {token: day for token, day in until.items() if day is not None}


def _is_decided(record: DocumentRecord) -> bool:
    # The engine words a person's skip so; a waiting order is "skipped" too, until it is paid.
    return record.outcome == "skipped" and record.reason.startswith("skipped")


def _disputes(stored: Iterable[StoredPlan]) -> Iterator[tuple[str, str]]:
    for plan in stored:
        for entry in plan.entries:
            if entry.state is State.DISPUTED:
                yield entry.key, entry.message


def _agreed(stored: Sequence[StoredPlan]) -> Iterator[tuple[str, Agreed]]:
    """What each deed came to, as far as it is done; later payments are joined to their document."""
    documents: dict[str, Agreed] = {}
    later: dict[int, list[AccountPayment]] = {}
    for entry, action in _done(stored):
        match action:
            case CreateInvoice() | CreateCreditNote():
                documents[entry.key] = _posted(entry, action.draft)
            case AddPayment():
                later.setdefault(action.invoice_number, []).append(_line(action.payment))
            case _:
                pass
    for key, one in documents.items():
        also = later.get(one.number or 0, ())
        yield key, evolve(one, payments=(*one.payments, *also))


def _done(stored: Iterable[StoredPlan]) -> Iterator[tuple[Entry, Action]]:
    for plan in stored:
        if not plan.content:  # erased
            continue
        told = loads(plan.content)
        if not isinstance(told, Mapping):
            continue
        actions = plans.from_json(told).actions
        for entry, action in zip(plan.entries, actions, strict=False):
            if entry.state in (State.DONE, State.DISPUTED):
                yield entry, action


def _posted(entry: Entry, draft: kashflow.InvoiceDraft) -> Agreed:
    return Agreed(
        int(entry.number) if entry.number.isdecimal() else None,
        reference=draft.customer_reference,
        issued_on=draft.issued_date,
        currency=draft.currency.code if draft.currency else "",
        bands=_bands(draft),
        payments=tuple(_line(line) for line in draft.payment_lines),
        particulars=Particulars(
            customer=draft.customer_code,
            due_on=draft.due_date,
            nominals=by_nominal((line.nominal_code, pence(line.net)) for line in draft.line_items),
            exempt=sum((pence(one.net) for one in draft.line_items if one.vat_exempt), ZERO),
        ),
    )


def _bands(draft: kashflow.InvoiceDraft) -> Bands:
    return bands_of(
        Banded(
            line.vat_level,
            figures=Figures(pence(line.net), pence(line.vat_amount)),
            is_exempt=line.vat_exempt,
        )
        for line in draft.line_items
    )


def _line(line: kashflow.PaymentDraft) -> AccountPayment:
    return AccountPayment(
        pence(line.amount),
        paid_on=line.date,
        note=line.note,
        method=line.method,
        bank_account=line.account_id,
    )
