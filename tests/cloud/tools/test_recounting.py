"""What was done, by voice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cloud.commands import HandleUtterance
from cloud.history.archive import Archive
from cloud.tasks.records import Status, Tasks
from cloud.tools.recounting import dated_apart, say_span
from language.past import Span


async def did(bench: Any, text: str, *, sentence: str = "Done.", status: Status = "done", days_ago: int = 0) -> None:
    """A run that has ended, that many days ago."""
    now = bench.clock.now
    bench.clock.now = now - days_ago * 86_400
    tasks = Tasks(bench.log)
    task, _ = await tasks.open(HandleUtterance(key=f"dev:{text}:{days_ago}", person="ada", text=text), f"t {text}")
    step = {"number": 1, "tool": "a_skill", "words": text, "effect": "irreversible", "arguments": {}}
    await bench.log.append("ada", task.id, "planned", {"steps": [step]})
    await tasks.finish(task.id, status, sentence, None)
    await Archive(bench.log, Path("no-pictures")).add([task.id])
    bench.clock.now = now


def span(bench: Any, days_ago: int) -> str:
    day = datetime.fromtimestamp(bench.clock.now - days_ago * 86_400, UTC).date()
    return f"{day}/{day}"


async def test_what_was_done_today_is_told_in_its_order(bench: Any) -> None:
    await did(bench, "order a pizza", sentence="Done: Pepperoni for 14.50.")
    bench.clock.now += 60
    await did(bench, "book a table", status="declined", sentence="All right, I left it.")
    await did(bench, "order a salad", days_ago=1)
    said = (await bench.use("what_did_you_do")).sentence
    assert said.startswith("Today I did two things. At ")
    assert ": order a pizza. Pepperoni for 14.50. At " in said
    assert said.endswith(": book a table; you said no.")


async def test_what_was_ordered_on_another_day_is_told(bench: Any) -> None:
    await did(bench, "order a pizza", sentence="Done: Pepperoni for 14.50.", days_ago=1)
    await did(bench, "book a table", days_ago=1)
    outcome = await bench.use("what_did_you_do", deed="order", day=span(bench, 1))
    assert outcome.sentence.startswith("Yesterday I ordered one thing. At ")
    assert [row.value for row in outcome.card.rows] == ["order a pizza"]


async def test_nothing_is_plainly_said_to_be_nothing(bench: Any) -> None:
    assert (await bench.use("what_did_you_do")).sentence == "I have no record of anything that I did today."
    said = (await bench.use("what_did_you_do", deed="order", day=span(bench, 1))).sentence
    assert said == "I have no record that I ordered anything yesterday."
    said = (await bench.use("did_you", deed="pay", what="the electricity bill")).sentence
    assert said == "I have no record that I paid the electricity bill."
    said = (await bench.use("did_you", deed="order", day=span(bench, 1))).sentence
    assert said == "I have no record that I ordered anything yesterday."


@pytest.mark.parametrize(
    ("status", "begins", "ends"),
    [
        ("done", "Yes. Yesterday at ", ": pay the electricity bill. Paid 80.00."),
        ("unknown", "I am not sure. Yesterday at ", "; I could not tell whether it went through."),
        ("failed", "No. Yesterday at ", "; it did not work."),
    ],
)
async def test_whether_something_was_done_is_answered_from_what_is_on_record(
    bench: Any, status: Status, begins: str, ends: str
) -> None:
    await did(bench, "pay the electricity bill", sentence="Paid 80.00.", status=status, days_ago=1)
    said = (await bench.use("did_you", deed="pay", what="my electricity bill")).sentence
    assert said.startswith(begins)
    assert said.endswith(ends)


async def test_when_something_was_done_is_told_without_a_yes(bench: Any) -> None:
    await did(bench, "order a pizza", sentence="Done: Pepperoni for 14.50.", days_ago=1)
    said = (await bench.use("when_did_you", deed="order", what="a pizza")).sentence
    assert said.startswith("Yesterday at ")


async def test_what_goes_on_is_said_to_go_on(bench: Any) -> None:
    command = HandleUtterance(key="dev:1", person="ada", text="pay the gas bill")
    await Tasks(bench.log).open(command, "going")
    assert (await bench.use("did_you", deed="pay", what="the gas bill")).sentence == "I am at it: pay the gas bill."


async def test_nobody_hears_of_what_was_done_for_somebody_else(bench: Any) -> None:
    await did(bench, "order a pizza")
    said = (await bench.use("what_did_you_do", person="bob")).sentence
    assert said == "I have no record of anything that I did today."


def test_a_day_at_the_end_is_none_of_what_was_meant() -> None:
    today = date(2026, 11, 26)
    assert dated_apart("the bill yesterday", today) == ("the bill", Span(date(2026, 11, 25), date(2026, 11, 25)))
    assert dated_apart("the bill last week", today) == ("the bill", Span(date(2026, 11, 16), date(2026, 11, 22)))
    assert dated_apart("the bill", today) == ("the bill", None)


def test_days_gone_by_are_said_as_people_say_them() -> None:
    today = date(2026, 11, 26)
    assert say_span(Span(date(2026, 11, 16), date(2026, 11, 22)), today) == "last week"
    assert say_span(Span(date(2026, 11, 25), date(2026, 11, 25)), today) == "yesterday"
    assert say_span(Span(date(2026, 11, 20), today), today).endswith(" to today")
