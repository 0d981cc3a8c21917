import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import SettingsError
from kashmag.plans.policy import (
    Adjustments,
    CurrencyChoice,
    Limits,
    NotOfTheShop,
    Numbering,
    OrderOutcome,
    PaymentAction,
    PaymentRule,
    Policy,
    UnknownSku,
)
from kashmag.settings import Secret, Settings
from kashmag.settings.environment import VARIABLES
from kashmag.settings.policy import read_policy
from kashmag.settings.shape import Place, fields_of

FROM_THE_DESIGN = """
[env.prod.magento]
url = "https://shop.example"
[env.prod.kashflow]
url = "https://api.kashflow.com/v2"

[policy]
shop = "M"
go_live = 2026-04-01
numbering = "account"
currency = "base"
time_zone = "Europe/London"
unknown_sku = "line"
adjustments = "hold"
nominals = { goods = 4000, carriage = 4100, fees = 4200 }

[policy.payments]
checkmo = { action = "post", method = 1, bank_account = 1 }
paypal_express = { action = "leave" }

[policy.store.eu]
nominals = { goods = 4010 }
"""
ALL_VARIABLES = {
    name: "https://x.example" if name.endswith("_URL") else f"value-{index}"
    for index, name in enumerate(VARIABLES)
} | {
    "KASHMAG_LOGBOOK_URL": "postgresql://clerk:wordpass@db.example/logbook",
    "KASHMAG_ALERTS_SMTP_SECURITY": "tls",
}


@pytest.fixture
def load(tmp_path):
    def from_text(text, env=None, environ=None):
        path = tmp_path / "kashmag.toml"
        path.write_text(text, encoding="utf-8")
        return Settings.load(path, env, environ if environ is not None else {})

    return from_text


@pytest.fixture
def refusal(load):
    def of(text, env=None, environ=None):
        with pytest.raises(SettingsError) as caught:
            load(text, env, environ)
        return str(caught.value)

    return of


def test_the_file_of_the_design_is_read_as_it_says(load):
    settings = load(FROM_THE_DESIGN)
    assert settings.env == "prod"
    assert settings.magento.url == "https://shop.example"
    policy = settings.policy
    assert policy.go_live == date(2026, 4, 1)
    assert policy.numbering is Numbering.ACCOUNT
    assert policy.currency is CurrencyChoice.BASE
    assert policy.unknown_sku is UnknownSku.LINE
    assert policy.adjustments is Adjustments.HOLD
    assert policy.payments["checkmo"] == PaymentRule(PaymentAction.POST, method=1, bank_account=1)
    assert policy.payments["paypal_express"] == PaymentRule(PaymentAction.LEAVE)


def test_a_store_view_answers_for_itself_and_leaves_the_rest(load):
    policy = load(FROM_THE_DESIGN).policy.for_store("eu")
    assert policy.nominals.goods == 4010
    assert policy.nominals.carriage == 4100
    assert policy.payments["checkmo"].method == 1


def test_an_environment_has_policy_of_its_own_over_the_common_one(load):
    text = FROM_THE_DESIGN + '\n[env.prod.policy]\nnumbering = "order"\n[env.qa]\n'
    assert load(text, "prod").policy.numbering is Numbering.ORDER
    assert load(text, "qa").policy.numbering is Numbering.ACCOUNT


def test_books_are_closed_and_returns_filed_after_going_live(load):
    text = "[policy]\ngo_live = 2026-04-01\nbooks_closed_until = 2026-06-30\n"
    policy = load(f"{text}vat_returns_filed_until = 2026-06-30").policy
    assert policy.books_closed_until == policy.vat_returns_filed_until == date(2026, 6, 30)


def test_an_empty_file_gives_the_documented_defaults(load):
    assert load("").policy == Policy()


def test_the_environment_wins_over_the_file(load):
    settings = load(FROM_THE_DESIGN, environ={"KASHMAG_MAGENTO_URL": "https://other.example"})
    assert settings.magento.url == "https://other.example"
    assert settings.kashflow.url == "https://api.kashflow.com/v2"


