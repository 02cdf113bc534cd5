"""A run from the studio is a task: its acts are on record, it can be stopped, and nobody begins it again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from browser.fingerprint import Fingerprint
from cloud.clock import fresh_id
from cloud.commands import AnswerAsk
from cloud.history.archive import Archive
from cloud.tools.gate import Desk
from cloud.trials import CUT_OFF, NOTHING_DONE, Trials
from language.entities import Value
from teach_mode.checks import read_skill
from teach_mode.deeds import Deed
from teach_mode.errors import LessonRefused, StepRefused
from teach_mode.interfaces import Act, Settled
from teach_mode.lesson.running import LessonGate
from teach_mode.replayed import Replayed, StepSeen
from tests.cloud.runner.conftest import House, Person

SKILL = read_skill(Path(__file__).parents[2] / "examples" / "skills" / "pizza.json")
VALUES: dict[str, Value] = {"size": "large", "kind": "pepperoni"}
PAY = Act(
    skill=SKILL.name,
    version=1,
    step="pay",
    action="click",
    effect="irreversible",
    origin="https://shop.example",
    url="https://shop.example/review",
    fingerprint=Fingerprint(role="button", name="Order and pay"),
    similarity=1.0,
    value="",
    values=VALUES,
)
NO_BROWSER: Any = None


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def trials_of(ada: Person, house: House) -> Trials:
    runner = ada.runner
    desk = Desk(judge_act=NO_BROWSER, asks=runner.asks, intents=runner.intents)
    made = Trials(
        runner,
        ada.log,
        NO_BROWSER,
        desk,
        folder=house.folder / "tasks",
        zone=ZoneInfo("UTC"),
        fresh_id=fresh_id,
    )
    runner.look_up_trials(made.look)
    return made


def replayed(outcome: Any = "done", **more: Any) -> Replayed:
    return Replayed(outcome=outcome, answer="Order P-1001 is on its way.", values={}, steps=(), **more)


async def yes(question: Any) -> bool:
    return True


async def only_task(ada: Person) -> str:
    [heard] = [event for event in await ada.log.read("ada") if event.kind == "heard"]
    return heard.task


async def test_an_act_of_a_trial_is_on_record_before_it_is_made_and_its_task_ends_as_it_did(house: House) -> None:
    async with house.open() as ada:
        seen: list[str | None] = []

        async def trial(record: Any) -> Replayed:
            await record.intend(PAY, 0)
            [act] = await ada.runner.intents.of_task(await only_task(ada))
            seen.append(act.result)
            await record.settled(PAY, Settled(result="done", before=0))
            return replayed()

        ended = await trials_of(ada, house).run("ada", SKILL, VALUES, trial)
        task = await only_task(ada)
        assert (ended.outcome, seen) == ("done", [None])
        [act] = await ada.runner.intents.of_task(task)
        assert (act.result, act.name) == ("done", "pay")
        assert await ada.end(task) == ("done", "Order P-1001 is on its way.")


async def test_the_steps_of_a_trial_stand_in_its_history(house: House) -> None:
    async with house.open() as ada:
        url = "https://shop.example/menu"
        steps = (
            StepSeen(step="start", words="Go to the menu", url=url, similarity=None, took_ms=200.0),
            StepSeen(step="pick", words="Click “Pepperoni”", url=url, similarity=0.9, took_ms=100.0),
        )

        async def trial(record: Any) -> Replayed:
            return msgspec.structs.replace(replayed(), steps=steps)

        await trials_of(ada, house).run("ada", SKILL, VALUES, trial)
        story = await Archive(ada.log, house.folder / "tasks").story("ada", await only_task(ada))
        (part,) = story.parts
        assert (story.by, part.tool, story.sites) == ("studio", SKILL.name, ("shop.example",))
        assert [(one.words, one.took_ms) for one in part.did] == [
            ("Go to the menu", 200.0),
            ("Click “Pepperoni”", 100.0),
        ]
        assert part.did[1].at == pytest.approx(part.did[0].at + 0.2)


async def test_a_no_in_the_studio_ends_the_trials_task_as_declined(house: House) -> None:
    async with house.open() as ada:

        async def trial(record: Any) -> Replayed:
            return replayed("failed", error=StepRefused("pay: You said no.", step="pay", rule="answer_no"))

        await trials_of(ada, house).run("ada", SKILL, VALUES, trial)
        assert (await ada.end(await only_task(ada)))[0] == "declined"


async def test_stopping_the_task_stops_the_trial_and_tells_what_may_have_happened(house: House) -> None:
    async with house.open() as ada:
        clicked = asyncio.Event()

        async def trial(record: Any) -> Replayed:
            await record.intend(PAY, 0)
            clicked.set()
            await asyncio.Event().wait()
            raise AssertionError("it waits for ever")

        running = asyncio.create_task(trials_of(ada, house).run("ada", SKILL, VALUES, trial))
        await clicked.wait()
        task = await only_task(ada)
        await ada.runner.cancel(task, say="Stopped.")
        with pytest.raises(LessonRefused, match="stopped"):
            await running
        status, sentence = await ada.end(task)
        assert status == "unknown" and "may have gone through" in sentence


async def test_a_lesson_that_ends_stops_its_trials_task(house: House) -> None:
    async with house.open() as ada:
        begun = asyncio.Event()

        async def trial(record: Any) -> Replayed:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError("it waits for ever")

        running = asyncio.create_task(trials_of(ada, house).run("ada", SKILL, VALUES, trial))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await ada.end(await only_task(ada)))[0] == "cancelled"


async def test_a_trial_that_was_cut_off_is_told_and_not_begun_again(house: House) -> None:
    begun: list[str] = []
    started = asyncio.Event()

    async def trial(record: Any) -> Replayed:
        begun.append("trial")
        started.set()
        await asyncio.Event().wait()
        raise AssertionError("it waits for ever")

    async with house.open() as ada:
        running = asyncio.create_task(trials_of(ada, house).run("ada", SKILL, VALUES, trial))
        await started.wait()
        task = await only_task(ada)
    with pytest.raises(LessonRefused):
        await running
    house.ready = lambda again: trials_of(again, house)
    async with house.open() as again:
        told = f"{CUT_OFF} {NOTHING_DONE}"
        assert await again.end(task) == ("cancelled", told)
        await again.runner.let_go(task)
        assert await again.spoken(task) == [told] and begun == ["trial"]


async def test_what_a_trial_had_changed_when_it_was_cut_off_is_told(house: House) -> None:
    changed = asyncio.Event()

    async def trial(record: Any) -> Replayed:
        record.changed(Deed(step="add", words="clicked “Add to cart”"))
        changed.set()
        await asyncio.Event().wait()
        raise AssertionError("it waits for ever")

    async with house.open() as ada:
        running = asyncio.create_task(trials_of(ada, house).run("ada", SKILL, VALUES, trial))
        await changed.wait()
        task = await only_task(ada)
    with pytest.raises(LessonRefused):
        await running
    house.ready = lambda again: trials_of(again, house)
    async with house.open() as again:
        _, sentence = await again.end(task)
        await again.runner.let_go(task)
        assert sentence == f"{CUT_OFF} I had already clicked “Add to cart”. {NOTHING_DONE}"


@pytest.mark.parametrize(("answer", "closed"), [("yes", "yes"), ("no", "no")])
async def test_the_question_of_a_trial_is_durable_and_answered_from_the_portal(
    answer: str, closed: str, house: House
) -> None:
    async with house.open() as ada:
        said: list[str] = []

        async def trial(record: Any) -> Replayed:
            said.append(await record.agree(PAY))
            return replayed()

        running = asyncio.create_task(trials_of(ada, house).run("ada", SKILL, VALUES, trial))
        asked = (await ada.see("asked")).data
        assert (asked["kind"], asked["trial"]) == ("irreversible", True)
        await ada.runner.submit(
            AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer=answer, person="ada", surface="portal")
        )
        await running
        assert said == [closed]


async def test_an_answer_in_the_studio_closes_the_question_everywhere(house: House) -> None:
    async with house.open() as ada:

        async def trial(record: Any) -> Replayed:
            gate = LessonGate(SKILL, lambda act, skill: "ask", yes, record)
            assert (await gate.judge(PAY)).go
            return replayed()

        await trials_of(ada, house).run("ada", SKILL, VALUES, trial)
        assert (await ada.see("ask_closed")).data["outcome"] == "yes"
        assert await ada.runner.asks.open_ones("ada") == []


async def test_a_runner_that_is_full_tries_nothing(house: House) -> None:
    async with house.open(tasks=0) as ada:

        async def trial(record: Any) -> Replayed:
            raise AssertionError("there is no room")

        with pytest.raises(LessonRefused, match="busy"):
            await trials_of(ada, house).run("ada", SKILL, VALUES, trial)
        assert (await ada.end(await only_task(ada)))[0] == "refused"
