"""Which engines hear, speak and read: chosen once, by name; `auto` takes the best that is installed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import structlog
from msgspec import Struct

from cloud.config import Config, read_key
from cloud.ear import Heard
from cloud.errors import ConfigError
from cloud.lam.pictures import ReadText
from cloud.lam.toolbox import Phrasebook
from cloud.models import ocr
from cloud.speech.correction import PhoneticCorrector, understood
from cloud.speech.endpoint import Address, Endpoint, EndpointVoice
from cloud.speech.errors import SpeechError
from cloud.speech.fallback import FallbackSpeech
from cloud.speech.framing import framed
from cloud.speech.hearing import Weights, weigh
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.piper import PiperSpeech
from cloud.speech.standby import StandbySpeech, StandbyVoice
from cloud.speech.stt import NOTHING_HEARD, SpeechToText
from cloud.speech.switching import SwitchingSpeech, SwitchingVoice
from cloud.speech.tts import EspeakVoice, TextToSpeech
from cloud.speech.whisper import WhisperSpeech
from cloud.stronger import piper_path, stronger_ear, stronger_voice, whisper_folder
from cloud.upgrades import Candidate, Upgrade
from wire.outcomes import OUTCOMES

Watch = Callable[[str], None]  # is told each secret that is read
STT: dict[str, Callable[[Config, Watch], SpeechToText]] = {
    "moonshine": lambda config, watch: MoonshineSpeech(),
    "whisper": lambda config, watch: StandbySpeech(WhisperSpeech(whisper_folder(config)), MoonshineSpeech()),
    "openai": lambda config, watch: FallbackSpeech(_endpoint("transcription", config, watch), MoonshineSpeech()),
}
TTS: dict[str, Callable[[Config, Watch], TextToSpeech]] = {
    "espeak": lambda config, watch: EspeakVoice(),
    "piper": lambda config, watch: StandbyVoice(PiperSpeech(piper_path(config)), EspeakVoice()),
    "openai": lambda config, watch: StandbyVoice(
        EndpointVoice(_endpoint("speech", config, watch)), EspeakVoice(), patience_s=2 * config.speech.deadline_s
    ),
}
# Sentences of the house that a person may hear at any moment.
SAID_OFTEN = (*(ending.sentence for ending in OUTCOMES.values() if ending.sentence), *NOTHING_HEARD.values())
T = TypeVar("T")
log = structlog.get_logger()


class Engines(Struct, frozen=True, kw_only=True):
    """The engines of one cloud. `reader` is None when the vision extra is not installed."""

    stt: SpeechToText
    tts: TextToSpeech
    corrector: PhoneticCorrector
    reader: ReadText | None = None
    upgrades: tuple[Upgrade, ...] = ()  # what `auto` brings into use when it is there

    async def ready(self) -> None:
        """Loads what is loaded late, so that the first utterance does not wait."""
        await asyncio.gather(self.stt.ready(), self.tts.prepare(("Ready.",)))

    async def prepare(self) -> None:
        """Makes beforehand what is said often; what cannot be said is only logged: it is tried again when it is due."""
        try:
            await self.tts.prepare(SAID_OFTEN)
        except SpeechError as error:
            log.warning("not_prepared", voice=self.tts.name, reason=str(error))

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
            corrector = framed(heard.text, self.corrector, now) or self.corrector
            async with asyncio.timeout(within_s):
                return await weigh(heard.text, heard.evidence, corrector, books, now)
        except TimeoutError:
            log.warning("weighing_cut_short", after_s=within_s)
            return ()


def is_dictation(text: str, books: Sequence[Phrasebook], now: datetime) -> bool:
    """Whether the words are a request with dictated ones, as they stand: no other sentence is worth weighing then."""
    meanings = [understood(text, book, now) for book in books]
    return any(meaning is not None and meaning.is_open for meaning in meanings)


def choose(config: Config, watch: Watch = lambda secret: None) -> Engines:
    """The engines that the configuration names. Raises ConfigError."""
    stt, ear = _hearing(config, watch)
    tts, voice = _speaking(config, watch)
    return Engines(
        stt=stt,
        tts=tts,
        corrector=PhoneticCorrector(),
        reader=ocr.RapidReader() if ocr.installed() else None,
        upgrades=tuple(Upgrade(one) for one in (voice, ear) if one is not None),
    )


def _hearing(config: Config, watch: Watch) -> tuple[SpeechToText, Candidate | None]:
    if config.stt != "auto":
        return _named("stt", config.stt, STT)(config, watch), None
    switching = SwitchingSpeech(MoonshineSpeech())
    return switching, stronger_ear(config, switching)


def _speaking(config: Config, watch: Watch) -> tuple[TextToSpeech, Candidate | None]:
    if config.tts != "auto":
        return _named("tts", config.tts, TTS)(config, watch), None
    switching = SwitchingVoice(EspeakVoice())
    return switching, stronger_voice(config, switching, SAID_OFTEN)


def _endpoint(section: Literal["transcription", "speech"], config: Config, watch: Watch) -> Endpoint:
    told = getattr(config, section)
    if not (told.url.startswith(("http://", "https://")) and told.model):
        raise ConfigError(f"openai needs {section}.url (https://…/v1) and {section}.model")
    key = read_key(told.key_file, f"{section}.key_file")
    if key:
        watch(key)
    voice = getattr(told, "voice", "")
    return Endpoint(Address(url=told.url, model=told.model, key=key, voice=voice, deadline_s=told.deadline_s))


def _named(key: str, name: str, made: dict[str, T]) -> T:
    if name not in made:
        raise ConfigError(f"{key} {name!r} is none; write auto or one of {', '.join(sorted(made))}")
    return made[name]
