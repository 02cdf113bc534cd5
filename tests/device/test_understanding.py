from __future__ import annotations

from datetime import datetime

import pytest

from device.understanding import Meaning, Wish, meaning_of
from language.entities import Value

NOW = datetime(2026, 11, 26, 14, 0)


@pytest.mark.parametrize(
    ("heard", "wish", "value"),
    [
        ("Set a timer for five minutes.", Wish.TIMER, 300),
        ("Please set a ten minute timer", Wish.TIMER, 600),
        ("Okay, timer for an hour and a half, please.", Wish.TIMER, 5400),
        ("Set a time worth for five minutes.", Wish.TIMER, 300),
        ("Wake me at seven", Wish.ALARM, "2026-11-27T07:00"),
        ("Woke me up at seven.", Wish.ALARM, "2026-11-27T07:00"),
        ("set an alarm for 6:30 tomorrow", Wish.ALARM, "2026-11-27T06:30"),
        ("What time is it?", Wish.TIME, ""),
        ("what's the date today", Wish.TIME, ""),
        ("How long is left on my timer?", Wish.LEFT, ""),
        ("cancel all my timers", Wish.CANCEL_TIMERS, ""),
        ("turn off the alarm", Wish.CANCEL_ALARMS, ""),
        ("Take a note: buy milk", Wish.NOTE, "buy milk"),
        ("remember that the key is under the mat", Wish.NOTE, "the key is under the mat"),
    ],
)
def test_what_needs_no_cloud_is_understood(heard: str, wish: Wish, value: Value) -> None:
    assert meaning_of(heard, NOW) == Meaning(wish, value)


@pytest.mark.parametrize(
    "heard",
    [
        "order a large pepperoni pizza",
        "book a table for two hours",
        "call me at seven",
        "the meeting is at seven",
        "remind me in ten minutes to call my mother",
        "set a timer",
        "cancel the order",
        "what time does the train leave",
        "",
        "?",
    ],
)
def test_all_else_waits(heard: str) -> None:
    assert meaning_of(heard, NOW) is None
