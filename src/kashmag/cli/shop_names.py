"""Whether the shop has what the policy names: store views and tax classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kashmag.cli.findings import Code, Finding, fault
from kashmag.cli.survey import Shop
from kashmag.plans.policy import Policy
from kashmag.settings.shape import nearest

_PRODUCT: Final = "PRODUCT"
# What a product without a tax class has; the shop's list does not tell of it.
_NO_CLASS: Final = "0"


def about_names(shop: Shop, policy: Policy) -> Iterator[Finding]:
    """A fault for each name that the shop does not have; a list that was not told is good."""
    views = [name for one in shop.configs.answer for name in (one.code, str(one.id))]
    for view in policy.store:
        yield from _unknown(Code.STORE_VIEW, "store view", f"policy.store.{view}", view, views)
    classes = [
        name
        for one in shop.tax_classes.answer
        if one.class_type in {None, _PRODUCT}
        for name in (one.class_name or "", str(one.class_id))
        if name
    ]
    if classes:
        classes.append(_NO_CLASS)
    for key, name in _tax_classes(policy):
        yield from _unknown(Code.TAX_CLASS, "tax class of products", key, name, classes)


def _tax_classes(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every tax class that the policy names, store views' own answers too, with its key."""
    told: dict[tuple[str, str], None] = {}
    for where, one in (
        ("policy", policy),
        *((f"policy.store.{view}", policy.for_store(view)) for view in policy.store),
    ):
        tables: tuple[tuple[str, Iterable[str]], ...] = (
            ("exempt_tax_classes", one.exempt_tax_classes),
            ("margin_tax_classes", one.margin_tax_classes),
            ("nominals_by_tax_class", one.nominals_by_tax_class),
        )
        for table, names in tables:
            for name in names:
                if ("policy." + table, str(name)) not in told:
                    told[f"{where}.{table}", str(name)] = None
    yield from told


def _unknown(code: Code, noun: str, key: str, name: str, known: Sequence[str]) -> Iterator[Finding]:
    if not known or name in known:
        return
    message = f'the shop has no {noun} "{name}"; {nearest(name, known)}'
    yield fault(code, key, message, f"Correct the name in the settings, or add the {noun}.")
