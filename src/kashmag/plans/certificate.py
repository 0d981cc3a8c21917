"""The certificate: net, VAT and gross per rate of a source beside those of its KashFlow lines.

Nothing here rounds or repairs. The two sides are equal, or `exact` is false and there is no
invoice. Which lines say a sale exactly is `planner.lines`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar, cast

from attrs import field, frozen

from kashmag.accounting.money import shown
from kashmag.accounting.refund import Refund
from kashmag.accounting.sale import Sale
from kashmag.accounting.vat import plain_rate, shown_rate
from kashmag.kashflow.invoice_records import Invoice, LineDraft, LineItem
from kashmag.rest.codec import Json, JsonObject, read_decimal

_ZERO = Decimal(0)
L = TypeVar("L", LineDraft, LineItem)


@frozen
class RateProof:
    """Net and VAT at one percentage: the source's, and the invoice's beside them."""

    rate: Decimal
    net: Decimal = field(kw_only=True)
    vat: Decimal = field(kw_only=True)
    invoice_net: Decimal = field(kw_only=True)
    invoice_vat: Decimal = field(kw_only=True)

    @property
    def exact(self) -> bool:
        """Tell that both sides are the same figures."""
        return self.net == self.invoice_net and self.vat == self.invoice_vat


@frozen
class Certificate:
    """The proof that a document says what its source says, in the document's signs.

    A credit note's figures are negative on both sides. `net`, `vat` and `gross` are the source's
    own totals; the invoice's follow from `by_rate`. `is_whole` tells that every quantity times
    rate is whole pence as it stands, so that nothing hangs on how KashFlow would round it.
    """

    currency: str
    net: Decimal = field(kw_only=True)
    vat: Decimal = field(kw_only=True)
    gross: Decimal = field(kw_only=True)
    by_rate: tuple[RateProof, ...] = field(kw_only=True)
    is_whole: bool = field(default=True, kw_only=True)

    @property
    def invoice_net(self) -> Decimal:
        """What the invoice's lines come to without VAT."""
        return sum((proof.invoice_net for proof in self.by_rate), _ZERO)

    @property
    def invoice_vat(self) -> Decimal:
        """The VAT of the invoice's lines."""
        return sum((proof.invoice_vat for proof in self.by_rate), _ZERO)

    @property
    def exact(self) -> bool:
        """Tell that source and invoice agree in every figure, with nothing left to rounding."""
        return (
            self.is_whole
            and all(proof.exact for proof in self.by_rate)
            and self.net == self.invoice_net
            and self.vat == self.invoice_vat
            and self.gross == self.net + self.vat
        )

    def __str__(self) -> str:
        rates = ", ".join(
            f"{shown_rate(p.rate)} %: {shown(p.net)} + {shown(p.vat)}" for p in self.by_rate
        )
        verdict = "exact" if self.exact else "NOT EXACT"
        totals = f"{shown(self.net)} + {shown(self.vat)} VAT = {shown(self.gross)} {self.currency}"
        return f"{totals} ({rates}; {verdict})" if rates else f"{totals} ({verdict})"

    def to_json(self) -> dict[str, Json]:
        """The certificate as the command line prints it; the invoice's side only if it differs."""
        told: dict[str, Json] = {
            "currency": self.currency,
            "net": str(self.net),
            "vat": str(self.vat),
            "gross": str(self.gross),
            "by_rate": [
                {"rate": shown_rate(p.rate), "net": str(p.net), "vat": str(p.vat)}
                for p in self.by_rate
            ],
            "exact": self.exact,
        }
        if self.exact:
            return told
        return told | {
            "is_whole": self.is_whole,
            "invoice": {
                "net": str(self.invoice_net),
                "vat": str(self.invoice_vat),
                "gross": str(self.invoice_net + self.invoice_vat),
                "by_rate": [
                    {
                        "rate": shown_rate(p.rate),
                        "net": str(p.invoice_net),
                        "vat": str(p.invoice_vat),
                    }
                    for p in self.by_rate
                ],
            },
        }

    @classmethod
    def from_json(cls, told: JsonObject) -> Certificate:
        """Reload what `to_json` wrote."""
        sides = [cast("Sequence[JsonObject]", told["by_rate"])] * 2
        if "invoice" in told:
            invoice = cast("Mapping[str, Json]", told["invoice"])
            sides[1] = cast("Sequence[JsonObject]", invoice["by_rate"])
        return cls(
            str(told["currency"]),
            net=read_decimal(told["net"]),
            vat=read_decimal(told["vat"]),
            gross=read_decimal(told["gross"]),
            by_rate=tuple(
                RateProof(
                    plain_rate(read_decimal(one["rate"])),
                    net=read_decimal(one["net"]),
                    vat=read_decimal(one["vat"]),
                    invoice_net=read_decimal(other["net"]),
                    invoice_vat=read_decimal(other["vat"]),
                )
                for one, other in zip(*sides, strict=True)
            ),
            is_whole=bool(told.get("is_whole", True)),
        )


