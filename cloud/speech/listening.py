"""An utterance that grows while the button is held, decoded again and again by whichever engine.

Each decoding is a guess at what will have been said when the button comes up. The one that is made as soon as the
speaker falls silent is usually the last: at release it is there already.
"""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import numpy as np
import structlog
from msgspec import Struct

from cloud.speech.errors import SoundTooLong, SpeechError, StreamClosed
from cloud.speech.sound import SAMPLE_RATE_HZ, Centring, Floats, from_pcm
from cloud.speech.stt import LONGEST_SECONDS, AheadHeard, Evidence, PartialHeard, Transcript
from cloud.speech.vad import FRAME, FRAME_MS, VoiceDetector

_MARGIN = SAMPLE_RATE_HZ * 200 // 1000
log = structlog.get_logger()


class Decoded(Struct, frozen=True, kw_only=True):
    """One segment as text. `tokens` are the engine's own, for the next look at the same, longer segment."""

    text: str
    log_likelihood: float
    tokens: tuple[int, ...] = ()
    evidence: Evidence | None = None


class Decoder(Protocol):
    """What an engine must be able to do for a stream."""

    name: str

    async def decode(self, samples: Floats, before: Decoded | None) -> Decoded:
        """The text of a segment; `before` is what a shorter part of it was. Cancelled when nobody wants it."""
        ...


class Pace(Struct, frozen=True, kw_only=True):
    """How an engine listens ahead. Times are in samples at 16 kHz, but for those with a unit.

    What is decoded while the button is held takes at most `share` of the time that it is held, beside `spare_s`,
    which is for the decoding that begins when the speaker falls silent for `settled_ms`.
    """

    partial_every: int = SAMPLE_RATE_HZ * 6 // 10
    settled_ms: int = 160
    segment: int
    segment_least: int = 4 * SAMPLE_RATE_HZ
    share: float = 1.0
    spare_s: float = 2.0


class _Span(Struct, frozen=True):
    """The sound between two sample positions and what it was decoded to."""

    start: int
    end: int
    decoded: Decoded


