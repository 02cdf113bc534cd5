"""Questions between readings that stand close together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloud.lam.goals import Answer, Question
from cloud.lam.inference import Known, infer, resume
from cloud.lam.perception import Percept, Reading, Utterance
from cloud.lam.questions import differing_words

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
NOBODY = Known(profile={}, suggestions={})


def reading(text: str, tool: str = "book_table", rivals: tuple[Reading, ...] = (), **values: Any) -> Reading:
    return Reading(tool=tool, values=values, text=text, distance=0.1, margin=0.02, rivals=rivals)


def percept(*readings: Reading) -> Percept:
    text = " and ".join(each.text for each in readings)
    return Percept(utterance=Utterance(text=text, spoken=True), text=text, at=NOW, readings=readings)


WHEN = "2026-11-23T19:00"
TEN = reading("book a table for ten at seven tonight", people=10, when=WHEN)
TWO = reading("book a table for two at seven tonight", people=2, when=WHEN, rivals=(TEN,))


async def test_two_values_of_one_slot_are_asked_in_the_words_that_differ(house: Any) -> None:
    goal = infer(percept(TWO), house.toolbox, NOBODY)
    assert goal.question == Question(
        text="For two, or for ten?", tool="book_table", slot="people", choices=("for two", "for ten"), values=(2, 10)
    )
    assert goal.confidence < 0.5


@pytest.mark.parametrize("said", ["for two", "two", "two please", "2"])
async def test_the_answer_settles_it(house: Any, said: str) -> None:
    goal = await house.answer(infer(percept(TWO), house.toolbox, NOBODY), said)
    assert goal.question is None
    assert goal.intents[0].values == {"people": 2, "when": WHEN}


async def test_a_yes_to_two_values_says_nothing_and_is_asked_again(house: Any) -> None:
    goal = infer(percept(TWO), house.toolbox, NOBODY)
    assert await house.answer(goal, "yes") == goal


async def test_a_value_out_of_bounds_is_asked_again_with_the_bounds(house: Any) -> None:
    goal = await house.answer(infer(percept(TWO), house.toolbox, NOBODY), "for ten")
    assert goal.question.text == "For how many? It can be one to eight."


async def test_another_value_that_can_be_had_is_taken_too(house: Any) -> None:
    goal = await house.answer(infer(percept(TWO), house.toolbox, NOBODY), "for five")
    assert goal.intents[0].values["people"] == 5


async def test_readings_of_different_tools_are_asked_whole(house: Any) -> None:
    timer = reading("set a timer for two hours", tool="set_timer", duration=7200)
    goal = infer(percept(reading(TWO.text, people=2, when=WHEN, rivals=(timer,))), house.toolbox, NOBODY)
    assert goal.question.text == "Did you mean book a table for two at seven tonight, or set a timer for two hours?"
    chosen = resume(goal, house.mind.press(goal.question, "1"), house.toolbox)
    assert [intent.tool for intent in chosen.intents] == ["set_timer"]
    assert chosen.question is None


async def test_two_tools_said_in_the_same_words_are_left_to_planning(house: Any, sites: Any) -> None:
    house.toolbox.add(sites["book_tavern"])
    tavern = reading(TWO.text, tool="book_tavern", people=2, when=WHEN)
    goal = infer(percept(reading(TWO.text, people=2, when=WHEN, rivals=(tavern,))), house.toolbox, NOBODY)
    assert goal.question is None
    assert goal.intents[0].alternatives == ("book_tavern",)


async def test_each_unsure_intent_is_asked_about_before_what_is_missing(house: Any) -> None:
    small = reading("order a small pizza", tool="order_pizza", size="small")
    large = reading("order a large pizza", tool="order_pizza", size="large", rivals=(small,))
    goal = infer(percept(TWO, large), house.toolbox, NOBODY)
    asked = []
    for said in ("two", "small", "funghi", "Elm Street 5"):
        asked.append(goal.question.text)
        goal = await house.answer(goal, said)
    assert asked == ["For two, or for ten?", "A large, or a small?", "Which?", "To which address?"]
    assert [intent.values.get("size") for intent in goal.intents] == [None, "small"]
    assert goal.question is None


async def test_a_guess_needs_a_yes(house: Any) -> None:
    goal = await house.goal("we would love a big pizza with pepperoni")
    assert goal.question.text == "Do you want to order a pizza: large, pepperoni?"
    agreed = await house.answer(goal, "yes please")
    assert agreed.intents[0].values == {"size": "large", "kind": "pepperoni"}
    assert agreed.question.text == "To which address?"
    refused = await house.answer(goal, "no")
    assert (refused.intents, refused.question) == ((), None)
    assert house.mind.press(goal.question, "yes") == Answer(kind="value", value=0)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["go for two now", "go for ten now"], ["for two", "for ten"]),
        (["go at six", "go at half past six"], ["at six", "at half past six"]),
        (["set a timer for fifteen minutes", "set a timer for fifty minutes"], ["for fifteen", "for fifty"]),
        (["same", "same"], ["", ""]),
    ],
)
def test_only_what_differs_is_said(texts: list[str], words: list[str]) -> None:
    assert differing_words(texts) == words
