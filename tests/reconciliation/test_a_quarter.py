"""A UK shop's second quarter against the stand-in: everything that a bookkeeper meets, named.

Refunds, part payments, exports, a closed period, invoices typed by hand before and during the
quarter, and then what people change behind kashmag's back.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from attrs import evolve

from kashmag import kashflow
from kashmag.plans.actions import CreateInvoice
from kashmag.plans.policy import (
    Adjustments,
    ClosedPeriod,
    Nominals,
    PaymentAction,
    PaymentRule,
    Policy,
)
from kashmag.reconciliation import Cause, Period, Scheme, VatScheme, reconcile, vat_report
from kashmag.reconciliation.as_html import report_html, vat_html
from kashmag.reconciliation.as_json import report_json
from kashmag.reconciliation.going_live import proposals, straddlers
from kashmag.rest.codec import dumps
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.workload import ShopProfile, fill
from kashmag.testing.worlds import BEGINNING, World

SAMPLES = Path(__file__).parents[1] / "samples" / "magento" / "corpus"
ORDER = SAMPLES / "RG" / "orders" / "699.json"
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
CLEARING = PaymentRule(PaymentAction.POST, method=1, bank_account=1)
POLICY = Policy(
    go_live=date(2026, 3, 20),
    books_closed_until=date(2026, 3, 31),
    closed_period=ClosedPeriod.FIRST_OPEN_DAY,
    adjustments=Adjustments.PRO_RATA,
    nominals=Nominals(adjustments=4200),
    payments=dict.fromkeys(
        ("checkmo", "banktransfer", "stripe_payments", "paypal_express", "free"), CLEARING
    ),
)


def client(world):
    signs = world.account.credentials
    return kashflow.Client(
        "http://kashflow.example/v2",
        auth=kashflow.SignIn(signs.user_name, signs.password, signs.memorable_word),
        transport=AsgiTransport(world.account.app),
        clock=world.time.clock,
    )


async def type_by_hand(world, day, gross, text):
    """What a bookkeeper types in the web application: one line at 20 %, no reference of ours."""
    vat = (gross / 6).quantize(Decimal("0.01"))
    async with client(world) as books:
        if not [one async for one in books.customers.matching()]:
            await books.customers.create(kashflow.CustomerDraft("WEB", "Web customers"))
        customers = [one.code async for one in books.customers.matching()]
        draft = kashflow.InvoiceDraft(
            "WEB" if "WEB" in customers else customers[0],
            "",
            issued_date=day,
            due_date=day,
            line_items=(
                kashflow.LineDraft(
                    text,
                    quantity=Decimal(1),
                    rate=gross - vat,
                    vat_level=Decimal(20),
                    vat_amount=vat,
                    nominal_code=4000,
                ),
            ),
        )
        return (await books.invoices.create(draft)).number


async def report_of(engine, *, remote=True, period=QUARTER):
    sides = await engine.sides(period, remote=remote)
    assert sides.unread == ()
    return reconcile(sides.shop, sides.account, sides.memory, period), sides


def found(report):
    return {(one.cause, one.order) for one in report.differences}


def posted(world):
    """The account's documents of ours, by reference, that are plain sales of the quarter."""
    return {
        one["CustomerReference"]: one
        for one in world.account.invoices()
        if one["CustomerReference"].startswith("M1-ORD-")
        and "2026-04-05" <= one["IssuedDate"][:10] <= "2026-06-20"
        and one["GrossAmount"] > 20
        and one["PaymentLines"]
        and all("2026-04" <= line["Date"][:7] <= "2026-06" for line in one["PaymentLines"])
        and one["VATAmount"] > 0
    }


