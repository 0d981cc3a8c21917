"""What the account's VAT registration and the margin scheme forbid.

Cash accounting and the flat rate change the return, not the invoices: nothing is done about them.
"""

from __future__ import annotations

from collections.abc import Iterator

from kashmag.accounting import LineKind, Problem, Sale, SaleLine
from kashmag.hooks.hookspecs import hookimpl
from kashmag.hooks.shop_products import named_class
from kashmag.hooks.skipped_items import skipped_items, skipped_one
from kashmag.plans.actions import CreateCreditNote, CreateInvoice
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy
from kashmag.plans.problems import margin_goods, product_gone
from kashmag.plans.questions import AccountVat, Answers, Question, ShopProduct
from kashmag.plans.vat_problems import vat_not_registered


@hookimpl
def kashmag_ask(sale: Sale) -> Iterator[Question[object]]:
    """How the account stands to VAT, where VAT was charged."""
    if sale.vat:
        yield AccountVat()


@hookimpl
def kashmag_object(plan: Plan, sale: Sale, answers: Answers, policy: Policy) -> Iterator[Problem]:
    """VAT that nobody may charge, and goods whose VAT an ordinary invoice must not show."""
    settings = answers.get(AccountVat())
    is_registered = settings is None or settings.is_vat_registered is not False
    # What is posted was charged then: `reconcile` and `vat` say so of all of it together.
    if sale.vat and not is_registered and _posts(plan):
        yield vat_not_registered(sale.number, sale.vat)
    skipped = skipped_items(answers)
    for line in sale.lines:
        if line.kind is LineKind.GOODS and skipped_one(line, skipped) is None:
            named = named_class(line, policy.margin_tax_classes, answers)
            if named:
                yield margin_goods(sale.number, line.sku, named)
            elif _hangs_on_class(line, policy) and _is_gone(line, answers):
                yield product_gone(sale.number, line.sku)


def _posts(plan: Plan) -> bool:
    """Tell a plan that makes a document, or proposes one."""
    proposed = (one for proposal in plan.proposals for one in proposal.actions)
    return any(
        isinstance(one, CreateInvoice | CreateCreditNote) for one in (*plan.actions, *proposed)
    )


def _hangs_on_class(line: SaleLine, policy: Policy) -> bool:
    return bool(policy.margin_tax_classes or (policy.exempt_tax_classes and not line.vat_rate))


def _is_gone(line: SaleLine, answers: Answers) -> bool:
    question = ShopProduct(line.sku)
    return question in answers and answers[question] is None
