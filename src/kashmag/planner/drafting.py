"""Lines of a sale or refund as KashFlow lines: placed by rules, shaped to the penny, certified."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from attrs import evolve, field, frozen

from kashmag import kashflow
from kashmag.accounting import LineKind, Problem, Refund, Sale, SaleLine, VatTreatment
from kashmag.accounting.vat import plain_rate, shown_rate
from kashmag.hooks.hooks import Hooks
from kashmag.hooks.skipped_items import skipped_items, skipped_one
from kashmag.planner.cases import Case
from kashmag.planner.discounts import (
    Placed,
    about_discounts,
    all_left_in,
    is_waived_carriage,
    with_discounts_apart,
    with_discounts_in,
)
from kashmag.planner.findings import Findings, noted, stated, together, troubled
from kashmag.planner.lines import Placement, Sign, shape
from kashmag.planner.policy_check import another_nominal
from kashmag.planner.recomputed import shape_recomputed
from kashmag.planner.vat_rules import foreign_rates
from kashmag.plans.actions import CreateProduct
from kashmag.plans.certificate import Certificate, certify
from kashmag.plans.policy import ForeignVat, Policy
from kashmag.plans.problems import (
    no_exact_shape,
    no_shape_recomputed,
    nominal_missing,
    suspense_missing,
    unknown_sku,
)
from kashmag.plans.questions import (
    Answers,
    Assumptions,
    NominalCodes,
    ProductsByCode,
    SkippedItem,
    VatRates,
)
from kashmag.plans.vat_problems import (
    foreign_nominal_missing,
    vat_not_the_shops,
    vat_rate_missing,
)


@frozen
class Drafted:
    """The lines of a document to be, their certificate, and what was found on the way."""

    lines: tuple[kashflow.LineDraft, ...]
    certificate: Certificate = field(kw_only=True)
    findings: Findings = field(kw_only=True)


def draft_lines(
    case: Case, sale: Sale, document: Sale | Refund, answers: Answers, hooks: Hooks
) -> Drafted:
    """Place and shape every line of the sale, or of one of its refunds (with negative rates)."""
    sign: Sign = -1 if isinstance(document, Refund) else 1
    assumptions = answers.get(Assumptions()) or kashflow.Assumptions()
    # Asked once, not per line: it goes over all of the sale's lines itself.
    foreign = foreign_rates(sale)
    skipped = skipped_items(answers)
    discounts = case.policy.nominals.discount
    told = [
        _place(case, sale, line, answers, hooks, foreign=foreign, skipped=skipped)
        for line in document.lines
        if discounts is not None or not is_waived_carriage(line)
    ]
    findings = together(found for _, _, found in told)
    placed: list[Placed] = [(line, at) for line, at, _ in told]
    where = f" in credit memo {document.number}" if isinstance(document, Refund) else ""
    lines, about = _with_discounts(placed, discounts, assumptions, sign, where=where)
    findings += about
    if lines is None:
        lines = _shaped(with_discounts_in(placed), kashflow.Assumptions(), sign) or ()
        findings += troubled(no_shape_recomputed(document.number))
    certificate = certify(document, lines)
    findings += Findings(problems=tuple(_objections(sale, lines, answers, case.policy)))
    if not certificate.exact:
        findings += troubled(no_exact_shape(document.number, str(certificate)))
    return Drafted(lines, certificate=certificate, findings=findings)


def _with_discounts(
    placed: Sequence[Placed],
    nominal: int | None,
    assumptions: kashflow.Assumptions,
    sign: Sign,
    *,
    where: str,
) -> tuple[tuple[kashflow.LineDraft, ...] | None, Findings]:
    """The lines with their discounts apart where that has a shape, else after discount."""
    lines = _shaped(with_discounts_apart(placed, nominal), assumptions, sign)
    if lines is not None or nominal is None:
        return lines, about_discounts(placed, nominal, where=where)
    because = "KashFlow computes VAT itself, and no lines say it exactly with discounts apart"
    about = all_left_in(placed, where=where, because=because)
    return _shaped(with_discounts_in(placed), assumptions, sign), about


def _shaped(
    placed: Sequence[Placed], assumptions: kashflow.Assumptions, sign: Sign
) -> tuple[kashflow.LineDraft, ...] | None:
    """The lines that say it exactly in this account; None where it recomputes and none do."""
    decimals = assumptions.rate_decimals
    if assumptions.line_vat == "recomputed":
        return shape_recomputed(placed, rate_decimals=decimals, sign=sign)
    return tuple(
        draft
        for line, placement in placed
        for draft in shape(line, placement, rate_decimals=decimals, sign=sign)
    )


@frozen
class _Booking:
    """Where a line would go before its VAT has a say."""

    nominal: int
    code: str | None = None
    manages_stock: bool = False
    is_suspended: bool = False


def _place(
    case: Case,
    sale: Sale,
    line: SaleLine,
    answers: Answers,
    hooks: Hooks,
    *,
    foreign: Collection[Decimal],
    skipped: Collection[SkippedItem],
) -> tuple[SaleLine, Placement, Findings]:
    if decided := skipped_one(line, skipped):
        booking, findings = _suspended(case, line, decided)
        line = evolve(line, description=_naming_sku(line))
    else:
        booking, findings = _booked(case, sale, line, answers, hooks)
    nominal, code, exempt = booking.nominal, booking.code, False
    vat = hooks.choose_vat(line, sale, case.order, answers=answers, policy=case.policy)
    moved = booking.is_suspended
    if vat is not None:
        exempt = vat.value.treatment in (VatTreatment.EXEMPT, VatTreatment.OUTSIDE_SCOPE)
        if vat.value.nominal_code is not None and not booking.is_suspended:
            nominal, moved = vat.value.nominal_code, True
        answer = f"{vat.value.treatment.value.replace('_', '-')} at {shown_rate(vat.value.rate)} %"
        findings += noted(f"VAT of {_name(line)}", answer, vat)
        if vat.value.rate != line.vat_rate:
            findings += troubled(
                vat_not_the_shops(sale.number, line.description, line.vat_rate, vat.value.rate)
            )
    if line.vat and plain_rate(line.vat_rate) in foreign:
        # Whatever else is decided of the line: this VAT must not land in the UK return.
        separate = case.policy.nominals.foreign_vat
        if case.policy.foreign_vat is ForeignVat.SEPARATE and separate is None:
            findings += troubled(foreign_nominal_missing(sale.number, line.vat_rate))
        nominal, code = (separate, None) if separate is not None else (nominal, code)
        moved = True
    keeps = booking.manages_stock
    at = Placement(nominal, code, vat_exempt=exempt, keeps_whole_units=keeps, is_moved=moved)
    return line, at, findings


def _booked(
    case: Case, sale: Sale, line: SaleLine, answers: Answers, hooks: Hooks
) -> tuple[_Booking, Findings]:
    """Where the rules put a line."""
    products = (answers.get(ProductsByCode(line.sku)) or ()) if line.sku else ()
    product = hooks.resolve_product(line, sale, products, answers=answers, policy=case.policy)
    if product is None:
        problem = unknown_sku(sale.number, line.sku, len(products))
        return _Booking(case.policy.nominals.goods), troubled(problem)
    findings = Findings()
    match product.value:
        case kashflow.ProductDraft() as draft:
            booking = _Booking(draft.nominal_code, draft.code)
            key = f"{case.document.shop}:product:{draft.nominal_code}/{draft.code}:create"
            findings += Findings(actions=(CreateProduct(key, draft),))
        case choice:
            booking = _Booking(choice.nominal_code, choice.product_code, choice.manages_stock)
    answer = f"nominal {booking.nominal}" + (f", product {booking.code}" if booking.code else "")
    return booking, findings + noted(f"product of {_name(line)}", answer, product)


def _suspended(case: Case, line: SaleLine, decided: SkippedItem) -> tuple[_Booking, Findings]:
    """Where a line goes that a person has skipped: to suspense, as no product."""
    nominal = case.policy.nominals.suspense
    if nominal is None:
        problem = suspense_missing(case.document.number, _name(line), decided.because)
        return _Booking(case.policy.nominals.goods, is_suspended=True), troubled(problem)
    told = stated(
        f"product of {_name(line)}", f"nominal {nominal} (suspense)",
        because=decided.because, rule="person",
    )  # fmt: skip
    return _Booking(nominal, is_suspended=True), told


def _naming_sku(line: SaleLine) -> str:
    """The description of a line that no product code explains any more."""
    if not line.sku or line.sku in line.description:
        return line.description
    return f"{line.description} (SKU {line.sku})"


def _name(line: SaleLine) -> str:
    return line.sku if line.kind is LineKind.GOODS and line.sku else line.key


def _objections(
    sale: Sale, lines: tuple[kashflow.LineDraft, ...], answers: Answers, policy: Policy
) -> Iterator[Problem]:
    nominals = answers.get(NominalCodes())
    if nominals is not None:
        known = {nominal.code for nominal in nominals if not nominal.archived}
        for code in sorted({line.nominal_code for line in lines} - known):
            yield nominal_missing(sale.number, code, another_nominal(policy, code, known))
    rates = answers.get(VatRates())
    if rates is not None:
        having = {plain_rate(rate.vat_rate) for rate in rates}
        undecided = foreign_rates(sale) if policy.foreign_vat is ForeignVat.HOLD else ()
        for rate in sorted({plain_rate(line.vat_level) for line in lines} - having):
            yield vat_rate_missing(sale.number, rate, having, is_undecided=rate in undecided)
