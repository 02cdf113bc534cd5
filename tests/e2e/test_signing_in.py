"""A site with a login: the person signs in on a task's page, and the task goes on; or shows it in a lesson, and from
then on it is done from the vault. What was typed is nowhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from cloud.app import Cloud, running
from cloud.config import load
from cloud.events import Event
from cloud.serving import serving
from tests.cloud.test_app import engines
from tests.e2e.lodge import Lodge, read

pytestmark = pytest.mark.e2e

PASSWORD = "typed-by-hand-44"
SEED = "JBSWY3DPEHPK3PXP"
ADDRESS = f"otpauth://totp/Lodge?secret={SEED}&digits=8&period=10"
ROOM = "which room is mine at the lodge"


class House:
    """A cloud with one skill, and its owner at the portal."""

    def __init__(self, cloud: Cloud, lodge: Lodge, client: httpx.AsyncClient) -> None:
        self.cloud = cloud
        self.lodge = lodge
        self.client = client

    async def say(self, text: str, key: str) -> str:
        return str((await self.client.post("/api/say", json={"text": text, "key": key})).json()["task"])

    async def first(self, kind: str, task: str) -> Event:
        async with asyncio.timeout(90):
            async for event in self.cloud.ground.events.tail("owner", task=task):
                if event.kind == kind:
                    return event
        raise AssertionError("a tail has no end")

    async def answer(self, asked: dict[str, Any], answer: str) -> None:
        await self.client.post(f"/api/asks/{asked['ask']}", json={"digest": asked["digest"], "answer": answer})

    def window(self, task: str = "") -> connect:
        """The studio; or the page of a task that waits."""
        address = self.cloud.url.replace("http", "ws") + "/studio/live" + (f"?task={task}" if task else "")
        return connect(
            address, additional_headers={"authorization": self.client.headers["authorization"]}, max_size=None
        )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    lodge = Lodge(guest="ada", password=PASSWORD, seed=ADDRESS, cookie="stay-1", token="none")
    raw = lodge.skill() | {"steps": [read("room", "[data-testid=room]", saves="room")]}
    (tmp_path / "lodge.json").write_text(json.dumps(raw))
    flags = {"data_dir": tmp_path / "data", "port": 0, "skills": [tmp_path / "lodge.json"]}
    config = load(None, {}, flags | {"allow_local": [f"*.localhost:{lodge.port}"]})
    async with serving(lodge.app(), lodge.listening), running(config, speech=engines()) as cloud:
        headers = {"authorization": f"Bearer {cloud.ground.accounts.open()}"}
        async with httpx.AsyncClient(base_url=cloud.url, headers=headers) as client:
            yield House(cloud, lodge, client)


def holding(secret: bytes, folder: Path) -> list[Path]:
    """The files in which a secret stands."""
    return [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


async def shown(window: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of that type."""
    async with asyncio.timeout(90):
        async for message in window:
            if isinstance(message, str) and (told := json.loads(message))["type"] == kind:
                return dict(told)
    raise AssertionError("the window was closed")


async def press(window: ClientConnection, *keys: str) -> None:
    for key in keys:
        for kind in ("down", "up"):
            await window.send(json.dumps({"type": "key", "kind": kind, "key": key}))


async def write(window: ClientConnection, text: str) -> None:
    await window.send(json.dumps({"type": "text", "text": text}))


async def until_at(window: ClientConnection, ending: str) -> None:
    told = await shown(window, "place")
    while told["loading"] or not told["url"].endswith(ending):
        told = await shown(window, "place")


async def sign_in(window: ClientConnection, lodge: Lodge) -> None:
    """By the keyboard, on a login page that is shown."""
    await press(window, "Tab")
    await write(window, "ada")
    await press(window, "Tab")
    await write(window, PASSWORD)
    await press(window, "Enter")
    await until_at(window, "/code")
    await press(window, "Tab")
    await write(window, lodge.current_code())
    await press(window, "Enter")
    await until_at(window, f":{lodge.port}/")


