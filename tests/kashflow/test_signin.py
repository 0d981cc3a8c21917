"""The conversation that wins a session, without a network."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kashmag import kashflow
from kashmag.errors import BrokenError, RateLimitedError, SignInError, UnexpectedPayloadError
from kashmag.kashflow.signin import sign_out
from kashmag.rest.authentication import Credential
from kashmag.rest.codec import dumps, loads
from kashmag.rest.wire import Request, Response

ROOT = "https://books.test/v2"
TOKEN = "A2C19B7E-44D0-4E5B-BE16-90F3C1D7A8E4"
HALF = "0f7a1c52-6d1e-4b67-9a43-5d0c8e2b7f10"

words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=6, max_size=20)


def json(status, value):
    return Response(status, (("Content-Type", "application/json"),), dumps(value))


def challenge(positions):
    asked = [{"Position": position, "Value": ""} for position in positions]
    return json(201, {"TemporaryToken": HALF, "MemorableWordList": asked, "IsAdmin": True})


def converse(auth, *answers):
    """Send these answers and return the requests and the credential that was won."""
    talk, asked = auth.sign_in(ROOT), []
    try:
        asked.append(next(talk))
        for answer in answers:
            asked.append(talk.send(answer))
    except StopIteration as done:
        return asked, done.value
    return asked, None


@given(words, st.data())
def test_only_the_characters_that_are_asked_for_are_sent(word, data):
    positions = data.draw(st.lists(st.integers(1, len(word)), min_size=3, max_size=3, unique=True))
    auth = kashflow.SignIn("shop", "secret!", word)
    asked, won = converse(auth, challenge(positions), json(200, {"SessionToken": TOKEN}))
    opening, answer = (loads(request.body) for request in asked)
    assert opening == {"UserName": "shop", "Password": "secret!"}
    assert answer == {
        "TemporaryToken": HALF,
        "MemorableWordList": [
            {"Position": position, "Value": word[position - 1]} for position in positions
        ],
    }
    assert won.secret == TOKEN


@given(words)
def test_the_memorable_word_never_leaves_as_a_whole(word):
    answers = challenge([3, 1, 2]), json(200, {"SessionToken": TOKEN})
    usual, _ = converse(kashflow.SignIn("shop", "secret!", "makebelieve"), *answers)
    # A word that is part of what every sign-in says ("session") would be seen, and tell nothing.
    assume(not any(word in f"{one.target} {one.body.decode()}" for one in usual))
    asked, _ = converse(kashflow.SignIn("shop", "secret!", word), *answers)
    for request in asked:
        assert word not in f"{request.target} {request.body.decode()}"


def test_positions_count_from_one_and_need_not_be_sorted():
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    asked, _ = converse(auth, challenge([4, 1, 6]), json(200, {"SessionToken": TOKEN}))
    values = [one["Value"] for one in loads(asked[1].body)["MemorableWordList"]]
    assert values == ["e", "m", "e"]


def test_both_steps_go_to_the_session_token_without_a_proof():
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    asked, _ = converse(auth, challenge([4, 1, 6]), json(200, {"SessionToken": TOKEN}))
    assert [(one.method, one.target) for one in asked] == [
        ("POST", f"{ROOT}/sessiontoken"),
        ("PUT", f"{ROOT}/sessiontoken"),
    ]
    assert "authorization" not in {name.lower() for one in asked for name, _ in one.headers}


def test_a_word_that_is_too_short_is_said_before_anything_is_tried():
    auth = kashflow.SignIn("shop", "secret!", "abc")
    with pytest.raises(SignInError, match="shorter"):
        converse(auth, challenge([1, 2, 7]))


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "InvalidCredentials"), (400, "PasswordExpired"), (401, "AccountLocked"), (403, ""),
     (404, ""), (409, "X")],
)  # fmt: skip
@pytest.mark.parametrize("step", [1, 2])
def test_any_refusal_is_a_sign_in_error(status, code, step):
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    refusal = json(status, {"Error": code, "Message": "no"})
    answers = [refusal] if step == 1 else [challenge([1, 2, 3]), refusal]
    with pytest.raises(SignInError) as caught:
        converse(auth, *answers)
    assert caught.value.status == status
    assert caught.value.code == code


def test_a_user_who_is_locked_out_is_not_asked_for_characters():
    locked = {"TemporaryToken": HALF, "MemorableWordList": [], "IsLockedOut": True}
    with pytest.raises(SignInError, match="locked"):
        converse(kashflow.SignIn("shop", "secret!", "makebelieve"), json(201, locked))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json(500, {"Error": "X", "Message": "y"}), BrokenError),
        (json(400, {"Error": "-2146232060", "Message": "Execution Timeout Expired."}), BrokenError),
        (json(429, {"Error": "X", "Message": "y"}), RateLimitedError),
        (Response(200, (("Content-Type", "text/html"),), b"<html>"), UnexpectedPayloadError),
        (json(201, {}), UnexpectedPayloadError),
    ],
)
def test_trouble_on_their_side_is_no_refusal(answer, error):
    with pytest.raises(error):
        converse(kashflow.SignIn("shop", "secret!", "makebelieve"), answer)


def test_a_refusal_that_echoes_a_secret_is_told_without_it():
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    with pytest.raises(SignInError) as caught:
        converse(auth, json(400, {"Error": "X", "Message": "secret! / makebelieve is wrong"}))
    assert "secret!" not in str(caught.value)
    assert "makebelieve" not in str(caught.value)


def test_no_repr_shows_a_secret():
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    asked, won = converse(auth, challenge([1, 2, 3]), json(200, {"SessionToken": TOKEN}))
    signed = auth.sign(Request("GET", f"{ROOT}/metadata"), won)
    shown = repr((auth, asked, won, signed, sign_out()))
    for secret in ("secret!", "makebelieve", TOKEN, HALF):
        assert secret not in shown
    assert dict(signed.headers)["Authorization"] == f"KfToken {TOKEN}"


def test_signing_out_names_the_session_only_in_the_signed_request():
    auth = kashflow.SignIn("shop", "secret!", "makebelieve")
    placed = Request("DELETE", ROOT + sign_out().path)
    assert auth.sign(placed, Credential(TOKEN)).target == f"{ROOT}/sessiontoken/{TOKEN}"
    assert auth.sign(placed, None) == placed
