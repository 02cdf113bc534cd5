"""A device that is talked to while its network is at its worst, and the books that are kept of it.

What went into the microphone is compared with what the cloud has, byte for byte; what comes out of the speaker says by
its samples of which turn it is. `make test` runs a short day, `python -m benchmarks.faults` a long one.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from array import array
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from msgspec import Struct, field

from device.clock import steady_ms
from device.handheld import Handheld, Setup
from device.modes import mode_of
from device.parts.bad_network import BadNetwork
from device.parts.interfaces import Parts
from device.parts.simulated import PngScreen, SimulatedButton
from device.state import Mode
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire import limits
from wire.events import CloudEvent, Proven
from wire.link import Identity
from wire.messages import TurnDone, TurnEnd
from wire.outcomes import Outcome
from wire.parts import Limits

PIECE_BYTES: Final = 640
# A half-open link is noticed as soon as the protocol lets a cloud ask for.
IMPATIENT: Final = Limits(ping_every_ms=1000, dead_after_ms=2000)
_PACE_S: Final = 0.004
_PATIENCE: Final = 0.97
# Longer than any state of the device lasts by itself.
_SETTLE_S: Final = 70.0
_SPEECH_MS: Final = 200


class Books(Struct, kw_only=True):
    """What a day came to. What follows `waited` must be nought, but for `reconnect_ms`."""

    utterances: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    sockets: int = 0
    resumed: int = 0
    anew: int = 0
    waited: int = 0
    lost: int = 0
    doubled: int = 0
    never_ended: int = 0
    old_heard: int = 0
    stuck: int = 0
    wrong: list[str] = field(default_factory=list)
    reconnect_ms: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.never_ended or self.old_heard or self.stuck)

    def add(self, other: Books) -> None:
        """Another device's day."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Talker:
    """A microphone that hears other bytes in each piece, and remembers them. `on_piece` is told before each."""

    def __init__(self, dice: random.Random, on_piece: Callable[[int], None], *, pace_s: float = _PACE_S) -> None:
        self.given = bytearray()
        self.pieces = 0
        self._dice = dice
        self._on_piece = on_piece
        self._pace_s = pace_s
        self._more = asyncio.Event()
        self.closed = asyncio.Event()
        self._finished = False
        self.xruns = 0

    async def open(self) -> None:
        self._finished = False
        self.closed.clear()
        self.given = bytearray()
        self.pieces = 0

    async def read(self) -> bytes:
        if self._finished:
            return b""
        await asyncio.sleep(self._pace_s)
        self._on_piece(self.pieces)
        pcm = self._dice.randbytes(PIECE_BYTES)
        self.given += pcm
        self.pieces += 1
        self._more.set()
        return pcm

    def finish(self) -> None:
        self._finished = True

    async def close(self) -> None:
        self.closed.set()

    async def restart(self) -> None:
        await self.close()

    async def said(self, pieces: int) -> None:
        """Return once so much was heard."""
        while self.pieces < pieces:
            self._more.clear()
            await self._more.wait()


class Listener:
    """A speaker that notes of which turn it was given sound, and which turn was the newest then."""

    def __init__(self, newest: Callable[[], int]) -> None:
        self._newest = newest
        self.heard: list[tuple[int, int]] = []
        self.xruns = 0

    async def play(self, pcm: bytes) -> None:
        samples = array("h", pcm)
        # Every sample of an answer is its turn; those of a cue are a wave.
        if len(set(samples)) == 1 and samples[0]:
            self.heard.append((samples[0], self._newest()))
        await asyncio.sleep(len(samples) / limits.SAMPLE_RATE_HZ / 10)

    def cut(self) -> None:
        """A piece is over before it could be cut."""

    def set_volume(self, percent: int) -> None:
        """It is always heard."""

    def close(self) -> None:
        """Nothing is held."""


