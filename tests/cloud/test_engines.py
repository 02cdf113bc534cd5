"""Which engines are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from cloud.config import Config, HeardEndpoint, SpokenEndpoint, Weights
from cloud.ear import Heard
from cloud.engines import STT, TTS, choose
from cloud.errors import ConfigError
from cloud.lam.toolbox import Toolbox
from cloud.speech.stt import Evidence
from cloud.stronger import piper_path, whisper_folder


def test_auto_takes_an_engine_that_is_there() -> None:
    chosen = choose(Config())
    assert chosen.stt.name
    assert chosen.tts.name


@pytest.mark.parametrize(("stt", "tts", "says"), [("whisperer", "auto", "stt"), ("auto", "parrot", "tts")])
def test_an_unknown_engine_is_told_with_those_that_there_are(stt: str, tts: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        choose(Config(stt=stt, tts=tts))
    assert all(name in str(refused.value) for name in (STT if says == "stt" else TTS))


def test_the_stronger_engines_are_looked_for_in_the_data_folder_or_where_the_setting_says(tmp_path: Path) -> None:
    there = Config(data_dir=tmp_path, weights=Weights(whisper=str(tmp_path), piper="/voices/joan.onnx"))
    assert whisper_folder(there) == tmp_path
    assert piper_path(there) == Path("/voices/joan.onnx")
    usual = Config(data_dir=tmp_path, stt="whisper", tts="piper")
    assert whisper_folder(usual) == tmp_path / "models" / "whisper-base.en"
    assert piper_path(usual) == tmp_path / "models" / "piper-en_US-lessac-medium" / "en_US-lessac-medium.onnx"
    assert choose(usual).tts.name == "piper-en_US-lessac-medium"


def test_an_endpoint_is_asked_with_the_key_in_its_file_which_no_log_will_show(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("sk-secret\n")
    secrets: list[str] = []
    voice = SpokenEndpoint(url="https://voice.example/v1", model="tts-1", key_file=str(key))
    chosen = choose(Config(tts="openai", speech=voice), secrets.append)
    assert chosen.tts.name == "openai-tts-1"
    assert secrets == ["sk-secret"]


@pytest.mark.parametrize(
    ("ear", "says"),
    [
        (HeardEndpoint(), r"transcription\.url"),
        (HeardEndpoint(url="https://ear.example/v1"), r"transcription\.model"),
        (HeardEndpoint(url="ear.example", model="m"), r"transcription\.url"),
        (HeardEndpoint(url="https://ear.example/v1", model="m", key_file="/nowhere/key"), r"transcription\.key_file"),
    ],
)
def test_an_endpoint_that_is_not_told_well_is_refused_with_the_setting(ear: HeardEndpoint, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        choose(Config(stt="openai", transcription=ear))


class SlowSound:
    """Evidence of a machine that has no time."""

    is_quick = True

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        await asyncio.Event().wait()
        return []

    async def again(self) -> tuple[tuple[str, ...], Evidence]:
        return (), self


async def test_sound_that_takes_too_long_to_weigh_is_left_to_its_words() -> None:
    engines = choose(Config())
    heard = Heard(text="what time is it", engine="slow", spoken=True, evidence=SlowSound())
    books = [Toolbox().phrasebook()]
    assert await engines.weigh(heard, books, datetime(2026, 11, 23, 14, 0), within_s=0.01) == ()
