"""The one espeak-ng of the process: speech and phonemes. The library keeps global state, so one lock guards it.

Functions and constants are those of espeak-ng's `speak_lib.h`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from cloud.speech.errors import ModelMissing, VoiceFailed

_RETRIEVAL = 1
_UTF8 = 1
_IPA = 0x02
_RATE = 1
_NORMAL_WORDS_A_MINUTE = 165

_END, _WORD = 0, 1


class _Event(ctypes.Structure):
    """espeak_EVENT; positions in the sound are in ms."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """Made once by `espeak()`. Both methods are quick (2 ms for a sentence) and may be called from any thread."""

    def __init__(self) -> None:
        try:
            import espeakng_loader
        except ImportError as missing:
            raise ModelMissing("espeak-ng is not installed: pip install espeakng-loader") from missing
        self._lock = Lock()
        self._lib: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        data = str(espeakng_loader.get_data_path()).encode()
        self.sample_rate_hz: int = self._lib.espeak_Initialize(_RETRIEVAL, 0, data, 0)
        if self.sample_rate_hz <= 0:
            raise VoiceFailed(f"espeak-ng did not start with the data in {data.decode()}")
        self._take: Callable[[bytes], None] = lambda _: None
        self._starts: list[float] = []
        self._callback = _CALLBACK(self._on_samples)  # kept: the library calls it for as long as it lives
        self._lib.espeak_SetSynthCallback(self._callback)
        self._voice = ""
        self.phonemes = lru_cache(maxsize=20_000)(self._phonemes)

    def say(self, text: str, voice: str = "en-us", words_a_minute: int = _NORMAL_WORDS_A_MINUTE) -> bytes:
        """16-bit mono PCM at `sample_rate_hz`. Raises VoiceFailed when espeak-ng refuses."""
        return self._spoken(text, voice, words_a_minute)[0]

    def word_starts(self, text: str, voice: str = "en-us", words_a_minute: int = _NORMAL_WORDS_A_MINUTE) -> list[float]:
        """Where each word begins when `say` says it, in seconds."""
        return self._spoken(text, voice, words_a_minute)[1]

    def _spoken(self, text: str, voice: str, words_a_minute: int) -> tuple[bytes, list[float]]:
        pieces: list[bytes] = []
        spoken = text.encode()
        with self._lock:
            self._choose(voice)
            self._lib.espeak_SetParameter(_RATE, words_a_minute, 0)
            self._take = pieces.append
            starts: list[float] = []
            self._starts = starts
            failed = self._lib.espeak_Synth(spoken, len(spoken) + 1, 0, 0, 0, _UTF8, None, None)
            self._lib.espeak_Synchronize()
        if failed:
            raise VoiceFailed(f"espeak-ng could not say {text[:40]!r} (status {failed})")
        return b"".join(pieces), starts

    def _phonemes(self, text: str) -> str:
        """IPA of `text` in American English, words apart by spaces, with stress marks; `phonemes` remembers it."""
        found = []
        with self._lock:
            self._choose("en-us")
            place = ctypes.c_void_p(0)
            held = ctypes.create_string_buffer(text.encode())
            place.value = ctypes.addressof(held)
            while place.value:
                clause = self._lib.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, _IPA)
                found.append((clause or b"").decode())
        return " ".join(part.strip() for part in found if part.strip())

    def _choose(self, voice: str) -> None:
        if voice == self._voice:
            return
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise VoiceFailed(f"espeak-ng has no voice {voice!r}: espeak-ng --voices lists them")
        self._voice = voice

    def _on_samples(self, samples: Any, count: int, events: Any) -> int:
        at = 0
        while events and events[at].type != _END:
            if events[at].type == _WORD:
                self._starts.append(events[at].audio_position / 1000)
            at += 1
        if samples and count > 0:
            self._take(ctypes.string_at(samples, count * 2))
        return 0


@cache
def espeak() -> Espeak:
    """The engine, started at first use."""
    return Espeak()
