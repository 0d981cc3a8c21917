"""How a customer stands to the UK's border in KashFlow's words, and which of that fits a sale.

`TradeBorderType` sorts a customer's invoices into the boxes of the VAT return. Northern Ireland
and the Isle of Man are the UK here, because UK VAT is charged there on sales from Great Britain;
the Channel Islands are not (VAT Act 1994; HMRC, VAT Notice 703 and 700/24). Only `Domestic` was
ever seen in a live account: whether the others are used is an assumption, `trade_border_types`.
"""

from __future__ import annotations

from typing import Final, assert_never

from kashmag.accounting import Address, Sale
from kashmag.accounting.vat import plain_rate
from kashmag.planner.vat_rules import TRANSITION_ENDED, Territory, foreign_rates, territory

DOMESTIC: Final = "Domestic"
EU: Final = "EU"
REST_OF_WORLD: Final = "Rest of World"
ABROAD: Final = frozenset({EU, REST_OF_WORLD})


def border_type(address: Address) -> str | None:
    """The type of a customer who lives there; None where nobody can tell."""
    where = territory(address)
    match where:
        case Territory.GREAT_BRITAIN | Territory.NORTHERN_IRELAND | Territory.ISLE_OF_MAN:
            return DOMESTIC
        case Territory.EU:
            return EU
        case Territory.CHANNEL_ISLANDS | Territory.REST_OF_WORLD:
            return REST_OF_WORLD
        case Territory.UNKNOWN:
            return None
        case _:
            assert_never(where)


def type_for(sale: Sale) -> str | None:
    """The type of a new customer of this sale; None leaves it to KashFlow.

    A buyer from abroad who is charged UK VAT is none of a type that says "outside UK VAT".
    """
    wanted = border_type(sale.buyer.billing)
    return None if wanted in ABROAD and has_uk_vat(sale) else wanted


def has_uk_vat(sale: Sale) -> bool:
    """Tell whether VAT was charged that belongs in the UK return."""
    return bool(
        {plain_rate(line.vat_rate) for line in sale.lines if line.vat} - foreign_rates(sale)
    )


def contradicts(trade_border_type: str | None, sale: Sale) -> bool:
    """Tell whether a customer of this type would put the UK VAT of a sale into a wrong box."""
    is_old = sale.ordered_on < TRANSITION_ENDED
    return trade_border_type in ABROAD and not is_old and has_uk_vat(sale)
