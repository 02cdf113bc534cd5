"""How long a person waits: `python -m benchmarks.turn`, over the real socket, with a whole simulated device.

Utterances of about 2 and 5 seconds are spoken in real time into the device, 10 s apart; the button comes up 300 ms
after the recording ends. Measured on the device's clock: from there to the final words, and to the first sound of the
answer; and, while the button is held, from the end of each word to the first partial transcript that ends with it.
`whisper_…` are the same with the trained Whisper tiny.en, or the one that `--whisper` names;
`whisper_without_ahead_…` with one that begins to decode when the button comes up. `overhead` is the same way with
engines that answer at once: all that is left is ours.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import tempfile
import time
import wave
from collections.abc import AsyncIterator, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.trained_models import trained_whisper
from cloud import logs
from cloud.app import Cloud, running
from cloud.commands import CancelTask
from cloud.config import load
from cloud.engines import Engines
from cloud.people.accounts import OWNER
from cloud.speech.correction import PhoneticCorrector
from cloud.speech.espeak import espeak
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import SAMPLE_RATE_HZ
from cloud.speech.stt import LONGEST_SECONDS, AheadHeard, PartialHeard, SpeechToText, Transcript
from cloud.speech.tts import EspeakVoice
from cloud.speech.whisper import PACE, WhisperSpeech
from examples.demo.person import AFTER_S, Person, person

# What is said, by about how many seconds it takes; each is answered by a tool that works at once.
SENTENCES = {
    2: "set a timer for twenty five minutes",
    5: "set a timer for twenty five minutes and set an alarm for half past seven tomorrow morning",
}
QUICK = "what time is it"
APART_S = 10.0
# Neither a pause nor any length of speech makes it look before the button is up.
AT_RELEASE = msgspec.structs.replace(
    PACE, partial_every=LONGEST_SECONDS * SAMPLE_RATE_HZ, settled_ms=LONGEST_SECONDS * 1000
)


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

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> InstantStream:
        return InstantStream()

    async def close(self) -> None: ...


class InstantVoice:
    """A voice that takes no time: a tenth of a second of sound."""

    name = "instant"

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        yield b"\x01\x00" * 1600

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """Turns of each length, by what is measured."""

    moonshine: int
    whisper: int
    without_ahead: int
    quick: int


class Wait(msgspec.Struct, frozen=True):
    """One turn: seconds said; milliseconds from release to the final words and to the first sound; partials' lags."""

    seconds: float
    transcript_ms: float
    first_audio_ms: float
    lags_ms: tuple[float, ...] = ()


async def measure(cloud: Cloud, somebody: Person, recording: Path, text: str) -> Wait:
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
    seconds = _seconds(recording)
    partials = [
        (entry.at_ms, str(entry.data["text"]))
        for entry in journal.since(begun)
        if entry.event == "cloud" and entry.data.get("type") == "transcript" and entry.at_ms < released.at_ms
    ]
    began_ms = released.at_ms - (AFTER_S + seconds) * 1000
    return Wait(seconds, final.at_ms - released.at_ms, sound.at_ms - released.at_ms, lags(text, began_ms, partials))


def lags(said: str, began_ms: float, partials: Sequence[tuple[float, str]]) -> tuple[float, ...]:
    """For each partial that is news and ends in a word that was said: how long ago that word ended, in ms."""
    words = _words(said)
    ends = [end for _, end in pairwise(espeak().word_starts(said))]
    found, furthest = [], -1
    for at_ms, text in partials:
        heard = _words(text)
        blocks = SequenceMatcher(None, words, heard, autojunk=False).get_matching_blocks()
        last = next((one.a + one.size - 1 for one in blocks if one.size and one.b + one.size == len(heard)), -1)
        if furthest < last < len(ends):
            furthest = last
            found.append(at_ms - began_ms - ends[last] * 1000)
    return tuple(found)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


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


async def visit(
    cloud: Cloud, folder: Path, sayings: Sequence[str], times: int, *, fast: bool, apart_s: float
) -> list[list[Wait]]:
    """A device joins the cloud and says every sentence so many times, taking turns; the first round warms up."""
    device = cloud.ground.accounts.pair(f"bench {folder.name}")
    url = cloud.url.replace("http", "ws", 1) + "/device"
    async with person(url, (device.id, device.key), folder, fast=fast) as somebody:
        recordings = [await somebody.record(text) for text in sayings]
        found: list[list[Wait]] = [[] for _ in sayings]
        for number in range(times + 1):
            for index, recording in enumerate(recordings):
                pressed = time.monotonic()
                wait = await measure(cloud, somebody, recording, sayings[index])
                if number:
                    found[index].append(wait)
                    next_press = pressed + wait.seconds + AFTER_S + apart_s
                    await asyncio.sleep(max(0.0, next_press - time.monotonic()))
    return found


