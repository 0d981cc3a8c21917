"""Which product a SKU means: the one with exactly that code, else what the policy says."""

from __future__ import annotations

from collections.abc import Sequence

from kashmag import kashflow
from kashmag.accounting import LineKind, SaleLine
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.decisions import Decision, ProductChoice
from kashmag.plans.policy import Policy, UnknownSku


@hookimpl
def kashmag_resolve_product(
    line: SaleLine, candidates: Sequence[kashflow.Product], policy: Policy
) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
    """Carriage, fees and adjustments to their nominals; goods to the product of their SKU."""
    nominals = policy.nominals
    match line.kind:
        case LineKind.CARRIAGE:
            return Decision(ProductChoice(nominals.carriage), because="carriage has a nominal")
        case LineKind.FEE:
            return Decision(ProductChoice(nominals.fees), because="fees have a nominal")
        case LineKind.ADJUSTMENT:
            if nominals.adjustments is None:
                return None
            choice = ProductChoice(nominals.adjustments)
            return Decision(choice, because="adjustments have a nominal")
        case LineKind.GOODS:
            return _goods(line, candidates, policy)


def _goods(
    line: SaleLine, candidates: Sequence[kashflow.Product], policy: Policy
) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
    fitting = [one for one in candidates if one.code == line.sku]
    # A code is unique only within its nominal: the goods nominal breaks the tie.
    at_home = [one for one in fitting if one.nominal_code == policy.nominals.goods]
    if len(fitting) == 1 or len(at_home) == 1:
        product = (at_home or fitting)[0]
        if product.manage_stock_level and not policy.stock_baseline:
            return Decision(
                ProductChoice(product.nominal_code),
                because=f"product {product.code} is left off: no stock baseline is accepted yet",
            )
        return Decision(
            ProductChoice(
                product.nominal_code, product.code, manages_stock=bool(product.manage_stock_level)
            ),
            because=f"its code is the SKU {line.sku}",
        )
    if fitting or policy.unknown_sku is UnknownSku.HOLD:
        return None
    if policy.unknown_sku is UnknownSku.CREATE and line.sku:
        return Decision(_draft(line, policy), because=f"no product has the code {line.sku}")
    because = f"no product has the code {line.sku}" if line.sku else "the line has no SKU"
    return Decision(ProductChoice(policy.nominals.goods), because=because)


def _draft(line: SaleLine, policy: Policy) -> kashflow.ProductDraft:
    """A product of this code and name; prices and stock stay the bookkeeper's."""
    return kashflow.ProductDraft(
        line.sku,
        line.description,
        nominal_code=policy.nominals.goods,
        vat_rate=line.vat_rate,
        manage_stock_level=False,
    )
