import json
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import SettingsError
from kashmag.sandbox import json_text
from kashmag.sandbox.faults import BAD_DAYS, ConnectionCutError, Dialect, Faults, Kind, Rule
from kashmag.sandbox.faults.disfigure import double_row, drop_field, shuffle_rows

PAGE = {
    "MetaData": {},
    "Data": [{"Id": n, "Note": "x", "Amount": Decimal("1.5000")} for n in range(9)],
}
DIALECT = Dialect(
    rows="Data", identity="Id", optional=frozenset({"Note"}), poison={"Amount": "#REF!"}
)


async def page(scope, receive, send):
    body = json_text.write(PAGE)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def no_sleep(seconds):
    pass


def wrapped(faults, app=page, **how):
    return faults.wrap(app, DIALECT, sleep=no_sleep, **how)


async def run(app, requests):
    story = []
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        for method, path in requests:
            try:
                reply = await client.request(method, path)
            except ConnectionCutError as cut:
                story.append(str(cut))
            else:
                story.append((reply.status_code, reply.text))
    return story


requests = st.lists(
    st.tuples(st.sampled_from(["GET", "POST", "PUT"]), st.sampled_from(["/a", "/v2/invoices"])),
    max_size=25,
)


@given(
    asked=requests,
    names=st.lists(st.sampled_from(sorted(BAD_DAYS)), max_size=4),
    seed=st.integers(0, 9),
)
async def test_the_same_schedule_and_requests_give_the_same_run_twice(asked, names, seed):
    faults = Faults.named(",".join(names), seed=seed)
    one, two = wrapped(faults), wrapped(faults)
    assert await run(one, asked) == await run(two, asked)
    assert one.history == two.history


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.RATE_LIMITED, 429),
        (Kind.SQL_TIMEOUT, 400),
        (Kind.ERROR_500, 500),
        (Kind.ERROR_500_HTML, 500),
        (Kind.ERROR_500_AFTER, 500),
        (Kind.ERROR_503, 503),
        (Kind.ERROR_503_HTML, 503),
        (Kind.MAINTENANCE, 503),
    ],
)
async def test_each_answering_kind_answers_in_its_own_way(kind, status):
    ((code, text),) = await run(wrapped(Faults.of(Rule(kind))), [("GET", "/a")])
    assert code == status
    assert text.startswith("<!DOCTYPE html>") == (
        kind in (Kind.ERROR_500_HTML, Kind.ERROR_503_HTML, Kind.MAINTENANCE)
    )


async def test_a_good_day_changes_nothing():
    ((code, text),) = await run(wrapped(Faults.none()), [("GET", "/a")])
    assert (code, text) == (200, json_text.write(PAGE).decode())


async def test_a_rule_strikes_where_when_and_as_often_as_it_says():
    rule = Rule(Kind.ERROR_500, method="POST|PUT", path="/v2/*", every=2, first=3, last=8, times=2)
    app = wrapped(Faults.of(rule))
    asked = [("GET", "/v2/x"), ("POST", "/a")] * 5 + [("POST", "/v2/x")] * 12
    codes = [code for code, _ in await run(app, asked)][10:]
    assert [n for n, code in enumerate(codes, 1) if code == 500] == [4, 6]
    assert [strike.request for strike in app.history] == [14, 16]


async def test_slow_waits_as_long_as_it_says():
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    app = Faults.of(Rule(Kind.SLOW, seconds=2.5, every=2)).wrap(page, DIALECT, sleep=sleep)
    await run(app, [("GET", "/a")] * 4)
    assert waits == [2.5, 2.5]


async def test_a_session_expires_in_mid_run():
    ended = []
    app = wrapped(
        Faults.of(Rule(Kind.SESSION_EXPIRED, every=3)), expire_sessions=lambda: ended.append(1)
    )
    await run(app, [("GET", "/a")] * 7)
    assert len(ended) == 2


@pytest.mark.parametrize(
    "kind", [Kind.MISSING_FIELD, Kind.UNKNOWN_FIELD, Kind.DUPLICATED_ROWS, Kind.REORDERED_ROWS]
)
async def test_disfigured_answers_are_json_whose_numbers_keep_their_text(kind):
    ((_, text),) = await run(wrapped(Faults.of(Rule(kind), seed=1)), [("GET", "/a")])
    rows = json.loads(text)["Data"]
    assert "1.5000" in text
    assert json.loads(text) != json.loads(json_text.write(PAGE))
    ids = sorted(row["Id"] for row in rows)
    assert ids == list(range(9)) or kind is Kind.DUPLICATED_ROWS
    assert len(rows) == (10 if kind is Kind.DUPLICATED_ROWS else 9)
    assert all(("Note" in row) == (kind is not Kind.MISSING_FIELD) for row in rows)


