"""Parts made of files: a WAV to speak, a WAV of what was heard, a picture to see, PNGs of the screen. Public, shipped.

They keep the rules of the real ones: sound is paced in real time (unless `fast`), a cut is heard as a cut, nothing is
recorded while the microphone is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL.Image import Image

from device.clock import steady_ms
from device.errors import CameraError, MicrophoneError, ScreenError, SpeakerError
from device.gestures import COUNT_MS
from device.parts.interfaces import BatteryState
from device.pictures import jpeg_of, small_of
from wire import limits

CHUNK_MS: Final = 20
CHUNK_BYTES: Final = limits.SAMPLE_RATE_HZ * CHUNK_MS // 1000 * limits.SAMPLE_BYTES
# Real microphones are never quite silent; one that is has gone deaf.
FAINT: Final = b"\0\0\1\0" * (CHUNK_BYTES // 4)
_SCREENS_MOST: Final = 500
_FASTER: Final = 50
_HEARD_BYTES_MOST: Final = 64 << 20


def read_wav(path: Path) -> bytes:
    """The sound of a 16 kHz mono 16-bit WAV; raises MicrophoneError with a sentence for the screen."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            told = file.getnframes()
            pcm = file.readframes(told)
    except FileNotFoundError as error:
        raise MicrophoneError(f"The microphone has no file {path.name}.") from error
    except (wave.Error, EOFError, OSError) as error:
        raise MicrophoneError(
            f"The microphone's file {path.name} is broken: {str(error) or 'it ends early'}."
        ) from error
    if (rate, channels, width) != (limits.SAMPLE_RATE_HZ, 1, limits.SAMPLE_BYTES):
        raise MicrophoneError(
            f"The microphone's file {path.name} has {rate} Hz, {channels} channel(s), {8 * width} bit;"
            f" 16000 Hz, 1 channel, 16 bit are due."
        )
    if len(pcm) < told * limits.SAMPLE_BYTES:
        raise MicrophoneError(f"The microphone's file {path.name} is broken: it ends early.")
    return pcm


class SimulatedButton:
    """Pressed by calling `down` and `up`, or `click`."""

    def __init__(self) -> None:
        self._on_edge: Callable[[bool, int], None] | None = None
        self._held = False
        self._fresh = True

    def start(self, on_edge: Callable[[bool, int], None]) -> None:
        self._on_edge = on_edge
        self._fresh = not self._held

    def down(self, at_ms: int | None = None) -> None:
        """Press it, now or (told late) at a time."""
        self._edge(True, at_ms)

    def up(self, at_ms: int | None = None) -> None:
        """Let it go."""
        self._edge(False, at_ms)

    def _edge(self, down: bool, at_ms: int | None) -> None:
        changed, self._held = down != self._held, down
        if self._on_edge is None or not changed:
            return
        if self._fresh:
            self._on_edge(down, steady_ms() if at_ms is None else at_ms)
        self._fresh = True

    def held(self) -> bool:
        return self._held

    async def click(self, times: int = 1, *, down_ms: int = 60, gap_ms: int = 90) -> None:
        """So many clicks, each edge at its time however busy the machine is; returns when they have been counted."""
        loop = asyncio.get_running_loop()
        began_ms, began_s = steady_ms(), loop.time()
        for at in range(times):
            first_ms = at * (down_ms + gap_ms)
            loop.call_at(began_s + first_ms / 1000, self.down, began_ms + first_ms)
            loop.call_at(began_s + (first_ms + down_ms) / 1000, self.up, began_ms + first_ms + down_ms)
        await asyncio.sleep((times * (down_ms + gap_ms) + COUNT_MS + 20) / 1000)

    def close(self) -> None:
        self._on_edge = None


class SimulatedWheel:
    """Turned by calling `turn` and `push`."""

    def __init__(self) -> None:
        self._on_turn: Callable[[int], None] | None = None
        self._on_push: Callable[[], None] | None = None

    def start(self, on_turn: Callable[[int], None], on_push: Callable[[], None]) -> None:
        self._on_turn, self._on_push = on_turn, on_push

    def turn(self, steps: int) -> None:
        """Turn it."""
        if self._on_turn is not None:
            self._on_turn(steps)

    def push(self) -> None:
        """Push it."""
        if self._on_push is not None:
            self._on_push()

    def close(self) -> None:
        self._on_turn = self._on_push = None


