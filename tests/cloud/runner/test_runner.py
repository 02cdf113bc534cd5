from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from cloud.commands import AnswerAsk, CancelTask, HandleUtterance
from cloud.runner import FULL, PARKED, PRESS, STOPPED, WENT_WRONG
from cloud.store import tasks
from cloud.tasks.errors import RunnerBusy
from cloud.tasks.intents import Draft
from cloud.tasks.leases import Leases
from cloud.tasks.records import Tasks
from cloud.tools.journal import JournalTools

if TYPE_CHECKING:
    from tests.cloud.runner.conftest import House


async def test_a_sentence_becomes_a_task_that_ends_with_an_answer(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("say hello")
        assert await ada.end(task) == ("done", "Hello.")
        assert await ada.kinds(task) == [
            "heard",
            "understood",
            "planned",
            "step_started",
            "verdict",
            "step_done",
            "said",
            "task_done",
        ]


async def test_the_same_turn_sent_again_is_done_once(house: House) -> None:
    async with house.open() as ada:
        sent = await asyncio.gather(*(ada.say("say hello", key="dev:1") for _ in range(10)))
        await ada.end(sent[0])
        assert await ada.say("say hello", key="dev:1") == sent[0]
    assert len(set(sent)) == 1 and house.did == ["greet"]


async def test_two_wishes_in_one_sentence_are_both_done_in_order(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a large tea and say hello")
        assert await ada.end(task) == ("done", "Done: large. Hello.")
    assert house.did == ["large", "greet"]


async def test_what_nobody_understands_is_said_and_nothing_is_done(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("the rain in spain")
        status, sentence = await ada.end(task)
        assert status == "not_understood" and await ada.spoken(task) == [sentence] and sentence
    assert house.did == []


async def test_a_spoken_answer_to_a_question_continues_the_same_task(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a tea")
        asked = await ada.see("asked", task)
        assert asked.data["kind"] == "choice" and asked.data["text"] == "What size?"
        assert await ada.say("large", ask=asked.data["ask"]) == task
        assert await ada.end(task) == ("done", "Done: large.")
        assert (await ada.spoken(task))[0] == "What size?"


async def test_a_spoken_answer_sent_again_is_no_new_request(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a tea")
        asked = await ada.see("asked", task)
        for _ in range(3):
            assert await ada.say("large", ask=asked.data["ask"], key="dev:answer") == task
        await ada.end(task)
    assert house.did == ["large"]


async def test_a_pressed_choice_continues_the_same_task(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a tea")
        asked = (await ada.see("asked", task)).data
        press = AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="small", person="ada", surface="dev")
        assert [await ada.runner.submit(press) for _ in range(2)] == ["taken", "closed"]
        assert await ada.end(task) == ("done", "Done: small.")


async def test_words_that_answer_no_question_are_a_new_request(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a tea")
        asked = (await ada.see("asked", task)).data
        other = await ada.say("say hello", ask=asked["ask"])
        assert other != task
        assert await ada.end(other) == ("done", "Hello.")


async def test_a_question_that_nobody_answers_ends_its_task(house: House) -> None:
    async with house.open(ask_s=0.05) as ada:
        task = await ada.say("brew a tea")
        assert (await ada.end(task))[0] == "expired"
    assert house.did == []


async def test_an_irreversible_act_waits_for_a_press_and_leaves_a_record(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill")
        asked = (await ada.see("asked", task)).data
        assert house.did == []
        assert await ada.say("yes", ask=asked["ask"]) == task
        again = await ada.see("asked", task, after=(await ada.see("asked", task)).cursor)
        assert again.data == asked and house.did == []
        assert (await ada.spoken(task))[-1] == PRESS
        await ada.runner.submit(
            AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="yes", person="ada", surface="dev")
        )
        assert (await ada.end(task))[0] == "done"
        acts = await ada.runner.intents.of_task(task)
        assert [act.result for act in acts] == ["done"]
        kinds = await ada.kinds(task)
        assert kinds.index("ask_closed") < kinds.index("intent") < kinds.index("result") < kinds.index("step_done")
    assert house.did == ["bill"]


@pytest.mark.parametrize("word", ["no", "cancel", "stop", "never mind"])
async def test_a_no_may_be_spoken(house: House, word: str) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill")
        asked = (await ada.see("asked", task)).data
        await ada.say(word, ask=asked["ask"])
        assert (await ada.end(task))[0] == "declined"
        assert await ada.runner.intents.of_task(task) == []
    assert house.did == []


async def test_an_irreversible_act_that_nobody_agrees_to_is_not_done(house: House) -> None:
    async with house.open(ask_s=0.05) as ada:
        task = await ada.say("pay the bill")
        assert (await ada.end(task))[0] == "expired"
    assert house.did == []


async def test_a_cancelled_task_stops_where_it_is(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="ada"))
        assert await ada.end(task) == ("cancelled", STOPPED)
        assert (await ada.kinds(task))[-2:] == ["said", "task_done"]
        assert "progress" in await ada.kinds(task)


async def test_a_cancelled_task_stays_cancelled_over_a_restart(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="ada", task=task))
    async with house.open() as ada:
        await ada.end(await ada.say("say hello", key="later"))
    assert house.did == ["dig", "greet"]


async def test_stop_stops_what_is_being_done_and_is_no_request_of_its_own(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        stop = await ada.say("stop it please")
        assert (await ada.end(task))[0] == "cancelled"
        assert await ada.end(stop) == ("done", STOPPED)
        assert await ada.spoken(task) == []


async def test_a_cancel_in_the_middle_of_an_act_tells_the_truth(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("launch the rocket")
        asked = (await ada.see("asked", task)).data
        await ada.runner.submit(
            AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="yes", person="ada", surface="dev")
        )
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="ada", task=task))
        status, sentence = await ada.end(task)
        assert status == "unknown" and "may have gone through" in sentence
        assert [act.result for act in await ada.runner.intents.of_task(task)] == ["unknown"]


async def test_a_cancel_counts_at_whatever_moment_it_comes(house: House) -> None:
    async with house.open() as ada:
        for hops in range(0, 160, 8):
            task = await ada.say("dig a hole")
            for _ in range(hops):
                await asyncio.sleep(0)
            await ada.runner.submit(CancelTask(person="ada", task=task))
            assert await ada.end(task) == ("cancelled", STOPPED)
        assert ada.runner.running <= {task}


async def test_a_task_that_does_not_let_go_is_ended_all_the_same(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("cling to it")
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="ada", task=task))
        assert await ada.end(task) == ("cancelled", STOPPED)
        house.release.set()


async def test_a_runner_that_lost_its_lease_neither_tells_nor_ends_the_task(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        newer = await Leases(ada.log.store, ada.log.clock).acquire(f"task:{task}", "another runner", seize=True)
        house.release.set()
        await ada.runner.let_go(task)
        assert not {"step_done", "said", "task_done"} & set(await ada.kinds(task))
        await Tasks(ada.log).finish(task, "done", "Ended by the other.", newer)


async def test_another_person_cannot_cancel(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("dig a hole")
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="bob", task=task))
        house.release.set()
        assert (await ada.end(task))[0] == "done"


async def test_one_task_too_many_is_refused_in_words(house: House) -> None:
    async with house.open(tasks=1) as ada:
        first = await ada.say("dig a hole")
        await house.reached.wait()
        assert await ada.end(await ada.say("say hello")) == ("refused", FULL)
        house.release.set()
        await ada.end(first)
        await ada.runner.let_go(first)
        assert (await ada.end(await ada.say("say hello")))[0] == "done"


async def test_a_tool_that_breaks_ends_its_task_and_the_next_one_works(house: House) -> None:
    async with house.open() as ada:
        assert await ada.end(await ada.say("fall over")) == ("failed", WENT_WRONG)
        assert (await ada.end(await ada.say("say hello")))[0] == "done"


async def test_a_tool_that_breaks_half_way_is_told_of_with_what_it_had_changed(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("trip over it")
        assert await ada.end(task) == ("failed", f"{WENT_WRONG} I had already clicked “Add to cart”.")
        card = await ada.see("card", task)
        assert card.data["rows"] == [{"label": "Done", "value": "clicked “Add to cart”"}]


async def test_a_task_that_is_stopped_half_way_tells_what_it_had_changed(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("sow the field")
        await house.reached.wait()
        await ada.see("changed", task)
        await ada.runner.submit(CancelTask(person="ada", task=task))
        assert await ada.end(task) == ("cancelled", f"{STOPPED} I had already clicked “Add to cart”.")


async def test_a_restart_goes_on_with_what_was_being_done_and_says_so(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("say hello and dig a hole")
        await house.reached.wait()
    house.release.set()
    async with house.open() as ada:
        status, sentence = await ada.end(task)
        assert (status, sentence) == ("done", "Hello. I was interrupted. There is a hole.")
        assert await ada.spoken(task) == ["Hello.", "I was interrupted. There is a hole."]
    assert house.did == ["greet", "dig", "dig"]


async def test_an_act_cut_off_by_a_restart_is_never_made_again(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("launch the rocket")
        asked = (await ada.see("asked", task)).data
        await ada.runner.submit(
            AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="yes", person="ada", surface="dev")
        )
        await house.reached.wait()
    house.release.set()
    async with house.open() as ada:
        status, sentence = await ada.end(task)
        assert status == "unknown" and "check before you ask again" in sentence
    assert house.did == ["dig"]


async def test_a_question_outlives_a_restart(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("brew a tea")
        asked = (await ada.see("asked", task)).data
    async with house.open() as ada:
        await ada.say("small", ask=asked["ask"], key="after")
        assert (await ada.end(task))[0] == "done"
        assert (await ada.kinds(task)).count("asked") == 1
    assert house.did == ["small"]


async def test_a_cancel_after_an_act_was_made_tells_that_it_was(house: House) -> None:
    async with house.open() as ada:
        task = await ada.say("pay the bill and dig a hole")
        asked = (await ada.see("asked", task)).data
        await ada.runner.submit(
            AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer="yes", person="ada", surface="dev")
        )
        await house.reached.wait()
        await ada.runner.submit(CancelTask(person="ada", task=task))
        assert await ada.end(task) == ("cancelled", f"{STOPPED} This had already gone through: pay the bill.")
        assert house.did == ["bill", "dig"]


async def test_a_task_that_is_given_up_tells_of_an_act_that_may_have_been_made(house: House) -> None:
    async with house.open() as ada:
        said = HandleUtterance(key="dev:9", person="ada", text="launch the rocket")
        task, _ = await Tasks(ada.log).open(said, "poison")
        lease = await Leases(ada.log.store, ada.log.clock).acquire("task:poison", "the dead")
        await ada.runner.intents.write(
            Draft(task="poison", person="ada", step=1, name="launch", digest="d", words="launch the rocket"), lease
        )
        async with ada.log.store.write() as connection:
            await connection.execute(update(tasks).values(attempts=5))
    async with house.open() as ada:
        status, sentence = await ada.end(task.id)
        assert status == "unknown"
        assert sentence.startswith(PARKED) and "may have gone through: launch the rocket" in sentence


async def test_a_task_that_was_stored_and_never_begun_is_begun_at_the_start(house: House) -> None:
    async with house.open() as ada:
        said = HandleUtterance(key="dev:9", person="ada", text="say hello")
        task, _ = await Tasks(ada.log).open(said, "stored")
    async with house.open() as ada:
        assert await ada.end(task.id) == ("done", "Hello.")


async def test_a_task_that_keeps_breaking_its_process_is_given_up(house: House) -> None:
    async with house.open() as ada:
        said = HandleUtterance(key="dev:9", person="ada", text="say hello")
        task, _ = await Tasks(ada.log).open(said, "poison")
        async with ada.log.store.write() as connection:
            await connection.execute(update(tasks).values(attempts=5))
    async with house.open() as ada:
        assert await ada.end(task.id) == ("parked", PARKED)
        assert await ada.spoken(task.id) == [PARKED]
    assert house.did == []


async def test_one_folder_has_one_runner(house: House) -> None:
    async with house.open() as ada:
        other = type(ada.runner)(
            ada.runner._mind,
            ada.log,
            folder=house.folder,
            pictures=ada.runner._journey._pictures,
            zone=ada.runner._zone,
        )
        with pytest.raises(RunnerBusy, match="another data folder"):
            await other.start()


async def test_what_is_written_in_a_journal_is_in_no_line_of_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # what `logs.set_up` lets through of libraries
    with capture_logs() as structured:
        async with house.open() as ada:
            journal = house.belongings(ada).journal
            for tool in JournalTools(journal).tools():
                house.toolbox.add(tool)
            written = await ada.end(await ada.say("dear diary, my canary sang at dawn"))
            assert written == ("done", "It is in your journal.")
            read = await ada.end(await ada.say("read my journal"))
            assert "my canary sang at dawn" in read[1]
            await ada.end(await ada.say("diary of a canary that nothing understands"))
    assert "canary" not in repr(structured) + caplog.text
