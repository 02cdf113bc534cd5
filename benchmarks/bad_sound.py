"""Commands in bad sound: noise, a television, a broken microphone. Is anything done that nobody asked for?

    python -m benchmarks.bad_sound [--seed N] [--each 9]

Each condition takes `--each` commands of the live Toolbox, spoken by synthetic voices, on the road of
`benchmarks.voice`; where Leveret asks back, the answer comes in the same sound. In the last conditions there is no
command at all. What is taken wrongly and cannot be undone is still asked about, and the yes to that is pressed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from benchmarks.speakers import VOICES, speak_all, with_noise
from benchmarks.toolbox import open_toolbox
from benchmarks.voice import EVERYDAY, Answers, Command, Listener, Result, draw_commands, judge
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, resample

VERDICTS = ("exact", "settled", "unsettled", "refused", "wrong", "wrong_after_question")
BUY = "Buy it now. Order today and pay nothing. Call now."
NOBODY = Command("", {}, "", VOICES[0])

Spoil = Callable[[Floats, "Room"], Floats]


class Room(Struct):
    """What else can be heard."""

    television: Sequence[Floats]
    rng: np.random.Generator

    def programme(self, length: int) -> Floats:
        """So much of what is on, from a place of its own each time."""
        whole = np.concatenate(list(self.television))
        return np.roll(whole, -int(self.rng.integers(len(whole))))[:length]


def noise(ratio_db: float) -> Spoil:
    return lambda sound, room: with_noise(sound, ratio_db, room.rng)


def television(ratio_db: float) -> Spoil:
    """Other people talk all the while, by so much softer."""

    def spoil(sound: Floats, room: Room) -> Floats:
        pad = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
        clip = np.concatenate([pad, sound, pad])
        other = room.programme(len(clip))
        level = np.sqrt((sound**2).mean() / max(1e-9, float((other**2).mean())) / 10 ** (ratio_db / 10))
        return np.asarray(clip + other * level, np.float32)

    return spoil


def only_television(sound: Floats, room: Room) -> Floats:
    return room.programme(3 * SAMPLE_RATE_HZ)


def gain(factor: float) -> Spoil:
    return lambda sound, room: np.asarray(np.clip(sound * factor / max(1e-9, np.abs(sound).max()), -1, 1), np.float32)


def offset(sound: Floats, room: Room) -> Floats:
    return np.asarray(np.clip(sound * 0.5 + 0.4, -1, 1), np.float32)


def telephone(sound: Floats, room: Room) -> Floats:
    return resample(resample(sound, SAMPLE_RATE_HZ, 8000), 8000, SAMPLE_RATE_HZ)


def holes(sound: Floats, room: Room) -> Floats:
    """Of each 100 ms the last 20 are lost."""
    kept = np.arange(len(sound)) % (SAMPLE_RATE_HZ // 10) < SAMPLE_RATE_HZ * 8 // 100
    return np.asarray(sound[kept], np.float32)


def late(sound: Floats, room: Room) -> Floats:
    """The button came 300 ms late."""
    return sound[SAMPLE_RATE_HZ * 3 // 10 :]


def nonsense(sound: Floats, room: Room) -> Floats:
    """Any bits whatever, as from a loose cable."""
    return np.asarray(room.rng.integers(-32768, 32768, 2 * SAMPLE_RATE_HZ) / 32768, np.float32)


CONDITIONS: dict[str, Spoil] = {
    **{f"noise {ratio:+d} dB": noise(ratio) for ratio in (20, 10, 5, 0, -5, -10, -20)},
    **{f"television {ratio:+d} dB": television(ratio) for ratio in (20, 10, 5, 0, -5)},
    "clipped, 10 times": gain(10),
    "clipped, 100 times": gain(100),
    "a hundredth as loud": gain(0.01),
    "DC offset 0.4": offset,
    "8 kHz": telephone,
    "20 of 100 ms lost": holes,
    "begun 300 ms late": late,
}
EMPTY: dict[str, Spoil] = {
    "television alone": only_television,
    "silence": lambda sound, room: np.zeros(2 * SAMPLE_RATE_HZ, np.float32),
    "no samples": lambda sound, room: np.zeros(0, np.float32),
    "nonsense": nonsense,
}


class Spoiled(Answers):
    """Answers in the same sound as the command."""

    def __init__(self, folder: Path, room: Room, spoil: Spoil) -> None:
        super().__init__(folder, None, room.rng)
        self._room = room
        self._spoil = spoil

    def heard(self, samples: Floats) -> Floats:
        return self._spoil(samples, self._room)


async def suffer(
    listener: Listener, commands: Sequence[Command], sounds: Sequence[Floats], room: Room, folder: Path
) -> dict[str, list[Result]]:
    """Every condition, each with its own commands."""
    each = len(commands) // len(CONDITIONS)
    came: dict[str, list[Result]] = {}
    for at, (name, spoil) in enumerate(CONDITIONS.items()):
        voice = Spoiled(folder, room, spoil)
        mine = range(at * each, (at + 1) * each)
        came[name] = [await judge(listener, commands[one], voice.heard(sounds[one]), voice) for one in mine]
    for name, spoil in EMPTY.items():
        voice = Spoiled(folder, room, spoil)
        came[name] = [await judge(listener, NOBODY, voice.heard(sounds[one]), voice) for one in range(each)]
    return came


async def run(seed: int, each: int) -> dict[str, Any]:
    """The whole benchmark."""
    began_s, rng = time.monotonic(), random.Random(seed)
    engine = MoonshineSpeech()
    await engine.ready()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_toolbox(folder) as toolbox:
            listener = Listener(toolbox, engine)
            commands = draw_commands(toolbox, each * len(CONDITIONS), rng)
            everyday = [line for line in EVERYDAY.read_text(encoding="utf-8").splitlines() if line]
            shown = [BUY, *rng.sample(everyday, 9), BUY]
            spoken = [(command.voice, command.words) for command in commands]
            sounds = speak_all([*spoken, *((rng.choice(VOICES), line) for line in shown)], folder)
            room = Room(sounds[len(spoken) :], np.random.default_rng(seed))
            came = await suffer(listener, commands, sounds, room, folder)
            effects = {tool.name: tool.effect for tool in toolbox}
    await engine.close()
    return table(came, effects) | {"seed": seed, "engine": engine.name, "seconds": round(time.monotonic() - began_s, 1)}


def table(came: dict[str, list[Result]], effects: dict[str, str]) -> dict[str, Any]:
    """Print it, and give the sums."""
    print(f"{'':22}" + "".join(f"{verdict:>21}" for verdict in VERDICTS))
    for name, results in came.items():
        counts = Counter(result.verdict for result in results)
        print(f"{name:22}" + "".join(f"{counts[verdict]:>21}" for verdict in VERDICTS))
    every = [(name, result) for name, results in came.items() for result in results]
    wrong = [(name, result) for name, result in every if result.verdict.startswith("wrong")]
    for name, result in wrong:
        print(f"  {name}: {result.command.words!r} heard as {result.transcript!r}: {result.understood}")
    harmful = Counter(effects.get(result.understood.partition(" ")[0], "") for _, result in wrong)
    return {
        "inputs": len(every),
        **{verdict: sum(result.verdict == verdict for _, result in every) for verdict in VERDICTS},
        "taken_for_a_command_with_nobody_speaking": sum(name in EMPTY for name, _ in wrong),
        "wrong_and_only_read": harmful["read"],
        "wrong_and_can_be_undone": harmful["reversible"],
        "wrong_and_asked_about_before_it_is_done": harmful["irreversible"],
    }


def main() -> None:
    """Print the table and, last, one line of JSON."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.bad_sound", description=__doc__)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--each", type=int, default=9)
    flags = made.parse_args()
    told = asyncio.run(run(flags.seed, flags.each))
    for name, value in told.items():
        print(f"{name:42} {value}")
    print(json.dumps({"benchmark": "bad_sound", **told}))


if __name__ == "__main__":
    main()
