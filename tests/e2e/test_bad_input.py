"""Whatever comes in: a clear sentence on the device, a structured line in the log, and the next turn works."""

from __future__ import annotations

import json
import random
import wave
from pathlib import Path
from typing import Any

import pytest

from wire.outcomes import Outcome

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

RATE_HZ = 16_000


def wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm)
    return path


def noise(seconds: float, seed: int) -> bytes:
    dice = random.Random(seed)
    return b"".join(int(dice.gauss(0, 1500)).to_bytes(2, "little", signed=True) for _ in range(int(seconds * RATE_HZ)))


def logged(theatre: Any, event: str) -> list[dict[str, Any]]:
    lines = (theatre.folder / "cloud.log").read_text().splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in found if line["event"] == event]


async def works_again(scene: Any, turns: int = 2) -> None:
    """The next turn is heard and answered."""
    await scene.person.say("what time is it")
    assert (await scene.told("turn_done", turns))["outcome"] == Outcome.DONE


async def test_silence(enter: Any, theatre: Any) -> None:
    scene = await enter()
    await scene.person.play(None, hold_s=0.8)
    done = await scene.told("turn_done")
    assert (done["outcome"], done["sentence"]) == (
        Outcome.HEARD_NOTHING,
        "I heard nothing. Hold the button while you speak.",
    )
    assert logged(theatre, "turn_refused")[-1]["code"] == "heard_nothing"
    await works_again(scene)


async def test_noise(enter: Any, theatre: Any, tmp_path: Path) -> None:
    scene = await enter()
    await scene.person.play(wav(tmp_path / "noise.wav", noise(2, seed=7)))
    done = await scene.told("turn_done")
    assert done["outcome"] in (Outcome.HEARD_NOTHING, Outcome.NOT_UNDERSTOOD)
    assert done["sentence"]
    assert scene.ordered == []
    await works_again(scene)


async def test_a_hold_of_over_a_minute(enter: Any, theatre: Any, tmp_path: Path) -> None:
    scene = await enter()
    await scene.person.play(wav(tmp_path / "long.wav", noise(1, seed=7) * 62))
    done = await scene.told("turn_done")
    assert (done["outcome"], done["sentence"]) == (Outcome.TOO_LONG, "That was over a minute. Please say it in less.")
    assert logged(theatre, "turn_refused")[-1]["code"] == "too_long"
    await works_again(scene)


@pytest.mark.parametrize("content", [b"", b"RIFF\x00\x00", b"no sound at all" * 40])
async def test_a_broken_wav(enter: Any, tmp_path: Path, content: bytes) -> None:
    scene = await enter()
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    await scene.person.play(path, hold_s=0.6)
    failed = await scene.noted("part_failed")
    assert failed.data["part"] == "microphone"
    assert "broken.wav" in failed.data["sentence"]
    await scene.noted("mode", lambda data: data["mode"] == "error")
    await works_again(scene, 1)


async def test_speech_outside_what_it_can_do(enter: Any) -> None:
    scene = await enter()
    await scene.person.say("the river behind my uncle's house freezes every second winter")
    done = await scene.event("task_done")
    assert done["status"] == "not_understood"
    assert len(scene.said) > 20
    assert scene.of("planned") == []
    await works_again(scene)


async def test_a_torn_picture(enter: Any, tmp_path: Path) -> None:
    path = tmp_path / "torn.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(2000))
    scene = await enter(see=path)
    await scene.person.say("book a table here for two at seven tomorrow")
    failed = await scene.noted("part_failed")
    assert failed.data["part"] == "camera"
    assert "picture" in failed.data["sentence"].lower()
    assert scene.ordered == []
