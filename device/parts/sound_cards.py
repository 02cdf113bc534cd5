"""PortAudio, opened once for microphone and speaker: devices by name, rates that the hardware takes, a quiet stderr."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from device.errors import MicrophoneError, PartError, SpeakerError
from wire import limits

# Rates that hardware has, when it does not take 16 kHz and does not tell a better one.
_OTHER_RATES_HZ: Final = (48_000, 44_100, 32_000, 96_000, 8_000)
_LIBRARY_LINES: Final = (b"ALSA lib ", b"Expression ", b"Cannot connect to server", b"jack ", b"Jack", b"connect(2) ")
# PortAudio begins anew at most so often, which takes up to a second on a small machine.
_LOOK_EVERY_S: Final = 5.0
# How long a speaker is waited for to give its stream back.
_YIELD_S: Final = 0.5
# Three of them wait at the most. Silence never falls below one (see `speaker.py`): a sound server that runs dry asks
# for more over and over, which took as much as all the rest.
_PERIOD_MS: Final = {"in": 40, "out": 28}
# What ALSA calls in place of writing to stderr.
_HANDLER: Final = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)


class Way(StrEnum):
    """Which way sound goes."""

    IN = "in"
    OUT = "out"


class Format(Struct, frozen=True):
    """How a stream was opened."""

    rate_hz: int
    channels: int


WANTED: Final = Format(limits.SAMPLE_RATE_HZ, 1)


class Opened(Struct, eq=False):
    """A PortAudio stream of 16-bit samples. One that is not `running` may be closed by whoever looks for devices."""

    stream: Any
    device: str
    format: Format
    way: Way
    running: bool = False


def error_of(way: Way, sentence: str) -> PartError:
    """The error of the part that sound goes through."""
    return MicrophoneError(sentence) if way is Way.IN else SpeakerError(sentence)


def reason_of(error: BaseException) -> str:
    """What PortAudio said: its errors are (message, number) or (number, message)."""
    words = [one for one in error.args if isinstance(one, str)]
    return words[0] if words else str(error)


def ready(frames: int) -> int:
    """How many frames can be read or written without waiting; raises OSError, which PyAudio gives as a number."""
    if frames < 0:
        raise OSError(frames, "the device does not answer any more")
    return frames


class SoundCards:
    """Shared by the parts of one device. Nothing is opened before the first `open`; the parts' threads call."""

    def __init__(self, *, first: Format = WANTED, library: Any = None, look_every_s: float = _LOOK_EVERY_S) -> None:
        """`first`: what hardware is asked for before anything else. `library`: another `pyaudio`, in tests."""
        self._pyaudio = importlib.import_module("pyaudio") if library is None else library
        self._first = first
        self._portaudio: Any = None
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._opened: list[Opened] = []
        self._look_every_s = look_every_s
        self._looked_s = 0.0
        self.looking = False
        self._handler = _HANDLER(lambda *_: None)

    def open(self, way: Way, name: str) -> Opened:
        """The device whose name contains `name` ("": the system's own), ready to be started.

        One that is not there is looked for again, for which PortAudio must begin anew: not while something is recorded,
        and a speaker that sees `looking` gives its stream back. Raises MicrophoneError or SpeakerError.
        """
        with self._lock, _quiet():
            self._changed.wait_for(lambda: not self.looking, _YIELD_S)
            self._begin()
            try:
                return self._open(way, name)
            except PartError:
                if not self._look_again():
                    raise
                return self._open(way, name)

    def start(self, opened: Opened) -> None:
        """Let it run; raises OSError."""
        with self._lock:
            if opened not in self._opened:
                raise OSError("the stream was given back")
            opened.stream.start_stream()
            opened.running = True

    def stop(self, opened: Opened) -> None:
        """Let it stand ready; raises OSError."""
        with self._lock:
            opened.running = False
            opened.stream.stop_stream()

    def give_back(self, opened: Opened) -> None:
        """Close a stream; what it still buffers is dropped."""
        with self._lock, _quiet():
            with contextlib.suppress(OSError):
                opened.stream.close()
            if opened in self._opened:
                self._opened.remove(opened)
            self._changed.notify_all()

    def _look_again(self) -> bool:
        """Begin anew, if nothing speaks against it."""
        now_s = time.monotonic()
        if now_s - self._looked_s < self._look_every_s or any(
            one.running and one.way is Way.IN for one in self._opened
        ):
            return False
        for one in [one for one in self._opened if not one.running]:
            self.give_back(one)
        self.looking = True
        try:
            if not self._changed.wait_for(lambda: not self._opened, _YIELD_S):
                return False
            self._end()
            self._begin()
            return True
        finally:
            self.looking = False
            self._changed.notify_all()

    def names(self, way: Way) -> list[str]:
        """What is there."""
        with self._lock, _quiet():
            self._begin()
            return [name for _, name in self._devices(way)]

    def close(self) -> None:
        """Give up all streams. May be called twice."""
        with self._lock, _quiet():
            self._end()

    def _begin(self) -> None:
        if self._portaudio is not None:
            return
        # Then ALSA itself converts for every card (`plughw:` for `hw:`), in C.
        os.environ.setdefault("PA_ALSA_PLUGHW", "1")
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(self._handler)
        self._portaudio = self._pyaudio.PyAudio()
        self._looked_s = time.monotonic()

    def _end(self) -> None:
        if self._portaudio is not None:
            self._portaudio.terminate()
        self._portaudio = None
        self._opened.clear()

    def _devices(self, way: Way) -> list[tuple[int, str]]:
        channels = "maxInputChannels" if way is Way.IN else "maxOutputChannels"
        told = (self._portaudio.get_device_info_by_index(at) for at in range(self._portaudio.get_device_count()))
        return [(int(info["index"]), str(info["name"])) for info in told if info[channels] > 0]

    def _choose(self, way: Way, name: str) -> tuple[int, str]:
        there = self._devices(way)
        what = "microphone" if way is Way.IN else "speaker"
        if not there:
            raise error_of(way, f"There is no {what}. Is it plugged in?")
        wanted = name.casefold() or "default"
        exact = [one for one in there if one[1].casefold() == wanted]
        found = exact or [one for one in there if wanted in one[1].casefold()]
        if found:
            return found[0]
        if not name:
            return there[0]
        listed = ", ".join(one for _, one in there)
        raise error_of(way, f"There is no {what} called {name!r}; there are: {listed}.")

    def _open(self, way: Way, name: str) -> Opened:
        index, device = self._choose(way, name)
        own_hz = int(self._portaudio.get_device_info_by_index(index)["defaultSampleRate"])
        rates = dict.fromkeys((self._first.rate_hz, limits.SAMPLE_RATE_HZ, own_hz, *_OTHER_RATES_HZ))
        reason = ""
        for rate_hz in rates:
            for channels in dict.fromkeys((self._first.channels, 1, 2)):
                try:
                    stream = self._stream(way, index, Format(rate_hz, channels))
                except OSError as error:
                    reason = reason_of(error)
                    continue
                opened = Opened(stream, device, Format(rate_hz, channels), way)
                self._opened.append(opened)
                return opened
        what = "microphone" if way is Way.IN else "speaker"
        raise error_of(way, f"The {what} {device} cannot be opened: {reason}. Does another program use it?")

    def _stream(self, way: Way, index: int, asked: Format) -> Any:
        incoming = {"input": True, "input_device_index": index}
        outgoing = {"output": True, "output_device_index": index}
        return self._portaudio.open(
            format=self._pyaudio.paInt16,
            channels=asked.channels,
            rate=asked.rate_hz,
            frames_per_buffer=asked.rate_hz * _PERIOD_MS[way] // 1000,
            start=False,
            **(incoming if way is Way.IN else outgoing),
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what PortAudio and ALSA write to stderr off it; lines of others are passed on when it is over."""
    try:
        real = os.dup(2)
    except OSError:
        yield
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(real, 2)
            os.close(real)
            kept.seek(0)
            for line in kept:
                if not line.startswith(_LIBRARY_LINES) and line.strip():
                    os.write(2, line)
