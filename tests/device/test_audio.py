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
from tests.device.pyaudio_of_tests import Card, Library
from tests.device.sound_stage import Stage, babble, level_of, like, stage
from wire.events import CloudEvent, Proven
from wire.link import Identity
from wire.messages import Silence, TurnDone, TurnEnd
from wire.outcomes import Outcome

QUIET = bytes(9600)


class Device:
    """A handheld with a real microphone and a real speaker."""

    def __init__(
        self, cloud: Cloud, *, cards: SoundCards | None = None, names: tuple[str, str] = ("", ""), echo_ms: int = 0
    ) -> None:
        self.cards = cards or SoundCards()
        self.button = SimulatedButton()
        self.microphone = PyAudioMicrophone(self.cards, names[0])
        self.speaker = PyAudioSpeaker(self.cards, names[1])
        parts = Parts(self.button, self.microphone, self.speaker, PngScreen())
        setup = Setup(
            address=cloud.address,
            identity=Identity(device=DEVICE, key=KEY, boot="0" * 32),
            settings=Settings(volume=100),
            codec="pcm",
            echo_ms=echo_ms,
        )
        self.handheld = Handheld(setup, parts)
        self.journal = self.handheld.journal

    async def records(self, cloud: Cloud, turn: int) -> None:
        """Press, and hold until sound of this turn has arrived."""
        self.button.down()
        await cloud.until(lambda: turn in cloud.turns and cloud.turns[turn].pcm)

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


async def well_heard(sound: Stage, form: Format) -> bool:
    """Speak and listen at the same time; whether both arrived whole. A machine that is too busy for real time loses."""
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
    return like(heard, babble(0.8, 5)) > 0.9 and like(ear.pcm, answer) > 0.9


@pytest.mark.parametrize("form", [Format(16_000, 1), Format(44_100, 2), Format(48_000, 1)])
async def test_hardware_of_any_rate_hears_and_speaks_at_16_khz(sound: Stage, form: Format) -> None:
    for _ in range(5):
        if await well_heard(sound, form):
            return
    pytest.fail("five times something was lost")


async def test_what_is_said_reaches_the_cloud_and_its_answer_is_heard(sound: Stage) -> None:
    said, answer = babble(1.2, 1), babble(0.8, 2)

    async def reply(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            say = cloud.session.start_saying(event.turn, "So it is.")
            cloud.session.say(say, answer)
            cloud.session.end_saying(say)
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))

    async with Cloud(reply).open() as cloud, Device(cloud).running() as device, sound.hearing() as ear:
        await device.records(cloud, 1)
        await sound.speak(said)
        heard = len(cloud.turns[1].pcm)
        await cloud.until(lambda: len(cloud.turns[1].pcm) > heard + len(said) + len(QUIET))
        device.button.up()
        await device.journal.wait("spoken")
        await ear.more(32_000)
    assert like(cloud.turns[1].pcm, said) > 0.9
    assert like(ear.pcm, answer) > 0.9


async def test_a_press_cuts_what_is_said_before_it_records_and_neither_is_heard_by_the_microphone(sound: Stage) -> None:
    answer = babble(6.0, 9)

    async def tell(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, Proven) and cloud.session is not None:
            say = cloud.session.start_saying(0, "A long story.")
            cloud.session.say(say, answer)
            cloud.session.end_saying(say)

    echo = sound.pactl("load-module", "module-loopback", "source=ear.monitor", "sink=room", "latency_msec=20").strip()
    try:
        async with Cloud(tell).open() as cloud, Device(cloud, echo_ms=1000).running() as device:
            await device.journal.wait("first_audio")
            async with sound.hearing() as ear:
                while level_of(ear.pcm) <= 1000:
                    await ear.more(3200)
                await device.records(cloud, 1)
                await cloud.until(lambda: len(cloud.turns[1].pcm) > 2 * 32_000)
                device.button.up()
        assert not any(cloud.turns[1].pcm[:32_000]), "what may still be in the air is not recorded"
        assert level_of(cloud.turns[1].pcm[32_000:64_000]) < 100, "and then nothing is in the air"
        assert device.journal.first("hushed")
    finally:
        sound.pactl("unload-module", echo)


