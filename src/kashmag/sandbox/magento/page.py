"""The plain page at `/`: what is in the shop just now."""

from html import escape

from kashmag.sandbox.magento.documents import Value
from kashmag.sandbox.magento.shop import Shop

_SHOWN = 50
_STYLE = (
    "body{font:15px/1.4 system-ui;margin:2rem;max-width:70rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "td,th{padding:.2rem .8rem;border-bottom:1px solid #ccc;text-align:left}"
    "td.n{text-align:right}"
)


def page(shop: Shop) -> str:
    """The page, as HTML: counts of everything, then the latest orders."""
    kinds = ("order", "invoice", "credit_memo", "shipment", "customer", "product", "source_item")
    counts = "".join(
        f"<tr><td>{kind.replace('_', ' ')}s</td><td class=n>{len(shop.shelf(kind))}</td></tr>"
        for kind in kinds
    )
    latest = list(shop.orders)[-_SHOWN:][::-1]
    rows = "".join(
        _row(
            order["increment_id"],
            order["entity_id"],
            order["created_at"],
            order["customer_email"],
            order["state"],
            order["status"],
            order["order_currency_code"],
            order["grand_total"],
            order.get("total_refunded", ""),
        )
        for order in latest
    )
    head = _head(
        "order", "id", "placed (UTC)", "e-mail", "state", "status", "", "total", "refunded"
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Magento sandbox</title>"
        f"<style>{_STYLE}</style><h1>Magento sandbox</h1>"
        f"<p>A stand-in for Magento Open Source 2.4.7. Its clock says {shop.stamp()} UTC.</p>"
        f"<table>{counts}</table><h2>Latest orders</h2><table>{head}{rows}</table></html>"
    )


def _head(*names: str) -> str:
    return "<tr>" + "".join(f"<th>{escape(name)}</th>" for name in names) + "</tr>"


def _row(*cells: Value) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
