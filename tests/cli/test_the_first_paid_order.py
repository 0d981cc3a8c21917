"""The commands in the order in which a person meets them, over real HTTP on loopback."""

import json

from kashmag.cli import run


def counts(told):
    return {name: told[name] for name in ("read", "posted", "skipped", "held", "failed")}


def test_plan_shows_what_apply_then_does_once(installed, kashmag):
    code, (plan,), _ = kashmag("plan", "000000003")
    assert code == 0
    assert not installed.kashflow.invoices()
    code, (done,), _ = kashmag("apply", "000000003", "--digest", plan["digest"])
    assert (code, done["outcome"]) == (0, "posted")
    (invoice,) = [one for one in installed.kashflow.invoices() if one["Number"] == 3]
    certificate = plan["certificate"]
    assert f"{invoice['GrossAmount']:.2f}" == certificate["gross"]
    before = len(installed.kashflow.invoices())
    code, (again,), _ = kashmag("apply", "000000003", "--digest", plan["digest"])
    assert (code, again["outcome"]) == (0, "skipped")
    assert len(installed.kashflow.invoices()) == before


def test_apply_refuses_a_plan_that_is_no_longer_the_one_that_was_shown(installed, kashmag):
    code, told, err = kashmag("apply", "000000003", "--digest", "0" * 64)
    assert (code, told) == (1, [])
    assert "plan again and look" in err
    assert not installed.kashflow.invoices()


def test_a_plan_file_is_applied_line_by_line_and_held_plans_are_refused(
    installed, kashmag, tmp_path, capsys
):
    run(["plan", "000000003", "000000001", "--json"])
    (tmp_path / "plans.jsonl").write_text(capsys.readouterr().out)
    code, told, err = kashmag("apply", "--plan-file", "plans.jsonl")
    assert code == 1
    assert [one["outcome"] for one in told] == ["posted"]
    assert "000000001 is held" in err


def test_a_plan_file_that_was_changed_by_hand_is_refused(installed, kashmag, tmp_path, capsys):
    run(["plan", "000000003", "--json"])
    told = json.loads(capsys.readouterr().out)
    told["actions"][1]["body"]["LineItems"][0]["Rate"] = 1
    (tmp_path / "plans.jsonl").write_text(json.dumps(told))
    code, _, err = kashmag("apply", "--plan-file", "plans.jsonl")
    assert code == 2
    assert "changed after it was made" in err
    for text in ("[]", "{}", "no json", '{"order": 1}', ""):
        (tmp_path / "plans.jsonl").write_text(text)
        code, _, err = kashmag("apply", "--plan-file", "plans.jsonl")
        assert code == 2
        assert "no plan" in err
    assert not installed.kashflow.invoices()


def test_sync_counts_add_up_and_running_again_posts_nothing(installed, kashmag):
    code, (dry,), _ = kashmag("sync", "orders", "--dry-run")
    assert dry["posted"] == 0
    assert not installed.kashflow.invoices()
    code, (first,), _ = kashmag("sync", "orders")
    assert code == 1
    assert first["read"] == 12 == sum(first[n] for n in ("posted", "skipped", "held", "failed"))
    assert first["posted"] == 6
    assert first["held"] == 1
    assert len(first["documents"]) == 12
    there = installed.kashflow.invoices()
    code, (again,), _ = kashmag("sync", "orders", "--since", "2020-01-01")
    assert again["posted"] == 0
    assert again["read"] == 12
    assert installed.kashflow.invoices() == there
    for one in first["documents"]:
        assert one["outcome"] in ("posted", "skipped", "held", "failed")
        assert one["reason"]


def test_named_orders_are_synced_alone_and_one_that_is_not_there_has_failed(installed, kashmag):
    code, (told,), _ = kashmag("sync", "orders", "000000003", "000009999")
    assert [told[name] for name in ("read", "posted", "failed")] == [2, 1, 1]
    assert code != 0
    references = {one["CustomerReference"] for one in installed.kashflow.invoices()}
    assert "M1-ORD-000000003" in references
    assert "M1-ORD-000000002" not in references
    assert kashmag("sync", "orders", "000000003", "--since", "2020-01-01")[0] == 2


