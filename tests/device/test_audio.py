"""The real PyAudio over a sound server in userspace, in real time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from device.handheld import Handheld, Setup
from device.parts.interfaces import Parts
from device.parts.microphone import PyAudioMicrophone
from device.parts.simulated import PngScreen, SimulatedButton
from device.parts.sound_cards import WANTED, Format, SoundCards
from device.parts.speaker import PyAudioSpeaker
from device.settings import Settings
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.device.sound_stage import Stage, babble, like
from wire.events import CloudEvent
from wire.link import Identity
from wire.messages import TurnDone, TurnEnd
from wire.outcomes import Outcome

QUIET = bytes(9600)


class Device:
    """A handheld with a real microphone and a real speaker."""

    def __init__(self, cloud: Cloud) -> None:
        self.cards = SoundCards()
        self.button = SimulatedButton()
        self.microphone = PyAudioMicrophone(self.cards)
        self.speaker = PyAudioSpeaker(self.cards)
        parts = Parts(self.button, self.microphone, self.speaker, PngScreen())
        setup = Setup(
            address=cloud.address,
            identity=Identity(device=DEVICE, key=KEY, boot="0" * 32),
            settings=Settings(volume=100),
        )
        self.handheld = Handheld(setup, parts)
        self.journal = self.handheld.journal

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Device]:
        task = asyncio.create_task(self.handheld.run())
        try:
            await self.journal.wait("joined")
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self.microphone.release()
            self.cards.close()


@contextlib.contextmanager
def parts(first: Format = WANTED) -> Iterator[tuple[PyAudioMicrophone, PyAudioSpeaker]]:
    cards = SoundCards(first=first)
    microphone, speaker = PyAudioMicrophone(cards), PyAudioSpeaker(cards)
    try:
        yield microphone, speaker
    finally:
        speaker.close()
        microphone.release()
        cards.close()


async def heard_by(microphone: PyAudioMicrophone, count: int) -> bytes:
    heard = b""
    async with asyncio.timeout(60):
        while len(heard) < count:
            heard += await microphone.read()
    return heard


@pytest.mark.parametrize("form", [Format(16_000, 1), Format(44_100, 2), Format(48_000, 1)])
async def test_hardware_of_any_rate_hears_and_speaks_at_16_khz(sound: Stage, form: Format) -> None:
    said, answer = babble(0.8, 5, form.rate_hz), babble(0.8, 6)
    with parts(form) as (microphone, speaker):
        await microphone.open()
        await microphone.read()
        await sound.speak(said, rate_hz=form.rate_hz)
        async with sound.hearing() as ear:
            await speaker.play(answer)
            heard = await heard_by(microphone, len(answer) + len(QUIET))
            await microphone.close()
            await ear.more(2 * len(answer))
    assert like(heard, babble(0.8, 5)) > 0.9
    assert like(ear.pcm, answer) > 0.9


async def test_what_is_said_reaches_the_cloud_and_its_answer_is_heard(sound: Stage) -> None:
    said, answer = babble(1.2, 1), babble(0.8, 2)

    async def reply(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            say = cloud.session.start_saying(event.turn, "So it is.")
            cloud.session.say(say, answer)
            cloud.session.end_saying(say)
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))

    async with Cloud(reply).open() as cloud, Device(cloud).running() as device, sound.hearing() as ear:
        device.button.down()
        await device.journal.wait("turn_began")
        await cloud.until(lambda: 1 in cloud.turns and cloud.turns[1].pcm)
        await sound.speak(said)
        heard = len(cloud.turns[1].pcm)
        await cloud.until(lambda: len(cloud.turns[1].pcm) > heard + len(said) + len(QUIET))
        device.button.up()
        await device.journal.wait("spoken")
        await ear.more(32_000)
    assert like(cloud.turns[1].pcm, said) > 0.9
    assert like(ear.pcm, answer) > 0.9
