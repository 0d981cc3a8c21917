"""Whose account a buyer's is: each key alone, the chain, and never a guess."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.accounting import Buyer, Sale
from kashmag.hooks.customer_codes import code_of_email, customer_code, normalised_email
from kashmag.hooks.defaults.customer_matching import fitting_customers
from kashmag.hooks.hooks import Hooks
from kashmag.plans.decisions import Decision
from kashmag.plans.policy import GuestAccounts, Policy
from kashmag.plans.questions import Answers
from kashmag.settings.policy import CUSTOMER_KEYS
from kashmag.testing.factories import make_buyer, make_sale

PER_STORE = Policy(guests=GuestAccounts.PER_STORE)
emails = st.sampled_from(("ann@example.com", "Ann@Example.com", "ann+shop@example.com", "bo@x.org"))
numbers = st.sampled_from((None, "", "GB 123 4567 89", "gb123456789", "GB999999973"))
postcodes = st.sampled_from((None, "LS1 1AA", "ls11aa", "YO1 7AA"))
names = st.sampled_from(("Ann Example", "ann example", "Example Ltd"))


def account(
    code: str,
    *emails: str,
    name: str = "Ann Example",
    vat_number: str | None = None,
    postcode: str | None = None,
    is_archived: bool = False,
) -> kashflow.Customer:
    return kashflow.Customer(
        code,
        name,
        contacts=tuple(kashflow.Contact(email=email) for email in emails),
        addresses=(kashflow.Address(post_code=postcode),),
        vat_number=vat_number,
        is_archived=is_archived,
    )


accounts = st.lists(
    st.builds(
        account, st.from_regex(r"K[0-9]{2}", fullmatch=True), emails, name=names,
        vat_number=numbers, postcode=postcodes, is_archived=st.booleans(),
    ),
    max_size=5, unique_by=lambda one: one.code,
)  # fmt: skip
chains = st.lists(st.sampled_from(CUSTOMER_KEYS), min_size=1, unique=True).map(tuple)


def buyer(email: str = "ann@example.com", **more: str) -> Buyer:
    made = make_buyer(email, name="Ann Example")
    home = evolve(made.billing, postcode=more.pop("postcode", "LS1 1AA"))
    return evolve(made, billing=home, **more)


def match(
    *candidates: kashflow.Customer, who: Buyer | None = None, policy: Policy | None = None
) -> Decision[kashflow.Customer | kashflow.CustomerDraft] | None:
    sale = make_sale(buyer=who or buyer())
    policy = policy or Policy()
    return Hooks().match_customer(sale, None, candidates, answers=Answers(), policy=policy)


def chosen(*candidates: kashflow.Customer, **more: Buyer | Policy) -> str:
    """The code of the account that was chosen, empty where nobody could choose."""
    decision = match(*candidates, **more)  # type: ignore[arg-type]
    return decision.value.code if decision else ""


NEW = code_of_email("ann@example.com", "M")


def by(*keys: str) -> Policy:
    return Policy(match_customers_by=keys)


@given(accounts, chains)
def test_one_account_is_chosen_only_where_no_other_fits_as_well(found, chain) -> None:
    who = buyer(vat_number="GB123456789")
    decision = match(*found, who=who, policy=by(*chain))
    if decision is not None and isinstance(decision.value, kashflow.Customer):
        rest = tuple(one for one in found if one.code != decision.value.code)
        key, others = fitting_customers(rest, who, by(*chain))
        alone = not others or all(one.is_archived for one in others)
        first, _ = fitting_customers(found, who, by(*chain))
        assert alone or chain.index(key) > chain.index(first)


@given(accounts, chains)
def test_the_order_of_the_candidates_changes_nothing(found, chain) -> None:
    policy = by(*chain)
    assert chosen(*found, policy=policy) == chosen(*reversed(found), policy=policy)


@given(accounts, chains)
def test_nobody_is_created_while_somebody_fits(found, chain) -> None:
    decision = match(*found, policy=by(*chain))
    _, fitting = fitting_customers(found, buyer(), by(*chain))
    is_new = decision is not None and isinstance(decision.value, kashflow.CustomerDraft)
    assert is_new == (not fitting)


@given(accounts, chains, st.booleans())
def test_an_archived_account_is_chosen_only_where_none_in_use_fits(found, chain, has_ours) -> None:
    ours = (account(NEW, is_archived=True),) if has_ours else ()
    decision = match(*found, *ours, policy=by(*chain))
    if decision is not None and isinstance(decision.value, kashflow.Customer):
        in_use = tuple(one for one in found if not one.is_archived)
        key, _ = fitting_customers(found, buyer(), by(*chain))
        others = fitting_customers(in_use, buyer(), by(key))[1] if key else ()
        assert not (decision.value.is_archived and others)
    assert decision is None or not has_ours or isinstance(decision.value, kashflow.Customer)


@given(
    st.sampled_from(
        ("A", "a", "\N{KELVIN SIGN}", "\N{LATIN SMALL LIGATURE FI}", "e\u0301", "\u00e9", " x ")
    )
)
def test_comparing_an_email_twice_is_comparing_it_once(text: str) -> None:
    once = normalised_email(f"{text}@example.com")
    assert normalised_email(once) == once


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("email", account("K1", "ANN@example.com ", name="Other")),
        ("email", account("K1", "boss@example.com", "ann@example.com", name="Other")),
        ("vat_number", account("K1", name="Other", vat_number="gb 123.4567-89")),
        ("name_postcode", account("K1", name="ANN  EXAMPLE", postcode="ls11aa")),
        ("code", account(NEW, name="Other")),
    ],
)
def test_each_key_works_alone(key: str, fits: kashflow.Customer) -> None:
    who = buyer(vat_number="GB123456789")
    assert chosen(fits, who=who, policy=by(key)) == fits.code
    for other in set(CUSTOMER_KEYS) - {key, "code"}:
        assert chosen(fits, who=who, policy=by(other)) in {NEW, *({fits.code} & {NEW})}


def test_the_computed_code_comes_before_the_chain_and_whatever_its_case() -> None:
    ours, other = account(NEW.lower(), name="X"), account("K1", "ann@example.com")
    assert chosen(other, ours) == NEW.lower()


def test_an_earlier_key_of_the_chain_decides() -> None:
    by_vat = account("K1", name="Other", vat_number="GB1")
    by_email = account("K2", "ann@example.com", name="Other")
    who = buyer(vat_number="GB1")
    assert chosen(by_vat, by_email, who=who, policy=by("vat_number", "email")) == "K1"
    assert chosen(by_vat, by_email, who=who, policy=by("email", "vat_number")) == "K2"


def test_several_that_fit_are_no_answer_and_the_next_key_is_not_tried() -> None:
    found = (account("K1", "ann@example.com", vat_number="GB1"), account("K2", "ann@example.com"))
    assert chosen(*found, who=buyer(vat_number="GB1"), policy=by("email", "vat_number")) == ""


def test_one_account_with_the_email_on_two_contacts_is_one() -> None:
    assert chosen(account("K1", "ann@example.com", "ANN@example.com")) == "K1"


def test_an_archived_account_counts_only_where_no_other_fits() -> None:
    old, new = account("K1", "ann@example.com", is_archived=True), account("K2", "ann@example.com")
    assert chosen(old, new) == "K2"
    assert chosen(old) == "K1"
    ours = account(NEW, "ann@example.com", is_archived=True)
    assert chosen(ours, new) == chosen(new, ours) == "K2"
    assert chosen(ours) == chosen(ours, old) == NEW


@pytest.mark.parametrize(
    "other",
    ["ann+shop@example.com", "anne@example.com", "ann@example.com.au", "an.n@example.com"],
)
def test_another_address_is_another_buyer(other: str) -> None:
    assert chosen(account("K1", other)) == NEW


def test_letters_that_only_look_alike_when_folded_are_two_addresses() -> None:
    sharp, double = "stra\N{LATIN SMALL LETTER SHARP S}e@example.com", "strasse@example.com"
    assert code_of_email(sharp, "M") != code_of_email(double, "M")
    assert chosen(account("K1", double), who=buyer(sharp)) == code_of_email(sharp, "M")


def test_composed_and_decomposed_letters_are_one_address() -> None:
    composed, decomposed = "zo\u00eb@example.com", "zoe\u0308@example.com"
    assert chosen(account("K1", decomposed), who=buyer(composed)) == "K1"


def test_an_empty_number_or_postcode_fits_nobody() -> None:
    assert chosen(account("K1", vat_number=""), policy=by("vat_number")) == NEW
    assert chosen(account("K1", postcode=""), policy=by("name_postcode")) == NEW
    assert (
        chosen(account("K1", postcode=""), who=buyer(postcode=""), policy=by("name_postcode"))
        == NEW
    )


def guest(sale: Sale) -> Sale:
    return evolve(sale, buyer=evolve(sale.buyer, is_guest=True))


def test_guests_share_one_account_per_email() -> None:
    one, other = (
        guest(make_sale(buyer=buyer(mail))) for mail in ("ann@example.com", "Ann@Example.com")
    )
    assert customer_code(one, Policy()) == customer_code(other, Policy()) == NEW


def test_guests_share_one_account_per_store_and_no_candidate_takes_its_place() -> None:
    sale = guest(make_sale(buyer=buyer()))
    decision = Hooks().match_customer(
        sale, None, (account("K1", "ann@example.com"),), answers=Answers(), policy=PER_STORE
    )
    assert decision is not None
    assert isinstance(decision.value, kashflow.CustomerDraft)
    assert decision.value.code == customer_code(sale, PER_STORE) == "M1-GUESTS"
    assert customer_code(evolve(sale, store_id="2"), PER_STORE) == "M2-GUESTS"
    assert customer_code(make_sale(buyer=buyer()), PER_STORE) == NEW
