"""A lodge whose guests sign in with a password and a one-time code. It is a careless site: it says back what it got."""

from __future__ import annotations

import asyncio
import html
import socket
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cloud.people.onetime import Seed, seed_of
from cloud.serving import bind

PAGE = "<!doctype html><meta charset=utf-8><title>Lodge</title><style>body{{font:24px sans-serif}}</style>{body}"
LOGIN = """<h1>Sign in</h1>{alert}<form method=post action=/login><label>Guest <input name=guest></label>
<label>Password <input type=password name=password></label><button>Sign in</button></form>"""
CODE = """<h1>One more step</h1>{alert}<form method=post action=/code>
<label>Verification code <input name=code></label><button>Verify</button></form>"""
STAY = """<h1>Your stay</h1><p data-testid=room>Room 12</p>
<form method=post action=/card><label>Card number <input name=card></label><button>Keep card</button></form>
<script>localStorage.setItem("lodge", "{token}")</script>"""
PATIENCE = 4  # how many windows a code is good for: on a busy machine it takes a while from typing to sending
CARD = "<h1>Card kept</h1><p data-testid=kept>It ends in {last}</p>"


class Lodge:
    """The site. `held`: replies to a right code wait for it, so that a test can meddle in the middle of a login."""

    def __init__(self, *, guest: str, password: str, seed: str, cookie: str, token: str) -> None:
        self.guest, self.password, self.cookie, self.token = guest, password, cookie, token
        self.seed: Seed = seed_of(seed)
        self.listening: socket.socket = bind("127.0.0.1", 0)
        self.codes: list[str] = []
        self.spent: set[str] = set()
        self.cards: list[str] = []
        self.logins = 0
        self.instead = ""  # what is shown in place of the stay
        self.held = asyncio.Event()
        self.held.set()
        self.code_came = asyncio.Event()

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://lodge.localhost:{self.port}"

    def current_code(self) -> str:
        """What the guest's authenticator shows now."""
        return self.seed.code(self.seed.window(time.time()))

    def app(self) -> Starlette:
        routes = [
            Route("/", self._stay),
            Route("/login", self._login, methods=["GET", "POST"]),
            Route("/code", self._code, methods=["GET", "POST"]),
            Route("/card", self._card, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def _stay(self, request: Request) -> Response:
        if self.instead:
            return page(self.instead)
        if request.cookies.get("stay") != self.cookie:
            return RedirectResponse("/login", 303)
        return page(STAY.format(token=self.token))

    async def _login(self, request: Request) -> Response:
        given = await request.form()
        if request.method == "GET":
            return page(LOGIN.format(alert=""))
        if (given["guest"], given["password"]) == (self.guest, self.password):
            answer = RedirectResponse("/code", 303)
            answer.set_cookie("step", "password")
            return answer
        says = f"<p role=alert>{html.escape(str(given['password']))} is not the password</p>"
        return page(LOGIN.format(alert=says))

    async def _code(self, request: Request) -> Response:
        if request.method == "GET":
            return page(CODE.format(alert=""))
        code = str((await request.form())["code"])
        window = self.seed.window(time.time())
        right = code in {self.seed.code(window - ago) for ago in range(PATIENCE)} and code not in self.spent
        self.codes.append(code)
        self.spent.add(code)
        self.code_came.set()
        await self.held.wait()
        if not right or request.cookies.get("step") != "password":
            return page(CODE.format(alert=f"<p role=alert>{html.escape(code)} is not the code</p>"))
        self.logins += 1
        answer = RedirectResponse("/", 303)
        answer.set_cookie("stay", self.cookie, httponly=True)
        return answer

    async def _card(self, request: Request) -> Response:
        self.cards.append(str((await request.form())["card"]))
        return page(CARD.format(last=self.cards[-1][-4:]))

    def skill(self) -> dict[str, Any]:
        """How to look the room up and leave a card there, signing in where it must be."""
        at_login = {"page": {"visible": [css("[name=password]")]}}
        at_code = {"page": {"visible": [css("[name=code]")]}}
        here = [
            {"kind": "css", "value": "p[role=alert]"},
        ]
        return {
            "format": 1,
            "name": "see_room",
            "description": "Say which room you have at the lodge.",
            "base": self.address,
            "origins": {"navigate": ["lodge.localhost"]},
            "entry": {"url": "{site}/"},
            "utterances": ["which room is mine at the lodge"],
            "problems": here,
            "read_back": "You have {room}.",
            "steps": [
                fill("guest", "Guest", "guest", when=at_login),
                fill("password", "Password", "password", type="password", when=at_login),
                click("sign-in", "Sign in", when=at_login, postcondition=at_code["page"]),
                fill("code", "Verification code", "code", when=at_code),
                click("verify", "Verify", when=at_code, postcondition={"text": "Your stay"}),
                read("room", "[data-testid=room]", saves="room"),
                fill("card", "Card number", "card"),
                click("keep", "Keep card", postcondition={"text": "It ends in"}),
            ],
        }


def css(selector: str) -> dict[str, str]:
    return {"kind": "css", "value": selector}


def fill(name: str, label: str, field: str, *, type: str = "", **more: Any) -> dict[str, Any]:  # noqa: A002
    """Fills a field with the lodge's secret of that name."""
    attributes = {"name": field} | ({"type": type} if type else {})
    seen = {"role": "textbox", "name": label, "label": label, "tag": "input", "attributes": attributes}
    target = {"locators": [{"kind": "label", "value": label, "exact": True}], "fingerprint": seen}
    return {"id": name, "action": "fill", "secret": f"lodge {name}", "target": target, **more}


def click(name: str, button: str, **more: Any) -> dict[str, Any]:
    """Clicks a button."""
    seen = {"role": "button", "name": button, "text": button, "tag": "button"}
    target = {"locators": [{"kind": "role", "value": "button", "name": button, "exact": True}], "fingerprint": seen}
    return {"id": name, "action": "click", "target": target, **more}


def read(name: str, selector: str, **more: Any) -> dict[str, Any]:
    """Reads a text."""
    target = {
        "locators": [css(selector)],
        "fingerprint": {"role": "paragraph", "text": "Room 12", "tag": "p", "attributes": {"data-testid": name}},
    }
    return {"id": name, "action": "read", "target": target, **more}


def page(body: str) -> Response:
    return HTMLResponse(PAGE.format(body=body))