class GrowingStream:
    """One decoding at a time; one that has become stale gives way to the one that counts."""

    def __init__(
        self,
        engine: Decoder,
        pace: Pace,
        turn: str,
        on_partial: PartialHeard | None = None,
        on_ahead: AheadHeard | None = None,
    ) -> None:
        self.turn = turn
        self._engine = engine
        self._pace = pace
        self._on_partial = on_partial
        self._on_ahead = on_ahead
        self._centring = Centring()
        self._voice = VoiceDetector()
        self._pieces: list[Floats] = []
        self._length = 0
        self._done: list[str] = []  # segments cut off at pauses
        self._start = 0
        self._last: _Span | None = None
        self._tried = 0
        self._until = 0  # up to where the decoding in flight looks
        self._spent_s = 0.0
        self._working: asyncio.Task[None] | None = None
        self._likely: Transcript | None = None
        self._told_ahead = False
        self._closed = False

    def feed(self, pcm: bytes) -> None:
        if self._closed:
            raise StreamClosed(f"turn {self.turn} is over: open a stream for the next one")
        samples = self._centring.feed(from_pcm(pcm))
        if self._length + len(samples) > LONGEST_SECONDS * SAMPLE_RATE_HZ:
            raise SoundTooLong(f"turn {self.turn} is longer than {LONGEST_SECONDS - 1} s: release the button earlier")
        self._pieces.append(samples)
        self._length += len(samples)
        self._voice.feed(samples)
        if self._is_due():
            self._give_way()
            self._take_back()
            self._working = asyncio.get_running_loop().create_task(self._decode_so_far())
        else:
            self._tell_ahead()

    async def finish(self) -> Transcript:
        self._closed = True
        presence = self._voice.presence()
        if presence != "speech":
            self._give_way()
            return self._transcript("", reason=presence)
        if self._until < self._spoken_until():
            self._give_way()
        if self._working is not None:
            await self._working
        while self._length - self._start > self._pace.segment:
            await self._cut()
        decoded = await self._decode()
        text = self._text(decoded)
        return self._transcript(text, reason="" if text else "noise", decoded=decoded)

    def abort(self) -> None:
        self._closed = True
        self._give_way()

    def _tell(self, decoded: Decoded) -> None:
        if self._closed:
            return
        text = self._text(decoded)
        if self._on_partial is not None:
            self._on_partial(text)
        is_all = self._last is not None and self._last.end >= self._spoken_until()
        self._likely = self._transcript(text, decoded=decoded) if text and is_all else None
        self._tell_ahead()

    def _tell_ahead(self) -> None:
        """Once it has been quiet for longer than inside of words, what was heard is likely to have been all."""
        is_quiet = self._voice.quiet_tail_ms() >= self._pace.settled_ms
        if self._likely is not None and is_quiet and self._on_ahead is not None:
            self._on_ahead(self._likely)
            self._likely, self._told_ahead = None, True

    def _take_back(self) -> None:
        self._likely = None
        if self._told_ahead and self._on_ahead is not None:
            self._on_ahead(None)
            self._told_ahead = False

    def _text(self, decoded: Decoded) -> str:
        return " ".join([*self._done, decoded.text]).strip()

    def _transcript(self, text: str, *, reason: str = "", decoded: Decoded | None = None) -> Transcript:
        return Transcript(
            text=text,
            engine=self._engine.name,
            seconds=self._length / SAMPLE_RATE_HZ,
            reason=reason,  # type: ignore[arg-type]
            log_likelihood=decoded.log_likelihood if decoded else 0.0,
            evidence=decoded.evidence if decoded and not self._done else None,
        )

    def _is_due(self) -> bool:
        """Something new was said, and enough of it; or the speaker has just fallen silent, perhaps for good."""
        if self._voice.presence() != "speech":
            return False
        allowed_s = self._pace.share * self._length / SAMPLE_RATE_HZ
        spoken_until = self._spoken_until()
        if self._voice.quiet_tail_ms() >= self._pace.settled_ms:
            seen = max(self._last.end if self._last else 0, self._until if self._working else 0)
            return seen < spoken_until and self._spent_s <= allowed_s + self._pace.spare_s
        if self._working is not None or self._on_partial is None or self._spent_s > allowed_s:
            return False
        return self._length - self._tried >= self._pace.partial_every and (
            spoken_until > self._tried or self._last is None
        )

    def _give_way(self) -> None:
        """What is being decoded is not wanted any more."""
        if self._working is not None:
            self._working.cancel()
            self._working = None

    async def _decode_so_far(self) -> None:
        me = asyncio.current_task()
        began = time.monotonic()
        self._tried = self._length
        self._until = self._margin_end()
        try:
            if self._length - self._start > self._pace.segment:
                await self._cut()
            decoded = await self._decode()
            self._tell(decoded)
        except SpeechError as error:
            # Whoever waits for the end of the turn hears of it; until then there are no words ahead of time.
            log.warning("listening_ahead_failed", turn=self.turn, reason=str(error))
            self._spent_s = float("inf")
        finally:
            self._spent_s += time.monotonic() - began
            if self._working is me:
                self._working = None

    async def _decode(self) -> Decoded:
        """Decode the current segment up to a little after its last sound, unless that is what was decoded last."""
        last = self._last if self._last is not None and self._last.start == self._start else None
        if last is not None and last.end >= self._spoken_until():
            return last.decoded
        start, end = self._start, self._margin_end()
        decoded = await self._engine.decode(self._samples(start, end), last.decoded if last else None)
        self._last = _Span(start, end, decoded)
        return decoded

    async def _cut(self) -> None:
        """Finish the oldest part at a pause, or where the segment is full."""
        until = self._start + self._pace.segment
        cut = self._voice.pause(self._start + self._pace.segment_least, until) or until
        decoded = await self._engine.decode(self._samples(self._start, cut), None)
        self._done.append(decoded.text)
        self._start = cut

    def _margin_end(self) -> int:
        return min(self._length, self._spoken_until() + _MARGIN)

    def _spoken_until(self) -> int:
        return max(self._start, self._length - self._voice.quiet_tail_ms() // FRAME_MS * FRAME)

    def _samples(self, start: int, end: int) -> Floats:
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0][start:end]
