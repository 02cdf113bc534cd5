"""Skills of the town that read, and skills that call others, as their files have them."""

from __future__ import annotations

from typing import Any

import msgspec

from cloud.tools.skills import SkillTool, bound
from teach_mode.checks import parse_skill
from tests.cloud.tools.kitchen import Kitchen


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
