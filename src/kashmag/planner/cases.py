"""A case: everything read about one order, with the policy of its store; what planning starts from.

Pure. Which questions it raises is `planner.asking`; what follows from it is `planner.orders`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import field, frozen

from kashmag import magento
from kashmag.magento.reading import Basis, CurrencyBasis, Reading, read
from kashmag.plans.actions import DocumentId
from kashmag.plans.policy import CurrencyChoice, IssueDate, Policy


@frozen
class Case:
    """One order as read; `policy` is already that of its store view."""

    document: DocumentId
    order: magento.Order = field(kw_only=True, repr=False)
    reading: Reading = field(kw_only=True)
    policy: Policy = field(kw_only=True, repr=False)

    @property
    def dated_on(self) -> date | None:
        """The day that dates its invoice, by the policy; None while that day has not come."""
        if self.policy.issue_date is IssueDate.INVOICE:
            return self.reading.invoiced_on
        return self.reading.sale.ordered_on if self.reading.sale else None


def open_case(
    order: magento.Order,
    invoices: Sequence[magento.Invoice],
    credit_memos: Sequence[magento.CreditMemo],
    policy: Policy,
    store_code: str = "",
) -> Case:
    """Read an order with its Magento invoices and credit memos, under its store's policy."""
    own = policy.for_store(store_code or _store_id(order))
    reading = read(order, tuple(invoices), tuple(credit_memos), basis(own))
    document = document_of(order, policy, store_code)
    return Case(document, order=order, reading=reading, policy=own)


def document_of(order: magento.Order, policy: Policy, store_code: str = "") -> DocumentId:
    """Which document an order is; nothing of it is read for that."""
    store_id = _store_id(order)
    return DocumentId(
        policy.for_store(store_code or store_id).shop,
        "order",
        entity_id=str(order.entity_id),
        number=order.increment_id or str(order.entity_id),
        store_id=store_id,
    )


def _store_id(order: magento.Order) -> str:
    return str(order.store_id if order.store_id is not None else 1)


def basis(policy: Policy) -> Basis:
    """What reading needs to know of the policy."""
    wanted = policy.currency is CurrencyChoice.ORDER
    return Basis(
        CurrencyBasis.ORDER if wanted else CurrencyBasis.BASE,
        time_zone=policy.time_zone,
        totals=policy.totals,
        stacked_taxes=policy.stacked_taxes,
    )
