"""Whether the shop has what the policy names: store views, tax classes, attributes, groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kashmag.cli.findings import Code, Finding, fault
from kashmag.cli.survey import Shop
from kashmag.planner.shop_check import (
    ATTRIBUTE,
    CUSTOMER_GROUP,
    STORE_VIEW,
    TAX_CLASS,
    ShopNames,
    names_of_classes,
    names_of_groups,
    unknown_names,
)
from kashmag.plans.policy import Policy

_CODES: Final[Mapping[str, Code]] = {
    STORE_VIEW: Code.STORE_VIEW,
    TAX_CLASS: Code.TAX_CLASS,
    ATTRIBUTE: Code.ATTRIBUTE,
    CUSTOMER_GROUP: Code.CUSTOMER_GROUP,
}


def about_names(shop: Shop, policy: Policy) -> Iterator[Finding]:
    """A fault for each name that the shop does not have; a list that was not told is good."""
    known = ShopNames(
        tuple(name for one in shop.configs.answer for name in (one.code or "", str(one.id))),
        names_of_classes(shop.tax_classes.answer),
        tuple(one.attribute_code for one in shop.attributes.answer),
        names_of_groups(shop.customer_groups.answer),
    )
    for one in unknown_names(policy, known):
        remedy = f"Correct the name in the settings, or add the {one.noun}."
        yield fault(_CODES[one.noun], one.key, one.message, remedy)
