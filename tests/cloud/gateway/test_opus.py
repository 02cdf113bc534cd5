"""A whole simulated device and the real gateway, with Opus between them in both directions."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import wave
from array import array
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from cloud.ear import Ear
from cloud.errors import TurnRefused
from cloud.gateway import Gateway
from device.config import Codec, Config, Key
from device.scenario import After, Scenario, Step
from device.simulation import simulate
from tests.cloud.gateway.conftest import FakeSpeech, Handset, House, no_weights
from wire import opus
from wire.errors import BadFrame
from wire.events import Packet
from wire.link import Identity
from wire.messages import Transcript, TurnDone, TurnEnd, TurnStart
from wire.opus import OpusDecoder, OpusEncoder
from wire.outcomes import Outcome
from wire.parts import OPUS, PCM
from wire.toc import samples_of

needs_opus = pytest.mark.skipif(bool(opus.missing()), reason=opus.missing())


def tone(path: Path, seconds: float) -> Path:
    samples = (int(9000 * math.sin(2 * math.pi * 440 * at / 16000)) for at in range(int(seconds * 16000)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(array("h", samples).tobytes())
    return path


def paired(house: House, codec: Codec) -> tuple[Config, Key]:
    device = house.accounts.pair("hare")
    return Config(cloud=house.url, codec=codec, deadline_s=30), Key(device.id, bytes.fromhex(device.key))


def likeness(one: bytes, other: bytes) -> float:
    """Correlation of two sounds."""
    a, b = array("h", one), array("h", other)
    length = min(len(a), len(b))
    dot = sum(a[at] * b[at] for at in range(length))
    return dot / math.sqrt(sum(x * x for x in a[:length]) * sum(x * x for x in b[:length]))


@needs_opus
async def test_a_device_speaks_opus_and_hears_opus_back(house: House, gateway: Gateway, tmp_path: Path) -> None:
    gateway.formats = opus.formats()
    path = tone(tmp_path / "a.wav", 1.0)
    config, key = paired(house, "auto")
    scenario = Scenario(steps=(Step(say=path, after=After("joined")),))
    result, journal = await simulate(config, key, scenario, fast=True)
    assert result.outcome == "done"
    joined, began = journal.first("joined"), journal.first("turn_began")
    assert joined and (joined.data["records"], joined.data["plays"]) == (OPUS, OPUS)
    assert began and began.data["codec"] == OPUS
    said = array("h", path.read_bytes()[44:]).tobytes()
    assert likeness(said, house.stt.heard[0][1]) > 0.98
    spoken = journal.first("spoken")
    # A second of reply and what the codec is late, in whole steps of 20 ms, less what it is late.
    assert spoken and spoken.data["samples"] == 16_320 - 104


@pytest.mark.parametrize("codec", ["auto", "pcm"])
async def test_with_a_cloud_without_opus_all_is_pcm(
    house: House, gateway: Gateway, tmp_path: Path, codec: Codec
) -> None:
    if codec == "pcm":
        gateway.formats = opus.formats()
    path = tone(tmp_path / "a.wav", 0.5)
    config, key = paired(house, codec)
    scenario = Scenario(steps=(Step(say=path, after=After("joined")),))
    _, journal = await simulate(config, key, scenario, fast=True)
    joined, began = journal.first("joined"), journal.first("turn_began")
    assert joined and (joined.data["records"], joined.data["plays"]) == (PCM, PCM)
    assert began and began.data["codec"] == PCM
    assert house.stt.heard[0][1].startswith(path.read_bytes()[44:])


def opus_handset(house: House) -> Handset:
    device = house.accounts.pair("hare")
    key, boot = bytes.fromhex(device.key), os.urandom(16).hex()
    return Handset(house.url, Identity(device=device.id, key=key, boot=boot, records=(OPUS, PCM)))


def humming(seconds: float) -> list[bytes]:
    encoder = OpusEncoder()
    return [*encoder.encode(b"\x10\x20\x30\x10" * int(seconds * 8000)), *encoder.rest()]


async def say(hare: Handset, packets: list[bytes]) -> int:
    turn = hare.link.start_turn(codec=hare.link.records)
    for packet in packets:
        hare.link.send_packet(turn, packet)
    hare.link.end_turn(turn)
    await hare.flush()
    return turn


@needs_opus
async def test_a_packet_that_cannot_be_decoded_costs_its_turn_and_nothing_else(house: House, gateway: Gateway) -> None:
    gateway.formats = opus.formats()
    hare = await opus_handset(house).joined()
    packets = humming(0.5)
    broken = await say(hare, [*packets[:3], b"\x49\x01", *packets[3:]])
    done = await hare.message(TurnDone, broken)
    assert done.outcome is Outcome.BAD_AUDIO and "microphone" in done.sentence
    await hare.until(lambda: broken in hare.kept)
    whole = await say(hare, packets)
    assert (await hare.message(TurnDone, whole)).outcome is Outcome.DONE
    assert [turn.rsplit(":", 1)[1] for turn, _ in house.stt.heard] == [str(whole)] and hare.ended is None
    await hare.close()


@needs_opus
@given(st.lists(st.binary(min_size=1, max_size=120), min_size=1, max_size=6))
def test_whatever_is_in_the_packets_the_turn_is_heard_or_refused_as_broken(bodies: list[bytes]) -> None:
    async def hear() -> None:
        start = TurnStart(turn=1, number=1, mode="voice", format=OPUS)
        ear = Ear(start, FakeSpeech(), no_weights, "hare:1", lambda text: None)
        offset = 0
        for at, body in enumerate(bodies):
            with contextlib.suppress(BadFrame):
                samples = samples_of(body)
                ear.take(Packet(1, 2 + at, offset, samples, body))
                offset += samples
        try:
            await ear.finish(TurnEnd(turn=1, number=9, frames=len(bodies), samples=offset))
        except TurnRefused as refusal:
            assert refusal.code in (Outcome.BAD_AUDIO, Outcome.HEARD_NOTHING)

    asyncio.run(hear())


@needs_opus
async def test_what_is_sent_again_after_a_drop_is_heard_as_if_there_had_been_none(
    house: House, gateway: Gateway
) -> None:
    gateway.formats = opus.formats()
    hare = await opus_handset(house).joined()
    packets = humming(1.0)
    turn = hare.link.start_turn(codec=hare.link.records)
    for packet in packets[:9]:
        hare.link.send_packet(turn, packet)
    await hare.flush()
    await hare.message(Transcript, turn)
    await hare.drop()
    for packet in packets[9:]:
        hare.link.send_packet(turn, packet)
    hare.link.end_turn(turn)
    await hare.joined()
    await hare.message(TurnDone, turn)
    decoder = OpusDecoder()
    assert house.stt.heard[0][1] == b"".join(decoder.decode(packet, samples_of(packet)) for packet in packets)
    await hare.close()
