"""Two sides that agree, drawn at random; faults are seeded into them by the tests."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve, frozen
from hypothesis import strategies as st

from kashmag.reconciliation import (
    AccountDocument,
    AccountPayment,
    Agreed,
    DocumentKind,
    Figures,
    Particulars,
    PaymentStanding,
    Period,
    Remembered,
    ShopDocument,
    ShopPayment,
    Standing,
)
from kashmag.reconciliation.figures import in_order

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
METHODS = {"checkmo": (1, 11), "paypal": (2, 12), "gift_card": (3, 13)}
RATES = {"20": Decimal(20), "5": Decimal(5), "0": Decimal(0), "exempt": Decimal(0)}


@frozen
class World:
    """Both sides and the memory between them."""

    shop: tuple
    account: tuple
    memory: dict

    def with_shop(self, index, **changes):
        changed = evolve(self.shop[index], **changes)
        return evolve(self, shop=(*self.shop[:index], changed, *self.shop[index + 1 :]))

    def with_account(self, index, **changes):
        changed = evolve(self.account[index], **changes)
        return evolve(self, account=(*self.account[:index], changed, *self.account[index + 1 :]))

    def without_account(self, index):
        return evolve(self, account=self.account[:index] + self.account[index + 1 :])

    def adding(self, *documents):
        return evolve(self, account=(*self.account, *documents))

    def remembering(self, index, remembered):
        return evolve(self, memory={**self.memory, self.shop[index].key: remembered})


pence = st.integers(1, 500_000).map(lambda n: Decimal(n) / 100)


@st.composite
def bands(draw, sign=1):
    """Net and VAT per band; VAT is any amount, as rounding in shops makes it."""
    chosen = draw(st.lists(st.sampled_from(sorted(RATES)), min_size=1, max_size=3, unique=True))
    found = {}
    for band in in_order(chosen):
        net = draw(pence)
        vat = (net * RATES[band] / 100).quantize(Decimal("0.01"))
        found[band] = Figures(sign * net, sign * vat)
    return found


days = st.integers(-20, 110).map(lambda n: date(2026, 4, 1) + timedelta(days=n))
days_inside = st.integers(0, 90).map(lambda n: date(2026, 4, 1) + timedelta(days=n))


currencies = st.sampled_from([{}, {}, {"currency": "EUR", "exchange_rate": Decimal("1.17")}])


@st.composite
def documents(draw, at, *, inside=False, refund=None, abroad=False):
    """One shop document with its payments, some of them left to the account."""
    refund = draw(st.booleans()) if refund is None else refund
    sign, kind = (-1, "CRN") if refund else (1, "ORD")
    own = draw(bands(sign))
    day = draw(days_inside if inside else days)
    gross = sum((one.gross for one in own.values()), Decimal(0))
    number = f"{100_000 + at:09d}"
    return ShopDocument(
        f"M:order:{at}:{'credit_note:1' if refund else 'invoice'}",
        kind=DocumentKind.CREDIT_NOTE if refund else DocumentKind.INVOICE,
        number=number,
        order=number,
        reference=f"M1-{kind}-{number}",
        store=draw(st.sampled_from(["uk", "eu"])),
        dated_on=day,
        issue_on=day,
        **(draw(currencies) if abroad else {}),
        bands=own,
        payments=draw(payments(at, gross, days_inside if inside else days)),
        buyer_names=(f"M-{at}", f"Buyer {at}"),
    )


@st.composite
def payments(draw, at, gross, when):
    """No payment, one of everything, or two parts."""
    count = draw(st.integers(0, 2))
    if count == 2 and abs(gross) > Decimal("0.02"):
        first = (gross / 3).quantize(Decimal("0.01"))
        # Two parts of the same amount are told apart by nothing but their tokens.
        amounts = [first, gross - first]
    else:
        amounts = [gross] * min(count, 1)
    method = draw(st.sampled_from(sorted(METHODS)))
    standings = [PaymentStanding.POST, PaymentStanding.LEAVE, PaymentStanding.MATCH]
    standing = draw(st.sampled_from(standings))
    posts = standing is PaymentStanding.POST
    return tuple(
        ShopPayment(
            f"txn{at}x{n}",
            amount,
            method=method,
            paid_on=draw(when),
            standing=standing,
            kashflow_method=METHODS[method][0] if posts else None,
            bank_account=METHODS[method][1] if posts else None,
            within_days=7 if standing is PaymentStanding.MATCH else None,
        )
        for n, amount in enumerate(amounts)
    )


def mirrored(document, number):
    """The account's document for a shop document, as kashmag posts it."""
    return AccountDocument(
        number,
        document.reference,
        issued_on=document.dated_on,
        currency=document.currency,
        exchange_rate=document.exchange_rate,
        bands=document.bands,
        payments=tuple(line(one, at) for at, one in enumerate(document.payments)),
        customer_names=(f"M-{number}", f"Buyer {number}"),
        texts=(document.reference, "A thing"),
        particulars=particulars(document, number),
    )