def test_every_variable_of_the_contract_arrives(load):
    settings = load("", environ=ALL_VARIABLES)
    shop, accounts = settings.magento, settings.kashflow
    assert (shop.url, accounts.url) == ("https://x.example", "https://x.example")
    assert shop.store == ALL_VARIABLES["KASHMAG_MAGENTO_STORE"]
    for secret, name in (
        (shop.consumer_key, "KASHMAG_MAGENTO_CONSUMER_KEY"),
        (shop.consumer_secret, "KASHMAG_MAGENTO_CONSUMER_SECRET"),
        (shop.access_token, "KASHMAG_MAGENTO_ACCESS_TOKEN"),
        (shop.access_token_secret, "KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET"),
        (accounts.password, "KASHMAG_KASHFLOW_PASSWORD"),
        (accounts.memorable_word, "KASHMAG_KASHFLOW_MEMORABLE_WORD"),
        (settings.alerts.webhook_secret, "KASHMAG_ALERTS_WEBHOOK_SECRET"),
        (settings.alerts.smtp_password, "KASHMAG_ALERTS_SMTP_PASSWORD"),
    ):
        assert secret is not None
        assert secret.reveal() == ALL_VARIABLES[name]
    assert accounts.username == ALL_VARIABLES["KASHMAG_KASHFLOW_USERNAME"]
    assert settings.logbook_url == ALL_VARIABLES["KASHMAG_LOGBOOK_URL"]
    assert settings.lacking() == ()


def test_no_secret_is_ever_shown(load):
    shown = repr(load("", environ=ALL_VARIABLES)) + str(load("", environ=ALL_VARIABLES).kashflow)
    for name in VARIABLES:
        if name.endswith(("_SECRET", "_TOKEN", "_KEY", "_PASSWORD", "_WORD")):
            assert ALL_VARIABLES[name] not in shown
    assert "wordpass" not in shown


@given(st.text(min_size=1))
def test_a_secret_shows_a_mask_whatever_it_is(value):
    secret = Secret(value)
    assert str(secret) == "********"
    assert repr(secret) == "Secret('********')"


def test_a_secret_in_the_settings_file_is_refused_without_being_repeated(refusal):
    said = refusal('[env.prod.kashflow]\npassword = "hunter22"\n')
    assert "env.prod.kashflow.password" in said
    assert "KASHMAG_KASHFLOW_PASSWORD" in said
    assert "hunter22" not in said


def test_a_logbook_password_in_the_settings_file_is_refused(refusal):
    said = refusal('[env.prod.logbook]\nurl = "postgresql://me:hunter22@db.example/x"\n')
    assert "env.prod.logbook.url" in said
    assert "hunter22" not in said


def test_secrets_come_from_a_file_of_their_own(load, tmp_path):
    (tmp_path / "secrets.toml").write_text('[env.prod.kashflow]\npassword = "hunter22"\n')
    settings = load('secrets = "secrets.toml"\n[env.prod]\n')
    assert settings.kashflow.password == Secret("hunter22", name="KASHMAG_KASHFLOW_PASSWORD")


def test_a_resolver_is_asked_only_when_the_secret_is_used(load, tmp_path):
    path = tmp_path / "word"
    settings = load(f'[env.prod.kashflow]\nmemorable_word = "file://{path.as_posix()}"\n')
    assert settings.kashflow.memorable_word is not None
    with pytest.raises(SettingsError, match="KASHMAG_KASHFLOW_MEMORABLE_WORD"):
        settings.kashflow.memorable_word.reveal()
    path.write_text("gooseberry\n")
    assert settings.kashflow.memorable_word.reveal() == "gooseberry"


def test_a_failing_script_does_not_repeat_what_it_printed():
    with pytest.raises(SettingsError) as caught:
        Secret("script://echo hunter22; exit 3", name="PASSWORD").reveal()
    assert str(caught.value) == "PASSWORD: the command behind script:// failed"
    assert Secret("script://echo hunter22").reveal() == "hunter22"


