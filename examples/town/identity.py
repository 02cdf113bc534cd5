"""Signing in: user, password and, where a site wants it, a one-time code (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.town.pages import redirect, session_of
from examples.town.site import Site

STEP_S = 30
DIGITS = 6


class User(Struct, frozen=True):
    """Somebody with an account. `seed` is base32, as in an authenticator."""

    name: str
    password: str
    seed: str
    title: str


# Nobody's account.
ADA = User("ada@leveret.example", "tulip-garden-9", "JBSWY3DPEHPK3PXP", "Ada Example")
USERS = {ADA.name: ADA}


def code_at(seed: str, moment_s: float) -> str:
    """The one-time code of a base32 seed at a moment of Unix time."""
    counter = struct.pack(">Q", int(moment_s) // STEP_S)
    digest = hmac.new(base64.b32decode(seed), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return str((int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


class Identity:
    """Who is signed in, by session. Codes follow the real time, as authenticators do, not the town's clock."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._signed_in: dict[str, User] = {}
        self._half_way: dict[str, User] = {}

    def user(self, session: str) -> User | None:
        """Who this is, or None."""
        return self._signed_in.get(session)

    def half_way(self, session: str) -> User | None:
        """Whose password was right, while the code is still to come."""
        return self._half_way.get(session)

    def password(self, session: str, name: str, password: str, *, with_code: bool) -> bool:
        """Whether the password is right; with it somebody is in, or half way."""
        user = USERS.get(name.strip().lower())
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            return False
        (self._half_way if with_code else self._signed_in)[session] = user
        return True

    def code(self, session: str, code: str) -> bool:
        """Whether the code is that of now, or of one step before or after; with it somebody is in."""
        user = self._half_way.get(session)
        moments = (self._clock() + step * STEP_S for step in (-1, 0, 1))
        given = "".join(code.split())
        if user is None or not any(hmac.compare_digest(code_at(user.seed, at), given) for at in moments):
            return False
        self._signed_in[session] = self._half_way.pop(session)
        return True

    def sign_out(self, session: str) -> None:
        """This session is nobody's again."""
        self._signed_in.pop(session, None)

    def expire(self) -> None:
        """All sessions end, as they do after a night."""
        self._signed_in.clear()
        self._half_way.clear()


class Guarded(Site):
    """A site that one must sign in to. Its template has the views `login` and, with `with_code`, `code`."""

    with_code = True
    identity: Identity

    def door(self) -> Sequence[Route]:
        """The pages in front of the site."""
        return (
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/code", self.code, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["POST"]),
        )

    def closed(self, request: Request) -> Response | None:
        """The way to the login for whoever is not signed in; None for whoever is."""
        if self.identity.user(session_of(request)) is not None:
            return None
        return redirect(request, f"/login?to={request.url.path}")

    def who(self, request: Request) -> User:
        """Whoever is signed in here."""
        user = self.identity.user(session_of(request))
        assert user is not None
        return user

    async def login(self, request: Request) -> Response:
        to = safe(request.query_params.get("to", "/"))
        if request.method == "GET":
            return self.view(request, "login", to=to, given="", problem="")
        form = await self.fields(request)
        name = form.get("user", "")
        session = session_of(request)
        if not self.identity.password(session, name, form.get("password", ""), with_code=self.with_code):
            return self.view(request, "login", 422, to=to, given=name, problem="User and password do not match.")
        return redirect(request, f"/code?to={to}" if self.with_code else to)

    async def code(self, request: Request) -> Response:
        to = safe(request.query_params.get("to", "/"))
        if self.identity.half_way(session_of(request)) is None:
            return redirect(request, f"/login?to={to}")
        if request.method == "GET":
            return self.view(request, "code", to=to, problem="")
        form = await self.fields(request)
        if not self.identity.code(session_of(request), form.get("code", "")):
            return self.view(request, "code", 422, to=to, problem="That code is not right, or it is too old.")
        return redirect(request, to)

    async def logout(self, request: Request) -> Response:
        self.identity.sign_out(session_of(request))
        return redirect(request, "/login")


def safe(path: str) -> str:
    """A path of this site; anything else becomes the front page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
