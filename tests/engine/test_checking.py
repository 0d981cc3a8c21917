"""The policy is held against the account before any order is read."""

import pytest

from kashmag.errors import SettingsError
from kashmag.plans.policy import Nominals, PaymentAction, PaymentRule, Policy, TestOrders
from kashmag.testing.worlds import World


async def test_what_the_account_lacks_is_said_with_the_nearest_that_it_has(tmp_path):
    policy = Policy(
        nominals=Nominals(4001),
        payments={"checkmo": PaymentRule(PaymentAction.POST, method=1, bank_account=9)},
    )
    async with World(tmp_path, policy=policy) as world, world.engine() as engine:
        with pytest.raises(SettingsError) as said:
            await engine.check_policy()
    first, second = str(said.value).splitlines()
    assert first.startswith("policy.nominals.goods is 4001")
    assert "the nearest is 4000" in first
    assert second.startswith("policy.payments.checkmo.bank_account is 9")


async def test_a_policy_that_fits_the_account_is_no_fault(tmp_path):
    async with World(tmp_path) as world, world.engine() as engine:
        await engine.check_policy()


NAMES = {
    "policy.store.defalt": ({"store": {"defalt": {"payment_days": 3}}}, 'did you mean "default"?'),
    "policy.nominals_by_attribute": (
        {"nominals_by_attribute": {"szie": {"213": 4000}}},
        'did you mean "size"?',
    ),
    "policy.test_orders.customer_groups": (
        {"test_orders": TestOrders(customer_groups=("Wholesale",))},
        "2 Wholesale, 3 Retailer",
    ),
    "policy.exempt_tax_classes": (
        {"exempt_tax_classes": ("Taxable Godos",)},
        'did you mean "Taxable Goods"?',
    ),
}


@pytest.mark.parametrize("key", NAMES)
async def test_what_the_shop_lacks_is_said_with_the_nearest_that_it_has(tmp_path, key):
    settings, near = NAMES[key]
    async with World(tmp_path, policy=Policy(**settings)) as world, world.engine() as engine:
        with pytest.raises(SettingsError) as said:
            await engine.check_policy()
    (sentence,) = str(said.value).splitlines()
    assert sentence.startswith(f"{key}: the shop has no ")
    assert sentence.endswith(near)


async def test_only_what_the_policy_names_is_asked_for_and_once(tmp_path):
    """Not by the number of orders: one call a run for each kind of name."""
    for settings, wanted in (
        ({}, []),
        ({"store": {"default": {"payment_days": 3}}}, ["/rest/all/V1/store/storeViews"]),
    ):
        asked = []
        folder = tmp_path / str(len(wanted))
        folder.mkdir()
        async with World(folder, policy=Policy(**settings)) as world:
            app = world.shop.app

            async def counted(scope, receive, send, app=app, asked=asked):
                asked.append(scope["path"])
                await app(scope, receive, send)

            world.shop.app = counted
            async with world.engine() as engine:
                await engine.check_policy()
        assert [one.rpartition("/V1")[2] for one in asked] == [
            one.rpartition("/V1")[2] for one in wanted
        ]
