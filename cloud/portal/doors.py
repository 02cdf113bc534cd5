"""Who may come in, and from where.

Programs show the owner's token as `Authorization: Bearer …`. The page signs in with it once and gets a cookie that no
script can read. A request that changes something and comes with the cookie must come from our own page: same origin,
and JSON. Every request must name a host that we are known by, so that no foreign name can be pointed at us.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from cloud.errors import TokenRefused
from cloud.people.accounts import OWNER, Accounts

COOKIE = "leveret_session"
SESSION_S = 14 * 24 * 3600
# What a form of another site cannot send without asking first.
OURS = frozenset({"application/json", "application/vnd.leveret.trace"})
SAFE = frozenset({"GET", "HEAD"})
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Doors:
    """Checks requests. `names` are host names that the portal is reached by, without ports."""

    def __init__(self, accounts: Accounts, names: Iterable[str], *, clock: Callable[[], float] = time.time) -> None:
        self._accounts = accounts
        self._names = frozenset(name.lower() for name in (*names, *LOCAL))
        self._clock = clock

    def check_host(self, request: HTTPConnection) -> None:
        """Raises TokenRefused when the request names a host that is not ours."""
        named = host_name(request.headers.get("host", ""))
        if named not in self._names:
            raise TokenRefused(f"this portal is not {named!r}; add the name to `names` in its configuration")

    def person(self, request: HTTPConnection) -> str:
        """Whose request this is. Raises TokenRefused."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._accounts.check_token(token.strip())
        cookie = request.cookies.get(COOKIE, "")
        if not self._is_ours(cookie):
            raise TokenRefused("sign in first: show the owner's token; `leveret token` prints it")
        if request.scope.get("method", "GET") not in SAFE:
            self._check_origin(request)
        return OWNER

    def socket_person(self, socket: HTTPConnection) -> str:
        """Whose WebSocket this is. A browser opens one from any page: with a cookie, its origin must be ours.

        Raises TokenRefused.
        """
        self.check_host(socket)
        person = self.person(socket)
        by_token = socket.headers.get("authorization", "").lower().startswith("bearer ")
        if not by_token and not _is_same_site(socket):
            raise TokenRefused("this socket was not opened by the portal's own page")
        return person

    def sign_in(self, token: str, response: Response, *, secure: bool) -> None:
        """Puts the cookie on `response`. Raises TokenRefused."""
        self._accounts.check_token(token)
        until = int(self._clock()) + SESSION_S
        value = f"{until}.{self._sign(until)}"
        response.set_cookie(COOKIE, value, max_age=SESSION_S, httponly=True, samesite="strict", secure=secure)

    def sign_out(self, response: Response) -> None:
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    def _is_ours(self, cookie: str) -> bool:
        until, _, signature = cookie.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 16):
            return False
        return hmac.compare_digest(signature.encode(), self._sign(int(until)).encode()) and self._clock() < int(until)

    def _sign(self, until: int) -> str:
        # Signed with the token itself: a new token ends every session.
        key = self._accounts.open().encode()
        return hmac.new(key, f"portal session until {until}".encode(), hashlib.sha256).hexdigest()

    def _check_origin(self, request: HTTPConnection) -> None:
        same = _is_same_site(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if not same or kind not in OURS:
            raise TokenRefused("this request does not come from the portal's own page")


def _is_same_site(request: HTTPConnection) -> bool:
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()
