"""The real speaker, through PyAudio. 16 kHz mono s16le goes in, whatever the hardware takes.

One thread owns the stream and keeps it running with silence between sounds, so that no cue loses its beginning to an
output that has to wake first. Of silence little waits in PortAudio, so that a sound is heard soon; of sound more, so
that a busy processor makes no gaps. A cut drops all of that, by closing the stream and opening another.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable
from typing import Final

from device.errors import PartError, SpeakerError
from device.parts.sound_cards import Opened, SoundCards, Way, ready, reason_of
from device.parts.speex import converter
from device.resampling import spread
from wire import limits

PIECE_MS: Final = 20
# What waits in PortAudio when there is nothing to play (a period of the card and a piece), and when there is.
_IDLE_MS: Final = 48
_BUSY_MS: Final = 100
# `play` returns when so much is left to hand to PortAudio: the next piece comes in time.
_AHEAD_MS: Final = 150
_NAP_S: Final = 0.002
# An output that takes nothing for so long has hung, and is opened anew.
_STUCK_S: Final = 1.0
# A speaker that is missing is looked for more and more seldom, but at once when there is something to play.
_AGAIN_S: Final = 2.0
_AGAIN_MOST_S: Final = 60.0
_CLOSE_S: Final = 3.0
_BYTES_MS: Final = limits.SAMPLE_RATE_HZ * limits.SAMPLE_BYTES // 1000
_PIECE_BYTES: Final = PIECE_MS * _BYTES_MS
_SILENCE: Final = bytes(_PIECE_BYTES)


class _Waiting:
    """A `play` that waits until nearly all before it was heard."""

    def __init__(self, until: int) -> None:
        self.until = until
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()

    def tell(self, error: SpeakerError | None = None) -> None:
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._set, error)

    def _set(self, error: SpeakerError | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class PyAudioSpeaker:
    """Plays on the device whose name contains `name` ("": the system's own). `xruns` counts how often it ran dry."""

    def __init__(self, cards: SoundCards, name: str = "", *, on_xrun: Callable[[], None] | None = None) -> None:
        self._cards = cards
        self._name = name
        self._on_xrun = on_xrun
        self._lock = threading.Lock()
        self._sound = bytearray()
        self._put = self._taken = 0
        self._waiting: deque[_Waiting] = deque()
        self._volume = 100
        self._wake = threading.Event()
        self._closed = False
        self._cut = False
        self._sounding = False
        self._error: SpeakerError | None = None
        self._thread: threading.Thread | None = None
        self.xruns = 0

    def prepare(self) -> None:
        """Open the output in the background, before the first sound."""
        self._ensure_thread()

    async def play(self, pcm: bytes) -> None:
        if self._closed:
            raise SpeakerError("The speaker is closed.")
        with self._lock:
            self._sound += pcm
            self._put += len(pcm)
            waiting = _Waiting(self._put - _AHEAD_MS * _BYTES_MS)
            if self._taken >= waiting.until and self._error is None and self._thread is not None:
                return
            self._waiting.append(waiting)
        self._ensure_thread()
        self._wake.set()
        await waiting.done

    def cut(self) -> None:
        with self._lock:
            self._drop()
            self._cut = self._sounding
        self._wake.set()

    def set_volume(self, percent: int) -> None:
        self._volume = max(0, min(100, percent))

    def close(self) -> None:
        """What `play` has taken is heard out, at most some 0.3 s."""
        self._closed = True
        self._wake.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_CLOSE_S)

    def _drop(self, error: SpeakerError | None = None) -> None:
        """Forget what has not gone to PortAudio; whoever waits for it is told."""
        self._sound.clear()
        self._taken = self._put
        while self._waiting:
            self._waiting.popleft().tell(error)

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
            self._thread.start()

    # The thread -----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        again_s = _AGAIN_S
        while not self._closed:
            try:
                self._play_until_cut()
                again_s = _AGAIN_S
            except (PartError, OSError) as error:
                told = error if isinstance(error, SpeakerError) else SpeakerError(_lost(error))
                with self._lock:
                    self._error = told
                    self._drop(told)
                # Who wants to play meanwhile has it tried again at once, and is told at once when that is in vain.
                self._wake.clear()
                if not self._closed:
                    self._wake.wait(again_s)
                again_s = min(2 * again_s, _AGAIN_MOST_S)

    def _play_until_cut(self) -> None:
        """With a stream of its own; raises SpeakerError and OSError."""
        opened = self._cards.open(Way.OUT, self._name)
        try:
            self._cards.start(opened)
            self._error = None
            self._keep_playing(opened)
        finally:
            self._cards.give_back(opened)

    def _keep_playing(self, opened: Opened) -> None:
        """Until cut, given back for others to look for devices, or closed and heard out; raises OSError."""
        rate_hz, channels, stream = opened.format.rate_hz, opened.format.channels, opened.stream
        resampler = converter(limits.SAMPLE_RATE_HZ, rate_hz)
        room = ready(stream.get_write_available())
        # Frames written, and how many of them are the end of a sound that may still be heard.
        heard_until = written = buffered = 0
        silence = bytes(rate_hz * PIECE_MS // 1000 * channels * limits.SAMPLE_BYTES)
        self._cut = False
        ends_s = moved_s = time.monotonic()
        while (
            not self._cut
            and not self._cards.looking
            and not (self._closed and not self._sound and written - buffered >= heard_until)
        ):
            now_s = time.monotonic()
            buffered = room - ready(stream.get_write_available())
            if buffered > 0:
                ends_s = now_s + buffered / rate_hz
            else:
                # Run dry; or it is no real device, and takes any amount at once: then the clock holds back.
                buffered = max(0, int((ends_s - now_s) * rate_hz))
            if heard_until and buffered <= 0 and self._sound:
                self._ran_dry()
            self._sounding = written - buffered < heard_until
            wanted = min(room, rate_hz * (_BUSY_MS if self._sound else _IDLE_MS) // 1000)
            over = buffered + rate_hz * PIECE_MS // 1000 - wanted
            if over > 0:
                if now_s - moved_s > _STUCK_S:
                    self._ran_dry()
                    if written:
                        return
                    raise OSError("it takes no sound")
                self._wake.wait(max(_NAP_S, over / rate_hz))
                self._wake.clear()
                continue
            piece = self._next()
            # The filter has forgotten a sound after one piece of silence; then there is nothing to compute.
            if piece or written == heard_until:
                made = resampler.feed(_louder(array("h", piece or _SILENCE), self._volume))
                pcm = spread(made, channels).tobytes()
            else:
                pcm = silence
            stream.write(pcm, exception_on_underflow=False)
            frames = len(pcm) // (channels * limits.SAMPLE_BYTES)
            written += frames
            moved_s = now_s
            ends_s = max(ends_s, now_s) + frames / rate_hz
            heard_until = written if piece else heard_until

    def _ran_dry(self) -> None:
        self.xruns += 1
        if self._on_xrun is not None:
            self._on_xrun()

    def _next(self) -> bytes:
        """20 ms of what there is, filled up with silence; empty when there is nothing."""
        with self._lock:
            piece = bytes(self._sound[:_PIECE_BYTES])
            del self._sound[:_PIECE_BYTES]
            self._taken += len(piece)
            while self._waiting and self._waiting[0].until <= self._taken:
                self._waiting.popleft().tell()
        return piece + _SILENCE[len(piece) :] if piece else b""


def _louder(samples: array[int], percent: int) -> array[int]:
    if percent >= 100:
        return samples
    # Loudness is felt as the logarithm: half the setting is a quarter of the amplitude.
    factor = percent * percent * 65_536 // 10_000
    return array("h", [sample * factor >> 16 for sample in samples])


def _lost(error: Exception) -> str:
    return f"The speaker was lost ({reason_of(error)}). Is it plugged in?"
