"""Reading what was sent: types are checked as Magento checks them, before anything is done."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from kashmag.sandbox.magento.answers import unsupported, wrong_type
from kashmag.sandbox.magento.criteria import too_many
from kashmag.sandbox.magento.documents import Document, Value
from kashmag.sandbox.magento.package_data import columns
from kashmag.sandbox.magento.settings import ShopSettings


def snake(name: str) -> str:
    """A name in the form that documents use; camel case is accepted everywhere."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def typed(given: Mapping[str, Value], kind: str) -> Document:
    """Read a document of a kind: an unknown property or a wrong type is refused."""
    known = columns(kind)
    found: Document = {}
    for raw_name, value in given.items():
        name = snake(raw_name)
        if name not in known:
            raise unsupported("".join(part.capitalize() for part in name.split("_")))
        found[name] = _cast(name, value, known[name])
    return found


def _cast(name: str, value: Value, kind: str) -> Value:
    if value is None:
        return None
    if kind == "number":
        return number(value, name)
    if kind == "integer":
        exact = number(value, name, "int")
        return int(exact)
    if kind == "string" and isinstance(value, int | Decimal):
        return str(value)
    return value


def number(value: Value, name: str, kind: str = "float") -> Decimal:
    """Read a number, which may also come as a text."""
    try:
        return Decimal(str(value))
    except InvalidOperation as fault:
        raise wrong_type(str(value), kind, name) from fault


def quantities(items: Value, settings: ShopSettings) -> dict[int, Decimal] | None:
    """Read the `items` of an invoice, shipment or refund; None and nothing both mean all."""
    if not items:
        return None
    check_length(items, settings, "\\Magento\\Sales\\Api\\Data\\ItemCreationInterface")
    found: dict[int, Decimal] = {}
    for item in items:
        given = {snake(name): value for name, value in item.items()}
        item_id = int(number(given.get("order_item_id", 0), "order_item_id", "int"))
        found[item_id] = number(given.get("qty", 0), "qty")
    return found


def check_length(items: Value, settings: ShopSettings, kind: str) -> None:
    """Refuse an array that is longer than the shop allows (`lim_array`)."""
    if settings.array_maximum is not None and len(items) > settings.array_maximum:
        raise too_many(kind, settings.array_maximum)
