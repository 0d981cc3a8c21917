"""What must be known before the first real order: straddlers, hand-typed invoices, the set-up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import kashflow, magento
from kashmag.accounting import Payment
from kashmag.magento import codec
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.plans.actions import DocumentId
from kashmag.plans.policy import Policy
from kashmag.reconciliation import AccountDocument, DocumentKind, Figures, ShopDocument
from kashmag.reconciliation.going_live import proposals, straddlers, unanswered
from kashmag.reconciliation.inference import Numbers, Prices, account_use, shop_use
from kashmag.reconciliation.typed_by_hand import Evidence, mentions
from kashmag.rest.codec import loads
from kashmag.testing.factories import ORDERED_ON, make_refund, make_sale, pounds

SAMPLES = Path(__file__).parents[1] / "samples" / "magento"
GO_LIVE = date(2026, 5, 1)


def case_of(*, payments=(), refunds=()):
    sale = make_sale()
    document = DocumentId("M", "order", entity_id="12", number=sale.number)
    order = magento.Order(entity_id=12, increment_id=sale.number)
    reading = Reading(sale, payments=payments, refunds=refunds)
    return Case(document, order=order, reading=reading, policy=Policy())


def shop_document(number="000100042", gross="58.92"):
    net = (Decimal(gross) / Decimal("1.2")).quantize(Decimal("0.01"))
    return ShopDocument(
        f"M:order:{number}:invoice",
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


def test_an_order_of_before_that_is_refunded_after_straddles():
    refund = evolve(make_refund(), refunded_on=date(2026, 5, 3))
    (one,) = straddlers([case_of(refunds=(refund,))], GO_LIVE)
    assert one.ordered_on == ORDERED_ON
    assert "credit memo" in str(one)
    assert "2026-05-03" in str(one)


def test_an_order_of_before_that_is_paid_after_straddles():
    late = Payment("t1", "checkmo", amount=pounds("1.00"), paid_on=GO_LIVE)
    assert len(straddlers([case_of(payments=(late,))], GO_LIVE)) == 1


def test_an_order_that_is_all_of_before_does_not_straddle():
    early = Payment("t1", "checkmo", amount=pounds("1.00"), paid_on=ORDERED_ON)
    assert straddlers([case_of(payments=(early,))], GO_LIVE) == ()
    assert straddlers([case_of(payments=(early,))], ORDERED_ON) == ()


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


def test_what_we_posted_ourselves_is_no_candidate():
    ours = typed(7, text="M1-ORD-000100043", reference="M1-ORD-000100043", name="Robin Example")
    assert proposals([shop_document()], [ours]) == ()


def test_a_straddler_is_asked_about_with_the_invoice_that_was_found():
    refund = evolve(make_refund(), refunded_on=date(2026, 5, 3))
    (one,) = straddlers([case_of(refunds=(refund,))], GO_LIVE)
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


def orders_of(folder):
    return [
        codec.read(magento.Order, loads(path.read_bytes()))
        for path in sorted((SAMPLES / "corpus" / folder / "orders").glob("*.json"))
    ]


# In the corpus the second letter tells the catalogue: B, D, F and H keep prices without VAT.
@pytest.mark.parametrize("folder", sorted(one.name for one in (SAMPLES / "corpus").iterdir()))
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
    folders = [one.name for one in (SAMPLES / "corpus").iterdir() if one.name[1] in letters]
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
