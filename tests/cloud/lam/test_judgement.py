"""The rules, one by one, and what no plan can talk them into."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.lam.judgement import (
    MOST_STEPS,
    SINKS,
    TAINTED,
    Act,
    ReadBack,
    Request,
    World,
    amount_of,
    host_of,
    judge_act,
    judge_step,
    on_one_of,
)
from cloud.lam.planning import Step
from cloud.tools.spoken import SpokenTool
from language.entities import Slot

REQUEST = Request(person="ada", text="order a pizza", tools=("order_pizza", "send_money", "look"), cap="20.00")
STEP = Step(
    number=1,
    tool="order_pizza",
    arguments={"size": "large", "kind": "funghi", "address": "Elm Street 5"},
    effect="irreversible",
    words="order a large funghi pizza",
)
ACT = Act(
    tool="order_pizza",
    effect="irreversible",
    origin="http://pizza.example:8100",
    navigates=("http://pizza.example:8100",),
    words="order it",
    confirms=("total",),
    read_backs=(ReadBack(name="total", label="Total", value="€ 14.50", kind="amount"),),
)


async def _nothing(arguments: Any, run: Any) -> Any:
    raise AssertionError("judging runs nothing")


SEND = SpokenTool(
    name="send_money",
    description="send money",
    utterances=("send money",),
    work=_nothing,
    slots=(Slot(name="to", kind="text"), Slot(name="amount", kind="amount"), Slot(name="note", kind="text")),
    effect="irreversible",
)
LOOK = msgspec.structs.replace(SEND, name="look", effect="read")


@pytest.fixture
def pizza(sites: Any) -> Any:
    return sites["order_pizza"]


def changed(struct: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(struct, **changes)


def step_rule(step: Step, tool: Any, **world: Any) -> str:
    verdict = judge_step(step, tool, World(request=REQUEST, **world))
    return f"{verdict.decision} {verdict.rule}"


def act_rule(act: Act, tool: Any, request: Request = REQUEST) -> str:
    verdict = judge_act(act, tool, request)
    return f"{verdict.decision} {verdict.rule}"


def test_an_irreversible_tool_is_asked_for_and_a_site_asks_at_its_act(pizza: Any) -> None:
    send = Step(
        number=1,
        tool="send_money",
        arguments={"to": "Bob", "amount": "5.00", "note": "tea"},
        effect="irreversible",
        words="send Bob five",
    )
    assert step_rule(send, SEND) == "ask irreversible_is_asked"
    assert step_rule(STEP, pizza) == "go asks_at_the_act"


def test_an_unknown_tool_is_refused() -> None:
    assert step_rule(STEP, None) == "refuse tool_known"
    assert act_rule(ACT, None) == "refuse tool_known"


def test_a_step_that_nobody_asked_for_is_refused(pizza: Any) -> None:
    other = changed(pizza, name="order_cake")
    assert step_rule(changed(STEP, tool="order_cake"), other) == "refuse step_was_asked_for"
    assert act_rule(changed(ACT, tool="order_cake"), other) == "refuse act_was_asked_for"


def test_a_runaway_plan_stops(pizza: Any) -> None:
    assert step_rule(STEP, pizza, started=MOST_STEPS - 1).startswith("go")
    assert step_rule(STEP, pizza, started=MOST_STEPS) == "refuse steps_are_few"


def test_a_step_waits_for_those_before_it(pizza: Any) -> None:
    later = changed(STEP, number=3, after=(1, 2))
    assert step_rule(later, pizza, done=(1,)) == "refuse step_waits_its_turn"
    assert step_rule(later, pizza, done=(1, 2)).startswith("go")


def test_a_step_cannot_hide_what_its_tool_does(pizza: Any) -> None:
    assert step_rule(changed(STEP, effect="read"), pizza) == "refuse effect_is_not_hidden"


@pytest.mark.parametrize("missing", ["size", "kind", "address"])
def test_nothing_runs_with_a_required_slot_empty(pizza: Any, missing: str) -> None:
    without = {name: value for name, value in STEP.arguments.items() if name != missing}
    assert step_rule(changed(STEP, arguments=without), pizza) == "refuse slots_are_filled"
    assert step_rule(changed(STEP, arguments=without | {missing: ""}), pizza) == "refuse slots_are_filled"


@pytest.mark.parametrize("wrong", [{"size": "gigantic"}, {"kind": 3}, {"coupon": "FREE"}, {"size": ("large",)}])
def test_arguments_must_fit_the_slots(pizza: Any, wrong: Any) -> None:
    assert step_rule(changed(STEP, arguments=STEP.arguments | wrong), pizza) == "refuse arguments_fit"


def test_words_of_a_picture_are_no_address(pizza: Any) -> None:
    assert step_rule(changed(STEP, origins={"address": "picture"}), pizza) == "refuse step_keeps_taint_out"
    assert step_rule(changed(STEP, origins={"kind": "picture", "address": "profile"}), pizza).startswith("go")


def test_an_irreversible_act_is_always_asked(pizza: Any) -> None:
    assert act_rule(ACT, pizza) == "ask irreversible_is_asked"
    assert act_rule(changed(ACT, effect="reversible"), pizza) == "go harmless"


def test_a_tool_that_only_looks_may_not_act() -> None:
    act = changed(ACT, tool="look", origin="https://a.example", navigates=("a.example",))
    assert act_rule(act, LOOK) == "refuse effect_is_within_the_tool"


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example:8100",
        "http://pizza.example",
        "https://pizza.example:8100",
        "http://pizza.example:8100@evil.example",
    ]
    + [
        "about:blank",
        "",
        "http://pizza.example.evil.example:8100",
        "data:text/html,x",
        "http://sub.pizza.example:8100",
    ],
)
def test_an_act_elsewhere_is_refused(pizza: Any, origin: str) -> None:
    assert act_rule(changed(ACT, origin=origin), pizza) == "refuse origin_is_allowed"


def test_a_notice_may_be_put_aside_where_pages_load_from_and_nothing_else_may_be_done_there(pizza: Any) -> None:
    notice = changed(
        ACT, effect="reversible", origin="https://consent.example", loads=("consent.example",), pressed="Reject all"
    )
    assert act_rule(changed(notice, notice=True), pizza) == "go harmless"
    assert act_rule(notice, pizza) == "refuse origin_is_allowed"
    for change in (
        {"loads": ()},
        {"pressed": "Buy now"},
        {"effect": "irreversible"},
        {"origin": "https://evil.example"},
    ):
        assert act_rule(changed(notice, notice=True, **change), pizza).startswith("refuse"), change


def test_a_skill_cannot_widen_the_places_of_its_tool(pizza: Any) -> None:
    act = changed(ACT, origin="https://evil.example", navigates=("evil.example",))
    assert act_rule(act, pizza) == "refuse origin_is_allowed"


@pytest.mark.parametrize("read_backs", [(), (ReadBack(name="total", label="Total", value="  "),)])
def test_what_must_be_confirmed_must_have_been_read(pizza: Any, read_backs: Any) -> None:
    assert act_rule(changed(ACT, read_backs=read_backs), pizza) == "refuse confirmations_are_there"


def test_an_act_sends_nothing_to_where_a_page_says(pizza: Any) -> None:
    tainted = changed(ACT, values={"address": "Evil Street 9", "kind": "funghi"}, origins={"address": "page"})
    assert act_rule(tainted, pizza) == "refuse act_keeps_taint_out"
    assert act_rule(changed(tainted, origins={"address": "said", "kind": "page"}), pizza) == "ask irreversible_is_asked"


def price(text: str) -> Act:
    total: Act = changed(ACT, read_backs=(ReadBack(name="total", label="Total", value=text, kind="amount"),))
    return total


def test_the_cap_holds_the_highest_amount_that_the_site_names(pizza: Any) -> None:
    assert act_rule(price("20.00"), pizza) == "ask irreversible_is_asked"
    assert act_rule(price("20.01"), pizza) == "refuse spending_is_within_the_cap"
    assert act_rule(price("1,400.50"), pizza) == "refuse spending_is_within_the_cap"
    assert act_rule(price("1400.50"), pizza, changed(REQUEST, cap="")) == "ask irreversible_is_asked"


@pytest.mark.parametrize("text", ["free!", "14.50 or 20", "-3.00", "1.2.3"])
def test_an_amount_that_cannot_be_read_is_not_agreed_to(pizza: Any, text: str) -> None:
    assert act_rule(price(text), pizza) == "refuse amounts_are_readable"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("14.50", "14.50"), ("€ 14,50", "14.50"), ("Total: $1,234.00", "1234"), ("1.234,5 EUR", "1234.5"), ("7", "7")],
)
def test_amounts_are_read_as_they_are_written(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_written_amount_is_read_back(amount: Decimal) -> None:
    assert amount_of(f"{amount:.2f}") == amount == amount_of(f"€{amount:,.2f}")


def test_hosts_bind_their_ports_and_origins_their_schemes() -> None:
    assert on_one_of("https://a.example/x?y", ("a.example",))
    assert on_one_of("http://127.0.0.1:8400/", ("127.0.0.1:8400",))
    assert not on_one_of("https://a.example:444/", ("a.example",))
    assert not on_one_of("http://a.example", ("https://a.example",))
    assert host_of("http://A.example:80/") == "a.example"


@given(
    names=st.lists(st.sampled_from(sorted(SINKS) + ["kind", "note", "send_to", "customer_email", "Host"]), unique=True),
    origins=st.lists(
        st.sampled_from(["said", "profile", "picture", "page", "model", "pressed"]), min_size=14, max_size=14
    ),
    values=st.lists(st.text(min_size=1, max_size=30), min_size=14, max_size=14),
)
def test_no_tainted_value_ever_reaches_a_sink(names: list[str], origins: Any, values: list[str]) -> None:
    names = names[:14]
    tool = msgspec.structs.replace(SEND, slots=tuple(Slot(name=name, kind="text") for name in names))
    arguments = dict(zip(names, values, strict=False))
    step = Step(
        number=1,
        tool="send_money",
        arguments=arguments,
        effect="irreversible",
        words="send",
        origins=dict(zip(names, origins, strict=False)),
    )
    verdict = judge_step(step, tool, World(request=REQUEST))
    sinks = [name for name in names if name.lower().rpartition("_")[2] in SINKS]
    if any(step.origins[name] in TAINTED for name in sinks):
        assert verdict.decision == "refuse"
    else:
        assert verdict.rule in ("irreversible_is_asked", "slots_are_filled", "arguments_fit")


@given(
    effect=st.sampled_from(["read", "reversible", "irreversible"]),
    total=st.text(max_size=12),
    origin=st.sampled_from(["http://pizza.example:8100", "https://evil.example"]),
)
def test_no_irreversible_act_is_ever_let_go_unasked(effect: Any, total: str, origin: str) -> None:
    tool = msgspec.structs.replace(SEND, name="order_pizza")
    verdict = judge_act(changed(price(total), effect=effect, origin=origin), tool, REQUEST)
    assert verdict.decision != "go" or effect != "irreversible"
    assert verdict.decision == "refuse" or origin == "http://pizza.example:8100"
