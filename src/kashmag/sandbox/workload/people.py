"""Invented buyers: names, addresses and e-mail addresses that belong to nobody.

E-mail is at example.com, telephone numbers are from the ranges kept for fiction.
"""

from random import Random
from typing import Final

from attrs import field, frozen

from kashmag.sandbox.magento.baskets import Address

_FIRST: Final = (
    "Aisha",
    "Alfie",
    "Amelia",
    "Arjun",
    "Beth",
    "Callum",
    "Carys",
    "Daniel",
    "Eilidh",
    "Ella",
    "Emeka",
    "Fatima",
    "Finlay",
    "Freya",
    "George",
    "Grace",
    "Hamish",
    "Harriet",
    "Imran",
    "Isla",
    "Jack",
    "Jasmine",
    "Kwame",
    "Lewis",
    "Lily",
    "Maeve",
    "Megan",
    "Mohammed",
    "Niamh",
    "Oliver",
    "Owen",
    "Poppy",
    "Priya",
    "Rhys",
    "Rosie",
    "Sanjay",
    "Sinéad",
    "Sophie",
    "Tomasz",
    "Zoë",
)
_LAST: Final = (
    "Adeyemi",
    "Ahmed",
    "Baker",
    "Bennett",
    "Campbell",
    "Chowdhury",
    "Clarke",
    "Davies",
    "Edwards",
    "Evans",
    "Fraser",
    "Green",
    "Gupta",
    "Hall",
    "Harris",
    "Hughes",
    "Jackson",
    "Jones",
    "Kaur",
    "Kelly",
    "Khan",
    "Kowalska",
    "Lewis",
    "MacDonald",
    "Moore",
    "Morgan",
    "Murphy",
    "O'Neill",
    "Okafor",
    "Patel",
    "Price",
    "Roberts",
    "Robinson",
    "Shah",
    "Singh",
    "Stewart",
    "Taylor",
    "Thomas",
    "Walker",
    "Wright",
    "Young",
)
_STREETS: Final = (
    "Acacia Avenue",
    "Bridge Street",
    "Chapel Lane",
    "Church Road",
    "Elm Grove",
    "Farm Close",
    "High Street",
    "Kingsway",
    "Manor Drive",
    "Mill Lane",
    "Orchard Way",
    "Park Road",
    "Quarry Hill",
    "Station Road",
    "The Crescent",
    "Victoria Terrace",
)
_TOWNS: Final = (
    ("London", "SW1A", "Greater London"),
    ("Manchester", "M1", "Greater Manchester"),
    ("Birmingham", "B2", "West Midlands"),
    ("Leeds", "LS1", "West Yorkshire"),
    ("Glasgow", "G1", "Lanarkshire"),
    ("Edinburgh", "EH1", "Midlothian"),
    ("Cardiff", "CF10", "South Glamorgan"),
    ("Belfast", "BT1", "Antrim"),
    ("Bristol", "BS1", "Avon"),
    ("Norwich", "NR1", "Norfolk"),
    ("York", "YO1", "North Yorkshire"),
    ("Truro", "TR1", "Cornwall"),
)
_ABROAD: Final = (
    ("IE", "Dublin", "D02 AF30"),
    ("FR", "Lyon", "69001"),
    ("DE", "Köln", "50667"),
    ("US", "Portland", "97201"),
    ("NL", "Utrecht", "3511 LX"),
    ("JE", "St Helier", "JE2 3AB"),
    ("IM", "Douglas", "IM1 2EA"),
    ("CH", "Zürich", "8001"),
)
_TRADES: Final = ("Bakery", "Catering", "Design", "Joinery", "Lettings", "Motors", "Nursery")
_ENDINGS: Final = (" Ltd", " & Sons", " LLP", " Partners")


@frozen
class Person:
    """A buyer: registered where there is a number, a guest otherwise."""

    email: str
    address: Address
    customer_id: int | None = field(default=None, kw_only=True)
    taxvat: str | None = field(default=None, kw_only=True)


def customer(seed: int, number: int, trade: float) -> Person:
    """The registered customer of this number, always the same one."""
    dice = Random(f"{seed}:customer:{number}")  # noqa: S311 - invented people need no secrecy
    return _person(dice, number, trade)


def guest(dice: Random, trade: float) -> Person:
    """A guest."""
    return _person(dice, None, trade)


def abroad(dice: Random, person: Person) -> Address:
    """An address of the same person outside the United Kingdom's mainland."""
    country, town, postcode = dice.choice(_ABROAD)
    home = person.address
    return Address(
        home.firstname,
        home.lastname,
        street=(f"{dice.randint(1, 99)} {dice.choice(_STREETS)}",),
        city=town,
        postcode=postcode,
        country=country,
        company=home.company,
        telephone=None,
    )


def _person(dice: Random, number: int | None, trade: float) -> Person:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    town, area, county = dice.choice(_TOWNS)
    is_trade = dice.random() < trade
    company = f"{last} {dice.choice(_TRADES)}{dice.choice(_ENDINGS)}" if is_trade else None
    registered = is_trade and dice.random() < 0.5
    vat_id = f"GB{dice.randrange(100_000_000, 1_000_000_000)}" if registered else None
    lines = [f"{dice.randint(1, 240)} {dice.choice(_STREETS)}"]
    if dice.random() < 0.2:
        lines.insert(0, f"Flat {dice.randint(1, 30)}")
    name = f"{first}.{last}".lower().replace("'", "").encode("ascii", "ignore").decode()
    unique = number if number is not None else dice.randrange(10_000_000)
    prefix = "c" if number is not None else "g"
    return Person(
        f"{name}.{prefix}{unique}@example.com",
        Address(
            first,
            last,
            street=tuple(lines),
            city=town,
            postcode=_postcode(dice, area),
            company=company,
            region=county,
            telephone=f"07700 900{dice.randrange(1000):03d}",
            vat_id=vat_id,
        ),
        customer_id=number,
        taxvat=vat_id if number is not None else None,
    )


def _postcode(dice: Random, area: str) -> str:
    return f"{area} {dice.randint(1, 9)}{dice.choice('ABDEFGHJLN')}{dice.choice('ABDEF')}"
