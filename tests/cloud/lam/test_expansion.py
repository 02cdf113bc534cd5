"""Tools that call others, as steps of a plan, and what is known when it is their turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from cloud.lam.carrying import READ, Known, filled, known_in, with_values
from cloud.lam.errors import ToolUnknown
from cloud.lam.goals import Goal, Intent
from cloud.lam.judgement import World, judge_step
from cloud.lam.planning import Plan, make_plan
from cloud.lam.toolbox import Effect, Outcome, Run, Toolbox
from cloud.lam.turns import NOTHING_DONE, done_by, turn_of
from language.entities import Slot, Value
from teach_mode.skill import Call, Check, Parameter

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class Errand(Struct, frozen=True, kw_only=True):
    """A tool that calls others, as skills are."""

    name: str
    calls: tuple[Call, ...] = ()
    gives: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    acts: bool = True
    effect: Effect = "read"
    utterances: tuple[str, ...] = ()
    navigates: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        return f"do {self.name}"

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        raise AssertionError("no test of the stages runs it")


LOOK = Errand(name="look", gives=("price", "code"), slots=(Parameter(name="phone", kind="text", source="profile"),))
BUY = Errand(
    name="buy", effect="irreversible", slots=(Slot(name="code", kind="text"), Slot(name="count", kind="integer"))
)
ELSEWHERE = Errand(name="elsewhere", slots=(Slot(name="code", kind="text"),), gives=("receipt",))
SHOP = Errand(
    name="shop",
    acts=False,
    effect="irreversible",
    slots=(Slot(name="count", kind="integer"), LOOK.slots[0]),
    calls=(
        Call(id="look", skill="look", keeps={"it": "code", "cost": "price"}),
        Call(
            id="buy",
            skill="buy",
            values={"code": "{it}", "count": "{count}"},
            when=Check(value="cost", relation="below", than="20"),
        ),
        Call(id="other", skill="elsewhere", values={"code": "{it|lower}"}, instead_of="buy", keeps={"slip": "receipt"}),
    ),
)
TWICE = Errand(
    name="twice",
    acts=False,
    effect="irreversible",
    slots=SHOP.slots,
    calls=(
        Call(id="shop", skill="shop", values={"count": "{count}"}, keeps={"paid": "cost"}),
        Call(id="tell", skill="elsewhere", values={"code": "paid {paid}"}),
    ),
)
TOOLBOX = Toolbox((LOOK, BUY, ELSEWHERE, SHOP, TWICE))


def plan_of(tool: str) -> Plan:
    values: dict[str, Value] = {"count": 2, "phone": "555 0100"}
    intent = Intent(tool=tool, values=values, text=tool, origins={"count": "said", "phone": "profile"})
    return make_plan(Goal(intents=(intent,), confidence=1.0), TOOLBOX, tuple)


def done(**read: Any) -> Outcome:
    return Outcome(status="done", sentence="Done.", data={READ: read})


SEEN = done(code="A-7", price="14.50")


def test_what_a_tool_calls_is_a_step_each_that_waits_for_those_before_it() -> None:
    steps = plan_of("shop").steps
    assert [(step.number, step.tool, step.after, step.instead_of) for step in steps] == [
        (1, "look", (), 0),
        (2, "buy", (1,), 0),
        (3, "elsewhere", (1,), 2),
    ]
    assert steps[0].arguments == {"phone": "555 0100"} and steps[0].origins == {"phone": "profile"}
    assert [step.effect for step in steps] == ["read", "irreversible", "read"]


def test_what_one_reads_fills_the_next_in_its_kind_and_comes_from_the_page() -> None:
    plan = plan_of("shop")
    turn = turn_of(plan.steps[1], plan, {1: SEEN}, {})
    assert turn.step is not None
    step = with_values(turn.step, BUY, known_in(turn.step.scope, plan, {1: SEEN}), NOW)
    assert step.arguments == {"code": "A-7", "count": 2}
    assert step.origins == {"code": "page", "count": "said"}


def test_words_of_a_page_never_say_where_something_goes() -> None:
    send = Errand(name="send", slots=(Slot(name="email", kind="text"),), effect="reversible")
    pay = Errand(
        name="pay",
        acts=False,
        effect="reversible",
        calls=(
            Call(id="look", skill="look", keeps={"it": "code"}),
            Call(id="send", skill="send", values={"email": "to {it}"}),
        ),
    )
    toolbox = Toolbox((LOOK, send, pay))
    plan = make_plan(Goal(intents=(Intent(tool="pay", values={}),), confidence=1.0), toolbox, tuple)
    step = with_values(plan.steps[1], send, known_in(1, plan, {1: SEEN}), NOW)
    request: Any = type("Asked", (), {"tools": ("pay", "look", "send")})
    verdict = judge_step(step, send, World(request=request, done=(1,)))
    assert (verdict.decision, verdict.rule) == ("refuse", "step_keeps_taint_out")


def test_a_condition_is_held_against_what_was_read() -> None:
    plan = plan_of("shop")
    dear = turn_of(plan.steps[1], plan, {1: done(code="A-7", price="24.50")}, {})
    assert dear.step is None and "the cost is 24.50, not less than 20" in dear.sentence
    unread = turn_of(plan.steps[1], plan, {1: done(code="A-7", price="ask us")}, {})
    assert unread.step is None and "I cannot tell whether the cost is less than 20" in unread.sentence


def test_what_builds_on_what_was_not_done_is_left_out_and_what_stands_in_for_it_is_tried() -> None:
    plan = plan_of("shop")
    failed = Outcome(status="failed", sentence="No.", data={NOTHING_DONE: True})
    assert turn_of(plan.steps[1], plan, {1: failed}, {}).step is None
    assert turn_of(plan.steps[2], plan, {1: SEEN, 2: failed}, {}).step is not None
    assert turn_of(plan.steps[2], plan, {1: SEEN, 2: done()}, {}).step is None


def test_what_is_called_deeper_reads_for_those_above() -> None:
    plan = plan_of("twice")
    assert [step.tool for step in plan.steps] == ["look", "buy", "elsewhere", "elsewhere"]
    ended = {1: SEEN, 2: done()}
    tell = plan.steps[3]
    assert set(tell.after) >= {1, 2} and 3 not in done_by(plan, {1: SEEN}, {})
    step = with_values(tell, ELSEWHERE, known_in(tell.scope, plan, ended), NOW)
    assert step.arguments == {"code": "paid 14.50"} and step.origins["code"] == "page"


def test_what_is_gone_is_told() -> None:
    with pytest.raises(ToolUnknown, match="calls look, which I cannot find"):
        make_plan(Goal(intents=(Intent(tool="shop", values={}, text="shop"),), confidence=1.0), Toolbox((SHOP,)), tuple)


NAMES = st.sampled_from(["a", "b", "c"])


@given(
    fills=st.dictionaries(NAMES, st.sampled_from(["{a}", "x {b}", "{c|digits}", "plain", "{a} and {b}"])),
    values=st.dictionaries(NAMES, st.sampled_from(["", "7", "seven", ("x", "y")])),
    origins=st.dictionaries(NAMES, st.sampled_from(["said", "page", "picture", "profile"])),
)
def test_what_holds_anything_of_a_page_or_a_picture_comes_from_there(fills: Any, values: Any, origins: Any) -> None:
    told = filled(fills, Known(values, origins))
    for name in told.values:
        used = {origins.get(place, "said") for place in ("a", "b", "c") if f"{{{place}" in fills[name]}
        assert (told.origins[name] in ("page", "picture")) == bool(used & {"page", "picture"})