async def test_a_microphone_that_falls_silent_is_noticed_and_works_again_when_it_can(sound: Stage) -> None:
    said = babble(0.5, 10)
    async with Cloud().open() as cloud, Device(cloud).running() as device:
        await device.records(cloud, 1)
        sound.pactl("suspend-source", "mic", "1")
        failed = await device.journal.wait("part_failed")
        assert failed.data["part"] == "microphone" and "say it again" in failed.data["sentence"]
        assert device.journal.first("deaf")
        await cloud.until(lambda: cloud.turns[1].aborted)
        device.button.up()
        sound.pactl("suspend-source", "mic", "0")
        await device.records(cloud, 2)
        await sound.speak(said)
        heard = len(cloud.turns[2].pcm)
        await cloud.until(lambda: len(cloud.turns[2].pcm) > heard + len(said) + len(QUIET))
        device.button.up()
        await cloud.until(lambda: cloud.turns[2].end)
    assert like(cloud.turns[2].pcm, said) > 0.9


async def test_a_microphone_that_is_pulled_out_ends_the_turn_and_the_next_press_finds_it_back() -> None:
    card = Card()
    async with Cloud().open() as cloud, Device(cloud, cards=SoundCards(library=Library(card))).running() as device:
        await device.records(cloud, 1)
        card.plugged = False
        failed = await device.journal.wait("part_failed")
        assert "Is it plugged in?" in failed.data["sentence"]
        await cloud.until(lambda: cloud.turns[1].aborted)
        assert cloud.turns[1].end is None
        device.button.up()
        card.plugged = True
        await device.records(cloud, 2)
        device.button.up()
        await cloud.until(lambda: cloud.turns[2].end)


async def test_a_speaker_that_is_pulled_out_in_mid_reply_is_said_and_the_next_reply_is_heard_when_it_is_back() -> None:
    long, short = babble(6.0, 9), babble(0.4, 10)

    async def reply(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            say = cloud.session.start_saying(event.turn, "So it is.")
            cloud.session.say(say, long if event.turn == 1 else short)
            cloud.session.end_saying(say)
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))

    mic, box = Card("mic"), Card("box")
    cards = SoundCards(library=Library(mic, box), look_every_s=0)
    async with Cloud(reply).open() as cloud, Device(cloud, cards=cards, names=("mic", "box")).running() as device:
        await device.records(cloud, 1)
        device.button.up()
        await device.journal.wait("first_audio")
        box.plugged = False
        failed = await device.journal.wait("part_failed")
        assert failed.data["part"] == "speaker" and "plugged in" in failed.data["sentence"]
        state = device.handheld.state
        assert state.notice is not None and state.notice.sentence == failed.data["sentence"]
        assert state.say is None
        await cloud.until(lambda: any(isinstance(event, Silence) for event in cloud.events))
        box.plugged = True
        await device.records(cloud, 2)
        device.button.up()
        await device.journal.wait("spoken")
    assert short in bytes(box.heard) and long not in bytes(box.heard)


async def test_a_microphone_that_the_sound_server_loses_ends_the_turn_and_is_found_when_it_is_back() -> None:
    with stage() as server:
        cards = SoundCards(look_every_s=0)
        async with Cloud().open() as cloud, Device(cloud, cards=cards).running() as device:
            await device.records(cloud, 1)
            server.pactl("unload-module", "module-remap-source")
            await device.journal.wait("part_failed")
            await cloud.until(lambda: cloud.turns[1].aborted)
            assert cloud.turns[1].end is None
            device.button.up()
            server.pactl("load-module", "module-remap-source", "source_name=mic", "master=room.monitor")
            server.pactl("set-default-source", "mic")
            await device.records(cloud, 2)
            device.button.up()
            await cloud.until(lambda: cloud.turns[2].end)


async def test_a_sound_server_that_dies_ends_the_turn_at_once_and_is_found_when_it_is_back() -> None:
    with stage() as server:
        cards = SoundCards(look_every_s=0)
        async with Cloud().open() as cloud, Device(cloud, cards=cards).running() as device:
            await device.records(cloud, 1)
            server.stop()
            await device.journal.wait("part_failed")
            await cloud.until(lambda: cloud.turns[1].aborted)
            device.button.up()
            server.start()
            await device.records(cloud, 2)
            device.button.up()
            await cloud.until(lambda: cloud.turns[2].end)
