"""Whose turn it is in a plan with conditions."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Outcome
from cloud.lam.turns import NOTHING_DONE, SITE_SAYS, counted, done_by, sentences, told_at_its_end, turn_of


def step(number: int, instead_of: int = 0, *, strict: bool = False) -> Step:
    return Step(
        number=number,
        tool="book",
        arguments={},
        effect="irreversible",
        words=f"book {number}",
        instead_of=instead_of,
        strict=strict,
    )


def due(one: Step, ended: dict[int, Outcome]) -> Step | None:
    return turn_of(one, Plan(steps=(step(1), one)), ended, {}).step


FULL = Outcome(
    status="failed",
    sentence="It did not work. bistro.example says: fully booked.",
    data={NOTHING_DONE: True, SITE_SAYS: "fully booked"},
)
DOWN = Outcome(status="failed", sentence="It does not answer.", data={NOTHING_DONE: True})
HALF_DONE = Outcome(status="failed", sentence="It did not work.", data={NOTHING_DONE: False, SITE_SAYS: "no"})
DONE = Outcome(status="done", sentence="Done.")


def test_what_is_not_to_be_had_gives_way_to_what_stands_in_for_it_and_the_question_says_why() -> None:
    now = due(step(2, 1, strict=True), {1: FULL})
    assert now is not None and now.because == "The site says: fully booked."


def test_a_site_that_does_not_answer_gives_way_only_to_what_is_done_for_any_reason() -> None:
    assert due(step(2, 1, strict=True), {1: DOWN}) is None
    assert due(step(2, 1), {1: DOWN}) is not None


@given(
    status=st.sampled_from(["done", "refused", "cancelled", "unknown"]),
    data=st.dictionaries(st.sampled_from([NOTHING_DONE, SITE_SAYS]), st.sampled_from([True, "no"])),
    strict=st.booleans(),
)
def test_nothing_is_done_in_place_of_what_was_done_refused_declined_or_is_unknown(
    status: Any, data: dict[str, Any], strict: bool
) -> None:
    ended = {1: Outcome(status=status, sentence="", data=data)}
    assert due(step(2, 1, strict=strict), ended) is None


def test_nothing_is_done_in_place_of_what_left_something_behind() -> None:
    assert due(step(2, 1), {1: HALF_DONE}) is None


def test_what_waits_for_a_step_waits_for_whatever_was_done_in_its_place() -> None:
    plan = Plan(steps=(step(1), step(2, 1), step(3, 2), step(4)))
    assert done_by(plan, {1: FULL, 2: DONE}, {}) == (1, 2, 3)
    assert done_by(plan, {1: DONE, 4: DONE}, {}) == (1, 2, 3, 4)
    assert done_by(plan, {1: FULL, 2: FULL}, {}) == ()


def test_the_end_tells_what_was_done_and_not_what_it_was_done_in_place_of() -> None:
    steps = (step(1), step(2, 1))
    assert list(sentences(steps, {1: FULL, 2: DONE}, {})) == ["Done."]
    assert counted(steps, {1: FULL, 2: DONE}) == [DONE]
    assert list(sentences(steps, {1: FULL, 2: FULL}, {})) == [FULL.sentence, FULL.sentence]
    told = told_at_its_end(steps[0], Plan(steps=steps), FULL)
    assert told.sentence == "bistro.example says: fully booked. Now I try: book 2."


ENDS = st.sampled_from([FULL, DOWN, HALF_DONE, DONE, Outcome(status="unknown", sentence="Perhaps.")])


@given(ends=st.lists(ENDS, min_size=4, max_size=4), strict=st.booleans())
def test_of_a_chain_one_is_done_at_the_most_and_nothing_comes_after_what_is_not_certain(
    ends: list[Outcome], strict: bool
) -> None:
    chain = [step(1), *(step(number, number - 1, strict=strict) for number in (2, 3, 4))]
    ended: dict[int, Outcome] = {}
    for one, outcome in zip(chain, ends, strict=True):
        if turn_of(one, Plan(steps=tuple(chain)), ended, {}).step is not None:
            ended[one.number] = outcome
    assert sum(outcome.status == "done" for outcome in ended.values()) <= 1
    assert all(outcome in (FULL, DOWN) for outcome in list(ended.values())[:-1])
    assert len(counted(chain, ended)) == 1
