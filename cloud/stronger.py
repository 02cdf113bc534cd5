"""The stronger engines: where their weights are, where they come from, and how they are taken into use."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from cloud.config import Config
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.piper import PiperSpeech
from cloud.speech.standby import StandbySpeech, StandbyVoice
from cloud.speech.switching import SwitchingSpeech, SwitchingVoice
from cloud.speech.tts import EspeakVoice, TextToSpeech
from cloud.speech.weights import Wanted
from cloud.speech.whisper import WhisperSpeech
from cloud.upgrades import Candidate, timed

_WHISPER_FILES = (
    "config.json",
    "model.bin",
    "preprocessor_config.json",
    "tokenizer.json",
    "vocabulary.json",
    "vocabulary.txt",
)
_PIPER_VOICES = "rhasspy/piper-voices"


def whisper_folder(config: Config) -> Path:
    """Where the Whisper of this configuration is, or would be."""
    named = Path(config.weights.whisper)
    if named.is_dir():
        return named
    return config.data_dir / "models" / f"whisper-{config.weights.whisper.replace('/', '--')}"


def piper_path(config: Config) -> Path:
    """Where the Piper voice of this configuration is, or would be."""
    named = Path(config.weights.piper)
    if named.suffix == ".onnx":
        return named
    return config.data_dir / "models" / f"piper-{config.weights.piper}" / f"{config.weights.piper}.onnx"


def stronger_ear(config: Config, speech: SwitchingSpeech) -> Candidate | None:
    """Whisper for `speech`; None when faster-whisper is not installed."""
    if find_spec("faster_whisper") is None:
        return None
    folder = whisper_folder(config)
    engine = WhisperSpeech(folder)

    async def load() -> float:
        await engine.ready()
        return await timed(engine.ready)

    return Candidate(
        does="hears",
        name=engine.name,
        target=folder,
        wanted=(lambda: whisper_files(config.weights.whisper)) if config.weights.fetch else None,
        load=load,
        take=lambda: speech.switch(StandbySpeech(engine, MoonshineSpeech())),
        drop=engine.close,
    )


def stronger_voice(config: Config, voice: SwitchingVoice, said_often: tuple[str, ...]) -> Candidate | None:
    """A Piper voice for `voice`; None when piper-tts is not installed."""
    if find_spec("piper") is None:
        return None
    path = piper_path(config)
    engine: TextToSpeech = PiperSpeech(path)

    async def load() -> float:
        await engine.prepare(("Ready.",))
        took_s = await timed(lambda: engine.prepare(("All right.",)))
        await engine.prepare(said_often)
        return took_s

    return Candidate(
        does="speaks",
        name=engine.name,
        target=path.parent,
        wanted=(lambda: piper_files(config.weights.piper)) if config.weights.fetch else None,
        load=load,
        take=lambda: voice.switch(StandbyVoice(engine, EspeakVoice())),
        drop=engine.close,
    )


def whisper_files(name: str) -> Wanted:
    """The files of a Whisper: of a name that faster-whisper knows, or of a repository. Raises LookupError."""
    if "/" in name:
        return Wanted(repo=name, names=_WHISPER_FILES)
    from faster_whisper.utils import _MODELS

    if name not in _MODELS:
        raise LookupError(f"weights.whisper {name!r} is none; write one of {', '.join(_MODELS)}, or owner/name")
    return Wanted(repo=_MODELS[name], names=_WHISPER_FILES)


def piper_files(voice: str) -> Wanted:
    """The files of a Piper voice, `en_US-lessac-medium`. Raises LookupError."""
    language, _, rest = voice.partition("-")
    speaker, _, quality = rest.rpartition("-")
    if not (len(language.split("_")) == 2 and speaker and quality) or "/" in voice or ".." in voice:
        raise LookupError(f"weights.piper {voice!r} is no voice; write one such as en_US-lessac-medium, or a path")
    under = f"{language.partition('_')[0]}/{language}/{speaker}/{quality}"
    return Wanted(repo=_PIPER_VOICES, under=under, names=(f"{voice}.onnx", f"{voice}.onnx.json"))
