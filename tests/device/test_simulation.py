"""A whole simulated device against a small cloud on a real socket."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

import pytest

from device.config import Config, Key
from device.parts.scenario import After, Network, OnAsk, Scenario, Step
from device.simulation import simulate
from tests.device.cloud_of_tests import DEVICE, KEY, Cloud
from wire.events import CloudEvent
from wire.messages import (
    Answer,
    Ask,
    AskChoice,
    AskClosed,
    Progress,
    TaskDone,
    Transcript,
    TurnDone,
    TurnEnd,
    Understood,
)
from wire.outcomes import Outcome


def tone(seconds: float, hz: int = 440) -> bytes:
    return array(
        "h", (int(9000 * math.sin(2 * math.pi * hz * at / 16000)) for at in range(int(seconds * 16000)))
    ).tobytes()


def wav(path: Path, pcm: bytes, *, rate: int = 16000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def config(cloud: Cloud, deadline_s: float = 30) -> Config:
    return Config(cloud=cloud.address, deadline_s=deadline_s)


WHO = Key(DEVICE, KEY)


async def answer_with_words(cloud: Cloud, event: CloudEvent) -> None:
    """Says half a second of sound as the answer to every turn."""
    if not isinstance(event, TurnEnd) or cloud.session is None:
        return
    session, turn = cloud.session, event.turn
    session.send(Transcript(turn=turn, text="what time is it", final=True))
    say = session.start_saying(turn, "It is five.")
    session.say(say, tone(0.5, 300))
    session.end_saying(say)
    session.send(TurnDone(turn=turn, outcome=Outcome.ANSWERED, sentence="It is five."))


async def test_what_is_said_arrives_whole_and_the_answer_is_heard_and_seen(tmp_path: Path) -> None:
    spoken = tone(1.0)
    async with Cloud(answer_with_words).open() as cloud:
        scenario = Scenario(steps=(Step(say=wav(tmp_path / "a.wav", spoken), after=After("joined")),))
        result, journal = await simulate(config(cloud), WHO, scenario, out=tmp_path / "out", fast=True)
    assert cloud.turns[1].pcm.startswith(spoken)
    assert result.outcome == "answered" and result.exit_code == 0
    assert result.transcript == "what time is it"
    assert result.sentences == ("It is five.",)
    assert result.heard_samples >= 8000
    assert [face.split()[0] for face in result.faces][:2] == ["idle", "listening"]
    assert "page" in {face.split()[0] for face in result.faces}
    released = journal.first("released")
    first = journal.first("first_audio")
    assert released and first and first.at_ms >= released.at_ms
    assert (tmp_path / "out" / "reply.wav").exists() and (tmp_path / "out" / "journal.jsonl").exists()
    assert len(list((tmp_path / "out" / "screens").glob("*.png"))) == len(result.faces)
