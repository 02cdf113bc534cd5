"""Whisper through faster-whisper (CTranslate2): the stronger ear, once its weights are there.

It was made for windows of 30 s, which take as long for one word as for twenty. What is short is looked at through one
of 15 s, in a third of the time and as well; only where that leads it in circles the whole one is taken. The network:
Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from msgspec import Struct

from cloud.speech.errors import EngineFailed, ModelMissing
from cloud.speech.evidence import Hearings
from cloud.speech.listening import Decoded, GrowingStream, Pace
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats
from cloud.speech.stt import AheadHeard, PartialHeard
from cloud.speech.thread import GivenUp, ModelThread, go_on

T = TypeVar("T")
NEEDED = ("model.bin", "config.json", "tokenizer.json")
_LANGUAGE = "en"
_HOW = "let `stt = auto` fetch it, or name a folder that holds one in weights.whisper"
# Twice what a fast speaker needs; more is a loop, not speech.
_TOKENS_PER_SECOND = 8
_MOST_TOKENS = 200
# Sentences weighed in one go. More take longer each, and whoever speaks on after a pause would wait for them.
_AT_ONCE = 6
_WHOLE = 3000  # frames of 10 ms
_SHORT = 1500
_AFTER = 200
# Half of the time that the button is held, and a decoding or two more when the speaker falls silent.
PACE = Pace(partial_every=SAMPLE_RATE_HZ, segment=28 * SAMPLE_RATE_HZ, share=0.5, spare_s=2.0)


class Sound(Struct, frozen=True):
    """An utterance as the encoder sees it: `frames` has the shape (1, at most 1500, width), one each 20 ms."""

    frames: Any
    seconds: float


class Whisper:
    """The loaded network. Not for use from several threads at once: its owner runs it in one."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            raise ModelMissing(f"no Whisper in {folder}: {', '.join(missing)} is missing; {_HOW}")
        try:
            from faster_whisper import WhisperModel
            from faster_whisper.tokenizer import Tokenizer
        except ImportError as error:
            raise ModelMissing("faster-whisper is not installed: run `make speech`") from error
        try:
            self._model = WhisperModel(str(folder), device="auto", compute_type="int8", cpu_threads=threads)
        except (RuntimeError, ValueError) as error:
            raise ModelMissing(f"the Whisper in {folder} cannot be loaded: {error}; remove it, and {_HOW}") from error
        words = mended(self._model.hf_tokenizer)
        self._tokens = Tokenizer(words, self._model.model.is_multilingual, task="transcribe", language=_LANGUAGE)

    def listen(self, samples: Floats, shortest: int = _SHORT) -> Sound:
        """Encode at most 30 s of mono samples at 16 kHz in -1..1, in a window of at least `shortest` frames."""
        features = self._model.feature_extractor(samples)[:, :_WHOLE]
        frames = min(_WHOLE, max(shortest, features.shape[1] + _AFTER))
        window = np.pad(features, ((0, 0), (0, max(0, frames - features.shape[1]))))
        return Sound(self._model.encode(window[:, :frames]), len(samples) / SAMPLE_RATE_HZ)

    def guess(self, sound: Sound) -> tuple[Decoded, bool]:
        """The text that greedy decoding finds, without its evidence; and whether it came to an end, not in circles."""
        prompt = [*self._tokens.sot_sequence, self._tokens.no_timestamps]
        most = min(_MOST_TOKENS, int(sound.seconds * _TOKENS_PER_SECOND) + 4)
        (found,) = self._model.model.generate(
            sound.frames, [prompt], beam_size=1, max_length=len(prompt) + most, return_scores=True
        )
        numbers = found.sequences_ids[0]
        text = self._tokens.decode(numbers).strip()
        has_ended = len(numbers) < most and not circles(numbers)
        return Decoded(text=text, log_likelihood=found.scores[0] * (len(numbers) + 1)), has_ended

    def weigh(self, sound: Sound, texts: Sequence[str], given_up: GivenUp = lambda: False) -> list[float]:
        """Natural-log likelihood of each text given the sound, a batch at a time."""
        # All of the window, its silence too: without it nothing is as likely as the network's own guess.
        heard = np.array(sound.frames)
        found: list[float] = []
        for start in range(0, len(texts), _AT_ONCE):
            go_on(given_up)
            found += self._weigh(heard, sound.seconds, texts[start : start + _AT_ONCE])
        return found

    def _weigh(self, heard: Floats, seconds: float, texts: Sequence[str]) -> list[float]:
        import ctranslate2

        rows = [self._tokens.encode(f" {text}") for text in texts]
        frames = ctranslate2.StorageView.from_array(np.repeat(heard, len(rows), axis=0))
        spans = [min(_WHOLE, max(1, int(seconds * 100)))] * len(rows)
        found = self._model.model.align(frames, self._tokens.sot_sequence, rows, spans)
        return [sum(math.log(max(chance, 1e-12)) for chance in each.text_token_probs) for each in found]


