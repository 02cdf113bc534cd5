from __future__ import annotations

from datetime import datetime

import pytest

from language.entities import Slot, read

NOW = datetime(2026, 11, 23, 14, 30)
WAKE = Slot(name="when", kind="when", early=True)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("seven", "2026-11-24T07:00"),
        ("seven tomorrow", "2026-11-24T07:00"),
        ("seven p m", "2026-11-23T19:00"),
        ("seven tonight", "2026-11-23T19:00"),
        ("six today", "2026-11-23T18:00"),
        ("two", "2026-11-24T14:00"),
        ("in twenty minutes", "2026-11-23T14:50"),
    ],
)
def test_an_early_slot_takes_a_bare_hour_for_the_morning(words: str, meant: str) -> None:
    assert read(WAKE, words, NOW) == meant
