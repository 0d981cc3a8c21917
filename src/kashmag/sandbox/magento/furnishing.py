"""The routes that change what stands around the trade: taxes, groups, sources, stocks, tracks.

How these things are read is `reading`'s; what a fresh shop has of them is `furniture`'s.
"""

from typing import Final

from attrs import frozen

from kashmag.sandbox.magento.answers import no_such_entity, not_found, required
from kashmag.sandbox.magento.bodies import snake, typed
from kashmag.sandbox.magento.calls import Answer, Call, Handler, answer, whole
from kashmag.sandbox.magento.documents import Document
from kashmag.sandbox.magento.reading import shaped


@frozen
class Furniture:
    """How one kind of thing is written: its member in the body, its number, what it must have."""

    kind: str
    member: str
    key: str = "id"
    needed: tuple[str, ...] = ()


TAX_RATE: Final = Furniture("tax_rate", "tax_rate", needed=("tax_country_id", "code", "rate"))
TAX_RULE: Final = Furniture("tax_rule", "rule", needed=("code",))
GROUP: Final = Furniture("customer_group", "group", needed=("code",))
_DEFAULTS: Final[dict[str, Document]] = {
    "tax_rate": {"tax_region_id": 0, "tax_postcode": "*", "titles": []},
    "tax_rule": {"priority": 0, "position": 0, "calculate_subtotal": False},
    "customer_group": {"tax_class_id": 3, "tax_class_name": "Retail Customer"},
}


def create(what: Furniture) -> Handler:
    """POST a new thing: the whole of it comes back."""

    def handle(call: Call) -> Answer:
        given = {snake(name): value for name, value in call.member(what.member).items()}
        for name in what.needed:
            if given.get(name) in (None, ""):
                raise required(name)
        number = call.shop.count(what.kind, call.shop.shelf(what.kind).next_id() - 1)
        found = {what.key: number, **_DEFAULTS.get(what.kind, {}), **given, what.key: number}
        call.shop.add(what.kind, [found])
        return shaped(call, found)

    return handle


def update(what: Furniture) -> Handler:
    """PUT a thing that is there, by the number in the address or else in the body."""

    def handle(call: Call) -> Answer:
        given = {snake(name): value for name, value in call.member(what.member).items()}
        number = call.id if call.path else whole(str(given.get(what.key, 0)))
        held = call.shop.shelf(what.kind).get(number)
        if held is None:
            raise no_such_entity(what.key, number)
        found = held | given | {what.key: number}
        call.shop.add(what.kind, [found])
        return shaped(call, found)

    return handle


def delete(what: Furniture) -> Handler:
    """DELETE a thing."""

    def handle(call: Call) -> Answer:
        shelf = call.shop.shelf(what.kind)
        if call.id not in shelf:
            raise no_such_entity(what.key, call.id)
        shelf.remove(call.id)
        return answer(True)

    return handle


def default_group(call: Call) -> Answer:
    """GET customerGroups/default: the group that new customers get."""
    return shaped(call, call.shop.shelf("customer_group").get(1))


def save_source(call: Call) -> Answer:
    """POST inventory/sources, or PUT inventory/sources/{code}: nothing comes back."""
    given = typed(call.member("source"), "source")
    code = call.path[0] if call.path else str(given.get("source_code", ""))
    held = call.shop.shelf("source").get(code)
    if call.path and held is None:
        raise not_found('Source with code "%value" does not exist.', {"value": code})
    fresh: Document = {
        "enabled": True,
        "use_default_carrier_config": True,
        "carrier_links": [],
        "extension_attributes": {"is_pickup_location_active": False, "frontend_name": ""},
    }
    found = (held or fresh) | given | {"source_code": code}
    call.shop.add("source", [found])
    return answer([])


def save_stock(call: Call) -> Answer:
    """POST inventory/stocks, or PUT inventory/stocks/{id}: the number of the stock."""
    given = {snake(name): value for name, value in call.member("stock").items()}
    shelf = call.shop.shelf("stock")
    number = call.id if call.path else call.shop.count("stock", shelf.next_id() - 1)
    held = shelf.get(number) or {"extension_attributes": {"sales_channels": []}}
    found = held | given | {"stock_id": number}
    found.setdefault("name", f"Stock {number}")
    call.shop.add("stock", [found])
    return answer(number)


def delete_links(call: Call) -> Answer:
    """POST inventory/stock-source-links-delete."""
    for raw in call.given("links") or ():
        link = {snake(name): value for name, value in raw.items()}
        key = f"{link.get('stock_id')}|{link.get('source_code')}"
        call.shop.shelf("stock_source_link").remove(key)
    return answer([])


def delete_track(call: Call) -> Answer:
    """DELETE shipment/track/{id}."""
    for shipment in call.shop.shipments:
        kept = [track for track in shipment["tracks"] if track["entity_id"] != call.id]
        if len(kept) != len(shipment["tracks"]):
            call.shop.add("shipment", [shipment | {"tracks": kept}])
            return answer(True)
    raise not_found()


def send_email(kind: str) -> Handler:
    """POST a document's e-mails: nothing is sent, so the answer is no."""

    def handle(call: Call) -> Answer:
        if call.id not in call.shop.shelf(kind):
            raise not_found()
        return answer(False)

    return handle


def category(call: Call) -> Answer:
    """GET categories/{id}."""
    found = call.shop.shelf("category").get(call.id)
    if found is None:
        raise no_such_entity("id", call.id)
    hidden = ("children_data", "product_count")
    kept = {name: value for name, value in found.items() if name not in hidden}
    return shaped(call, kept | {"children": "", "path": f"1/{call.id}"})


def attribute_options(call: Call) -> Answer:
    """GET products/attributes/{code}/options."""
    found = call.shop.shelf("attribute").get(call.path[0])
    return shaped(call, [] if found is None else found.get("options", []))


def set_attributes(call: Call) -> Answer:
    """GET products/attribute-sets/{id}/attributes."""
    if call.id not in call.shop.shelf("attribute_set"):
        raise no_such_entity("attributeSetId", call.id)
    return shaped(call, list(call.shop.shelf("attribute")))


def default_address(kind: str) -> Handler:
    """GET customers/{id}/billingAddress or shippingAddress."""

    def handle(call: Call) -> Answer:
        found = call.shop.customers.get(call.id)
        if found is None:
            raise no_such_entity("customerId", call.id)
        wanted = found.get(f"default_{kind}")
        mine = [each for each in found["addresses"] if str(each["id"]) == wanted]
        return shaped(call, mine[0] if mine else None)

    return handle


def delete_address(call: Call) -> Answer:
    """DELETE addresses/{id}."""
    for customer in call.shop.customers:
        kept = [each for each in customer["addresses"] if each["id"] != call.id]
        if len(kept) != len(customer["addresses"]):
            call.shop.add("customer", [customer | {"addresses": kept}])
            return answer(True)
    raise no_such_entity("addressId", call.id)
