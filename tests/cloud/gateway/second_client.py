"""A device written from docs/protocol.md alone: plain WebSocket, JSON and HMAC, nothing of `wire` or `device` in it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import struct
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

HEADER = struct.Struct(">BBHIIIII")
OPUS_FRAMES = (160, 320, 640, 960) * 3 + (160, 320) * 2 + (40, 80, 160, 320) * 4
ACKNOWLEDGE_EVERY = 16
UNNUMBERED = ("challenge", "welcome", "refused", "received", "resend", "committed", "ping", "pong", "close")


class Refused(Exception):
    """The cloud does not let the device in; the argument is its code."""


class SecondClient:
    """One device over one socket after the other. `told` is what it took, in order; `sound` the bytes of each `say`."""

    def __init__(self, url: str, device: str, key: bytes, formats: tuple[str, ...] = ()) -> None:
        self.url, self.device, self.key, self.formats = url, device, key, formats
        self.boot = os.urandom(16).hex()
        self.token = ""
        self.taken = 0
        self.turn = 0
        self.told: list[dict[str, Any]] = []
        self.sound: dict[int, bytes] = {}
        self.packets: dict[int, list[bytes]] = {}
        self.welcome: dict[str, Any] = {}
        self.closed_with: dict[str, Any] = {}
        # turn: the frames from number `first` on, as they go over the socket
        self.kept: dict[int, list[str | bytes]] = {0: []}
        self.first: dict[int, int] = {0: 1}
        self._acknowledged = 0
        self._asked_again = False
        self._turn_of_say: dict[int, int] = {}
        self._frames = self._samples = 0
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    # The socket -----------------------------------------------------------------------------------------------------

    async def join(self) -> SecondClient:
        """Opens a socket, shows who it is, and sends what the cloud wants of what is kept. Raises Refused."""
        self._socket = await connect(self.url, subprotocols=[Subprotocol("leveret.v1")], compression=None)
        nonce = os.urandom(16).hex()
        kept = [
            {"turn": turn, "first": self.first[turn], "last": self.first[turn] + len(frames) - 1}
            for turn, frames in self.kept.items()
        ]
        hello: dict[str, Any] = {"version_min": 1, "version_max": 1, "device": self.device, "boot": self.boot}
        hello |= {"nonce": nonce, "kept": kept}
        if self.formats:
            hello |= {"records": self.formats, "plays": self.formats}
        if self.token:
            hello["resume"] = {"token": self.token, "received": self.taken}
        await self._tell(type="hello", **hello)
        challenge = await self._next("challenge")
        await self._tell(type="prove", mac=self._mac("device", nonce, challenge))
        welcome = self.welcome = await self._next("welcome")
        if not hmac.compare_digest(welcome["mac"], self._mac("cloud", nonce, challenge)):
            raise Refused("this is not our cloud")
        self.token = welcome["token"]
        if not welcome.get("resumed", False):
            # Utterances count from 1 again.
            self.told, self.sound, self._turn_of_say = [], {}, {}
        self.taken = self._acknowledged = welcome.get("next_number", 1) - 1
        self._asked_again = False
        for wanted in welcome.get("wanted", []):
            await self._send_wanted(wanted["turn"], wanted["want"], wanted.get("committed", 0))
        self._reading = asyncio.create_task(self._read())
        return self

    async def drop(self) -> None:
        """The socket breaks, with no goodbye."""
        if self._socket is not None:
            self._socket.transport.abort()
        await self._over()

    async def leave(self) -> None:
        """Switched off."""
        if self._socket is not None:
            await self._tell(type="bye")
            await self._socket.close()
        await self._over()

    async def until(self, what: Callable[[], Any]) -> Any:
        """Waits for something to be so."""
        async with asyncio.timeout(40):
            while not (found := what()):
                self._news.clear()
                await self._news.wait()
        return found

    async def message(self, kind: str) -> dict[str, Any]:
        """The first message of that type that was taken."""
        found: dict[str, Any] = await self.until(lambda: next((one for one in self.told if one["type"] == kind), None))
        return found

    # A turn ---------------------------------------------------------------------------------------------------------

    async def start(self, **how: Any) -> None:
        """The button goes down."""
        self.turn += 1
        self._frames = self._samples = 0
        self.kept[self.turn], self.first[self.turn] = [], 1
        await self._numbered(self.turn, type="turn_start", mode="voice", **how)

    async def speak(self, pcm: bytes) -> None:
        """20 ms of sound or more, in frames of 20 ms."""
        for at in range(0, len(pcm), 640):
            piece = pcm[at : at + 640]
            number = self.first[self.turn] + len(self.kept[self.turn])
            header = HEADER.pack(1, 1, 0, self.turn, number, 0, self._samples, len(piece))
            self._frames += 1
            self._samples += len(piece) // 2
            await self._keep(self.turn, header + piece)

    async def speak_opus(self, packets: list[bytes]) -> None:
        """Packets as the codec gives them."""
        for packet in packets:
            number = self.first[self.turn] + len(self.kept[self.turn])
            header = HEADER.pack(1, 4, 0, self.turn, number, 0, self._samples, len(packet))
            self._frames += 1
            self._samples += opus_samples(packet)
            await self._keep(self.turn, header + packet)

    async def end(self) -> None:
        """The button comes up."""
        await self._numbered(self.turn, type="turn_end", frames=self._frames, samples=self._samples)

    async def answer(self, ask: dict[str, Any], answer: str) -> None:
        """Pressed."""
        await self._numbered(0, type="answer", ask=ask["ask"], digest=ask["digest"], answer=answer)

    async def _numbered(self, turn: int, **message: Any) -> None:
        number = self.first[turn] + len(self.kept[turn])
        await self._keep(turn, json.dumps(message | {"turn": turn, "number": number}))

    async def _keep(self, turn: int, frame: str | bytes) -> None:
        self.kept[turn].append(frame)
        if self._socket is not None:
            await self._socket.send(frame)

    async def _send_wanted(self, turn: int, want: int, committed: int) -> None:
        self._forget(turn, committed)
        assert self._socket is not None
        if turn in self.kept:
            for frame in self.kept[turn][max(0, want - self.first[turn]) :]:
                await self._socket.send(frame)

    def _forget(self, turn: int, committed: int) -> None:
        if turn not in self.kept:
            return
        count = max(0, committed + 1 - self.first[turn])
        self.kept[turn] = self.kept[turn][count:]
        self.first[turn] += count
        if turn and not self.kept[turn]:
            del self.kept[turn], self.first[turn]

    # What the cloud says --------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                if isinstance(data, bytes):
                    await self._take_sound(data)
                else:
                    await self._take(json.loads(data))
                self._news.set()
        except ConnectionClosed:
            pass
        finally:
            self._news.set()

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "ping":
                await self._tell(type="pong", at_ms=message["at_ms"])
            case "committed":
                self._forget(message.get("turn", 0), message["number"])
            case "resend":
                await self._send_wanted(message.get("turn", 0), message["number"], 0)
            case "close":
                self.closed_with = message
            case kind if kind not in UNNUMBERED:
                if not await self._due(message["number"], message.get("through", message["number"])):
                    return
                if kind == "say_start":
                    self._turn_of_say[message["say"]] = message.get("turn", 0)
                self.told.append(message)

    async def _take_sound(self, frame: bytes) -> None:
        version, kind, _, turn, number, say, offset, length = HEADER.unpack_from(frame)
        assert (version, length) == (1, len(frame) - HEADER.size) and kind in (2, 5)
        if not await self._due(number, number):
            return
        assert self._turn_of_say[say] == turn
        if kind == 5:
            packets = self.packets.setdefault(say, [])
            assert offset == sum(map(opus_samples, packets)), "a gap in what is said"
            packets.append(frame[HEADER.size :])
        else:
            heard = self.sound.get(say, b"")
            assert offset * 2 == len(heard), "a gap in what is said"
            self.sound[say] = heard + frame[HEADER.size :]
            self.told.append({"type": "sound", "turn": turn, "say": say, "newest": self.turn})

    async def _due(self, number: int, through: int) -> bool:
        """Whether it is what is due; acknowledges, and asks for what is missing."""
        if number > self.taken + 1:
            if not self._asked_again:
                await self._tell(type="resend", number=self.taken + 1)
            self._asked_again = True
            return False
        if number <= self.taken:
            return False
        self.taken, self._asked_again = through, False
        if self.taken - self._acknowledged >= ACKNOWLEDGE_EVERY:
            await self._tell(type="received", number=self.taken)
            self._acknowledged = self.taken
        return True

    async def _tell(self, **message: Any) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def _next(self, kind: str) -> dict[str, Any]:
        assert self._socket is not None
        message: dict[str, Any] = json.loads(await self._socket.recv())
        if message["type"] in ("refused", "close"):
            raise Refused(message["code"])
        assert message["type"] == kind, message
        return message

    def _mac(self, side: str, nonce: str, challenge: dict[str, Any]) -> str:
        lines = ["leveret", side, str(challenge["version"]), self.device, self.boot, nonce, challenge["nonce"]]
        return hmac.new(self.key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()

    async def _over(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._socket = self._reading = None


def opus_samples(packet: bytes) -> int:
    """How long an Opus packet sounds, in samples at 16000 Hz."""
    code = packet[0] & 3
    frames = packet[1] & 0x3F if code == 3 else 1 if code == 0 else 2
    return frames * OPUS_FRAMES[packet[0] >> 3]
