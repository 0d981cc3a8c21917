"""The three-way merge: laws over any three states, then the cases in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kashmag.planner.merging import Base, Fields, agreed, merge, read_bases, told_bases
from kashmag.plans.actions import FieldChange
from kashmag.rest.codec import dumps, loads

NAMES = ("name", "vat_number", "contact.telephone")
values = st.sampled_from(["", "a", "b", "c"])
fields = st.fixed_dictionaries(dict.fromkeys(NAMES, values))
bases = st.dictionaries(st.sampled_from(NAMES), st.builds(Base, values, values))
backs = st.sets(st.sampled_from(NAMES))


def done(side: Fields, changes: tuple[FieldChange, ...]) -> dict[str, str]:
    return {**side, **{change.field: change.after for change in changes}}


def sayings(changes: tuple[FieldChange, ...]) -> set[tuple[str, str]]:
    return {(change.field, change.after) for change in changes}


@given(bases, fields, fields, backs)
def test_every_field_has_exactly_one_fate(base, shop, books, back) -> None:
    merged = merge(base, shop, books, back=back)
    fates = [change.field for change in (*merged.to_books, *merged.to_shop)]
    fates += [*merged.kept, *merged.conflicts]
    assert sorted(fates) == sorted(name for name in NAMES if shop[name] != books[name])


@given(bases, fields, fields, backs)
def test_carried_out_it_leaves_nothing_to_do_on_either_side(base, shop, books, back) -> None:
    merged = merge(base, shop, books, back=back)
    shop, books = done(shop, merged.to_shop), done(books, merged.to_books)
    again = merge(merged.bases, shop, books, back=back)
    assert (again.to_books, again.to_shop) == ((), ())
    assert (again.conflicts, again.kept) == (merged.conflicts, merged.kept)
    assert again.bases == merged.bases


@given(bases, fields, fields, backs)
def test_what_a_bookkeeper_changed_is_never_written_over(base, shop, books, back) -> None:
    merged = merge(base, shop, books, back=back)
    for change in merged.to_books:
        known = base.get(change.field)
        assert change.before == books[change.field]
        assert change.before == (known.books if known else "")


@given(bases, fields, fields, backs)
def test_what_the_shop_changed_is_never_written_over(base, shop, books, back) -> None:
    merged = merge(base, shop, books, back=back)
    for change in merged.to_shop:
        assert change.field in back
        assert change.before == shop[change.field] == base[change.field].shop


@given(fields, fields, fields)
def test_where_all_was_agreed_and_all_may_go_back_the_sides_are_alike(base, shop, books) -> None:
    one = merge(agreed(base), shop, books, back=NAMES)
    other = merge(agreed(base), books, shop, back=NAMES)
    assert sayings(one.to_books) == sayings(other.to_shop)
    assert sayings(one.to_shop) == sayings(other.to_books)
    assert set(one.conflicts) == set(other.conflicts)
    assert one.bases == other.bases


@given(fields, fields, fields)
def test_where_all_was_agreed_what_is_no_conflict_ends_alike(base, shop, books) -> None:
    merged = merge(agreed(base), shop, books, back=NAMES)
    assert merged.kept == ()
    shop, books = done(shop, merged.to_shop), done(books, merged.to_books)
    differing = {name for name in NAMES if shop[name] != books[name]}
    assert differing == set(merged.conflicts)


@given(bases, fields, backs)
def test_a_field_of_which_the_shop_says_nothing_is_left_alone(base, books, back) -> None:
    merged = merge(base, {}, books, back=back)
    assert (merged.to_books, merged.to_shop, merged.conflicts) == ((), (), ())
    assert merged.bases == base


@given(bases)
def test_what_is_remembered_reads_back(base) -> None:
    assert read_bases(loads(dumps(told_bases(base)))) == base


def test_nothing_goes_back_unless_it_was_named() -> None:
    merged = merge(agreed({"name": "a"}), {"name": "a"}, {"name": "b"})
    assert (merged.to_shop, merged.kept) == ((), ("name",))


def test_a_shops_change_of_what_was_never_agreed_is_a_conflict_and_not_lost() -> None:
    first = merge(None, {"name": "a"}, {"name": "b"})
    assert first.kept == ("name",)
    assert merge(first.bases, {"name": "c"}, {"name": "b"}).conflicts == ("name",)
