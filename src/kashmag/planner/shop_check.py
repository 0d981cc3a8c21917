"""Whether the shop has what the policy names: store views, tax classes, attributes, groups.

Pure. `engine.checking` refuses to begin, `kashmag doctor` finds a fault. A rule under a name that
nothing has is never applied: what it was made for would be posted as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from kashmag import magento
from kashmag.plans.cures import nearest
from kashmag.plans.policy import Policy

STORE_VIEW: Final = "store view"
TAX_CLASS: Final = "tax class of products"
ATTRIBUTE: Final = "attribute of products"
CUSTOMER_GROUP: Final = "customer group"
_PRODUCT: Final = "PRODUCT"
# What a product without a tax class has; the shop's list does not tell of it.
_NO_CLASS: Final = "0"
# The group of who is not logged in: every shop has it, whether or not it lists it.
_NOT_LOGGED_IN: Final = "0"


@frozen
class ShopNames:
    """What the shop has, by name and id; a list that is empty was not told, and counts as good.

    `customer_groups` are names by id: an order carries the id alone.
    """

    views: tuple[str, ...] = ()
    tax_classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    customer_groups: Mapping[str, str] = field(factory=dict)


@frozen
class UnknownName:
    """A name that the policy has under `key`, and the shop does not have."""

    key: str
    noun: str
    name: str = field(kw_only=True)
    nearest: str = field(kw_only=True)

    @property
    def message(self) -> str:
        """What is wrong, with the nearest name that the shop has."""
        return f'the shop has no {self.noun} "{self.name}"; {self.nearest}'

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


def names_of_groups(groups: Iterable[magento.CustomerGroup]) -> dict[str, str]:
    """What the customer groups are called, by id."""
    return {str(one.id): one.code or "" for one in groups if one.id is not None}


def names_of_classes(classes: Iterable[magento.TaxClass]) -> tuple[str, ...]:
    """By what the tax classes of products may be called."""
    names = [
        name
        for one in classes
        if one.class_type in {None, _PRODUCT}
        for name in (one.class_name or "", str(one.class_id))
        if name
    ]
    return (*names, _NO_CLASS) if names else ()


def unknown_names(policy: Policy, shop: ShopNames) -> Iterator[UnknownName]:
    """Each name of the policy that the shop does not have."""
    for view in policy.store:
        yield from _unknown(STORE_VIEW, f"policy.store.{view}", view, shop.views)
    for key, name in named_classes(policy):
        yield from _unknown(TAX_CLASS, key, name, shop.tax_classes)
    for key, name in named_attributes(policy):
        yield from _unknown(ATTRIBUTE, key, name, shop.attributes)
    for key, name in named_groups(policy):
        yield from _unknown_group(key, name, shop.customer_groups)


def named_classes(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every tax class that the policy names, with its key."""
    return _everywhere(
        policy,
        lambda one: (
            *(("exempt_tax_classes", name) for name in one.exempt_tax_classes),
            *(("margin_tax_classes", name) for name in one.margin_tax_classes),
            *(("nominals_by_tax_class", name) for name in one.nominals_by_tax_class),
        ),
    )


def named_attributes(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every attribute of products that the policy names, with its key."""
    return _everywhere(
        policy,
        lambda one: tuple(("nominals_by_attribute", name) for name in one.nominals_by_attribute),
    )


def named_groups(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every customer group that the policy names, with its key."""
    return _everywhere(
        policy,
        lambda one: tuple(
            ("test_orders.customer_groups", name) for name in one.test_orders.customer_groups
        ),
    )


def _everywhere(
    policy: Policy, names: Callable[[Policy], Iterable[tuple[str, str]]]
) -> Iterator[tuple[str, str]]:
    """The names of the policy, and of store views' own answers, each with its key."""
    common = dict.fromkeys(names(policy))
    yield from ((f"policy.{table}", str(name)) for table, name in common)
    for view in policy.store:
        for table, name in dict.fromkeys(names(policy.for_store(view))):
            if (table, name) not in common:
                yield f"policy.store.{view}.{table}", str(name)


def _unknown(noun: str, key: str, name: str, known: Sequence[str]) -> Iterator[UnknownName]:
    if known and name not in known:
        yield UnknownName(key, noun, name=name, nearest=nearest(name, known))


def _unknown_group(key: str, name: str, known: Mapping[str, str]) -> Iterator[UnknownName]:
    if known and name not in {_NOT_LOGGED_IN, *known}:
        there = ", ".join(f"{one} {code}".strip() for one, code in known.items())
        yield UnknownName(key, CUSTOMER_GROUP, name=name, nearest=f"known by id: {there}")
