from __future__ import annotations

from typing import Any

import pytest


async def test_the_time_is_that_of_the_person(bench: Any) -> None:
    outcome = await bench.use("time")
    assert outcome.sentence == "It is two thirty p m."
    assert outcome.card.title == "14:30"


async def test_the_date_is_said_as_people_say_it(bench: Any) -> None:
    assert (await bench.use("date")).sentence == "Today is Monday, the twenty third of November."


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        ("2026-12-24", "The twenty fourth of December is a Thursday."),
        ("2026-01-01", "The first of January was a Thursday."),
        ("2027-02-14", "The fourteenth of February twenty twenty seven is a Sunday."),
    ],
)
async def test_the_day_of_a_date_is_told(bench: Any, date: str, sentence: str) -> None:
    assert (await bench.use("day_of", date=date)).sentence == sentence