WRONG = {
    'policy.numbring is no setting; did you mean "numbering"?': '[policy]\nnumbring = "order"',
    'policy.numbering cannot be "oder"; did you mean "order"?': '[policy]\nnumbering = "oder"',
    'policy.nominals.fes is no setting; did you mean "fees"?': "[policy.nominals]\nfes = 4200",
    'policy.time_zone cannot be "Europe/london"; did you mean "Europe/London"?': (
        '[policy]\ntime_zone = "Europe/london"'
    ),
    "policy.go_live must be a date such as 2026-04-01, without quotes": (
        '[policy]\ngo_live = "2026-04-01"'
    ),
    'policy.nominals.goods must be a whole number, not "4000"': (
        '[policy.nominals]\ngoods = "4000"'
    ),
    "policy.nominals.goods cannot be below zero, but is -1": "[policy.nominals]\ngoods = -1",
    "policy.payments.checkmo lacks bank_account": (
        '[policy.payments]\ncheckmo = { action = "post", method = 1 }'
    ),
    "policy.payments.checkmo lacks action": "[policy.payments]\ncheckmo = { method = 1 }",
    'policy.payments.checkmo.action cannot be "psot"; did you mean "post"?': (
        '[policy.payments]\ncheckmo = { action = "psot" }'
    ),
    'policy.credits cannot hold "gift_cards"; did you mean "gift_card"?': (
        '[policy.credits]\ngift_cards = { action = "leave" }'
    ),
    "policy.credits.gift_card cannot be matched": (
        '[policy.credits]\ngift_card = { action = "match" }'
    ),
    "policy.match_within_days cannot be 93; from 0 to 92 days": (
        "[policy]\nmatch_within_days = 93"
    ),
    'policy.not_of_the_shop.references cannot hold ""': (
        '[policy.not_of_the_shop]\nreferences = [""]'
    ),
    "policy.not_of_the_shop.invoices must be a list of whole numbers": (
        '[policy.not_of_the_shop]\ninvoices = ["101"]'
    ),
    'policy.match_customers_by cannot hold "mail"; did you mean "email"?': (
        '[policy]\nmatch_customers_by = ["mail"]'
    ),
    'policy.test_orders.customer_groups cannot hold "Wholesale": orders carry no group\'s name; '
    "give the group's id, which Magento's admin shows under Customers > Customer Groups": (
        '[policy.test_orders]\ncustomer_groups = ["2", "Wholesale"]'
    ),
    "policy.test_orders.customer_groups cannot hold true": (
        "[policy.test_orders]\ncustomer_groups = [true]"
    ),
    "policy.test_orders.customer_groups cannot hold -2": (
        "[policy.test_orders]\ncustomer_groups = [-2]"
    ),
    'policy.test_orders.customer_groups cannot hold "": orders': (
        '[policy.test_orders]\ncustomer_groups = [""]'
    ),
    "policy.test_orders.customer_groups must be a list of ids, such as [2]": (
        "[policy.test_orders]\ncustomer_groups = 2"
    ),
    'policy.store.eu.test_orders.customer_groups cannot hold "VIP"': (
        '[policy.store.eu.test_orders]\ncustomer_groups = ["VIP"]'
    ),
    'policy.shop cannot be "M1"': '[policy]\nshop = "M1"',
    "policy.further_numbers_from cannot be 2147483000; from 1 to 2146483648": (
        "[policy]\nfurther_numbers_from = 2147483000"
    ),
    "policy.further_numbers_from cannot be 0": "[policy]\nfurther_numbers_from = 0",
    "policy.further_numbers_from cannot be 499500000: credit notes are numbered from 500000000": (
        "[policy]\nfurther_numbers_from = 499500000"
    ),
    "policy.store.eu.further_numbers_from cannot be 700: credit notes are numbered from 701": (
        "[policy]\nfurther_numbers_from = 700\n[policy.store.eu]\ncredit_numbers_from = 701"
    ),
    'policy.store.eu.nominals.good is no setting; did you mean "goods"?': (
        "[policy.store.eu]\nnominals = { good = 4010 }"
    ),
    "policy.store.eu.shop is no setting": '[policy.store.eu]\nshop = "X"',
    'polcy is no setting; did you mean "policy"?': "[polcy]\nshop = 'M'",
    'env.prod.magneto is no setting; did you mean "magento"?': (
        "[env.prod.magneto]\nurl = 'https://x.example'"
    ),
    "env.prod.magento.link is no setting": "[env.prod.magento]\nlink = 'x'",
    'env.prod.magento.url cannot be "shop.example"': "[env.prod.magento]\nurl = 'shop.example'",
    'env.prod.logbook.url cannot be "mysql://x/y"': "[env.prod.logbook]\nurl = 'mysql://x/y'",
    "rules must be a list of texts": 'rules = "./our_rules.py"',
    "policy must be a table": "policy = 3",
    "policy.limits.money must be a number": "[policy.limits]\nmoney = true",
    'policy.statuses.fraud cannot be "waits"; did you mean "wait"?': (
        '[policy.statuses]\nfraud = "waits"'
    ),
}


