"""Which step of a plan is due, by how those before it ended. Pure: the same ends give the same turns, after a crash.

A step that stands in for another one is due only when that came to nothing, with certainty: never when nobody knows,
when the person said no, or when a rule did. Steps that stand in for one another are a chain; what waits for one of them
waits for any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from cloud.lam.carrying import known_in
from cloud.lam.planning import Plan, Step
from cloud.lam.referring import plain_name
from cloud.lam.toolbox import Outcome
from language.comparisons import Comparison, holds, say_comparison
from language.entities import Value
from teach_mode.skill import Check

# In an outcome's data: nothing was left on any site, for sure; and why the site said that it cannot be had.
NOTHING_DONE, SITE_SAYS = "nothing_done", "site_says"
_WHO_SAYS = "It did not work. "

Ends = Mapping[int, Outcome]


class Turn(Struct, frozen=True, kw_only=True):
    """A step's turn: what to do now, or None and why not. `sentence` tells that to the person, where they must know;
    `neutral`: what builds on the step may go on without it."""

    step: Step | None
    why_not: str = ""
    sentence: str = ""
    neutral: bool = False


def turn_of(step: Step, plan: Plan, ended: Ends, left: Mapping[int, Turn]) -> Turn:
    """What is due when it is this step's turn. `ended` has the ends of all steps that were done, `left` the turns of
    those that were left out."""
    if step.instead_of:
        first = ended.get(step.instead_of)
        if first is None or not came_to_nothing(first, strict=step.strict):
            return Turn(step=None, why_not="not needed", neutral=True)
        says = first.data.get(SITE_SAYS, "")
        because = f"The site says: {str(says).rstrip('.')}." if says else first.sentence
        step = msgspec.structs.replace(step, because=because)
    if step.scope and not _built(step, plan) <= {*done_by(plan, ended, left)}:
        return Turn(step=None, why_not="what it builds on was not done")
    if step.when is not None:
        return _checked(step, step.when, known_in(step.scope, plan, ended).values.get(step.when.value, ""))
    return Turn(step=step)


def _built(step: Step, plan: Plan) -> set[int]:
    """What a step waits for of the tool that it is a part of."""
    own = {one.number for one in plan.steps if one.scope}
    return own & set(step.after)


def _checked(step: Step, check: Check, value: Value) -> Turn:
    comparison = Comparison(check.relation, check.than)
    written = ", ".join(value) if isinstance(value, tuple) else str(value)
    name = plain_name(check.value)
    match holds(comparison, written) if written else None:
        case True:
            return Turn(step=step)
        case False:
            why = f"the {name} is {written}, not {say_comparison(comparison)}"
        case None:
            why = f"I cannot tell whether the {name} is {say_comparison(comparison)}"
            why += f": the site says {written}" if written else ""
    return Turn(step=None, why_not=why, sentence=f"I left this out: {step.words}, for {why}.", neutral=True)


def came_to_nothing(outcome: Outcome, *, strict: bool) -> bool:
    """Whether something else may be done in its place. `strict`: only where the site itself said that it cannot be."""
    sure = outcome.status == "failed" and outcome.data.get(NOTHING_DONE) is True
    return sure and (bool(outcome.data.get(SITE_SAYS)) or not strict)


def done_by(plan: Plan, ended: Ends, left: Mapping[int, Turn]) -> tuple[int, ...]:
    """Numbers of the steps that count as done: those that were, all of the chain that such a one is in, and what was
    left out without harm."""
    first = {step.number: step.instead_of for step in plan.steps}

    def chain(number: int) -> int:
        while first.get(number):
            number = first[number]
        return number

    done = {chain(number) for number, outcome in ended.items() if outcome.status == "done"}
    free = {number for number, turn in left.items() if turn.neutral and not first.get(number)}
    return tuple(step.number for step in plan.steps if chain(step.number) in done or step.number in free)


def told_at_its_end(step: Step, plan: Plan, outcome: Outcome) -> Outcome:
    """A step's end as it is told: where another step is due in its place, that is said in place of its failure."""
    then = next((one for one in plan.steps if one.instead_of == step.number), None)
    if then is None or not came_to_nothing(outcome, strict=then.strict):
        return outcome
    why = outcome.sentence.removeprefix(_WHO_SAYS)
    return msgspec.structs.replace(outcome, sentence=f"{why} Now I try: {then.words}.", card=None)


def counted(steps: Sequence[Step], ended: Ends) -> list[Outcome]:
    """The outcomes that a task's end is made of: of a chain only the last that was tried."""
    tried = {step.instead_of for step in steps if step.number in ended}
    return [ended[step.number] for step in steps if step.number in ended and step.number not in tried]


def sentences(steps: Sequence[Step], ended: Ends, left: Mapping[int, Turn]) -> Iterable[str]:
    """What is said in the end. What another step was done in place of is left out, unless that failed, too."""
    then = {step.instead_of: step.number for step in steps if step.instead_of and step.number in ended}
    for step in steps:
        if step.number in left and left[step.number].sentence:
            yield left[step.number].sentence
        outcome = ended.get(step.number)
        last = step.number
        while last in then:
            last = then[last]
        if outcome is not None and outcome.sentence and (last == step.number or ended[last].status in _UNDONE):
            yield outcome.sentence


_UNDONE = ("failed", "refused", "unknown")
