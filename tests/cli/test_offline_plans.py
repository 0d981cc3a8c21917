import json

import pytest

from kashmag.cli import run
from kashmag.sandbox.magento import MagentoSandbox


@pytest.fixture(scope="module")
def shop():
    with MagentoSandbox() as sandbox:
        sandbox.load_recorded()
        yield sandbox


@pytest.fixture(scope="module")
def orders(shop):
    return shop.orders()


@pytest.fixture
def write(tmp_path):
    def to_file(name, told):
        path = tmp_path / name
        if isinstance(told, bytes):
            path.write_bytes(told)
        else:
            path.write_text(json.dumps(told, default=str), encoding="utf-8")
        return str(path)

    return to_file


@pytest.fixture
def plans(capsys):
    def of(*arguments):
        code = run(["plan", "--json", *arguments])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return of


@pytest.fixture
def sentence(capsys):
    def of(*arguments):
        code = run(list(arguments))
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        assert len(err.splitlines()) == 1, err
        return code, err

    return of


def processing(orders):
    return next(order for order in orders if order["state"] == "processing")


def test_a_plan_tells_all_that_the_contract_names(plans, write, orders):
    order = processing(orders)
    _, (told,), _ = plans("--order-file", write("order.json", order))
    assert told["order"]["entity_id"] == order["entity_id"]
    assert told["order"]["increment_id"] == order["increment_id"]
    assert len(told["digest"]) == 64
    assert told["held"] is False
    assert told["assumed"]
    assert [action["kind"] for action in told["actions"]] == ["create_customer", "create_invoice"]
    assert all(action["key"] and action["body"] for action in told["actions"])
    for decision in told["decisions"]:
        assert decision.keys() == {"question", "answer", "because", "rule"}
    certificate = told["certificate"]
    assert certificate["exact"] is True
    assert certificate["currency"] == "GBP"
    assert all(isinstance(certificate[name], str) for name in ("net", "vat", "gross"))
    assert {"rate", "net", "vat"} <= certificate["by_rate"][0].keys()


def test_every_recorded_order_is_planned_or_says_why_not(plans, write, shop, orders):
    code, told, err = plans(
        "--order-file",
        write("orders.json", orders),
        "--invoice-file",
        write("invoices.json", shop.invoices()),
        "--credit-memo-file",
        write("memos.json", shop.credit_memos()),
    )
    assert err == ""
    assert code in (0, 1)
    assert [one["order"]["entity_id"] for one in told] == [one["entity_id"] for one in orders]
    for one in told:
        assert one["actions"] or one["problems"] or one["skipped_because"]
        if one["actions"]:
            assert one["certificate"]["exact"]


def test_a_file_may_hold_one_document_a_list_or_a_search_result(plans, write, orders):
    first, second, third = orders[:3]
    search = {"items": [second, third], "search_criteria": {}, "total_count": 2}
    _, told, _ = plans(
        "--order-file",
        write("one.json", first),
        "--order-file",
        write("search.json", search),
        "--order-file",
        write("list.json", [second]),
    )
    assert [one["order"]["entity_id"] for one in told] == [
        one["entity_id"] for one in (first, second, third)
    ]


def test_the_same_files_give_the_same_digests(plans, write, orders):
    path = write("orders.json", orders[:5])
    assert plans("--order-file", path) == plans("--order-file", path)


def test_without_json_nothing_is_written_to_standard_output(capsys, write, orders):
    run(["plan", "--order-file", write("order.json", processing(orders))])
    out, err = capsys.readouterr()
    assert out == ""
    assert f"Order {processing(orders)['increment_id']}" in err


def test_an_order_of_unknown_shape_does_not_stop_the_others(plans, write, orders):
    broken = {**orders[0], "grand_total": "plenty"}
    code, told, err = plans("--order-file", write("orders.json", [broken, processing(orders)]))
    assert code == 5
    assert [one["held"] for one in told] == [True, False]
    assert told[0]["problems"][0]["code"] == "unknown_shape"
    assert "$.grand_total" in err


def test_an_order_whose_sums_do_not_meet_is_held_with_a_remedy(plans, write, orders):
    order = processing(orders)
    wrong = {**order, "base_grand_total": order["base_grand_total"] + 1}
    wrong["grand_total"] = wrong["base_grand_total"]
    code, (told,), _ = plans("--order-file", write("order.json", wrong))
    assert code == 1
    assert told["held"]
    assert all(one["code"] and one["message"] and one["remedy"] for one in told["problems"])


def test_an_invoice_of_another_order_is_left_out_aloud(plans, write, shop, orders):
    order = processing(orders)
    stray = next(one for one in shop.invoices() if one["order_id"] != order["entity_id"])
    _, told, err = plans(
        "--order-file", write("o.json", order), "--invoice-file", write("i.json", stray)
    )
    assert len(told) == 1
    assert f"order with entity_id {stray['order_id']}" in err


