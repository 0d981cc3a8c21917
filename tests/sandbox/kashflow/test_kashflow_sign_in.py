import json

from kashmag.sandbox.kashflow import Credentials, Switches


def test_the_challenge_asks_for_three_different_places_of_the_word(desk):
    seen = [
        tuple(asked["Position"] for asked in desk.challenge().json["MemorableWordList"])
        for _ in range(40)
    ]
    length = len(desk.sandbox.credentials.memorable_word)
    assert all(len(set(places)) == 3 for places in seen)
    assert all(1 <= place <= length for places in seen for place in places)
    assert any(list(places) != sorted(places) for places in seen)


def test_the_letters_may_come_in_any_case_and_any_order(desk):
    challenge = desk.challenge().json
    challenge["MemorableWordList"].reverse()
    word = desk.sandbox.credentials.memorable_word.upper()
    assert desk.answer(challenge, word).status == 200


def test_a_temporary_token_is_good_once_and_for_five_minutes(desk):
    challenge = desk.challenge().json
    assert desk.answer(challenge).status == 200
    assert desk.answer(challenge).status == 401
    late = desk.challenge().json
    desk.clock.pass_by(minutes=5, seconds=1)
    assert desk.answer(late).status == 401


def test_property_names_of_the_sign_in_bind_in_any_case(desk):
    known = desk.sandbox.credentials
    body = {"username": known.user_name, "PASSWORD": known.password, "Unknown": [1]}
    assert desk.call("POST", "/sessiontoken", body).status == 201


def test_missing_bad_and_expired_tokens_get_the_same_answer(desk):
    old, desk.token = desk.token, None
    missing = desk.raw("GET", "/metadata")
    bad = desk.raw("GET", "/metadata", headers={"authorization": "KfToken not-a-token"})
    bearer = desk.raw("GET", "/metadata", headers={"authorization": f"Bearer {old}"})
    desk.clock.pass_by(minutes=61)
    expired = desk.raw("GET", "/metadata", headers={"authorization": f"KfToken {old}"})
    assert {a.status for a in (missing, bad, bearer, expired)} == {401}
    assert len({a.text for a in (missing, bad, bearer, expired)}) == 1
    assert missing.json == {
        "Error": "InvalidSessionToken",
        "Message": "Session token provided is invalid.",
    }


def test_a_session_slides_with_its_use(desk):
    for _ in range(5):
        desk.clock.pass_by(minutes=59)
        desk.ask("/metadata")
    desk.clock.pass_by(minutes=61)
    assert desk.call("GET", "/metadata").status == 401


def test_several_sessions_live_side_by_side_unless_switched_off(open_desk):
    for switches, status in ((Switches(), 200), (Switches(several_sessions=False), 401)):
        desk = open_desk(switches=switches)
        first = desk.token
        desk.sign_in()
        headers = {"authorization": f"KfToken {first}"}
        assert desk.raw("GET", "/metadata", headers=headers).status == status


def test_five_failures_lock_the_user_for_good(desk):
    for _ in range(4):
        refused = desk.challenge("wrong")
        assert (refused.status, refused.json["Error"]) == (400, "InvalidCredentials")
    assert desk.answer(desk.challenge().json, "wrongwrongwrong").status == 400
    locked = desk.challenge()
    assert (locked.status, locked.json["Error"]) == (401, "AccountLocked")
    desk.ask("/metadata")


def test_a_full_sign_in_forgets_earlier_failures(desk):
    for _ in range(3):
        for _ in range(4):
            desk.challenge("wrong")
        desk.sign_in()
    assert desk.sandbox.census().refused_sign_ins == 12


def test_signing_out_ends_the_session(desk):
    assert desk.raw("DELETE", f"/sessiontoken/{desk.token}").status == 200
    assert desk.call("GET", "/metadata").status == 401


def test_the_same_seed_asks_for_the_same_letters(open_desk):
    one, two = (open_desk(seed=5).challenge().text for _ in range(2))
    assert one == two
    assert open_desk(seed=6).challenge().text != one


def test_own_credentials_sign_in(open_desk):
    known = Credentials(user_name="a", password="b", memorable_word="abcdefgh")
    assert open_desk(credentials=known).ask("/metadata")["TotalCustomerCount"] == 0


def test_a_body_that_is_not_json_is_refused(desk):
    for body in (b"", b"{", b"<xml/>", b"[1]", b'{"UserName": NaN}'):
        refused = desk.raw("POST", "/sessiontoken", body)
        assert refused.status == 400
        assert set(json.loads(refused.text)) == {"Error", "Message"}
    xml = desk.raw("POST", "/sessiontoken", {}, headers={"content-type": "application/xml"})
    assert xml.status == 400
