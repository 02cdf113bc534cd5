"""Skills of the town that read, and skills that call others, as their files have them."""

from __future__ import annotations

import time
from typing import Any

import httpx
import msgspec

from cloud.tools.skills import SkillTool, bound
from examples.town.identity import ADA, code_at
from teach_mode.checks import parse_skill
from tests.cloud.tools.kitchen import Kitchen
from tests.town.conftest import LoopbackTransport


def testid(value: str) -> dict[str, Any]:
    return {"kind": "testid", "value": value}


def css(value: str) -> dict[str, Any]:
    return {"kind": "css", "value": value}


def site(name: str, at: str, **more: Any) -> dict[str, Any]:
    """The frame of a skill on a site of the town."""
    return {
        "format": 1,
        "name": name,
        "description": name.replace("_", " "),
        "base": at,
        "origins": {"navigate": [at.split("//")[1].split(":")[0]]},
        "effect": "read",
        **more,
    }


def caller(name: str, *calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A skill that does nothing but call others."""
    description = name.replace("_", " ")
    return {"format": 1, "name": name, "description": description, "effect": "read", "calls": list(calls), **more}


def read(step: str, locator: dict[str, Any], tag: str, text: str, **more: Any) -> dict[str, Any]:
    looks: dict[str, Any] = {"tag": tag, "text": text}
    looks |= {"role": "link", "name": text} if tag == "a" else {"attributes": {"data-testid": step}}
    target = {"locators": [locator], "fingerprint": looks}
    return {"id": step, "action": "read", "target": target, "saves": step, "effect": "read", **more}


PHONE = {"name": "phone", "kind": "text", "source": "profile"}
NUMBER = {"name": "number", "kind": "text", "question": "Which order?"}


def newest_order(at: str) -> dict[str, Any]:
    return site(
        "newest_order",
        at,
        entry={"url": "{site}/orders?phone={phone}", "condition": {"visible": [testid("order")]}},
        parameters=[PHONE],
        utterances=["[what is] my newest order"],
        steps=[read("order", {**css("article h2 a"), "nth": 0}, "a", "P-1001")],
        read_back="Your newest order is {order}.",
    )


def track_order(at: str) -> dict[str, Any]:
    return site(
        "track_order",
        at,
        entry={"url": "{site}/orders/{number}", "condition": {"visible": [testid("arrives")]}},
        parameters=[NUMBER],
        utterances=["(track|follow) {number}"],
        steps=[read("arrives", testid("arrives"), "b", "14:30"), read("total", testid("total"), "strong", "8.00")],
        read_back="Order {number} arrives at {arrives}.",
    )


TRACK_NEWEST = caller(
    "track_newest",
    {"id": "newest", "skill": "newest_order", "keeps": {"number": "order"}},
    {"id": "track", "skill": "track_order", "values": {"number": "{number}"}, "keeps": {"total": "total"}},
    {
        "id": "again",
        "skill": "track_order",
        "values": {"number": "{number}"},
        "when": {"value": "total", "relation": "above", "than": "100"},
    },
    utterances=["where is my order"],
)


def learn(kitchen: Kitchen, *skills: dict[str, Any]) -> None:
    """Puts skills into the toolbox."""
    sites = {"pizza": kitchen.town.addresses.pizza, "bistro": kitchen.town.addresses.bistro}
    for raw in skills:
        skill = bound(parse_skill(msgspec.json.encode(raw), raw["name"]), sites)
        kitchen.toolbox.add(SkillTool(skill, kitchen.pool, kitchen.desk, find=kitchen.toolbox.get))


class SignedIn:
    """A fake of the kept sessions: who signed in over plain HTTP is signed in here."""

    def __init__(self, host: str, cookies: dict[str, str]) -> None:
        jar = [
            {"name": name, "value": value, "domain": host, "path": "/", "expires": -1}
            | {"httpOnly": True, "secure": False, "sameSite": "Lax"}
            for name, value in cookies.items()
        ]
        self._state = {"cookies": jar, "origins": []}

    async def state(self, person: str, site: str) -> dict[str, Any]:
        return self._state

    async def keep(self, person: str, site: str, state: Any, hosts: Any) -> None:
        """Nothing changes."""


async def sign_in_to_mail(kitchen: Kitchen) -> None:
    """Signs Ada in to her mail, and lets the skills of the kitchen be signed in."""
    at = kitchen.town.addresses.mail
    async with httpx.AsyncClient(follow_redirects=True, transport=LoopbackTransport(), timeout=30) as visitor:
        await visitor.post(f"{at}/login", data={"user": ADA.name, "password": ADA.password})
        await visitor.post(f"{at}/code", data={"code": code_at(ADA.seed, time.time())})
        connections: Any = SignedIn("mail.localhost", dict(visitor.cookies))
    kitchen.desk = msgspec.structs.replace(kitchen.desk, connections=connections)


def unread_mails(at: str) -> dict[str, Any]:
    listing = {"locators": [css("tr.new td:nth-child(2) a")], "fingerprint": {"tag": "a"}}
    wait = {"visible": [css("main h2")]}
    step = {"id": "list", "action": "read", "many": True, "saves": "mails", "effect": "read"}
    return site(
        "unread_mails",
        at,
        entry={"url": "{site}/"},
        utterances=["which mails are unread"],
        steps=[{**step, "target": listing, "wait": wait}],
        read_back="Unread: {mails|and}.",
    )


def click(step: str, role: str, name: str, tag: str, **more: Any) -> dict[str, Any]:
    locator = {"kind": "role", "value": role, "name": name, "exact": True}
    looks = {"role": role, "name": name, "text": name, "tag": tag}
    return {"id": step, "action": "click", "target": {"locators": [locator], "fingerprint": looks}, **more}


def star_mail(at: str) -> dict[str, Any]:
    return site(
        "star_mail",
        at,
        entry={"url": "{site}/", "condition": {"visible": [testid("letter")]}},
        effect="reversible",
        description="star the mail",
        parameters=[{"name": "subject", "kind": "text", "question": "Which mail?"}],
        utterances=["star [the mail] {subject}"],
        steps=[
            click("open", "link", "{subject}", "a", postcondition={"url": "*/mail/M-*"}),
            click("star", "button", "☆ Star", "button", postcondition={"text": "Starred"}),
        ],
    )


STAR_UNREAD = caller(
    "star_unread",
    {"id": "list", "skill": "unread_mails", "keeps": {"mails": "mails"}},
    {"id": "star", "skill": "star_mail", "for_each": "mails", "values": {"subject": "{item}"}},
    effect="reversible",
    utterances=["star all unread mails"],
)
ORDER_EACH = caller(
    "order_each",
    {"id": "order", "skill": "order_pizza", "for_each": "kinds", "values": {"size": "small", "kind": "{item}"}},
    effect="irreversible",
    parameters=[{"name": "kinds", "kind": "text", "many": True, "question": "Which ones?"}],
    utterances=["order one each of {kinds}"],
)
