"""Questions: what must be known before planning, as frozen values typed by their answers.

A question says what is wanted, never how it is found: `engine.gathering` does that, merging many
into few calls. `Read` makes any reading operation of either vendor a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Generic, TypeVar, cast

from attrs import field, frozen

from kashmag import kashflow, magento
from kashmag.plans.acceptances import Acceptance
from kashmag.plans.certificate import Certificate
from kashmag.rest.operation import Operation

A_co = TypeVar("A_co", covariant=True)
A = TypeVar("A")


class Question(Generic[A_co]):
    """Something to be known; its answer is an `A_co`."""


@frozen
class CustomersByEmail(Question[tuple[kashflow.Customer, ...]]):
    """Every customer of the account, archived ones too, that has this e-mail (lower case)."""

    email: str


@frozen
class CustomerByCode(Question[kashflow.Customer | None]):
    """The customer with exactly this code."""

    code: str


@frozen
class CustomersByName(Question[tuple[kashflow.Customer, ...]]):
    """Every customer whose name is this, whatever the case."""

    name: str


@frozen
class CustomersByVatNumber(Question[tuple[kashflow.Customer, ...]]):
    """Every customer with this VAT number, written without spaces."""

    vat_number: str


@frozen
class InvoicesByReference(Question[tuple[kashflow.Invoice, ...]]):
    """Every invoice, archived ones too, whose customer reference is exactly this."""

    reference: str


@frozen
class TypedByHand(Question[tuple[kashflow.Invoice, ...]]):
    """Every invoice of a customer, dated in these days, that nobody but a person has made.

    Archived ones too; none that carries a reference of ours, or is tied to a document of the shop
    other than `document` (its key). Without `last` there is no last day.
    """

    customer_code: str
    first: date = field(kw_only=True)
    last: date | None = field(default=None, kw_only=True)
    document: str = field(default="", kw_only=True)


@frozen
class Posted:
    """A document as we posted it, and every payment that we have put on it, then or later."""

    draft: kashflow.InvoiceDraft
    certificate: Certificate = field(kw_only=True)
    payments: tuple[kashflow.PaymentDraft, ...] = field(default=(), kw_only=True)


@frozen
class AsPosted(Question[Posted | None]):
    """The document of a deed as it was posted, if the logbook remembers it."""

    key: str


@frozen
class Accepted(Question[tuple[Acceptance, ...]]):
    """What a person has accepted of an order as it is; `document` is its key: `M:order:12`."""

    document: str


@frozen
class InvoiceByNumber(Question[kashflow.Invoice | None]):
    """The invoice with this number."""

    number: int


@frozen
class FurtherNumbers(Question[Mapping[str, int]]):
    """A number from `first` to `last` for each of these deeds (their keys), by the deed.

    No document of the account has it, and it was given to no other deed. Deeds are missing where
    the range is used up. `document` is the key of the order: `M:order:12`.
    """

    deeds: tuple[str, ...]
    document: str = field(kw_only=True)
    first: int = field(kw_only=True)
    last: int = field(kw_only=True)


@frozen
class ProductsByCode(Question[tuple[kashflow.Product, ...]]):
    """Every product with exactly this code, under whichever nominal."""

    code: str


@frozen
class VatRates(Question[tuple[kashflow.VatRate, ...]]):
    """The VAT rates that the account has."""


@frozen
class NominalCodes(Question[tuple[kashflow.Nominal, ...]]):
    """The nominals of the account."""


@frozen
class BankAccounts(Question[tuple[kashflow.BankAccount, ...]]):
    """The bank accounts of the account."""


@frozen
class Assumptions(Question[kashflow.Assumptions]):
    """What is assumed, or was measured, of this account's KashFlow (rate decimals and so on)."""


@frozen
class HomeCurrency(Question[str]):
    """The account's home currency, as an ISO code."""


@frozen
class AccountVat(Question[kashflow.VatSettings]):
    """How the account stands to VAT: registered or not, and by which accounting."""


@frozen
class FiledMonth(Question[date | None]):
    """The last day of a month if a document dated in it sits in a VAT return; else None.

    `first` is the first day of the month. Periods of UK VAT returns end with a month.
    """

    first: date


@frozen
class SkippedItem:
    """A person's lasting decision about one thing sold: its money goes to suspense.

    `item` is its SKU, or the key of its line where several lines of the order have that SKU.
    """

    item: str
    because: str = field(kw_only=True)


@frozen
class SkippedItems(Question[tuple[SkippedItem, ...]]):
    """The items of an order that a person has skipped; `document` is its key: `M:order:12`."""

    document: str


@frozen
class ShopProduct(Question[magento.Product | None]):
    """The shop's product of this SKU as it is now; None where it was deleted."""

    sku: str


@frozen
class ShopTaxClasses(Question[tuple[magento.TaxClass, ...]]):
    """The shop's tax classes."""


@frozen
class Read(Question[A], Generic[A]):
    """Whatever one reading operation answers; for plugins."""

    operation: Operation[A] = field()


class Answers:
    """What was found: `answers[question]` has the question's own answer type."""

    def __init__(self, found: Mapping[Question[object], object] | None = None) -> None:
        self._found: dict[Question[object], object] = dict(found or {})

    def __getitem__(self, question: Question[A]) -> A:
        return cast("A", self._found[question])

    def __contains__(self, question: Question[object]) -> bool:
        return question in self._found

    def __iter__(self) -> Iterator[Question[object]]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def get(self, question: Question[A]) -> A | None:
        """The answer, or None while the question is open."""
        return cast("A | None", self._found.get(question))

    def having(self, found: Mapping[Question[object], object]) -> Answers:
        """These answers and more; a later answer to the same question wins."""
        return Answers({**self._found, **found})