def mended(tokenizer: Any) -> Any:
    """Whisper's words as the network learned them.

    In the files of the models for many languages the first merge of all is lost, that of a space and "t". Without it
    "timer" is written in pieces that the network never writes, and any sentence with such a word seems unlikely.
    """
    if tokenizer.token_to_id("Ġt") is None or len(tokenizer.encode(" t", add_special_tokens=False).ids) == 1:
        return tokenizer
    told = json.loads(tokenizer.to_str())
    merges = told["model"]["merges"]
    merges.insert(0, ["Ġ", "t"] if isinstance(merges[0], list) else "Ġ t")
    return type(tokenizer).from_str(json.dumps(told))


def circles(tokens: Sequence[int]) -> bool:
    """Whether it ends in one word, or a few, said four times over."""
    return any(
        len(tokens) >= 4 * length and tokens[-3 * length :] == tokens[-4 * length : -length] for length in range(1, 9)
    )


def look(network: Whisper, samples: Floats, given_up: GivenUp) -> tuple[Decoded, Sound]:
    """What is said; through the whole window when a shorter one leads in circles."""
    sound = network.listen(samples)
    go_on(given_up)
    guess, has_ended = network.guess(sound)
    if has_ended or sound.frames.shape[1] == _WHOLE // 2:
        return guess, sound
    go_on(given_up)
    sound = network.listen(samples, _WHOLE)
    return network.guess(sound)[0], sound


class WhisperSpeech:
    """Whisper as an engine. `folder` holds the model in CTranslate2's format."""

    is_quick = False

    def __init__(self, folder: Path, name: str = "", pace: Pace = PACE) -> None:
        self.name = f"whisper-{name or folder.name.removeprefix('whisper-')}"
        self._pace = pace
        self._thread = ModelThread("whisper", lambda: Whisper(folder))

    async def ready(self) -> None:
        """Loads the model and hears a moment of silence with it. Raises ModelMissing, EngineFailed."""
        await self.hear(np.zeros(SAMPLE_RATE_HZ // 2, np.float32))

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> GrowingStream:
        return GrowingStream(self, self._pace, turn, on_partial, on_ahead)

    async def close(self) -> None:
        self._thread.close()

    async def decode(self, samples: Floats, before: Decoded | None = None) -> Decoded:
        guess, sound = await self.hear(samples)
        evidence = Hearings(self, samples, sound)
        return Decoded(text=guess.text, log_likelihood=guess.log_likelihood, evidence=evidence)

    async def hear(self, samples: Floats, draft: Sequence[int] = ()) -> tuple[Decoded, Sound]:
        """What is said, and the sound as the network sees it; a draft is of no use to it. Raises EngineFailed."""
        return await self._guarded(lambda network, given_up: look(network, samples, given_up))

    async def weigh(self, sound: Sound, sentences: Sequence[str]) -> list[float]:
        """Likelihoods of other sentences for a sound heard before."""
        return await self._guarded(lambda network, given_up: network.weigh(sound, sentences, given_up))

    async def _guarded(self, work: Callable[[Whisper, GivenUp], T]) -> T:
        try:
            return await self._thread.run(work)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineFailed(f"{self.name} broke while it listened: {error}") from error
