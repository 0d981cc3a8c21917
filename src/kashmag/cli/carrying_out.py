"""Carrying out plans that were shown: by number and digest, or from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kashmag.assembly import open_engine
from kashmag.cli.exits import DONE, code_of, worst
from kashmag.cli.options import Common
from kashmag.cli.order_names import OrderName
from kashmag.cli.output import Output
from kashmag.cli.telling import exit_code_of, told_document
from kashmag.engine.engine import Engine
from kashmag.errors import HeldError, KashmagError, SettingsError, StalePlanError
from kashmag.plans.events import DocumentFinished
from kashmag.plans.plan import Plan, from_json
from kashmag.rest.codec import loads


async def apply_order(order: str, digest: str | None, common: Common) -> int:
    """Carry out the plan of one order; the exit code is returned."""
    name = OrderName.parse(order)
    async with open_engine(common.load()) as engine:
        plan = await engine.plan_order(name.number, store=name.store)
        if digest is not None:
            plan = await _the_one(engine, plan, digest)
        common.output.say(plan.summary())
        return _tell(await engine.apply(plan), common.output)


async def _the_one(engine: Engine, plan: Plan, digest: str) -> Plan:
    """The plan with this digest: the one made now, or the one that was begun before."""
    if plan.digest == digest:
        return plan
    stored = await engine.logbook.opened_plan(plan.document.whole)
    if stored is not None and stored.digest == digest and stored.content:
        return _read(stored.content.encode(), "the logbook")
    if not plan.actions and not plan.is_held:
        return plan  # all that was shown is done already
    raise StalePlanError(
        f"the plan of order {plan.document.number} is now {plan.digest}, not {digest}: "
        "plan again and look"
    )


async def apply_file(path: Path, common: Common) -> int:
    """Carry out every plan of a file, each only if it is still that one."""
    plans = list(read_plans(path))
    codes = [DONE]
    async with open_engine(common.load()) as engine:
        for plan in plans:
            try:
                codes.append(_tell(await engine.apply(plan), common.output))
            except (HeldError, StalePlanError) as error:
                common.output.warn(str(error))
                codes.append(code_of(error))
    return worst(codes)


def read_plans(path: Path) -> Iterator[Plan]:
    """The plans of a file, one to a line.

    Raises:
        SettingsError: it cannot be read, holds something else, or was changed since.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    plans = [_read(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not plans:
        raise SettingsError(f"{path} holds no plan")
    yield from plans


def _read(text: bytes, where: str) -> Plan:
    try:
        told = loads(text)
        plan = from_json(told) if isinstance(told, Mapping) else None
    except (KashmagError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{where}: this is no plan as kashmag plan --json prints it") from error
    if plan is None or not isinstance(told, Mapping):
        raise SettingsError(f"{where}: this is no plan as kashmag plan --json prints it")
    if told.get("digest") != plan.digest:
        raise SettingsError(
            f"{where}: the plan of order {plan.document.number} was changed after it was made: "
            "its digest is another"
        )
    return plan


def _tell(finished: DocumentFinished, output: Output) -> int:
    output.document(told_document(finished))
    output.say(f"{finished.outcome.value}: {finished.reason}")
    return exit_code_of(finished)
