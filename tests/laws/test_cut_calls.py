"""Every call that writes, cut off in every way: before its effect, after it, or with a lie.

One long story makes the engine send all that it can send: a customer, a product, an invoice, a
credit note, a payment on its own (in both ways), a change of a customer. Each of them meets each
fault once, and at the end the account holds what it holds when nothing goes wrong.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import define, evolve

from kashmag import kashflow
from kashmag.errors import NoAnswerError, UnreachableError
from kashmag.plans.events import RunFinished
from kashmag.plans.policy import UnknownSku
from kashmag.rest.wire import Request, Response
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.testing.worlds import BEGINNING, POLICY, World

POLICY_OF_ALL: Final = evolve(POLICY, go_live=BEGINNING.date(), unknown_sku=UnknownSku.CREATE)
# How each operation is told apart on the wire: method, end of the path, and what its body says.
OPERATIONS: Final = {
    "create_customer": ("POST", r"/customers$", b""),
    "create_product": ("POST", r"/products$", b""),
    "create_invoice": ("POST", r"/invoices$", b"-ORD-"),
    "create_credit_note": ("POST", r"/invoices$", b"-CRN-"),
    "add_payment": ("PUT", r"/invoices/\d+$", b""),
    "add_payment_in_bulk": ("POST", r"/invoices/bulk/payments$", b""),
    "update_customer": ("PUT", r"/customers/[^/]+$", b""),
}
FAULTS: Final = (
    "not_connected", "cut_before", "cut_after", "arrives_late", "error_after", "empty_answer",
)  # fmt: skip
ARRIVES_AFTER: Final = 40.0  # within the time-out of a call, 60 s


@define
class Cut:
    """Which call goes wrong, and how; it does so once."""

    operation: str
    fault: str
    is_done: bool = False


class Cutting:
    """A way to the account on which the first call of one operation goes wrong."""

    def __init__(self, inner: Any, world: World, cut: Cut) -> None:
        self.inner, self.world, self.cut = inner, world, cut
        self.method, self.path, self.says = OPERATIONS[cut.operation]

    async def send(self, request: Request) -> Response:
        if self.cut.is_done or not self._is_meant(request):
            response: Response = await self.inner.send(request)
            return response
        self.cut.is_done = True
        match self.cut.fault:
            case "not_connected":
                raise UnreachableError("connection refused")
            case "cut_before":
                raise NoAnswerError("cut off before anything happened")
            case "arrives_late":
                self._deliver_later(request)
                raise NoAnswerError("no answer within 60 s")
        await self.inner.send(request)
        match self.cut.fault:
            case "cut_after":
                raise NoAnswerError("cut off after it was done")
            case "error_after":
                return Response(500, (("Content-Type", "text/html"),), b"<h1>Server Error</h1>")
            case _:
                return Response(200, (("Content-Type", "application/json"),), b"{}")

    def _is_meant(self, request: Request) -> bool:
        return (
            request.method == self.method
            and re.search(self.path, request.url) is not None
            and self.says in (request.body or b"")
        )

    def _deliver_later(self, request: Request) -> None:
        """Let the request arrive when some time has passed, while the engine waits or works on."""
        time, sleep, due = self.world.time, self.world.time.sleep, ARRIVES_AFTER
        at = time.seconds + due
        waiting = [request]

        async def sleeping(seconds: float) -> None:
            await sleep(min(seconds, max(0.1, at - time.seconds)) if waiting else seconds)
            if waiting and time.seconds >= at:
                await self.inner.send(waiting.pop())

        time.sleep = sleeping  # type: ignore[method-assign]

    async def aclose(self) -> None:
        await self.inner.aclose()


async def run(world: World, flow: str, cut: Cut | None) -> int:
    def around(inner: Any) -> Any:
        return Cutting(inner, world, cut) if cut else inner

    async with world.engine(around=around) as engine:
        events = [event async for event in engine.sync(flow)]
    assert isinstance(events[-1], RunFinished)
    return events[-1].failed


async def story(cut: Cut | None = None, *, in_bulk: bool = False) -> dict[str, Any]:
    """All that can be sent is sent; the account as it is at the end."""
    told = recorded_documents("orders")
    assumed = evolve(kashflow.ASSUMED, bulk_payments=in_bulk)
    with tempfile.TemporaryDirectory() as folder:
        async with World(Path(folder), policy=POLICY_OF_ALL, assumptions=assumed) as world:
            world.load(
                orders=[one for one in told["order"] if one["entity_id"] in (2, 3)],
                invoices=[one for one in told["invoice"] if one["order_id"] == 3],
                credit_memos=[one for one in told["credit_memo"] if one["order_id"] == 3],
                customers=told["customer"],
            )
            for flow in ("orders", "customers"):
                await run(world, flow, cut)
            world.time.turn(3600)
            world.load(invoices=[one for one in told["invoice"] if one["order_id"] == 2])
            change_a_customer(world)
            for flow in ("orders", "payments", "customers", "orders", "payments", "customers"):
                failed = await run(world, flow, cut)
                world.time.turn(600)
            assert failed == 0
            assert cut is None or cut.is_done, "nothing was cut"
            census = world.census()
            assert census.duplicate_references == {}
            assert census.duplicate_payments == {}
            async with world.engine() as engine:
                assert await engine.verify_audit() == ()
            return facts(world)


def change_a_customer(world: World) -> None:
    key, found = next(iter(world.shop.shop.customers.entries()))
    at = world.time.now().strftime("%Y-%m-%d %H:%M:%S")
    world.shop.shop.customers.put(key, {**found, "taxvat": "GB987654321", "updated_at": at})


def facts(world: World) -> dict[str, Any]:
    """What the account holds, without the numbers that KashFlow gave."""
    return {
        "documents": Counter(
            (
                one["CustomerReference"],
                str(one["NetAmount"]),
                str(one["VATAmount"]),
                str(one["TotalPaidAmount"]),
                tuple(sorted(str(line["Note"]) for line in one["PaymentLines"])),
                tuple(str(line["ProductCode"]) for line in one["LineItems"]),
            )
            for one in world.account.invoices()
        ),
        "customers": Counter(
            (one["Code"], one["Name"], one["VATNumber"]) for one in world.account.customers()
        ),
        "products": Counter(one["Code"] for one in world.account.products()),
    }


_wanted: dict[bool, dict[str, Any]] = {}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_whichever_call_is_cut_off_and_however_everything_is_there_once(
    operation: str, fault: str
) -> None:
    in_bulk = operation == "add_payment_in_bulk"
    if in_bulk not in _wanted:
        _wanted[in_bulk] = await story(in_bulk=in_bulk)
    assert await story(Cut(operation, fault), in_bulk=in_bulk) == _wanted[in_bulk]
