from __future__ import annotations

from typing import Any

import pytest

from cloud.lam.errors import ToolError
from tests.cloud.tools.test_lists import say

PHOTO = b"\xff\xd8\xff of a cake \xff\xd9"


async def test_an_entry_is_kept_word_for_word_and_read_back(bench: Any) -> None:
    written = await say(bench, "Dear diary, today I met Zoë. We had cake!")
    assert (written.sentence, written.card.body) == ("It is in your journal.", "today I met Zoë. We had cake")
    read = await say(bench, "read me my journal")
    assert read.sentence == "You wrote one entry today. At two thirty p m: today I met Zoë. We had cake."
    (row,) = read.card.rows
    assert (row.label, row.value) == ("at two thirty p m", "today I met Zoë. We had cake")


@pytest.mark.parametrize(
    "said",
    ["journal the garden is in bloom", "write in my journal that the garden is in bloom"]
    + ["new diary entry the garden is in bloom", "put the garden is in bloom in my journal"],
)
async def test_there_are_several_ways_to_write(bench: Any, said: str) -> None:
    assert (await say(bench, said)).card.body == "the garden is in bloom"


async def test_it_is_read_by_day(bench: Any) -> None:
    await say(bench, "journal it rained", waited_s=86_400)
    bench.clock.now += 60
    await say(bench, "journal it snowed")
    assert (await say(bench, "read my journal of yesterday")).sentence.startswith("You wrote one entry yesterday. ")
    both = await say(bench, "what did i write this week")
    assert both.sentence == "You wrote one entry today. At two thirty one p m: it snowed."
    assert (await say(bench, "what's in my journal of last week")).sentence.endswith("it rained.")
    assert (await say(bench, "read my journal from three days ago")).sentence.startswith("You wrote nothing on ")


async def test_it_is_searched_by_words_in_any_form(bench: Any) -> None:
    await say(bench, "journal we walked around the lakes")
    await say(bench, "journal I slept all day")
    found = await say(bench, "what did I write about walking around the lake")
    assert found.sentence == "You wrote one entry about walking around the lake. Today: we walked around the lakes."
    assert (await say(bench, "search my journal for bears")).sentence == "Your journal has nothing about bears."


async def test_the_last_entry_is_deleted_and_comes_back(bench: Any) -> None:
    await say(bench, "journal one")
    bench.clock.now += 1
    await say(bench, "journal two")
    bench.clock.now += 1
    assert (await say(bench, "delete my last journal entry")).sentence.startswith("The entry of today is deleted.")
    assert (await say(bench, "read my journal")).sentence.endswith("one.")
    bench.clock.now += 1
    assert (await say(bench, "undo")).sentence == "Undone: an entry of your journal deleted."
    assert (await say(bench, "read my journal")).sentence.endswith("two.")


async def test_a_picture_belongs_to_an_entry_only_when_it_is_wanted(bench: Any) -> None:
    address = await bench.pictures.keep("ada", PHOTO)
    plain = await say(bench, "journal we had cake", picture=address)
    assert (plain.sentence, plain.card.body) == ("It is in your journal.", "we had cake")
    with_it = await say(bench, "journal we had cake with this picture", picture=address)
    assert (with_it.sentence, with_it.card.body) == ("It is in your journal with its picture.", "we had cake")
    without = await say(bench, "journal with a photo we had tea")
    assert without.sentence == "It is in your journal. There was no picture with it."


async def test_an_entry_is_not_written_twice_when_its_step_runs_again(bench: Any) -> None:
    for _ in range(2):
        await say(bench, "journal once", task="same")
    assert (await say(bench, "read my journal")).sentence.startswith("You wrote one entry today.")


async def test_a_journal_belongs_to_its_person_and_is_apart_from_notes(bench: Any) -> None:
    await say(bench, "journal secret", person="bob")
    await say(bench, "take a note that the key is under the pot")
    assert (await say(bench, "read my journal")).sentence == "Your journal is empty."
    assert (await say(bench, "read my notes", person="bob")).sentence == "You have no notes."


async def test_an_entry_without_words_is_refused(bench: Any) -> None:
    with pytest.raises(ToolError, match="no words"):
        await bench.use("write_journal", text=" ")


async def test_much_is_read_in_part(bench: Any) -> None:
    for number in range(8):
        bench.clock.now += 60
        await say(bench, f"journal walk number {number}")
    read = await say(bench, "read my journal of today")
    assert read.sentence.startswith("You wrote eight entries today.")
    assert read.sentence.endswith("Three more in the portal.")
    assert len(read.card.rows) == 8
