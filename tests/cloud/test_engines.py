"""Which engines are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from cloud.ear import Heard
from cloud.engines import STT, TTS, choose
from cloud.errors import ConfigError
from cloud.lam.toolbox import Toolbox


def test_auto_takes_an_engine_that_is_there() -> None:
    chosen = choose("auto", "auto")
    assert chosen.stt.name
    assert chosen.tts.name


@pytest.mark.parametrize(("stt", "tts", "says"), [("whisperer", "auto", "stt"), ("auto", "parrot", "tts")])
def test_an_unknown_engine_is_told_with_those_that_there_are(stt: str, tts: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        choose(stt, tts)
    assert all(name in str(refused.value) for name in (STT if says == "stt" else TTS))


class SlowSound:
    """Evidence of a machine that has no time."""

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        await asyncio.Event().wait()
        return []

    async def again(self) -> tuple[str, ...]:
        return ()


async def test_sound_that_takes_too_long_to_weigh_is_left_to_its_words() -> None:
    engines = choose("auto", "auto")
    heard = Heard(text="what time is it", engine="slow", spoken=True, evidence=SlowSound())
    books = [Toolbox().phrasebook()]
    assert await engines.weigh(heard, books, datetime(2026, 11, 23, 14, 0), within_s=0.01) == ()