def particulars(document, number):
    """Each rate on a nominal of its own, and thirty days to pay."""
    return Particulars(
        customer=f"M-{number}",
        due_on=document.dated_on + timedelta(days=30),
        nominals={4000 + at: one.net for at, one in enumerate(document.bands.values())},
    )


def line(payment, at=0):
    """The account's line; money that is left to the account carries no token."""
    posts = payment.standing is PaymentStanding.POST
    return AccountPayment(
        payment.amount,
        at + 1,
        paid_on=payment.paid_on,
        note=f"{payment.method} {payment.token}" if posts else "from the bank feed",
        method=payment.kashflow_method if posts else 9,
        bank_account=payment.bank_account if posts else 99,
    )


def agreed(document, number):
    """What the logbook keeps of a posting."""
    return Remembered(
        "posted",
        agreed=Agreed(
            number,
            reference=document.reference,
            issued_on=document.dated_on,
            bands=document.bands,
            particulars=particulars(document, number),
            payments=tuple(
                line(one, at)
                for at, one in enumerate(document.payments)
                if one.standing is PaymentStanding.POST
            ),
        ),
    )


@st.composite
def clean_worlds(draw, *, max_size=5):
    """Two sides that agree; the first document lies inside the quarter with all its money."""
    size = draw(st.integers(1, max_size))
    shop = tuple(draw(documents(at, inside=at == 0)) for at in range(size))
    account = tuple(mirrored(one, 1000 + at) for at, one in enumerate(shop))
    memory = {one.key: agreed(one, 1000 + at) for at, one in enumerate(shop)}
    return World(shop, account, memory)


def waiting(at):
    """An order that is no sale yet."""
    return ShopDocument(
        f"M:order:{at}:invoice",
        kind=DocumentKind.INVOICE,
        number=str(at),
        order=str(at),
        reference=f"M1-ORD-{at}",
        dated_on=date(2026, 5, 1),
        issue_on=date(2026, 5, 1),
        bands={"20": Figures(Decimal(10), Decimal(2))},
        standing=Standing.WAITING,
    )


@st.composite
def reissued_worlds(draw, *, max_size=3):
    """Two sides that agree, though orders changed after they were posted, some of them twice.

    The first is an order of the quarter that was changed in it, with the days of all its money.
    """
    size = draw(st.integers(1, max_size))
    world = World((), (), {})
    for at in range(size):
        refund = False if at == 0 else None
        document = draw(documents(at, inside=at == 0, refund=refund, abroad=True))
        if document.kind is DocumentKind.INVOICE and (at == 0 or draw(st.booleans())):
            story = draw(stories(document, at, inside=at == 0))
        else:
            story = (document, (mirrored(document, 1000 + 100 * at),))
            story = (*story, {document.key: agreed(document, 1000 + 100 * at)})
        world = World(
            (*world.shop, story[0]), (*world.account, *story[1]), {**world.memory, **story[2]}
        )
    return world


