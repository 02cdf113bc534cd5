"""Spoken commands: how many are understood, asked back, or taken wrongly.

    python -m benchmarks.voice [--seed N] [--commands N] [--show] [--whisper tiny.en|FOLDER]

Commands are drawn from the templates of the live Toolbox (built-in tools and the skills under `examples/skills`) with
values drawn at random for every closed slot. Each is spoken by one synthetic voice drawn at random, clean and under
15 dB of white noise, heard by the shipped engine, weighed, corrected, and where Leveret asks back, answered once by the
same voice with the right choice. With `--whisper` that one hears, not the shipped engine. Sentences outside the domain
stand in `data/everyday.txt`. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct

from benchmarks.recordings import recordings, word_errors
from benchmarks.speakers import VOICES, speak_all, with_noise
from benchmarks.toolbox import open_toolbox
from benchmarks.trained_models import WHISPER, trained_whisper
from cloud.lam.goals import Intent, Question
from cloud.lam.perception import Heard, Utterance
from cloud.lam.questions import answer_book, rival_question, settle
from cloud.lam.toolbox import Toolbox
from cloud.speech import hearing
from cloud.speech.correction import PhoneticCorrector, understood
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import Floats, to_pcm
from cloud.speech.stt import SpeechToText, Transcript
from cloud.speech.whisper import WhisperSpeech
from language.entities import Slot, Value, read, spoken_grammar
from language.templates import draw, parse

NOW = datetime.fromisoformat("2026-11-23T14:30:00+00:00")
EVERYDAY = Path(__file__).parent / "data" / "everyday.txt"
NOISE_DB = 15.0
_LINKS = frozenset(("at", "for", "on", "in", "to", "of"))


class Command(Struct, frozen=True):
    """What is asked for, in which words, by which voice."""

    tool: str
    values: dict[str, Value]
    words: str
    voice: str


class Result(Struct, frozen=True):
    """How one utterance ended. `verdict`: exact | settled | wrong | wrong_after_question | unsettled | refused."""

    command: Command
    transcript: str
    verdict: str
    understood: str = ""
    asked: str = ""


class Listener:
    """The road of an utterance from sound to readings, with the shipped parts in the shipped order."""

    def __init__(self, toolbox: Toolbox, engine: SpeechToText) -> None:
        self.toolbox = toolbox
        self.engine = engine
        self.corrector = PhoneticCorrector()
        self.weigh_ms: list[float] = []

    async def transcribe(self, samples: Floats) -> Transcript:
        stream = self.engine.open("benchmark")
        stream.feed(to_pcm(samples))
        return await stream.finish()

    async def utterance(self, samples: Floats, question: Question | None = None) -> Utterance:
        """What the gateway hands to the runner."""
        transcript = await self.transcribe(samples)
        started = time.perf_counter()
        weights: hearing.Weights = ()
        if transcript.evidence is not None and transcript.text:
            books = [self.toolbox.phrasebook()]
            if question is not None:
                books.insert(0, answer_book(question, self.toolbox.get(question.tool)))
            weights = await hearing.weigh(transcript.text, transcript.evidence, self.corrector, books, NOW)
        self.weigh_ms.append((time.perf_counter() - started) * 1000)
        return Utterance(text=transcript.text, spoken=True, alternatives=weights, engine=transcript.engine)

    def correct(self, said: Utterance) -> Heard:
        book = self.toolbox.phrasebook()
        return self.corrector.correct(said.text, said.alternatives, book, NOW, spoken=True)

    async def settle(self, question: Question, samples: Floats) -> Value | None:
        """The value that a spoken answer chooses."""
        said = await self.utterance(samples, question)
        found = settle(question, self.toolbox.get(question.tool), said, NOW, self.corrector)
        return found[0].value if found is not None and found[0].kind == "value" else None


def draw_commands(toolbox: Toolbox, count: int, rng: random.Random) -> list[Command]:
    """A tool, one of its templates without open slots, values for its slots, and a voice: each uniformly."""
    book = toolbox.phrasebook()
    found: list[Command] = []
    while len(found) < count:
        tool = rng.choice(list(toolbox))
        slots = {slot.name: slot for slot in tool.slots}
        closed = [each for each in tool.utterances if not any(slots[name].is_open for name in parse(each).slots)]
        if not closed:
            continue
        drawn: dict[str, Value] = {}
        template = parse(rng.choice(closed))
        words = draw(template, lambda name, slots=slots, drawn=drawn: _say(slots[name], drawn, rng), rng)  # type: ignore[misc]
        meaning = understood(words, book, NOW)
        # What another tool says in the same words has no one right reading.
        same = meaning is not None and meaning.intents[0][:2] == (tool.name, drawn) and len(meaning.intents) == 1
        if same and not _doubled(words):
            found.append(Command(tool.name, drawn, words, rng.choice(VOICES)))
    return found


def _say(slot: Slot, drawn: dict[str, Value], rng: random.Random) -> str:
    """Words for a value; a choice by the names it was given, anything else in any of the usual ways."""
    while True:
        if slot.kind == "choice":
            picked = [rng.choice(slot.choices) for _ in range(rng.randint(1, 3) if slot.many else 1)]
            names = [rng.choice((each.value.replace("-", " ").replace("_", " "), *each.spoken)) for each in picked]
            words = " and ".join(dict.fromkeys(names))
        else:
            path = rng.choice(spoken_grammar(slot, NOW))
            words = " ".join(rng.choice(part).text for part in path)
        value = read(slot, words, NOW)
        if value is not None:
            drawn[slot.name] = value
            return words


def _doubled(words: str) -> bool:
    """Nobody says "for at": template and value both brought their preposition."""
    parts = words.split()
    return any(one in _LINKS and two in _LINKS for one, two in pairwise(parts))


async def judge(listener: Listener, command: Command, samples: Floats, voice: Answers) -> Result:
    """One command from its sound to its end."""
    said = await listener.utterance(samples)
    heard = listener.correct(said)
    first = f"{heard.readings[0].tool} {heard.readings[0].values}" if heard.readings else ""
    if heard.decision == "refuse" or not heard.readings:
        return Result(command, said.text, "refused")
    question = _question(heard)
    if question is None:
        right = len(heard.readings) == 1 and _is(heard.readings[0].tool, heard.readings[0].values, command)
        return Result(command, said.text, "exact" if right else "wrong", first)
    asked, options = question
    right_one = next((at for at, each in enumerate(options) if _is(each.tool, each.values, command)), None)
    if right_one is None:
        return Result(command, said.text, "unsettled", first, asked.text)
    value = await listener.settle(asked, await voice.say(command.voice, asked.choices[right_one]))
    if value is None:
        return Result(command, said.text, "unsettled", first, asked.text)
    settled = value == asked.values[right_one]
    return Result(command, said.text, "settled" if settled else "wrong_after_question", first, asked.text)


def _question(heard: Heard) -> tuple[Question, list[Intent]] | None:
    """The first question that Leveret asks about the readings, and what its choices stand for."""
    for at, reading in enumerate(heard.readings):
        if reading.rivals:
            options = [
                Intent(tool=each.tool, values=each.values, text=each.text) for each in (reading, *reading.rivals)
            ]
            question = rival_question(reading, options, at)
            if question is not None:
                return question, options
    return None


def _is(tool: str, values: dict[str, Value], command: Command) -> bool:
    return tool == command.tool and values == command.values


class Answers:
    """Says the answers to questions, under the same noise as the command."""

    def __init__(self, folder: Path, noise_db: float | None, rng: np.random.Generator) -> None:
        self._folder = folder
        self._noise_db = noise_db
        self._rng = rng

    async def say(self, voice: str, words: str) -> Floats:
        (samples,) = await asyncio.to_thread(speak_all, [(voice, words)], self._folder)
        return self.heard(samples)

    def heard(self, samples: Floats) -> Floats:
        """As it reaches the microphone."""
        return samples if self._noise_db is None else with_noise(samples, self._noise_db, self._rng)


async def measure(
    listener: Listener, commands: Sequence[Command], sounds: Sequence[Floats], answers: Answers
) -> list[Result]:
    """All commands, one after the other."""
    return [
        await judge(listener, command, answers.heard(samples), answers)
        for command, samples in zip(commands, sounds, strict=True)
    ]


async def outside(
    listener: Listener, sentences: Sequence[str], sounds: Sequence[Floats]
) -> tuple[list[str], int, float]:
    """Everyday sentences that were taken for a command, how many were asked about, and the dictation's errors."""
    accepted, asked, wrong, words = [], 0, 0, 0
    for sentence, samples in zip(sentences, sounds, strict=True):
        said = await listener.utterance(samples)
        heard = listener.correct(said)
        if heard.decision == "accept":
            accepted.append(f"{sentence} -> {heard.text}")
        asked += heard.decision == "ask"
        errors, length = word_errors(sentence, said.text)
        wrong, words = wrong + errors, words + length
    return accepted, asked, wrong / max(1, words)


