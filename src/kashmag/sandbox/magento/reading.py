"""The plain reads: one document, a list of documents, and the furniture of the shop.

How a list is searched is `listing`'s; what changes documents lives with their nouns.
"""

from collections.abc import Mapping
from typing import Final

from kashmag.sandbox.magento.answers import internal_error, no_such_entity, not_found
from kashmag.sandbox.magento.calls import Answer, Call, Handler, answer
from kashmag.sandbox.magento.documents import Value, encode
from kashmag.sandbox.magento.listing import Kind, database_fault, find, trim, write
from kashmag.sandbox.magento.store import Key

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("order"),
        Kind("invoice"),
        Kind("credit_memo"),
        Kind("shipment"),
        Kind("transaction", "transaction_id"),
        Kind("customer", "id", aliases={"entity_id": "id"}, attributes=True),
        Kind("product", "id", aliases={"entity_id": "id"}, attributes=True),
        Kind("source", "source_code"),
        Kind("source_item", "sku"),
        Kind("stock", "stock_id"),
        Kind("stock_source_link", "stock_id"),
        Kind("tax_rate", "id", aliases={"tax_calculation_rate_id": "id"}),
        Kind("tax_rule", "id", aliases={"tax_calculation_rule_id": "id"}),
        Kind("tax_class", "class_id", aliases={"class_id": "class_id"}),
        Kind("customer_group", "id", aliases={"customer_group_id": "id"}),
        Kind("coupon", "coupon_id"),
        Kind("sales_rule", "rule_id"),
        Kind("attribute_set", "attribute_set_id"),
        Kind("attribute", "attribute_code"),
        Kind("category", "id"),
    )
}


def one(kind: str) -> Handler:
    """Serve one document by its number."""

    def handle(call: Call) -> Answer:
        return whole_document(call, kind, call.id)

    return handle


def whole_document(call: Call, kind: str, key: Key) -> Answer:
    """Answer with one document, trimmed if `fields` asks for it."""
    shelf = call.shop.shelf(kind)
    if key not in shelf or call.shop.is_hidden(kind, key):
        raise not_found()
    if call.shop.is_poisoned(kind, key):
        raise database_fault(call.shop.settings, "webapi-poisoned")
    if call.fields is None:
        return Answer(shelf.text(key))
    return answer(trim(shelf.get(key), call.fields))


def by_id(kind: str, name: str) -> Handler:
    """Serve one document by its number, naming the number's field where there is none."""

    def handle(call: Call) -> Answer:
        found = call.shop.shelf(kind).get(call.id)
        if found is None:
            raise no_such_entity(name, call.id)
        return shaped(call, found)

    return handle


def many(kind: str) -> Handler:
    """Serve a list of documents of a kind."""

    def handle(call: Call) -> Answer:
        shop = call.shop
        shelf = shop.shelf(kind)
        is_hidden = shop.is_hidden if shop.hides_some else None
        hits = find(shelf, KINDS[kind], call.query, shop.settings, is_hidden)
        for key in hits.keys:
            if shop.is_poisoned(kind, key):
                raise internal_error("webapi-poisoned")
        return Answer(write(shelf, hits, fields=call.fields, render=shelf.text))

    return handle


def every(kind: str) -> Handler:
    """Serve all documents of a kind as a bare array."""

    def handle(call: Call) -> Answer:
        shelf = call.shop.shelf(kind)
        return shaped(call, list(shelf))

    return handle


def shaped(call: Call, value: Value) -> Answer:
    """Answer with a value, trimmed if `fields` asks for it."""
    return Answer(encode(value if call.fields is None else trim(value, call.fields)))
