"""Timers ring once, in time, also after a restart."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.events import EventLog
from cloud.tasks.errors import TimersFull
from cloud.tasks.timers import LONGEST_WAIT_S, MOST_TIMERS, RINGING_S, Timer, Timers, missed_words


def timer(number: int, due_at: float, **more: Any) -> Timer:
    values = {"person": "ada", "task": "t", "kind": "timer", "label": "", "set_at": 0.0} | more
    return Timer(id=f"timer-{number}", due_at=due_at, **values)


async def rung(log: EventLog) -> list[str]:
    return [event.data["timer"] for event in await log.read("ada") if event.kind == "ring"]


async def test_a_timer_rings_once_when_its_time_has_come(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now + 10))
    assert await timers.ring_due() == 10
    assert await rung(log) == []
    clock.now += 10
    assert await timers.ring_due() is None
    await timers.ring_due()
    assert await rung(log) == ["timer-1"]


async def test_a_timer_missed_while_nothing_ran_rings_at_the_start_and_says_so(log: EventLog, clock: Any) -> None:
    await Timers(log, clock).set(timer(1, clock.now + 60, label="pasta"))
    clock.now += 660
    await Timers(log, clock).ring_due()
    _, ring, said, _ = await log.read("ada")
    assert (ring.kind, ring.data["late"]) == ("ring", True)
    assert said.data["text"] == "Your pasta timer was due ten minutes ago, while I was away."


async def test_a_cancelled_timer_never_rings(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now + 10))
    assert await timers.cancel("bob", ["timer-1"]) == 0
    assert await timers.cancel("ada", ["timer-1"]) == 1
    clock.now += 20
    await timers.ring_due()
    assert await rung(log) == []


async def test_one_timer_is_silenced_and_another_rings_on(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    for number in (1, 2):
        await timers.set(timer(number, clock.now + 10))
    clock.now += 10
    await timers.ring_due()
    assert await timers.stop_ringing("ada", "timer-1") == 1
    assert [event.data for event in await log.read("ada") if event.kind == "ring_stopped"] == [{"timer": "timer-1"}]
    assert await timers.stop_ringing("ada") == 1
    assert await timers.stop_ringing("ada") == 0


async def test_a_snoozed_timer_rings_again(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now + 10))
    clock.now += 10
    await timers.ring_due()
    assert await timers.stop_ringing("ada", "timer-1", 300) == 1
    assert await timers.ring_due() == 300
    clock.now += 300
    await timers.ring_due()
    assert await rung(log) == ["timer-1", "timer-1"]


async def test_one_too_many_is_refused_and_a_repeat_is_not_one_more(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    for number in range(MOST_TIMERS):
        await timers.set(timer(number, clock.now + 10))
    await timers.set(timer(0, clock.now + 10))
    with pytest.raises(TimersFull):
        await timers.set(timer(MOST_TIMERS, clock.now + 10))


async def told(log: EventLog) -> list[list[str]]:
    events = [event for event in await log.read("ada") if event.kind == "timers"]
    return [[one["timer"] for one in event.data["timers"]] for event in events]


async def test_after_each_change_all_that_nobody_has_stopped_is_told(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now + 20))
    await timers.set(timer(2, clock.now + 10, kind="alarm"))
    await timers.set(timer(2, clock.now + 10))
    assert await told(log) == [["timer-1"], ["timer-2", "timer-1"]]
    clock.now += 10
    await timers.ring_due()
    assert (await told(log))[2:] == [["timer-2", "timer-1"]], "what rings, too: a device that comes now must ring"
    await timers.stop_ringing("ada")
    await timers.cancel("ada", ["timer-1"])
    assert (await told(log))[3:] == [["timer-1"], []]
    assert await timers.unstopped("ada") == []


async def test_what_rang_a_day_ago_and_was_never_stopped_is_told_no_more(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now))
    await timers.ring_due()
    assert [one["timer"] for one in await timers.unstopped("ada")] == ["timer-1"]
    clock.now += RINGING_S
    assert await timers.unstopped("ada") == []


async def test_a_timer_that_is_named_is_stopped_also_before_it_rang(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    await timers.set(timer(1, clock.now + 10))
    assert await timers.stop_ringing("bob", "timer-1") == 0
    assert await timers.stop_ringing("ada", "timer-1") == 1
    clock.now += 10
    await timers.ring_due()
    assert await rung(log) == []


async def test_a_timer_of_a_device_is_taken_over_once_and_never_raised_from_the_dead(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    for _ in range(2):
        await timers.take_over(timer(1, clock.now + 10))
    assert await told(log) == [["timer-1"]]
    await timers.cancel("ada", ["timer-1"])
    await timers.take_over(timer(1, clock.now + 10))
    assert await timers.unstopped("ada") == []
    assert (await log.read("ada"))[-1].kind == "ring_stopped", "the device hears that it was stopped"


class Waits:
    """Stands in for time: the loop waits here until the test lets it go on."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[asyncio.Event, float | None]] = asyncio.Queue()
        self.go = asyncio.Event()

    async def __call__(self, changed: asyncio.Event, left_s: float | None) -> None:
        await self.asked.put((changed, left_s))
        await self.go.wait()
        self.go.clear()


async def test_the_loop_sleeps_until_the_next_timer_and_is_woken_by_a_new_one(log: EventLog, clock: Any) -> None:
    waits = Waits()
    timers = Timers(log, clock, wait=waits)
    loop = asyncio.create_task(timers.run())
    changed, left_s = await waits.asked.get()
    assert (changed.is_set(), left_s) == (False, None)
    await timers.set(timer(1, clock.now + 5))
    assert changed.is_set()
    waits.go.set()
    assert (await waits.asked.get())[1] == 5
    clock.now += 5
    waits.go.set()
    assert (await waits.asked.get())[1] is None
    assert await rung(log) == ["timer-1"]
    await timers.set(timer(2, clock.now + 7200))
    waits.go.set()
    assert (await waits.asked.get())[1] == LONGEST_WAIT_S
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


async def test_the_real_wait_ends_as_soon_as_a_timer_is_set(log: EventLog, clock: Any) -> None:
    timers = Timers(log, clock)
    loop = asyncio.create_task(timers.run())
    async with asyncio.timeout(40):
        tail = log.tail("ada")
        await timers.set(timer(1, clock.now))
        assert [(await anext(tail)).kind for _ in range(2)] == ["timers", "ring"]
        await tail.aclose()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


@given(late_s=st.floats(min_value=0, max_value=1e8), kind=st.sampled_from(["timer", "alarm"]))
def test_every_lateness_can_be_said(late_s: float, kind: Any) -> None:
    words = missed_words(timer(1, 0.0, kind=kind), late_s)
    assert words.startswith(f"Your {kind} was due ")
    assert words.endswith(" ago, while I was away.")
