"""Which engines hear, speak and read: chosen once, by name; `auto` takes the best that is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from cloud.ear import Heard
from cloud.errors import ConfigError
from cloud.lam.exact import ExactCorrector
from cloud.lam.perception import Corrector
from cloud.lam.pictures import ReadText
from cloud.lam.toolbox import Toolbox
from cloud.models import ocr
from cloud.speech.stt import MoonshineSpeech, SpeechToText
from cloud.speech.tts import EspeakVoice, TextToSpeech

STT: dict[str, Callable[[], SpeechToText]] = {"moonshine": MoonshineSpeech}
TTS: dict[str, Callable[[], TextToSpeech]] = {"espeak": EspeakVoice}
T = TypeVar("T")
Weights = tuple[tuple[str, float], ...]


class Engines(Struct, frozen=True, kw_only=True):
    """The engines of one cloud. `reader` is None when the vision extra is not installed."""

    stt: SpeechToText
    tts: TextToSpeech
    corrector: Corrector
    reader: ReadText | None = None

    async def ready(self) -> None:
        """Loads what is loaded late, so that the first utterance does not wait."""
        await asyncio.gather(self.stt.ready(), _said(self.tts))

    async def close(self) -> None:
        """Gives back threads and models."""
        await self.stt.close()
        await self.tts.close()

    async def weigh(self, heard: Heard, toolbox: Toolbox, zone: ZoneInfo) -> Weights:
        """How the sound itself weighs the sentences that may have been meant, while it is still at hand."""
        return ()


def choose(stt: str, tts: str) -> Engines:
    """The engines of these names. Raises ConfigError."""
    return Engines(
        stt=_named("stt", stt, STT, ("moonshine",)),
        tts=_named("tts", tts, TTS, ("espeak",)),
        corrector=ExactCorrector(),
        reader=ocr.RapidReader() if ocr.installed() else None,
    )


def _named(key: str, name: str, made: dict[str, Callable[[], T]], best: tuple[str, ...]) -> T:
    chosen = best[0] if name == "auto" else name
    if chosen not in made:
        raise ConfigError(f"{key} {name!r} is none; write auto or one of {', '.join(sorted(made))}")
    return made[chosen]()


async def _said(tts: TextToSpeech) -> None:
    async for _ in tts.speak("Ready."):
        pass
