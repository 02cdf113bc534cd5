"""Moonshine Tiny English: the network itself, run over the weights that the `moonshine-voice` wheel carries.

The wheel's own library hears one text and nothing beside it. Run directly, the same weights also say how likely any
other sentence is for the same sound, and that is what tells "fifteen" from "fifty" when the phonetics cannot.

The network: Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands" (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cloud.speech.errors import ModelMissing
from cloud.speech.evidence import Hearings
from cloud.speech.listening import Decoded, GrowingStream, Pace
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats
from cloud.speech.stt import AheadHeard, PartialHeard
from cloud.speech.thread import GivenUp, ModelThread, go_on

START, END = 1, 2
_LAYERS, _HEADS, _HEAD_WIDTH = 6, 8, 36
# The published decoder allows 6.5 tokens a second; more is a loop, not speech.
_TOKENS_PER_SECOND = 6.5
# The network was trained on clips of a few seconds; half a second of silence around one keeps it from inventing "You".
_PAD = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
_PACE = Pace(segment=14 * SAMPLE_RATE_HZ, settled_ms=120)


class Sound(Struct, frozen=True):
    """An utterance as the encoder sees it: `frames` has the shape (1, time, 288)."""

    frames: Any
    seconds: float


class Guess(Struct, frozen=True):
    """A decoded text and its natural-log likelihood given the sound."""

    text: str
    log_likelihood: float
    tokens: tuple[int, ...] = ()


class Tokens:
    """The vocabulary: text to numbers and back. Byte-pair merges are ranked by the number of the merged piece."""

    def __init__(self, packed: bytes) -> None:
        self.pieces = _unpack(packed)
        # Single bytes stand first; the letters that merges are made of come later and must win.
        self._numbers = {piece: number for number, piece in enumerate(self.pieces)}

    def encode(self, text: str) -> list[int]:
        """Numbers of the pieces of `text`, without start and end."""
        parts = [letter.encode() for letter in "▁" + text.strip().replace(" ", "▁")]
        while True:
            best = min(
                ((self._numbers.get(a + b, 1 << 30), at) for at, (a, b) in enumerate(pairwise(parts))),
                default=(1 << 30, 0),
            )
            if best[0] == 1 << 30:
                break
            parts[best[1] : best[1] + 2] = [parts[best[1]] + parts[best[1] + 1]]
        return [number for part in parts for number in self._piece(part)]

    def decode(self, numbers: Sequence[int]) -> str:
        """The text of `numbers`; start, end and unused pieces are left out."""
        found = b"".join(self.pieces[number] for number in numbers if number > END)
        return found.decode("utf-8", "ignore").replace("▁", " ").strip()

    def _piece(self, part: bytes) -> list[int]:
        known = self._numbers.get(part)
        if known is not None:
            return [known]
        return [byte + 3 for byte in part]


def _unpack(packed: bytes) -> list[bytes]:
    """Pieces stand one after the other, each after its length: one byte, or two when the first has its top bit set."""
    pieces, at = [], 0
    while at < len(packed):
        length = packed[at]
        at += 1
        if length >= 128:
            length = packed[at] * 128 + length - 128
            at += 1
        pieces.append(packed[at : at + length])
        at += length
    return pieces


def weights_path() -> Path:
    """Where the wheel keeps the weights. The package is located, not imported: importing it opens PortAudio."""
    spec = find_spec("moonshine_voice")
    if spec is None or spec.origin is None:
        raise ModelMissing("the speech model is not installed: pip install moonshine-voice==0.1.0")
    path = Path(spec.origin).parent / "assets" / "tiny-en"
    if not (path / "encoder_model.ort").exists():
        raise ModelMissing(f"no speech model in {path}: moonshine-voice 0.1.0 carries it, later versions do not")
    return path


class Moonshine:
    """The loaded network. Not for use from several threads at once: its owner runs it in one.

    `threads` bounds what one inference may use; two are the fastest for utterances of a few seconds.
    """

    def __init__(self, path: Path | None = None, threads: int = 2) -> None:
        import onnxruntime  # loading the runtime takes longer than the rest of the room together

        path = path or weights_path()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Sentences come in batches of any size: an arena would keep the largest for ever, and is no faster.
        options.enable_cpu_mem_arena = False
        # Waiting threads sleep: on a busy machine spinning ones take the time that browsers and other turns need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.tokens = Tokens((path / "tokenizer.bin").read_bytes())
        self._encoder = onnxruntime.InferenceSession(str(path / "encoder_model.ort"), options)
        self._decoder = onnxruntime.InferenceSession(str(path / "decoder_model_merged.ort"), options)
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._encode_text = lru_cache(maxsize=4096)(self.tokens.encode)

    def listen(self, samples: Floats) -> Sound:
        """Encode mono samples at 16 kHz in -1..1; about 1 ms for each 0.3 s."""
        values = samples[np.newaxis].astype(np.float32, copy=False)
        mask = np.ones(values.shape, np.int64)
        frames = self._encoder.run(None, {"input_values": values, "attention_mask": mask})[0]
        return Sound(frames, len(samples) / SAMPLE_RATE_HZ)

    def guess(self, sound: Sound, draft: Sequence[int] = (), given_up: GivenUp = lambda: False) -> Guess:
        """The text that greedy decoding finds. What it has in common with `draft` is found in one step."""
        limit = int(sound.seconds * _TOKENS_PER_SECOND) + 2
        numbers, total = [START], 0.0
        past: dict[str, Any] = {}
        ahead = list(draft[: limit - 1])
        while len(numbers) <= limit:
            go_on(given_up)
            row = [numbers[-1], *ahead]
            result = self._decoder.run(None, self._feeds(np.array([row]), sound, past))
            likeliest = result[0][0].argmax(axis=-1).tolist()
            agreed = next((at for at, number in enumerate(ahead) if number != likeliest[at]), len(ahead))
            found = [*ahead[:agreed], likeliest[agreed]]
            total += _likelihood(result[0][0], [row[0], *found])
            if found[-1] == END:
                numbers.extend(found[:-1])
                break
            numbers.extend(found)
            past = self._carry(result, past, agreed + 1 if ahead else None)
            ahead = []
        return Guess(self.tokens.decode(numbers), total, tuple(numbers[1:]))

    def weigh(self, sound: Sound, texts: Sequence[str]) -> list[float]:
        """Natural-log likelihood of each text given the sound; one batch, about 3 ms a text."""
        if not texts:
            return []
        rows = [[START, *self._encode_text(text), END] for text in texts]
        longest = max(map(len, rows))
        numbers = np.full((len(rows), longest), END)
        for at, row in enumerate(rows):
            numbers[at, : len(row)] = row
        logits = self._decoder.run(["logits"], self._feeds(numbers[:, :-1], sound, {}))[0]
        return [_likelihood(logits[at], row) for at, row in enumerate(rows)]

    def _feeds(self, numbers: NDArray[Any], sound: Sound, past: dict[str, Any]) -> dict[str, Any]:
        batch = len(numbers)
        feeds: dict[str, Any] = {
            "input_ids": numbers.astype(np.int64),
            "encoder_hidden_states": np.repeat(sound.frames, batch, axis=0),
            # The graph wants a mask over samples and keeps each 384th; one column is broadcast over the whole sound.
            "encoder_attention_mask": np.ones((batch, 1), np.int64),
            "use_cache_branch": np.array([bool(past)]),
        }
        if past:
            return feeds | past
        empty = np.zeros((batch, _HEADS, 0, _HEAD_WIDTH), np.float32)
        return feeds | {
            f"past_key_values.{layer}.{side}.{part}": empty
            for layer in range(_LAYERS)
            for side in ("decoder", "encoder")
            for part in ("key", "value")
        }

    def _carry(self, result: list[Any], past: dict[str, Any], kept: int | None) -> dict[str, Any]:
        """What the next step may reuse: `kept` positions of the text, None for all.

        Only the first step computes the encoder's side; later ones give it empty.
        """
        carried = {}
        for name, value in zip(self._outputs[1:], result[1:], strict=True):
            key = name.replace("present", "past_key_values")
            if ".encoder." in name:
                carried[key] = past.get(key, value)
            else:
                carried[key] = value[:, :, :kept]
        return carried


def _likelihood(logits: Floats, row: list[int]) -> float:
    """Sum of the log softmax at the pieces of the row. In single precision: a vocabulary is wide, and this is hot."""
    scores = logits[: len(row) - 1]
    top = scores.max(axis=-1, keepdims=True)
    totals = np.log(np.exp(scores - top).sum(axis=-1)) + top[:, 0]
    chosen = scores[np.arange(len(row) - 1), row[1:]]
    return float((chosen - totals).sum())


class MoonshineSpeech:
    """Moonshine as an engine."""

    name = "moonshine-tiny-en"
    is_quick = True

    def __init__(self, load: Callable[[], Moonshine] = Moonshine) -> None:
        self._thread = ModelThread("moonshine", load)

    async def ready(self) -> None:
        await self._thread.run(lambda network, _: None)

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> GrowingStream:
        return GrowingStream(self, _PACE, turn, on_partial, on_ahead)

    async def close(self) -> None:
        self._thread.close()

    async def decode(self, samples: Floats, before: Decoded | None = None) -> Decoded:
        """The text of one segment, with silence put around it."""
        guess, sound = await self.hear(samples, before.tokens if before else ())
        evidence = Hearings(self, samples, sound, guess.tokens)
        return Decoded(text=guess.text, log_likelihood=guess.log_likelihood, tokens=guess.tokens, evidence=evidence)

    async def hear(self, samples: Floats, draft: Sequence[int] = ()) -> tuple[Guess, Sound]:
        """What is said, and the sound as the network sees it."""

        def work(network: Moonshine, given_up: GivenUp) -> tuple[Guess, Sound]:
            sound = network.listen(np.concatenate([_PAD, samples, _PAD]))
            go_on(given_up)
            return network.guess(sound, draft, given_up), sound

        return await self._thread.run(work)

    async def weigh(self, sound: Sound, sentences: Sequence[str]) -> list[float]:
        """Likelihoods of other sentences for a sound decoded before."""
        return await self._thread.run(lambda network, _: network.weigh(sound, sentences))
