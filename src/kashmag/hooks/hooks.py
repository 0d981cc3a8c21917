"""The typed facade in front of pluggy: calls each hook, checks each opinion, names its author.

The only module that speaks to pluggy's manager. A coroutine, a wrong type, an exception or an
unknown hook name from a plugin is a PluginError that names plugin and hook.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Final, TypeVar, cast

import pluggy

from kashmag import kashflow, magento
from kashmag.accounting import Payment, Problem, Sale, SaleLine
from kashmag.errors import PluginError
from kashmag.hooks import defaults
from kashmag.hooks.hookspecs import HookSpecs
from kashmag.hooks.receivers import Receiver
from kashmag.plans.decisions import Decision, ProductChoice, VatChoice
from kashmag.plans.events import AlertRaised, Event
from kashmag.plans.plan import Plan
from kashmag.plans.policy import OrderOutcome, PaymentRule, Policy
from kashmag.plans.questions import Answers, Question

ENTRY_POINT_GROUP = "kashmag"
_log = logging.getLogger("kashmag.hooks")
T = TypeVar("T")
# Whatever else a plugin raises is the plugin's fault, SystemExit too: no plugin ends the program.
_OBEYED: Final = (KeyboardInterrupt, asyncio.CancelledError)


class Hooks:
    """Every registered plugin behind one typed method per hook."""

    def __init__(self, plugins: Iterable[object] = (), *, discover: bool = False) -> None:
        """Register kashmag's defaults, then installed plugins if asked to, then `plugins`."""
        self._manager = pluggy.PluginManager("kashmag")
        self._manager.add_hookspecs(HookSpecs)
        for rule in defaults.ALL:
            self._register(rule)
        if discover:
            self._discover()
        for plugin in plugins:
            self._register(plugin)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all plugins, defaults first."""
        return tuple(name for name, _ in self._manager.list_name_plugin())

    def implemented(self) -> dict[str, frozenset[str]]:
        """The hooks that each plugin of the user's answers, by the plugin's name."""
        return {
            name: frozenset(caller.name for caller in self._manager.get_hookcallers(plugin) or ())
            for name, plugin in self._manager.list_name_plugin()
            if plugin not in defaults.ALL
        }

    def doubts(self) -> Iterator[tuple[str, str]]:
        """What looks like a hook in a plugin and is none, or is one that cannot be called."""
        for name, plugin in self._manager.list_name_plugin():
            answered = self.implemented().get(name)
            for attribute in dir(plugin):
                if answered is None or not attribute.startswith("kashmag_"):
                    continue
                if attribute not in answered:
                    yield name, f"{attribute} is not marked with @hookimpl: nobody calls it"
                elif inspect.iscoroutinefunction(getattr(plugin, attribute)):
                    yield name, f"{attribute} is a coroutine: hooks are blocking and pure"

    def ask(self, sale: Sale, answers: Answers, policy: Policy) -> tuple[Question[object], ...]:
        """What the plugins want to know and is not known yet, in order, without repetition."""
        asked: dict[Question[object], None] = {}
        for author, questions in self._opinions(
            "kashmag_ask", sale=sale, answers=answers, policy=policy
        ):
            for question in self._all(author, "kashmag_ask", questions, Question):
                asked.setdefault(question)
        return tuple(question for question in asked if question not in answers)

    def map_status(
        self, order: magento.Order, answers: Answers, policy: Policy
    ) -> Decision[OrderOutcome] | None:
        """Wait, unpaid, paid or void; None when nobody has an opinion."""
        return self._first(
            "kashmag_map_status", (OrderOutcome,), order=order, answers=answers, policy=policy
        )

    def match_customer(
        self,
        sale: Sale,
        order: magento.Order,
        candidates: Sequence[kashflow.Customer],
        *,
        answers: Answers,
        policy: Policy,
    ) -> Decision[kashflow.Customer | kashflow.CustomerDraft] | None:
        """Whose account; None when nobody dares to choose."""
        return self._first(
            "kashmag_match_customer",
            (kashflow.Customer, kashflow.CustomerDraft),
            sale=sale,
            order=order,
            candidates=candidates,
            answers=answers,
            policy=policy,
        )

    def resolve_product(
        self,
        line: SaleLine,
        sale: Sale,
        candidates: Sequence[kashflow.Product],
        *,
        answers: Answers,
        policy: Policy,
    ) -> Decision[ProductChoice | kashflow.ProductDraft] | None:
        """Which product or nominal; None when the policy holds unknown SKUs."""
        return self._first(
            "kashmag_resolve_product",
            (ProductChoice, kashflow.ProductDraft),
            line=line,
            sale=sale,
            candidates=candidates,
            answers=answers,
            policy=policy,
        )

    def choose_vat(
        self, line: SaleLine, sale: Sale, order: magento.Order, *, answers: Answers, policy: Policy
    ) -> Decision[VatChoice] | None:
        """Which VAT treatment."""
        return self._first(
            "kashmag_choose_vat",
            (VatChoice,),
            line=line,
            sale=sale,
            order=order,
            answers=answers,
            policy=policy,
        )

    def map_payment(
        self, payment: Payment, sale: Sale, *, answers: Answers, policy: Policy
    ) -> Decision[PaymentRule] | None:
        """Where the money went; None for a method that is in no table."""
        return self._first(
            "kashmag_map_payment",
            (PaymentRule,),
            payment=payment,
            sale=sale,
            answers=answers,
            policy=policy,
        )

    def objections(
        self, plan: Plan, sale: Sale, *, answers: Answers, policy: Policy
    ) -> tuple[Problem, ...]:
        """Everything that anybody has against the plan."""
        found: list[Problem] = []
        for author, problems in self._opinions(
            "kashmag_object", plan=plan, sale=sale, answers=answers, policy=policy
        ):
            told = self._all(author, "kashmag_object", problems, Problem)
            if any(not (one.code and one.message) for one in told):
                raise PluginError(
                    f"plugin {author} objects without saying why: a Problem has a code and a "
                    "message"
                )
            found += told
        return tuple(found)

    def observe(self, event: Event) -> None:
        """Tell every observer; an observer's failure is logged, never obeyed."""
        for impl in self._implementations("kashmag_observe"):
            try:
                impl.function(*(event for _ in impl.argnames))
            except _OBEYED:
                raise
            except BaseException:  # noqa: BLE001 - an observer never stops the work
                _log.exception("observer %s failed", impl.plugin_name)

    def receivers(self) -> tuple[Receiver, ...]:
        """Whoever is told of alerts; an object may say who that is by its `receiver`."""
        return tuple(
            Receiver(
                impl.plugin_name,
                str(getattr(impl.plugin, "receiver", impl.plugin_name)),
                _handing_over(impl),
            )
            for impl in self._implementations("kashmag_deliver")
        )

    def _first(self, hook: str, kinds: tuple[type, ...], **told: object) -> Decision[T] | None:
        for author, opinion in self._opinions(hook, **told):
            if not isinstance(opinion, Decision):
                raise PluginError(
                    f"plugin {author} returned {_kind(opinion)} from {hook}: "
                    "return Decision(value, because=...) or None"
                )
            if not isinstance(opinion.value, kinds):
                wanted = " or ".join(kind.__name__ for kind in kinds)
                raise PluginError(
                    f"plugin {author} decided {_kind(opinion.value)} in {hook}: {wanted} is wanted"
                )
            return Decision(cast("T", opinion.value), because=opinion.because, rule=author)
        return None

    def _opinions(self, hook: str, **told: object) -> Iterator[tuple[str, object]]:
        for impl in self._implementations(hook):
            opinion = _answered(impl, hook, told)
            if inspect.iscoroutine(opinion):
                opinion.close()
                raise PluginError(
                    f"plugin {impl.plugin_name} implements {hook} as a coroutine: "
                    "hooks are blocking and pure, write `def`"
                )
            if opinion is not None:
                yield impl.plugin_name, opinion

    def _all(self, author: str, hook: str, opinion: object, kind: type[T]) -> tuple[T, ...]:
        if isinstance(opinion, str) or not isinstance(opinion, Iterable):
            raise PluginError(
                f"plugin {author} returned {_kind(opinion)} from {hook}: "
                f"an iterable of {kind.__name__} is wanted"
            )
        told = _of_plugin(author, hook, lambda: tuple(opinion))  # it may be a generator
        if wrong := [one for one in told if not isinstance(one, kind)]:
            raise PluginError(
                f"plugin {author} returned {_kind(wrong[0])} among the answers of {hook}: "
                f"{kind.__name__} is wanted"
            )
        return told

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return list(reversed(caller.get_hookimpls()))

    def _register(self, plugin: object, name: str | None = None) -> None:
        try:
            self._manager.register(plugin, name or _name_of(plugin))
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PluginError(f"plugin {name or _name_of(plugin)} is refused: {error}") from error
        self._refuse_wrappers(plugin)

    def _refuse_wrappers(self, plugin: object) -> None:
        for caller in self._manager.get_hookcallers(plugin) or ():
            for impl in caller.get_hookimpls():
                if impl.plugin is plugin and (impl.hookwrapper or impl.wrapper):
                    raise PluginError(
                        f"plugin {impl.plugin_name} wraps {caller.name}: hooks answer, "
                        "they do not edit"
                    )

    def _discover(self) -> None:
        try:
            self._manager.load_setuptools_entrypoints(ENTRY_POINT_GROUP)
            self._manager.check_pending()
        except _OBEYED:
            raise
        except BaseException as error:
            raise PluginError(f"an installed plugin cannot be loaded: {error}") from error


def _answered(impl: pluggy.HookImpl, hook: str, told: Mapping[str, object]) -> object:
    arguments = [told[name] for name in impl.argnames]
    return _of_plugin(impl.plugin_name, hook, lambda: impl.function(*arguments))


def _of_plugin(author: str, hook: str, act: Callable[[], T]) -> T:
    """What a plugin says; what it raises is a PluginError that names it."""
    try:
        return act()
    except _OBEYED:
        raise
    except BaseException as error:
        raise PluginError(
            f"plugin {author} failed in {hook}: {type(error).__name__}: {error}"
        ) from error


def _handing_over(impl: pluggy.HookImpl) -> Callable[[AlertRaised], object]:
    return lambda alert: impl.function(*(alert for _ in impl.argnames))


def _name_of(plugin: object) -> str:
    if isinstance(plugin, ModuleType):
        return plugin.__name__
    return getattr(plugin, "name", None) or type(plugin).__name__


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
