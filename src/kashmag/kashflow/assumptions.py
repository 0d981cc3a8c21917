"""What is believed about KashFlow without proof, each belief named, with its default and evidence.

Nobody who wrote this client could reach the real service. Whatever its public material leaves
open is a field here, never a constant elsewhere; `checks` asks an account which of them hold.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from attrs import fields, frozen

RateDecimals = Literal[2, 3, 4]
TakenNumber = Literal["refused", "replaced"]
LineNet = Literal["pence", "exact"]
LineVat = Literal["kept", "recomputed"]


@frozen(kw_only=True)
class Assumptions:
    """How an account's KashFlow behaves where its documentation is silent.

    `query_date` is the strftime pattern of dates in queries (in bodies they are documented).
    `rate_decimals` is how many decimals of a unit price survive. `line_net` says whether a
    line's net is rounded to pence half up before the lines are summed, or kept exactly; lines of
    whole pence come out alike either way. `line_vat` says whether a VAT amount that we send is
    kept. `taken_number` says what happens to an invoice that is sent with a number which is in
    use. `reference_search` says whether `searchtext` finds an invoice by its whole reference; if
    not, everything is walked through. `archived_needs_asking` says that lists leave archived
    records out unless they are asked for. `sorts_by_name` says that `sortby` takes field names.
    `page_size` is asked for in lists, `product_page_size` in lists of products. `bulk_payments`
    says whether payments of invoices can be recorded in bulk. `lag` is how long a new record may
    stay invisible. `session_idle` is how long a session lasts unused. `trade_border_types` says
    whether customers from abroad may be told apart by the types `EU` and `Rest of World`.
    """

    query_date: str = "%Y-%m-%d"
    rate_decimals: RateDecimals = 4
    line_net: LineNet = "pence"
    line_vat: LineVat = "kept"
    taken_number: TakenNumber = "refused"
    reference_search: bool = True
    archived_needs_asking: bool = True
    sorts_by_name: bool = True
    page_size: int = 200
    product_page_size: int = 100
    bulk_payments: bool = False
    lag: timedelta = timedelta(seconds=15)
    session_idle: timedelta = timedelta(minutes=50)
    trade_border_types: bool = False

    def query_day(self, day: date | None) -> str | None:
        """Print a day for a query."""
        return None if day is None else day.strftime(self.query_date)


ASSUMED: Final = Assumptions()

# The evidence in words; a test sees to it that no assumption goes without.
EVIDENCE: Final = {
    "query_date": "Only other routes document a format; ISO dates are the likeliest.",
    "rate_decimals": "Samples and captures keep four decimals; clients send unrounded floats.",
    "line_net": "Every published total agrees; no sample shows a half.",
    "line_vat": "Every known client sends the VAT amount; none has shown what a wrong one does.",
    "taken_number": "A free number is honoured (vendor and client); a taken one is undocumented.",
    "reference_search": "The specification says that searchtext searches the reference.",
    "archived_needs_asking": "A parameter for it exists; its values are unpublished.",
    "sorts_by_name": "Two working clients send the field's name; the specification has numbers.",
    "page_size": "200 works in production on customers, invoices, quotes and bank transactions.",
    "product_page_size": "The vendor's page names 100 as the maximum for products.",
    "bulk_payments": "In production use for purchases only; for invoices it is documented.",
    "lag": "A production client waits five seconds after creating a record.",
    "session_idle": "More than 60 minutes without use, says the vendor; it is configurable.",
    "trade_border_types": "Only Domestic was seen live; the other two come from curated notes.",
}


def names() -> tuple[str, ...]:
    """The names of all assumptions."""
    return tuple(one.name for one in fields(Assumptions))