def certify(source: Sale | Refund, lines: Sequence[LineDraft]) -> Certificate:
    """Set a sale, or a refund, beside the lines that are to say it.

    A refund's figures are negated, as its credit note's are. A refund whose adjustment has not
    been put into its lines yet has a gross that they do not come to: never exact.
    """
    sign = -1 if isinstance(source, Refund) else 1
    told = {total.rate: total for total in source.by_rate}
    nets = _per_rate(lines, _unrounded_net)
    vats = _per_rate(lines, lambda line: line.vat_amount)
    zero = source.gross.amount * 0
    rates = sorted(told.keys() | nets.keys(), reverse=True)
    return Certificate(
        source.currency,
        net=sum((sign * line.net.amount for line in source.lines), zero) + 0,
        vat=sum((sign * line.vat.amount for line in source.lines), zero) + 0,
        gross=sign * source.gross.amount + 0,
        by_rate=tuple(
            RateProof(
                rate,
                net=(sign * told[rate].net.amount + 0) if rate in told else zero,
                vat=(sign * told[rate].vat.amount + 0) if rate in told else zero,
                invoice_net=nets.get(rate, zero) + zero,
                invoice_vat=vats.get(rate, zero) + zero,
            )
            for rate in rates
        ),
        is_whole=all(_unrounded_net(line) == line.net for line in lines),
    )


def certify_reversal(invoice: Invoice, lines: Sequence[LineDraft], currency: str) -> Certificate:
    """Set an invoice, as it stands in the account, beside the lines that bring it to nothing."""
    source_nets = _per_rate(invoice.line_items, lambda line: line.net)
    source_vats = _per_rate(invoice.line_items, lambda line: line.vat_amount)
    nets = _per_rate(lines, _unrounded_net)
    vats = _per_rate(lines, lambda line: line.vat_amount)
    net, vat = sum(source_nets.values(), _ZERO), sum(source_vats.values(), _ZERO)
    pence = Decimal("0.00")
    return Certificate(
        currency,
        net=pence - net,
        vat=pence - vat,
        gross=pence - net - vat,
        by_rate=tuple(
            RateProof(
                rate,
                net=pence - source_nets.get(rate, _ZERO),
                vat=pence - source_vats.get(rate, _ZERO),
                invoice_net=nets.get(rate, _ZERO) + pence,
                invoice_vat=vats.get(rate, _ZERO) + pence,
            )
            for rate in sorted(source_nets.keys() | nets.keys(), reverse=True)
        ),
        is_whole=all(_unrounded_net(line) == line.net for line in lines),
    )


def confirm(certificate: Certificate, invoice: Invoice) -> tuple[str, ...]:
    """Name every figure in which an invoice read back differs from its certificate; none is good.

    Totals and each rate are compared. The header of a foreign invoice may be in home currency
    (unproved either way): both readings of it are accepted, the lines are not.
    """
    return (
        *_header_differences(certificate, invoice),
        *_rate_differences(certificate, invoice.line_items),
    )


def _header_differences(certificate: Certificate, invoice: Invoice) -> tuple[str, ...]:
    rate = invoice.currency.exchange_rate if invoice.currency else None
    compared = (
        ("net", certificate.net, invoice.net_amount),
        ("VAT", certificate.vat, invoice.vat_amount),
        ("gross", certificate.gross, invoice.gross_amount),
    )
    return tuple(
        f"{name} is {shown(found)}, not {shown(expected)}"
        for name, expected, found in compared
        if found != expected and not _is_home_value(found, expected, rate)
    )


def _is_home_value(found: Decimal, expected: Decimal, rate: Decimal | None) -> bool:
    """Tell a document amount at the exchange rate (foreign units per home unit), to the penny."""
    if rate is None or rate in (0, 1):
        return False
    return abs(found - expected / rate) <= Decimal("0.005")


def _rate_differences(certificate: Certificate, lines: Sequence[LineItem]) -> tuple[str, ...]:
    nets = _per_rate(lines, lambda line: line.net)
    vats = _per_rate(lines, lambda line: line.vat_amount)
    expected = {proof.rate: proof for proof in certificate.by_rate}
    differences = []
    for rate in sorted(expected.keys() | nets.keys(), reverse=True):
        proof = expected.get(rate)
        due = (proof.net, proof.vat) if proof else (_ZERO, _ZERO)
        found = (nets.get(rate, _ZERO), vats.get(rate, _ZERO))
        differences += [
            f"{name} at {shown_rate(rate)} % is {shown(is_now)}, not {shown(should)}"
            for name, is_now, should in zip(("net", "VAT"), found, due)
            if is_now != should
        ]
    return tuple(differences)


def _unrounded_net(line: LineDraft) -> Decimal:
    return line.quantity * line.rate


def _per_rate(lines: Iterable[L], amount: Callable[[L], Decimal]) -> dict[Decimal, Decimal]:
    totals: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = plain_rate(line.vat_level)
        totals[rate] = totals.get(rate, _ZERO) + amount(line)
    return totals
