"""Reports as JSON: amounts as printed numbers, so that no reader rounds them."""

from __future__ import annotations

from kashmag.reconciliation.causes import Difference
from kashmag.reconciliation.counting import Scheme, VatScheme
from kashmag.reconciliation.figures import Bands, Counted, Figures
from kashmag.reconciliation.report import Beside, MoneyBeside, Report, Sum
from kashmag.reconciliation.rows import Row
from kashmag.reconciliation.vat import Boxes, VatDifference, VatReport
from kashmag.rest.codec import Json


def report_json(report: Report) -> dict[str, Json]:
    """One reconciliation as one JSON document."""
    return {
        "from": str(report.period.first),
        "to": str(report.period.last),
        "clean": report.is_clean,
        "balances": report.balances,
        "waiting": report.waiting,
        "unread": list(report.unread),
        "remarks": list(report.remarks),
        "totals": [_sum(one) for one in report.sums],
        "by_rate": [_beside(one, "rate") for one in report.by_rate],
        "by_day": [_beside(one, "day") for one in report.by_day],
        "by_store": [_beside(one, "store") for one in report.by_store],
        "by_order": [_beside(one, "order") for one in report.by_order],
        "by_payment_method": [_money(one) for one in report.money],
        "by_cause": [
            {"cause": cause.value, "count": sum(not one.is_other_side for one in found)}
            for cause, found in report.by_cause.items()
        ],
        "differences": [_difference(one) for one in report.differences],
        "documents": [_row(one) for one in report.rows],
    }


def vat_json(report: VatReport) -> dict[str, Json]:
    """The VAT view of a period as one JSON document."""
    return {
        "from": str(report.period.first),
        "to": str(report.period.last),
        "scheme": report.scheme.kind.value,
        "flat_rate": str(report.scheme.percent) if report.scheme.percent else None,
        "turnover": _turnover(report.scheme),
        "currency": report.currency,
        "remarks": list(report.remarks),
        "clean": report.is_clean,
        "balances": report.balances,
        "shop": _boxes(report.shop),
        "kashflow": _boxes(report.account),
        "by_rate": [_beside(one, "rate") for one in report.by_rate],
        "foreign": [_beside(one, "rate") for one in report.foreign],
        "differences": [_vat_difference(one) for one in report.differences],
        "straddling": [_vat_difference(one) for one in report.straddling],
    }


def _turnover(scheme: Scheme) -> str | None:
    if scheme.kind is not VatScheme.FLAT_RATE:
        return None
    return "cash_based" if scheme.is_cash_based else "basic"


def _sum(one: Sum) -> dict[str, Json]:
    return {
        "currency": one.currency,
        "shop": _counted(one.shop),
        "kashflow": _counted(one.account),
        "difference": _counted(one.difference),
    }


def _beside(one: Beside, name: str) -> dict[str, Json]:
    return {
        name: one.label,
        "currency": one.currency,
        "shop": _figures(one.shop),
        "kashflow": _figures(one.account),
        "difference": _figures(one.difference),
    }


def _money(one: MoneyBeside) -> dict[str, Json]:
    return {
        "method": one.label,
        "currency": one.currency,
        "shop": str(one.shop),
        "kashflow": str(one.account),
        "difference": str(one.difference),
    }


def _counted(one: Counted) -> dict[str, Json]:
    return {**_figures(one.figures), "paid": str(one.paid)}


def _figures(one: Figures) -> dict[str, Json]:
    return {"net": str(one.net), "vat": str(one.vat), "gross": str(one.gross)}


def _boxes(one: Boxes) -> dict[str, Json]:
    return {"box_1": str(one.box_1), "box_6": str(one.box_6)}


def _difference(one: Difference) -> dict[str, Json]:
    return {
        "cause": one.cause.value,
        "needs_a_person": one.needs_a_person,
        "message": one.message,
        "order": one.order or None,
        "number": one.number or None,
        "invoice": one.invoice_number,
        "day": str(one.day) if one.day else None,
        "about": "payment" if one.is_payment else "document",
        "currency": one.currency,
        "difference": _counted(one.counted),
    }


def _row(one: Row) -> dict[str, Json]:
    return {
        "kind": one.kind.value,
        "order": one.order,
        "number": one.number,
        "store": one.store,
        "currency": one.currency,
        "shop_day": str(one.shop_day) if one.shop_day else None,
        "shop": _counted(one.shop) if one.shop is not None else None,
        "invoice": one.invoice_number,
        "kashflow_day": str(one.account_day) if one.account_day else None,
        "kashflow": _counted(one.account) if one.account is not None else None,
        "causes": [cause.value for cause in one.causes],
    }


def _vat_difference(one: VatDifference) -> dict[str, Json]:
    return {
        "order": one.order or None,
        "number": one.number or None,
        "invoice": one.invoice_number,
        "shop_day": str(one.shop_day) if one.shop_day else None,
        "kashflow_day": str(one.account_day) if one.account_day else None,
        "straddles": one.straddles,
        "in_filed_return": one.is_filed,
        "needs_a_person": one.needs_a_person,
        "difference": _figures(one.delta),
        "by_rate": _bands(one.bands),
        "causes": [cause.value for cause in one.causes],
        "messages": list(one.messages),
    }


def _bands(bands: Bands) -> list[Json]:
    return [{"rate": band, **_figures(figures)} for band, figures in bands.items()]
