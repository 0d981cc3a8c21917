"""Small Magento documents for tests of reading: say only what the test is about."""

from decimal import Decimal

from kashmag import magento
from kashmag.magento import codec
from kashmag.magento.reading import Basis, CurrencyBasis, read
from kashmag.rest.codec import dumps, loads

BASE, ORDERED = Basis(CurrencyBasis.BASE), Basis(CurrencyBasis.ORDER)


def number(value):
    return Decimal(str(value))


def both(**named):
    """Each figure in order currency and, the same, in base currency."""
    spelt = {"shipping_discount_tax_compensation_amount": "amnt"}
    told = dict(named)
    for name, value in named.items():
        twin = f"base_{name}"
        if name in spelt:
            twin = "base_shipping_discount_tax_compensation_amnt"
        if name == "weee_tax_applied_row_amount":
            twin = "base_weee_tax_applied_row_amnt"
        told[twin] = value
    return told


def row(item_id, gross, tax=0, *, rate=20, quantity=1, **more):
    """A row without discount that comes to `gross`, of which `tax` is VAT."""
    gross, tax = number(gross), number(tax)
    figures = both(
        row_total=gross - tax,
        row_total_incl_tax=gross,
        tax_amount=tax,
        price=(gross - tax) / quantity,
        price_incl_tax=gross / quantity,
        discount_amount=0,
        discount_tax_compensation_amount=0,
    )
    return {
        "item_id": item_id,
        "sku": f"SKU-{item_id}",
        "name": f"Thing {item_id}",
        "product_type": "simple",
        "qty_ordered": quantity,
        "qty_invoiced": 0,
        "qty_canceled": 0,
        "tax_percent": rate,
        **figures,
        **more,
    }


def order(*rows, grand_total, tax, subtotal=None, state="new", extension=(), **more):
    """An order of these rows, with totals as told."""
    grand_total = number(grand_total)
    figures = both(
        grand_total=grand_total,
        tax_amount=number(tax),
        subtotal=grand_total - number(tax) if subtotal is None else number(subtotal),
        discount_amount=0,
        shipping_amount=0,
        shipping_tax_amount=0,
    )
    return {
        "entity_id": 12,
        "increment_id": "000000012",
        "state": state,
        "store_id": 1,
        "base_currency_code": "GBP",
        "order_currency_code": "GBP",
        "created_at": "2026-04-14 12:00:00",
        "customer_email": "robin@example.com",
        "customer_is_guest": 1,
        "billing_address": {"firstname": "Robin", "lastname": "Example", "country_id": "GB"},
        "payment": {
            "method": "checkmo",
            "amount_ordered": round(grand_total, 2),
            "base_amount_ordered": round(grand_total, 2),
        },
        **figures,
        "items": list(rows),
        "extension_attributes": dict(extension),
        **more,
    }


def part(item_id, net, tax=0, *, quantity=1, **more):
    """A row of an invoice or credit memo."""
    figures = both(row_total=number(net), tax_amount=number(tax))
    return {"order_item_id": item_id, "qty": quantity, "sku": f"SKU-{item_id}", **figures, **more}


def document(*rows, entity_id, grand_total, tax, **more):
    """An invoice or a credit memo of order 12; paid or refunded."""
    return {
        "entity_id": entity_id,
        "increment_id": f"{entity_id:09d}",
        "order_id": 12,
        "state": 2,
        "base_currency_code": "GBP",
        "order_currency_code": "GBP",
        "created_at": "2026-04-15 12:00:00",
        **both(grand_total=number(grand_total), tax_amount=number(tax)),
        "items": list(rows),
        **more,
    }


def _record(kind, told):
    # Through real JSON text, as it would arrive.
    return codec.read(kind, loads(dumps(told)))


def reading(told, invoices=(), memos=(), basis=BASE):
    return read(
        _record(magento.Order, told),
        [_record(magento.Invoice, one) for one in invoices],
        [_record(magento.CreditMemo, one) for one in memos],
        basis,
    )


def codes(found):
    return [problem.code for problem in found.problems]


def figures(found):
    """Net, VAT and percentage of each line by its key."""
    return {
        line.key: (str(line.net.amount), str(line.vat.amount), str(line.vat_rate))
        for line in found.sale.lines
    }
