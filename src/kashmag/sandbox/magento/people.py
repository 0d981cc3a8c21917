"""The routes of customers, their addresses and groups."""

from kashmag.sandbox.magento.answers import RefusedError, bad_request, no_such_entity
from kashmag.sandbox.magento.bodies import typed
from kashmag.sandbox.magento.calls import Answer, Call, answer
from kashmag.sandbox.magento.documents import Document, duplicate
from kashmag.sandbox.magento.reading import shaped
from kashmag.sandbox.magento.shop import Shop

_TWICE = "A customer with the same email address already exists in an associated website."


def create(call: Call) -> Answer:
    """POST customers."""
    shop = call.shop
    given = typed(call.member("customer"), "customer")
    _check(given)
    _check_email(shop, given["email"], None)
    known = (customer["id"] for customer in shop.customers)
    start = 0 if "customer" in shop.shelf("counter") else max(known, default=0)
    view = shop.view_of(call.store)
    stamp = shop.stamp()
    customer = {
        "id": shop.count("customer", start),
        "group_id": 1,
        "created_at": stamp,
        "updated_at": stamp,
        "created_in": view.name,
        "store_id": view.store_id,
        "website_id": 1,
        "addresses": [],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
    }
    return _save(shop, customer, given)


def update(call: Call) -> Answer:
    """PUT customers/{id}: what is not given stays, but addresses are replaced as a whole.

    An address that is not given is deleted, and what is not given of one is emptied.
    """
    held = call.shop.customers.get(call.id)
    if held is None:
        raise no_such_entity("customerId", call.id)
    given = typed(call.member("customer"), "customer")
    _check_email(call.shop, str(given.get("email", held["email"])), call.id)
    for own in ("id", "created_at", "updated_at"):  # the shop keeps these itself
        given.pop(own, None)
    return _save(call.shop, duplicate(held) | {"updated_at": call.shop.stamp()}, given)


def _save(shop: Shop, customer: Document, given: Document) -> Answer:
    addresses = given.pop("addresses", None)
    extension = given.pop("extension_attributes", None) or {}
    customer |= {name: value for name, value in given.items() if value is not None}
    customer["extension_attributes"] |= extension
    if addresses is not None:
        customer["addresses"] = [_address(shop, customer, each) for each in addresses]
        for kind in ("billing", "shipping"):
            for address in customer["addresses"]:
                if address.get(f"default_{kind}"):
                    customer[f"default_{kind}"] = str(address["id"])
    shop.add("customer", [customer])
    return answer(customer)


def _address(shop: Shop, customer: Document, given: Document) -> Document:
    ids = (a["id"] for each in shop.customers for a in each["addresses"])
    start = 0 if "customer_address" in shop.shelf("counter") else max(ids, default=0)
    region = given.get("region") or {}
    if isinstance(region, str):
        region = {"region_code": region, "region": region}
    number = given.get("id") or shop.count("customer_address", start)
    address = {
        "id": number,
        "customer_id": customer["id"],
        "region": {"region_code": None, "region": None, "region_id": 0} | region,
        "region_id": 0,
    }
    skipped = ("id", "customer_id", "region")
    address |= {k: v for k, v in given.items() if k not in skipped and v not in (None, False)}
    return address


def _check(given: Document) -> None:
    faults = [
        {
            "message": '"%fieldName" is required. Enter and try again.',
            "parameters": {"fieldName": name},
        }
        for name in ("firstname", "lastname", "email")
        if not given.get(name)
    ]
    if len(faults) == 1:
        first = faults[0]
        raise bad_request(str(first["message"]), first["parameters"])  # type: ignore[arg-type]
    if faults:
        raise RefusedError(400, "One or more input exceptions have occurred.", errors=faults)


def _check_email(shop: Shop, email: str, own: int | None) -> None:
    for customer in shop.customers:
        if customer["email"].lower() == email.lower() and customer["id"] != own:
            raise bad_request(_TWICE)


def delete(call: Call) -> Answer:
    """DELETE customers/{id}: the orders lose the number, but do not become a guest's."""
    if call.id not in call.shop.customers:
        raise no_such_entity("customerId", call.id)
    call.shop.customers.remove(call.id)
    for order in list(call.shop.orders):
        if order.get("customer_id") == call.id:
            del order["customer_id"]
            call.shop.add("order", [order])
    return answer(True)


def address(call: Call) -> Answer:
    """GET customers/addresses/{id}."""
    for customer in call.shop.customers:
        for each in customer["addresses"]:
            if each["id"] == call.id:
                return shaped(call, each)
    raise no_such_entity("addressId", call.id)
