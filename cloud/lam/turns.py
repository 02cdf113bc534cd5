"""Which step of a plan is due, by how those before it ended. Pure: the same ends give the same turns, after a crash.

A step that stands in for another one is due only when that came to nothing, with certainty: never when nobody knows,
when the person said no, or when a rule did. Steps that stand in for one another are a chain; what waits for one of them
waits for any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Outcome

# In an outcome's data: nothing was left on any site, for sure; and why the site said that it cannot be had.
NOTHING_DONE, SITE_SAYS = "nothing_done", "site_says"
_WHO_SAYS = "It did not work. "

Ends = Mapping[int, Outcome]


class Turn(Struct, frozen=True, kw_only=True):
    """A step's turn: what to do now, or None and why not."""

    step: Step | None
    why_not: str = ""


def turn_of(step: Step, ended: Ends) -> Turn:
    """What is due when it is this step's turn. `ended` has the ends of all steps that were done."""
    if not step.instead_of:
        return Turn(step=step)
    first = ended.get(step.instead_of)
    if first is None or not came_to_nothing(first, strict=step.strict):
        return Turn(step=None, why_not="not needed")
    says = first.data.get(SITE_SAYS, "")
    because = f"The site says: {str(says).rstrip('.')}." if says else first.sentence
    return Turn(step=msgspec.structs.replace(step, because=because))


def came_to_nothing(outcome: Outcome, *, strict: bool) -> bool:
    """Whether something else may be done in its place. `strict`: only where the site itself said that it cannot be."""
    sure = outcome.status == "failed" and outcome.data.get(NOTHING_DONE) is True
    return sure and (bool(outcome.data.get(SITE_SAYS)) or not strict)


def done_by(plan: Plan, ended: Ends) -> tuple[int, ...]:
    """Numbers of the steps that count as done: those that were, and all of the chain that such a one is in."""
    first = {step.number: step.instead_of for step in plan.steps}

    def chain(number: int) -> int:
        while first.get(number):
            number = first[number]
        return number

    done = {chain(number) for number, outcome in ended.items() if outcome.status == "done"}
    return tuple(step.number for step in plan.steps if chain(step.number) in done)


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


def sentences(steps: Sequence[Step], ended: Ends) -> Iterable[str]:
    """What is said in the end. What another step was done in place of is left out, unless that failed, too."""
    then = {step.instead_of: step.number for step in steps if step.instead_of and step.number in ended}
    for step in steps:
        outcome = ended.get(step.number)
        last = step.number
        while last in then:
            last = then[last]
        if outcome is not None and outcome.sentence and (last == step.number or ended[last].status in _UNDONE):
            yield outcome.sentence


_UNDONE = ("failed", "refused", "unknown")
