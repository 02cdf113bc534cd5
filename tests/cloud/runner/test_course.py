"""Plans with several steps, conditions and lists, as tasks: what is asked, what is done, and what a crash changes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cloud.commands import AnswerAsk, CancelTask
from cloud.lam.toolbox import Outcome
from cloud.lam.turns import NOTHING_DONE, SITE_SAYS
from cloud.runner import STOPPED
from language.entities import Choice, Slot
from tests.cloud.runner.conftest import Act
from tests.cloud.runner.rounds import LETTERS, SAID, Post, answer_all

if TYPE_CHECKING:
    from tests.cloud.runner.conftest import House

RUN_S = 120
# `make soak` also takes the power before the act is made.
KILLS = [("after", ["to Bea", "to Carl"])]
KILLS += [("before", ["to Bea"])] if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else []


async def kinds_asked(ada: Any, task: str) -> list[str]:
    return [event.data["kind"] for event in await ada.log.read("ada", task=task) if event.kind == "asked"]


async def test_a_list_is_shown_before_and_each_act_asks_by_itself(house: House, tmp_path: Path) -> None:
    post = Post(tmp_path / "ledger")
    post.into(house)
    async with house.open() as ada:
        task = await ada.say(SAID)
        status, sentence = await answer_all(ada, task)
        assert (status, sentence) == ("done", "It was done for three: to Bea, to Carl and to Dora.")
        assert await kinds_asked(ada, task) == ["choice", "irreversible", "irreversible", "irreversible"]
        assert "listed" in await ada.kinds(task)
    assert post.sent == list(LETTERS)


@pytest.mark.parametrize(("letters", "says"), [((), "There are none."), (("x", "x"), "same name")])
async def test_a_list_without_items_or_with_two_of_one_name_does_nothing(
    house: House, tmp_path: Path, letters: tuple[str, ...], says: str
) -> None:
    post = Post(tmp_path / "ledger")
    post.letters = letters
    post.into(house)
    async with house.open() as ada:
        assert says in (await answer_all(ada, await ada.say(SAID)))[1]
    assert post.sent == []


async def test_what_was_done_is_told_when_it_is_cancelled_between_two_items(house: House, tmp_path: Path) -> None:
    post = Post(tmp_path / "ledger")
    post.into(house)
    async with house.open() as ada:
        task = await ada.say(SAID)
        first = await ada.see("asked", task)
        await ada.say("yes", ask=first.data["ask"])
        act = await ada.see("asked", task, after=first.cursor)
        await ada.runner.submit(_yes(act.data))
        await ada.see("asked", task, after=act.cursor)
        await ada.runner.submit(CancelTask(person="ada", task=task))
        status, sentence = await ada.end(task)
        assert status == "cancelled" and sentence.startswith(f"{STOPPED} It was done for one of three: to Bea.")
    assert post.sent == ["to Bea"]


def _yes(asked: dict[str, Any]) -> AnswerAsk:
    return AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="yes", person="ada", surface="dev")


async def killed(folder: Path, *kill: str) -> int:
    """The rounds in a process of their own, which kills itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.cloud.runner.rounds", str(folder), *kill),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await asyncio.wait_for(process.wait(), RUN_S)


@pytest.mark.parametrize(("when", "sent"), KILLS)
async def test_a_process_that_is_killed_at_an_item_sends_no_letter_twice_and_tells_the_truth(
    house: House, tmp_path: Path, when: str, sent: list[str]
) -> None:
    assert await killed(tmp_path, "to Carl", when) == -signal.SIGKILL
    post = Post(tmp_path / "ledger")
    post.into(house)
    async with house.open() as ada:
        status, sentence = await answer_all(ada, await ada.say(SAID, key="dev:1"))
    assert status == "unknown"
    assert sentence.startswith("It was done for one of three: to Bea. to Carl: I was interrupted. I may have done it")
    assert sentence.endswith("I stopped there; left are to Dora.")
    assert post.sent == sent


async def test_a_list_that_can_be_undone_goes_on_after_a_stop_where_it_was(house: House, tmp_path: Path) -> None:
    post = Post(tmp_path / "ledger", effect="reversible")
    post.into(house)
    async with house.open() as ada:
        task = await ada.say(SAID)
        await ada.see("asked", task)
    async with house.open() as ada:
        assert (await answer_all(ada, task))[0] == "done"
        asked = [event.data["ask"] for event in await ada.log.read("ada", task=task) if event.kind == "asked"]
    assert post.sent == list(LETTERS) and asked == [f"{task}:each:2"]


async def test_a_stop_while_something_is_asked_about_in_place_of_another_changes_nothing(house: House) -> None:
    served: list[str] = []

    async def serve(arguments: Any, run: Any) -> Outcome:
        if arguments["at"] == "seven":
            return Outcome(status="failed", sentence="Full.", data={NOTHING_DONE: True, SITE_SAYS: "fully booked"})
        served.append(arguments["at"])
        return Outcome(status="done", sentence="Served.")

    times = Slot(name="at", kind="choice", choices=(Choice("seven"), Choice("eight")), question="When?")
    house.toolbox.add(
        Act(name="seat", utterances=("seat me at {at}",), work=serve, slots=(times,), effect="irreversible")
    )
    async with house.open() as ada:
        task = await ada.say("seat me at seven, and if none is free try eight")
        first = await ada.see("asked", task)
        await ada.runner.submit(_yes(first.data))
        second = await ada.see("asked", task, after=first.cursor)
        assert second.data["text"] == "The site says: fully booked. Instead: Seat me at eight. Shall I?"
    async with house.open() as ada:
        assert await answer_all(ada, task) == ("done", "I was interrupted. Served.")
        assert await kinds_asked(ada, task) == 2 * ["irreversible"]
        assert [act.result for act in await ada.runner.intents.of_task(task)] == ["failed", "done"]
    assert served == ["eight"]


THREE = "pay the bill and launch the rocket and pay the bill"


async def test_several_acts_are_said_first_and_the_yes_to_the_plan_is_none_to_an_act(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say(THREE)
        asked = (await ada.see("asked", task)).data
        assert asked["text"].startswith("I will: one, pay the bill; two, launch the rocket; three, pay the bill.")
        assert asked["rows"][0][:2] == ["1", "pay the bill"]
        before = (await ada.see("asked", task)).cursor
        await ada.say("yes", ask=asked["ask"])
        act = (await ada.see("asked", task, after=before)).data
        assert act["kind"] == "irreversible" and act["digest"] != asked["digest"]
        await ada.say("no", ask=act["ask"])
        await ada.runner.submit(CancelTask(person="ada", task=task))
        await ada.end(task)
    assert house.did == []


async def test_a_long_plan_is_said_first_and_a_spoken_no_ends_it(house: House) -> None:
    async with house.open(long_s=1.0) as ada:
        task = await ada.say("brew a large tea and say hello")
        asked = (await ada.see("asked", task)).data
        assert asked["text"] == "I will: one, brew a large tea; two, say hello. Shall I begin?"
        await ada.say("no", ask=asked["ask"])
        assert (await ada.end(task))[0] == "declined"
    assert house.did == []


async def test_a_short_plan_is_begun_without_a_word(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a large tea and say hello")
        assert (await ada.end(task))[0] == "done"
        assert "asked" not in await ada.kinds(task)