NOT_ORDERS = {
    "is not valid JSON": b'{"entity_id":',
    "is no JSON number": b"NaN",
    "is not valid JSON:": b"\xff\xfe\xff",
    "holds something that is no Magento order": b'{"message": "The consumer is not authorized"}',
    "holds something that is no Magento order; it": b"[1, 2]",
    "is nested too deeply": b"[" * 100_000,
    "is no number that can be kept exact": b'{"grand_total": 1e99999999999999999999}',
    "has more than 400 digits": b'{"grand_total": ' + b"9" * 9_999 + b"}",
    "half of a surrogate pair": b'{"increment_id": "1", "coupon_code": "\\ud800"}',
}


@pytest.mark.parametrize(("reason", "content"), NOT_ORDERS.items())
def test_a_malformed_file_is_one_sentence_and_exit_code_2(sentence, write, reason, content):
    code, said = sentence("plan", "--order-file", write("bad.json", content))
    assert code == 2
    assert reason in said
    assert "bad.json" in said


def test_a_search_result_without_any_items_holds_no_order(plans, write):
    nothing = write("none.json", {"items": None, "total_count": 0})
    code, told, err = plans("--order-file", nothing)
    assert (code, told) == (0, [])
    assert "hold no order" in err


def test_two_versions_of_one_order_are_refused_and_one_given_twice_is_not(
    sentence, plans, write, orders
):
    order = processing(orders)
    one, same = write("one.json", order), write("same.json", order)
    _, told, _ = plans("--order-file", one, "--order-file", same)
    assert len(told) == 1
    other = write("other.json", {**order, "grand_total": 1})
    code, said = sentence("plan", "--order-file", one, "--order-file", other)
    assert code == 2
    assert f"2 versions of the order with entity_id {order['entity_id']}" in said


def test_a_missing_file_is_one_sentence_and_exit_code_2(sentence, tmp_path):
    code, said = sentence("plan", "--order-file", str(tmp_path / "nowhere.json"))
    assert code == 2
    assert "nowhere.json cannot be read: No such file or directory" in said


USAGE = {
    "which orders?": ["plan"],
    "not both": ["plan", "42", "--order-file", "x.json"],
    "Did you mean --order-file?": ["plan", "--ordr-file", "x.json"],
    'Did you mean "plan"?': ["plna"],
    "does not exist": ["plan", "--settings", "nowhere.toml", "--order-file", "x.json"],
}


@pytest.mark.parametrize(("reason", "arguments"), USAGE.items())
def test_wrong_usage_is_one_sentence_and_exit_code_2(sentence, reason, arguments):
    code, said = sentence(*arguments)
    assert code == 2
    assert reason in said


def test_a_wrong_setting_stops_before_anything_is_read(sentence, write, orders):
    settings = write("kashmag.toml", b'[policy]\nnumbring = "order"\n')
    code, said = sentence(
        "plan", "--settings", settings, "--order-file", write("order.json", orders[0])
    )
    assert code == 2
    assert 'policy.numbring is no setting; did you mean "numbering"?' in said


def test_a_rule_file_of_the_settings_decides(plans, write, tmp_path, orders):
    write(
        "our_rules.py",
        b"from kashmag import Decision, OrderOutcome, hookimpl\n\n\n"
        b"@hookimpl\ndef kashmag_map_status(order):\n"
        b'    return Decision(OrderOutcome.WAIT, because="we wait for everything")\n',
    )
    settings = write("kashmag.toml", b'rules = ["./our_rules.py"]\n')
    _, (told,), _ = plans(
        "--settings", settings, "--order-file", write("order.json", processing(orders))
    )
    assert told["skipped_because"]
    assert {
        "question": "status",
        "answer": "wait",
        "because": "we wait for everything",
        "rule": "our_rules",
    } in told["decisions"]


BAD_RULES = {
    "does not exist": None,
    "SyntaxError": b"def",
    "ZeroDivisionError": b"1 / 0",
    "kashmag_map_statsu": (
        b"from kashmag import hookimpl\n@hookimpl\ndef kashmag_map_statsu(order): ...\n"
    ),
    "as a coroutine": (
        b"from kashmag import hookimpl\n@hookimpl\nasync def kashmag_map_status(order): ...\n"
    ),
}


@pytest.mark.parametrize(("reason", "content"), BAD_RULES.items())
def test_a_broken_rule_file_is_one_sentence_and_exit_code_2(
    sentence, write, orders, reason, content
):
    if content is not None:
        write("our_rules.py", content)
    settings = write("kashmag.toml", b'rules = ["./our_rules.py"]\n')
    code, said = sentence(
        "plan", "--settings", settings, "--order-file", write("order.json", processing(orders))
    )
    assert code == 2
    assert reason in said
    assert "our_rules" in said
