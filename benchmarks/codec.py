"""What Opus costs the ear: the same sentences heard as PCM and as Opus in packets of 20 and 60 ms.

    python -m benchmarks.codec [--seed N] [--commands N] [--sentences N]

Commands as in `benchmarks.voice` and everyday sentences, by synthetic voices, clean and under 15 dB of white noise, and
recordings of people. Each is heard by the shipped engine in each format. `pcm_late` is PCM that begins 6.5 ms later:
what changes with it is the engine's own chance, and no codec's doing. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from benchmarks.recordings import recordings, word_errors
from benchmarks.speakers import VOICES, speak_all, with_noise
from benchmarks.toolbox import open_toolbox
from benchmarks.voice import EVERYDAY, NOISE_DB, Answers, Command, Listener, draw_commands, judge
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, from_pcm, to_pcm
from wire.opus import OpusDecoder, OpusEncoder
from wire.toc import samples_of

FORMATS = ("pcm", "pcm_late", "opus_20", "opus_60")
LATE_SAMPLES = 104
KINDS = ("clean", "noise", "people")


class Sound(Struct, frozen=True):
    """What is said, as what kind, and as which command, if it is one."""

    kind: str
    text: str
    samples: Floats
    command: Command | None = None


class Score(Struct):
    """Of one format: word errors and words by kind, commands understood, bits and processor time."""

    errors: dict[str, int]
    words: dict[str, int]
    texts: list[str]
    understood: int = 0
    commands: int = 0
    packet_bytes: int = 0
    seconds: float = 0.0
    encode_s: float = 0.0
    decode_s: float = 0.0


def through(samples: Floats, form: str, score: Score) -> Floats:
    """The sound as the other end has it."""
    pcm = to_pcm(samples)
    score.seconds += len(samples) / SAMPLE_RATE_HZ
    if form.startswith("pcm"):
        score.packet_bytes += len(pcm)
        return from_pcm(bytes(2 * LATE_SAMPLES) + pcm if form == "pcm_late" else pcm)
    encoder, decoder = OpusEncoder(frame_ms=int(form.removeprefix("opus_"))), OpusDecoder()
    began = time.thread_time()
    packets = [*encoder.encode(pcm), *encoder.rest()]
    coded = time.thread_time()
    heard = b"".join(decoder.decode(packet, samples_of(packet)) for packet in packets)
    score.encode_s += coded - began
    score.decode_s += time.thread_time() - coded
    score.packet_bytes += sum(map(len, packets))
    return from_pcm(heard)


def sounds(
    commands: Sequence[Command], sentences: Sequence[tuple[str, str]], folder: Path, rng: np.random.Generator
) -> Iterator[Sound]:
    """Everything that is said: each command and sentence clean and in noise, then the recordings."""
    spoken = [(command.voice, command.words) for command in commands] + list(sentences)
    for at, ((_, text), samples) in enumerate(zip(spoken, speak_all(spoken, folder), strict=True)):
        yield Sound("clean", text, samples, commands[at] if at < len(commands) else None)
        yield Sound("noise", text, with_noise(samples, NOISE_DB, rng))
    for text, samples in recordings():
        yield Sound("people", text, samples)


async def run(seed: int, count: int, everyday: int) -> dict[str, float]:
    """The whole benchmark."""
    rng = random.Random(seed)
    engine = MoonshineSpeech()
    await engine.ready()
    scores = {name: Score(dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0), []) for name in FORMATS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_toolbox(folder) as toolbox:
            listener = Listener(toolbox, engine)
            commands = draw_commands(toolbox, count, rng)
            lines = [line for line in EVERYDAY.read_text(encoding="utf-8").splitlines() if line]
            sentences = [(rng.choice(VOICES), line) for line in rng.sample(lines, min(everyday, len(lines)))]
            noise = np.random.default_rng(seed)
            for sound in sounds(commands, sentences, folder, noise):
                for one in FORMATS:
                    heard = through(sound.samples, one, scores[one])
                    await hear(listener, sound, heard, scores[one], Answers(folder, None, noise))
    await engine.close()
    return report(scores)


async def hear(listener: Listener, sound: Sound, samples: Floats, score: Score, answers: Answers) -> None:
    """One sound, heard and counted."""
    transcript = await listener.transcribe(samples)
    errors, length = word_errors(sound.text, transcript.text)
    score.errors[sound.kind] += errors
    score.words[sound.kind] += length
    score.texts.append(transcript.text)
    if sound.command is not None:
        result = await judge(listener, sound.command, samples, answers)
        score.commands += 1
        score.understood += result.verdict in ("exact", "settled")


def report(scores: dict[str, Score]) -> dict[str, float]:
    """The table, and the figures."""
    table = Table("", *FORMATS)
    figures: dict[str, float] = {}

    def row(name: str, values: dict[str, float]) -> None:
        table.add_row(name, *(f"{value:g}" for value in values.values()))
        figures.update({f"{name}_{one}": value for one, value in values.items()})

    for kind in KINDS:
        row(f"wer_{kind}", {one: round(s.errors[kind] / max(1, s.words[kind]), 4) for one, s in scores.items()})
    row("understood", {one: round(s.understood / max(1, s.commands), 4) for one, s in scores.items()})
    pcm = scores["pcm"].texts
    same = {one: sum(a == b for a, b in zip(pcm, s.texts, strict=True)) / len(pcm) for one, s in scores.items()}
    row("same_transcript", {one: round(value, 4) for one, value in same.items()})
    row("kbit_s", {one: round(s.packet_bytes * 8 / s.seconds / 1000, 1) for one, s in scores.items()})
    row("encode_cpu", {one: round(s.encode_s / s.seconds, 5) for one, s in scores.items()})
    row("decode_cpu", {one: round(s.decode_s / s.seconds, 5) for one, s in scores.items()})
    Console(stderr=True).print(table)
    return figures | {"sounds": len(pcm), "sound_s": round(scores["pcm"].seconds)}


def main(arguments: Sequence[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.codec", description="Heard as PCM and as Opus.")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--commands", type=int, default=60)
    parser.add_argument("--sentences", type=int, default=60)
    chosen = parser.parse_args(arguments)
    print(json.dumps(asyncio.run(run(chosen.seed, chosen.commands, chosen.sentences))))


if __name__ == "__main__":
    main(sys.argv[1:])
