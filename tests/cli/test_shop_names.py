"""Names in the settings that the shop does not have: each is a fault with the nearest valid one."""

import pytest
from attrs import evolve

from kashmag import magento
from kashmag.cli.asking import Told
from kashmag.cli.findings import Level
from kashmag.cli.options import ASKED, Common
from kashmag.cli.planning import plan_numbers
from kashmag.cli.shop_names import about_names
from kashmag.cli.survey import Shop
from kashmag.cli.syncing import run_flow
from kashmag.errors import SettingsError
from kashmag.plans.policy import Policy, TestOrders

SHOP = Shop(
    configs=Told((magento.StoreConfig(id=1, code="default"), magento.StoreConfig(id=2, code="eu"))),
    orders=Told(()),
    invoices=Told(()),
    credit_memos=Told(()),
    tax_classes=Told(
        (
            magento.TaxClass(class_id=2, class_name="Taxable Goods", class_type="PRODUCT"),
            magento.TaxClass(class_id=3, class_name="Retail Customer", class_type="CUSTOMER"),
            magento.TaxClass(class_id=4, class_name="Books", class_type="PRODUCT"),
        )
    ),
    attributes=Told(
        tuple(magento.ProductAttribute(attribute_code=code) for code in ("manufacturer", "color"))
    ),
    customer_groups=Told(
        (magento.CustomerGroup(id=1, code="General"), magento.CustomerGroup(id=2, code="Staff"))
    ),
)


@pytest.mark.parametrize(
    ("policy", "key", "said"),
    [
        (
            Policy(store={"euu": {"payment_days": 3}}),
            "policy.store.euu",
            '"euu"; did you mean "eu"',
        ),
        (
            Policy(nominals_by_tax_class={"Bokks": 4005}),
            "policy.nominals_by_tax_class",
            '"Bokks"; did you mean "Books"',
        ),
        (
            Policy(exempt_tax_classes=("No such class",)),
            "policy.exempt_tax_classes",
            'no tax class of products "No such class"',
        ),
        (
            Policy(margin_tax_classes=("Retail Customer",)),
            "policy.margin_tax_classes",
            'no tax class of products "Retail Customer"',
        ),
        (
            Policy(store={"eu": {"exempt_tax_classes": ("Bokks",)}}),
            "policy.store.eu.exempt_tax_classes",
            "Books",
        ),
        (
            Policy(nominals_by_attribute={"manufacterer": {"213": 4005}}),
            "policy.nominals_by_attribute",
            'no attribute of products "manufacterer"; did you mean "manufacturer"',
        ),
        (
            Policy(test_orders=TestOrders(customer_groups=("Staff",))),
            "policy.test_orders.customer_groups",
            'no customer group "Staff"; known by id: 1 General, 2 Staff',
        ),
    ],
)
def test_a_name_that_the_shop_does_not_have_is_a_fault(policy, key, said):
    (found,) = about_names(SHOP, policy)
    assert (found.level, found.subject) == (Level.FAULT, key)
    assert said in found.message
    nothing = Told(())
    unread = evolve(
        SHOP, configs=nothing, tax_classes=nothing, attributes=nothing, customer_groups=nothing
    )
    assert not list(about_names(unread, policy))


def test_what_the_shop_has_is_no_fault_by_name_or_id():
    policy = Policy(
        store={"eu": {"payment_days": 3}, "1": {"payment_days": 4}},
        nominals_by_tax_class={"Books": 4005, "2": 4001},
        exempt_tax_classes=("4", "0"),
        nominals_by_attribute={"color": {"5": 4005}},
        test_orders=TestOrders(customer_groups=("2", "0")),
    )
    assert not list(about_names(SHOP, policy))


POLICY = """
[policy]
go_live = 2020-01-01
[policy.store.defalt]
nominals = { goods = 4000 }
"""


async def test_no_run_begins_under_a_name_that_the_shop_lacks_and_a_plan_warns_of_it(shop, capsys):
    told = 'policy.store.defalt: the shop has no store view "defalt"; did you mean "default"?'
    for asked in (ASKED, evolve(ASKED, dry_run=True)):
        with pytest.raises(SettingsError, match="defalt") as refused:
            await run_flow("orders", asked, Common())
        assert str(refused.value) == told
    assert shop.kashflow.census().invoices == 0
    capsys.readouterr()
    await plan_numbers(["000000001"], Common(True))
    said = capsys.readouterr()
    assert told in " ".join(said.err.split())
    assert '"increment_id": "000000001"' in said.out
