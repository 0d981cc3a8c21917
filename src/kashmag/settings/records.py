"""What settings are: one frozen value, and how it is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from kashmag.errors import SettingsError
from kashmag.kashflow import ASSUMED, Assumptions
from kashmag.plans.policy import Policy
from kashmag.settings.connections import AlertSettings, KashflowSettings, MagentoSettings
from kashmag.settings.lacking import lacking
from kashmag.settings.loading import read_settings
from kashmag.settings.secret import without_password
from kashmag.settings.sections import alert_settings, kashflow_settings, magento_settings


def _masked(url: str) -> str:
    return repr(without_password(url))


@frozen
class Settings:
    """All settings of one environment.

    `rules` are the plugins named in the file: paths of Python files (absolute, or from the folder
    of the settings file) or importable module names. `assumptions` are what is believed of this
    account's KashFlow without proof. `source` is the file they were read from.
    """

    env: str = "default"
    magento: MagentoSettings = field(factory=MagentoSettings, kw_only=True)
    kashflow: KashflowSettings = field(factory=KashflowSettings, kw_only=True)
    alerts: AlertSettings = field(factory=AlertSettings, kw_only=True)
    logbook_url: str = field(default="sqlite:///kashmag.sqlite", kw_only=True, repr=_masked)
    policy: Policy = field(factory=Policy, kw_only=True)
    assumptions: Assumptions = field(default=ASSUMED, kw_only=True)
    rules: tuple[str, ...] = field(default=(), kw_only=True)
    source: Path | None = field(default=None, kw_only=True)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        env: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Settings:
        """The settings of one environment: the environment's variables over the file.

        Without `path`, `kashmag.toml` in the working folder is read if it is there. Without `env`
        it is `KASHMAG_ENV`, or the only environment of the file. To lay answers of your own over
        both, use `attrs.evolve`.

        Raises:
            SettingsError: the file cannot be read, or something in it is unknown or impossible;
                one sentence for each fault, with the file, the key and the nearest valid one.
        """
        read = read_settings(
            Path(path) if path is not None else None,
            env,
            os.environ if environ is None else environ,
        )
        return cls(
            read.env,
            magento=magento_settings(read.sections.get("magento", {})),
            kashflow=kashflow_settings(read.sections.get("kashflow", {})),
            alerts=alert_settings(read.sections.get("alerts", {})),
            logbook_url=read.logbook_url,
            policy=read.policy,
            assumptions=read.assumptions,
            rules=read.rules,
            source=read.source,
        )

    def lacking(self) -> tuple[str, ...]:
        """What must still be set before shop and accounts can be spoken to, a sentence each."""
        return (*lacking(self.env, self.magento, self.kashflow), *self.alerts.lacking())

    def require_connections(self) -> None:
        """Raise SettingsError unless both far ends can be signed in to.

        Raises:
            SettingsError: says what is missing and where to put it.
        """
        if missing := self.lacking():
            raise SettingsError("\n".join(missing))
