"""What a bookkeeper changed, in the shop's own record: certain, or not at all."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import magento
from kashmag.planner.merging import agreed
from kashmag.planner.write_back import (
    FOLLOWERS,
    GROUPS,
    Mapped,
    fields_back,
    map_back,
    shop_changed,
    shop_says,
)
from kashmag.plans.actions import FieldChange
from kashmag.testing.strategies import shop_customers

words = st.sampled_from(["", "Ann", "12 New Lane", "LS1 1AA", "0113 496 0000", "GB123456789"])
names = st.sampled_from(sorted(fields_back(GROUPS)))
edits = st.dictionaries(names, words, min_size=1, max_size=6)

HOME = magento.Address(
    id=4,
    street=("Flat 3", "12 Old Lane"),
    city="Leeds",
    postcode="LS1 1AA",
    country_id="GB",
    telephone="0113 496 0000",
    firstname="Zoe",
    lastname="Example",
    default_billing=True,
    default_shipping=True,
)
ZOE = magento.Customer(
    id=7, email="zoe@example.com", firstname="Zoe", lastname="Example", addresses=(HOME,)
)


def back(customer: magento.Customer, **books: str) -> Mapped:
    """Map what a bookkeeper changed; `contact__telephone` stands for `contact.telephone`."""
    edited = {name.replace("__", "."): value for name, value in books.items()}
    before = shop_says(customer)
    wanted = [FieldChange(name, before.get(name, ""), value) for name, value in edited.items()]
    return map_back(customer, wanted, books={**before, **edited}, bases=agreed(before))


def apart(customer: magento.Customer) -> magento.Customer:
    """The same with a delivery address of its own."""
    there = evolve(HOME, id=5, default_billing=None, street=("1 Far Road",))
    return evolve(customer, addresses=(evolve(HOME, default_shipping=None), there))


@given(shop_customers(), edits)
def test_what_is_written_says_what_the_bookkeeper_said_and_moves_nothing_else(
    customer: magento.Customer, edited: dict[str, str]
) -> None:
    before = shop_says(customer)
    changes = [FieldChange(n, before.get(n, ""), v) for n, v in edited.items()]
    changes = [one for one in changes if one.before != one.after]
    books = {**before, **edited}
    mapped = map_back(customer, changes, books=books, bases=agreed(before))
    after = shop_says(shop_changed(customer, mapped.changes))
    written = {one.field for one in mapped.changes}
    assert written | set(mapped.uncertain) == {one.field for one in changes}
    assert not written & set(mapped.uncertain)
    for name, value in after.items():
        if name in written:
            assert value == edited[name]
        elif value != before.get(name, ""):
            assert value == books[name] or (name in FOLLOWERS and name not in edited)


@given(shop_customers(), edits)
def test_all_else_of_the_shops_record_is_untouched(
    customer: magento.Customer, edited: dict[str, str]
) -> None:
    before = shop_says(customer)
    changes = tuple(FieldChange(n, before.get(n, ""), v) for n, v in edited.items())
    after = shop_changed(customer, changes)
    assert evolve(
        after,
        firstname=customer.firstname,
        lastname=customer.lastname,
        taxvat=customer.taxvat,
        addresses=customer.addresses,
    ) == customer  # fmt: skip
    assert len(after.addresses or ()) == len(customer.addresses or ())
    for here, now in zip(customer.addresses or (), after.addresses or (), strict=True):
        if not here.default_billing:
            assert now == here
        assert (now.id, now.city, now.region, now.country_id) == (
            here.id, here.city, here.region, here.country_id,
        )  # fmt: skip


@given(shop_customers())
def test_nothing_changed_writes_nothing(customer: magento.Customer) -> None:
    assert shop_changed(customer, ()) == customer


def test_a_telephone_goes_back_even_where_one_address_serves_for_all() -> None:
    mapped = back(ZOE, contact__telephone="020 7946 0000")
    assert mapped.uncertain == ()
    after = shop_changed(ZOE, mapped.changes)
    assert after == evolve(ZOE, addresses=(evolve(HOME, telephone="020 7946 0000"),))


def test_a_street_goes_back_only_where_it_is_no_delivery_address_too() -> None:
    assert back(ZOE, address__line2="14 Old Lane").uncertain == ("address.line2",)
    after = shop_changed(apart(ZOE), back(apart(ZOE), address__line2="14 Old Lane").changes)
    assert after.addresses is not None
    assert after.addresses[0].street == ("Flat 3", "14 Old Lane")
    assert after.addresses[1].street == ("1 Far Road",)


def test_a_street_that_was_changed_alike_for_delivery_goes_back() -> None:
    before = shop_says(ZOE)
    edited = {"address.line2": "14 Old Lane", "delivery.line2": "14 Old Lane"}
    wanted = [FieldChange("address.line2", before["address.line2"], "14 Old Lane")]
    mapped = map_back(ZOE, wanted, books={**before, **edited}, bases=agreed(before))
    assert mapped.uncertain == ()


def test_town_county_and_country_are_never_guessed() -> None:
    person = apart(ZOE)
    assert back(person, address__line3="York").uncertain == ("address.line3",)
    assert back(person, address__line4="Yorkshire").uncertain == ("address.line4",)
    assert back(person, address__country_code="FR").uncertain == ("address.country_code",)


def test_a_line_less_than_the_shop_has_is_not_written() -> None:
    assert back(apart(ZOE), address__line2="").uncertain == ("address.line2",)


def test_lines_that_were_joined_are_not_parted_again() -> None:
    home = evolve(HOME, street=("A", "B", "C", "D"), default_shipping=None)
    crowded = evolve(ZOE, addresses=(home,))
    assert back(crowded, address__line1="New").uncertain == ("address.line1",)


def test_a_first_name_takes_the_whole_name_with_it() -> None:
    mapped = back(ZOE, contact__first_name="Zoey")
    assert mapped.uncertain == ()
    assert shop_says(shop_changed(ZOE, mapped.changes))["name"] == "Zoey Example"


def test_a_whole_name_alone_is_not_parted() -> None:
    assert back(ZOE, name="Zoe Example Trading").uncertain == ("name",)


def test_a_whole_name_that_is_first_and_last_name_goes_back() -> None:
    mapped = back(ZOE, name="Zoe Other", contact__last_name="Other", contact__name="Zoe Other")
    assert mapped.uncertain == ()
    assert shop_changed(ZOE, mapped.changes).lastname == "Other"


def test_a_first_name_stays_where_the_bookkeeper_calls_the_whole_something_else() -> None:
    mapped = back(ZOE, name="Zoe Example Trading", contact__first_name="Zoey")
    assert set(mapped.uncertain) == {"name", "contact.first_name"}


def test_a_company_goes_back_as_the_company() -> None:
    firm = evolve(ZOE, addresses=(evolve(HOME, company="Example Ltd"),))
    after = shop_changed(firm, back(firm, name="Example plc").changes)
    assert after.addresses is not None
    assert (after.addresses[0].company, after.lastname) == ("Example plc", "Example")


def test_a_vat_number_goes_back_where_it_came_from_and_can_be_emptied() -> None:
    mapped = back(ZOE, vat_number="GB123456789")
    assert shop_changed(ZOE, mapped.changes).taxvat == "GB123456789"
    of_address = evolve(ZOE, addresses=(evolve(HOME, vat_id="GB1"),))
    after = shop_changed(of_address, back(of_address, vat_number="GB2").changes)
    assert after.addresses is not None
    assert (after.addresses[0].vat_id, after.taxvat) == ("GB2", None)
    both = evolve(of_address, taxvat="GB1")
    assert shop_says(shop_changed(both, back(both, vat_number="").changes))["vat_number"] == ""


def test_what_the_shop_must_have_is_not_emptied() -> None:
    person = apart(ZOE)
    for name in ("contact__telephone", "contact__first_name", "address__post_code"):
        assert back(person, **{name: ""}).uncertain == (name.replace("__", "."),)


def test_without_an_invoice_address_only_the_customers_own_fields_go_back() -> None:
    bare = evolve(ZOE, addresses=())
    assert back(bare, contact__telephone="1").uncertain == ("contact.telephone",)
    assert back(bare, vat_number="GB1").uncertain == ()
