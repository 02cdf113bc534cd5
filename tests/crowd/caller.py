"""One device of the crowd: the real link core and uplink behind a bad network, and a person who talks to it.

There is no screen and no sound card: what is said is made as it is sent, and what is answered is compared as it comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable

from msgspec import Struct, field

from device.clock import steady_ms
from device.parts.bad_network import BadNetwork
from device.uplink import Uplink
from tests.crowd.said import Said, read
from wire import limits
from wire.events import DeviceEvent, Ended, Joined, SayAudio, TurnKept, TurnLost
from wire.link import DeviceLink, Identity
from wire.messages import SayStart, Transcript, TurnDone
from wire.outcomes import Outcome

PIECE_SAMPLES = limits.SAMPLE_RATE_HZ * 60 // 1000
# Longer than a half-open link, a stalled handshake and the longest back-off after each other.
PATIENCE_S = 90.0


class Weather(Struct, frozen=True):
    """What befalls each line: lag, stalls (a share of what is carried), slices of 1 to 7 bytes (a share of the
    sockets), and a reset each so many seconds on the average, of which a share is half-open instead.
    """

    delay_ms: int = 50
    jitter_ms: int = 300
    stalls: float = 0.05
    stall_ms: int = 1000
    sliced: float = 0.05
    reset_every_s: float = 60.0
    half_open: float = 0.1


CALM = Weather(delay_ms=0, jitter_ms=0, stalls=0, stall_ms=0, sliced=0, reset_every_s=0, half_open=0)


class Books(Struct, kw_only=True):
    """What the devices saw. All but the first six and the times must be nought."""

    devices: int = 0
    said: list[str] = field(default_factory=list)
    resets: int = 0
    half_opens: int = 0
    resumed: int = 0
    anew: int = 0
    samples_heard: int = 0
    lost: int = 0
    unanswered: int = 0
    unacknowledged: int = 0
    answered_twice: int = 0
    mixed_up: int = 0
    away: int = 0
    wrong: list[str] = field(default_factory=list)
    back_ms: list[int] = field(default_factory=list)
    back_half_open_ms: list[int] = field(default_factory=list)
    joined_at_ms: list[tuple[int, int]] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)

    def add(self, other: Books) -> None:
        """Another process's."""
        ends = Counter(self.ends) + Counter(other.ends)
        for name in self.__struct_fields__:
            if name != "ends":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ends = dict(ends)

    @property
    def clean(self) -> bool:
        amiss = (self.lost, self.unanswered, self.unacknowledged, self.answered_twice, self.mixed_up, self.away)
        return not any(amiss)


