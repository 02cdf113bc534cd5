"""Which engines hear, speak and read: chosen once, by name; `auto` takes the best that is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import structlog
from msgspec import Struct

from cloud.ear import Heard
from cloud.errors import ConfigError
from cloud.lam.pictures import ReadText
from cloud.lam.toolbox import Phrasebook
from cloud.models import ocr
from cloud.speech.correction import PhoneticCorrector, understood
from cloud.speech.hearing import Weights, weigh
from cloud.speech.stt import MoonshineSpeech, SpeechToText
from cloud.speech.tts import EspeakVoice, TextToSpeech

STT: dict[str, Callable[[], SpeechToText]] = {"moonshine": MoonshineSpeech}
TTS: dict[str, Callable[[], TextToSpeech]] = {"espeak": EspeakVoice}
T = TypeVar("T")
log = structlog.get_logger()


class Engines(Struct, frozen=True, kw_only=True):
    """The engines of one cloud. `reader` is None when the vision extra is not installed."""

    stt: SpeechToText
    tts: TextToSpeech
    corrector: PhoneticCorrector
    reader: ReadText | None = None

    async def ready(self) -> None:
        """Loads what is loaded late, so that the first utterance does not wait."""
        await asyncio.gather(self.stt.ready(), _said(self.tts))

    async def close(self) -> None:
        """Gives back threads and models."""
        await self.stt.close()
        await self.tts.close()

    async def weigh(self, heard: Heard, books: Sequence[Phrasebook], now: datetime, within_s: float) -> Weights:
        """How the sound itself weighs the sentences that may have been meant, while it is still at hand.

        A person does not wait for long: after `within_s` the words are judged by their sounds alone.
        """
        if heard.evidence is None or is_dictation(heard.text, books, now):
            return ()
        try:
            async with asyncio.timeout(within_s):
                return await weigh(heard.text, heard.evidence, self.corrector, books, now)
        except TimeoutError:
            log.warning("weighing_cut_short", after_s=within_s)
            return ()


def is_dictation(text: str, books: Sequence[Phrasebook], now: datetime) -> bool:
    """Whether the words are a request with dictated ones, as they stand: no other sentence is worth weighing then."""
    meanings = [understood(text, book, now) for book in books]
    return any(meaning is not None and meaning.is_open for meaning in meanings)


def choose(stt: str, tts: str) -> Engines:
    """The engines of these names. Raises ConfigError."""
    return Engines(
        stt=_named("stt", stt, STT, ("moonshine",)),
        tts=_named("tts", tts, TTS, ("espeak",)),
        corrector=PhoneticCorrector(),
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