@pytest.mark.parametrize(("sentence", "text"), WRONG.items(), ids=lambda x: x[:40])
def test_a_fault_is_one_sentence_with_file_key_and_nearest_valid_value(refusal, sentence, text):
    said = refusal(text)
    assert sentence in said
    assert "kashmag.toml: " in said
    assert len(said.splitlines()) == 1


def test_what_is_not_of_the_shop_is_read(load):
    told = 'customers = ["CONS01"]\nreferences = ["CONS-"]\ninvoices = [101, 102]'
    found = load(f"[policy.not_of_the_shop]\n{told}").policy.not_of_the_shop
    assert found == NotOfTheShop(("CONS01",), references=("CONS-",), invoices=(101, 102))


def groups_of(told):
    """What is read of a list of customer groups, and the faults that are told of it."""
    place = Place("kashmag.toml")
    policy = read_policy({"policy": {"test_orders": {"customer_groups": told}}}, place)
    return policy.test_orders.customer_groups, place.faults.sentences


@given(st.lists(st.integers(0, 99_999)), st.sampled_from((int, str, "{:05}".format)))
def test_a_customer_group_is_its_id_as_a_number_or_a_text(ids, written):
    """Orders carry the id, as `reading.people` writes it."""
    assert groups_of([written(one) for one in ids]) == (tuple(map(str, ids)), [])


@given(
    st.one_of(
        st.text().filter(lambda text: not re.fullmatch("[0-9]+", text)),
        st.integers(max_value=-1),
        st.decimals(),
        st.booleans(),
    )
)
def test_a_customer_group_by_anything_else_is_refused(told):
    _, (fault,) = groups_of([told])
    assert "Customers > Customer Groups" in fault


def test_all_faults_are_told_at_once(refusal):
    assert len(refusal("[policy]\na = 1\nb = 2\n[env.x.magento]\nurl = 3\n").splitlines()) == 3


@pytest.mark.parametrize("key", [key for key in fields_of(Policy) if key != "store"])
def test_no_policy_key_takes_a_value_of_a_foreign_type(refusal, key):
    assert f"policy.{key} " in refusal(f"[policy]\n{key} = 07:32:00\n")


def test_money_is_read_exactly(load):
    assert load("[policy.limits]\nmoney = 0.10\n").policy.limits == Limits(money=Decimal("0.10"))


def test_statuses_are_mapped_one_by_one(load):
    policy = load('[policy.statuses]\nfraud = "wait"\n').policy
    assert policy.statuses == {"fraud": OrderOutcome.WAIT}


def test_a_misspelt_variable_is_told(refusal):
    said = refusal("", environ={"KASHMAG_MAGENTO_URI": "https://x.example"})
    assert said == (
        'the environment: KASHMAG_MAGENTO_URI is no setting; did you mean "KASHMAG_MAGENTO_URL"?'
    )


def test_a_variable_of_a_plugin_is_left_alone(load):
    load("", environ={"KASHMAG_OUR_OWN_PLUGIN": "1"})


def test_of_several_environments_one_must_be_named(load, refusal):
    text = "[env.prod]\n[env.qa]\n"
    assert "prod, qa" in refusal(text)
    assert load(text, "qa").env == "qa"
    assert load(text, environ={"KASHMAG_ENV": "prod"}).env == "prod"
    assert 'did you mean "prod"?' in refusal(text, "prd")


def test_each_environment_has_a_logbook_of_its_own(load):
    text = "[env.prod]\n[env.qa]\n"
    environ = {"XDG_DATA_HOME": "/home/clerk/data"}
    urls = {load(text, env, environ).logbook_url for env in ("prod", "qa")}
    assert len(urls) == 2
    assert all(url.startswith("sqlite:////home/clerk/data/kashmag/") for url in urls)


def test_without_a_file_the_environment_suffices(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.load(environ=ALL_VARIABLES).lacking() == ()


def test_what_is_lacking_is_said_with_the_place_where_to_put_it():
    sentences = Settings("prod").lacking()
    assert any("KASHMAG_MAGENTO_URL" in s and "[env.prod.magento]" in s for s in sentences)
    with pytest.raises(SettingsError, match="KASHMAG_KASHFLOW_PASSWORD"):
        Settings("prod").require_connections()


def test_half_a_signature_is_told(load):
    settings = load("", environ={"KASHMAG_MAGENTO_CONSUMER_KEY": "k"})
    assert any("magento.access_token_secret" in sentence for sentence in settings.lacking())


UNREADABLE = {"does not exist": None, "is not valid TOML": b"[policy", "is not UTF-8": b"\xff"}


@pytest.mark.parametrize(("reason", "content"), UNREADABLE.items())
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, reason, content):
    path = tmp_path / "kashmag.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=reason) as caught:
        Settings.load(path, environ={})
    assert len(str(caught.value).splitlines()) == 1


