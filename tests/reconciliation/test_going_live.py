"""What must be known before the first real order: straddlers, hand-typed invoices, the set-up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import kashflow, magento
from kashmag.magento import codec
from kashmag.planner.likeness import Evidence, mentions
from kashmag.reconciliation import (
    AccountDocument,
    DocumentKind,
    Figures,
    ShopDocument,
    ShopPayment,
    Standing,
)
from kashmag.reconciliation.documents import Agreed, Remembered
from kashmag.reconciliation.going_live import doubles, proposals, straddlers, unanswered
from kashmag.reconciliation.inference import Numbers, Prices, account_use, shop_use
from kashmag.rest.codec import loads

SAMPLES = Path(__file__).parents[1] / "samples" / "magento"
GO_LIVE = date(2026, 5, 1)


def shop_document(number="000100042", gross="58.92"):
    net = (Decimal(gross) / Decimal("1.2")).quantize(Decimal("0.01"))
    return ShopDocument(
        f"M:order:{int(number)}:invoice",
        kind=DocumentKind.INVOICE,
        number=number,
        order=number,
        reference=f"M1-ORD-{number}",
        dated_on=date(2026, 4, 20),
        issue_on=date(2026, 4, 20),
        bands={"20": Figures(net, Decimal(gross) - net)},
        buyer_names=("Robin Example",),
    )


def typed(number, *, text="", gross="58.92", name="", day=date(2026, 4, 22), reference=""):
    return AccountDocument(
        number,
        reference,
        issued_on=day,
        bands=shop_document(gross=gross).bands,
        customer_names=(name,) if name else (),
        texts=(text,),
    )


def refund_of(sale, day):
    return evolve(
        sale,
        key=sale.key.replace("invoice", "credit_note:4"),
        kind=DocumentKind.CREDIT_NOTE,
        number="000000004",
        reference="M1-CRN-000000004",
        dated_on=day,
        bands={band: -one for band, one in sale.bands.items()},
    )


def paid(day):
    return ShopPayment("t1", Decimal("1.00"), method="checkmo", paid_on=day)


def test_an_order_of_before_that_is_refunded_after_straddles():
    sale = shop_document()
    (one,) = straddlers([sale, refund_of(sale, date(2026, 5, 3))], GO_LIVE)
    assert one.ordered_on == sale.dated_on
    assert "credit memo 000000004 of 58.92 on 2026-05-03" in str(one)


def test_an_order_of_before_that_is_paid_after_straddles():
    assert len(straddlers([evolve(shop_document(), payments=(paid(GO_LIVE),))], GO_LIVE)) == 1


def test_an_order_that_is_all_of_before_does_not_straddle():
    early = evolve(shop_document(), payments=(paid(date(2026, 4, 21)),))
    assert straddlers([early, refund_of(early, date(2026, 4, 30))], GO_LIVE) == ()
    assert straddlers([early], early.dated_on) == ()


def test_an_invoice_that_names_the_order_is_surely_the_one():
    found = proposals([shop_document()], [typed(7, text="Web order 100042, mug"), typed(8)])
    (one,) = found
    assert (one.invoice_number, one.evidence, one.is_sure) == (7, Evidence.NUMBER, True)


def test_one_that_only_looks_alike_is_proposed_but_not_sure():
    (one,) = proposals([shop_document()], [typed(7, name="robin  example")])
    assert (one.evidence, one.is_sure) == (Evidence.LIKENESS, False)


def test_two_that_fit_are_both_proposed_and_neither_is_sure():
    found = proposals(
        [shop_document()], [typed(7, text="order 000100042"), typed(8, text="#100042 again")]
    )
    assert [one.is_sure for one in found] == [False, False]


def test_another_gross_is_told_with_the_proposal():
    (one,) = proposals([shop_document()], [typed(7, text="order 100042", gross="60.00")])
    assert one.differs_by == "1.08"
    assert not one.is_sure


def posted(number, sale):
    return evolve(
        typed(number, text=sale.reference, reference=sale.reference), issued_on=sale.dated_on
    )


def test_one_that_looks_like_an_order_that_is_posted_is_likely_its_double():
    sale = shop_document()
    both = [posted(9, sale), typed(7, name="Robin Example")]
    assert proposals([sale], both) == ()
    (one,) = doubles([sale], both, {})
    assert (one.invoice_number, one.posted_as, one.is_sure) == (7, 9, False)
    assert "posted as 9, and invoice 7 is likely a double" in str(one)
    assert list(doubles([sale], [posted(9, sale), typed(7, name="Somebody Else")], {})) == []


def test_an_order_without_an_invoice_has_its_choice_before_one_that_is_posted():
    first, second = shop_document(), shop_document("000100043")
    both = [posted(9, first), typed(7, name="Robin Example")]
    assert list(doubles([first, second], both, {})) == []
    assert [one.order for one in proposals([first, second], both)] == ["000100043"]


def test_an_order_of_before_that_only_a_run_would_hold_straddles_until_a_rule_skips_it():
    sale = shop_document()
    shipped = evolve(sale, standing=Standing.HELD, codes=("before_go_live",))
    (one,) = straddlers([shipped], GO_LIVE)
    assert "changed in the shop since" in unanswered([one], [])[one.key]
    refunded = evolve(sale, standing=Standing.SKIPPED, reason="policy.before_go_live is skip")
    assert straddlers([refunded, refund_of(sale, date(2026, 5, 3))], GO_LIVE) == ()


def test_what_we_posted_ourselves_is_no_candidate():
    ours = typed(7, text="M1-ORD-000100043", reference="M1-ORD-000100043", name="Robin Example")
    assert proposals([shop_document()], [ours]) == ()


def test_a_straddler_is_asked_about_with_the_invoice_that_was_found():
    sale = shop_document()
    (one,) = straddlers([sale, refund_of(sale, date(2026, 5, 3))], GO_LIVE)
    found = proposals([sale], [typed(7, text="order 100042")])
    assert "Adopt invoice 7, or leave it." in unanswered([one], found)[one.key]
    assert "No invoice was found" in unanswered([one], [])[one.key]


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [
        ("order 000000042", "000000042", True),
        ("order 42", "000000042", False),  # two digits may be a quantity
        ("order #100042.", "000100042", True),
        ("1000421", "000100042", False),
        ("0.100042", "000100042", False),
        ("100042.50 paid", "000100042", False),
        ("for 100042, thanks", "000100042", True),
        ("WEB0815-2", "WEB0815", False),
        ("(WEB0815)", "WEB0815", True),
        ("M1-ORD-000100042", "000100042", False),
    ],
)
def test_a_number_is_found_whole_and_with_or_without_its_zeros(text, number, found):
    assert mentions(text, number) is found


FOLDERS = sorted(one.name for one in (SAMPLES / "corpus").iterdir() if one.is_dir())


def orders_of(folder):
    return [
        codec.read(magento.Order, loads(path.read_bytes()))
        for path in sorted((SAMPLES / "corpus" / folder / "orders").glob("*.json"))
    ]


# In the corpus the second letter tells the catalogue: B, D, F and H keep prices without VAT.
@pytest.mark.parametrize("folder", FOLDERS)
def test_whether_prices_have_vat_is_read_off_real_orders(folder):
    use = shop_use(orders_of(folder))
    wrong = Prices.INCLUDE_VAT if folder[1] in "BDFH" else Prices.EXCLUDE_VAT
    assert use.prices is not wrong
    assert use.orders
    assert "20" in use.vat_rates
    assert set(use.base_currencies) == {"GBP"}


@pytest.mark.parametrize(
    ("letters", "prices"), [("BDFH", Prices.EXCLUDE_VAT), ("ACEG", Prices.INCLUDE_VAT)]
)
def test_several_orders_together_tell_whether_prices_have_vat(letters, prices):
    folders = [one for one in FOLDERS if one[1] in letters]
    assert shop_use([order for name in folders for order in orders_of(name)]).prices is prices


def rows(*numbers, reference=None):
    zero = Decimal(0)
    return [
        kashflow.InvoiceRow(
            number,
            customer_reference=reference,
            net_amount=zero,
            vat_amount=zero,
            gross_amount=zero,
            total_paid_amount=zero,
        )
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("numbers", "way"),
    [
        ((), Numbers.NONE),
        ((1, 2, 3, 4), Numbers.BY_ACCOUNT),
        ((100001, 100002, 100003, 100004), Numbers.BY_ORDER),
        ((100001, 7, 8, 9), Numbers.BY_ACCOUNT),
    ],
)
def test_who_numbers_the_invoices_is_read_off_the_invoices(numbers, way):
    orders = [f"{number:09d}" for number in range(100001, 100011)]
    use = account_use(rows(*numbers), orders)
    assert use.numbers is way
    assert use.highest == (max(numbers) if numbers else None)


def test_invoices_of_ours_are_counted():
    assert account_use(rows(1, 2, reference="M1-ORD-000000001"), []).ours == 2


def adopted(number):
    return Remembered(agreed=Agreed(number))


@pytest.mark.parametrize(
    "known",
    [adopted(7), Remembered(outcome="skipped", is_decided=True)],
    ids=["adopted", "skipped"],
)
def test_what_somebody_has_decided_on_is_no_candidate_any_more(known):
    sale = evolve(shop_document(), payments=(paid(GO_LIVE),))
    shop = [sale, refund_of(sale, date(2026, 5, 3))]
    account = [typed(7, text=f"web order {sale.order}")]
    assert straddlers(shop, GO_LIVE)
    assert proposals(shop, account)
    memory = {sale.key: known}
    assert straddlers(shop, GO_LIVE, memory) == ()
    assert proposals(shop, account, memory) == ()


def test_an_invoice_that_is_adopted_for_one_order_is_offered_to_no_other():
    one, other = shop_document("000100042"), shop_document("000100043")
    account = [typed(7, name="Robin Example")]
    assert {found.order for found in proposals([one, other], account)} == {one.order, other.order}
    assert proposals([one, other], account, {one.key: adopted(7)}) == ()


def test_a_payment_is_called_a_payment_and_a_refund_a_refund():
    sale = evolve(shop_document(), payments=(paid(GO_LIVE),))
    memo = refund_of(sale, date(2026, 5, 3))
    for documents, said in (
        ([sale], "enter its payment by hand"),
        ([evolve(sale, payments=()), memo], "enter its refund by hand"),
        ([sale, memo], "enter its payment and its refund by hand"),
    ):
        found = straddlers(documents, GO_LIVE)
        (question,) = unanswered(found, ()).values()
        assert said in question
