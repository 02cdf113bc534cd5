"""The sound of turns and utterances on the device, as Opus."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from device.config import Config, Key, read_config
from device.errors import ConfigError
from device.opus import SaySound, TurnSound, offering
from device.scenario import After, Scenario, Step
from device.simulation import simulate
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from tests.wire.conftest import BOOT
from tests.wire.test_opus import needs_opus, packets_of, sound_of, voice
from wire import opus
from wire.errors import PacketBroken
from wire.events import CloudEvent, SayPacket
from wire.link import DeviceLink, Identity
from wire.messages import TurnDone, TurnEnd
from wire.outcomes import Outcome
from wire.parts import OPUS, PCM
from wire.toc import samples_of

WHO = Identity(device=DEVICE, key=KEY, boot=BOOT)
BROKEN = b"\x49\x01"


def events_of(say: int, packets: list[bytes]) -> list[SayPacket]:
    events, offset = [], 0
    for packet in packets:
        events.append(SayPacket(1, say, offset, samples_of(packet), packet))
        offset += samples_of(packet)
    return events


def test_the_setting_says_what_is_offered() -> None:
    assert read_config(None, {"LEVERET_DEVICE_CODEC": "pcm"}, {}).codec == "pcm"
    with pytest.raises(ConfigError, match="codec"):
        read_config(None, {}, {"codec": "mp3"})
    identity, reason = offering(WHO, "pcm")
    assert (identity.records, identity.plays, reason) == ((PCM,), (PCM,), "")
    identity, reason = offering(WHO, "auto")
    assert identity.records == identity.plays == opus.formats() and bool(reason) == (opus.formats() == (PCM,))


@needs_opus
def test_a_turn_becomes_packets_with_its_last_sound_and_none_after_it() -> None:
    link = DeviceLink(WHO)
    sound = TurnSound(link, link.start_turn(codec=OPUS), OPUS)
    pcm = voice(1.0)
    for at in range(0, len(pcm), 1000):
        sound.send(pcm[at : at + 1000])
    sound.close()
    sound.send(pcm)
    lane = link._lanes[1]
    assert (lane.frames, lane.samples) == (17, 16_320)


@needs_opus
def test_each_utterance_is_decoded_from_its_own_beginning() -> None:
    first, second = packets_of(voice(0.5, 1)), packets_of(voice(0.5, 2))
    said = SaySound()
    events = [*events_of(1, first)[:4], *events_of(2, second)]
    heard = [audio for event in events if (audio := said.take(event)) is not None]
    assert b"".join(audio.pcm for audio in heard if audio.say == 2) == sound_of(second)
    assert [audio.offset for audio in heard if audio.say == 1] == [0, 856, 1816, 2776]


@needs_opus
def test_a_broken_packet_is_told_once_and_what_follows_in_its_utterance_is_silent() -> None:
    said, packets = SaySound(), packets_of(voice(0.4))
    events = events_of(1, [*packets[:2], BROKEN, *packets[2:], BROKEN])
    assert said.take(events[0]) and said.take(events[1])
    with pytest.raises(PacketBroken):
        said.take(events[2])
    assert [said.take(event) for event in events[3:]] == [None] * (len(events) - 3)
    assert said.take(events_of(2, packets)[0])


@needs_opus
async def test_a_garbled_answer_is_said_and_can_be_read_and_the_device_goes_on(tmp_path: Path) -> None:
    async def answer(cloud: Cloud, event: CloudEvent) -> None:
        if isinstance(event, TurnEnd) and cloud.session is not None:
            say = cloud.session.start_saying(event.turn, "It is five.", codec=cloud.session.plays)
            for packet in [*packets_of(voice(0.3)), BROKEN, *packets_of(voice(0.3))]:
                cloud.session.say_packet(say, packet)
            cloud.session.end_saying(say)
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED, sentence="It is five."))

    async with Cloud(answer, formats=(OPUS, PCM)).open() as cloud:
        steps = (Step(text="what time is it", after=After("joined")),)
        config = Config(cloud=cloud.address, deadline_s=12)
        result, journal = await simulate(config, Key(DEVICE, KEY), Scenario(steps=steps), fast=True)
    broken = [entry for entry in journal.since(0) if entry.event == "sound_broken"]
    assert len(broken) == 1 and result.outcome == "answered"
    assert any("broken" in face for face in result.faces)


def wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(pcm)
    return path


@needs_opus
async def test_a_drop_in_mid_utterance_changes_no_packet(tmp_path: Path) -> None:
    dropped = []

    async def forgetful(cloud: Cloud, event: CloudEvent) -> None:
        if 1 in cloud.turns and len(cloud.turns[1].packets) > 8 and not dropped:
            dropped.append(cloud.turns[1].packets)
            await cloud.forget()
        if isinstance(event, TurnEnd) and cloud.session is not None:
            cloud.session.send(TurnDone(turn=event.turn, outcome=Outcome.ANSWERED))

    spoken = voice(1.5)
    async with Cloud(forgetful, formats=(OPUS, PCM)).open() as cloud:
        steps = (Step(say=wav(tmp_path / "a.wav", spoken), after=After("joined")),)
        config = Config(cloud=cloud.address, deadline_s=12)
        result, _ = await simulate(config, Key(DEVICE, KEY), Scenario(steps=steps))
        assert cloud.sockets == 2
    heard = cloud.turns[1]
    assert result.outcome == "answered" and heard.packets[: len(dropped[0])] == dropped[0]
    assert heard.end is not None and heard.end.samples == sum(map(samples_of, heard.packets))
    assert sound_of(heard.packets)[: len(spoken)] == sound_of(packets_of(spoken))[: len(spoken)]
