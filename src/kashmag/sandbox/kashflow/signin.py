"""Signing in: user name and password, then three letters of the memorable word.

A refused sign-in counts; too many lock the user. Sessions slide: each use renews them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import define, field, frozen

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.wire import UNAUTHORISED, Answer, Refusal, created, ok

WORN: Final = 8
"""After how many requests a session may expire in mid-run."""
SESSION_USER: Final = "sandbox-user"


@frozen(kw_only=True)
class Credentials:
    """What signs in to the stand-in. The defaults are public, and obviously no one's."""

    user_name: str = SESSION_USER
    password: str = "sandbox-password"  # noqa: S105  documented, opens nothing real
    memorable_word: str = "makebelieve"


@define
class Sessions:
    """Who is signed in, who is half way, and how often it went wrong."""

    account: Account
    credentials: Credentials
    sign_ins: int = 0
    refusals: int = 0
    _half_way: dict[str, tuple[datetime, tuple[int, ...]]] = field(factory=dict)
    _sessions: dict[str, datetime] = field(factory=dict)
    _uses: dict[str, int] = field(factory=dict)

    def is_valid(self, authorization: str) -> bool:
        """Tell whether the header names a living session, and renew it."""
        scheme, _, token = authorization.partition(" ")
        key = token.strip().lower()
        used = self._sessions.get(key)
        if scheme.lower() != "kftoken" or used is None:
            return False
        now = self.account.now
        if now - used > self.account.switches.session_idle_life:
            del self._sessions[key]
            return False
        self._sessions[key] = now
        self._uses[key] = self._uses.get(key, 0) + 1
        return True

    def expire_all(self) -> None:
        """End every session at once."""
        self._sessions.clear()

    def expire_worn(self) -> None:
        """End the sessions that have been in use for a while: none dies as it is born."""
        worn = [token for token, uses in self._uses.items() if uses >= WORN]
        for token in worn:
            self._sessions.pop(token, None)
            del self._uses[token]

    @property
    def is_locked(self) -> bool:
        """Tell whether the user is locked."""
        return self._failures >= self.account.switches.failures_until_locked

    @property
    def routes(self) -> tuple[Route, ...]:
        """The operations of signing in and out."""
        return (
            Route("POST", "/sessiontoken", self._begin, body=bodies.CREDENTIALS, is_open=True),
            Route("PUT", "/sessiontoken", self._finish, body=bodies.ANSWER, is_open=True),
            Route(
                "GET",
                "/sessiontoken",
                self._exchange,
                query=words("externaltoken:text! uid:integer!"),
                is_open=True,
            ),
            Route("DELETE", "/sessiontoken/{token}", self._end),
        )

    def _begin(self, account: Account, request: Request) -> Answer:
        self._refuse_when_locked()
        known = (self.credentials.user_name.lower(), self.credentials.password)
        if (request.body["UserName"].lower(), request.body["Password"]) != known:
            return self._failed()
        token = account.guid()
        length = len(self.credentials.memorable_word)
        positions = tuple(account.dice.sample(range(1, length + 1), 3))
        self._half_way[token] = (account.now, positions)
        return created(_challenge(token, positions))

    def _finish(self, account: Account, request: Request) -> Answer:
        self._refuse_when_locked()
        # Each temporary token is good once, however the answer turns out.
        begun = self._half_way.pop(request.body["TemporaryToken"], None)
        if begun is None or account.now - begun[0] > account.switches.temporary_token_life:
            return UNAUTHORISED
        given = [(c["Position"], c["Value"].lower()) for c in request.body["MemorableWordList"]]
        word = self.credentials.memorable_word.lower()
        if sorted(given) != sorted((place, word[place - 1]) for place in begun[1]):
            return self._failed()
        return ok(self._open())

    def _exchange(self, _: Account, __: Request) -> Answer:
        # There is no single sign-on here, so no external token is ever good.
        return UNAUTHORISED

    def _end(self, _: Account, request: Request) -> Answer:
        if self._sessions.pop(request.path["token"].lower(), None) is None:
            return UNAUTHORISED
        return ok({})

    def _open(self) -> Record:
        account = self.account
        if not account.switches.several_sessions:
            self._sessions.clear()
        token = account.guid()
        self._sessions[token] = account.now
        self.sign_ins += 1
        account.store.put("settings", "sign_in_failures", {"Count": 0})
        return {
            "CompanyName": "Make-believe Trading Ltd",
            "IsAdmin": True,
            "SubscriptionExpired": False,
            "PartnerId": 0,
            "PackageName": "Business",
            "PartnerBrandingOptOut": True,
            "StartPageUrl": "overview",
            "SubscriptionExpiryDate": "2099-03-31 12:00:00",
            "HasTemporaryPassword": False,
            "SessionToken": token.upper(),
        }

    @property
    def _failures(self) -> int:
        return int(
            (self.account.store.get("settings", "sign_in_failures") or {"Count": 0})["Count"]
        )

    def _failed(self) -> Answer:
        self.refusals += 1
        self.account.store.put("settings", "sign_in_failures", {"Count": self._failures + 1})
        message = "The user name or password is incorrect."
        return Refusal(400, "InvalidCredentials", message).answer

    def _refuse_when_locked(self) -> None:
        if self.is_locked:
            self.refusals += 1
            raise Refusal(401, "AccountLocked", "User account is locked.")


def _challenge(token: str, positions: tuple[int, ...]) -> Record:
    return {
        "TenantId": 40117,
        "TemporaryToken": token,
        "MemorableWordList": [{"Position": place, "Value": ""} for place in positions],
        "KeepUserLoggedIn": False,
        "MemorableWordPositions": ",".join(str(place) for place in positions),
        "IsLockedOut": False,
        "CompanyUserId": 50231,
        "CompanyId": 61094,
        "PartnerId": 0,
        "ConnectedUserPartnerId": 0,
        "ClientManagerId": 0,
        "PartnerBrandingOptOut": False,
        "PackageName": "Business",
        "IsPackageRestricted": False,
        "SubscriptionExpired": False,
        "IntegrationsSettings": None,
        "HasTemporaryPassword": False,
        "Disabled": False,
        "CompanyUserFullName": "Robin Example",
        "EmailId": "robin@example.com",
        "PartnerCompanyUserId": 0,
    }