def test_nominals_by_tax_class_and_attribute_are_tables_of_numbers(load):
    policy = load(
        "[policy.nominals_by_tax_class]\nBooks = 4005\n"
        '[policy.nominals_by_attribute.brand]\n"12" = 4006\n'
    ).policy
    assert policy.nominals_by_tax_class == {"Books": 4005}
    assert policy.nominals_by_attribute == {"brand": {"12": 4006}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("flat_rate = 0", "policy.flat_rate cannot be 0"),
        ("flat_rate = 101", "policy.flat_rate cannot be 101"),
        ('locked_bank = "move"', "first_open_day"),
        ('terms = "custommer"', 'did you mean "customer"?'),
        ('nominals_by_tax_class = { Books = "x" }', "must be a whole number"),
        ('margin_tax_class = ["x"]', 'did you mean "margin_tax_classes"?'),
    ],
)
def test_an_impossible_answer_of_the_bookkeeper_is_said_with_the_nearest_valid_one(
    load, text, told
):
    with pytest.raises(SettingsError, match=re.escape(told)):
        load(f"[policy]\n{text}\n")


def test_what_is_assumed_of_the_account_can_be_said_once_and_for_one_environment(tmp_path):
    file = tmp_path / "kashmag.toml"
    file.write_text(
        '[assumptions]\nline_vat = "recomputed"\nlag = 5\n'
        "[env.qa.assumptions]\nrate_decimals = 2\nlag = 2.5\n"
    )
    told = Settings.load(file, "qa", {}).assumptions
    assert (told.line_vat, told.rate_decimals) == ("recomputed", 2)
    assert told.lag.total_seconds() == 2.5
    assert told.page_size == Settings().assumptions.page_size


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rate_decimals = 5", "assumptions.rate_decimals cannot be 5; known: 2, 3, 4"),
        ('line_vat = "recompute"', 'did you mean "recomputed"?'),
        ('lag = "soon"', 'assumptions.lag must be a number of seconds, not "soon"'),
        ("lags = 3", 'assumptions.lags is no setting; did you mean "lag"?'),
    ],
)
def test_an_impossible_assumption_is_said(tmp_path, line, said):
    file = tmp_path / "kashmag.toml"
    file.write_text(f"[assumptions]\n{line}\n")
    with pytest.raises(SettingsError) as caught:
        Settings.load(file, None, {})
    assert said in str(caught.value)


def test_terms_of_ten_years_are_a_slip_of_the_finger(tmp_path):
    file = tmp_path / "kashmag.toml"
    file.write_text("[policy]\npayment_days = 99999999999\n")
    with pytest.raises(SettingsError, match="payment_days cannot be 99999999999"):
        Settings.load(file, None, {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('webhook_url = "https://x.example"', "alerts.webhook_url needs a secret"),
        ('webhook_url = "http://x.example"', "alerts.webhook_url must begin with https://"),
        ('smtp = "mail.example"', "alerts.smtp needs alerts.sender and alerts.recipients"),
        (
            'webhook_url = "http://localhost.x.example"',
            "alerts.webhook_url must begin with https://",
        ),
        ('smtp = "mail.example:post"', "alerts.smtp is a host, or host:port"),
        ('smtp = "mail.example:465"', 'at port 465 needs alerts.smtp_security = "tls"'),
        (
            'smtp_security = "ssl"',
            'cannot be "ssl"; it is "starttls", "tls", "starttls_unverified"',
        ),
    ],
)
def test_a_channel_for_alerts_that_was_begun_says_what_it_lacks(load, line, said):
    assert said in "\n".join(load(f"[env.prod.alerts]\n{line}\n").lacking())


def test_the_secret_of_a_web_hook_may_not_stand_in_the_file(load):
    with pytest.raises(SettingsError, match="is a secret and may not stand in this file"):
        load('[env.prod.alerts]\nwebhook_secret = "open"\n')
