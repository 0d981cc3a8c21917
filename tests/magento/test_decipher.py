"""What Magento's answers mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import (
    BrokenError,
    ConflictError,
    InvalidError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    RemoteError,
    SignInError,
    UnexpectedPayloadError,
)
from kashmag.magento.decipher import decipher, explain, filled
from kashmag.magento.routes import as_json, read_route
from kashmag.rest.wire import Response

SAMPLES = Path(__file__).parent.parent / "samples" / "magento"
CASES = json.loads((SAMPLES / "examples" / "errors.json").read_text())
RECORDED = json.loads((SAMPLES / "recorded.json").read_text())
REFUSED = sorted(name for name, told in RECORDED.items() if told["status"] >= 400)
GET = read_route("/V1/orders/1", as_json)
NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)

EXPECTED = {
    "not_authorized": SignInError,
    "developer_mode_trace": SignInError,
    "internal_error": BrokenError,
    "internal_error_reported_as_400": BrokenError,
    "php_fatal": BrokenError,
    "maintenance": BrokenError,
    "cdn_503": BrokenError,
    "cdn_429": RateLimitedError,
    "checkout_rate_limited": RateLimitedError,
    "waf_blocked": NotPermittedError,
    "missing_parameter": InvalidError,
    "several_input_errors": InvalidError,
    "page_size_over_maximum": InvalidError,
    "entity_not_found": NotFoundError,
    "route_not_found_localised": NotFoundError,
    "product_not_found": NotFoundError,
    "oauth_nonce_reused": SignInError,
    "oauth_token_length": InvalidError,
    "document_validation": InvalidError,
    "method_not_allowed": InvalidError,
}


def answer(case: dict) -> Response:
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    return Response(case["status"], (("Content-Type", case["content_type"]),), body.encode())


def meaning(response: Response) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        decipher(response, GET)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_each_known_error_is_one_sentence_with_nothing_left_to_fill(case: dict) -> None:
    error = meaning(answer(case))
    assert type(error) is EXPECTED.get(case["case"], type(error))
    assert error.message
    assert "\n" not in error.message
    assert "%1" not in error.message
    assert "%field" not in error.message
    assert "%resources" not in error.message
    assert "<" not in error.message or "xml" in case["case"]
    assert "trace" not in error.message.lower()
    assert "RequestValidator" not in error.message


@pytest.mark.parametrize("name", REFUSED)
def test_each_recorded_refusal_is_deciphered(name: str) -> None:
    told = RECORDED[name]
    body = (SAMPLES / "recorded" / f"{name}.json").read_bytes()
    error = meaning(Response(told["status"], (("Content-Type", told["content_type"]),), body))
    assert (type(error) is BrokenError) == (told["status"] >= 500)
    assert "%" not in error.message or name == "err_bearer"


@pytest.mark.parametrize("name", sorted(n for n, t in RECORDED.items() if t["status"] < 300))
def test_each_recorded_success_is_one(name: str) -> None:
    told = RECORDED[name]
    body = (SAMPLES / "recorded" / f"{name}.json").read_bytes()
    response = Response(told["status"], (("Content-Type", told["content_type"]),), body)
    assert decipher(response, GET) is response


@pytest.mark.parametrize(
    ("message", "parameters", "expected"),
    [
        ("Invalid %1: %2", ["a", 5], "Invalid a: 5"),
        ("No %fieldName = %fieldValue", {"fieldName": "id", "fieldValue": 9}, "No id = 9"),
        ("Only %1 and %2", ["a"], "Only a and %2"),
        ("100% of %x", {"y": 1}, "100% of %x"),
        ("%10 and %1", list("abcdefghij"), "j and a"),
        ("%resources", {"resources": ["a", "b"]}, "a, b"),
        ("as it is", None, "as it is"),
        ("Invalid attribute %a = %b.", ["SKU", "NOPE"], "Invalid attribute SKU = NOPE."),
        ("%1 %1 and %a %a", ["x"], "x x and x x"),
    ],
)
def test_placeholders_are_filled_by_name_and_by_position(message, parameters, expected) -> None:
    assert filled(message, parameters) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Internal Error. Details are available in Magento log file. Report ID: webapi-633abc",
        "Błąd. Report ID: webapi-633abc",
        "Server internal error. See details in report api/487380499411",
        "SQLSTATE[40001]: Serialization failure: 1213 Deadlock found",
    ],
)
@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_servers_fault_is_one_in_any_clothes(message: str, status: int) -> None:
    case = {"status": status, "body": {"message": message}, "content_type": "application/json"}
    assert type(meaning(answer(case))) is BrokenError


def test_the_report_id_is_told() -> None:
    body = {"message": "Internal Error. Report ID: webapi-6333f157bfbb8"}
    case = {"status": 500, "body": body, "content_type": "application/json"}
    assert meaning(answer(case)).code == "webapi-6333f157bfbb8"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, UnexpectedPayloadError), (403, NotPermittedError), (503, BrokenError)],
)
@pytest.mark.parametrize("headers", [(), (("Content-Type", "text/html; charset=UTF-8"),)])
def test_a_web_page_is_recognised_before_json_is_tried(status, kind, headers) -> None:
    page = b"<!DOCTYPE html><html><head><title>Down &amp; out</title></head><body>x</body></html>"
    error = meaning(Response(status, headers, page))
    assert type(error) is kind
    assert "Down & out" in error.message


def test_a_redirect_says_where_to() -> None:
    error = meaning(Response(301, (("Location", "https://www.shop.example/rest/V1/orders"),)))
    assert "https://www.shop.example" in error.message


@pytest.mark.parametrize("body", [b'{"items":[{"entity_id":1},', b"{", b'"12', b"[[],"])
def test_an_answer_cut_short_is_no_answer(body: bytes) -> None:
    assert type(meaning(Response(200, (), body))) is NoAnswerError


def test_a_conflict_is_one() -> None:
    assert type(meaning(Response(409, (), b'{"message":"x"}'))) is ConflictError


def test_a_fatal_fault_in_a_success_is_no_success() -> None:
    body = b'{"messages":{"error":[{"code":500,"message":"Server internal error."}]}}'
    assert (
        type(meaning(Response(200, (("Content-Type", "application/json"),), body))) is BrokenError
    )


@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=60) | st.sampled_from([b"null", b"[]", b'{"message":[1]}', b"7"]),
    kind=st.sampled_from(["", "text/html", "application/json", "text/plain"]),
)
def test_any_answer_is_understood_somehow(status: int, body: bytes, kind: str) -> None:
    response = Response(status, (("Content-Type", kind),), body)
    said = "fine"
    try:
        assert decipher(response, GET).is_success
    except RemoteError as error:
        said = error.message
    assert said


REFUSAL = SignInError("The consumer isn't authorized to access Magento_Sales::actions_view.")


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ("OAuth1", "four values"),
        ("Bearer", "does not allow those as Bearer tokens"),
        ("AdminToken", "role"),
        ("AdobeIms", "Commerce scope"),
        ("Anonymous", "no proof"),
    ],
)
def test_a_refusal_says_what_it_may_mean(proof: str, words: str) -> None:
    error = explain(REFUSAL, Response(401), proof=proof, now=NOW)
    assert "Magento_Sales::actions_view" in error.message
    assert words in error.message


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=700), "700 s ahead of the shop's"),
        (timedelta(seconds=-4000), "4000 s behind the shop's"),
        (timedelta(seconds=20), None),
    ],
)
def test_a_clock_that_is_wrong_is_named(ahead: timedelta, words: str | None) -> None:
    response = Response(401, (("Date", "Tue, 20 Jan 2026 12:00:00 GMT"),))
    message = explain(REFUSAL, response, proof="OAuth1", now=NOW + ahead).message
    assert words in message if words else "clock" not in message
