"""Goods at 0 % that leave the United Kingdom: advice to keep the evidence of export."""

from __future__ import annotations

from collections.abc import Iterator

from kashmag.accounting import Holds, LineKind, Problem, Sale
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.plan import Plan

# The Isle of Man is one VAT area with the United Kingdom (Customs and Excise Agreement 1979).
AT_HOME = frozenset({"GB", "IM"})


@hookimpl
def kashmag_object(plan: Plan, sale: Sale) -> Iterator[Problem]:
    """One piece of advice for an export that is invoiced, or about to be; it holds nothing."""
    delivery = sale.buyer.delivery
    goods = [line for line in sale.lines if line.kind is LineKind.GOODS and not line.vat_rate]
    is_due = bool(plan.actions or plan.adoptions)
    if is_due and goods and delivery and delivery.country_code not in {*AT_HOME, ""}:
        yield Problem(
            "export_evidence",
            f"Order {sale.number} sends goods at 0 % to {delivery.country_code}.",
            remedy="Keep the evidence of export with it.",
            holds=Holds.NOTHING,
        )
