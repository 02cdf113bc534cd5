"""How long a person waits: `python -m benchmarks.turn`, over the real socket, with a whole simulated device.

Utterances of about 2, 5 and 10 seconds are spoken in real time into the device; the button comes up a quarter of a
second after the last word. Measured on the device's clock: from there to the final words, and to the first sound of
the answer. `overhead` is the same way with engines that answer at once: all that is left is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import wave
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from cloud import logs
from cloud.app import Cloud, running
from cloud.commands import CancelTask
from cloud.config import load
from cloud.engines import Engines
from cloud.people.accounts import OWNER
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.stt import PartialHeard, Transcript
from examples.demo.person import AFTER_S, Person, person

ENGINE = "moonshine"
# What is said, by about how many seconds it takes; each is answered by a tool that works at once.
SENTENCES = {
    2: "set a timer for twenty five minutes",
    5: "set a timer for twenty five minutes and set an alarm for half past seven tomorrow morning",
    10: "remember that the blue bicycle needs a new chain and two brake pads and the tyres want some air "
    "before we ride along the river to the old mill on Sunday",
}
QUICK = "what time is it"


class InstantStream:
    """Hears `QUICK`, whatever is said, at once."""

    def feed(self, pcm: bytes) -> None: ...

    async def finish(self) -> Transcript:
        return Transcript(text=QUICK, engine="instant")

    def abort(self) -> None: ...


class InstantSpeech:
    """Speech to text that takes no time."""

    name = "instant"

    async def ready(self) -> None: ...

    def open(self, turn: str, on_partial: PartialHeard | None = None) -> InstantStream:
        return InstantStream()

    async def close(self) -> None: ...


class InstantVoice:
    """A voice that takes no time: a tenth of a second of sound."""

    name = "instant"

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        yield b"\x01\x00" * 1600

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


class Wait(msgspec.Struct, frozen=True):
    """One turn: seconds said, and milliseconds from release to the final words and to the first sound."""

    seconds: float
    transcript_ms: float
    first_audio_ms: float


async def measure(cloud: Cloud, somebody: Person, recording: Path) -> Wait:
    """One turn, from the press to the end of its answer; a question that comes back counts as one, and is dropped."""
    journal = somebody.handheld.journal
    begun = journal.position
    await somebody.play(recording)
    async with asyncio.timeout(60):
        released = await journal.wait("released", begun)
        final = await _told(journal, begun, "transcript", final=True)
        sound = await journal.wait("first_audio", begun)
        await _told(journal, begun, "turn_done")
        await cloud.brain.runner.submit(CancelTask(person=OWNER))
        while not somebody.handheld.settled:
            # An acknowledgement settles the device without a word in its journal.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(journal.changed(), 0.05)
    return Wait(_seconds(recording), final.at_ms - released.at_ms, sound.at_ms - released.at_ms)


async def _told(journal: Any, begun: int, kind: str, **data: Any) -> Any:
    wanted = {"type": kind, **data}
    while True:
        for entry in journal.since(begun):
            if entry.event == "cloud" and wanted.items() <= dict(entry.data).items():
                return entry
        await journal.changed()


def _seconds(recording: Path) -> float:
    with wave.open(str(recording), "rb") as file:
        return file.getnframes() / file.getframerate()


def p95(values: Sequence[float]) -> float:
    """The nearest-rank 95th percentile."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 1)


async def visit(cloud: Cloud, folder: Path, sayings: Sequence[str], times: int, *, fast: bool) -> list[list[Wait]]:
    """A device joins the cloud and says every sentence so many times, taking turns; the first round warms up."""
    device = cloud.ground.accounts.pair(f"bench {folder.name}")
    url = cloud.url.replace("http", "ws", 1) + "/device"
    async with person(url, (device.id, device.key), folder, fast=fast) as somebody:
        recordings = [await somebody.record(text) for text in sayings]
        found: list[list[Wait]] = [[] for _ in sayings]
        for number in range(times + 1):
            for index, recording in enumerate(recordings):
                wait = await measure(cloud, somebody, recording)
                if number:
                    found[index].append(wait)
    return found


async def main(times: int, quick_times: int) -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = load(None, {}, {"data_dir": folder / "real", "port": 0, "stt": ENGINE, "tts": "espeak"})
        async with running(config) as cloud:
            engine = cloud.ground.engines.stt.name
            waits = await visit(cloud, folder / "speaking", list(SENTENCES.values()), times, fast=False)
        instant = Engines(stt=InstantSpeech(), tts=InstantVoice(), corrector=PhoneticCorrector())
        config = load(None, {}, {"data_dir": folder / "instant", "port": 0})
        async with running(config, speech=instant) as cloud:
            (quick,) = await visit(cloud, folder / "quick", [QUICK], quick_times, fast=True)
    return summary(engine, dict(zip(SENTENCES, waits, strict=True)), quick)


def summary(engine: str, waits: dict[int, list[Wait]], quick: list[Wait]) -> dict[str, Any]:
    """The figures that are published."""
    short = [*waits[2], *waits[5]]
    return {
        "engine": engine,
        "turns": {str(seconds): len(found) for seconds, found in waits.items()},
        "seconds": {str(seconds): round(found[0].seconds, 2) for seconds, found in waits.items()},
        "held_after_ms": round(AFTER_S * 1000),
        "release_to_transcript_ms_p95": p95([wait.transcript_ms for wait in short]),
        "release_to_first_audio_ms_p95": p95([wait.first_audio_ms for wait in short]),
        "release_to_transcript_ms_p95_10s": p95([wait.transcript_ms for wait in waits[10]]),
        "release_to_first_audio_ms_p95_10s": p95([wait.first_audio_ms for wait in waits[10]]),
        "overhead_turns": len(quick),
        "overhead_ms_p50": median([wait.first_audio_ms for wait in quick]),
        "overhead_ms_p95": p95([wait.first_audio_ms for wait in quick]),
    }


def median(values: Sequence[float]) -> float:
    """The median."""
    return round(sorted(values)[len(values) // 2], 1)


def show(result: dict[str, Any]) -> None:
    """A table for people, then one line for programs."""
    table = Table("release to", "2 and 5 s, p95", "10 s, p95", title=f"{result['engine']}, on this machine")
    for words, key in (("final words", "transcript"), ("first sound", "first_audio")):
        name = f"release_to_{key}_ms_p95"
        table.add_row(words, f"{result[name]:.0f} ms", f"{result[name + '_10s']:.0f} ms")
    table.add_row("first sound, engines at once", f"{result['overhead_ms_p95']:.0f} ms", "")
    Console().print(table)
    print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn", description=__doc__)
    parser.add_argument("--times", type=int, default=8, help="turns of each length (default 8)")
    parser.add_argument("--quick-times", type=int, default=40, help="turns with engines that answer at once")
    options = parser.parse_args()
    logs.set_up(logs.Redactor(), level="error")
    show(asyncio.run(main(options.times, options.quick_times)))
