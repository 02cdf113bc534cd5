"""Sentences of several clauses: what stands in for what, and with which values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloud.lam.compounds import Compounds, other_value
from cloud.lam.toolbox import Toolbox
from cloud.speech.correction import PhoneticCorrector
from language.entities import Slot

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
TABLE = "book a table for two at seven"


def said(heard: Any) -> list[tuple[Any, ...]]:
    return [(each.tool, each.values, each.instead_of, each.strict) for each in heard.readings]


@pytest.fixture(scope="module")
def hear(sites: Any) -> Any:
    toolbox = Toolbox(sites.values())
    corrector, book = Compounds(PhoneticCorrector(), toolbox), toolbox.phrasebook()
    return lambda text: corrector.correct(text, (), book, NOW, spoken=True)


def table(when: str) -> dict[str, Any]:
    return {"people": 2, "when": f"2026-11-23T{when}"}


def test_the_same_is_tried_with_another_time_and_the_sentence_says_so(hear: Any) -> None:
    heard = hear(f"{TABLE}, and if none is free, try half past seven")
    assert said(heard) == [
        ("book_table", table("19:00"), None, False),
        ("book_table", table("19:30"), 0, True),
    ]
    assert heard.readings[1].text == "book a table for two at half past seven"


def test_a_chain_of_times_and_then_another_request(hear: Any) -> None:
    heard = hear(f"{TABLE} and if it is full try eight, otherwise order a large funghi pizza")
    assert said(heard) == [
        ("book_table", table("19:00"), None, False),
        ("book_table", table("20:00"), 0, True),
        ("order_pizza", {"size": "large", "kind": "funghi"}, 1, False),
    ]


def test_what_is_said_after_the_other_value_is_a_request_of_its_own(hear: Any) -> None:
    heard = hear(f"{TABLE}, and if none is free try eight and then order a large funghi pizza")
    assert [(tool, instead) for tool, _, instead, _ in said(heard)] == [
        ("book_table", None),
        ("book_table", 0),
        ("order_pizza", None),
    ]


def test_another_choice_of_a_menu(hear: Any) -> None:
    heard = hear("order a large funghi pizza and if it's sold out take pepperoni")
    assert said(heard)[1] == ("order_pizza", {"size": "large", "kind": "pepperoni"}, 0, True)


def test_what_cannot_be_done_in_its_place_makes_the_whole_sentence_not_understood(hear: Any) -> None:
    assert hear(f"{TABLE}, and if none is free call the president of the moon").decision == "refuse"


WHEN = Slot(name="when", kind="when", least=18, most=21.5)
ANY_TIME = Slot(name="when", kind="when")


@pytest.mark.parametrize(
    ("slot", "first", "words", "other"),
    [
        (WHEN, "2026-11-27T19:00", "half past seven", "2026-11-27T19:30"),
        (WHEN, "2026-11-27T19:00", "eight", "2026-11-27T20:00"),
        (WHEN, "2026-11-27T19:00", "on saturday", "2026-11-28T19:00"),
        (WHEN, "2026-11-27T19:00", "saturday at eight", "2026-11-28T20:00"),
        (ANY_TIME, "2026-11-27T19:00", "half past seven", "2026-11-27T19:30"),
        (ANY_TIME, "2026-11-27T09:00", "ten", "2026-11-27T10:00"),
        (ANY_TIME, "2026-11-27T19:00", "eight in the morning", "2026-11-27T08:00"),
        (Slot(name="at", kind="time"), "19:00", "half past seven", "19:30"),
        (Slot(name="people", kind="integer"), 2, "for four", 4),
        (WHEN, "2026-11-27T19:00", "a bicycle", None),
    ],
)
def test_the_other_value_is_taken_beside_the_first(slot: Slot, first: Any, words: str, other: Any) -> None:
    found = other_value(slot, first, words, NOW)
    assert (found[0] if found is not None else None) == other


async def test_what_was_asked_back_for_the_first_counts_for_what_stands_in_for_it(house: Any) -> None:
    goal = await house.goal("book a table at seven, and if none is free try eight")
    assert goal.question is not None and goal.question.slot == "people"
    goal = await house.answer(goal, "four")
    assert goal.question is None
    assert [intent.values for intent in goal.intents] == [
        {"people": 4, "when": "2026-11-23T19:00"},
        {"people": 4, "when": "2026-11-23T20:00"},
    ]
    steps = house.mind.plan(goal).steps
    assert [(step.number, step.instead_of, step.strict, step.after) for step in steps] == [
        (1, 0, False, ()),
        (2, 1, True, ()),
    ]


async def test_a_dictated_condition_is_no_condition(house: Any) -> None:
    goal = await house.goal("take a note that if none is free try eight")
    assert [intent.tool for intent in goal.intents] == ["take_note"]
