"""Documents that cannot be read: that they are there, and their money, is known all the same."""

from attrs import evolve
from hypothesis import assume, given

from kashmag.magento.reading import Basis, CurrencyBasis, read
from kashmag.testing.strategies import order_stories

BASIS = Basis(CurrencyBasis.BASE)


def unreadable(order):
    """The same order after a module has raised its total, and nothing else."""
    assert order.base_grand_total is not None
    return evolve(order, base_grand_total=order.base_grand_total + 100)


@given(order_stories(refunded=True))
def test_an_order_that_cannot_be_read_any_more_keeps_its_money_and_its_memos(story):
    before = read(story.order, story.invoices, story.credit_memos, BASIS)
    assume(before.sale is not None and not before.is_held)
    after = read(unreadable(story.order), story.invoices, story.credit_memos, BASIS)
    assert after.sale is None
    assert after.is_held
    assert (before.unread, after.payments, after.refunds) == ((), (), ())
    own, *memos = after.unread
    assert own.payments == before.payments
    assert {one.source_id: (one.number, one.dated_on) for one in memos} == {
        one.source_id: (one.number, one.refunded_on) for one in before.refunds
    }
    for memo, refund in zip(memos, before.refunds, strict=True):
        assert memo.net + memo.vat == refund.gross
        assert [one.amount for one in memo.payments] == [-refund.returned][: bool(refund.returned)]


@given(order_stories(refunded=True))
def test_a_memo_that_cannot_be_read_any_more_is_still_there(story):
    before = read(story.order, story.invoices, story.credit_memos, BASIS)
    assume(before.sale is not None and not before.is_held)
    first, *rest = story.credit_memos
    assert first.base_grand_total is not None
    raised = evolve(first, base_grand_total=first.base_grand_total + 100)
    after = read(story.order, story.invoices, (raised, *rest), BASIS)
    assert after.is_held
    assert after.sale == before.sale
    (memo,) = after.unread
    assert memo.source_id == str(first.entity_id) not in {one.source_id for one in after.refunds}


@given(order_stories())
def test_what_was_cancelled_tells_of_nothing(story):
    """A void order is no unread one: nothing is owed on it, and that is known."""
    rows = tuple(evolve(row, qty_invoiced=None) for row in story.order.items)
    gone = evolve(story.order, state="canceled", items=rows, base_total_invoiced=None)
    found = read(gone, (), (), BASIS)
    assert found.is_void
    assert found.unread == ()
