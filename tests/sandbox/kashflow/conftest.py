"""A desk: the stand-in in process, a signed-in caller, and a check of every exchange.

Each answer that any of these tests gets is held against the reconstructed description of the API.
"""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag.sandbox.kashflow import KashflowSandbox

SPEC = json.loads(
    (Path(__file__).parents[2] / "samples" / "openapi" / "kashflow.json").read_text("utf-8")
)
# Names that the stand-in knows from elsewhere than the schema of that answer.
BESIDE_THE_SCHEMA = {"InvoiceNumber", "Id", "Reference", "CanDelete", "CustomersWithTransactions"}


def resolve(schema):
    while "$ref" in schema:
        node = SPEC
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def misfits(value, schema, path="$"):
    """Where a value does not fit a schema; names that are not documented count too."""
    schema = resolve(schema)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            tries = [misfits(value, option, path) for option in schema[word]]
            return min(tries, key=len)
    if "allOf" in schema:
        merged = {"type": "object", "properties": {}}
        for part in schema["allOf"]:
            merged["properties"] |= resolve(part).get("properties", {})
        return misfits(value, merged, path)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_of_type(value, kind) for kind in types):
        return [f"{path}: {value!r} is no {'/'.join(types)}"]
    found = []
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{path}: {value!r} does not match {schema['pattern']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is none of {schema['enum']}")
    if isinstance(value, list) and "items" in schema:
        for index, part in enumerate(value):
            found += misfits(part, schema["items"], f"{path}[{index}]")
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", ()):
            if name not in value:
                found.append(f"{path}: {name} is missing")
        for name, part in value.items():
            if name in schema["properties"]:
                found += misfits(part, schema["properties"][name], f"{path}.{name}")
            elif name not in BESIDE_THE_SCHEMA:
                found.append(f"{path}.{name} is not documented")
    return found


def is_of_type(value, kind):
    if kind in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, Decimal) and value == int(value))
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return is_number and (whole or kind == "number")
    return isinstance(
        value,
        {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}[kind],
    )


def template_of(path):
    """The path of the description that a request path belongs to: the most literal one."""
    segments = path.split("/")
    fitting = []
    for template in SPEC["paths"]:
        parts = template.split("/")
        if len(parts) == len(segments) and all(
            part.startswith("{") or part.lower() == segment.lower()
            for part, segment in zip(parts, segments)
        ):
            fitting.append((sum(part.startswith("{") for part in parts), template))
    return min(fitting)[1] if fitting else None


def check_exchange(method, path, status, text):
    if status >= 400:
        schema = {"$ref": "#/components/schemas/Error", "required": ["Error", "Message"]}
        assert misfits(json.loads(text), schema) == []
        return
    template = template_of(path)
    assert template is not None, f"{path} is not in the description"
    responses = SPEC["paths"][template][method.lower()]["responses"]
    assert str(status) in responses, f"{method} {template} does not document {status}"
    content = resolve(responses[str(status)]).get("content", {})
    if not text or "application/json" not in content:
        return
    value = json.loads(text, parse_float=four_places)
    found = misfits(value, content["application/json"].get("schema", {}))
    assert found == [], f"{method} {path}: {found[:5]}"


def four_places(text):
    assert re.fullmatch(r"-?\d+\.\d{4}", text), f"{text} is not printed with four decimals"
    return Decimal(text)


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self):
        self.now = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **how_long):
        self.now += timedelta(**how_long)


class Answered:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    @property
    def json(self):
        return json.loads(self.text, parse_float=Decimal)


class Desk:
    """A stand-in and someone who calls it."""

    def __init__(self, runner, **how):
        self.clock = Clock()
        how.setdefault("clock", self.clock)
        self.sandbox = KashflowSandbox(**how)
        self._runner = runner
        self.token = None

    def raw(self, method, path, body=None, *, headers=None, root="/v2"):
        route, _, query = path.partition("?")
        content = body if isinstance(body, bytes) else json.dumps(body, default=float).encode()
        sent = {"host": "sandbox", "content-type": "application/json"}
        if self.token is not None:
            sent["authorization"] = f"KfToken {self.token}"
        sent |= headers or {}
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": root + route,
            "raw_path": (root + route).encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "root_path": "",
            "state": {},
        }
        messages = []

        async def receive():
            return {"type": "http.request", "body": b"" if body is None else content}

        async def send(message):
            messages.append(message)

        self._runner.run(self.sandbox.app(scope, receive, send))
        names = {n.decode(): v.decode() for n, v in messages[0]["headers"]}
        return Answered(messages[0]["status"], names, messages[1]["body"].decode("latin-1"))

    def call(self, method, path, body=None, **how):
        answered = self.raw(method, path, body, **how)
        check_exchange(method, path.partition("?")[0], answered.status, answered.text)
        return answered

    def ask(self, path, method="GET", body=None, expect=None):
        answered = self.call(method, path, body)
        wanted = (expect,) if expect else (200, 201, 204)
        assert answered.status in wanted, f"{answered.status}: {answered.text}"
        return answered.json if answered.text else None

    def post(self, path, body=None, expect=None):
        return self.ask(path, "POST", body, expect)

    def put(self, path, body=None, expect=None):
        return self.ask(path, "PUT", body, expect)

    def delete(self, path, body=None, expect=None):
        return self.ask(path, "DELETE", body, expect)

    def challenge(self, password=None):
        known = self.sandbox.credentials
        body = {"UserName": known.user_name, "Password": password or known.password}
        return self.raw("POST", "/sessiontoken", body)

    def answer(self, challenge, word=None):
        word = word or self.sandbox.credentials.memorable_word
        letters = [
            {"Position": asked["Position"], "Value": word[asked["Position"] - 1]}
            for asked in challenge["MemorableWordList"]
        ]
        body = {"TemporaryToken": challenge["TemporaryToken"], "MemorableWordList": letters}
        return self.call("PUT", "/sessiontoken", body)

    def sign_in(self):
        self.token = self.answer(self.challenge().json).json["SessionToken"]
        return self

    def customer(self, code="FERN01", **fields):
        return self.post("/customers", {"Code": code, "Name": f"{code} Limited", **fields})

    def invoice(self, *lines, code="FERN01", **fields):
        body = {"CustomerCode": code, "LineItems": list(lines) or [line()], **fields}
        return self.post("/invoices", body)


def line(rate="10.00", vat="2.00", **fields):
    return {
        "Quantity": 1,
        "Rate": Decimal(rate),
        "VATLevel": 20,
        "VATAmount": Decimal(vat),
        "NominalCode": 4000,
        "Description": "A thing",
        **fields,
    }


def payment(amount="12.00", **fields):
    return {"Amount": Decimal(amount), "Method": 1, "AccountId": 1, "Note": "tx-1", **fields}


@pytest.fixture(scope="session")
def runner():
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture(scope="session")
def open_desk(runner):
    """Open a desk: `open_desk(switches=...)`, signed in."""
    return lambda **how: Desk(runner, **how).sign_in()


@pytest.fixture
def desk(open_desk):
    return open_desk()


@pytest.fixture(scope="session")
def make_line():
    return line


@pytest.fixture(scope="session")
def make_payment():
    return payment
