"""Asynchronous calls: accepted at once, done by the queue's consumers later, reported on by uuid.

Nothing happens until a consumer runs; "accepted" proves nothing. Source: recorded `async_*` and
`bulk_*` exchanges.
"""

import hashlib
import re
from typing import Final

from kashmag.sandbox.magento.access import ADMINISTRATOR
from kashmag.sandbox.magento.addressing import Found, Route, RouteTable
from kashmag.sandbox.magento.answers import RefusedError, no_such_route, not_found
from kashmag.sandbox.magento.bodies import typed
from kashmag.sandbox.magento.calls import Answer, Call, answer
from kashmag.sandbox.magento.documents import Document, Value, decode, encode
from kashmag.sandbox.magento.reading import shaped
from kashmag.sandbox.magento.routes import ROUTES
from kashmag.sandbox.magento.shop import Shop

_TABLE: Final = RouteTable(ROUTES)
_OPEN: Final = 4
_DONE: Final = 1
_FAILED: Final = 3
_SERVICES: Final = {
    "products": (
        "magento.catalog.api.productrepositoryinterface.save",
        "Magento\\Catalog\\Model\\ProductRepository\\Interceptor::save",
    ),
    "source-items": (
        "magento.inventoryapi.api.sourceitemssaveinterface.execute",
        "Magento\\Inventory\\Model\\SourceItem\\Command\\SourceItemsSave\\Interceptor::execute",
    ),
}


def accept(call: Call, method: str, parts: tuple[str, ...], *, is_bulk: bool) -> Answer:
    """Take a call, or a whole array of them, to be done later; a wrong type refuses all."""
    bodies: list[Value] = call.body if is_bulk and isinstance(call.body, list) else [call.body]
    routes = [_target(method, parts, body) for body in bodies]
    for found, body in zip(routes, bodies, strict=True):
        call.caller.require(found.route.resource)
        if parts[0] == "products" and isinstance(body, dict) and "product" in body:
            typed(body["product"], "product")
    shop = call.shop
    uuid = _uuid(shop.digest("bulk", shop.count("bulk")))
    bulk = {
        "bulk_uuid": uuid,
        "topic_name": f"async.{_service(parts)[0]}.{method.lower()}",
        "service": _service(parts)[1],
        "start_time": shop.stamp(),
        "store": call.store,
        "due": int((shop.now() + shop.settings.queue_delay).timestamp()),
        "operations": [
            {"id": place, "method": method, "parts": list(_parts(parts, body)), "body": body}
            | {"status": _OPEN, "result": None, "message": None, "error_code": None}
            for place, body in enumerate(bodies)
        ],
    }
    shop.shelf("bulk").put(uuid, bulk)
    items = [
        {
            "id": place,
            "data_hash": hashlib.sha256(encode(body).encode()).hexdigest(),
            "status": "accepted",
        }
        for place, body in enumerate(bodies)
    ]
    return answer({"bulk_uuid": uuid, "request_items": items, "errors": False}, 202)


def work(shop: Shop) -> None:
    """Let the consumers do what is due."""
    waiting = shop.shelf("bulk")
    if not shop.settings.consumers_run or not len(waiting):
        return
    now = shop.now().timestamp()
    for bulk in list(waiting):
        if bulk["due"] > now or all(each["status"] != _OPEN for each in bulk["operations"]):
            continue
        for operation in bulk["operations"]:
            _perform(shop, bulk, operation)
        waiting.put(bulk["bulk_uuid"], bulk)


def _perform(shop: Shop, bulk: Document, operation: Document) -> None:
    found = _TABLE.resolve(operation["method"], tuple(operation["parts"]))
    if found is None:
        raise no_such_route()
    call = Call(
        shop,
        found.path,
        query={},
        body=operation["body"],
        store=bulk["store"],
        caller=ADMINISTRATOR,
    )
    try:
        result = found.route.handler(call)
    except RefusedError as refused:
        operation |= {"status": _FAILED, "message": _filled(refused), "error_code": 0}
        return
    given = decode(result.text)
    operation |= {
        "status": _DONE,
        "message": f"Service execution success {bulk['service']}",
        "result": encode(given).replace("\\/", "/") if given not in ([], None) else None,
    }


def _filled(refused: RefusedError) -> str:
    """The message with its placeholders filled in, as the queue reports it."""
    message = refused.message
    if isinstance(refused.parameters, dict):
        for name, value in refused.parameters.items():
            message = message.replace(f"%{name}", str(value))
    elif refused.parameters:
        for place, value in enumerate(refused.parameters, 1):
            message = message.replace(f"%{place}", str(value))
    return message


