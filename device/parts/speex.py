"""From one sample rate to another by SpeexDSP, the C library that ALSA itself uses: a hundredth of what Python takes.

It is a small library (`libspeexdsp1`) and needs no numpy. Where it is missing `device.resampling` does the same.
"""

from __future__ import annotations

import ctypes
import weakref
from array import array
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Protocol

from device.resampling import Resampler

# Of 0 to 10: what folds back is 60 dB down, and the filter 2 ms late.
_QUALITY: Final = 4
_NAMES: Final = ("libspeexdsp.so.1",)


class Converter(Protocol):
    """Streaming, mono, s16."""

    def feed(self, samples: array[int]) -> array[int]:
        """What of the output is complete with these samples."""
        ...

    def rest(self) -> array[int]:
        """Nothing follows: what the filter still holds back."""
        ...


@cache
def speexdsp() -> Any:
    """The library, or None."""
    for name in _NAMES:
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        found.speex_resampler_init.restype = ctypes.c_void_p
        found.speex_resampler_destroy.argtypes = (ctypes.c_void_p,)
        found.speex_resampler_get_input_latency.argtypes = (ctypes.c_void_p,)
        counts = (ctypes.POINTER(ctypes.c_uint32), ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32))
        found.speex_resampler_process_int.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, *counts)
        return found
    return None


def converter(from_hz: int, to_hz: int, library: Callable[[], Any] = speexdsp) -> Converter:
    """The best there is."""
    found = None if from_hz == to_hz else library()
    return Resampler(from_hz, to_hz) if found is None else Speex(found, from_hz, to_hz)


class Speex:
    """One stream's. Not for two threads at once."""

    def __init__(self, library: Any, from_hz: int, to_hz: int) -> None:
        self._library = library
        self._from_hz, self._to_hz = from_hz, to_hz
        problem = ctypes.c_int(0)
        made = library.speex_resampler_init(1, from_hz, to_hz, _QUALITY, ctypes.byref(problem))
        if not made:
            raise MemoryError(f"SpeexDSP makes no converter from {from_hz} to {to_hz} Hz: error {problem.value}")
        self._made = ctypes.c_void_p(made)
        weakref.finalize(self, library.speex_resampler_destroy, self._made)

    def feed(self, samples: array[int]) -> array[int]:
        made = array("h", bytes(2 * (len(samples) * self._to_hz // self._from_hz + 2)))
        taken, given = ctypes.c_uint32(len(samples)), ctypes.c_uint32(len(made))
        self._library.speex_resampler_process_int(
            self._made, 0, samples.buffer_info()[0], ctypes.byref(taken), made.buffer_info()[0], ctypes.byref(given)
        )
        return made[: given.value]

    def rest(self) -> array[int]:
        return self.feed(array("h", bytes(2 * self._library.speex_resampler_get_input_latency(self._made))))