async def speaking(folder: Path, stt: SpeechToText, times: int, apart_s: float) -> list[list[Wait]]:
    """The sentences with a real engine: the waits by sentence."""
    config = load(None, {}, {"data_dir": folder / "data", "port": 0})
    real = Engines(stt=stt, tts=EspeakVoice(), corrector=PhoneticCorrector())
    async with running(config, speech=real) as cloud:
        return await visit(cloud, folder, list(SENTENCES.values()), times, fast=False, apart_s=apart_s)


async def main(times: Times, whisper: Path | None, apart_s: float) -> dict[str, Any]:
    """All of it; what is done no times is left out. `whisper`: the folder of another model than tiny.en."""
    result: dict[str, Any] = {"held_after_ms": round(AFTER_S * 1000), "apart_s": apart_s}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if times.moonshine:
            result |= await measured("", MoonshineSpeech(), folder, times.moonshine, apart_s)
        if times.whisper or times.without_ahead:
            model = whisper or trained_whisper(folder)
            for before, pace, count in (
                ("whisper_", PACE, times.whisper),
                ("whisper_without_ahead_", AT_RELEASE, times.without_ahead),
            ):
                if count:
                    result |= await measured(before, WhisperSpeech(model, pace=pace), folder, count, apart_s)
        if times.quick:
            instant = Engines(stt=InstantSpeech(), tts=InstantVoice(), corrector=PhoneticCorrector())
            config = load(None, {}, {"data_dir": folder / "instant", "port": 0})
            async with running(config, speech=instant) as cloud:
                (quick,) = await visit(cloud, folder / "quick", [QUICK], times.quick, fast=True, apart_s=0)
            sounds = [wait.first_audio_ms for wait in quick]
            result |= {"overhead_turns": len(quick)}
            result |= {"overhead_ms_p50": rank(sounds, 50), "overhead_ms_p95": rank(sounds, 95)}
    return result


async def measured(before: str, stt: SpeechToText, folder: Path, times: int, apart_s: float) -> dict[str, Any]:
    """The figures of one engine, under names that begin with `before`."""
    waits = await speaking(folder / f"{before}turns", stt, times, apart_s)
    return {f"{before}{key}": value for key, value in ({"engine": stt.name} | summary(waits)).items()}


def summary(found: list[list[Wait]]) -> dict[str, Any]:
    """The figures of one engine that are published."""
    waits = [wait for each in found for wait in each]
    behind = [lag for wait in waits for lag in wait.lags_ms]
    figures = {
        "turns": len(waits),
        "seconds": [round(each[0].seconds, 2) for each in found],
        "release_to_transcript_ms_p50": rank([wait.transcript_ms for wait in waits], 50),
        "release_to_transcript_ms_p95": rank([wait.transcript_ms for wait in waits], 95),
        "release_to_first_audio_ms_p50": rank([wait.first_audio_ms for wait in waits], 50),
        "release_to_first_audio_ms_p95": rank([wait.first_audio_ms for wait in waits], 95),
        "partials": len(behind),
    }
    if behind:
        figures |= {"partial_lag_ms_p50": rank(behind, 50), "partial_lag_ms_p95": rank(behind, 95)}
    return figures


def rank(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 1)


def show(result: dict[str, Any]) -> None:
    """A table for people, then one line for programs."""
    table = Table("", "p50", "p95", title="Milliseconds on this machine")
    for before, how in (("", ""), ("whisper_", ""), ("whisper_without_ahead_", " that does not listen ahead")):
        for key in ("release_to_transcript", "release_to_first_audio", "partial_lag"):
            name = f"{before}{key}_ms"
            if f"{name}_p95" in result:
                words = f"{result[f'{before}engine']}{how}: {key.replace('_', ' ')}"
                table.add_row(words, f"{result[f'{name}_p50']:.0f}", f"{result[f'{name}_p95']:.0f}")
    if "overhead_ms_p95" in result:
        words = "engines at once: release to first sound"
        table.add_row(words, f"{result['overhead_ms_p50']:.0f}", f"{result['overhead_ms_p95']:.0f}")
    Console().print(table)
    print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn", description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="turns of each length (default 10; 0: none)")
    parser.add_argument("--whisper-times", type=int, default=5, help="the same with Whisper (default 5; 0: none)")
    parser.add_argument("--whisper", type=Path, help="another Whisper: its folder in CTranslate2's format")
    parser.add_argument(
        "--without-ahead-times", type=int, default=2, help="with a Whisper that decodes at the release (default 2)"
    )
    parser.add_argument("--quick-times", type=int, default=40, help="turns with engines that answer at once")
    parser.add_argument(
        "--apart", type=float, default=APART_S, help="seconds from a release to the next press (default 10)"
    )
    options = parser.parse_args()
    logs.set_up(logs.Redactor(), level="error")
    wanted = Times(
        moonshine=options.times,
        whisper=options.whisper_times,
        without_ahead=options.without_ahead_times,
        quick=options.quick_times,
    )
    show(asyncio.run(main(wanted, options.whisper, options.apart)))
