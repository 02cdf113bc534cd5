"""Microphone and speaker while the device runs: what one of them does the other must not hear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from device import cues
from device.effects import (
    CloseMicrophone,
    Cue,
    FinishSay,
    Hush,
    OpenMicrophone,
    Play,
    PressSound,
    RingBell,
    SetVolume,
)
from device.errors import SpeakerError
from device.guard import Guard
from device.inputs import Drained, Input, PartFailed, Sound
from device.journal import Journal
from device.listening import Listening
from device.parts.interfaces import Parts
from device.sending import Sending
from device.voice import Voice
from wire import limits

SoundEffect = OpenMicrophone | CloseMicrophone | Play | FinishSay | Hush | Cue | PressSound | RingBell | SetVolume


class Duplex:
    """Carries out the assistant's effects of this kind; `feed` takes what comes of them, `sending` what was heard.

    `echo_ms`: how long after a sound of its own the microphone may still hear it.
    """

    def __init__(
        self,
        parts: Parts,
        sending: Sending,
        journal: Journal,
        *,
        clock_ms: Callable[[], int],
        echo_ms: int,
        feed: Callable[[Input], None],
    ) -> None:
        self._speaker = parts.speaker
        self._sending = sending
        self._journal = journal
        self._echo_ms = echo_ms
        self._feed = feed
        self._ran_dry = 0
        self._guard = Guard(parts.watchdog, clock_ms)
        self._voice = Voice(parts.speaker, on_drained=self._drained, on_started=self._speech_started)
        self._listening = Listening(
            parts.microphone,
            clock_ms=clock_ms,
            on_sound=self._heard,
            on_tail=sending.tail,
            on_failed=lambda sentence: feed(PartFailed("microphone", sentence)),
            note=journal.note,
        )

    @property
    def alive(self) -> bool:
        """All that should go forward does."""
        return self._guard.alive

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Work until cancelled."""
        tasks.create_task(self._guard.run())
        tasks.create_task(self._listening.run())
        tasks.create_task(self._speak())

    def play(self, pcm: bytes) -> None:
        """Sound of no utterance of the cloud."""
        self._voice.play(0, pcm)

    def carry_out(self, effect: SoundEffect) -> None:
        """One effect."""
        voice = self._voice
        match effect:
            case OpenMicrophone():
                self._sending.open()
                self._listening.begin(self._echo_ms if voice.hold() else 0)
                self._guard.recording(True)
            case CloseMicrophone(tail=tail):
                self._close(tail)
            case Play(say=say, pcm=pcm):
                voice.play(say, pcm)
            case FinishSay(say=say):
                voice.finish(say)
            case Hush(say=say):
                voice.hush()
                self._journal.note("hushed", say=say)
            case Cue(tone=tone):
                voice.cue(cues.cue(tone))
            case PressSound():
                voice.press()
            case RingBell(on=on):
                voice.ring(on)
            case SetVolume(percent=percent):
                self._speaker.set_volume(percent)

    def _close(self, tail: bool) -> None:
        if not tail:
            self._listening.end()
        elif self._listening.finish():
            self._sending.tail_follows()
        self._voice.let_go()
        self._guard.recording(False)

    def _heard(self, pcm: bytes) -> None:
        self._guard.heard()
        self._sending.heard(pcm)
        self._feed(Sound(len(pcm) // limits.SAMPLE_BYTES, cues.level_of(pcm)))

    async def _speak(self) -> None:
        while True:
            try:
                await self._voice.run()
            except SpeakerError as error:
                self._journal.note("part_failed", part="speaker", sentence=str(error))
                self._feed(PartFailed("speaker", str(error)))

    def _speech_started(self, say: int) -> None:
        self._journal.note("first_audio", say=say)

    def _drained(self, say: int, samples: int) -> None:
        self._journal.note("spoken", say=say, samples=samples)
        if (xruns := self._speaker.xruns) > self._ran_dry:
            self._journal.note("xruns", part="speaker", count=xruns - self._ran_dry)
            self._ran_dry = xruns
        self._feed(Drained(say, samples))
