"""Which engines are taken."""

from __future__ import annotations

import pytest

from cloud.engines import STT, TTS, choose
from cloud.errors import ConfigError


def test_auto_takes_an_engine_that_is_there() -> None:
    chosen = choose("auto", "auto")
    assert chosen.stt.name
    assert chosen.tts.name


@pytest.mark.parametrize(("stt", "tts", "says"), [("whisperer", "auto", "stt"), ("auto", "parrot", "tts")])
def test_an_unknown_engine_is_told_with_those_that_there_are(stt: str, tts: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        choose(stt, tts)
    assert all(name in str(refused.value) for name in (STT if says == "stt" else TTS))