@st.composite
def stories(draw, document, at, *, inside):
    """An order that said something else when it was posted: reversed and posted again.

    Or it was cancelled, and only reversed. Returned are the shop's document, the account's, and
    what the logbook remembers of them.
    """
    count = draw(st.integers(1, 2))
    is_cancelled = draw(st.booleans()) if not inside else False
    when = days_inside if inside else days
    said = [draw(bands()) for _ in range(count)]
    dates = sorted(draw(when) for _ in range(count))
    told = Told(document, 1000 + 100 * at, said, dates, is_cancelled)
    account, memory = told.posted()
    if is_cancelled:
        document = evolve(document, standing=Standing.VOID, payments=())
    return document, account, memory


@frozen
class Told:
    """What an order said each time it was posted, and the days on which that was reversed."""

    document: ShopDocument
    number: int
    said: list
    dates: list
    is_cancelled: bool

    def posted(self):
        """Every generation as kashmag posts it; money stays where it was made, and moves along."""
        document, account, memory = self.document, [], {}
        lines = tuple(line(one, at) for at, one in enumerate(document.payments))
        own = tuple(
            one
            for one, paid in zip(lines, document.payments, strict=True)
            if paid.standing is PaymentStanding.POST
        )
        day = document.dated_on
        for nth, (figures, changed_on) in enumerate(zip(self.said, self.dates, strict=True), 1):
            invoice = evolve(self.nth(nth, day), bands=figures, payments=lines)
            returned = tuple(moved(one, invoice.number, changed_on) for one in lines)
            reversal = evolve(
                invoice,
                number=invoice.number + 1,
                reference=further(document.reference.replace("-ORD-", "-REV-"), nth),
                issued_on=changed_on,
                bands={band: -one for band, one in figures.items()},
                payments=returned,
            )
            account += [invoice, reversal]
            memory[deed(document, nth)] = remembers(invoice, own)
            memory[reversal_deed(document, nth)] = remembers(reversal, returned)
            lines = own = tuple(
                evolve(one, paid_on=changed_on, note=one.note or back.note)
                for one, back in zip(lines, returned, strict=True)
            )
            day = changed_on
        if not self.is_cancelled:
            nth = len(self.said) + 1
            live = evolve(self.nth(nth, day), payments=lines)
            account.append(live)
            memory[deed(document, nth)] = remembers(live, own)
        return tuple(account), memory

    def nth(self, nth, day):
        """The n-th invoice of the order, as the order is now."""
        first = mirrored(self.document, self.number + 2 * (nth - 1))
        reference = further(self.document.reference, nth)
        return evolve(first, reference=reference, issued_on=day, texts=(reference,))


def moved(one, number, day):
    """What a reversal returns of a payment."""
    words = one.note.split()
    mark = words[-1] if words else one.id
    return evolve(one, amount=-one.amount, paid_on=day, note=f"moved:{number}:{mark}")


def further(reference, nth):
    return reference if nth == 1 else f"{reference}/{nth}"


def deed(document, nth):
    return document.key if nth == 1 else f"{document.key}:{nth}"


def reversal_deed(document, nth):
    return document.key.replace("invoice", f"reversal:{nth}")


def remembers(posted, payments):
    """What the logbook keeps of one posting; what the account imported by itself it does not."""
    return Remembered(
        "posted",
        agreed=Agreed(
            posted.number,
            reference=posted.reference,
            issued_on=posted.issued_on,
            bands=posted.bands,
            payments=payments,
            particulars=posted.particulars,
        ),
    )


periods = st.tuples(st.integers(-30, 110), st.integers(0, 60)).map(
    lambda told: Period(
        date(2026, 4, 1) + timedelta(days=told[0]),
        date(2026, 4, 1) + timedelta(days=told[0] + told[1]),
    )
)