async def test_a_quarter_is_explained_to_the_last_penny(tmp_path):  # noqa: PLR0915
    async with World(tmp_path, policy=POLICY) as world:
        fill(
            world.shop,
            36,
            seed=11,
            shop=ShopProfile(start=datetime(2026, 3, 22, tzinfo=UTC), days=105, refunded=0.2),
        )
        async with world.engine() as engine:
            await engine.check_policy()
            # Before the first sync: one order is typed already and skipped, one is typed and not.
            before, _ = await report_of(engine)
            fresh = [one for one in before.rows if one.shop and one.shop.gross > 30]
            mine = [one for one in fresh if one.shop_day > date(2026, 4, 10)]
            typed, twice = mine[0], mine[1]
            bare = typed.order.lstrip("0")
            alone = await type_by_hand(
                world, typed.shop_day, typed.shop.gross, f"Web order {bare.zfill(9)}"
            )
            await type_by_hand(world, twice.shop_day, twice.shop.gross, f"order {twice.order}")
            await type_by_hand(world, date(2026, 5, 5), Decimal("60.00"), "Trade counter")
            _, sides = await report_of(engine)
            offered = {
                (one.order, one.invoice_number) for one in proposals(sides.shop, sides.account)
            }
            assert (typed.order, alone) in offered

            events = [event async for event in engine.sync("orders", since=BEGINNING, limit=1)]
            events = [event async for event in engine.sync("orders")]
            assert events[-1].failed == 0
            baseline, sides = await report_of(engine)
            assert baseline.balances
            # Without a decision the order that was typed is posted as well: then it is there twice.
            doubles = {order for cause, order in found(baseline) if cause is Cause.DOUBLE}
            assert doubles == {typed.order, twice.order}
            hand = [one for one in baseline.differences if one.cause is Cause.TYPED_BY_HAND]
            assert [one.delta.gross for one in hand] == [Decimal("60.00")]
            # Orders of March were dated to the first open day, and say so.
            moved = baseline.by_cause[Cause.MOVED_DATE]
            assert moved
            assert not any(one.needs_a_person for one in moved)
            kinds = {Cause.DOUBLE, Cause.TYPED_BY_HAND, Cause.MOVED_DATE, Cause.ROUNDING}
            assert set(baseline.by_cause) <= kinds

            # Where the printable invoice is, the story of the order tells.
            order = next(one.order for one in baseline.rows if one.invoice_number and one.shop)
            stories = await engine.why(order)
            assert any("/documents/" in link for story in stories for link in story.pdfs.values())

            # Now people change things behind our back.
            ours = posted(world)
            names = [name for name in sorted(ours) if name.rpartition("-")[2] not in doubles]
            gone, rated, dated, unpaid, retyped = names[:5]
            world.account.void_invoice(ours[gone]["Number"])
            lines = [dict(line) for line in ours[rated]["LineItems"]]
            taxed = next(line for line in lines if line["VATAmount"] > 0)
            taxed.update(
                VATLevel=Decimal(0), Rate=taxed["Rate"], VATAmount=Decimal(0), VATExempt=False
            )
            world.account.edit_invoice(ours[rated]["Number"], {"LineItems": lines})
            world.account.edit_invoice(ours[dated]["Number"], {"IssuedDate": "2026-07-02"})
            world.account.edit_invoice(ours[unpaid]["Number"], {"PaymentLines": []})
            lines = [dict(line) for line in ours[retyped]["LineItems"]]
            lines[0]["Rate"] += 1
            world.account.edit_invoice(ours[retyped]["Number"], {"LineItems": lines})

            report, sides = await report_of(engine)
            assert report.balances
            assert found(report) - found(baseline) == {
                (Cause.DELETED, gone.rpartition("-")[2]),
                (Cause.WRONG_RATE, rated.rpartition("-")[2]),
                (Cause.WRONG_DATE, dated.rpartition("-")[2]),
                (Cause.DELETED, unpaid.rpartition("-")[2]),
                (Cause.CHANGED_IN_KASHFLOW, retyped.rpartition("-")[2]),
            }
            assert found(baseline) <= found(report)

            # The logbook alone knows nothing of that, and says the same as when we posted.
            local, _ = await report_of(engine, remote=False)
            assert local.balances
            assert {cause for cause, _ in found(local)} <= {Cause.MOVED_DATE, Cause.ROUNDING}
            assert local.totals[0].shop == baseline.totals[0].shop

            # VAT: the quarter is its months, under both accountings; the moved one straddles.
            for scheme in (Scheme(), Scheme(VatScheme.CASH)):
                parts = [
                    Period(date(2026, 4, 1), date(2026, 4, 30)),
                    Period(date(2026, 5, 1), date(2026, 5, 31)),
                    Period(date(2026, 6, 1), date(2026, 6, 30)),
                ]
                whole = vat(sides, QUARTER, scheme)
                months = [vat(sides, part, scheme) for part in parts]
                assert whole.balances
                assert all(one.balances for one in months)
                assert whole.shop.box_1 == sum(one.shop.box_1 for one in months)
                assert whole.account.box_6 == sum(one.account.box_6 for one in months)
            whole = vat(sides, QUARTER, Scheme())
            late = next(one for one in whole.straddling if one.account_day == date(2026, 7, 2))
            assert late.order == dated.rpartition("-")[2]
            assert whole.account.box_1 - whole.shop.box_1 == sum(
                one.delta.vat for one in whole.differences
            )

            # What a bookkeeper reads.
            page = report_html(report)
            for order in (gone, rated, dated, unpaid, retyped):
                assert order.rpartition("-")[2] in page
            assert str(whole.shop.box_1) in vat_html(whole)
            assert json.loads(dumps(report_json(report)))["balances"] is True