def _target(method: str, parts: tuple[str, ...], body: Value) -> Found:
    found = _TABLE.resolve(method, _parts(parts, body))
    if found is None:
        raise no_such_route()
    return found


def _parts(parts: tuple[str, ...], body: Value) -> tuple[str, ...]:
    """Fill `bySku` and its like in a bulk address from the body."""
    filled = []
    for part in parts:
        match = re.fullmatch(r"by([A-Z]\w*)", part)
        filled.append(_member(body, match[1].lower()) if match else part)
    return tuple(filled)


def _member(body: Value, name: str) -> str:
    if isinstance(body, dict):
        for key, value in body.items():
            if key.replace("_", "").lower() == name and not isinstance(value, dict):
                return str(value)
            found = _member(value, name)
            if found:
                return found
    return ""


def _service(parts: tuple[str, ...]) -> tuple[str, str]:
    for name, service in _SERVICES.items():
        if name in parts:
            return service
    plain = ".".join(part.lower() for part in parts)
    return plain, plain


def _uuid(digest: str) -> str:
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))


def _bulk(call: Call) -> Document:
    found = call.shop.shelf("bulk").get(call.path[0])
    if found is None:
        raise not_found("Bulk uuid %bulkUuid not exist", {"bulkUuid": call.path[0]})
    return found


def status(call: Call) -> Answer:
    """GET bulk/{uuid}/status."""
    bulk = _bulk(call)
    short = [
        {
            "id": each["id"],
            "status": each["status"],
            "result_message": each["message"],
            "error_code": each["error_code"],
        }
        for each in bulk["operations"]
    ]
    return shaped(call, _summary(bulk, short))


def detailed_status(call: Call) -> Answer:
    """GET bulk/{uuid}/detailed-status."""
    bulk = _bulk(call)
    operations = [_operation(bulk, each) for each in bulk["operations"]]
    return shaped(call, _summary(bulk, operations))


def count(call: Call) -> Answer:
    """GET bulk/{uuid}/operation-status/{status}: how many operations have that status."""
    bulk = _bulk(call)
    wanted = call.path[1]
    return answer(sum(str(each["status"]) == wanted for each in bulk["operations"]))


def search(call: Call) -> Answer:
    """GET bulk: the operations of all bulks, the latest bulk last."""
    found = [
        {"extension_attributes": {"start_time": bulk["start_time"]}, **_operation(bulk, each)}
        for bulk in call.shop.shelf("bulk")
        for each in bulk["operations"]
    ]
    criteria = call.query.get("searchCriteria", {})
    size = criteria.get("pageSize") if isinstance(criteria, dict) else None
    shown = found[: int(str(size))] if size else found
    echo: Document = {"filter_groups": []}
    if size:
        echo["page_size"] = int(str(size))
    return shaped(call, {"items": shown, "search_criteria": echo, "total_count": len(found)})


def _summary(bulk: Document, operations: list[Document]) -> Document:
    return {
        "operations_list": operations,
        "user_type": 1,
        "bulk_id": bulk["bulk_uuid"],
        "description": f"Topic {bulk['topic_name']}",
        "start_time": bulk["start_time"],
        "user_id": 1,
        "operation_count": len(operations),
    }


def _operation(bulk: Document, operation: Document) -> Document:
    data = {
        "entity_id": None,
        "entity_link": "",
        "meta_information": encode(operation["body"]),
        "store_id": "0" if bulk["store"] == "all" else "1",
    }
    return {
        "id": operation["id"],
        "bulk_uuid": bulk["bulk_uuid"],
        "topic_name": bulk["topic_name"],
        "serialized_data": None if operation["status"] == _DONE else encode(data),
        "result_serialized_data": operation["result"],
        "status": operation["status"],
        "result_message": operation["message"],
        "error_code": operation["error_code"],
    }


BULK: Final = "Magento_Logging::system_magento_logging_bulk_operations"
REPORTS: Final = (
    Route("GET", "bulk", BULK, handler=search),
    Route("GET", "bulk/{uuid}/status", BULK, handler=status),
    Route("GET", "bulk/{uuid}/detailed-status", BULK, handler=detailed_status),
    Route("GET", "bulk/{uuid}/operation-status/{status}", BULK, handler=count),
)
"""The routes that tell what became of a bulk."""
