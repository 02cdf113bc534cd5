"""Speech to text: the protocol, and Moonshine behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, Protocol, TypeVar

import numpy as np
from msgspec import Struct

from cloud.speech.errors import SoundTooLong, StreamClosed
from cloud.speech.moonshine import Guess, Moonshine, Sound
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, from_pcm, resample
from cloud.speech.vad import FRAME_MS, VoiceDetector

# A turn is at most 60 s; one more for what was on its way when the device stopped.
LONGEST_SECONDS = 61
# The network was trained on clips of a few seconds; half a second of silence around one keeps it from inventing "You".
_PAD = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
_SEGMENT = 14 * SAMPLE_RATE_HZ
_SEGMENT_LEAST = 4 * SAMPLE_RATE_HZ
_MARGIN_MS = 200
_PARTIAL_EVERY = SAMPLE_RATE_HZ * 6 // 10
_SETTLED_MS = 160
# Played at 16 kHz, these are 9 % faster and 10 % slower.
_OTHER_SPEEDS_HZ = (14_560, 17_600)

PartialHeard = Callable[[str], None]
T = TypeVar("T")


class Evidence(Protocol):
    """The sound behind a transcript, which can still be asked about other sentences."""

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        """Natural-log likelihood of each sentence, written as the engine would write it."""
        ...

    async def again(self) -> tuple[str, ...]:
        """Listen again, a little faster and slower: other transcripts. What is weighed later is weighed by all."""
        ...


class Transcript(Struct, frozen=True, kw_only=True):
    """What was heard. `reason` says why `text` is empty. `evidence` is None for typed words and long dictation."""

    text: str
    engine: str
    seconds: float = 0.0
    reason: Literal["", "silence", "noise"] = ""
    log_likelihood: float = 0.0
    evidence: Evidence | None = None


def typed(text: str) -> Transcript:
    """Typed words go the same road as spoken ones."""
    return Transcript(text=text.strip(), engine="typed", reason="" if text.strip() else "silence")


def nothing_heard(transcript: Transcript) -> str:
    """The sentence for a transcript with a reason."""
    if transcript.reason == "noise":
        return "I heard only noise. Hold the button and speak a little closer."
    return "I heard nothing. Hold the button while you speak."


class SpeechStream(Protocol):
    """One utterance while the button is held. Not fed any more after `finish` or `abort`."""

    def feed(self, pcm: bytes) -> None:
        """Take in 16-bit mono PCM at 16 kHz; returns at once. Raises SoundTooLong, StreamClosed."""
        ...

    async def finish(self) -> Transcript:
        """The button is up: what was said."""
        ...

    def abort(self) -> None:
        """Nobody wants it any more. Harmless twice."""
        ...


class SpeechToText(Protocol):
    """An engine."""

    name: str

    async def ready(self) -> None:
        """Load what is loaded late, so that the first utterance does not wait."""
        ...

    def open(self, turn: str, on_partial: PartialHeard | None = None) -> SpeechStream:
        """Begin an utterance; `on_partial` is called in the event loop with the text so far."""
        ...

    async def close(self) -> None:
        """Give back threads and models. Harmless twice."""
        ...


class MoonshineSpeech:
    """Moonshine in one thread of its own, which serves all streams in the order of their asking."""

    name = "moonshine-tiny-en"

    def __init__(self, load: Callable[[], Moonshine] = Moonshine) -> None:
        self._load = load
        self._network: Moonshine | None = None
        self._thread = ThreadPoolExecutor(1, "moonshine")

    async def ready(self) -> None:
        await self._run(lambda network: None)

    def open(self, turn: str, on_partial: PartialHeard | None = None) -> MoonshineStream:
        return MoonshineStream(self, turn, on_partial)

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def decode(self, samples: Floats) -> tuple[Guess, Sound]:
        """The text of one segment, with silence put around it."""

        def work(network: Moonshine) -> tuple[Guess, Sound]:
            sound = network.listen(np.concatenate([_PAD, samples, _PAD]))
            return network.guess(sound), sound

        return await self._run(work)

    async def weigh(self, sound: Sound, sentences: Sequence[str]) -> list[float]:
        """Likelihoods of other sentences for a sound decoded before."""
        return await self._run(lambda network: network.weigh(sound, sentences))

    async def _run(self, work: Callable[[Moonshine], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def _work(self, work: Callable[[Moonshine], T]) -> T:
        if self._network is None:
            self._network = self._load()
        return work(self._network)


class _Evidence:
    """Likelihoods are means over the hearings so far: a noise that misleads one rarely misleads all."""

    def __init__(self, engine: MoonshineSpeech, samples: Floats, sound: Sound) -> None:
        self._engine = engine
        self._samples = samples
        self._sounds = [sound]
        self._known: list[dict[str, float]] = [{}]

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        for sound, known in zip(self._sounds, self._known, strict=True):
            new = [each for each in dict.fromkeys(sentences) if each not in known]
            known.update(zip(new, await self._engine.weigh(sound, new), strict=True))
        return [sum(known[each] for known in self._known) / len(self._known) for each in sentences]

    async def again(self) -> tuple[str, ...]:
        texts = []
        for rate_hz in _OTHER_SPEEDS_HZ[len(self._sounds) - 1 :]:
            guess, sound = await self._engine.decode(resample(self._samples, SAMPLE_RATE_HZ, rate_hz))
            self._sounds.append(sound)
            self._known.append({})
            texts.append(guess.text)
        return tuple(texts)


class _Decoded(Struct, frozen=True):
    """A decoding of the sound between two sample positions."""

    start: int
    end: int
    guess: Guess
    sound: Sound


class MoonshineStream:
    """Decodes the growing utterance again and again; what is already right at release is not decoded again."""

    def __init__(self, engine: MoonshineSpeech, turn: str, on_partial: PartialHeard | None) -> None:
        self.turn = turn
        self._engine = engine
        self._on_partial = on_partial
        self._voice = VoiceDetector()
        self._pieces: list[Floats] = []
        self._length = 0
        self._done: list[str] = []  # segments cut off at pauses
        self._start = 0
        self._last: _Decoded | None = None
        self._tried = 0
        self._working: asyncio.Task[None] | None = None
        self._closed = False

    def feed(self, pcm: bytes) -> None:
        if self._closed:
            raise StreamClosed(f"turn {self.turn} is over: open a stream for the next one")
        samples = from_pcm(pcm)
        if self._length + len(samples) > LONGEST_SECONDS * SAMPLE_RATE_HZ:
            raise SoundTooLong(f"turn {self.turn} is longer than {LONGEST_SECONDS - 1} s: release the button earlier")
        self._pieces.append(samples)
        self._length += len(samples)
        self._voice.feed(samples)
        if self._working is None and self._is_due():
            self._working = asyncio.get_running_loop().create_task(self._decode_so_far())

    async def finish(self) -> Transcript:
        self._closed = True
        if self._working is not None:
            await self._working
        seconds = self._length / SAMPLE_RATE_HZ
        presence = self._voice.presence()
        if presence != "speech":
            return Transcript(text="", engine=self._engine.name, seconds=seconds, reason=presence)
        while self._length - self._start > _SEGMENT:
            await self._cut()
        decoded = await self._decode()
        text = " ".join([*self._done, decoded.guess.text]).strip()
        return Transcript(
            text=text,
            engine=self._engine.name,
            seconds=seconds,
            reason="" if text else "noise",
            log_likelihood=decoded.guess.log_likelihood,
            evidence=None if self._done else self._evidence(decoded),
        )

    def abort(self) -> None:
        self._closed = True
        if self._working is not None:
            self._working.cancel()

    def _is_due(self) -> bool:
        """Something new was said, and enough of it; or the speaker has just fallen silent, perhaps for good."""
        if self._voice.presence() != "speech":
            return False
        new = self._length - self._tried
        if new >= _PARTIAL_EVERY and self._on_partial is not None:
            return self._spoken_until() > self._tried or self._last is None
        is_settled = self._voice.quiet_tail_ms() >= _SETTLED_MS
        return is_settled and (self._last is None or self._last.end < self._spoken_until())

    async def _decode_so_far(self) -> None:
        try:
            self._tried = self._length
            if self._length - self._start > _SEGMENT:
                await self._cut()
            decoded = await self._decode()
            if self._on_partial is not None and not self._closed:
                self._on_partial(" ".join([*self._done, decoded.guess.text]).strip())
        finally:
            self._working = None

    async def _decode(self) -> _Decoded:
        """Decode the current segment up to a little after its last sound, unless that is what was decoded last."""
        end = min(self._length, self._spoken_until() + SAMPLE_RATE_HZ * _MARGIN_MS // 1000)
        last = self._last
        if last is not None and last.start == self._start and last.end >= self._spoken_until():
            return last
        guess, sound = await self._engine.decode(self._samples(self._start, end))
        self._last = _Decoded(self._start, end, guess, sound)
        return self._last

    def _evidence(self, decoded: _Decoded) -> Evidence:
        return _Evidence(self._engine, self._samples(decoded.start, decoded.end), decoded.sound)

    async def _cut(self) -> None:
        """Finish the oldest part at a pause, or where the segment is full."""
        until = self._start + _SEGMENT
        cut = self._voice.pause(self._start + _SEGMENT_LEAST, until) or until
        guess, _ = await self._engine.decode(self._samples(self._start, cut))
        self._done.append(guess.text)
        self._start = cut

    def _spoken_until(self) -> int:
        return max(self._start, self._length - self._voice.quiet_tail_ms() // FRAME_MS * (SAMPLE_RATE_HZ // 50))

    def _samples(self, start: int, end: int) -> Floats:
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0][start:end]
