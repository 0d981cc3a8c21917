"""What the shop's own product says of a line: its tax class and its attributes.

As the product is now; what it was when it was sold, Magento does not keep.
"""

from __future__ import annotations

from collections.abc import Iterable

from kashmag import magento
from kashmag.accounting import SaleLine
from kashmag.plans.questions import Answers, ShopProduct, ShopTaxClasses

TAX_CLASS = "tax_class_id"
GIFT_CARD = "giftcard"


def tax_class_of(line: SaleLine, answers: Answers) -> tuple[str, ...]:
    """The names of a line's tax class: its id and, where the shop tells it, its name."""
    class_id = attribute_of(line, TAX_CLASS, answers)
    if not class_id:
        return ()
    classes = answers.get(ShopTaxClasses()) or ()
    names = [one.class_name for one in classes if str(one.class_id) == class_id and one.class_name]
    return (*names, class_id)


def named_class(line: SaleLine, wanted: Iterable[str], answers: Answers) -> str:
    """Which of these tax classes (by id or name) the line has; empty for none."""
    has = tax_class_of(line, answers)
    return next((name for name in wanted if name in has), "")


def attribute_of(line: SaleLine, code: str, answers: Answers) -> str:
    """The value of a product's attribute as text; empty where it has none."""
    product = answers.get(ShopProduct(line.sku)) if line.sku else None
    return _value(product, code) if product is not None else ""


def _value(product: magento.Product, code: str) -> str:
    for attribute in product.custom_attributes or ():
        if attribute.attribute_code == code and isinstance(attribute.value, str | int):
            return str(attribute.value)
    return ""