class Caller:
    """A device, its line, its person."""

    def __init__(self, number: int, identity: Identity, port: int, weather: Weather, books: Books) -> None:
        self.number = number
        self._dice = random.Random(f"{number} {identity.boot}")
        self._weather = weather
        self._books = books
        self._network = BadNetwork("127.0.0.1", port, dice=self._dice)
        self._link = DeviceLink(identity)
        self._address = f"ws://127.0.0.1:{port}/device"
        self._said: dict[int, Said] = {}
        self._kept: set[int] = set()
        self._done: Counter[int] = Counter()
        self._late: set[int] = set()
        self._sounding: dict[int, Said] = {}
        self._broke_ms: int | None = None
        self._half_open = False
        self._news = asyncio.Event()

    async def live(self, seconds: float, think_s: float, over: asyncio.Event | None = None) -> None:
        """Talk for so long, or until `over`, then wait in good weather for what is still owed."""
        await self._network.start()
        uplink = Uplink(
            self._link,
            self._address,
            on_event=self._take,
            on_socket=lambda is_up, why, detail: None,
            dice=self._dice,
            via=self._network.address,
            address_of_own=lambda: "127.0.0.1",
        )
        self._settle_weather(self._weather)
        try:
            async with asyncio.TaskGroup() as group:
                dialling = group.create_task(uplink.run())
                storms = group.create_task(self._storms())
                talking = group.create_task(self._talk(uplink, think_s))
                ending = group.create_task((over or asyncio.Event()).wait())
                await asyncio.wait({talking, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
                for task in (talking, ending):
                    task.cancel()
                await asyncio.wait({talking, ending})
                self._end_turn(uplink)
                storms.cancel()
                self._settle_weather(CALM)
                await self._until(lambda: self._link.joined and not self._unanswered)
                self._close_books()
                dialling.cancel()
        finally:
            await self._network.close()

    async def _talk(self, uplink: Uplink, think_s: float) -> None:
        for utterance in range(1, 32_000):
            await asyncio.sleep(self._dice.expovariate(1 / think_s))
            turn = self._link.start_turn("voice")
            uplink.redial()
            pieces = self._dice.randint(8, 40)
            for piece in range(1, pieces + 1):
                self._said[turn] = what = Said(self.number, utterance, piece * PIECE_SAMPLES)
                self._link.send_audio(turn, what.pcm(PIECE_SAMPLES))
                uplink.flush()
                await asyncio.sleep(PIECE_SAMPLES / limits.SAMPLE_RATE_HZ)
            self._end_turn(uplink)
            # Two in three wait for their answer, the others speak into it.
            if self._dice.random() < 2 / 3:
                await self._until(lambda turn=turn: turn in self._done)  # type: ignore[misc]

    def _end_turn(self, uplink: Uplink) -> None:
        if self._link.recording:
            self._link.end_turn(max(self._said))
            uplink.flush()

    async def _until(self, true: Callable[[], object]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while not true():
                    self._news.clear()
                    await self._news.wait()

    # The line ---------------------------------------------------------------------------------------------------------

    def _settle_weather(self, weather: Weather) -> None:
        line = self._network
        line.delay_ms, line.jitter_ms = weather.delay_ms, weather.jitter_ms
        line.stalls, line.stall_ms = weather.stalls, weather.stall_ms
        line.slice_most = 7 if self._dice.random() < weather.sliced else 0

    async def _storms(self) -> None:
        weather = self._weather
        while weather.reset_every_s:
            await asyncio.sleep(self._dice.expovariate(1 / weather.reset_every_s))
            self._broke_ms = steady_ms()
            self._half_open = self._dice.random() < weather.half_open
            if self._half_open:
                self._books.half_opens += 1
                self._network.swallow()
            else:
                self._books.resets += 1
                self._network.drop()
            self._settle_weather(weather)

    # The books --------------------------------------------------------------------------------------------------------

    def _take(self, event: DeviceEvent) -> None:
        match event:
            case Joined(welcome=welcome):
                self._join(resumed=welcome.resumed)
            case TurnKept(turn=turn):
                self._kept.add(turn)
            case TurnLost(turn=turn, reason=reason):
                self._books.lost += 1
                self._note(f"turn {turn} was given up: {reason}")
            case Transcript(turn=turn, text=text):
                self._check(turn, text == self._said[turn].text, f"heard as {text!r}")
            case SayStart():
                self._begin_to_hear(event)
            case SayAudio(turn=turn, say=say, pcm=pcm):
                self._books.samples_heard += len(pcm) // 2
                self._check(turn, self._sounding[say].sounds_in(pcm), "sound of something else")
            case TurnDone(turn=turn, outcome=outcome):
                self._done[turn] += 1
                self._check(turn, outcome is Outcome.DONE, outcome.value)
            case Ended(code=code):
                self._books.ends[code.value] = self._books.ends.get(code.value, 0) + 1
        self._news.set()

    def _join(self, *, resumed: bool) -> None:
        books, now_ms = self._books, steady_ms()
        books.joined_at_ms.append((now_ms, self.number))
        books.resumed += resumed
        books.anew += not resumed
        if self._broke_ms is not None:
            (books.back_half_open_ms if self._half_open else books.back_ms).append(now_ms - self._broke_ms)
            self._broke_ms = None

    def _begin_to_hear(self, start: SayStart) -> None:
        self._sounding[start.say] = read(start.text)
        if start.turn:
            self._check(start.turn, start.text == self._said[start.turn].text, f"answered by {start.text!r}")
            return
        # What a gateway that was killed began is answered by the next one, on no turn.
        turn = next((turn for turn, what in self._said.items() if what.text == start.text), 0)
        self._late.add(turn)
        if not turn:
            self._books.mixed_up += 1
            self._note(f"{start.text!r} was never said here")

    @property
    def _unanswered(self) -> set[int]:
        return self._said.keys() - (self._done.keys() | self._late)

    def _check(self, turn: int, right: bool, what: str) -> None:
        if not right:
            self._books.mixed_up += 1
            self._note(f"turn {turn}: {what}")

    def _note(self, wrong: str) -> None:
        self._books.wrong.append(f"device {self.number}, {wrong}")

    def _close_books(self) -> None:
        books = self._books
        books.devices += 1
        books.said += [what.text for what in self._said.values()]
        books.away += not self._link.joined
        for turn in self._unanswered:
            books.unanswered += 1
            self._note(f"turn {turn} was never answered")
        for turn in self._said.keys() - self._kept:
            books.unacknowledged += 1
            self._note(f"turn {turn} was never acknowledged")
        for turn in [turn for turn, times in self._done.items() if times > 1]:
            books.answered_twice += 1
            self._note(f"turn {turn} was answered {self._done[turn]} times")
