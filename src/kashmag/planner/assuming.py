"""Answers taken for granted where nobody can be asked: planning offline, from files alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kashmag import kashflow
from kashmag.hooks.hooks import Hooks
from kashmag.planner.asking import asking
from kashmag.planner.cases import Case
from kashmag.plans.policy import Policy
from kashmag.plans.questions import (
    Accepted,
    AccountVat,
    Answers,
    AsPosted,
    Assumptions,
    BankAccounts,
    CustomerByCode,
    CustomersByEmail,
    CustomersByName,
    CustomersByVatNumber,
    FiledMonth,
    FurtherNumbers,
    HomeCurrency,
    InvoiceByNumber,
    InvoicesByReference,
    NominalCodes,
    ProductsByCode,
    Question,
    SkippedItems,
    TypedByHand,
    VatRates,
)

UK_RATES = (Decimal(20), Decimal(5), Decimal(0))


def assume_all(case: Case, hooks: Hooks) -> tuple[Answers, tuple[str, ...]]:
    """An answer to everything that a case asks, as far as the policy has one, and what it was."""
    answers, assumed = Answers(), dict[str, None]()
    while questions := asking(case, answers, hooks):
        found, sentences = assumed_answers(questions, case.policy)
        if not len(found):  # only a plugin's own readings are left; the plugin has to cope
            unasked = (f"{type(question).__name__} could not be asked" for question in questions)
            assumed.update(dict.fromkeys(unasked))
            break
        answers = answers.having({question: found[question] for question in found})
        assumed.update(dict.fromkeys(sentences))
    return answers, tuple(assumed)


def assumed_answers(
    questions: Iterable[Question[object]], policy: Policy
) -> tuple[Answers, tuple[str, ...]]:
    """An answer to each question from the policy alone, and what was assumed, in sentences."""
    found: dict[Question[object], object] = {}
    assumed: dict[str, None] = {}
    for question in questions:
        told = _assumed(question, policy)
        if told is not None:
            found[question], sentence = told
            assumed.setdefault(sentence)
    return Answers(found), tuple(assumed)


def _assumed(question: Question[object], policy: Policy) -> tuple[object, str] | None:
    match question:
        case CustomersByEmail() | CustomersByName() | CustomersByVatNumber():
            return (), "the buyer is not a customer yet"
        case CustomerByCode():
            return None, "the buyer is not a customer yet"
        case InvoicesByReference():
            return (), "nothing is posted yet"
        case TypedByHand():
            return (), "nobody has typed the order by hand"
        case AsPosted():
            return None, "nothing is posted yet"
        case Accepted():
            return (), "nobody has accepted a difference"
        case InvoiceByNumber():
            return None, "the invoice number is free"
        case FurtherNumbers(deeds, first=first):
            given = dict(zip(deeds, range(first, first + len(deeds)), strict=True))
            return given, "the numbers for further documents are free"
        case ProductsByCode():
            return (), "no SKU is a product in KashFlow"
        case VatRates():
            rates = tuple(kashflow.VatRate(i, rate) for i, rate in enumerate(UK_RATES, start=1))
            return rates, "the account has VAT at 20 %, 5 % and 0 %"
        case NominalCodes():
            return _nominals(policy), "the nominals of the policy exist"
        case BankAccounts():
            return _bank_accounts(policy), "the bank accounts of the policy exist"
        case HomeCurrency():
            return "GBP", "the account's home currency is GBP"
        case FiledMonth():
            return None, "no VAT return is filed that the document would fall into"
        case SkippedItems():
            return (), "nobody has skipped an item"
        case AccountVat():
            return kashflow.VatSettings(True), "the account is registered for VAT"
        case Assumptions():
            return kashflow.Assumptions(), "KashFlow behaves as the default assumptions say"
        case _:
            return None


def _nominals(policy: Policy) -> tuple[kashflow.Nominal, ...]:
    codes = (
        *policy.nominals.named().values(),
        *policy.nominals_by_tax_class.values(),
        *(code for by_value in policy.nominals_by_attribute.values() for code in by_value.values()),
    )
    return tuple(kashflow.Nominal(code) for code in dict.fromkeys(codes) if code is not None)


def _bank_accounts(policy: Policy) -> tuple[kashflow.BankAccount, ...]:
    rules = (*policy.payments.values(), *policy.credits.values())
    ids = dict.fromkeys(rule.bank_account for rule in rules if rule.bank_account is not None)
    return tuple(kashflow.BankAccount(account) for account in ids)