def vat(sides, period, scheme):
    return vat_report(sides.shop, sides.account, sides.memory, period, scheme=scheme)


async def test_what_straddles_go_live_is_found_and_what_was_typed_for_it_adopted(tmp_path):
    go_live, spring = date(2026, 3, 20), Period(date(2026, 3, 1), date(2026, 7, 31))
    async with World(tmp_path, policy=evolve(POLICY, books_closed_until=None)) as world:
        profile = ShopProfile(start=datetime(2026, 3, 10, tzinfo=UTC), days=20, refunded=0.6)
        fill(world.shop, 12, seed=5, shop=profile)
        async with world.engine() as engine:
            sides = await engine.sides(spring, remote=True)
            crossing = straddlers(sides.shop, go_live)
            refunded = next(one for one in crossing if "credit memo" in str(one))
            assert all(one.ordered_on < go_live for one in crossing)
            quiet = [one for one in sides.shop if one.order not in {c.order for c in crossing}]
            assert not [
                one
                for one in quiet
                if one.dated_on < go_live and any(p.paid_on >= go_live for p in one.payments)
            ]

            # The bookkeeper typed its invoice in March, naming the order in a line.
            plan = await engine.plan_order(refunded.order)
            assert [problem.code for problem in plan.problems] == ["before_go_live"]
            draft = next(one.draft for one in plan.actions if isinstance(one, CreateInvoice))
            lines = (
                evolve(draft.line_items[0], description=f"web order {refunded.order}"),
                *draft.line_items[1:],
            )
            async with client(world) as books:
                await books.customers.create(kashflow.CustomerDraft("WEB", "Web customers"))
                typed = await books.invoices.create(
                    evolve(draft, customer_code="WEB", customer_reference="", line_items=lines)
                )
            sides = await engine.sides(spring, remote=True)
            (offer,) = [one for one in proposals(sides.shop, sides.account) if one.is_sure]
            assert (offer.order, offer.invoice_number) == (refunded.order, typed.number)

            # Adopted, its refund goes on from it; the orders that nobody decided on stay held.
            await engine.adopt(refunded.order, typed.number, reason="typed in March")
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
            assert events[-1].failed == 0
            report, _ = await report_of(engine, period=spring)
            about = [one for one in report.differences if one.order == refunded.order]
            assert about == []
            notes = [one for one in report.rows if one.order == refunded.order]
            assert {one.invoice_number for one in notes} > {typed.number}
            assert report.balances


def numbered_stories():
    """Orders placed in the last minutes around midnight of a quarter's end, in UTC."""
    return {
        # British Summer Time is an hour ahead: half past eleven at night is tomorrow.
        datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC): date(2026, 6, 30),
        datetime(2026, 6, 30, 23, 0, 0, tzinfo=UTC): date(2026, 7, 1),
        datetime(2026, 6, 30, 23, 30, 0, tzinfo=UTC): date(2026, 7, 1),
        # On 29 March and 25 October 2026 the clocks change at one in the morning, UTC.
        datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC): date(2026, 3, 28),
        datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC): date(2026, 3, 29),
        datetime(2026, 3, 29, 23, 0, 0, tzinfo=UTC): date(2026, 3, 30),
        datetime(2026, 10, 24, 23, 30, 0, tzinfo=UTC): date(2026, 10, 25),
        datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC): date(2026, 10, 25),
        # Winter: London is on UTC.
        datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC): date(2025, 12, 31),
        datetime(2026, 1, 1, 0, 0, 0, tzinfo=UTC): date(2026, 1, 1),
    }


