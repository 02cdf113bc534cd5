"""What is scheduled and cannot be undone asks each time, waits for somebody to look, and wakes nobody."""

from __future__ import annotations

from datetime import datetime

import pytest

from cloud.commands import AnswerAsk, HandleUtterance, Scheduled
from cloud.events import Event
from cloud.tasks import patience
from tests.cloud.schedules.conftest import Home, Planner
from tests.cloud.schedules.diary import BERLIN


async def begun(plan: Planner) -> tuple[str, Event]:
    """The task that the loop begins, and its first question."""
    cursor = await plan.ada.log.cursor()
    await plan.firings.fire_due()
    (heard,) = [event for event in await plan.ada.log.read("ada", cursor) if event.kind == "heard"]
    return heard.task, await plan.ada.see("asked", heard.task)


async def press(plan: Planner, asked: Event, answer: str) -> None:
    data = asked.data
    given = AnswerAsk(ask=data["ask"], digest=data["digest"], answer=answer, person="ada", surface="dev")
    assert await plan.ada.runner.submit(given) == "taken"


async def agree_to(plan: Planner, text: str, answer: str = "yes") -> str:
    """Says a request whose recurrence is said back, and answers that; the question."""
    task = await plan.ada.say(text)
    asked = await plan.ada.see("asked", task)
    await plan.ada.say(answer, ask=asked.data["ask"])
    await plan.ada.end(task)
    await plan.firings.fire_due()
    return str(asked.data["text"])


async def test_the_recurrence_is_said_back_and_each_time_is_asked_about(home: Home) -> None:
    async with home.open() as plan:
        question = await agree_to(plan, "every weekday at eight pay the bill")
        assert question == "Every weekday at eight a m: pay the bill. Shall I?"
        plan.clock.set(2026, 11, 27, 8, 0)
        task, asked = await begun(plan)
        assert asked.data["text"] == "Every weekday at eight a m: pay the bill. Shall I?"
        assert asked.data["expires_at"] - plan.clock.now == 7200
        assert not asked.data["quiet"]
        assert home.house.did == []
        await press(plan, asked, "yes")
        act = await plan.ada.see("asked", task, after=asked.cursor)
        assert ["Scheduled", "every weekday at eight a m", "leveret"] in act.data["rows"]
        assert home.house.did == []
        await press(plan, act, "yes")
        assert await plan.ada.end(task) == ("done", "Done: bill.")
        assert home.house.did == ["bill"]

        plan.clock.now += 60
        (kept,) = await plan.schedules()
        by_hand = await plan.firings.run_now(kept)
        asked = await plan.ada.see("asked", by_hand)
        assert asked.data["text"] == "Does what a test wants. Shall I?", "who begins it by hand is there"
        assert asked.data["rows"] == []
        await press(plan, asked, "no")
        await plan.ada.end(by_hand)
    assert home.house.did == ["bill"]


async def test_without_a_yes_nothing_is_done(home: Home) -> None:
    async with home.open() as plan:
        await agree_to(plan, "every weekday at eight pay the bill", "no")
        assert await plan.schedules() == []
        await agree_to(plan, "every weekday at eight pay the bill")
        plan.clock.set(2026, 11, 27, 8, 0)
        task, asked = await begun(plan)
        plan.clock.now = asked.data["expires_at"]
        assert await plan.ada.end(task) == ("expired", "I got no answer about “pay the bill”, so I did nothing.")
        plan.clock.set(2026, 11, 30, 8, 0)
        task, asked = await begun(plan)
        await press(plan, asked, "no")
        assert (await plan.ada.end(task))[0] == "declined"
    assert home.house.did == []


async def test_in_the_night_it_makes_no_sound_and_is_shown_again_to_who_is_there(home: Home) -> None:
    async with home.open() as plan:
        await agree_to(plan, "every day at half past six pay the bill")
        plan.clock.set(2026, 11, 27, 6, 30)
        task, asked = await begun(plan)
        assert asked.data["quiet"]
        assert await plan.ada.spoken(task) == []
        assert datetime.fromtimestamp(asked.data["expires_at"], BERLIN).hour == 9
        plan.clock.set(2026, 11, 27, 7, 45)
        await plan.ada.end(await plan.ada.say("say hello"))
        again = await plan.ada.see("asked", task, after=asked.cursor)
        assert again.data["ask"] == asked.data["ask"] and again.data["quiet"]
        await press(plan, again, "no")
        await plan.ada.end(task)


async def test_one_that_somebody_began_by_hand_is_not_overlapped(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight dig a hole")
        by_hand = await plan.ada.say("dig a hole")
        await home.house.reached.wait()
        plan.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["I left it out, because it was being done already: dig a hole."]
        assert home.house.did == ["dig"]
        home.house.release.set()
        await plan.ada.end(by_hand)


async def test_one_that_is_begun_by_hand_waits_for_one_that_is_scheduled(home: Home) -> None:
    async with home.open() as plan:
        await plan.ask("every day at eight dig a hole")
        plan.clock.set(2026, 11, 27, 8, 0)
        await plan.firings.fire_due()
        await home.house.reached.wait()
        task = await plan.ada.say("dig a hole")
        waiting = await plan.ada.see("progress", task)
        assert waiting.data["text"] == "waiting for another run of this to end"
        assert home.house.did == ["dig"]
        home.house.release.set()
        assert (await plan.ada.end(task))[0] == "done"
    assert home.house.did == ["dig", "dig"]


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(8, 0, "10:00"), (6, 59, "09:00"), (3, 0, "09:00"), (22, 0, "09:00"), (20, 30, "09:00"), (19, 59, "21:59")],
)
def test_a_question_waits_two_hours_and_never_ends_in_the_night(hour: int, minute: int, until: str) -> None:
    told = Scheduled(id="s", name="x", words="every day", due_at=0.0, patience_s=7200.0)
    command = HandleUtterance(key="k", person="ada", text="x", schedule=told)
    now = datetime(2026, 11, 27, hour, minute, tzinfo=BERLIN)
    left = patience.expiry_s(command, now.timestamp(), now, 60.0)
    assert datetime.fromtimestamp(now.timestamp() + left, BERLIN).strftime("%H:%M") == until
