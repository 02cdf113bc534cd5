"""Some devices at one gateway process on a bad net. `python -m benchmarks.crowd` takes a thousand."""

from __future__ import annotations

import os
from array import array
from collections import Counter

import pytest
from msgspec.structs import replace

from tests.census import no_task_left
from tests.crowd import said
from tests.crowd.caller import Books, Weather
from tests.crowd.crowd import Crowd, Plan, Usage, gather

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# Bad enough that each line breaks in the seconds that there are; what is half-open takes half a minute to be noticed.
SHORT = Weather(jitter_ms=60, delay_ms=20, stall_ms=200, sliced=0.3, reset_every_s=1.0, half_open=0.0)
PLAN = Plan(devices=20, processes=0, seconds=1.0, think_s=0.2, seed=1, weather=SHORT)
LONG_PLAN = Plan(devices=200, processes=2, seconds=60.0, think_s=20.0, seed=1, weather=Weather(), within_s=10.0)


async def test_devices_on_a_bad_net_are_each_answered_once_and_none_with_anothers_words() -> None:
    async with no_task_left():
        came = await gather(LONG_PLAN if LONG else PLAN)
    assert came.clean, (came.books.wrong, came.missing, came.doubled, came.never_said)
    assert len(came.books.said) > 5 and came.books.samples_heard
    assert came.books.resets, "the net was really bad"
    assert came.usage.files_most <= came.usage.files_idle + LONG_PLAN.devices + 10


@pytest.mark.skipif(not LONG, reason="a gateway needs seconds to start; tests/cloud/gateway restarts one in a process")
async def test_twenty_devices_whose_gateway_is_killed_under_them_are_back_and_answered() -> None:
    came = await gather(replace(PLAN, processes=1, weather=replace(SHORT, reset_every_s=0.0), kill_after_s=1.0))
    assert came.clean, (came.books.wrong, came.missing, came.doubled, came.never_said)
    assert {number for at_ms, number in came.books.joined_at_ms if at_ms > came.killed_at_ms} == set(range(1, 21))


def test_what_is_said_is_known_by_its_sound() -> None:
    what = said.Said(7, 3, 480)
    assert said.heard(what.pcm(480)) == what == said.read(what.text)
    other = array("h", what.pcm(480))
    other[100] += 1
    assert said.heard(other.tobytes()) is None


@pytest.mark.parametrize(
    ("wrong", "amiss"),
    [(["1 1 960", "1 1 960"], "doubled"), ([], "missing"), (["1 1 960", "2 1 960"], "never_said")],
)
def test_the_sums_notice_what_is_amiss(wrong: list[str], amiss: str) -> None:
    came = Crowd(books=Books(said=["1 1 960"]), delivered=Counter(wrong), usage=Usage())
    assert getattr(came, amiss) and not came.clean