async def test_the_last_row_of_a_page_stands_on_the_next_one_too():
    async def pages(scope, receive, send):
        number = 3 if b"page=2" in scope["query_string"] else 1
        body = json_text.write({"MetaData": {}, "Data": [{"Id": number}, {"Id": number + 1}]})
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    app = wrapped(Faults.of(Rule(Kind.DUPLICATED_ROWS, first=2)), pages)
    asked = [("GET", "/a?page=1&q=x"), ("GET", "/a?page=2&q=x"), ("GET", "/a?page=1&q=other")]
    story = await run(app, asked)
    ids = [[row["Id"] for row in json.loads(text)["Data"]] for _, text in story]
    assert ids[:2] == [[1, 2], [2, 3, 4]]
    assert sorted(set(ids[2])) == [1, 2]


async def test_a_poison_record_is_the_same_one_each_time():
    app = wrapped(Faults.of(Rule(Kind.POISON_RECORD, probability=0.3), seed=3))
    first, second = await run(app, [("GET", "/a")] * 2)
    assert first == second
    spoilt = [row["Id"] for row in json.loads(first[1])["Data"] if row["Amount"] == "#REF!"]
    assert 0 < len(spoilt) < 9


@given(rows=st.lists(st.integers(), max_size=6), seed=st.integers())
def test_reordering_keeps_the_rows_and_doubling_adds_one(rows, seed):
    dice = Faults.of(seed=seed).schedule.dice("x")
    assert sorted(shuffle_rows(rows, DIALECT, dice)) == sorted(rows)
    doubled = double_row(rows, DIALECT, dice)
    assert len(doubled) == len(rows) + bool(rows)
    assert set(doubled) == set(rows)


def test_a_single_record_loses_an_optional_field_only():
    dice = Faults.none().schedule.dice("x")
    assert drop_field({"Id": 1, "Note": "x"}, DIALECT, dice) == {"Id": 1}
    assert drop_field({"Id": 1}, DIALECT, dice) == {"Id": 1}


def test_standing_faults_are_asked_for_by_the_stand_in():
    faults = Faults.named("read_after_write_lag,late_commit,clock_skew")
    assert faults.duration(Kind.READ_AFTER_WRITE_LAG).total_seconds() == 3
    assert faults.duration(Kind.CLOCK_SKEW).total_seconds() == -420
    struck = [n for n in range(200) if faults.strikes_record(Kind.LATE_COMMIT, str(n))]
    assert 10 < len(struck) < 90


def test_an_unknown_bad_day_is_named_with_those_that_are_known():
    with pytest.raises(SettingsError, match="'tuesday'; known: none, slow"):
        Faults.named("slow,tuesday")


def test_a_schedule_file_says_which_when_and_how_often(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(
        'seed = 7\n[[fault]]\nkind = "cut_after"\nmethod = "POST"\npath = "/v2/invoices*"\n'
        "every = 3\nfrom = 2\nuntil = 100\ntimes = 2\n"
        '[[fault]]\nkind = "slow"\nprobability = 0.5\nseconds = 1\n[[fault]]\nkind = "mixed"\n'
    )
    faults = Faults.from_file(file)
    cut = Rule(
        Kind.CUT_AFTER, method="POST", path="/v2/invoices*", every=3, first=2, last=100, times=2
    )
    assert faults.schedule.seed == 7
    assert faults.schedule.rules[0] == cut
    assert faults.schedule.rules[2:] == BAD_DAYS["mixed"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed =", "cannot be read"),
        ("colour = 1", "unknown key 'colour'"),
        ("[[fault]]\nevery = 1", "needs a kind"),
        ('[[fault]]\nkind = "rain"', "unknown kind 'rain'"),
        ('[[fault]]\nkind = "slow"\nevry = 1', "unknown key 'evry'"),
        ('[[fault]]\nkind = "slow"\nevery = "1"', "every in slow cannot be '1'"),
        ('[[fault]]\nkind = "slow"\nevery = 0', "begin at 1"),
        ('[[fault]]\nkind = "slow"\nprobability = 2.0', "0 to 1"),
        ('[[fault]]\nkind = "slow"\nevery = 1\nprobability = 0.5', "not both"),
        ('[[fault]]\nkind = "slow"\nseconds = -1', "negative"),
    ],
)
def test_an_impossible_schedule_is_one_clear_sentence(tmp_path, text, said):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said):
        Faults.from_file(file)


def test_a_missing_schedule_is_a_settings_error(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        Faults.from_file(tmp_path / "none.toml")


numbers = st.decimals(allow_nan=False, allow_infinity=False) | st.integers()
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(value=json_values)
def test_json_survives_the_round_trip_with_every_digit(value):
    text = json_text.write(value)
    assert json_text.write(json_text.read(text)) == text
    assert json.loads(text) == json.loads(json.dumps(value, default=float)) or "." in text.decode()


def test_json_refuses_what_is_none():
    for text in (b"", b"{", b"NaN", b"[1,]", b"\xff"):
        with pytest.raises(json_text.NotJsonError):
            json_text.read(text)
    with pytest.raises(TypeError):
        json_text.write(object())
