"""What each failed answer means."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import (
    BrokenError,
    ConflictError,
    InvalidError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    RemoteError,
    SignInError,
)
from kashmag.kashflow.decipher import decipher, error_of
from kashmag.kashflow.invoices import get
from kashmag.rest.wire import Response


def said(status, code="X", message="y"):
    body = json.dumps({"Error": code, "Message": message}).encode()
    return Response(status, (("Content-Type", "application/json"),), body)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidError), (401, SignInError), (403, NotPermittedError), (404, NotFoundError),
        (405, InvalidError), (408, BrokenError), (409, ConflictError), (410, NotFoundError),
        (415, InvalidError), (422, InvalidError), (429, RateLimitedError), (500, BrokenError),
        (502, BrokenError), (503, BrokenError), (302, BrokenError),
    ],
)  # fmt: skip
def test_a_status_means_an_error_of_the_family(status, kind):
    error = error_of(said(status))
    assert type(error) is kind
    assert (error.status, error.code) == (status, "X")


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_the_time_out_of_their_database_is_a_fault_of_theirs_whatever_the_status(status):
    known = said(status, "-2146232060", "Execution Timeout Expired. The timeout period elapsed")
    assert type(error_of(known)) is BrokenError
    assert type(error_of(said(status, "-2146232060", ""))) is BrokenError
    assert type(error_of(said(status, "", "Execution Timeout Expired."))) is BrokenError


@pytest.mark.parametrize("code", ["AccountLocked", "PasswordExpired", "InvalidCredentials"])
def test_a_user_who_is_refused_is_not_signed_in_again(code):
    assert type(error_of(said(401, code))) is NotPermittedError


def test_an_ended_session_is_one_to_sign_in_for():
    error = error_of(said(401, "InvalidSessionToken", "Session token provided is invalid."))
    assert type(error) is SignInError
    assert "Session token provided is invalid. [InvalidSessionToken]" in str(error)


@given(st.integers(300, 599), st.binary(max_size=200), st.sampled_from(("text/html", "", "x/y")))
def test_any_other_body_is_an_error_in_one_line_too(status, body, kind):
    with pytest.raises(RemoteError) as caught:
        decipher(Response(status, (("Content-Type", kind),), body), get(1))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=2000))
def test_a_long_message_is_told_in_one_short_line(text):
    told = str(error_of(said(400, "X", text)))
    assert "\n" not in told
    assert len(told) < 400


@given(st.integers(200, 299), st.binary(max_size=20))
def test_a_success_is_passed_on_as_it_is(status, body):
    response = Response(status, (), body)
    assert decipher(response, get(1)) is response


def test_an_empty_refusal_says_so():
    assert "without a body" in str(error_of(Response(404)))
