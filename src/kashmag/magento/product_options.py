"""What a buyer chose of a configurable product, a bundle or a download."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class ProductOption:
    """What a buyer chose of a product."""

    __repr__ = shown

    extension_attributes: ProductOptionExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ProductOptionExtension:
    """The choices, by kind of product."""

    __repr__ = shown

    custom_options: tuple[CustomOption, ...] | None = None
    bundle_options: tuple[BundleOption, ...] | None = None
    downloadable_option: DownloadableOption | None = None
    giftcard_item_option: Json = None
    configurable_item_options: tuple[ConfigurableItemOption, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class CustomOption:
    """A custom option and the value that was chosen."""

    __repr__ = shown

    option_id: str | None = None
    option_value: str | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class BundleOption:
    """A part of a bundle and what was chosen for it."""

    __repr__ = shown

    option_id: int | None = None
    option_qty: Decimal | None = None
    option_selections: tuple[int, ...] | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class ConfigurableItemOption:
    """An attribute of a configurable product and the value that was chosen."""

    __repr__ = shown

    option_id: str | None = None
    option_value: int | None = None
    extension_attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class DownloadableOption:
    """The downloads that were chosen."""

    __repr__ = shown

    downloadable_links: tuple[int, ...] | None = None
    extra: Mapping[str, Json] = field(factory=dict)
