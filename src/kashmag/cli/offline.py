"""Planning from files alone: nobody is asked, what is not known is assumed and listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from attrs import evolve, field, frozen

from kashmag import magento
from kashmag.cli.documents import CREDIT_MEMO, INVOICE, ORDER, read_documents
from kashmag.errors import UnexpectedPayloadError
from kashmag.hooks.hooks import Hooks
from kashmag.magento import codec as magento_codec
from kashmag.planner import Case, assume_all, open_case, plan
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.rest.codec import JsonObject


@frozen
class Files:
    """Magento's documents, as the REST API serves them."""

    orders: tuple[JsonObject, ...]
    invoices: tuple[JsonObject, ...] = field(default=(), kw_only=True)
    credit_memos: tuple[JsonObject, ...] = field(default=(), kw_only=True)

    @classmethod
    def read(
        cls, orders: Sequence[Path], invoices: Sequence[Path], credit_memos: Sequence[Path]
    ) -> Files:
        """Read the files; SettingsError when one of them is not what it should be."""
        return cls(
            read_documents(orders, ORDER),
            invoices=read_documents(invoices, INVOICE),
            credit_memos=read_documents(credit_memos, CREDIT_MEMO),
        )

    def strays(self) -> Iterator[str]:
        """A sentence for each invoice and credit memo that belongs to none of the orders."""
        known = {_number(order, "entity_id") for order in self.orders}
        for kind, documents in ((INVOICE, self.invoices), (CREDIT_MEMO, self.credit_memos)):
            for one in documents:
                if _number(one, "order_id") not in known:
                    yield (
                        f"{kind} {one.get('increment_id')} belongs to the order with entity_id "
                        f"{one.get('order_id')}, which is in none of the order files; left out"
                    )


@frozen
class Unreadable:
    """An order that has not the shape that Magento's orders have."""

    number: str
    entity_id: str
    fault: UnexpectedPayloadError

    def __str__(self) -> str:
        return f"order {self.number or '(without a number)'}: {self.fault.message}"


def plan_files(
    files: Files, policy: Policy, hooks: Hooks, *, today: date
) -> Iterator[Plan | Unreadable]:
    """A plan for each order, in the order of the files; one that cannot be read stops no other."""
    invoices, memos = _by_order(files.invoices), _by_order(files.credit_memos)
    for told in files.orders:
        number = _number(told, "entity_id")
        try:
            case = open_case(
                magento_codec.read(magento.Order, told),
                [magento_codec.read(magento.Invoice, one) for one in invoices[number]],
                [magento_codec.read(magento.CreditMemo, one) for one in memos[number]],
                policy,
            )
        except UnexpectedPayloadError as fault:
            yield Unreadable(str(told.get("increment_id") or number), number, fault)
        else:
            yield plan_offline(case, hooks, today=today)


def plan_offline(case: Case, hooks: Hooks, *, today: date) -> Plan:
    """The plan of a case when nobody can be asked; what was assumed stands in it."""
    answers, assumed = assume_all(case, hooks)
    return evolve(plan(case, answers, hooks, today=today), assumed=assumed)


def _by_order(documents: Sequence[JsonObject]) -> Mapping[str, list[JsonObject]]:
    found = defaultdict[str, list[JsonObject]](list)
    for one in documents:
        found[_number(one, "order_id")].append(one)
    return found


def _number(document: JsonObject, key: str) -> str:
    # PHP prints ids as numbers or as texts, as the extension pleases.
    return str(document.get(key) if document.get(key) is not None else "")
