"""The real microphone, through PyAudio. 16 kHz mono s16le comes out, whatever the hardware does.

One thread owns the stream. Between recordings the stream stays prepared but is not running: nothing is recorded, and a
press starts it within milliseconds. It never waits inside PortAudio, where a microphone that was pulled out would hold
it for ever: it asks how much there is and takes only that.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from array import array
from collections.abc import Callable
from typing import Final

from device.ears import Gaps
from device.errors import MicrophoneError, PartError
from device.parts.sound_cards import Opened, SoundCards, Way, ready, reason_of
from device.parts.speex import converter
from device.resampling import mono_of
from wire import limits

# As much as hardware hands over at a time: smaller pieces would come two by two.
CHUNK_MS: Final = 40
# Beyond this much unread sound (2 s) the oldest is dropped: nobody reads, or far too slowly.
_QUEUED_CHUNKS: Final = 50
_NAP_S: Final = 0.004
_OPEN_S: Final = 3.0
# Hardware has handed over by then what it had captured at the release.
_REST_S: Final = 0.08


class _Recording:
    """One recording, from `open` to `close`: the thread puts, the event loop takes."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.started: asyncio.Future[None] = self.loop.create_future()
        self.chunks: asyncio.Queue[bytes | MicrophoneError] = asyncio.Queue()
        self.over = threading.Event()
        self.closed = False
        # Until when what is captured belongs to it; None while it goes on.
        self.until_s: float | None = None
        self.dropped = 0

    def finish(self) -> None:
        """What is captured from now on does not belong to it."""
        if self.until_s is None:
            self.until_s = time.monotonic()
        self.over.set()

    def close(self) -> None:
        """Nobody reads any more."""
        self.closed = True
        self.over.set()

    def tell_started(self, error: MicrophoneError | None) -> None:
        self.call(self._set_started, error)

    def put(self, piece: bytes | MicrophoneError) -> None:
        self.call(self._put, piece)

    def put_sound(self, samples: array[int]) -> None:
        if samples:
            self.put(samples.tobytes())

    def call(self, what: Callable[..., None], value: object) -> None:
        try:
            self.loop.call_soon_threadsafe(what, value)
        except RuntimeError:
            # The loop is closed: nobody listens any more.
            self.close()

    def _set_started(self, error: MicrophoneError | None) -> None:
        if self.started.done():
            return
        if error is None:
            self.started.set_result(None)
        else:
            self.started.set_exception(error)

    def _put(self, piece: bytes | MicrophoneError) -> None:
        if self.chunks.qsize() >= _QUEUED_CHUNKS:
            self.chunks.get_nowait()
            self.dropped += 1
        self.chunks.put_nowait(piece)