async def test_a_person_signs_in_on_the_tasks_own_page_and_it_goes_on(house: House, tmp_path: Path) -> None:
    task = await house.say(ROOM, "1")
    asked = (await house.first("asked", task)).data
    assert asked["kind"] == "choice" and asked["live"]
    assert "lodge.localhost wants you to sign in" in asked["text"]
    assert [choice["value"] for choice in asked["choices"]] == ["continue", "stop"]

    async with house.window(task) as window:
        await shown(window, "tabs")
        await sign_in(window, house.lodge)
        await house.answer(asked, "continue")
        with pytest.raises(ConnectionClosedError) as closed:
            async with asyncio.timeout(90):
                while True:
                    await window.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4408
    done = (await house.first("task_done", task)).data
    assert (done["status"], done["sentence"]) == ("done", "You have Room 12.")

    # The login lasts, and nothing of what was typed was kept.
    again = await house.say(ROOM, "2")
    assert (await house.first("task_done", again)).data["sentence"] == "You have Room 12."
    assert house.lodge.logins == 1
    assert not await asyncio.to_thread(holding, PASSWORD.encode(), tmp_path)


async def test_who_says_stop_or_is_nobody_gets_no_page(house: House) -> None:
    task = await house.say(ROOM, "1")
    asked = (await house.first("asked", task)).data
    async with house.window("another") as window:
        with pytest.raises(ConnectionClosedError) as closed:
            await shown(window, "tabs")
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4404
    await house.answer(asked, "stop")
    done = (await house.first("task_done", task)).data
    assert (done["status"], house.lodge.logins) == ("declined", 0)


async def test_a_captcha_is_handed_over_and_a_site_out_of_order_is_named(house: House) -> None:
    house.lodge.instead = "<h1>Are you human?</h1><button>Begin</button>"
    task = await house.say(ROOM, "1")
    asked = (await house.first("asked", task)).data
    assert asked["live"] and "lodge.localhost wants to see that a person is there" in asked["text"]
    await house.answer(asked, "stop")
    assert (await house.first("task_done", task)).data["status"] == "declined"

    house.lodge.instead = "<h1>Down for maintenance</h1>"
    task = await house.say(ROOM, "2")
    done = (await house.first("task_done", task)).data
    assert done["sentence"] == "lodge.localhost is out of order, so I stopped. Nothing was done."


async def test_a_login_that_was_shown_once_is_done_from_the_vault_and_nothing_typed_was_kept(
    house: House, tmp_path: Path
) -> None:
    card = "4929718362509141"
    async with house.window() as window:
        await window.send(json.dumps({"type": "size", "width": 1280, "height": 800}))
        await window.send(json.dumps({"type": "begin", "sentence": "leave my card at the lodge"}))
        while not (await shown(window, "lesson"))["recording"]:
            pass
        await window.send(json.dumps({"type": "go", "address": house.lodge.address}))
        await until_at(window, "/login")
        await sign_in(window, house.lodge)
        await press(window, "Tab")
        await write(window, card)
        await press(window, "Enter")
        await until_at(window, "/card")
        told = await shown(window, "lesson")
        while told["skill"] is None or sum(bool(step["secret"]) for step in told["steps"]) < 3:
            told = await shown(window, "lesson")
        await window.send(json.dumps({"type": "save"}))
        saved = await shown(window, "saved")

    path = tmp_path / "data" / "skills" / saved["name"] / "0001" / "skill.json"
    steps = json.loads(await asyncio.to_thread(path.read_text))["steps"]
    names = {step["target"]["fingerprint"]["label"]: step["secret"] for step in steps if step.get("secret")}
    assert set(names) == {"Password", "Verification code", "Card number"}
    for secret in (PASSWORD, card, house.lodge.codes[0]):
        assert not await asyncio.to_thread(holding, secret.encode(), tmp_path)

    kinds = {"Password": "password", "Verification code": "one_time_code", "Card number": "card"}
    values = {"Password": PASSWORD, "Verification code": ADDRESS, "Card number": card}
    for label, name in names.items():
        given = {"name": name, "kind": kinds[label], "value": values[label], "origins": [house.lodge.address]}
        assert (await house.client.post("/api/vault", json=given)).status_code == 201
    house.lodge.spent.clear()  # what was typed by hand a moment ago may be the current code still
    task = await house.say(saved["example"], "1")
    assert (await house.first("task_done", task)).data["status"] == "done"
    assert (house.lodge.logins, house.lodge.cards) == (2, [card, card])
    for secret in (PASSWORD, card, SEED, *house.lodge.codes):
        assert not await asyncio.to_thread(holding, secret.encode(), tmp_path)
