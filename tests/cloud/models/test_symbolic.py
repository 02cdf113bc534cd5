"""The embedded text model: what it proposes for words that no template has, and what it leaves alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cloud.models.interfaces import Proposal, ToolCall, ToolSpec
from cloud.models.symbolic import SymbolicModel
from language.entities import Choice, Slot

NOW = datetime(2026, 11, 23, 14, 30)
PIZZA = ToolSpec(
    name="order_pizza",
    description="order a pizza",
    parameters={},
    slots=(
        Slot(name="size", kind="choice", choices=(Choice("small"), Choice("large", ("big",)))),
        Slot(name="kind", kind="choice", choices=(Choice("margherita"), Choice("pepperoni"))),
        Slot(name="note", kind="text", required=False),
    ),
    utterances=("order a [{size}] [{kind}] pizza",),
)
TABLE = ToolSpec(
    name="book_table",
    description="book a table",
    parameters={},
    slots=(Slot(name="people", kind="integer", least=1, most=8), Slot(name="when", kind="when")),
    utterances=("book a table [for {people}] [at {when}]", "reserve a table"),
)
ALARM = ToolSpec(
    name="set_alarm",
    description="set an alarm",
    parameters={},
    slots=(Slot(name="when", kind="when", early=True),),
    utterances=("wake me [up] at {when}", "set an alarm for {when}"),
)


async def propose(text: str, **more: Any) -> Proposal:
    return await SymbolicModel().propose(text, (PIZZA, TABLE, ALARM), now=NOW, **more)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("i'd love a big pizza with pepperoni", ("order_pizza", {"size": "large", "kind": "pepperoni"})),
        ("reserve us a table tomorrow at seven in the evening", ("book_table", {"when": "2026-11-24T19:00"})),
        ("a table for twelve", ("book_table", {"people": 12})),
        ("use the alarm clock for half past six", ("set_alarm", {"when": "2026-11-24T06:30"})),
    ],
)
async def test_the_tool_that_stands_out_is_proposed_and_never_surely(text: str, call: tuple[str, Any]) -> None:
    assert await propose(text) == Proposal(calls=(ToolCall(name=call[0], arguments=call[1]),), sure=False)


@pytest.mark.parametrize(
    "text",
    [
        "sing me a song",
        "what is the capital of france",
        "she set the table for dinner",
        "we had a pizza yesterday",
        "hello",
    ],
)
async def test_what_asks_for_none_of_them_is_left_alone(text: str) -> None:
    assert await propose(text) == Proposal()


async def test_words_of_a_picture_choose_no_tool() -> None:
    assert await propose("what is this", data="order a large pepperoni pizza") == Proposal()


async def test_the_order_of_the_tools_does_not_matter() -> None:
    model = SymbolicModel()
    text = "i'd love a big pizza with pepperoni"
    there = await model.propose(text, (PIZZA, TABLE, ALARM), now=NOW)
    back = await model.propose(text, (ALARM, TABLE, PIZZA), now=NOW)
    assert there == back