def test_what_waits_is_listed_told_retried_and_skipped(installed, kashmag):
    kashmag("sync", "orders")
    code, (listed,), _ = kashmag("errors", "list")
    assert code == 1
    groups = {group["code"]: group for group in listed["groups"]}
    assert groups["adjustment_held"]["remedy"]
    assert "000000001" in groups["adjustment_held"]["documents"]
    code, shown, _ = kashmag("errors", "show", "adjustment_held")
    assert {one["outcome"] for one in shown} == {"held"}
    code, (ran,), _ = kashmag("errors", "retry", "--code", "adjustment_held")
    assert (code, ran["held"]) == (1, ran["read"])
    code, told, err = kashmag("errors", "retry", "--code", "no_such_cause")
    assert (code, told) == (2, [])
    assert "no_such_cause" in err
    code, _, _ = kashmag("errors", "skip", "000000001", "--reason", "posted by hand")
    assert code == 0
    code, (again,), _ = kashmag("sync", "orders", "--since", "2020-01-01")
    told = {one["order"]["increment_id"]: one for one in again["documents"]}
    assert told["000000001"]["outcome"] == "skipped"
    assert "posted by hand" in told["000000001"]["reason"]


def test_why_tells_the_whole_story(installed, kashmag):
    kashmag("sync", "orders")
    code, stories, _ = kashmag("why", "000000003")
    assert code == 0
    (order,) = [one for one in stories if one["document"]["kind"] == "order"]
    assert order["outcome"] == "posted"
    assert {one["kind"] for one in order["bindings"]} >= {"invoice"}
    assert order["plans"][0]["decisions"]
    assert order["trail"]
    code, told, err = kashmag("why", "000009999")
    assert (code, told) == (1, [])
    assert "never read" in err


def test_the_audit_trail_is_verified_and_a_tampered_row_is_found(installed, kashmag, tmp_path):
    import sqlite3

    kashmag("sync", "orders")
    code, (told,), _ = kashmag("audit", "verify")
    assert (code, told["whole"], told["faults"]) == (0, True, [])
    with sqlite3.connect(tmp_path / "logbook.sqlite") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
        table = next(name for name in names if "audit" in name)
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        column = next(name for name in columns if name in ("details", "what"))
        database.execute(
            f"UPDATE {table} SET {column} = 'nothing' WHERE seq = (SELECT max(seq) FROM {table})"
        )
    database.close()
    code, (told,), _ = kashmag("audit", "verify")
    assert code == 1
    assert told["faults"]


def test_a_logbook_of_another_shop_is_refused(installed, kashmag, monkeypatch):
    kashmag("plan", "000000003")
    monkeypatch.setenv("KASHMAG_MAGENTO_URL", "http://127.0.0.1:9")
    code, _, err = kashmag("plan", "000000003")
    assert code == 2
    assert "belongs to the shop" in err


def test_doctor_finds_nothing_wrong_and_then_each_thing_that_is(
    installed, kashmag, tmp_path, monkeypatch
):
    code, (told,), _ = kashmag("doctor")
    assert (code, told["ok"]) == (0, True)
    (tmp_path / "kashmag.toml").write_text(
        "[policy]\nnominals = { goods = 4001 }\n"
        '[policy.payments]\ncheckmo = { action = "post", method = 77, bank_account = 99 }\n'
    )
    code, (told,), _ = kashmag("doctor")
    faults = {one["subject"]: one for one in told["findings"] if one["level"] == "fault"}
    assert code == 2
    assert set(faults) == {
        "policy.nominals.goods",
        "policy.payments.checkmo.method",
        "policy.payments.checkmo.bank_account",
    }
    assert "the nearest is 4000" in faults["policy.nominals.goods"]["message"]
    monkeypatch.setenv("KASHMAG_KASHFLOW_PASSWORD", "not-the-password")
    code, (told,), err = kashmag("doctor")
    faults = [one for one in told["findings"] if one["subject"] == "kashflow"]
    assert code == 2
    assert len(faults) == 1
    assert "not-the-password" not in json.dumps(told) + err
    assert installed.kashflow.census().refused_sign_ins == 1


def test_init_writes_settings_that_load_and_pass_the_doctor(
    installed, kashmag, tmp_path, monkeypatch
):
    code, _, err = kashmag("init")
    assert code == 2
    assert "is there already" in err
    code, (told,), _ = kashmag("init", "--settings", "new.toml", "--go-live", "2026-04-01")
    assert (code, told["left_out"]) == (0, [])
    text = (tmp_path / "new.toml").read_text()
    assert "sandbox-password" not in text
    assert "checkmo = " in text
    code, (told,), _ = kashmag("doctor", "--settings", "new.toml")
    assert (code, told["ok"]) == (0, True)


