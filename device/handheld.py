"""A whole device: the assistant's effects carried out on parts and link. Holds no rule of its own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from device import cues
from device.answering import whole_ms
from device.aside import Offline
from device.assistant import due_ms, step
from device.clock import LEAST_WALL_MS, steady_ms
from device.effects import (
    AbortTurn,
    BeginTurn,
    CloseMicrophone,
    Cue,
    Effect,
    EndTurn,
    FinishSay,
    ForgetAll,
    Hush,
    KeepSettings,
    LookAtNetwork,
    OpenMicrophone,
    Play,
    PressSound,
    Redial,
    RingBell,
    SetVolume,
    SwitchOff,
    Tell,
    TypeTurn,
)
from device.errors import SpeakerError
from device.guard import Guard
from device.inputs import (
    Button,
    ClockSet,
    Drained,
    FromLink,
    Input,
    Linked,
    Muted,
    NetworkIs,
    PartFailed,
    Sound,
    Tick,
    Wheel,
)
from device.journal import Journal
from device.keeping import Kept
from device.listening import Listening
from device.modes import mode_of
from device.opus import Codec, SaySound, offering
from device.parts.interfaces import Parts
from device.parts.network import read_network
from device.sending import Sending
from device.settings import Settings, SettingsFile
from device.state import Device, Mode, Network, State
from device.supply import Supply
from device.ticket import TicketFile
from device.unaided import Means, Unaided
from device.uplink import Uplink
from device.voice import Voice
from device.window import Window
from wire import limits
from wire.errors import PacketBroken
from wire.events import DeviceEvent, Ended, Joined, SayAudio, SayPacket, TurnKept, TurnLost
from wire.link import DeviceLink, Identity
from wire.messages import Message

_HELD = "The button was down already. Let it go, then press it."
_GARBLED: Final = "The answer's sound was broken. You can read it."


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
        network: Callable[[], Network] = read_network,
    ) -> None:
        self.parts = parts
        self.journal = journal or Journal(clock_ms)
        self._kept = Kept(setup.kept, self._kept_badly)
        settings, sentence = self._kept.read(setup.settings)
        self._greeting = sentence
        identity, no_opus = offering(setup.identity, setup.codec)
        if no_opus:
            self.journal.note("no_opus", reason=no_opus)
        self.link = DeviceLink(identity)
        self._ticket = setup.ticket
        self.link.ticket = setup.ticket.read() if setup.ticket else ""
        self.state = State(
            settings=settings,
            has_camera=parts.camera is not None,
            about=replace(setup.about, parts=parts.names()),
            device=setup.identity.device,
            boot=setup.identity.boot,
            offline=Offline(since_ms=clock_ms()),
        )
        self.uplink = Uplink(
            self.link,
            setup.address,
            on_event=self._from_link,
            on_socket=self._socket_changed,
            dice=dice,
            via=setup.via,
            certificate=setup.certificate,
        )
        self.started = asyncio.Event()
        self._clock_ms = clock_ms
        self._wall_ms = wall_ms
        self._supply = Supply(parts.battery, switch_off, self.feed)
        self._guard = Guard(parts.watchdog, clock_ms)
        self._mode = Mode.IDLE
        self._answerable = ""
        self._timer: asyncio.TimerHandle | None = None
        self._echo_ms = setup.echo_ms
        self._ran_dry = 0
        self._said = SaySound()
        self._tasks: asyncio.TaskGroup | None = None
        self._voice = Voice(parts.speaker, on_drained=self._drained, on_started=self._speech_started)
        self._unaided = Unaided(
            setup.means,
            self.link,
            self.journal,
            feed=self.feed,
            play=lambda pcm: self._voice.play(0, pcm),
            language=lambda: self.state.settings.language,
        )
        self._sending = Sending(
            self.link,
            self.journal,
            parts.camera,
            feed=self.feed,
            flush=self.uplink.flush,
            said_at_ms=self._said_at_ms,
        )
        self._listening = Listening(
            parts.microphone,
            clock_ms=clock_ms,
            on_sound=self._heard,
            on_tail=self._sending.tail,
            on_failed=self._deaf,
            note=self.journal.note,
        )
        self._network = network
        self._window = Window(
            parts,
            clock_ms=clock_ms,
            on_failed=lambda sentence: self.journal.note("part_failed", part="screen", sentence=sentence),
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
                if self.parts.mute is not None:
                    self.parts.mute.start(lambda off: self.feed(Muted(off)))
                self.parts.button.start(lambda down, at_ms: self.feed(Button(down, at_ms)))
                if self.parts.wheel is not None:
                    self.parts.wheel.start(lambda steps: self.feed(Wheel(steps)), lambda: self.feed(Wheel(push=True)))
                if self.parts.button.held():
                    self.feed(PartFailed("button", _HELD))
                tasks.create_task(self.uplink.run())
                tasks.create_task(self._supply.run())
                tasks.create_task(self._guard.run())
                tasks.create_task(self._listening.run())
                tasks.create_task(self._speak())
                tasks.create_task(self._window.run(lambda: self.state))
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
        self._note_changes(now_ms)
        if not isinstance(told, Sound):
            # A level only moves, and what moves is drawn in time of its own.
            self._window.refresh()
        self._plan(now_ms)

    def _plan(self, now_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = [time for time in (due_ms(self.state), self._answerable_ms()) if time is not None]
        if times:
            delay = max(0.0, (min(times) - now_ms) / 1000)
            self._timer = asyncio.get_running_loop().call_later(delay, self.feed, Tick())

    def _note_changes(self, now_ms: int) -> None:
        mode = mode_of(self.state)
        if mode is not self._mode:
            self._mode = mode
            notice = self.state.notice.sentence if self.state.notice and mode is Mode.ERROR else ""
            self.journal.note("mode", mode=mode.value, **({"sentence": notice} if notice else {}))
        due = self._answerable_ms()
        if due is not None and now_ms >= due:
            asked = self.state.asks[0].ask
            self._answerable = asked.ask
            self.journal.note("answerable", ask=asked.ask, kind=asked.kind)

    def _answerable_ms(self) -> int | None:
        """When a press can answer the question on the screen, if that was not noted yet."""
        state = self.state
        if mode_of(state) is not Mode.ASKING or not state.asks or state.say is not None:
            return None
        shown = state.asks[0]
        if shown.drawn_ms < 0 or shown.ask.ask == self._answerable:
            return None
        return shown.drawn_ms + whole_ms(shown, state.settings)

    # Effects --------------------------------------------------------------------------------------------------------

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case OpenMicrophone():
                self._sending.open()
                self._unaided.voice.hush()
                self._listening.begin(self._echo_ms if self._voice.hold() else 0)
                self._guard.recording(True)
            case CloseMicrophone(tail=tail):
                if not tail:
                    self._listening.end()
                elif self._listening.finish():
                    self._sending.tail_follows()
                self._voice.let_go()
                self._guard.recording(False)
            case BeginTurn() | EndTurn() | AbortTurn() | TypeTurn():
                self._sending.carry_out(effect)
            case Tell(message=message):
                kept = self.link.tell(message)
                self.journal.note("told" if kept else "not_kept", **_named(message))
                self.uplink.flush()
            case Play(say=say, pcm=pcm):
                self._voice.play(say, pcm)
            case FinishSay(say=say):
                self._voice.finish(say)
            case Hush(say=say):
                self._voice.hush()
                self.journal.note("hushed", say=say)
            case Cue(tone=tone):
                self._voice.cue(cues.cue(tone))
            case PressSound():
                self._voice.press()
            case RingBell(on=on):
                self._voice.ring(on)
            case SetVolume(percent=percent):
                self.parts.speaker.set_volume(percent)
            case KeepSettings(settings=settings):
                self._kept.keep(settings)
                self._sending.warm_camera(self.state.settings)
            case SwitchOff():
                self.journal.note("switch_off", percent=self.state.charge.percent)
                if self._tasks is not None:
                    self._tasks.create_task(self._supply.off())
            case LookAtNetwork():
                self._aside(self._look_at_network())
            case ForgetAll():
                self._forget()
            case Redial():
                self.uplink.redial()
            case _:
                self._unaided.carry_out(effect, self._sending.ending)
                self.uplink.flush()

    def _forget(self) -> None:
        """What others keep of the person they forget here, too."""
        self.journal.note("forgotten")
        self._unaided.wipe()

    def _said_at_ms(self) -> int:
        """Now, by the cloud's clock; 0 until it has told it, for a wrong time is worse than none."""
        return max(0, self._clock_ms() + self.state.offset_ms) if self.state.clock_told else 0

    async def _look_at_network(self) -> None:
        self.feed(NetworkIs(await asyncio.to_thread(self._network)))

    def _aside(self, errand: Coroutine[None, None, None]) -> None:
        if self._tasks is not None:
            self._tasks.create_task(errand)
        else:
            errand.close()

    # Sound ----------------------------------------------------------------------------------------------------------

    def _heard(self, pcm: bytes) -> None:
        self._guard.heard()
        self._sending.heard(pcm)
        self.feed(Sound(len(pcm) // limits.SAMPLE_BYTES, cues.level_of(pcm)))

    def _deaf(self, sentence: str) -> None:
        self.feed(PartFailed("microphone", sentence))

    async def _speak(self) -> None:
        while True:
            try:
                await self._voice.run()
            except SpeakerError as error:
                self.journal.note("part_failed", part="speaker", sentence=str(error))
                self.feed(PartFailed("speaker", str(error)))

    def _speech_started(self, say: int) -> None:
        self.journal.note("first_audio", say=say)

    def _drained(self, say: int, samples: int) -> None:
        self.journal.note("spoken", say=say, samples=samples)
        if (xruns := self.parts.speaker.xruns) > self._ran_dry:
            self.journal.note("xruns", part="speaker", count=xruns - self._ran_dry)
            self._ran_dry = xruns
        self.feed(Drained(say, samples))

    def _kept_badly(self, sentence: str) -> None:
        self.journal.note("part_failed", part="settings", sentence=sentence)
        self.feed(PartFailed("settings", sentence))

    # Link -----------------------------------------------------------------------------------------------------------

    def _from_link(self, event: DeviceEvent) -> None:
        match event:
            case SayPacket():
                self._decode(event)
                return
            case SayAudio():
                pass
            case Joined(welcome=welcome):
                codecs = {"records": self.link.records, "plays": welcome.plays}
                self.journal.note("joined", resumed=welcome.resumed, session=welcome.session, **codecs)
                if welcome.ticket and self._ticket is not None:
                    self._aside(self._keep_ticket(self._ticket, welcome.ticket))
            case Ended(code=code, reason=reason, sentence=sentence):
                self.journal.note("link_ended", code=code.value, reason=reason, sentence=sentence)
            case TurnKept(turn=turn):
                self.journal.note("committed", turn=turn)
            case TurnLost(turn=turn, reason=reason):
                self.journal.note("turn_lost", turn=turn, reason=reason)
            case _:
                self.journal.note("cloud", **_named(event))
        self.feed(FromLink(event))

    async def _keep_ticket(self, file: TicketFile, ticket: str) -> None:
        try:
            await asyncio.to_thread(file.write, ticket)
        except OSError as error:
            # Not kept, so not acknowledged: the one before is still good.
            self.journal.note("ticket_not_kept", reason=error.strerror or "")
        else:
            self.link.keep_ticket(ticket)
            self.uplink.flush()

    def _decode(self, event: SayPacket) -> None:
        try:
            audio = self._said.take(event)
        except PacketBroken as error:
            self.journal.note("sound_broken", say=event.say, reason=str(error))
            self.feed(PartFailed("link", _GARBLED))
        else:
            if audio is not None:
                self.feed(FromLink(audio))

    def _look_at_the_clock(self) -> None:
        """The time of day may have been set, or set wrong, since; one that cannot be is none."""
        wall_ms = self._wall_ms()
        if wall_ms >= LEAST_WALL_MS:
            self.feed(ClockSet(wall_ms - self._clock_ms()))

    def _socket_changed(self, up: bool, sentence: str, reason: str) -> None:
        self.journal.note("socket", up=up, reason=reason)
        if not up:
            self._look_at_the_clock()
            self._unaided.look()
        self.feed(Linked(up, sentence))

    @property
    def alive(self) -> bool:
        """All that should go forward does."""
        return self._guard.alive

    @property
    def settled(self) -> bool:
        """Nothing is going on that this device waits for."""
        state = self.state
        busy = (state.turn, state.working, state.say, state.ring, state.offline.waiting)
        return not any(busy) and not (state.asks or state.tasks or state.microphone) and self.link.idle


def _named(message: Message) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(message)
    data.pop("number", None)
    return data