async def test_the_last_second_of_a_quarter_belongs_to_it_in_the_shops_zone(tmp_path):
    moments = numbered_stories()
    policy = evolve(POLICY, books_closed_until=None, go_live=date(2025, 1, 1))
    async with World(tmp_path, policy=policy) as world:
        orders = []
        for at, moment in enumerate(moments, start=1):
            written = moment.strftime("%Y-%m-%d %H:%M:%S")
            order = json.loads(ORDER.read_text(encoding="utf-8"), parse_float=Decimal)
            order |= {
                "entity_id": 1000 + at,
                "increment_id": f"00000{1000 + at}",
                "created_at": written,
                "updated_at": written,
            }
            orders.append(order)
        world.load(orders=orders)
        async with world.engine() as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
            assert events[-1].posted == len(moments)
            days = {
                one["CustomerReference"][-4:]: one["IssuedDate"][:10]
                for one in world.account.invoices()
            }
            assert [days[str(1000 + at)] for at in range(1, len(moments) + 1)] == [
                str(day) for day in moments.values()
            ]
            for period in (
                Period(date(2025, 10, 1), date(2025, 12, 31)),
                Period(date(2026, 1, 1), date(2026, 3, 31)),
                QUARTER,
                Period(date(2026, 7, 1), date(2026, 9, 30)),
                Period(date(2026, 10, 1), date(2026, 12, 31)),
            ):
                report, _ = await report_of(engine, period=period)
                inside = [day for day in moments.values() if day in period]
                assert len(report.rows) == len(inside)
                assert not [one for one in report.differences if not one.is_payment]


def an_order(at, moment):
    order = json.loads(ORDER.read_text(encoding="utf-8"), parse_float=Decimal)
    return order | {
        "entity_id": 1000 + at,
        "increment_id": f"00000{1000 + at}",
        "created_at": moment,
        "updated_at": moment,
    }


async def test_what_comes_late_for_a_filed_return_is_held_or_dated_to_the_first_open_day(tmp_path):
    policy = evolve(POLICY, books_closed_until=None, closed_period=ClosedPeriod.HOLD)
    async with World(tmp_path, policy=policy) as world:
        world.load(orders=[an_order(at, f"2026-0{at + 3}-10 12:00:00") for at in (1, 2)])
        async with world.engine() as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
            assert events[-1].posted == 2
        # The returns of April and May are filed; then orders of both months turn up late.
        world.account.file_vat_return(date(2026, 5, 31))
        world.load(orders=[an_order(at, f"2026-0{at + 1}-20 12:00:00") for at in (3, 4)])
        async with world.engine() as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
            assert (events[-1].held, events[-1].posted) == (2, 0)
            plan = await engine.plan_order("000001003")
            assert [problem.code for problem in plan.problems if problem.code == "period_filed"]
            report, _ = await report_of(engine)
            assert found(report) >= {(Cause.HELD, "000001003"), (Cause.HELD, "000001004")}
            await engine.skip("000001004", reason="posted by hand with a correction")
            for remote in (True, False):
                report, _ = await report_of(engine, remote=remote)
                assert (Cause.SKIPPED, "000001004") in found(report)
                assert "with a correction" in next(
                    one.message for one in report.differences if one.order == "000001004"
                )
        moving = evolve(policy, closed_period=ClosedPeriod.FIRST_OPEN_DAY)
        async with world.engine(policy=moving) as engine:
            events = [event async for event in engine.sync("orders", since=BEGINNING)]
            assert events[-1].posted == 1
            issued = {
                one["CustomerReference"][-1]: one["IssuedDate"][:10]
                for one in world.account.invoices()
            }
            # April and May are filed: the first open day of both is in June.
            assert issued == {
                "1": "2026-04-10",
                "2": "2026-05-10",
                "3": "2026-06-01",
            }
            first = [
                one["LineItems"][0]["Description"]
                for one in world.account.invoices()
                if one["CustomerReference"].endswith("3")
            ]
            assert first[0].endswith("(of 2026-04-20, dated 2026-06-01)")
            report, sides = await report_of(engine)
            documents = [one for one in report.differences if not one.is_payment]
            assert {one.cause for one in documents} == {Cause.MOVED_DATE, Cause.SKIPPED}
            april = vat(sides, Period(date(2026, 4, 1), date(2026, 4, 30)), Scheme())
            assert [one.order for one in april.straddling] == ["000001003"]
            assert april.balances