class PyAudioMicrophone:
    """Records from the device whose name contains `name` ("": the system's own).

    `on_xrun` is told of each loss of sound in ms, from the thread of the event loop.
    """

    def __init__(self, cards: SoundCards, name: str = "", *, on_xrun: Callable[[int], None] | None = None) -> None:
        self._cards = cards
        self._name = name
        self._on_xrun = on_xrun
        self._work: queue.SimpleQueue[_Recording | bool] = queue.SimpleQueue()
        self._recording: _Recording | None = None
        self._thread: threading.Thread | None = None
        self._opened: Opened | None = None
        self.xruns = 0

    def prepare(self) -> None:
        """Make ready for the first press, in the background."""
        self._work.put(False)
        self._ensure_thread()

    async def open(self) -> None:
        await self.close()
        recording = self._recording = _Recording()
        self._work.put(recording)
        self._ensure_thread()
        try:
            async with asyncio.timeout(_OPEN_S):
                await recording.started
        except TimeoutError as error:
            recording.close()
            raise MicrophoneError("The microphone does not answer. Unplug it and plug it in again.") from error

    async def read(self) -> bytes:
        if self._recording is None:
            raise MicrophoneError("The microphone is closed.")
        chunks = self._recording.chunks
        piece = await chunks.get()
        if isinstance(piece, MicrophoneError):
            raise piece
        if not piece:
            # The end stays the end, however often it is read.
            chunks.put_nowait(piece)
        return piece

    def finish(self) -> None:
        if self._recording is not None:
            self._recording.finish()

    async def close(self) -> None:
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.close()
            # Whoever still waits for sound is told.
            recording.put(MicrophoneError("The microphone is closed."))

    @property
    def dropped(self) -> int:
        """How many pieces of the present recording nobody took in time."""
        return self._recording.dropped if self._recording else 0

    async def restart(self) -> None:
        """Stop recording, and give the device back: the next `open` begins anew from the hardware."""
        await self.close()
        self._work.put(True)

    def release(self) -> None:
        """End the thread and give the device back. May be called twice; `open` begins anew."""
        if self._recording is not None:
            self._recording.close()
        thread, self._thread = self._thread, None
        if thread is not None:
            self._work.put(True)
            thread.join(_OPEN_S)

    # The thread -----------------------------------------------------------------------------------------------------

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        me = threading.current_thread()
        while True:
            work = self._work.get()
            if isinstance(work, _Recording):
                self._record(work)
            elif work:
                self._give_back()
                if self._thread is not me:
                    return
            else:
                self._open_quietly()

    def _open_quietly(self) -> None:
        try:
            self._opened = self._opened or self._cards.open(Way.IN, self._name)
            # Its filter is made once for all, which takes a while on a small machine.
            converter(self._opened.format.rate_hz, limits.SAMPLE_RATE_HZ)
        except PartError:
            # It is told at the press that needs it.
            self._opened = None

    def _give_back(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            self._cards.give_back(opened)

    def _start(self) -> tuple[Opened, float]:
        """A running stream, the prepared one or else a fresh one, and since when it runs."""
        began_s = time.monotonic()
        if self._opened is not None:
            try:
                self._cards.start(self._opened)
            except OSError:
                self._give_back()
            else:
                return self._opened, began_s
        self._opened = self._cards.open(Way.IN, self._name)
        began_s = time.monotonic()
        try:
            self._cards.start(self._opened)
        except OSError as error:
            device = self._opened.device
            self._give_back()
            raise MicrophoneError(f"The microphone {device} does not start: {reason_of(error)}.") from error
        return self._opened, began_s

    def _record(self, recording: _Recording) -> None:
        if recording.closed:
            return
        try:
            opened, began_s = self._start()
        except MicrophoneError as error:
            recording.tell_started(error)
            return
        recording.tell_started(None)
        try:
            self._listen(opened, recording, began_s)
            self._cards.stop(opened)
        except OSError as error:
            self._give_back()
            recording.put(MicrophoneError(f"The microphone was lost ({reason_of(error)}). Is it plugged in?"))

    def _listen(self, opened: Opened, recording: _Recording, began_s: float) -> None:
        """Until it is over; raises OSError."""
        rate_hz = opened.format.rate_hz
        frames = rate_hz * CHUNK_MS // 1000
        resampler = converter(rate_hz, limits.SAMPLE_RATE_HZ)
        gaps = Gaps(rate_hz, began_s)

        def take(count: int) -> None:
            pcm = opened.stream.read(count, exception_on_overflow=False)
            gaps.took(count)
            samples = mono_of(array("h", pcm), opened.format.channels)
            recording.put_sound(resampler.feed(samples))

        while not recording.over.is_set():
            there = ready(opened.stream.get_read_available())
            ahead_s = gaps.ahead_s(time.monotonic())
            if there < frames or ahead_s > 0:
                self._lost(gaps.idle(there, time.monotonic()), recording)
                recording.over.wait(max(_NAP_S, ahead_s, (frames - there) / rate_hz))
                continue
            take(frames)
        until_s = recording.until_s
        while until_s is not None and not recording.closed and (left := gaps.due(until_s)) > 0:
            # What was captured last is handed over a little later.
            if there := ready(opened.stream.get_read_available()):
                take(min(there, left, frames))
            elif time.monotonic() - until_s < _REST_S:
                time.sleep(_NAP_S)
            else:
                break
        recording.put_sound(resampler.rest())
        recording.put(b"")

    def _lost(self, lost_ms: int, recording: _Recording) -> None:
        if lost_ms:
            self.xruns += 1
            if self._on_xrun is not None:
                recording.call(self._on_xrun, lost_ms)
