"""The amounts of an order and its rows as the documents after it need them.

An order serves `row_total` after discount with zero as its floor; here it is before discount again,
as the database has it. Which rows carry money is said here, too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attrs import frozen

from kashmag.sandbox.magento.documents import PENNY, ZERO, Document, amount, pence
from kashmag.sandbox.magento.settings import TaxSettings

CURRENCIES: Final = ("base_", "")
_NOISE: Final = Decimal("0.0000000001")


def compensation_name(prefix: str) -> str:
    """The field of the shipping's tax compensation, which base currency spells otherwise."""
    return f"{prefix}shipping_discount_tax_compensation_{'amnt' if prefix else 'amount'}"


def top_rows(order: Document) -> list[Document]:
    """The rows that have no parent."""
    return [item for item in order["items"] if item.get("parent_item_id") is None]


def children_of(order: Document, item: Document) -> list[Document]:
    """The rows whose parent this is."""
    return [each for each in order["items"] if each.get("parent_item_id") == item["item_id"]]


def is_dynamic(order: Document, item: Document) -> bool:
    """Whether this is a bundle whose children carry the money."""
    children = children_of(order, item)
    return item["product_type"] == "bundle" and any(amount(each["price"]) for each in children)


def carries_money(order: Document, item: Document) -> bool:
    """Whether the amounts of this row count: those of the others are repetition or zero."""
    parent_id = item.get("parent_item_id")
    if parent_id is None:
        return not is_dynamic(order, item)
    parent = next(each for each in order["items"] if each["item_id"] == parent_id)
    return is_dynamic(order, parent)


def row_before_discount(order: Document, item: Document, prefix: str) -> Decimal:
    """The row total as the database has it."""
    served = amount(item.get(f"{prefix}row_total"))
    taken = amount(item.get(f"{prefix}discount_amount"))
    if served or not taken:
        return served + taken
    # The floor of zero has hidden the true figure: the total with tax may still tell it, or the
    # subtotal of the order, or else price times quantity.
    incl_tax = amount(item.get(f"{prefix}row_total_incl_tax"))
    tax = amount(item.get(f"{prefix}tax_amount"))
    hidden = amount(item.get(f"{prefix}discount_tax_compensation_amount"))
    if incl_tax:
        return incl_tax - tax - hidden + taken
    others = [each for each in order["items"] if carries_money(order, each) and each is not item]
    if all(amount(each.get(f"{prefix}row_total")) for each in others):
        known = sum((row_before_discount(order, each, prefix) for each in others), ZERO)
        return amount(order[f"{prefix}subtotal"]) - known
    return pence(amount(item[f"{prefix}price"]) * amount(item["qty_ordered"]))


def total(documents: Iterable[Mapping[str, object]], name: str) -> Decimal:
    """The sum of one field."""
    return sum((amount(each.get(name)) for each in documents), ZERO)


class Rounding:
    """Rounds to pence and carries the remainder to the next amount."""

    def __init__(self) -> None:
        self._carried = ZERO

    def __call__(self, value: Decimal, *, is_negative: bool = False) -> Decimal:
        """Round an amount; one that is taken off gives its remainder with the other sign."""
        if not value:
            return value
        sign = -1 if is_negative else 1
        exact = value + sign * self._carried
        rounded = exact.quantize(_NOISE, ROUND_HALF_UP).quantize(PENNY, ROUND_HALF_UP)
        self._carried = sign * (exact - rounded)
        return rounded


@frozen
class Part:
    """One amount of a row that is spread over several documents."""

    name: str
    """Its name on the document's row."""
    whole: str
    """What there is of it, on the order's row."""
    done: str
    """What earlier documents have taken, on the order's row."""
    is_negative: bool = False
    is_optional: bool = False
    """Whether the document's row leaves it out where the order's has none."""


@frozen
class Share:
    """The order's row, the document's, and the quantity that was open before the document."""

    item: Document
    entry: Document
    open_quantity: Decimal


def spread(
    shares: Sequence[Share],
    parts: Sequence[Part],
    prefix: str,
    *,
    whole_of: Callable[[Document, str, str], Decimal],
) -> None:
    """Give rows of a document their part of the order's rows, one amount after another.

    The last pieces take what is left; remainders go from row to row and from amount to amount.
    """
    rounding = Rounding()
    for part in parts:
        for share in shares:
            whole = whole_of(share.item, prefix, part.whole)
            if part.is_optional and not whole:
                continue
            left = whole - amount(share.item.get(f"{prefix}{part.done}"))
            if share.entry["qty"] != share.open_quantity:
                exact = left / share.open_quantity * share.entry["qty"]
                left = rounding(exact, is_negative=part.is_negative)
            share.entry[f"{prefix}{part.name}"] = left


def spread_incl_tax(shares: Sequence[Share], prefix: str, settings: TaxSettings) -> None:
    """Give rows of a document their total with tax, which is before discount and for show."""
    rounding = Rounding()
    for share in shares:
        whole = _row_incl_tax(share.item, prefix, settings)
        exact = whole / amount(share.item["qty_ordered"]) * share.entry["qty"]
        share.entry[f"{prefix}row_total_incl_tax"] = rounding(exact)


def _row_incl_tax(item: Document, prefix: str, settings: TaxSettings) -> Decimal:
    each = amount(item.get(f"{prefix}price_incl_tax"))
    taken = amount(item.get(f"{prefix}discount_amount"))
    if not taken and amount(item.get(f"{prefix}row_total_incl_tax")):
        return amount(item[f"{prefix}row_total_incl_tax"])
    if settings.price_includes_tax or settings.algorithm == "unit":
        return each * amount(item["qty_ordered"])
    row = amount(item.get(f"{prefix}row_total")) + taken
    return row + pence(row * amount(item.get("tax_percent")) / 100)