async def real(listener: Listener) -> float:
    """Word error rate over recordings of people."""
    wrong, words = 0, 0
    for text, samples in recordings():
        errors, length = word_errors(text, (await listener.transcribe(samples)).text)
        wrong, words = wrong + errors, words + length
    return wrong / max(1, words)


async def run(seed: int, count: int, whisper: str = "", *, show: bool) -> dict[str, float | int | str]:
    """The whole benchmark."""
    rng = random.Random(seed)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = _engine(whisper, folder)
        await engine.ready()
        async with open_toolbox(folder) as toolbox:
            listener = Listener(toolbox, engine)
            commands = draw_commands(toolbox, count, rng)
            everyday = [line for line in EVERYDAY.read_text(encoding="utf-8").splitlines() if line]
            spoken = [(command.voice, command.words) for command in commands]
            spoken += [(rng.choice(VOICES), sentence) for sentence in everyday]
            sounds = speak_all(spoken, folder)
            noise = np.random.default_rng(seed)
            clean = await measure(listener, commands, sounds[:count], Answers(folder, None, noise))
            noisy = await measure(listener, commands, sounds[:count], Answers(folder, NOISE_DB, noise))
            accepted, asked, dictation = await outside(listener, everyday, sounds[count:])
            wer_real = await real(listener)
    await engine.close()
    _table(clean, noisy, accepted, asked, len(everyday), show=show)
    return {
        "seed": seed,
        "engine": engine.name,
        "commands": len(clean),
        "out_of_domain": len(everyday),
        "exact_clean": _rate(clean, "exact"),
        "settled_clean": _rate(clean, "exact", "settled"),
        "exact_15db": _rate(noisy, "exact"),
        "settled_15db": _rate(noisy, "exact", "settled"),
        "wrong_accepted": _rate([*clean, *noisy], "wrong", "wrong_after_question"),
        "wrong_accepted_clean": _rate(clean, "wrong", "wrong_after_question"),
        "wrong_accepted_15db": _rate(noisy, "wrong", "wrong_after_question"),
        "out_of_domain_accepted": round(len(accepted) / len(everyday), 4),
        "out_of_domain_asked": round(asked / len(everyday), 4),
        "wer_real": round(wer_real, 4),
        "dictation_wer": round(dictation, 4),
        "correction_ms_p50": round(float(np.percentile(listener.weigh_ms, 50)), 1),
        "correction_ms_p95": round(float(np.percentile(listener.weigh_ms, 95)), 1),
        "seconds": round(time.monotonic() - started, 1),
    }


