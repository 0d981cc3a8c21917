"""The taxes of an order, as it lists them: in sum, by item, and for the shipping."""

from collections.abc import Iterable
from decimal import Decimal

from kashmag.sandbox.magento.documents import ZERO, Document, present, stored
from kashmag.sandbox.magento.pricing import Sums
from kashmag.sandbox.magento.shop import Shop


def order_taxes(shop: Shop, sums: Sums, order: Document) -> Document:
    """What applied to the whole, to each item and to the shipping; a rate of 0 leaves no trace."""
    parts = list(_taxed_parts(sums, order["items"]))
    tax_ids: dict[str, int] = {}
    amounts: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for part in parts:
        code, percent = str(part["code"]), part["percent"]
        tax_ids.setdefault(code, 0)
        order_amount, base_amount, _ = amounts.get(code, (ZERO, ZERO, ZERO))
        amounts[code] = (order_amount + part["amount"], base_amount + part["base"], percent)
    for code in tax_ids:
        tax_ids[code] = shop.count("order_tax")
    applied: list[Document] = [
        {"code": c, "title": c, "percent": p, "amount": stored(a), "base_amount": stored(b)}
        for c, (a, b, p) in amounts.items()
    ]
    itemized = [_itemize(shop, part, tax_ids[part["code"]]) for part in parts if part["amount"]]
    by_item = {item["item_id"]: item for item in order["items"]}
    for entry in itemized:
        if "item_id" in entry:
            by_item[entry["item_id"]]["extension_attributes"]["itemized_taxes"].append(entry)
    return {
        "applied_taxes": applied,
        "item_applied_taxes": [_applied_to(part) for part in parts],
        "converting_from_quote": False,
        "taxes": [
            {"tax_id": tax_ids[each["code"]], "order_id": order["entity_id"], **each}
            | {"base_real_amount": each["base_amount"], "priority": 0, "position": 0, "process": 0}
            for each in applied
        ],
        "additional_itemized_taxes": [each for each in itemized if "item_id" not in each],
    }


def _taxed_parts(sums: Sums, items: list[Document]) -> Iterable[Document]:
    base, order = sums.base.shipping, sums.order.shipping
    if base and order and sums.shipping_rate:
        yield _part("shipping", None, sums.shipping_code, sums.shipping_rate, (order.tax, base.tax))
    for row, item, taxed, base_taxed in zip(
        sums.rows, items, sums.order.taxed, sums.base.taxed, strict=True
    ):
        if row.carries_money and row.rate and taxed and base_taxed:
            amounts = (stored(taxed.tax), stored(base_taxed.tax))
            yield _part("product", item["item_id"], row.tax_code, row.rate, amounts)


def _part(
    kind: str, item_id: int | None, code: str, percent: Decimal, amounts: tuple[Decimal, Decimal]
) -> Document:
    return {
        "type": kind,
        "item_id": item_id,
        "code": code,
        "percent": percent,
        "amount": amounts[0],
        "base": amounts[1],
    }


def _applied_to(part: Document) -> Document:
    applied = {
        "code": part["code"],
        "title": part["code"],
        "percent": part["percent"],
        "amount": part["amount"],
        "base_amount": part["base"],
    }
    found = {"type": part["type"], "item_id": part["item_id"], "applied_taxes": [applied]}
    return present(found)


def _itemize(shop: Shop, part: Document, tax_id: int) -> Document:
    return present(
        {
            "tax_item_id": shop.count("order_tax_item"),
            "tax_id": tax_id,
            "item_id": part["item_id"],
            "tax_code": part["code"],
            "tax_percent": part["percent"],
            "amount": part["amount"],
            "base_amount": part["base"],
            "real_amount": part["amount"],
            "real_base_amount": part["base"],
            "taxable_item_type": part["type"],
        }
    )
