"""What is due is begun once: over restarts, days off, changed clocks and zones."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from cloud.schedules.deciding import Firing, coming, look
from language.recurrences.occurring import next_after
from tests.cloud.schedules.diary import BERLIN, Diary, SetClock

ROOT = Path(__file__).parents[3]
NEW_YORK = ZoneInfo("America/New_York")


async def test_in_spring_what_the_clock_leaves_out_is_done_when_it_has_jumped(diary: Diary) -> None:
    diary.clock.set(2026, 3, 28, 22, 0)
    async with diary.open():
        await diary.keep("every day at two in the night")
        assert await diary.over(28) == ["Sun 03:00 CEST", "Mon 02:00 CEST"]


async def test_in_autumn_what_the_clock_shows_twice_is_done_once(diary: Diary) -> None:
    diary.clock.set(2026, 10, 24, 22, 0)
    async with diary.open():
        await diary.keep("every day at two in the night")
        assert await diary.over(30) == ["Sun 02:00 CEST", "Mon 02:00 CET"]


async def test_after_a_day_off_what_was_missed_is_told_in_one_sentence_once(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("every two hours", "say hello", late_s=4 * 3600.0)
        await diary.keep("every day at nine", "brew tea")
    diary.clock.set(2026, 11, 27, 15, 30)
    async with diary.open():
        assert await diary.fire() == ["say hello"], "the last one is made up for; tea at half past three is late"
        assert await diary.told() == ["While I was away I missed “say hello” eleven times and “brew tea”."]
        assert await diary.fire() == []
    async with diary.open():
        await diary.fire()
        assert len(await diary.told()) == 1


async def test_what_is_a_little_late_is_done_and_what_is_too_late_is_told(diary: Diary) -> None:
    async with diary.open():
        kept = await diary.keep("every day at eight")
        diary.clock.set(2026, 11, 27, 8, 50)
        assert await diary.fire() == ["tea"]
        diary.clock.set(2026, 11, 28, 9, 10)
        assert await diary.fire() == []
        assert await diary.told() == ["While I was away I missed “tea”."]
        assert await diary.statuses(kept) == ["missed", "started"]


async def test_a_clock_that_is_put_back_has_nothing_done_again(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("every hour")
        diary.clock.set(2026, 11, 26, 16, 0)
        assert await diary.fire() == ["tea"]
        diary.clock.set(2026, 11, 26, 15, 30)
        assert await diary.over(1) == []
        diary.clock.set(2026, 11, 26, 17, 0)
        assert await diary.fire() == ["tea"]


async def test_a_clock_that_was_years_ahead_does_not_end_a_schedule(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("every day at eight")
        diary.clock.set(2031, 1, 1, 8, 0)
        await diary.fire()
        diary.clock.set(2026, 11, 27, 7, 59)
        assert await diary.fire() == []
        diary.clock.set(2026, 11, 27, 8, 0)
        assert await diary.fire() == ["tea"]


async def test_who_moves_gets_it_at_that_time_of_the_new_place_and_not_twice(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("every day at eight")
        await diary.keep("every day at eight", "pinned", zone="Europe/Berlin")
        diary.clock.set(2026, 11, 27, 8, 0)
        assert await diary.fire() == ["tea", "pinned"] or set(diary.begun) == {"tea", "pinned"}
        diary.begun.clear()
    async with diary.open(NEW_YORK):
        assert await diary.over(30) == ["Sat 08:00 CET", "Sat 14:00 CET"], "eight in New York, not the Friday once more"
        assert diary.begun == ["pinned", "tea"]


async def test_a_process_killed_after_it_began_what_is_due_leaves_one_task(diary: Diary) -> None:
    async with diary.open():
        kept = await diary.keep("every day at eight")
    diary.clock.set(2026, 11, 27, 8, 0)
    command = (sys.executable, "-m", "tests.cloud.schedules.killed", str(diary.folder), str(diary.clock.now))
    environ = {**os.environ, "LEVERET_CRASH_AT": "after-begun"}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ)
    assert await process.wait() == -signal.SIGKILL
    async with diary.open():
        await diary.fire()
        (past,) = await diary.records.history("ada", kept.id)
        assert past.firing.status == "started"
        tasks = [event.task for event in await diary.log.read("ada") if event.kind == "heard"]
        assert tasks == [past.firing.task]


async def test_what_a_crash_left_unbegun_is_begun(diary: Diary) -> None:
    async with diary.open():
        kept = await diary.keep("every day at eight")
        diary.clock.set(2026, 11, 27, 8, 0)
        firing = Firing(schedule=kept.id, due_at=diary.clock.now, person="ada", status="due", at=diary.clock.now)
        await diary.records.put_firing(firing)
    async with diary.open():
        assert await diary.fire() == ["tea"], "as a crash at `after-due` leaves it"
        assert await diary.fire() == []


async def test_a_full_runner_is_waited_for(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("every day at eight")
        diary.clock.set(2026, 11, 27, 8, 0)
        diary.room = False
        assert await diary.fire() == []
        diary.room = True
        assert await diary.fire() == ["tea"]


@pytest.mark.parametrize(
    ("overlap", "statuses"),
    [("skip", ["overlapped", "started"]), ("queue", ["started", "started"]), ("together", ["started", "started"])],
)
async def test_runs_overlap_only_where_they_may(diary: Diary, overlap: str, statuses: list[str]) -> None:
    diary.lasting.add("dig")
    async with diary.open():
        kept = await diary.keep("every hour", "dig", overlap=overlap)
        diary.clock.set(2026, 11, 26, 16, 0)
        await diary.fire()
        diary.clock.set(2026, 11, 26, 17, 0)
        await diary.fire()
        await diary.fire()
        assert len(await diary.tasks.open_ones("ada")) == (2 if overlap == "together" else 1)
        await diary.finish()
        await diary.fire()
        assert await diary.statuses(kept) == statuses
    assert len(diary.begun) == statuses.count("started")


async def test_what_waits_is_left_out_when_its_schedule_is_removed(diary: Diary) -> None:
    diary.lasting.add("dig")
    async with diary.open():
        kept = await diary.keep("every hour", "dig", overlap="queue")
        for hour in (16, 17):
            diary.clock.set(2026, 11, 26, hour, 0)
            await diary.fire()
        await diary.records.stop("ada", kept.id, ended_at=diary.clock.now)
        await diary.finish()
        assert await diary.fire() == []
        assert await diary.statuses(kept) == ["skipped", "started"]


async def test_what_happens_once_is_over_afterwards(diary: Diary) -> None:
    async with diary.open():
        await diary.keep("once tomorrow at eight")
        diary.clock.set(2026, 11, 27, 8, 0)
        assert await diary.fire() == ["tea"]
        await diary.fire()
        assert await diary.records.of("ada") == []


async def test_the_loop_sleeps_until_the_next_instant_and_is_woken_by_a_change(diary: Diary) -> None:
    async with diary.open():
        assert await diary.firings.fire_due() is None
        await diary.keep("every day at eight")
        assert await diary.firings.fire_due() == 17 * 3600
        loop = asyncio.create_task(diary.firings.run())
        async with asyncio.timeout(60):
            tail = diary.log.tail("ada")
            diary.clock.set(2026, 11, 27, 8, 0)
            diary.records.changed()
            assert (await anext(tail)).kind == "heard"
            await tail.aclose()
        loop.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loop


async def test_what_is_skipped_or_paused_is_not_done_and_not_missed(diary: Diary) -> None:
    async with diary.open():
        kept = await diary.keep("every day at eight")
        instants = coming(kept, BERLIN, diary.clock.now, 2)
        await diary.records.skip("ada", kept.id, instants[:1])
        assert await diary.over(24) == []
        assert await diary.statuses(kept) == ["skipped"]
        await diary.records.change("ada", kept.id, paused_at=diary.clock.now)
        assert await diary.over(24) == []
        await diary.records.resume("ada", kept.id, diary.clock.now)
        assert await diary.over(24) == ["Sun 08:00 CET"]
        assert await diary.told() == []


async def test_of_months_off_only_the_last_is_looked_at_and_all_are_counted(diary: Diary) -> None:
    begin = SetClock(2026, 1, 1, 12, 0)
    diary.clock = begin
    async with diary.open():
        one = await diary.keep("every day at eight")
    seen = look(one, BERLIN, begin.now + 90 * 86_400)
    assert seen.missed == 90 and len(seen.firings) == 10
    assert next_after(one.rule, BERLIN, seen.settled_at) is not None
    assert look(replace(one, paused_at=1.0), BERLIN, begin.now + 90 * 86_400).firings == ()
