"""The stand-in itself: its application, and the back door for tests and demonstrations."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request as PageRequest
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.routing import Route as PageRoute

from kashmag.sandbox.faults import Faults, FaultyApp
from kashmag.sandbox.json_text import Json
from kashmag.sandbox.kashflow import (
    account_info,
    bank_entries,
    banking,
    census,
    currencies,
    customer_routes,
    customer_views,
    customers,
    documents,
    invoice_routes,
    invoice_views,
    nominals,
    notes,
    page_view,
    payments,
    places,
    products,
    quotes,
    sources,
    vat,
)
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.api import Api
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.census import Census
from kashmag.sandbox.kashflow.fresh import furnish
from kashmag.sandbox.kashflow.invoices import summed
from kashmag.sandbox.kashflow.payment_lines import new_payment, settle
from kashmag.sandbox.kashflow.signin import Credentials, Sessions
from kashmag.sandbox.kashflow.store import Store
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.kashflow.wire import DIALECT, money

ROUTES: Final = (
    *customer_routes.ROUTES,
    *customer_views.ROUTES,
    *invoice_routes.ROUTES,
    *payments.ROUTES,
    *quotes.ROUTES,
    *products.ROUTES,
    *nominals.ROUTES,
    *banking.ROUTES,
    *bank_entries.ROUTES,
    *vat.ROUTES,
    *currencies.ROUTES,
    *places.ROUTES,
    *sources.ROUTES,
    *notes.ROUTES,
    *account_info.ROUTES,
    *documents.ROUTES,
)


def system_clock() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


class KashflowSandbox:
    """One KashFlow account on your desk: the API under `/v2`, a page at `/`.

    With `state`, every write is on that file before it is answered, and a new stand-in on the same
    file goes on where the old one was killed. Not for several threads at once.
    """

    def __init__(
        self,
        *,
        switches: Switches | None = None,
        faults: Faults | None = None,
        seed: int = 0,
        clock: Callable[[], datetime] = system_clock,
        state: Path | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.switches = switches or Switches()
        self.faults = faults or Faults.none()
        self.credentials = credentials or Credentials()
        self._account = Account(
            Store(state),
            self.switches,
            self.faults.skewed(clock),
            random.Random(seed),  # noqa: S311  repeatable by intent
            self.faults,
        )
        if self._account.store.is_empty:
            self._furnish()
        self.sessions = Sessions(self._account, self.credentials)
        routes = (*self.sessions.routes, *ROUTES)
        self._api = Api(self._account, routes, self.sessions.is_valid)
        site = Starlette(routes=[PageRoute("/", self._page), Mount("/v2", app=self._api)])
        self.app: FaultyApp = self.faults.wrap(
            site, DIALECT, expire_sessions=self.sessions.expire_worn
        )
        """The ASGI application; `history` tells which faults struck."""

    def census(self) -> Census:
        """Count what is there, behind the API's back."""
        return census.take(
            self._account.store,
            sign_ins=self.sessions.sign_ins,
            refused_sign_ins=self.sessions.refusals,
            requests=self._api.requests,
        )

    def violations(self) -> tuple[str, ...]:
        """The last thousand requests that were refused as impossible, and why."""
        return tuple(self._api.violations)

    def invoices(self) -> list[dict[str, Json]]:
        """Every invoice and credit note, by number, as the API shows it."""
        store = self._account.store
        found = [store.get("invoices", number) or {} for number in store.numbers("invoices")]
        return [invoice_views.detail(self._account, invoice) for invoice in found]

    def customers(self) -> list[dict[str, Json]]:
        """Every customer, archived ones too, as the API shows it."""
        found = self._account.store.all("customers")
        return [customer_views.detail(self._account, customer) for customer in found]

    def products(self) -> list[dict[str, Json]]:
        """Every product with its stock."""
        return self._account.store.all("products")

    def bank_accounts(self) -> list[dict[str, Json]]:
        """Every bank account with its balance."""
        return self._account.store.all("bank_accounts")

    def emails(self) -> list[dict[str, Json]]:
        """Every e-mail that would have been sent."""
        return self._account.store.all("emails")

    def reset(self) -> None:
        """Make the account as new: nothing but what every account has, and nobody signed in."""
        self._account.store.clear()
        self._furnish()
        self.sessions.expire_all()

    def save(self, path: Path) -> None:
        """Save all that is here to a new file; `state=path` starts another stand-in from it.

        Raises:
            SettingsError: the file is there already, or cannot be written.
        """
        self._account.store.save(path)

    def close(self) -> None:
        """Let go of the state file."""
        self._account.store.close()

    def file_vat_return(self, until: date) -> int:
        """File a VAT return: what is dated until then is locked. Says how many documents."""
        account, filed = self._account, 0
        with account.store.transaction():
            number = account.store.next_id()
            account.store.put("settings", "vat_return", {"Until": until.isoformat()})
            for invoice in account.store.all("invoices"):
                if invoice["IssuedDate"] <= until.isoformat() and not invoice["VATReturnId"]:
                    changed = {**invoice, "VATReturnId": number}
                    account.store.put("invoices", invoice["Number"], changed)
                    filed += 1
        return filed

    def stand_to_vat(self, *, is_registered: bool = True, is_on_cash: bool = False) -> None:
        """Say how the account stands to VAT."""
        chosen = {"IsRegistered": is_registered, "IsOnCash": is_on_cash}
        with self._account.store.transaction():
            self._account.store.put("settings", "vat", chosen)

    def lock_bank_account(self, account_id: int, until: date) -> None:
        """Lock a bank account: no payment until that day can come, go or change."""
        lock = {"TransactionLockEnabled": True, "TransactionLockDate": until.isoformat()}
        self._change("bank_accounts", account_id, lock)

    def reconcile(self, invoice_number: int) -> None:
        """Reconcile every payment of an invoice with the bank, as a bookkeeper would."""
        invoice = self._account.store.get("invoices", invoice_number) or {}
        lines = [{**p, "BankReconciliationId": 1} for p in invoice.get("PaymentLines", [])]
        self._change("invoices", invoice_number, {"PaymentLines": lines})

    def edit_invoice(self, number: int, changes: Mapping[str, Json]) -> None:
        """Change an invoice as a bookkeeper does in the web application, past every lock.

        `changes` are fields of the record; `LineItems` are changed by giving whole lines. Totals
        follow.

        Raises:
            KeyError: there is no such invoice, or no such field.
        """
        account = self._account
        invoice = account.store.get("invoices", number)
        if invoice is None:
            raise KeyError(number)
        unknown = sorted(set(changes) - set(invoice))
        if unknown:
            raise KeyError(unknown[0])
        changed = summed(account, {**invoice, **_in_pounds(changes)})
        changed["_Search"] = changed["CustomerReference"].lower()
        with account.store.transaction():
            account.store.put("invoices", number, changed)

    def import_payment(
        self, number: int, amount: Decimal, on: date, *, bank_account: int = 3, note: str = ""
    ) -> None:
        """Put money on an invoice as the account's own import of a payment provider does.

        Raises:
            KeyError: there is no such invoice.
        """
        account = self._account
        invoice = account.store.get("invoices", number)
        if invoice is None:
            raise KeyError(number)
        with account.store.transaction():
            told = {"Date": on.isoformat(), "Amount": money(amount), "Note": note}
            paid = {**new_payment(account), **told, "Method": 3, "AccountId": bank_account}
            lines = [*invoice["PaymentLines"], paid]
            changed = summed(account, {**invoice, "PaymentLines": lines})
            settle(account, invoice, changed)
            account.store.put("invoices", number, changed)

    def edit_customer(self, code: str, changes: Mapping[str, Json]) -> None:
        """Change a customer as a bookkeeper does in the web application.

        Raises:
            KeyError: there is no such customer, or no such field.
        """
        account = self._account
        key = account.customer_key(code)
        customer = account.store.get("customers", key)
        if customer is None:
            raise KeyError(code)
        unknown = sorted(set(changes) - set(customer))
        if unknown:
            raise KeyError(unknown[0])
        updated = {"LastUpdatedDate": account.today.isoformat()}
        with account.store.transaction():
            changed = customers.searchable({**customer, **changes, **updated})
            account.store.put("customers", key, changed)

    def void_invoice(self, number: int) -> None:
        """Void an invoice: it stays readable and carries `DeletedAt`."""
        self._change("invoices", number, {"DeletedAt": self._account.today.isoformat()})

    def lock_user(self) -> None:
        """Lock the user, as too many bad sign-ins do."""
        failures = {"Count": self.switches.failures_until_locked}
        with self._account.store.transaction():
            self._account.store.put("settings", "sign_in_failures", failures)

    def expire_sessions(self) -> None:
        """End every session at once."""
        self.sessions.expire_all()

    def _furnish(self) -> None:
        with self._account.store.transaction():
            furnish(self._account)

    def _change(self, table: str, key: int, changes: Record) -> None:
        record = self._account.store.get(table, key)
        if record is None:
            raise KeyError(key)
        with self._account.store.transaction():
            self._account.store.put(table, key, {**record, **changes})

    async def _page(self, _: PageRequest) -> HTMLResponse:
        return HTMLResponse(page_view.render(self._account))


def _in_pounds(changes: Mapping[str, Json]) -> Record:
    lines = changes.get("LineItems")
    if not isinstance(lines, list):
        return dict(changes)
    amounts = ("Quantity", "Rate", "VATLevel", "VATAmount")
    kept = [
        {**line, **{n: money(Decimal(str(line[n]))) for n in amounts if n in line}}
        for line in lines
        if isinstance(line, dict)
    ]
    return {**changes, "LineItems": kept}
