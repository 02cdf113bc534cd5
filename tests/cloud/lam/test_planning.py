"""Which tool serves, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.lam.goals import Goal, Intent
from cloud.lam.planning import make_plan
from cloud.lam.toolbox import Toolbox
from cloud.tools.clocks import TIME


def as_given(tools: Iterable[str]) -> tuple[str, ...]:
    return tuple(tools)


def turned(tools: Iterable[str]) -> tuple[str, ...]:
    return tuple(tools)[::-1]


def intent(tool: str, **more: Any) -> Intent:
    values = {"book_table": {"people": 2, "when": "2026-11-23T19:00"}, "book_tavern": {"people": 2}}.get(tool, {})
    return Intent(tool=tool, values=dict(values), text=tool, **more)


def goal(*intents: Intent) -> Goal:
    return Goal(intents=intents, confidence=1.0)


@pytest.fixture(scope="session")
def toolbox(sites: Any) -> Toolbox:
    return Toolbox((*sites.values(), TIME))


def test_of_tools_that_serve_the_same_the_best_is_taken(toolbox: Toolbox) -> None:
    wanted = goal(intent("book_table", alternatives=("book_tavern",)))
    assert make_plan(wanted, toolbox, as_given).steps[0].tool == "book_table"
    assert make_plan(wanted, toolbox, turned).steps[0].tool == "book_tavern"


def test_a_tool_that_cannot_take_the_values_is_passed_over(toolbox: Toolbox) -> None:
    late = Intent(tool="book_table", values={"people": 2, "when": "soon"}, alternatives=("order_pizza",))
    assert make_plan(goal(late), toolbox, turned).steps[0].tool == "book_table"


def test_defaults_fill_what_was_not_said(toolbox: Toolbox, sites: Any) -> None:
    plan = make_plan(goal(intent("time")), toolbox, as_given)
    assert plan.steps[0].arguments == {}


def test_two_acts_on_one_site_wait_for_one_another_and_others_do_not(toolbox: Toolbox) -> None:
    plan = make_plan(goal(intent("book_table"), intent("order_pizza"), intent("book_table")), toolbox, as_given)
    assert [(step.tool, step.after) for step in plan.steps] == [
        ("book_table", ()),
        ("order_pizza", ()),
        ("book_table", (1,)),
    ]


@given(
    wanted=st.lists(
        st.builds(intent, st.sampled_from(["time", "book_table", "order_pizza"]), then=st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_every_step_waits_only_for_earlier_ones_and_a_then_is_kept(toolbox: Toolbox, wanted: list[Intent]) -> None:
    steps = make_plan(goal(*wanted), toolbox, as_given).steps
    assert [step.number for step in steps] == list(range(1, len(wanted) + 1))
    assert sorted(step.tool for step in steps) == sorted(each.tool for each in wanted)
    assert all(before < step.number for step in steps for before in step.after)
    last_then = max((place for place, each in enumerate(wanted) if each.then), default=0)
    assert all(len(step.after) >= last_then for step in steps[last_then:])