class Day:
    """One device, its cloud and the network between them. `live` speaks and lets faults happen; `books` tell."""

    def __init__(self, seed: int, utterances: int, faults: int) -> None:
        # What befalls whom is the seed's alone; dice that are thrown as often as time wants have no part in it.
        self._dice, self._other_dice = random.Random(seed), random.Random(seed)
        self._utterances = utterances
        self._faults = faults
        self._due: dict[int, int] = {}
        # By the turn in which it was said: the turns as which it ended in the cloud. One that waited comes as another.
        self._ended: dict[int, list[int]] = {}
        self._spoken: dict[int, bytes] = {}
        self._sessions: set[str] = set()
        self._answered = 0
        self._back_ms: list[int] = []
        self._half_open_ms: list[int] = []
        self._tasks: asyncio.TaskGroup | None = None
        self.books = Books()
        self.cloud = Cloud(self._answer, allowed=IMPATIENT)

    async def live(self) -> Books:
        """The whole day."""
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.cloud.open())
            self.network = BadNetwork(
                "127.0.0.1", int(self.cloud.address.split(":")[2].split("/")[0]), dice=self._other_dice
            )
            await self.network.start()
            stack.push_async_callback(self.network.close)
            self.button = SimulatedButton()
            self.talker = Talker(random.Random(self._dice.random()), self._piece)
            self.listener = Listener(lambda: self.device.state.last_turn)
            parts = Parts(self.button, self.talker, self.listener, PngScreen())
            identity = Identity(device=DEVICE, key=KEY, boot=self._dice.randbytes(16).hex())
            setup = Setup(address=self.cloud.address, identity=identity, via=self.network.address)
            self._began_ms = steady_ms()
            self.device = Handheld(setup, parts, dice=self._other_dice)
            async with asyncio.TaskGroup() as self._tasks:
                running = self._tasks.create_task(self.device.run())
                await self.device.started.wait()
                for at in range(self._utterances):
                    async with asyncio.timeout(3 * _SETTLE_S):
                        await self._speak(at)
                await self._calm()
                self._close_books()
                running.cancel()
        return self.books

    async def _speak(self, at: int) -> None:
        pieces = self._dice.randint(10, 80)
        position = self.device.journal.position
        share = self._faults * (at + 1) // self._utterances - self._faults * at // self._utterances
        self._due = dict(Counter(self._dice.randint(0, pieces + 20) for _ in range(share)))
        self.button.down()
        number = (await self.device.journal.wait("turn_began", position)).data["turn"]
        await self.talker.said(pieces)
        self.button.up()
        await self.talker.closed.wait()
        self._spoken[number] = bytes(self.talker.given)
        self.books.utterances += 1
        while self._due:
            await asyncio.sleep(_PACE_S)
            self._piece(min(self._due))
        # Two in three wait for their answer, the others speak into it.
        if self._dice.random() < 2 / 3:
            await self._until(lambda: number in self._ended and self.device.state.turn is None)

    def _piece(self, piece: int) -> None:
        count = self._due.pop(piece, 0)
        # A link that is down can hardly fall: most faults wait until it is up again, and come one by one.
        if count and (self.device.state.online or self._other_dice.random() > _PATIENCE):
            self._befall()
            count -= 1
        if count:
            self._due[piece + 1] = self._due.get(piece + 1, 0) + count

    def _befall(self) -> None:
        """One fault, chosen by the dice."""
        network, dice, loop = self.network, self._dice, asyncio.get_running_loop()
        kind = dice.choices(
            ("cut", "refuse", "delay", "slice", "half_open", "stranded", "forgotten"), (6, 3, 4, 3, 1, 3, 2)
        )[0]
        self.books.faults[kind] += 1
        ms = 0
        match kind:
            case "cut":
                network.drop()
            case "refuse":
                ms = dice.randint(20, 600)
                network.refuse(ms)
            case "delay":
                network.delay_ms, network.jitter_ms = dice.randint(0, 60), dice.randint(0, 120)
                loop.call_later(dice.random(), self._smooth)
            case "slice":
                network.slice_most = dice.randint(1, 7)
                loop.call_later(dice.random(), self._whole)
            case "half_open":
                network.swallow(up=dice.random() < 0.8, down=dice.random() < 0.8)
            case "stranded":
                network.strand(dice.randint(0, 800))
            case "forgotten" if self._tasks is not None:
                self._tasks.create_task(self.cloud.forget())
        now_ms = steady_ms() - self._began_ms
        if kind == "half_open":
            self._half_open_ms.append(now_ms)
        elif kind in ("cut", "refuse", "stranded", "forgotten"):
            self._back_ms.append(now_ms + ms)

    def _smooth(self) -> None:
        self.network.delay_ms = self.network.jitter_ms = 0

    def _whole(self) -> None:
        self.network.slice_most = 0

    async def _answer(self, cloud: Cloud, event: CloudEvent) -> None:
        session = cloud.session
        if isinstance(event, Proven) and session is not None and session.token not in self._sessions:
            # A gateway that took over tells what the one before it did not get through.
            self._sessions.add(session.token)
            if self._answered:
                session.send(TurnDone(turn=self._answered, outcome=Outcome.ANSWERED))
        if not isinstance(event, TurnEnd) or session is None:
            return
        turn = self._answered = event.turn
        start = cloud.turns[turn].start
        said_as = int(start.again.split(":")[1]) if start.again else turn
        self._ended.setdefault(said_as, []).append(turn)
        say = session.start_saying(turn, f"Turn {turn}.")
        session.say(say, array("h", [turn] * (limits.SAMPLE_RATE_HZ * _SPEECH_MS // 1000)).tobytes())
        session.end_saying(say)
        session.send(TurnDone(turn=turn, outcome=Outcome.ANSWERED))

    async def _calm(self) -> None:
        """The network is good again: everything comes to its end."""
        self._smooth()
        self._whole()
        await self._until(lambda: self._spoken.keys() <= self._ended.keys() and self._well)

    @property
    def _well(self) -> bool:
        state = self.device.state
        return self.device.settled and state.online and mode_of(state) in (Mode.IDLE, Mode.CARD, Mode.ERROR)

    async def _until(self, true: Callable[[], object]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_S):
                while not true():
                    if mode_of(self.device.state) is Mode.ERROR:
                        # A person who has read it clicks it away.
                        await self.button.click()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.device.journal.changed(), 0.05)

    def _close_books(self) -> None:
        books, state = self.books, self.device.state
        books.sockets = self.cloud.sockets
        for number, spoken in self._spoken.items():
            self._check(number, spoken)
        for number in self._ended.keys() - self._spoken.keys():
            books.doubled += 1
            books.wrong.append(f"turn {number} was never said")
        for turn, newest in self.listener.heard:
            if turn < newest:
                books.old_heard += 1
                books.wrong.append(f"turn {turn} was heard in turn {newest}")
        if not self._well:
            books.stuck += 1
            books.wrong.append(f"at the end: {mode_of(state)}, online {state.online}")
        joins = [entry for entry in self.device.journal.since(0) if entry.event == "joined"]
        books.resumed = sum(bool(entry.data["resumed"]) for entry in joins)
        books.anew = len(joins) - books.resumed
        books.reconnect_ms = self._reconnects([entry.at_ms for entry in joins])

    def _check(self, number: int, spoken: bytes) -> None:
        """What was said in one turn against what the cloud has, whatever turns it came as."""
        turns, books = self._ended.get(number, []), self.books
        if not turns:
            books.never_ended += 1
            books.wrong.append(f"turn {number} never ended")
        if len(set(turns)) < len(turns):
            books.doubled += 1
            books.wrong.append(f"turn {number} ended as {turns}")
        books.waited += any(turn != number for turn in turns)
        for turn in set(turns):
            heard = self.cloud.turns[turn]
            samples = heard.end.samples if heard.end else -1
            if heard.pcm != spoken or samples * limits.SAMPLE_BYTES != len(heard.pcm):
                books.lost += 1
                books.wrong.append(f"turn {number} as {turn}: {len(spoken)} bytes were said, {len(heard.pcm)} came")

    def _reconnects(self, joined_ms: list[int]) -> list[int]:
        """From the last fault that broke the link, or from its end, to the next time the device was in.

        Half-open links say nothing: where one came after that, there is no such time.
        """
        waits = []
        for before_ms, at_ms in pairwise(joined_ms):
            breaks = [back_ms for back_ms in self._back_ms if before_ms <= back_ms <= at_ms]
            if breaks and not any(max(breaks) <= half_ms <= at_ms for half_ms in self._half_open_ms):
                waits.append(at_ms - max(breaks))
        return waits


async def bad_days(seed: int, utterances: int, faults: int, devices: int) -> Books:
    """As many devices as that side by side, each with its share of the utterances and of the faults."""
    days = [Day(seed * 1000 + at, utterances // devices, faults // devices) for at in range(devices)]
    total = Books()
    for books in await asyncio.gather(*(day.live() for day in days)):
        total.add(books)
    return total
