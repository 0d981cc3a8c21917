"""Which product a SKU means: the one with exactly that code, else what the policy says."""

from __future__ import annotations

from collections.abc import Sequence

from kashmag import kashflow
from kashmag.accounting import LineKind, SaleLine
from kashmag.hooks.hookspecs import hookimpl
from kashmag.hooks.shop_products import GIFT_CARD, attribute_of, named_class
from kashmag.plans.decisions import Decision, ProductChoice
from kashmag.plans.policy import Policy, UnknownSku
from kashmag.plans.questions import Answers


@hookimpl
def kashmag_resolve_product(
    line: SaleLine, candidates: Sequence[kashflow.Product], answers: Answers, policy: Policy
) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
    """Carriage, fees and adjustments to their nominals; goods to the product of their SKU."""
    nominals = policy.nominals
    match line.kind:
        case LineKind.CARRIAGE:
            return Decision(ProductChoice(nominals.carriage), because="policy.nominals.carriage")
        case LineKind.FEE:
            return Decision(ProductChoice(nominals.fees), because="policy.nominals.fees")
        case LineKind.ADJUSTMENT:
            if nominals.adjustments is None:
                return None
            choice = ProductChoice(nominals.adjustments)
            return Decision(choice, because="policy.nominals.adjustments")
        case LineKind.GOODS:
            return _goods(line, candidates, answers, policy)


def _goods(
    line: SaleLine, candidates: Sequence[kashflow.Product], answers: Answers, policy: Policy
) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
    fitting = [one for one in candidates if one.code == line.sku]
    nominal, setting = nominal_of(line, answers, policy)
    # A code is unique only within its nominal: the line's own nominal breaks the tie.
    at_home = [one for one in fitting if one.nominal_code == nominal]
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
        return Decision(_draft(line, nominal), because=f"no product has the code {line.sku}")
    because = f"no product has the code {line.sku}" if line.sku else "the line has no SKU"
    return Decision(ProductChoice(nominal), because=f"{because}; {setting}")


def nominal_of(line: SaleLine, answers: Answers, policy: Policy) -> tuple[int, str]:
    """The nominal of something sold, and the setting that says so: the most special first."""
    if line.product_type == GIFT_CARD and policy.nominals.vouchers is not None:
        return policy.nominals.vouchers, "policy.nominals.vouchers"
    for code, by_value in policy.nominals_by_attribute.items():
        value = attribute_of(line, code, answers)
        if value in by_value:
            return by_value[value], f"policy.nominals_by_attribute.{code}.{value}"
    named = named_class(line, policy.nominals_by_tax_class, answers)
    if named:
        return policy.nominals_by_tax_class[named], f"policy.nominals_by_tax_class.{named}"
    return policy.nominals.goods, "policy.nominals.goods"


def _draft(line: SaleLine, nominal: int) -> kashflow.ProductDraft:
    """A product of this code and name; prices and stock stay the bookkeeper's."""
    return kashflow.ProductDraft(
        line.sku,
        line.description,
        nominal_code=nominal,
        vat_rate=line.vat_rate,
        manage_stock_level=False,
    )
