"""What is due is begun once: over restarts, days off, changed clocks and zones."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cloud.schedules.deciding import Firing, Schedule, look
from language.recurrences.occurring import next_after
from language.recurrences.reading import parse_recurrence
from tests.cloud.schedules.conftest import BERLIN, Home, Planner, SetClock


async def due_times(plan: Planner, hours: int) -> list[str]:
    """What was begun in the coming hours, looked at each half hour: the times on the wall."""
    begun = []
    for _ in range(2 * hours):
        plan.clock.now += 1800
        begun += [plan.wall() for _ in await plan.fire()]
    return begun


async def test_in_spring_what_the_clock_leaves_out_is_done_when_it_has_jumped(home: Home) -> None:
    home.clock.set(2026, 3, 28, 12, 0)
    async with home.open() as plan:
        await plan.ask("every day at half past two in the night brew a large tea")
        assert await due_times(plan, 48) == ["Sun 03:00 CEST", "Mon 02:30 CEST"]
    assert home.house.did == ["large", "large"]


async def test_in_autumn_what_the_clock_shows_twice_is_done_once(home: Home) -> None:
    home.clock.set(2026, 10, 24, 12, 0)
    async with home.open() as plan:
        await plan.ask("every day at half past two in the night brew a large tea")
        assert await due_times(plan, 49) == ["Sun 02:30 CEST", "Mon 02:30 CET"]


async def test_after_a_day_off_what_was_missed_is_told_in_one_sentence_once(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every two hours say hello")
        await plan.ask("every day at nine brew a large tea")
    home.clock.set(2026, 11, 27, 15, 30)
    async with home.open() as plan:
        await plan.fire()
        assert await plan.told() == ["While I was away I missed “say hello” eleven times and “brew a large tea”."]
        await plan.fire()
        assert len(await plan.told()) == 1
    async with home.open() as plan:
        assert len(await plan.told()) == 1
    assert home.house.did == ["greet"], "what only reads is made up for, the last time of it; tea at three is late"


async def test_what_is_a_little_late_is_done_and_what_is_too_late_is_told(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight brew a large tea")
        home.clock.set(2026, 11, 27, 8, 50)
        assert await plan.fire() == ["Done: large."]
        home.clock.set(2026, 11, 28, 9, 10)
        assert await plan.fire() == []
        assert await plan.told() == ["While I was away I missed “brew a large tea”."]
        (kept,) = await plan.schedules()
        past = await plan.records.history("ada", kept.id)
        assert [(one.firing.status, one.ended) for one in past] == [("missed", ""), ("started", "done")]


async def test_a_clock_that_is_put_back_has_nothing_done_again(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every hour brew a large tea")
        plan.clock.set(2026, 11, 26, 16, 0)
        assert len(await plan.fire()) == 1
        plan.clock.set(2026, 11, 26, 15, 30)
        assert await due_times(plan, 1) == []
        plan.clock.set(2026, 11, 26, 17, 0)
        assert len(await plan.fire()) == 1
    assert home.house.did == ["large", "large"]


async def test_a_clock_that_was_years_ahead_does_not_end_a_schedule(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight brew a large tea")
        plan.clock.set(2031, 1, 1, 8, 0)
        await plan.fire()
        plan.clock.set(2026, 11, 27, 7, 59)
        await plan.fire()
        plan.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["Done: large."]


async def test_a_person_who_moves_gets_it_at_that_time_of_the_new_place_and_not_twice(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight brew a large tea")
        plan.clock.set(2026, 11, 27, 8, 0)
        assert len(await plan.fire()) == 1
    async with home.open(ZoneInfo("America/New_York")) as plan:
        assert await due_times(plan, 30) == ["Sat 14:00 CET"], "eight in New York, and not the Friday once more"


async def test_a_pinned_zone_stays_when_the_person_moves(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight brew a large tea")
        (kept,) = await plan.schedules()
        await plan.records.change("ada", kept.id, zone="Europe/Berlin")
    async with home.open(ZoneInfo("America/New_York")) as plan:
        assert await due_times(plan, 24) == ["Fri 08:00 CET"]


async def test_an_instant_that_a_crash_cut_off_is_begun_once(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight brew a large tea")
        (kept,) = await plan.schedules()
        home.clock.set(2026, 11, 27, 8, 0)
        firing = Firing(schedule=kept.id, due_at=home.clock.now, person="ada", status="due", at=home.clock.now)
        # Its task is there, and the row does not know of it: as a crash between the two leaves them.
        await plan.records.put_firing(firing)
        task = await plan.ada.runner.submit(plan.firings.command_of(kept, firing))
        await plan.ada.end(task)
    async with home.open() as plan:
        await plan.fire()
        past = await plan.records.history("ada", kept.id)
        assert [(one.firing.task, one.ended) for one in past] == [(task, "done")]
    assert home.house.did == ["large"]


async def test_a_full_runner_is_waited_for(home: Home) -> None:
    async with home.open(tasks=1) as plan:
        await plan.ask("every day at eight brew a large tea")
        dig = await plan.ada.say("dig a hole")
        home.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == []
        home.house.release.set()
        await plan.ada.end(dig)
        assert await plan.fire() == ["Done: large."]


@pytest.mark.parametrize(
    ("overlap", "statuses"), [("skip", ["overlapped", "started"]), ("queue", ["started", "started"])]
)
async def test_two_runs_of_a_schedule_do_not_overlap(home: Home, overlap: str, statuses: list[str]) -> None:
    async with home.open() as plan:
        await plan.ask("every hour dig a hole")
        (kept,) = await plan.schedules()
        await plan.records.change("ada", kept.id, overlap=overlap)
        plan.clock.set(2026, 11, 26, 16, 0)
        await plan.firings.fire_due()
        plan.clock.set(2026, 11, 26, 17, 0)
        await plan.firings.fire_due()
        await plan.firings.fire_due()
        assert len(await plan.ada.runner.tasks.open_ones("ada")) == 1
        home.house.release.set()
        for task in await plan.ada.runner.tasks.open_ones("ada"):
            await plan.ada.end(task.id)
        await plan.fire()
        past = await plan.records.history("ada", kept.id)
        assert [one.firing.status for one in past] == statuses
    assert len(home.house.did) == statuses.count("started")


async def test_where_it_may_two_runs_go_on_side_by_side(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every hour dig a hole")
        (kept,) = await plan.schedules()
        await plan.records.change("ada", kept.id, overlap="together")
        for hour in (16, 17):
            plan.clock.set(2026, 11, 26, hour, 0)
            await plan.firings.fire_due()
        assert len(await plan.ada.runner.tasks.open_ones("ada")) == 2
        home.house.release.set()


async def test_what_happens_once_is_over_afterwards(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("once tomorrow at eight brew a large tea")
        assert len(await plan.schedules()) == 1
        plan.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["Done: large."]
        await plan.fire()
        assert await plan.schedules() == []


async def test_the_loop_sleeps_until_the_next_instant(home: Home) -> None:
    async with home.open() as plan:
        assert await plan.firings.fire_due() is None
        await plan.ask("every day at eight brew a large tea")
        assert await plan.firings.fire_due() == 17 * 3600


def schedule(words: str, now: float) -> Schedule:
    rule = parse_recurrence(words, datetime.fromtimestamp(now, BERLIN))
    assert rule is not None
    return Schedule(id="s", person="ada", name="x", text="x", rule=rule, effect="read", created_at=now, settled_at=now)


def test_of_months_off_only_the_last_is_looked_at_and_all_are_counted() -> None:
    begin = SetClock(2026, 1, 1, 12, 0).now
    one = schedule("every day at eight", begin)
    seen = look(one, BERLIN, begin + 90 * 86_400)
    assert seen.missed == 90 and len(seen.firings) == 10
    assert next_after(one.rule, BERLIN, seen.settled_at) is not None