def _engine(whisper: str, folder: Path) -> SpeechToText:
    if not whisper:
        return MoonshineSpeech()
    return WhisperSpeech(trained_whisper(folder / "whisper") if whisper == WHISPER else Path(whisper))


def _rate(results: Sequence[Result], *verdicts: str) -> float:
    return round(sum(result.verdict in verdicts for result in results) / max(1, len(results)), 4)


def _table(
    clean: Sequence[Result], noisy: Sequence[Result], accepted: Sequence[str], asked: int, everyday: int, *, show: bool
) -> None:
    verdicts = ("exact", "settled", "unsettled", "refused", "wrong", "wrong_after_question")
    print(f"{'':24}" + "".join(f"{verdict:>22}" for verdict in verdicts))
    for name, results in (("clean", clean), ("15 dB of white noise", noisy)):
        for voice in (*VOICES, "all"):
            chosen = [result for result in results if voice in ("all", result.command.voice)]
            counts = Counter(result.verdict for result in chosen)
            print(
                f"{name if voice == 'all' else '  ' + voice:24}" + "".join(f"{counts[each]:>22}" for each in verdicts)
            )
    print(f"outside the domain: {everyday} sentences, {len(accepted)} accepted, {asked} asked about")
    for sentence in accepted:
        print(f"  accepted: {sentence}")
    for name, results in (("clean", clean), ("noise", noisy)):
        for result in results:
            if result.verdict.startswith("wrong") or (show and result.verdict != "exact"):
                print(f"  {name} {result.verdict}: {result.command.words!r} ({result.command.voice})", end=" ")
                print(f"heard {result.transcript!r} as {result.understood}; asked {result.asked!r}")


def main(arguments: Sequence[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.voice", description="Spoken commands, understood or not.")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--commands", type=int, default=240)
    parser.add_argument("--whisper", default="", help="tiny.en, or the folder of another Whisper")
    parser.add_argument("--show", action="store_true", help="print every command that was not exact at once")
    chosen = parser.parse_args(arguments)
    print(json.dumps(asyncio.run(run(chosen.seed, chosen.commands, chosen.whisper, show=chosen.show))))


if __name__ == "__main__":
    main(sys.argv[1:])
