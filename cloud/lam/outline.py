"""A plan in words, said and shown before it is begun when it is long. Pure.

A yes to it is a yes to begin, and never one to an act that cannot be undone: that is asked about by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cloud.lam.planning import Plan, Step
from cloud.lam.referring import plain_name
from language.comparisons import Comparison, say_comparison
from language.durations import MINUTE, say_duration
from language.numbers import say_number

# So many acts that cannot be undone are several.
SEVERAL_ACTS: Final = 3
# Sooner than this nobody needs to hear how long it takes.
_WORTH_SAYING_S: Final = 20.0


def is_long(plan: Plan, cost_ms: Callable[[str], float], *, long_s: float) -> bool:
    """Whether the plan is said first: several acts, or longer than `long_s` by what its tools took so far. What goes
    over a list is asked about once the list is read, and what stands in for something may never be begun."""
    steps = certain(plan)
    acts = sum(step.effect == "irreversible" for step in steps)
    return len(steps) > 1 and (acts >= SEVERAL_ACTS or took_ms(plan, cost_ms) >= long_s * 1000)


def took_ms(plan: Plan, cost_ms: Callable[[str], float]) -> float:
    """How long the plan takes by what its tools took so far."""
    return sum(cost_ms(step.tool) for step in certain(plan))


def certain(plan: Plan) -> tuple[Step, ...]:
    """The steps that are done in any case."""
    return tuple(step for step in plan.steps if not step.instead_of)


def question(plan: Plan, took: float) -> str:
    """What will be done, one after the other, and whether to begin."""
    said = "; ".join(f"{say_number(number)}, {words}" for number, words in enumerate(lines(plan), 1))
    return f"I will: {said}. {about(took)}Shall I begin?"


def lines(plan: Plan) -> tuple[str, ...]:
    """The steps in words, as the rows of the question show them."""
    return tuple(line_of(step) for step in plan.steps)


def line_of(step: Step) -> str:
    """A step with its condition: "for each one, throw it away"; "else book a table at eight"."""
    words = f"for each one, {step.words}" if step.each else step.words
    if step.when is not None:
        wanted = say_comparison(Comparison(step.when.relation, step.when.than))
        words = f"{words}, if the {plain_name(step.when.value)} is {wanted}"
    if step.only_if is not None:
        words = f"{words}, if it costs {say_comparison(step.only_if)}"
    return f"else {words}" if step.instead_of else words


def about(took: float) -> str:
    """How long it takes, in a sentence of its own; "" when that is not worth saying."""
    seconds = took / 1000
    if seconds < _WORTH_SAYING_S:
        return ""
    unit = 10 if seconds < MINUTE else MINUTE
    return f"This takes about {say_duration(max(round(seconds / unit), 1) * unit)}. "
