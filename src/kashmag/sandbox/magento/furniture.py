"""What every shop has before anything is sold: websites, views, groups, taxes, sources, countries.

The recorded shop's furniture, with store views and tax rates after the settings.
"""

from kashmag.sandbox.magento.documents import Document
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.sandbox.magento.shop import Shop

_COUNTRIES = (
    ("GB", "GBR", "United Kingdom"),
    ("IE", "IRL", "Ireland"),
    ("FR", "FRA", "France"),
    ("DE", "DEU", "Germany"),
    ("ES", "ESP", "Spain"),
    ("NL", "NLD", "Netherlands"),
    ("US", "USA", "United States"),
    ("CA", "CAN", "Canada"),
    ("AU", "AUS", "Australia"),
    ("CH", "CHE", "Switzerland"),
    ("NO", "NOR", "Norway"),
    ("JE", "JEY", "Jersey"),
    ("GG", "GGY", "Guernsey"),
    ("IM", "IMN", "Isle of Man"),
)


def furnish(shop: Shop) -> None:
    """Give a new shop what every shop has; a shop that was furnished before is left alone."""
    if len(shop.shelf("website")):
        return
    basics = recorded_documents("basics")
    config = basics.pop("store_config")[0]
    modules = basics.pop("module")
    basics.pop("currency")
    basics["store_view"] = _views(shop, basics["store_view"])
    basics["country"] = [_country(*each) for each in _COUNTRIES]
    for kind, documents in basics.items():
        shop.add(kind, documents)
    for view in shop.settings.views:
        shop.shelf("store_config").put(
            view.store_id,
            config
            | {
                "id": view.store_id,
                "code": view.code,
                "base_currency_code": shop.settings.base_currency,
                "default_display_currency_code": view.currency,
            },
        )
    shop.shelf("module").put("all", {"names": modules})


def _views(shop: Shop, recorded: list[Document]) -> list[Document]:
    admin = next(view for view in recorded if view["id"] == 0)
    model = next(view for view in recorded if view["id"] == 1)
    return [
        *(
            model | {"id": view.store_id, "code": view.code, "name": view.name}
            for view in shop.settings.views
        ),
        admin,
    ]


def _country(code: str, long_code: str, name: str) -> Document:
    return {
        "id": code,
        "two_letter_abbreviation": code,
        "three_letter_abbreviation": long_code,
        "full_name_locale": name,
        "full_name_english": name,
    }
