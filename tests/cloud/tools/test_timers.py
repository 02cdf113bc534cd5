from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloud.lam.errors import ToolError
from cloud.tasks.timers import MOST_TIMERS


async def test_a_timer_says_how_long_it_runs_and_how_much_is_left(bench: Any) -> None:
    assert (await bench.use("set_timer", duration=1200)).sentence == "Your timer is set for twenty minutes."
    bench.clock.now += 400
    assert (await bench.use("list_timers")).sentence == "Your timer has thirteen minutes left."


async def test_seconds_are_told_in_the_last_minutes(bench: Any) -> None:
    await bench.use("set_timer", duration=95, label="egg")
    assert (await bench.use("list_timers")).sentence == "Your egg timer has one minute and thirty five seconds left."


async def test_several_timers_are_told_apart_by_name(bench: Any) -> None:
    await bench.use("set_timer", duration=600, label="pasta")
    await bench.use("set_timer", duration=3600)
    told = (await bench.use("list_timers")).sentence
    assert told == "You have two timers: the pasta timer with ten minutes left and the timer with one hour left."
    unclear = await bench.use("cancel_timer")
    assert (unclear.status, unclear.sentence[:23]) == ("failed", "You have the pasta time")
    assert (await bench.use("cancel_timer", label="pasta")).sentence == "Your pasta timer is cancelled."
    assert (await bench.use("cancel_timer")).sentence == "Your timer is cancelled."
    assert (await bench.use("list_timers")).sentence == "No timer is running."
    assert (await bench.use("cancel_timer")).sentence == "There is no timer to cancel."


async def test_all_are_cancelled_together(bench: Any) -> None:
    for seconds in (60, 120):
        await bench.use("set_timer", duration=seconds)
    assert (await bench.use("cancel_timer", which="all")).sentence == "Your timers are cancelled."


async def test_an_alarm_rings_at_the_time_of_the_persons_zone(bench: Any) -> None:
    outcome = await bench.use("set_alarm", when="2026-11-24T07:00")
    assert outcome.sentence == "Your alarm is set for seven a m tomorrow."
    alarm = (await bench.timers.waiting("ada", "alarm"))[0]
    assert alarm.due_at - bench.clock.now == 16.5 * 3600
    assert (await bench.use("list_alarms")).sentence == "Your alarm is set for seven a m tomorrow."
    assert (await bench.use("cancel_alarm")).sentence == "Your alarm is cancelled."
    assert (await bench.use("list_alarms")).sentence == "No alarm is set."


async def test_a_timer_runs_as_long_as_it_says_also_when_the_clocks_change(bench: Any) -> None:
    bench.clock.now = datetime(
        2026, 10, 25, 0, 50, tzinfo=UTC
    ).timestamp()  # ten to three in Berlin, for the first time
    await bench.use("set_timer", duration=1200)
    assert (await bench.timers.waiting("ada"))[0].due_at - bench.clock.now == 1200


@pytest.mark.parametrize(
    ("said", "when", "due", "sentence"),
    [
        # Half past two comes twice: said between the two it is the second.
        ((10, 24, 20, 0), "2026-10-25T02:30", (10, 25, 0, 30), "two thirty a m tomorrow"),
        ((10, 25, 0, 45), "2026-10-25T02:30", (10, 25, 1, 30), "two thirty a m"),
        ((10, 24, 20, 0), "2026-10-25T07:00", (10, 25, 6, 0), "seven a m tomorrow"),
        # Half past two is left out: it is told when it rings.
        ((3, 28, 20, 0), "2026-03-29T02:30", (3, 29, 1, 30), "three thirty a m tomorrow"),
        ((3, 29, 0, 45), "2026-03-29T03:15", (3, 29, 1, 15), "three fifteen a m"),
        ((3, 28, 20, 0), "2026-03-29T07:00", (3, 29, 5, 0), "seven a m tomorrow"),
    ],
)
async def test_an_alarm_rings_when_it_is_that_late_also_when_the_clocks_change(
    bench: Any, said: tuple[int, ...], when: str, due: tuple[int, ...], sentence: str
) -> None:
    bench.clock.now = datetime(2026, *said, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]
    assert (await bench.use("set_alarm", when=when)).sentence == f"Your alarm is set for {sentence}."
    (alarm,) = await bench.timers.waiting("ada", "alarm")
    assert alarm.due_at == datetime(2026, *due, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("said", "when"), [((10, 25, 1, 45), "2026-10-25T02:30"), ((3, 29, 1, 45), "2026-03-29T03:15")]
)
async def test_an_alarm_that_has_passed_is_refused_also_when_the_clocks_change(
    bench: Any, said: tuple[int, ...], when: str
) -> None:
    bench.clock.now = datetime(2026, *said, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]
    with pytest.raises(ToolError, match="passed"):
        await bench.use("set_alarm", when=when)


async def test_a_timer_that_waited_for_a_network_runs_from_when_it_was_said(bench: Any) -> None:
    await bench.use("set_timer", duration=1200, waited_s=300)
    assert (await bench.timers.waiting("ada"))[0].due_at - bench.clock.now == 900
    with pytest.raises(ToolError, match="ran out five minutes ago"):
        await bench.use("set_timer", duration=600, waited_s=900)


async def test_an_alarm_in_the_past_is_refused(bench: Any) -> None:
    with pytest.raises(ToolError, match="passed"):
        await bench.use("set_alarm", when="2026-11-23T14:30")


async def test_a_step_that_runs_again_after_a_crash_sets_no_second_timer(bench: Any) -> None:
    for _ in range(2):
        await bench.use("set_timer", task="same", duration=60)
    assert len(await bench.timers.waiting("ada")) == 1


async def test_what_rings_is_silenced_by_any_way_of_saying_so(bench: Any) -> None:
    for words in ("stop_ringing", "cancel_timer", "stop"):
        await bench.use("set_timer", duration=1)
        bench.clock.now += 1
        await bench.timers.ring_due()
        assert (await bench.use(words)).sentence == "Okay."
    assert (await bench.use("stop_ringing")).sentence == "There is nothing to stop."
    kinds = [event.kind for event in await bench.log.read("ada")]
    assert [kind for kind in kinds if kind != "timers"] == ["ring", "ring_stopped"] * 3


async def test_a_halt_stops_what_is_being_done(bench: Any) -> None:
    bench.running = 1
    assert (await bench.use("stop")).sentence == "Stopped."
    assert (await bench.use("stop")).sentence == "There is nothing to stop."


async def test_one_persons_timers_are_no_business_of_anothers(bench: Any) -> None:
    await bench.use("set_timer", person="bob", duration=60)
    assert (await bench.use("list_timers")).sentence == "No timer is running."
    assert (await bench.use("cancel_timer")).sentence == "There is no timer to cancel."
    assert len(await bench.timers.waiting("bob")) == 1


async def test_there_is_an_end_to_how_many_timers_one_may_have(bench: Any) -> None:
    for _ in range(MOST_TIMERS):
        await bench.use("set_timer", duration=60)
    with pytest.raises(ToolError, match="too many"):
        await bench.use("set_timer", duration=60)
