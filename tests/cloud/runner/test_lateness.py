"""Requests that a device kept while it had no network, and sent long after they were said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cloud.commands import AnswerAsk, HandleUtterance
from cloud.tasks.lateness import LATE_S, is_late, said_at

if TYPE_CHECKING:
    from tests.cloud.runner.conftest import House, Person


async def answer(ada: Person, task: str, answer: str, *, after: int = 0) -> int:
    """Presses an answer to the next question of the task; the cursor of that question."""
    asked = await ada.see("asked", task, after=after)
    data = asked.data
    press = AnswerAsk(ask=data["ask"], digest=data["digest"], answer=answer, person="ada", surface="dev")
    assert await ada.runner.submit(press) == "taken"
    return asked.cursor


async def test_an_irreversible_request_that_waited_is_asked_about_once_more_before_it_runs(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill", age_s=3 * 3600)
        first = await answer(ada, task, "yes")
        assert (await ada.spoken(task))[0] == "Three hours ago you said: pay the bill. Shall I still do it?"
        assert house.did == [] and "step_started" not in (await ada.kinds(task))[: first + 1]
        await answer(ada, task, "yes", after=first)
        assert (await ada.end(task))[0] == "done"
    assert house.did == ["bill"]


async def test_what_is_not_wanted_any_more_is_not_begun(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill", age_s=LATE_S + 1)
        await answer(ada, task, "no")
        assert (await ada.end(task))[0] == "declined"
        assert "step_started" not in await ada.kinds(task)
    assert house.did == []


async def test_a_yes_to_what_waited_is_pressed_not_spoken(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill", age_s=900)
        asked = (await ada.see("asked", task)).data
        assert await ada.say("yes", ask=asked["ask"]) == task
        assert "step_started" not in await ada.kinds(task)
        await ada.say("no", ask=asked["ask"])
        assert (await ada.end(task))[0] == "declined"


async def test_what_can_be_undone_is_not_asked_about_however_late(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a large tea", age_s=86_400)
        assert await ada.end(task) == ("done", "Done: large.")
        assert "asked" not in await ada.kinds(task)


async def test_the_question_about_a_late_request_outlives_a_restart(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill", age_s=900)
        before = await ada.see("asked", task)
    async with house.open() as ada:
        first = await answer(ada, task, "yes")
        assert first == before.cursor
        await answer(ada, task, "yes", after=first)
        assert (await ada.end(task))[0] == "done"
    assert house.did == ["bill"]


async def test_a_stop_that_waited_stops_nothing_that_was_begun_after_it_was_said(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        late = await ada.say("stop", age_s=600)
        await ada.end(late)
        assert task in ada.runner.running
        house.release.set()
        assert (await ada.end(task))[0] == "done"


@pytest.mark.parametrize(
    ("said", "moment", "late"),
    [(0.0, 10_000.0, False), (9_995.0, 10_000.0, False), (9_880.0, 9_880.0, True), (10_500.0, 10_000.0, False)],
)
def test_a_request_counts_from_when_it_was_said_if_that_can_be(said: float, moment: float, late: bool) -> None:
    command = HandleUtterance(key="k", person="ada", text="x", said_at=said)
    assert said_at(command, 10_000.0) == moment
    assert is_late(command, 10_000.0) is late
    assert not is_late(command, said + 90 * 86_400)
