"""Outcomes are kept, and change which tool is taken."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cloud.lam.goals import Goal
from cloud.lam.learning import HALF_LIFE_S, Learning, Record, Result, Trajectory
from cloud.lam.planning import Plan

OUTCOMES = st.lists(st.tuples(st.sampled_from(["done", "failed", "unknown"]), st.floats(0, 60_000)), max_size=30)


def trajectory(*results: tuple[str, str, float]) -> Trajectory:
    made = tuple(
        Result(number=number, tool=tool, status=status, took_ms=took_ms)  # type: ignore[arg-type]
        for number, (tool, status, took_ms) in enumerate(results, 1)
    )
    return Trajectory(task="t", person="ada", goal=Goal(intents=(), confidence=1), plan=Plan(steps=()), results=made)


async def test_a_tool_that_fails_falls_behind_and_one_that_succeeds_comes_forward(house: Any) -> None:
    tools = ("book_table", "book_tavern")
    assert house.learning.ranked(tools) == tools
    await house.learning.learn(trajectory(*[("book_table", "failed", 5000.0)] * 3))
    assert house.learning.ranked(tools) == ("book_tavern", "book_table")
    await house.learning.learn(trajectory(*[("book_table", "done", 2000.0)] * 20))
    assert house.learning.ranked(tools) == tools


async def test_of_two_that_succeed_the_quicker_is_taken(house: Any) -> None:
    slow, quick = [("book_table", "done", 30_000.0)] * 3, [("book_tavern", "done", 3_000.0)] * 3
    await house.learning.learn(trajectory(*slow, *quick))
    assert house.learning.ranked(("book_table", "book_tavern")) == ("book_tavern", "book_table")


async def test_what_was_learnt_outlives_the_process(house: Any) -> None:
    await house.learning.learn(trajectory(("book_table", "failed", 1.0), ("book_tavern", "done", 1.0)))
    again = Learning(house.store, house.memory, house.toolbox, house.clock)
    await again.load()
    for tool in ("book_table", "book_tavern"):
        assert again.record(tool) == house.learning.record(tool)


async def test_what_the_person_or_a_rule_stopped_says_nothing_of_the_tool(house: Any) -> None:
    await house.learning.learn(trajectory(("book_table", "cancelled", 9.0), ("book_table", "refused", 9.0)))
    assert house.learning.record("book_table") == Record()


async def test_old_failures_are_forgiven(house: Any) -> None:
    await house.learning.learn(trajectory(*[("book_table", "failed", 5000.0)] * 10))
    bad = house.learning.record("book_table").chance
    house.clock.at += 10 * HALF_LIFE_S
    assert bad < 0.2 < 0.6 < house.learning.record("book_table").chance


@given(OUTCOMES, OUTCOMES)
def test_the_chance_stays_a_chance_and_more_success_is_never_worse(before: Any, after: Any) -> None:
    record = Record()
    for status, took_ms in (*before, *after):
        record = record.with_outcome(status, took_ms)
    assert 0 < record.chance < 1
    assert (
        record.with_outcome("done", record.cost_ms).chance >= record.chance >= record.with_outcome("failed", 1).chance
    )
    assert record.faded(HALF_LIFE_S).wins <= record.wins