def test_refused_sign_in_is_one_sentence_and_never_repeated(installed, kashmag, monkeypatch):
    monkeypatch.setenv("KASHMAG_KASHFLOW_PASSWORD", "not-the-password")
    code, told, err = kashmag("plan", "000000003")
    assert (code, told) == (2, [])
    assert len(err.splitlines()) == 1
    assert "not-the-password" not in err
    assert installed.kashflow.census().refused_sign_ins == 1


def test_an_unreachable_shop_is_one_sentence_and_exit_code_3(installed, kashmag, monkeypatch):
    monkeypatch.setenv("KASHMAG_MAGENTO_URL", "http://127.0.0.1:9")
    code, told, err = kashmag("plan", "000000003")
    assert (code, told) == (3, [])
    assert len(err.splitlines()) == 1


def test_an_order_that_is_not_there_stops_no_other(installed, kashmag):
    code, told, err = kashmag("plan", "000000999", "000000003")
    assert code == 1
    assert [one["order"]["increment_id"] for one in told] == ["000000003"]
    assert "000000999" in err


def test_what_is_not_built_says_so(kashmag):
    code, told, err = kashmag("sync", "stock")
    assert (code, told) == (2, [])
    assert "not built yet" in err


def test_customers_are_kept_in_step_and_drift_is_looked_for(installed, kashmag):
    kashmag("sync", "orders")
    _, (told,), _ = kashmag("sync", "customers")
    assert told["read"] == sum(told[n] for n in ("posted", "skipped", "held", "failed"))
    assert told["read"] == len(told["documents"]) >= 1
    assert all("customer" in one for one in told["documents"])
    _, (told,), _ = kashmag("sync", "drift")
    assert told["posted"] == 0
    installed.kashflow.edit_invoice(3, {"CustomerReference": "typed over"})
    _, (told,), _ = kashmag("sync", "drift")
    changed = [one for one in told["documents"] if one["order"]["increment_id"] == "000000003"]
    assert changed[0]["outcome"] in ("held", "failed")


def test_a_nominal_that_the_account_has_not_stops_the_run_before_anything_is_read(
    installed, kashmag, tmp_path
):
    text = (tmp_path / "kashmag.toml").read_text()
    text = text.replace("[policy]", "[policy]\nnominals = { goods = 4001 }")
    (tmp_path / "kashmag.toml").write_text(text)
    code, told, err = kashmag("sync", "orders")
    assert (code, told) == (2, [])
    assert "4001" in err
    assert "4000" in err
    assert not installed.kashflow.invoices()


def test_sync_without_a_beginning_is_refused(installed, kashmag, tmp_path):
    (tmp_path / "kashmag.toml").write_text("[policy]\n")
    code, _, err = kashmag("sync", "orders")
    assert code == 2
    assert "--since" in err
    for since in ("yesterday", "2026-13-01"):
        code, _, err = kashmag("sync", "orders", "--since", since)
        assert code == 2
        assert since in err


def test_one_item_is_skipped_to_suspense_and_taken_back(installed, kashmag, tmp_path):
    settings = tmp_path / "kashmag.toml"
    held = settings.read_text().replace("[policy]", '[policy]\nunknown_sku = "hold"', 1)
    settings.write_text(held)
    _, (plan,), _ = kashmag("plan", "000000003")
    skus = sorted({p["message"].split("SKU ")[1].split(",")[0] for p in plan["problems"]})
    code, told, err = kashmag("errors", "skip", "000000003", "--item", "NOPE", "--reason", "slip")
    assert (code, told) == (2, [])
    assert skus[0] in err.partition("it has")[2]
    for sku in skus:
        code, (plan,), _ = kashmag("errors", "skip", "000000003", "--item", sku, "--reason", "gift")
        assert code == 1
    assert {one["code"] for one in plan["problems"]} == {"suspense_missing"}
    settings.write_text(f"{held}\n[policy.nominals]\nsuspense = 7900\n")
    code, (plan,), _ = kashmag("plan", "000000003")
    assert (code, plan["held"]) == (0, False)
    invoice = next(one for one in plan["actions"] if one["kind"] == "create_invoice")
    assert 7900 in {line["NominalCode"] for line in invoice["body"]["LineItems"]}
    _, (shown,), _ = kashmag("errors", "show", "000000003")
    assert [one["item"] for one in shown["skipped_items"]] == skus
    assert "gift" in shown["skipped_items"][0]["because"]
    code, (ran,), _ = kashmag("errors", "retry", "000000003", "--item", skus[0])
    assert (code, ran["held"]) == (1, 1)
    assert kashmag("errors", "retry", "--code", "unknown_sku", "--item", skus[0])[0] == 2
