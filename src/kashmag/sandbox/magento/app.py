"""The shop as an ASGI application: from a request to the answer, in the order of the real shop.

Address, then caller, then permission, then body, then the work itself. Handlers are found in
`routes`; the plain page at `/` is `page`'s.
"""

from typing import Final
from urllib.parse import unquote_plus

from attrs import evolve
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as StarletteRoute

from kashmag.sandbox.magento import page, queueing
from kashmag.sandbox.magento.access import Doorkeeper
from kashmag.sandbox.magento.addressing import Route, RouteTable
from kashmag.sandbox.magento.answers import RefusedError, bad_request, no_such_route, required
from kashmag.sandbox.magento.calls import Answer, Call, answer
from kashmag.sandbox.magento.criteria import read_query
from kashmag.sandbox.magento.documents import Value, decode, encode
from kashmag.sandbox.magento.routes import ROUTES
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.xml_text import to_xml

_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE"})
_JSON: Final = frozenset({"application/json", "*/*", "application/*", ""})
_XML: Final = frozenset({"application/xml", "text/xml", "application/xhtml+xml"})
_BROKEN: Final = (
    "<!doctype html><html><head><title>Error 500: Internal Server Error</title></head>"
    "<body><h1>There has been an error processing your request</h1>"
    "<p>Error log record number: 0f1e2d</p></body></html>"
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Expires": "Thu, 19 Nov 1981 08:52:00 GMT",
    "Pragma": "no-cache",
    "X-Frame-Options": "SAMEORIGIN",
}
_URL_LIMIT: Final = 8 * 1024


def make_app(shop: Shop, doorkeeper: Doorkeeper) -> Starlette:
    """Build the application around a shop."""
    table = RouteTable((*ROUTES, *queueing.REPORTS, _sign_in(doorkeeper)))

    async def rest(request: Request) -> Response:
        return await _respond(shop, doorkeeper, table, request)

    async def home(_: Request) -> Response:
        return HTMLResponse(page.page(shop))

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(
        routes=[
            StarletteRoute("/", home),
            StarletteRoute("/rest/{path:path}", rest, methods=methods),
        ]
    )


def _sign_in(doorkeeper: Doorkeeper) -> Route:
    """The route by which an administrator gets a token."""

    def handle(call: Call) -> Answer:
        username, password = call.given("username"), call.given("password")
        for name, value in (("username", username), ("password", password)):
            if value is None:
                raise required(name)
        return answer(doorkeeper.sign_in(str(username), str(password), now=call.shop.now()))

    return Route("POST", "integration/admin/token", "anonymous", handler=handle)


async def _respond(
    shop: Shop, doorkeeper: Doorkeeper, table: RouteTable, request: Request
) -> Response:
    raw_path, query = _raw_address(request)
    if len(raw_path) + len(query) > _URL_LIMIT:
        return HTMLResponse("<html><h1>414 Request-URI Too Large</h1></html>", 414)
    wants_xml = _wants_xml(request.headers.get("accept", ""))
    if wants_xml is None:
        return HTMLResponse(_BROKEN, 500)
    try:
        body = await request.body()
        queueing.work(shop)
        given = _answer(shop, doorkeeper, table, request, body=body, address=(raw_path, query))
    except RefusedError as refusal:
        given = Answer(encode(refusal.document), refusal.status)
        if refusal.content_type != given.content_type:
            given = Answer(refusal.message, refusal.status, refusal.content_type)
    shop.store.commit()
    if wants_xml and given.content_type.startswith("application/json"):
        given = Answer(to_xml(decode(given.text)), given.status, "application/xml; charset=utf-8")
    headers = {"Content-Type": given.content_type, **_HEADERS}
    return Response(given.text.encode(), given.status, headers)


def _answer(
    shop: Shop,
    doorkeeper: Doorkeeper,
    table: RouteTable,
    request: Request,
    *,
    body: bytes,
    address: tuple[str, str],
) -> Answer:
    raw_path, query = address
    if request.method not in _METHODS:
        raise RefusedError(405, f"The {request.method} HTTP method is not supported.")
    store, mode, parts = _split(raw_path)
    if store and store != "all" and all(view.code != store for view in shop.settings.views):
        raise bad_request("Specified request cannot be processed.")
    url = f"{request.url.scheme}://{request.headers.get('host', '')}{raw_path}"
    caller = doorkeeper.admit(
        request.headers.get("authorization"),
        method=request.method,
        url=f"{url}?{query}" if query else url,
        now=shop.now(),
    )
    call = Call(shop, (), query=read_query(query), body={}, store=store, caller=caller)
    if mode:
        if request.method == "GET":
            raise no_such_route()
        call = evolve(call, body=_body(request, body))
        is_bulk = mode == "async/bulk"
        return queueing.accept(call, request.method, parts, is_bulk=is_bulk)
    found = table.resolve(request.method, parts)
    if found is None:
        raise no_such_route()
    caller.require(found.route.resource)
    call = evolve(call, path=found.path, body=_body(request, body))
    return found.route.handler(call)


def _raw_address(request: Request) -> tuple[str, str]:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.partition(b"?")[0].decode("latin-1"), request.url.query


def _split(raw_path: str) -> tuple[str, str, tuple[str, ...]]:
    """Take an address apart: store code, mode (`async`, `async/bulk`), the parts after V1."""
    parts = tuple(unquote_plus(part) for part in raw_path.removeprefix("/rest").split("/") if part)
    if "V1" not in parts:
        raise no_such_route()
    place = parts.index("V1")
    before, after = parts[:place], parts[place + 1 :]
    mode = ""
    if before[-2:] == ("async", "bulk"):
        mode, before = "async/bulk", before[:-2]
    elif before[-1:] == ("async",):
        mode, before = "async", before[:-1]
    if len(before) > 1:
        raise no_such_route()
    return "".join(before), mode, after


def _wants_xml(accept: str) -> bool | None:
    """Whether the answer is to be XML; None where there is no form that would be accepted."""
    for part in accept.split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind in _JSON:
            return False
        if kind in _XML:
            return True
    return None


def _body(request: Request, body: bytes) -> Value:
    if request.method not in ("POST", "PUT") or not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise bad_request(
            f"Server cannot understand Content-Type HTTP header media type {kind}"
            if kind
            else "Content-Type header is empty."
        )
    found = decode(body)
    return found if found is not None else {}
