"""The policy is held against the account before any order is read."""

import pytest

from kashmag.errors import SettingsError
from kashmag.plans.policy import Nominals, PaymentAction, PaymentRule, Policy
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
