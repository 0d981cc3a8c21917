"""Asynchronous calls: accepted at once, done when a consumer runs, reported on by uuid."""

from datetime import timedelta

from kashmag.sandbox.magento import MagentoSandbox, ShopSettings


def waiting_shop(clock, **options):
    settings = ShopSettings(queue_delay=timedelta(seconds=30), **options)
    sandbox = MagentoSandbox(clock=clock, settings=settings)
    sandbox.load_recorded()
    return sandbox


async def send(client, recorded):
    response = await client.request(
        recorded.method,
        recorded.url,
        content=recorded.body,
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 202
    return response.json()["bulk_uuid"]


def without_identity(value, uuid):
    """A report without what is another's each time."""
    if isinstance(value, dict):
        skipped = ("start_time", "created_at", "updated_at")
        return {k: without_identity(v, uuid) for k, v in value.items() if k not in skipped}
    if isinstance(value, list):
        return [without_identity(each, uuid) for each in value]
    return "UUID" if value == uuid else value


async def test_a_bulk_is_reported_on_as_by_the_real_shop(clock, exchange, speaking_to):
    clock.set("07:58:47")
    async with speaking_to(waiting_shop(clock)) as client:
        uuid = await send(client, exchange("async_bulk_products"))

        async def same(name, kind):
            recorded = exchange(name)
            theirs_uuid = "78b87596-4be5-4b20-8fab-2af0010d46f7"
            ours = (await client.get(f"/rest/V1/bulk/{uuid}/{kind}")).json()
            mine = without_identity(ours, uuid)
            other = without_identity(recorded.document, theirs_uuid)
            for operations in (mine, other):
                for each in operations["operations_list"]:
                    each.pop("result_serialized_data", None)
            assert mine == other, name

        await same("bulk_status_before", "status")
        await same("bulk_detailed-status_before", "detailed-status")
        assert (await client.get(f"/rest/V1/bulk/{uuid}/operation-status/1")).json() == 0
        assert (await client.get("/rest/V1/products/BULK-1")).status_code == 404
        clock.turn(seconds=33)
        await same("bulk_products_status_after", "status")
        await same("bulk_products_detailed-status_after", "detailed-status")
        product = (await client.get("/rest/V1/products/BULK-1")).json()
    assert product["price"] == 1.11


async def test_one_operation_may_fail_where_the_other_is_done(clock, exchange, speaking_to):
    clock.set("07:58:47")
    sandbox = waiting_shop(clock)
    async with speaking_to(sandbox) as client:
        uuid = await send(client, exchange("async_bulk_source_items"))
        clock.turn(seconds=33)
        ours = (await client.get(f"/rest/V1/bulk/{uuid}/status")).json()
    theirs = exchange("bulk_source_bulk_status_after").document
    assert without_identity(ours, uuid) == without_identity(theirs, theirs["bulk_id"])
    assert sandbox.shop.source_items.get("wh-mug-01|leeds")["quantity"] == 77


async def test_without_consumers_nothing_is_ever_done(clock, exchange, speaking_to):
    sandbox = waiting_shop(clock, consumers_run=False)
    async with speaking_to(sandbox) as client:
        uuid = await send(client, exchange("async_source_items"))
        clock.turn(days=3)
        status = (await client.get(f"/rest/V1/bulk/{uuid}/status")).json()
    assert [each["status"] for each in status["operations_list"]] == [4]


async def test_a_sku_may_stand_in_the_body_of_each_operation(clock, speaking_to):
    sandbox = waiting_shop(clock)
    async with speaking_to(sandbox) as client:
        body = [{"product": {"sku": "WH-PEN-02", "price": 11}}]
        response = await client.put("/rest/all/async/bulk/V1/products/bySku", json=body)
        assert response.status_code == 202, response.text
        clock.turn(seconds=33)
        product = (await client.get("/rest/V1/products/WH-PEN-02")).json()
    assert product["price"] == 11
