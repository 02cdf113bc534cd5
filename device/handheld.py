"""A whole device: the assistant's effects carried out by its rooms. Holds no rule of its own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from device.aside import Offline
from device.assistant import due_ms, step
from device.clock import LEAST_WALL_MS, steady_ms
from device.correspondence import Correspondence
from device.duplex import Duplex, SoundEffect
from device.effects import (
    AbortTurn,
    BeginTurn,
    Effect,
    EndTurn,
    ForgetAll,
    ForgetNetwork,
    JoinNetwork,
    KeepSettings,
    LookAtNetwork,
    OpenMicrophone,
    Redial,
    SetUp,
    SwitchOff,
    Tell,
    TypeTurn,
)
from device.inputs import Button, ClockSet, Input, Muted, NetworkIs, PartFailed, Sound, Tick, Wheel
from device.journal import Journal
from device.keeping import Kept
from device.marks import Marks
from device.modes import mode_of
from device.opus import Codec, offering
from device.parts.interfaces import Parts
from device.sending import Sending
from device.settings import Settings, SettingsFile
from device.state import Device, Mode, State
from device.supply import Supply
from device.ticket import TicketFile
from device.unaided import Means, Unaided
from device.viewfinder import Viewfinder
from device.window import Window
from device.wireless import Wireless
from wire.link import Identity

_HELD: Final = "The button was down already. Let it go, then press it."


class Setup(Struct, frozen=True, kw_only=True):
    """What a handheld needs to know. `settings`: those of a new device; `kept`: where those of its person are.

    `means`: what serves it while there is no cloud.
    `certificate`: the only one (PEM) that is believed of the cloud; empty: any that an authority vouches for.
    `ticket`: where the cloud's ticket is kept. `via`: where to open the socket instead of at the address (a bad
    network). `echo_ms`: how long after a sound of its own the microphone may still hear it, that of a press included.
    """

    address: str
    identity: Identity
    settings: Settings = Settings()
    kept: SettingsFile | None = None
    about: Device = Device()
    codec: Codec = "auto"
    means: Means = Means()
    certificate: str = ""
    ticket: TicketFile | None = None
    via: tuple[str, int] | None = None
    echo_ms: int = 0


class Handheld:
    """Runs until cancelled. `feed` is how parts and people reach it; `journal` tells what happened."""

    def __init__(
        self,
        setup: Setup,
        parts: Parts,
        *,
        journal: Journal | None = None,
        clock_ms: Callable[[], int] = steady_ms,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        dice: random.Random | None = None,
        switch_off: Callable[[], Awaitable[None]] | None = None,
        wireless: Wireless | None = None,
        set_up: Callable[[str], None] | None = None,
    ) -> None:
        self.parts = parts
        self.journal = journal = journal or Journal(clock_ms)
        self._kept = Kept(setup.kept, self._kept_badly)
        settings, self._greeting = self._kept.read(setup.settings)
        identity, no_opus = offering(setup.identity, setup.codec)
        if no_opus:
            journal.note("no_opus", reason=no_opus)
        self.state = _at_the_start(setup, parts, settings, clock_ms())
        self.started = asyncio.Event()
        self._clock_ms = clock_ms
        self._wall_ms = wall_ms
        self._wireless = wireless or Wireless()
        self._set_up = set_up
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._cloud = self._correspondence(identity, setup, dice)
        self.link, self.uplink = self._cloud.link, self._cloud.uplink
        flush, said_at_ms = self.uplink.flush, self._said_at_ms
        self._sending = Sending(self.link, journal, parts.camera, feed=self.feed, flush=flush, said_at_ms=said_at_ms)
        self._duplex = Duplex(parts, self._sending, journal, clock_ms=clock_ms, echo_ms=setup.echo_ms, feed=self.feed)
        self._unaided = Unaided(
            setup.means,
            self.link,
            journal,
            feed=self.feed,
            play=self._duplex.play,
            language=lambda: self.state.settings.language,
        )
        self._supply = Supply(parts.battery, switch_off, self.feed)
        self._marks = Marks(journal)
        self._window = Window(
            parts,
            clock_ms=clock_ms,
            on_failed=lambda sentence: journal.note("part_failed", part="screen", sentence=sentence),
        )
        self._viewfinder = Viewfinder(
            parts.camera,
            on_picture=self._window.see,
            on_failed=lambda sentence: self.feed(PartFailed("camera", sentence)),
        )

    def _correspondence(self, identity: Identity, setup: Setup, dice: random.Random | None) -> Correspondence:
        return Correspondence(
            identity,
            setup.address,
            self.journal,
            feed=self.feed,
            on_away=self._away,
            aside=self._aside,
            ticket=setup.ticket,
            certificate=setup.certificate,
            via=setup.via,
            dice=dice,
        )

    # Life -----------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Be a device until cancelled. A part that fails is said; a wrong setting raises."""
        self.parts.speaker.set_volume(self.state.settings.volume)
        self._look_at_the_clock()
        self._unaided.open(now_ms=self._clock_ms(), wall_ms=self._wall_ms())
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._sending.start(tasks)
                self._feel()
                tasks.create_task(self.uplink.run())
                tasks.create_task(self._supply.run())
                self._duplex.start(tasks)
                tasks.create_task(self._window.run(lambda: self.state))
                tasks.create_task(self._viewfinder.run())
                tasks.create_task(self._kept.run())
                self._unaided.start(tasks)
                if self._greeting:
                    self._kept_badly(self._greeting)
                self._sending.warm_camera(self.state.settings)
                self.started.set()
        finally:
            self._tasks = None
            self._sending.stop()
            self._kept.close()
            self._unaided.close()
            if self._timer is not None:
                self._timer.cancel()
            self.parts.close()

    def _feel(self) -> None:
        """Fingers reach the device from now on."""
        parts = self.parts
        if parts.mute is not None:
            parts.mute.start(lambda off: self.feed(Muted(off)))
        parts.button.start(lambda down, at_ms: self.feed(Button(down, at_ms)))
        if parts.wheel is not None:
            parts.wheel.start(lambda steps: self.feed(Wheel(steps)), lambda: self.feed(Wheel(push=True)))
        if parts.button.held():
            self.feed(PartFailed("button", _HELD))

    def feed(self, told: Input) -> None:
        """Take an input and carry out what follows from it."""
        now_ms = self._clock_ms()
        if isinstance(told, Button):
            self.journal.note("button", down=told.down)
        elif isinstance(told, Muted):
            self.journal.note("mute", off=told.off)
        self.state, effects = step(self.state, told, now_ms)
        for effect in effects:
            self._carry_out(effect)
        self._marks.note(self.state, now_ms)
        self._viewfinder.want(mode_of(self.state) is Mode.AIMING)
        if not isinstance(told, Sound):
            # A level only moves, and what moves is drawn in time of its own.
            self._window.refresh()
        self._plan(now_ms)

    def _plan(self, now_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = [time for time in (due_ms(self.state), self._marks.due_ms(self.state)) if time is not None]
        if times:
            delay = max(0.0, (min(times) - now_ms) / 1000)
            self._timer = asyncio.get_running_loop().call_later(delay, self.feed, Tick())

    # Effects --------------------------------------------------------------------------------------------------------

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case _ if isinstance(effect, SoundEffect):
                if isinstance(effect, OpenMicrophone):
                    self._unaided.voice.hush()
                self._duplex.carry_out(effect)
            case BeginTurn() | EndTurn() | AbortTurn() | TypeTurn():
                self._sending.carry_out(effect)
            case Tell(message=message):
                self._cloud.tell(message)
            case Redial():
                self.uplink.redial()
            case KeepSettings(settings=settings):
                self._kept.keep(settings)
                self._sending.warm_camera(self.state.settings)
            case SwitchOff():
                self.journal.note("switch_off", percent=self.state.charge.percent)
                self._aside(self._supply.off())
            case LookAtNetwork():
                self._aside(self._look_at_network())
            case JoinNetwork(name=name):
                self._aside(self._rejoin(name))
            case ForgetNetwork(name=name):
                self._aside(self._forget_network(name))
            case SetUp(purpose=purpose):
                self.journal.note("set_up", purpose=purpose)
                if self._set_up is not None:
                    self._set_up(purpose)
            case ForgetAll():
                # What others keep of the person they forget here, too.
                self.journal.note("forgotten")
                self._unaided.wipe()
            case _:
                self._unaided.carry_out(effect, self._sending.ending)
                self.uplink.flush()

    def _said_at_ms(self) -> int:
        """Now, by the cloud's clock; 0 until it has told it, for a wrong time is worse than none."""
        return max(0, self._clock_ms() + self.state.offset_ms) if self.state.clock_told else 0

    async def _look_at_network(self) -> None:
        self.feed(NetworkIs(await self._wireless.look()))

    async def _rejoin(self, name: str) -> None:
        if sentence := await self._wireless.join(name):
            self.feed(PartFailed("network", sentence))
        await self._look_at_network()
        self.uplink.redial()

    async def _forget_network(self, name: str) -> None:
        if sentence := await self._wireless.forget(name):
            self.feed(PartFailed("network", sentence))
        await self._look_at_network()

    def _aside(self, errand: Coroutine[None, None, None]) -> None:
        if self._tasks is not None:
            self._tasks.create_task(errand)
        else:
            errand.close()

    def _kept_badly(self, sentence: str) -> None:
        self.journal.note("part_failed", part="settings", sentence=sentence)
        self.feed(PartFailed("settings", sentence))

    def _away(self) -> None:
        """There is no cloud: what the device has of its own counts."""
        self._look_at_the_clock()
        self._unaided.look()

    def _look_at_the_clock(self) -> None:
        """The time of day may have been set, or set wrong, since; one that cannot be is none."""
        wall_ms = self._wall_ms()
        if wall_ms >= LEAST_WALL_MS:
            self.feed(ClockSet(wall_ms - self._clock_ms()))

    @property
    def alive(self) -> bool:
        """All that should go forward does."""
        return self._duplex.alive

    @property
    def settled(self) -> bool:
        """Nothing is going on that this device waits for."""
        state = self.state
        busy = (state.turn, state.working, state.say, state.ring, state.offline.waiting)
        return not any(busy) and not (state.asks or state.tasks or state.microphone) and self.link.idle


def _at_the_start(setup: Setup, parts: Parts, settings: Settings, now_ms: int) -> State:
    return State(
        settings=settings,
        has_camera=parts.camera is not None,
        about=replace(setup.about, parts=parts.names()),
        device=setup.identity.device,
        boot=setup.identity.boot,
        offline=Offline(since_ms=now_ms),
    )