class SimulatedMute:
    """Slid by calling `slide`."""

    def __init__(self, *, off: bool = False) -> None:
        self._off = off
        self._on_change: Callable[[bool], None] | None = None

    def start(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        on_change(self._off)

    def slide(self, off: bool) -> None:
        """Turn the microphone off, or on."""
        changed, self._off = off != self._off, off
        if changed and self._on_change is not None:
            self._on_change(off)

    def close(self) -> None:
        self._on_change = None


class WavMicrophone:
    """Hears what `speak` was given, then silence. `fast`: speech comes as fast as it is read, silence in real time."""

    def __init__(self, *, fast: bool = False, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._fast = fast
        self._clock_s = clock_s
        self._path: Path | None = None
        self._pcm = b""
        self._at = 0
        self._due_s = 0.0
        self._until_s = -1.0
        self._finished = asyncio.Event()
        self._open = False
        self.said = asyncio.Event()
        self.xruns = 0

    def speak(self, path: Path | None) -> None:
        """The person says this at the next press (None: nothing). `said` is set when the last sample was read."""
        self._path = path
        self.said.clear()

    async def open(self) -> None:
        path, self._path = self._path, None
        self._at = 0
        self._pcm = b""
        if path is not None:
            try:
                self._pcm = await asyncio.to_thread(read_wav, path)
            except MicrophoneError:
                self.said.set()
                raise
        self._due_s, self._until_s = self._clock_s(), -1.0
        self._finished.clear()
        self._open = True

    async def read(self) -> bytes:
        if not self._open:
            raise MicrophoneError("The microphone is closed.")
        piece = self._pcm[self._at : self._at + CHUNK_BYTES]
        size = CHUNK_BYTES
        if piece and self._fast:
            if self._finished.is_set():
                return b""
            # Others must get their turn, or a minute of sound would pass before the button is looked at.
            await asyncio.sleep(0)
        else:
            size = await self._captured()
        self._at += len(piece[:size])
        if self._at >= len(self._pcm):
            self.said.set()
        return (piece + FAINT[len(piece) :])[:size]

    async def _captured(self) -> int:
        """Wait for the next piece: how many bytes of it were captured before `finish`."""
        began_s = max(self._due_s, self._clock_s() - 1)
        self._due_s = began_s + CHUNK_MS / 1000
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._due_s - self._clock_s())):
                await self._finished.wait()
        if self._until_s < 0 or self._until_s >= self._due_s:
            return CHUNK_BYTES
        return max(0, round((self._until_s - began_s) * limits.SAMPLE_RATE_HZ)) * limits.SAMPLE_BYTES

    def finish(self) -> None:
        if not self._finished.is_set():
            self._until_s = self._clock_s()
            self._finished.set()

    async def close(self) -> None:
        self._open = False

    async def restart(self) -> None:
        await self.close()


class WavSpeaker:
    """Writes what was heard to a WAV when it is closed; what a cut silenced is not in it."""

    def __init__(
        self, path: Path | None = None, *, fast: bool = False, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.heard = bytearray()
        self.volume = 100
        self.xruns = 0
        self._path = path
        self._fast = fast
        self._clock_s = clock_s
        self._due_s = 0.0
        self._cut = asyncio.Event()

    async def play(self, pcm: bytes) -> None:
        self._cut.clear()
        length_s = len(pcm) / (limits.SAMPLE_RATE_HZ * limits.SAMPLE_BYTES)
        if self._fast:
            # Not without any pace: a bell rings until it is stopped.
            await asyncio.sleep(length_s / _FASTER)
            self._hear(pcm)
            return
        began_s = max(self._clock_s(), self._due_s)
        self._due_s = began_s + length_s
        try:
            async with asyncio.timeout(max(0.0, self._due_s - self._clock_s())):
                await self._cut.wait()
        except TimeoutError:
            self._hear(pcm)
            return
        played = int(max(0.0, self._clock_s() - began_s) * limits.SAMPLE_RATE_HZ) * limits.SAMPLE_BYTES
        self._due_s = 0.0
        self._hear(pcm[:played])

    def _hear(self, pcm: bytes) -> None:
        if len(self.heard) < _HEARD_BYTES_MOST:
            self.heard += pcm

    def cut(self) -> None:
        self._cut.set()

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def close(self) -> None:
        if self._path is None:
            return
        path, self._path = self._path, None
        try:
            with path.open("wb") as raw, wave.open(raw, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(limits.SAMPLE_BYTES)
                file.setframerate(limits.SAMPLE_RATE_HZ)
                file.writeframes(bytes(self.heard))
        except OSError as error:
            raise SpeakerError(f"What was heard cannot be written to {path}: {error.strerror}.") from error


class FileCamera:
    """Sees a picture file, JPEG or PNG."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path

    async def warm(self) -> None:
        """A file is always ready."""

    async def picture(self) -> bytes:
        if self.path is None:
            raise CameraError("The camera sees nothing.")
        try:
            data = await asyncio.to_thread(self.path.read_bytes)
        except OSError as error:
            raise CameraError(f"The camera has no file {self.path.name}.") from error
        return await asyncio.to_thread(jpeg_of, data)

    async def preview(self) -> Image:
        return await asyncio.to_thread(small_of, await self.picture())

    def close(self) -> None:
        self.path = None


class PngScreen:
    """Writes every face that is really different as `NNN-name.png`; at most 500, then only counts."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.faces: list[str] = []
        self.image: Image | None = None
        self.brightness = 0
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ScreenError(f"The folder {folder} cannot be made: {error.strerror}.") from error

    def show(self, image: Image, key: str) -> None:
        self.image = image
        if self.faces and self.faces[-1] == key:
            return
        self.faces.append(key)
        if self.folder is not None and len(self.faces) <= _SCREENS_MOST:
            image.save(self.folder / f"{len(self.faces):03}-{key.split(' ', 1)[0]}.png")

    def set_brightness(self, percent: int) -> None:
        self.brightness = percent

    def close(self) -> None:
        """Nothing is held."""


class RecordedLights:
    """Remembers the colours that were shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, int, int]] = []

    def show(self, red: int, green: int, blue: int) -> None:
        self.shown.append((red, green, blue))

    def close(self) -> None:
        """Nothing is held."""


class FixedBattery:
    """Always as full as it was told."""

    def __init__(self, percent: int, *, charging: bool = False) -> None:
        self._state = BatteryState(percent, charging)

    def read(self) -> BatteryState | None:
        return self._state

    def close(self) -> None:
        """Nothing is held."""
