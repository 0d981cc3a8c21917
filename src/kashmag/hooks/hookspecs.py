"""All hooks in one place: what integrators may decide, object to, ask and observe.

Implement any of them with `@hookimpl` in a module or object of your own, take any subset of the
arguments, and return `Decision(value, because="...")` or None for "no opinion". Hooks are blocking
and pure: no network, clock, disk or chance; but for `kashmag_deliver`, which has a thread of its
own and some seconds. The first opinion wins, plugins before defaults, the
last registered plugin first. kashmag's own rules are implementations of these same hooks:
`kashmag.hooks.defaults`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pluggy import HookimplMarker, HookspecMarker

from kashmag import kashflow, magento
from kashmag.accounting import Payment, Problem, Sale, SaleLine
from kashmag.plans.decisions import Decision, ProductChoice, VatChoice
from kashmag.plans.events import AlertRaised, Event
from kashmag.plans.plan import Plan
from kashmag.plans.policy import OrderOutcome, PaymentRule, Policy
from kashmag.plans.questions import Answers, Question

hookspec = HookspecMarker("kashmag")
hookimpl = HookimplMarker("kashmag")


class HookSpecs:
    """The signatures; `hooks.Hooks` calls them and checks what comes back."""

    @hookspec
    def kashmag_ask(
        self, sale: Sale, answers: Answers, policy: Policy
    ) -> Iterable[Question[object]] | None:
        """What else must be known? Asked again until nothing is new; all plugins are joined."""

    @hookspec(firstresult=True)
    def kashmag_map_status(
        self, order: magento.Order, answers: Answers, policy: Policy
    ) -> Decision[OrderOutcome] | None:
        """Does this order wait, or is its invoice unpaid, paid or void?"""

    @hookspec(firstresult=True)
    def kashmag_match_customer(
        self,
        sale: Sale,
        order: magento.Order,
        candidates: Sequence[kashflow.Customer],
        answers: Answers,
        policy: Policy,
    ) -> Decision[kashflow.Customer | kashflow.CustomerDraft] | None:
        """Whose account is it owed on? A decided draft creates a new one."""

    @hookspec(firstresult=True)
    def kashmag_resolve_product(
        self,
        line: SaleLine,
        sale: Sale,
        candidates: Sequence[kashflow.Product],
        answers: Answers,
        policy: Policy,
    ) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
        """Which product is this line, or straight to which nominal? A draft creates a product."""

    @hookspec(firstresult=True)
    def kashmag_choose_vat(
        self, line: SaleLine, sale: Sale, order: magento.Order, answers: Answers, policy: Policy
    ) -> Decision[VatChoice] | None:
        """Which VAT treatment? The rate stays the shop's; changing it holds the order."""

    @hookspec(firstresult=True)
    def kashmag_map_payment(
        self, payment: Payment, sale: Sale, answers: Answers, policy: Policy
    ) -> Decision[PaymentRule] | None:
        """To which KashFlow method and bank account, or is it left to the account's own import?"""

    @hookspec
    def kashmag_object(
        self, plan: Plan, sale: Sale, answers: Answers, policy: Policy
    ) -> Iterable[Problem] | None:
        """Is anything against this plan? All plugins are joined; none can object to silence."""

    @hookspec
    def kashmag_observe(self, event: Event) -> None:
        """Be told what happened, after the logbook has committed; failures are logged only."""

    @hookspec
    def kashmag_deliver(self, alert: AlertRaised) -> None:
        """Bring an alert to a person: return when it was taken, raise when it was not.

        Each plugin that answers is a receiver of its own. What it did not take is owed to it, and
        comes again with the next run, together with what is new by then.
        """
