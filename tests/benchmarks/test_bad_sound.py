"""The bad sound of the benchmark is as bad as it says."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.bad_sound import CONDITIONS, EMPTY, NOBODY, Room, table
from benchmarks.voice import Command, Result
from cloud.speech.sound import SAMPLE_RATE_HZ

SOUND = (0.3 * np.sin(np.arange(2 * SAMPLE_RATE_HZ) / 7)).astype(np.float32)
OTHER = (0.1 * np.sin(np.arange(5 * SAMPLE_RATE_HZ) / 11)).astype(np.float32)


def room() -> Room:
    return Room([OTHER], np.random.default_rng(1))


@pytest.mark.parametrize("name", [*CONDITIONS, *EMPTY])
def test_every_condition_gives_sound_that_can_be_sent(name: str) -> None:
    spoiled = {**CONDITIONS, **EMPTY}[name](SOUND, room())
    assert spoiled.dtype == np.float32 and np.isfinite(spoiled).all()


@pytest.mark.parametrize("ratio_db", [20, 0, -5])
def test_a_television_is_so_much_softer_than_who_speaks(ratio_db: int) -> None:
    name = f"television {ratio_db:+d} dB"
    both = CONDITIONS[name](SOUND, room())
    edge = SAMPLE_RATE_HZ // 2
    other = both.copy()
    other[edge:-edge] -= SOUND
    assert 10 * np.log10((SOUND**2).mean() / (other**2).mean()) == pytest.approx(ratio_db, abs=0.5)


def test_what_is_taken_wrongly_is_counted_by_what_it_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    order = Command("pizza", {}, "order a pizza", "flite-rms")
    came = {
        "noise +0 dB": [Result(order, "order a pizza", "exact", "pizza {}"), Result(order, "stop", "wrong", "stop {}")],
        "silence": [Result(NOBODY, "buy it", "wrong", "pizza {}"), Result(NOBODY, "", "refused")],
    }
    told = table(came, {"pizza": "irreversible", "stop": "reversible"})
    assert (told["inputs"], told["exact"], told["refused"], told["wrong"]) == (4, 1, 1, 2)
    assert told["wrong_and_can_be_undone"] == told["wrong_and_asked_about_before_it_is_done"] == 1
    assert told["taken_for_a_command_with_nobody_speaking"] == 1
    assert "silence: '' heard as 'buy it': pizza {}" in capsys.readouterr().out
