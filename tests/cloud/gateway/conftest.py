"""A real gateway on a real socket, with engines and a runner that answer at once and say what they were given."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from cloud import serving as web
from cloud.clock import utc_seconds
from cloud.commands import Command, HandleUtterance
from cloud.desk import Works
from cloud.ear import Heard
from cloud.events import EventLog
from cloud.gateway import Gateway
from cloud.homes import Home
from cloud.metrics import Metrics
from cloud.people.accounts import OWNER, Accounts, PairedDevice
from cloud.people.pairings import Pairings
from cloud.people.tickets import Tickets
from cloud.portal.devices import Devices
from cloud.portal.doors import Doors
from cloud.portal.http import routes
from cloud.portal.pairing import Pairing
from cloud.received import Received
from cloud.serving import bind, url_of
from cloud.speech.errors import SpeechError
from cloud.speech.stt import AheadHeard, PartialHeard, Transcript
from cloud.store import Store, file_url, insert_new, persons
from cloud.turns import Pictures, Turns
from wire import limits, messages
from wire.cloud_link import Snapshot
from wire.device_link import DeviceLink, Identity
from wire.events import Ended, Joined, SayAudio, TurnKept

WAIT_S = 40.0


class FakeStream:
    """Hears one letter a frame of sound: its first byte. Silence is what was said with zeros alone."""

    def __init__(self, speech: FakeSpeech, turn: str, on_partial: PartialHeard | None) -> None:
        self.speech = speech
        self.turn = turn
        self.on_partial = on_partial
        self.pcm = bytearray()
        self.aborted = False

    def feed(self, pcm: bytes) -> None:
        self.pcm += pcm
        if self.on_partial is not None:
            self.on_partial(f"{len(self.pcm)} bytes")

    async def finish(self) -> Transcript:
        if self.speech.gate is not None:
            await self.speech.gate.wait()
        if self.speech.broken:
            raise SpeechError("the model is gone")
        self.speech.heard.append((self.turn, bytes(self.pcm)))
        if not any(self.pcm):
            return Transcript(text="", engine=self.speech.name, reason="silence")
        return Transcript(text=self.speech.text, engine=self.speech.name)

    def abort(self) -> None:
        self.aborted = True


class FakeSpeech:
    """Speech to text that knows what it will hear. `gate` holds it up."""

    name = "fake"

    def __init__(self) -> None:
        self.text = "what time is it"
        self.heard: list[tuple[str, bytes]] = []
        self.streams: list[FakeStream] = []
        self.gate: asyncio.Event | None = None
        self.broken = False

    async def ready(self) -> None: ...

    def open(self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None) -> FakeStream:
        self.streams.append(FakeStream(self, turn, on_partial))
        return self.streams[-1]

    async def close(self) -> None: ...


class FakeVoice:
    """Says each text as a second of its own first letter. `gate` holds it up between pieces."""

    name = "fake"

    def __init__(self) -> None:
        self.gate: asyncio.Event | None = None
        self.broken = False

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        if self.broken:
            raise SpeechError("the voice is gone")
        for _ in range(10):
            if self.gate is not None:
                await self.gate.wait()
            yield text[:1].encode() * (limits.SAMPLE_RATE_HZ // 10 * limits.SAMPLE_BYTES)

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


class House(Struct, kw_only=True):
    """Everything around the gateway, to drive and to look at."""

    accounts: Accounts
    events: EventLog
    turns: Turns
    stt: FakeSpeech
    tts: FakeVoice
    url: str = ""
    gateway: Gateway | None = None
    commands: list[Command] = field(default_factory=list)
    stopped: list[tuple[str, str, float]] = field(default_factory=list)
    set_here: list[tuple[str, str, str, int]] = field(default_factory=list)
    on_command: Callable[[Command], Awaitable[None]] | None = None
    snapshot: Snapshot = field(default_factory=Snapshot)
    homes: dict[str, Home] = field(default_factory=dict)
    now_s: float = 1_700_000_000.0
    pairing: Any = None
    certificate: str = ""
    halted: list[str] = field(default_factory=list)

    async def stop_work(self, device: PairedDevice) -> None:
        self.halted.append(device.id)

    async def submit(self, command: Command) -> None:
        self.commands.append(command)
        if self.on_command is not None:
            await self.on_command(command)
        elif isinstance(command, HandleUtterance):
            await self.reply(command, "It is noon.")

    async def reply(self, command: HandleUtterance, text: str, status: str = "done") -> None:
        """What a runner would write of a quick task."""
        task = f"task-{command.turn}"
        heard = {"text": command.text, "device": command.device, "turn": command.turn}
        await self.tell(task, "heard", heard)
        await self.tell(task, "said", {"text": text})
        await self.tell(task, "task_done", {"status": status, "sentence": text})

    async def tell(self, task: str, kind: str, data: dict[str, Any]) -> None:
        await self.events.append(OWNER, task, kind, data)

    async def stop_ringing(self, person: str, timer: str, snooze_s: float) -> None:
        self.stopped.append((person, timer, snooze_s))

    async def set_timer(self, person: str, told: messages.SetTimer) -> None:
        self.set_here.append((person, told.timer, told.kind, told.due_at_ms))


class Handset:
    """A device's end over a real socket: what it heard and saw is in `told` and `sound`."""

    def __init__(self, url: str, identity: Identity) -> None:
        self.url = url
        self.link = DeviceLink(identity)
        self.told: list[Any] = []
        self.sound: dict[int, bytearray] = {}
        self.kept: set[int] = set()
        self.welcome: Any = None
        self.ended: Ended | None = None
        self.socket: Any = None
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.socket = await websockets.connect(self.url, subprotocols=[limits.SUBPROTOCOL], compression=None)
        self.welcome = self.ended = None
        self.link.connect(nonce=os.urandom(16), now_ms=self._now())
        self._reader = asyncio.create_task(self._read())
        await self.flush()

    async def flush(self) -> None:
        while pieces := self.link.data_to_send():
            for piece in pieces:
                await self.socket.send(piece)

    async def drop(self) -> None:
        """The network goes away."""
        self.socket.transport.abort()
        await self.settle()

    async def settle(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        self.link.disconnect()

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
            await self.settle()

    async def until(self, what: Callable[[], Any]) -> Any:
        """Waits for something to be true; fails after WAIT_S."""
        async with asyncio.timeout(WAIT_S):
            while not (found := what()):
                self._news.clear()
                await self._news.wait()
        return found

    async def message(self, kind: type, turn: int | None = None) -> Any:
        """The first message of that kind (of that turn)."""
        return await self.until(
            lambda: next((one for one in self.told if isinstance(one, kind) and turn in (None, one.turn)), None)
        )

    async def joined(self) -> Handset:
        await self.connect()
        await self.until(lambda: self.welcome)
        return self

    async def say(self, pcm: bytes, **how: Any) -> int:
        turn = self.link.start_turn("voice", **how)
        self.link.send_audio(turn, pcm)
        self.link.end_turn(turn)
        await self.flush()
        return turn

    async def _read(self) -> None:
        try:
            async for data in self.socket:
                now = self._now()
                received = self.link.receive_text if isinstance(data, str) else self.link.receive_bytes
                for event in received(data, now):
                    self._take(event)
                await self.flush()
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            self._news.set()

    def _take(self, event: Any) -> None:
        match event:
            case Joined():
                self.welcome = event.welcome
            case SayAudio():
                self.sound.setdefault(event.turn, bytearray()).extend(event.pcm)
            case TurnKept():
                self.kept.add(event.turn)
            case Ended():
                self.ended = event
            case _:
                self.told.append(event)

    @staticmethod
    def _now() -> int:
        return time.monotonic_ns() // 1_000_000


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[Gateway]:
    """A gateway on a free port, from the event log's end on."""
    works = Works(
        stt=house.stt,
        tts=house.tts,
        turns=house.turns,
        pictures=Pictures(house.accounts.token_path.parent / "pictures"),
        submit=house.submit,
        stop_ringing=house.stop_ringing,
        set_timer=house.set_timer,
        weigh=no_weights,
        metrics=Metrics(),
    )

    async def snapshot(person: str) -> Snapshot:
        return house.snapshot

    async def home_of_task(task: str) -> Home:
        return house.homes.get(task, Home())

    received = Received(house.accounts.token_path.parent / "received.json")
    gateway = house.gateway = Gateway(
        house.accounts,
        house.events,
        works,
        snapshot,
        home_of_task,
        received=received,
        tickets=Tickets(house.accounts.folder / "devices", lambda: house.now_s),
        stop_work=house.stop_work,
    )
    doors = Doors(house.accounts, ())
    house.pairing = Pairing(
        doors=doors,
        accounts=house.accounts,
        pairings=Pairings(lambda: house.now_s, certificate=lambda: house.certificate),
        tickets=gateway.tickets,
        events=house.events,
    )
    devices = Devices(doors=doors, accounts=house.accounts, tickets=gateway.tickets, revoke=gateway.revoke)
    portal = routes(doors, (house.pairing, devices))
    app = Starlette(routes=[WebSocketRoute("/device", gateway.serve), *portal, *house.pairing.device_routes()])
    ready = asyncio.Event()
    running = asyncio.create_task(gateway.run(await house.events.cursor(), ready))
    await ready.wait()
    listening = bind("127.0.0.1", 0)
    house.url = f"{url_of(listening)}/device".replace("http", "ws", 1)
    try:
        async with web.serving(app, listening):
            try:
                yield gateway
            finally:
                gateway.close()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def no_weights(heard: Heard) -> tuple[tuple[str, float], ...]:
    return ()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    accounts = Accounts(tmp_path / "people")
    accounts.open()
    store = await Store.open(file_url(tmp_path / "leveret.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": OWNER, "name": "", "zone": "UTC", "created_at": 0.0})
    made = House(
        accounts=accounts,
        events=EventLog(store, utc_seconds),
        turns=Turns(store, utc_seconds),
        stt=FakeSpeech(),
        tts=FakeVoice(),
    )
    yield made
    await store.close()


@pytest.fixture
async def gateway(house: House) -> AsyncIterator[Gateway]:
    async with serving(house) as made:
        yield made


@pytest.fixture
def restart(house: House) -> Callable[[], Any]:
    """Another gateway over the same store, as after a crash."""
    return lambda: serving(house)


@pytest.fixture
async def handset(house: House) -> AsyncIterator[Callable[..., Handset]]:
    """Makes devices; the same name again is the same device, switched on anew."""
    made: list[Handset] = []

    def make(name: str = "hare", boot: str = "") -> Handset:
        known = {device.id: device for device in house.accounts.devices()}
        device = known.get(name) or house.accounts.pair(name)
        identity = Identity(device=device.id, key=bytes.fromhex(device.key), boot=boot or os.urandom(16).hex())
        made.append(Handset(house.url, identity))
        return made[-1]

    yield make
    for one in made:
        await one.close()
