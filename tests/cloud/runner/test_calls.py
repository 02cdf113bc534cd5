"""Tasks that are begun with given values instead of words: judged, asked about and taken up like all others."""

from __future__ import annotations

from typing import Any

from cloud.commands import AnswerAsk, HandleUtterance
from cloud.lam.goals import Call
from cloud.tasks.episodes import DECLINED
from cloud.tasks.records import Tasks
from tests.cloud.runner.conftest import House, Person


def calling(
    tool: str, *, key: str = "cli:1", said_at: float = 0.0, text: str = "brew tea", **given: Any
) -> HandleUtterance:
    call = Call(tool=tool, arguments=given)
    return HandleUtterance(key=key, person="ada", text=text, spoken=False, call=call, said_at=said_at)


async def press(ada: Person, asked: dict[str, Any], answer: str) -> None:
    command = AnswerAsk(ask=asked["ask"], digest=asked["digest"], answer=answer, person="ada", surface="portal")
    await ada.runner.submit(command)


async def test_what_is_given_is_done_and_nothing_is_read_from_the_words(house: House) -> None:
    async with house.open() as ada:
        task = await ada.runner.submit(calling("brew", size="large", text="stop"))
        assert await ada.end(task) == ("done", "Done: large.")
        (understood,) = [event for event in await ada.log.read("ada", task=task) if event.kind == "understood"]
        wanted = {"tool": "brew", "values": {"size": "large"}, "missing": []}
        assert understood.data == {"intents": [wanted], "confidence": 1.0}
        assert "corrected" not in await ada.kinds(task)


async def test_what_is_missing_or_out_of_bounds_is_asked_for(house: House) -> None:
    async with house.open() as ada:
        for number, given in enumerate(({}, {"size": "huge"})):
            task = await ada.runner.submit(calling("brew", key=f"cli:{number}", **given))
            asked = (await ada.see("asked", task)).data
            assert asked["text"].startswith("What size?")
            await press(ada, asked, "small")
            assert await ada.end(task) == ("done", "Done: small.")


async def test_an_unknown_tool_or_value_is_refused_in_words(house: House) -> None:
    async with house.open() as ada:
        assert await ada.end(await ada.runner.submit(calling("fly"))) == ("refused", "I cannot do 'fly'.")
        status, sentence = await ada.end(await ada.runner.submit(calling("brew", key="cli:2", colour="red")))
        assert status == "refused" and "no value 'colour'" in sentence
    assert house.did == []


async def test_what_cannot_be_undone_is_asked_about(house: House) -> None:
    async with house.open() as ada:
        task = await ada.runner.submit(calling("pay"))
        await press(ada, (await ada.see("asked", task)).data, "no")
        assert await ada.end(task) == ("declined", DECLINED)
    assert house.did == []


async def test_a_late_one_asks_first_whether_it_is_still_wanted(house: House) -> None:
    async with house.open() as ada:
        task = await ada.runner.submit(calling("pay", said_at=ada.log.clock() - 7200))
        asked = (await ada.see("asked", task)).data
        assert asked["text"] == "Two hours ago you said: does what a test wants. Shall I still do it?"
        await press(ada, asked, "no")
        assert (await ada.end(task))[0] == "declined"


async def test_the_same_key_is_one_task_also_after_a_crash(house: House) -> None:
    async with house.open() as ada:
        await Tasks(ada.log).open(calling("brew", size="large"), "stored")
    async with house.open() as ada:
        assert await ada.end("stored") == ("done", "Done: large.")
        assert await ada.runner.submit(calling("brew", size="large")) == "stored"
    assert house.did == ["large"]
