"""A client written from docs/protocol.md alone, with nothing of `wire` in it, talks to the real CloudLink."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.device.cloud_of_tests import Cloud
from wire.events import CloudEvent
from wire.messages import TurnDone, TurnEnd
from wire.outcomes import Outcome

KEY = bytes(range(32))
DEVICE, BOOT, NONCE = "hare", "0123456789abcdef" * 2, "a5" * 16


class Client:
    """Keeps everything it sent, so that any gateway can have it again."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.due = 1
        self.heard = b""
        self.seen: list[dict[str, Any]] = []

    async def send(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def shake(self, **more: object) -> dict[str, Any]:
        kept = [{"turn": 0, "first": 1, "last": 0}]
        hello = {"version_min": 1, "version_max": 1, "device": DEVICE, "boot": BOOT, "nonce": NONCE, "kept": kept}
        await self.send(type="hello", **hello | more)
        challenge = json.loads(await self.socket.recv())
        assert challenge["type"] == "challenge"
        await self.send(type="prove", mac=self.mac("device", challenge))
        welcome: dict[str, Any] = json.loads(await self.socket.recv())
        assert welcome["type"] == "welcome" and welcome["mac"] == self.mac("cloud", challenge)
        self.due = welcome.get("next_number", 1)
        return welcome

    def mac(self, side: str, challenge: dict[str, Any]) -> str:
        lines = ["leveret", side, str(challenge["version"]), DEVICE, BOOT, NONCE, challenge["nonce"]]
        return hmac.new(KEY, "\n".join(lines).encode(), hashlib.sha256).hexdigest()

    async def sound(self, turn: int, number: int, offset: int, pcm: bytes) -> None:
        head = struct.pack(">BBHIIIII", 1, 1, 0, turn, number, 0, offset, len(pcm))
        await self.socket.send(head + pcm)

    async def until(self, kind: str) -> dict[str, Any]:
        while True:
            data = await self.socket.recv()
            if isinstance(data, bytes):
                version, what, _, _, number, _, offset, length = struct.unpack_from(">BBHIIIII", data)
                assert (version, what, number) == (1, 2, self.due) and length == len(data) - 24
                assert offset * 2 == len(self.heard)
                self.heard += data[24:]
                self.due += 1
                continue
            message: dict[str, Any] = json.loads(data)
            if "number" in message and message["type"] not in ("received", "committed", "resend"):
                assert message["number"] == self.due
                self.due += 1
            self.seen.append(message)
            if message["type"] == kind:
                return message


async def answer(cloud: Cloud, event: CloudEvent) -> None:
    if isinstance(event, TurnEnd) and cloud.session is not None:
        say = cloud.session.start_saying(event.turn, "five")
        cloud.session.say(say, b"\x07\x00" * 5000)
        cloud.session.end_saying(say)
        cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))


async def test_a_client_written_from_the_page_speaks_a_turn_and_hears_the_answer() -> None:
    async with (
        Cloud(answer).open() as cloud,
        connect(cloud.address, subprotocols=["leveret.v1"], compression=None) as socket,
    ):  # type: ignore[list-item]
        client = Client(socket)
        await client.shake()
        await client.send(type="turn_start", turn=1, number=1, mode="voice")
        for at in range(10):
            await client.sound(1, 2 + at, 320 * at, bytes([at]) * 640)
        await client.send(type="turn_end", turn=1, number=12, frames=10, samples=3200)
        done = await client.until("turn_done")
    assert done["outcome"] == "answered"
    assert cloud.turns[1].pcm == b"".join(bytes([at]) * 640 for at in range(10))
    assert client.heard == b"\x07\x00" * 5000
    assert {"type": "committed", "turn": 1, "number": 12} in client.seen


async def test_a_client_written_from_the_page_resumes_its_turn_at_another_gateway() -> None:
    async with Cloud(answer).open() as cloud:
        async with connect(cloud.address, subprotocols=["leveret.v1"], compression=None) as socket:  # type: ignore[list-item]
            client = Client(socket)
            welcome = await client.shake()
            await client.send(type="turn_start", turn=1, number=1, mode="voice")
            await client.sound(1, 2, 0, b"\1" * 640)
            await client.until("received")
        cloud.sessions.clear()
        async with connect(cloud.address, subprotocols=["leveret.v1"], compression=None) as socket:  # type: ignore[list-item]
            client = Client(socket)
            kept = [{"turn": 0, "first": 1, "last": 0}, {"turn": 1, "first": 1, "last": 3}]
            again = await client.shake(resume={"token": welcome["token"], "received": 0}, kept=kept)
            assert not again.get("resumed", False)
            assert {"turn": 1, "want": 1} in [{"turn": one["turn"], "want": one["want"]} for one in again["wanted"]]
            await client.send(type="turn_start", turn=1, number=1, mode="voice")
            await client.sound(1, 2, 0, b"\1" * 640)
            await client.sound(1, 3, 320, b"\2" * 640)
            await client.send(type="turn_end", turn=1, number=4, frames=2, samples=640)
            await client.until("turn_done")
    assert cloud.turns[1].pcm == b"\1" * 640 + b"\2" * 640
