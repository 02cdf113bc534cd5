from __future__ import annotations

from typing import Any

import pytest

from cloud.people.lists import MOST_ITEMS
from cloud.speech.correction import PhoneticCorrector


async def say(bench: Any, said: str, **more: Any) -> Any:
    """What a sentence is answered, heard word for word."""
    heard = PhoneticCorrector().correct(said, (), bench.toolbox.phrasebook(), bench.now, spoken=False)
    assert len(heard.readings) == 1, (said, heard)
    return await bench.use(heard.readings[0].tool, **heard.readings[0].values, **more)


async def shown(bench: Any, name: str = "shopping") -> list[str]:
    outcome = await say(bench, f"what's on my {name} list")
    return [] if outcome.card is None else [f"{row.label} {row.value}".strip() for row in outcome.card.rows]


async def test_things_are_put_on_a_list_and_read_back(bench: Any) -> None:
    outcome = await say(bench, "Add milk, eggs and two litres of juice to my shopping list.")
    assert outcome.sentence == "Milk, eggs and two litres of juice are on your shopping list."
    assert [(row.label, row.value) for row in outcome.card.rows] == [("", "milk"), ("", "eggs"), ("2 litres", "juice")]
    read = await say(bench, "what's on my grocery list")
    assert read.sentence == "There are three things on your shopping list: milk, eggs and two litres of juice."
    assert (await say(bench, "what do we need to buy")).sentence == read.sentence


async def test_the_same_thing_is_there_once_and_amounts_add_up(bench: Any) -> None:
    await say(bench, "add milk and two litres of juice to my shopping list")
    again = await say(bench, "add milk, a litre of juice and bread to my shopping list")
    assert again.sentence == "3 litres of juice and bread are on your shopping list. Milk was there already."
    assert await shown(bench) == ["milk", "3 litres juice", "bread"]
    assert (await say(bench, "put the milk on my shopping list")).sentence == "Milk was on your shopping list already."


async def test_a_thing_to_do_stays_as_it_was_said(bench: Any) -> None:
    outcome = await say(bench, "put call the dentist and buy stamps on my to-do list")
    assert outcome.sentence == "Call the dentist and buy stamps are on your to-do list."
    assert await shown(bench, "to-do") == ["call the dentist", "buy stamps"]
    assert (await say(bench, "how many things are on my to do list")).sentence == "Two things are on your to-do list."


async def test_lists_have_names_of_their_own_and_are_remembered(bench: Any) -> None:
    assert (await say(bench, "start a new packing list")).sentence == "Your packing list is there."
    await say(bench, "add socks to my packing list")
    assert await shown(bench, "packing") == ["socks"]
    assert (await say(bench, "add a toothbrush to my list")).sentence == "Toothbrush is on your packing list."
    bench.clock.now += 1
    await say(bench, "add milk to my shopping list")
    lists = await say(bench, "what lists do i have")
    assert lists.sentence == "You have two lists: shopping with one and packing with two."
    assert (await say(bench, "what's on my wish list")).sentence == "You have no wish list."


async def test_things_are_ticked_off_and_taken_off(bench: Any) -> None:
    await say(bench, "add milk, eggs, red wine and bread to my shopping list")
    assert (await say(bench, "tick off the eggs")).sentence == "Eggs are ticked off your shopping list."
    assert (await say(bench, "take wine and rice off my shopping list")).sentence == (
        "Red wine is off your shopping list. I do not see rice on your shopping list."
    )
    assert await shown(bench) == ["milk", "bread"]
    again = await say(bench, "add eggs to my shopping list")
    assert again.sentence == "Eggs are on your shopping list."
    assert await shown(bench) == ["milk", "eggs", "bread"]


async def test_a_list_is_cleared_and_every_change_can_be_undone_in_turn(bench: Any) -> None:
    await say(bench, "add milk and eggs to my shopping list")
    bench.clock.now += 1
    await say(bench, "tick off milk")
    bench.clock.now += 1
    cleared = await say(bench, "clear my shopping list")
    assert cleared.sentence == "Your shopping list is cleared: two things are gone. Say undo to have them back."
    assert await shown(bench) == []
    assert (await say(bench, "put them back")).sentence == "Undone: the shopping list cleared."
    assert await shown(bench) == ["eggs"]
    assert (await say(bench, "undo that")).sentence == "Undone: milk ticked off on the shopping list."
    assert await shown(bench) == ["milk", "eggs"]
    assert (await say(bench, "undo")).sentence == "Undone: what was put on the shopping list."
    assert (await say(bench, "what lists are there")).sentence == "You have no lists yet."
    assert (await say(bench, "undo")).sentence == "There is nothing to undo."


async def test_everything_taken_off_clears_a_list(bench: Any) -> None:
    await say(bench, "add milk and eggs to my shopping list")
    await say(bench, "remove everything from my shopping list")
    assert (await say(bench, "what's on my shopping list")).sentence == "Nothing is on your shopping list."


@pytest.mark.parametrize("said", ["add two litres of juice to my shopping list", "undo"])
async def test_a_step_that_runs_again_changes_nothing_twice(bench: Any, said: str) -> None:
    await say(bench, "add a litre of juice to my shopping list")
    bench.clock.now += 1
    await say(bench, "add bread to my shopping list")
    bench.clock.now += 1
    first = await say(bench, said, task="same")
    kept = await shown(bench)
    again = await say(bench, said, task="same")
    assert (first.sentence, kept) == (again.sentence, await shown(bench))


async def test_lists_belong_to_their_person(bench: Any) -> None:
    await say(bench, "add a surprise to my shopping list", person="bob")
    assert await shown(bench) == []
    assert (await say(bench, "undo")).sentence == "There is nothing to undo."


async def test_a_long_list_is_read_in_part_and_a_full_one_takes_no_more(bench: Any) -> None:
    for start in range(0, MOST_ITEMS, 30):
        things = ", ".join(f"thing{number}x" for number in range(start, start + 30))
        await bench.use("add_to_list", items=things, list="shopping")
    outcome = await say(bench, "what's on my shopping list")
    assert outcome.sentence.endswith("thing11x and two hundred and eighty eight more.")
    assert (len(outcome.card.rows), outcome.card.rows[-1].value) == (12, "and 289 more")
    with pytest.raises(Exception, match="no room for more than 300 things"):
        await bench.use("add_to_list", items="one more", list="shopping")
