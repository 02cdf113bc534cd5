"""The ear of a device without a cloud: a process of its own that may die, and speech that it really hears."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import subprocess
import sys
import wave
from array import array
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from device.hearer import Hearer
from device.hearing import Heard, Say, length_of, listen, packed
from device.resampling import Resampler
from device.speaking import OwnVoice, pcm_of
from device.understanding import Wish, meaning_of
from tests.device.test_understanding import NOW

# Hears how many bytes there were; dies of a single one.
DEAF = """
import os, sys
from device.hearing import listen
def hear(pcm):
    if len(pcm) == 1:
        os._exit(9)
    if len(pcm) == 2:
        raise ValueError("two bytes")
    return f"{len(pcm)} bytes, {os.getpid()}"
listen(sys.stdin.buffer, sys.stdout.buffer, hear)
"""


class Ear:
    """A hearer, and what it told."""

    def __init__(self, **how: object) -> None:
        self.told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.failed: list[str] = []
        self.hearer = Hearer(lambda *told: self.told.put_nowait(told), self.failed.append, **how)  # type: ignore[arg-type]

    async def hear(self, name: str, pcm: bytes) -> str:
        self.hearer.hear(name, pcm)
        async with asyncio.timeout(60):
            told, text = await self.told.get()
        assert told == name
        return text


@contextlib.asynccontextmanager
async def ear(**how: object) -> AsyncIterator[Ear]:
    made = Ear(**how)
    running = asyncio.create_task(made.hearer.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def until(true: Callable[[], object]) -> None:
    """Nothing tells of it: look whenever something else has happened."""
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to be")


def scripted(code: str = DEAF) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_words_come_from_a_process_of_its_own_that_goes_with_the_device() -> None:
    async with ear(command=scripted()) as one:
        assert one.hearer.pid == 0, "nothing is begun before there is something to hear"
        first = await one.hear("a", bytes(10))
        pid = one.hearer.pid
        assert first == f"10 bytes, {pid}" and pid != os.getpid()
        assert await one.hear("b", bytes(20)) == f"20 bytes, {pid}"
    assert not alive(pid)


async def test_a_process_that_dies_is_begun_anew() -> None:
    async with ear(command=scripted()) as one:
        before = (await one.hear("a", bytes(10))).split()[-1]
        os.kill(one.hearer.pid, 9)
        after = (await one.hear("b", bytes(10))).split()[-1]
        assert before != after and len(one.failed) == 1


async def test_what_it_dies_of_is_given_up_and_the_next_is_heard() -> None:
    async with ear(command=scripted()) as one:
        assert await one.hear("deadly", b"1") == ""
        assert (await one.hear("next", bytes(3))).startswith("3 bytes")
        assert await one.hear("odd", b"12") == "" and "two bytes" in one.failed[-1]


async def test_a_process_that_never_begins_or_speaks_nonsense_is_given_up() -> None:
    for code in ("", "print('hello, world, this is no frame', flush=True); input()"):
        async with ear(command=scripted(code)) as one:
            assert await one.hear("a", bytes(10)) == "" and one.failed and one.hearer.pid == 0


async def test_after_a_while_of_nothing_its_memory_is_given_back() -> None:
    async with ear(command=scripted(), idle_s=0.05) as one:
        await one.hear("a", bytes(10))
        pid = one.hearer.pid
        await until(lambda: not one.hearer.pid)
        assert not alive(pid)


def test_without_the_memory_nothing_is_begun() -> None:
    assert not Ear(free_bytes=1 << 60).hearer.can_hear
    assert Ear(free_bytes=0).hearer.can_hear


def test_frames_have_a_length_that_is_checked() -> None:
    out = io.BytesIO()
    listen(io.BytesIO(packed(Say("a", b"1234"))), out, lambda pcm: f"{len(pcm)}")
    assert out.getvalue() == packed(Heard()) + packed(Heard("a", "4"))
    for head in (b"", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\1"):
        with pytest.raises(ValueError, match="due"):
            length_of(head)


def spoken(text: str, path: Path) -> bytes:
    """Flite's voice, 16 kHz."""
    subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(path)], check=True, capture_output=True)
    with wave.open(str(path)) as file:
        rate, pcm = file.getframerate(), file.readframes(file.getnframes())
    return pcm if rate == 16_000 else Resampler(rate, 16_000).feed(array("h", pcm)).tobytes()


async def test_moonshine_hears_what_a_voice_says(tmp_path: Path) -> None:
    async with ear() as one:
        for text, meant in (
            ("set a timer for five minutes", (Wish.TIMER, 300)),
            ("wake me at seven", (Wish.ALARM, "2026-11-27T07:00")),
        ):
            found = meaning_of(await one.hear(text, spoken(text, tmp_path / "said.wav")), NOW)
            assert found is not None and (found.wish, found.value) == meant


async def test_espeak_says_a_sentence_in_the_rate_of_the_speaker() -> None:
    played: asyncio.Queue[bytes] = asyncio.Queue()
    failed: list[str] = []
    voice = OwnVoice(played.put_nowait, failed.append)
    assert voice.speaks
    running = asyncio.create_task(voice.run((), lambda: "en"))
    voice.say("You are offline. I will do it when we are back.", "en")
    async with asyncio.timeout(30):
        english = await played.get()
        voice.say("You are offline. I will do it when we are back.", "de")
        german = await played.get()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert 1.5 < len(english) / 32_000 < 5 and max(array("h", english)) > 3000
    assert german != english and not failed


async def test_a_voice_that_is_hushed_says_nothing_more_and_one_that_is_missing_nothing_at_all() -> None:
    played: list[bytes] = []
    failed: list[str] = []
    voice = OwnVoice(played.append, failed.append)
    voice.say("Nobody hears this.", "en")
    voice.hush()
    running = asyncio.create_task(voice.run((), lambda: "en"))
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    silent = OwnVoice(played.append, failed.append, program="")
    silent.say("Nor this.", "en")
    await silent.run(("Nor this.",), lambda: "en")
    broken = OwnVoice(played.append, failed.append, program="/nowhere/espeak-ng")
    broken.say("Nor this.", "en")
    running = asyncio.create_task(broken.run((), lambda: "en"))
    await until(lambda: failed)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert played == [] and "FileNotFoundError" in failed[0]


@pytest.mark.parametrize("wav", [b"", b"RIFF", b"nonsense" * 20])
def test_what_is_no_sound_is_none(wav: bytes) -> None:
    assert pcm_of(wav) == b""
