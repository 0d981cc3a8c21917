from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.assembly import assemble_alerts
from kashmag.engine.alert_words import as_text
from kashmag.engine.alerts import EmailAlerts, LogAlerts, WebhookAlerts
from kashmag.errors import RemoteError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.plans.events import AlertRaised
from kashmag.plans.policy import Adjustments, Nominals
from kashmag.sandbox.faults import Faults, Kind, Rule
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.settings import Secret, Settings
from kashmag.settings.connections import AlertSettings
from kashmag.settings.connections import MailSecurity as Security
from kashmag.testing.worlds import BEGINNING, POLICY, World


async def test_a_run_with_news_tells_it_once_and_says_when_it_is_over(tmp_path: Path) -> None:
    policy = evolve(POLICY, go_live=BEGINNING.date())
    right = evolve(policy, adjustments=Adjustments.NO_VAT, nominals=Nominals(adjustments=4300))
    async with World(tmp_path, policy=policy) as world:
        world.shop.load_recorded()
        alerts = []
        for each in (policy, policy, right):
            async with world.engine(policy=each) as engine:
                found = [e async for e in engine.sync("orders") if isinstance(e, AlertRaised)]
                alerts.append(found)
    assert "adjustment_held" in {g.code for g in alerts[0][0].new}
    assert alerts[1] == []
    assert "adjustment_held" in alerts[2][0].recovered
    assert "Recovered: adjustment_held" in as_text(alerts[2][0])


def test_the_settings_name_the_channels_and_each_recipient_is_one(tmp_path: Path) -> None:
    told = AlertSettings(
        webhook_url="https://hooks.example/x",
        webhook_secret=Secret("shared"),
        smtp="mail.example:2525",
        sender="books@shop.example",
        recipients=("clerk@shop.example", "owner@shop.example", "clerk@shop.example"),
    )
    log, hook, *mails = assemble_alerts(Settings(alerts=told))
    assert isinstance(log, LogAlerts)
    assert isinstance(hook, WebhookAlerts)
    to = []
    for mail in mails:
        assert isinstance(mail, EmailAlerts)
        assert (mail.host, mail.port, mail.security) == ("mail.example", 2525, Security.STARTTLS)
        assert (hook.authorities, mail.authorities) == (None, None)
        to += mail.recipients
    assert to == ["clerk@shop.example", "owner@shop.example"]
    identities = {one.identity for one in Hooks([hook, *mails]).receivers()}
    assert len(identities) == 3
    assert not [one for one in identities if "example" in one], "the logbook keeps no address"
    assert assemble_alerts(Settings()) == (LogAlerts(),)
    with pytest.raises(SettingsError, match="needs a secret"):
        assemble_alerts(Settings(alerts=evolve(told, webhook_secret=None)))


def test_a_mail_server_is_found_where_such_servers_are(tmp_path: Path) -> None:
    (tmp_path / "ours.pem").touch()
    for security, port in (("starttls", 587), ("tls", 465), ("none", 25)):
        told = AlertSettings(
            smtp="mail.example",
            sender="books@shop.example",
            recipients=("clerk@shop.example",),
            smtp_security=security,
            ca_file="ours.pem",
        )
        named = Settings(alerts=told, source=tmp_path / "kashmag.toml")
        _, mail = assemble_alerts(named)
        assert isinstance(mail, EmailAlerts)
        assert mail.port == port
        assert mail.authorities == str(tmp_path / "ours.pem")
        with pytest.raises(
            SettingsError, match=r"ca_file names theirs\.pem, but .* does not exist"
        ):
            assemble_alerts(evolve(named, alerts=evolve(told, ca_file="theirs.pem")))


def test_another_address_is_another_receiver() -> None:
    here, there = (WebhookAlerts(f"https://hooks.example/{one}", "s") for one in "ab")
    assert here.name == there.name
    assert here.receiver != there.receiver
    assert here.receiver == WebhookAlerts("https://hooks.example/a", "another").receiver


async def test_a_run_that_cannot_begin_is_told_once_and_when_it_is_over(tmp_path: Path) -> None:
    down = Faults.of(Rule(Kind.ERROR_503, path="*/orders*"), seed=1)
    policy = evolve(POLICY, go_live=BEGINNING.date())
    told: list[list[AlertRaised]] = []
    async with World(tmp_path, policy=policy, magento_faults=down) as world:
        world.shop.load_recorded()
        for flow in ("orders", "orders", "refunds", "orders", "orders"):
            # Down for the first three runs, of which one does not ask for orders first.
            found: list[AlertRaised] = []
            async with world.engine() as engine:
                with contextlib.suppress(RemoteError):
                    async for event in engine.sync(flow):
                        if isinstance(event, AlertRaised):
                            found.append(event)
            told.append(found)
            if len(told) == 3:
                world.shop.app = MagentoSandbox(clock=world.time.now).app
    first, again, other, up, silent = told
    assert [group.code for group in first[0].new] == ["run:orders"]
    assert "cannot run orders" in as_text(first[0])
    assert again == []
    assert all("run:orders" not in alert.recovered for alert in other)
    assert "run:orders" in up[0].recovered
    assert silent == []
