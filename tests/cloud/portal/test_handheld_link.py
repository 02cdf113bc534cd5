"""The browser's end of the link against the cloud's, over sockets that break: nothing is lost, nothing comes twice."""

from __future__ import annotations

import base64
import json
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, async_playwright

from browser.launch import find_chromium
from cloud.portal.pages import HEADERS, STATIC
from wire.events import Audio, Ended, Greeted, Proven
from wire.link import CloudLink, Session
from wire.messages import Answer, Transcript, TurnEnd, TurnStart
from wire.outcomes import CLOSES

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

KEY = bytes(range(32))
BOOT = "0123456789abcdef" * 2
ORIGIN = "https://portal.example"
CHUNKS, CHUNK = 30, 437  # pieces of sound that fit into no frame
SETUP = Path(__file__).with_name("link_in_a_page.js").read_text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page() -> AsyncIterator[Page]:
    """A page of an https origin that has the portal's files, and no network behind it."""

    async def serve(route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/static/")
        kind = "text/javascript" if name in STATIC else "text/html"
        await route.fulfill(body=STATIC.get(name, b"<!doctype html>"), content_type=kind, headers=HEADERS)

    async with async_playwright() as playwright:
        found = find_chromium("", playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=found)
        page = await browser.new_page()
        await page.route("**/*", serve)
        await page.goto(ORIGIN)
        yield page
        await browser.close()


class Ends:
    """The browser's link in its page, and a cloud's; `carry` moves what there is, and loses all from some point on."""

    def __init__(self, page: Page, dice: random.Random) -> None:
        self.page = page
        self.dice = dice
        self.cloud = CloudLink(now_ms=0)
        self.session = self.new_session()
        self.heard: list[Any] = []
        self.sockets = 0

    def new_session(self) -> Session:
        name = f"s{self.dice.randrange(10**6)}"
        return Session(session=name, token=name, device="hare", boot=BOOT)

    async def connect(self) -> None:
        """A new socket, to this gateway or, now and then, to one that knows nothing of the session."""
        self.sockets += 1
        await self.page.evaluate("link.disconnect()")
        if self.dice.random() < 0.2 and not any(isinstance(event, TurnEnd) for event in self.heard):
            self.session = self.new_session()
            self.heard.clear()
        self.cloud = CloudLink(now_ms=0)
        await self.page.evaluate("nonce => link.connect(nonce, 0)", os.urandom(16).hex())

    async def carry(self, *, losing: float = 0.0) -> None:
        up = await self.page.evaluate("sent()")
        while True:
            if self.dice.random() < losing:
                return await self.connect()
            for data in up:
                self._up(data)
            down = self.cloud.data_to_send()
            if not down:
                return None
            kept = self.dice.randrange(len(down)) if self.dice.random() < losing else len(down)
            wired = [one if isinstance(one, str) else {"bytes": base64.b64encode(one).decode()} for one in down[:kept]]
            up = await self.page.evaluate("take", wired)
            if kept < len(down):
                return await self.connect()

    def _up(self, data: Any) -> None:
        if isinstance(data, str):
            events = self.cloud.receive_text(data, 0)
        else:
            events = self.cloud.receive_bytes(base64.b64decode(data["bytes"]), 0)
        for event in events:
            if isinstance(event, Greeted):
                self.cloud.challenge(key=KEY, nonce=os.urandom(16))
            elif isinstance(event, Proven):
                self.cloud.welcome(self.session, now_ms=0, wall_ms=1_700_000_000_000)
            elif isinstance(event, Ended):
                raise AssertionError(f"the browser broke a rule: {event}")
            else:
                self.heard.append(event)


@pytest.mark.parametrize("seed", range(4))
async def test_over_broken_sockets_every_sample_arrives_once_in_order_both_ways(page: Page, seed: int) -> None:
    await page.evaluate(SETUP, {"key": base64.b64encode(KEY).decode(), "boot": BOOT})
    ends = Ends(page, random.Random(seed))
    await ends.connect()
    await ends.carry()
    turn = await page.evaluate("link.startTurn({ ask: 'q1' })")
    for number in range(CHUNKS):
        await page.evaluate(
            "([turn, from, count]) => link.sendSound(turn, Int16Array.from({ length: count }, (_, at) => from + at))",
            [turn, number * CHUNK, CHUNK],
        )
        await ends.carry(losing=0.15)
    await page.evaluate("turn => link.endTurn(turn)", turn)
    await page.evaluate("link.tell({ type: 'answer', ask: 'q1', digest: 'd', answer: 'yes' })")
    await ends.carry(losing=0.3)
    await ends.carry()
    start, *_ = ends.heard
    assert isinstance(start, TurnStart) and (start.turn, start.mode, start.ask) == (turn, "voice", "q1")
    sound = b"".join(event.pcm for event in ends.heard if isinstance(event, Audio))
    assert np.frombuffer(sound, "<i2").tolist() == list(range(CHUNKS * CHUNK))
    assert [event.samples for event in ends.heard if isinstance(event, TurnEnd)] == [CHUNKS * CHUNK]
    assert [event.answer for event in ends.heard if isinstance(event, Answer)] == ["yes"]

    # And back: what is said arrives once, in order, however often the socket breaks.
    ends.cloud.commit(turn)
    ends.cloud.commit(0)
    ends.session.send(Transcript(turn=turn, text="order a pizza", final=True))
    say = ends.session.start_saying(turn, "Order it?")
    told = np.arange(8000, dtype="<i2").tobytes()
    for at in range(0, len(told), 1500):
        ends.session.say(say, told[at : at + 1500])
        await ends.carry(losing=0.1)
    ends.session.end_saying(say)
    await ends.carry(losing=0.3)
    await ends.carry()
    assert ends.sockets > 3
    events = await page.evaluate("events")
    assert [event["text"] for event in events if event["type"] == "transcript"] == ["order a pizza"]
    assert [sample for event in events if event["type"] == "sound" for sample in event["pcm"]] == list(range(8000))
    assert [event["samples"] for event in events if event["type"] == "say_end"] == [8000]
    assert await page.evaluate("[...link.lanes.values()].every((lane) => lane.last < lane.first)")


async def test_a_cloud_that_does_not_hold_the_key_is_sent_no_sound(page: Page) -> None:
    await page.evaluate(SETUP, {"key": base64.b64encode(bytes(32)).decode(), "boot": BOOT})
    await page.evaluate("link.connect('00'.repeat(16), 0)")
    await page.evaluate("link.sendSound(link.startTurn(), new Int16Array(3200))")
    challenge = {"type": "challenge", "version": 1, "nonce": "01" * 16}
    welcome = {"type": "welcome", "session": "s", "version": 1, "token": "t", "mac": "ab" * 32, "now_ms": 0}
    sent = [one for each in (challenge, welcome) for one in await page.evaluate("take", [json.dumps(each)])]
    assert [one for one in sent if not isinstance(one, str)] == []
    assert '"code":"bad_proof"' in sent[-1]


async def test_after_a_new_turn_nothing_is_heard_of_earlier_ones_and_a_quiet_cloud_is_given_up(page: Page) -> None:
    await page.evaluate(SETUP, {"key": base64.b64encode(KEY).decode(), "boot": BOOT})
    ends = Ends(page, random.Random(1))
    await ends.connect()
    await ends.carry()
    first = await page.evaluate("link.startTurn()")
    say = ends.session.start_saying(first, "Once upon a time")
    ends.session.say(say, bytes(6400))
    await page.evaluate("link.startTurn()")
    await ends.carry()
    assert not [event for event in await page.evaluate("events") if event["type"] in ("sound", "say_start")]
    assert await page.evaluate("link.tick(9_999)") == []
    assert await page.evaluate("link.tick(10_000)") == []
    assert '"type":"ping"' in (await page.evaluate("sent()"))[-1]
    assert (await page.evaluate("link.tick(25_000)"))[0]["code"] == "timeout"


async def test_the_browser_knows_every_way_in_which_a_link_closes() -> None:
    text = STATIC["handheld/protocol.js"].decode()
    assert not [code for code, closing in CLOSES.items() if f"{code.value}: [{closing.number}," not in text]


async def test_a_link_that_somebody_waits_for_is_dead_when_it_does_not_answer_at_once(page: Page) -> None:
    await page.evaluate(SETUP, {"key": base64.b64encode(KEY).decode(), "boot": BOOT})
    ends = Ends(page, random.Random(2))
    await ends.connect()
    await ends.carry()
    await page.evaluate("link.probe(1000)")
    await ends.carry()
    assert await page.evaluate("link.tick(9_999)") == [], "it has answered"
    await page.evaluate("link.probe(5000.7)")
    assert (await page.evaluate("sent()"))[-1] == '{"type":"ping","at_ms":5000}'
    assert await page.evaluate("link.tick(6_499)") == []
    assert (await page.evaluate("link.tick(6_500)"))[0]["code"] == "timeout"


async def test_what_is_there_of_a_piece_comes_when_the_button_is_up_and_nothing_after_it(page: Page) -> None:
    capture = STATIC["handheld/capture.js"].decode()
    told = await page.evaluate(
        f"""(() => {{
            const told = [], sampleRate = 16_000;
            let made = null;
            class AudioWorkletProcessor {{ port = {{ postMessage: (data) => told.push(data && [...data]) }}; }}
            const registerProcessor = (_, Kind) => (made = new Kind());
            {capture}
            const first = Float32Array.from({{ length: 500 }}, (_, at) => (at + 0.5) / 32_767);
            made.process([[first]]);
            made.port.onmessage({{ data: "finish" }});
            made.port.onmessage({{ data: "finish" }});
            return [told, made.process([[first]])];
        }})()"""
    )
    pieces, goes_on = told
    assert [len(piece) if piece else piece for piece in pieces] == [320, 180, None] and not goes_on
    assert pieces[0] + pieces[1] == list(range(500))
