"""Where an operation goes: the two layouts of Magento's URLs, and where the store code stands."""

from __future__ import annotations

import re
from typing import Final

from kashmag.rest.caller import Address
from kashmag.rest.operation import Operation
from kashmag.rest.wire import Request, percent_encode

_ASYNC: Final = re.compile(r"^/async/(bulk/)?V1/")


def own_server(root: str) -> Address:
    """Open Source, Mage-OS and Commerce: `/rest/{store code}/V1/...`."""
    start = root.rstrip("/")

    def address(operation: Operation[object], scope: str | None) -> Request:
        store = f"/{percent_encode(scope)}" if scope else ""
        url = f"{start}/rest{store}{operation.path}"
        return Request(operation.method, url, query=operation.query)

    return address


def cloud_service(root: str) -> Address:
    """Commerce as a Cloud Service: `/V1/...`, store code in a header, `/V1/async/...`."""
    start = root.rstrip("/")

    def address(operation: Operation[object], scope: str | None) -> Request:
        path = _ASYNC.sub(lambda m: f"/V1/async/{m[1] or ''}", operation.path)
        headers = (("Store", scope),) if scope else ()
        return Request(operation.method, start + path, query=operation.query, headers=headers)

    return address
