"""Whether a step is to be done at all: is it due, is it needed, was it done often enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise, takewhile

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ConditionTimeout
from language.entities import Value
from teach_mode.errors import StepNotTrue
from teach_mode.leading import applies, choices_of, each_applied, only_leads
from teach_mode.sentences import words_of
from teach_mode.sight import Sight
from teach_mode.skill import Skill, Step
from teach_mode.templates import render, render_all

STEP_MS = 10_000
# How long the entry condition, or the end of a loop, may take to show before it counts as not met.
ENTRY_MS = 1_500


class Due:
    """Of one run. `values` are the run's, shared with it."""

    def __init__(self, skill: Skill, sight: Sight, values: Mapping[str, Value], deadline: Deadline) -> None:
        self._sight = sight
        self._values = values
        self._deadline = deadline
        self._steps = skill.steps
        self._next = {one.id: following for one, following in pairwise(skill.steps)}
        self._began_at: dict[str, str] = {}
        self._typed: set[str] = set()

    async def is_due(self, step: Step) -> bool:
        """Whether what a step asks of the values and of the page is so. Raises StepNotTrue where that is not sure."""
        when = step.when
        if when is None:
            return True
        if when.given and self._values.get(when.given) in (None, "", ()):
            return False
        if any(render("{" + name + "}", self._values) != wanted for name, wanted in when.equals.items()):
            return False
        if when.page is None:
            return True
        page: Condition = render_all(when.page, self._values)
        shown = self._sight.healer.now(step, "when", page)
        if await self._sight.page.holds(shown, deadline=self._deadline.sooner_of(STEP_MS)):
            so = await self._sight.left_of(step, "when", shown) is None
        else:
            so = await self._sight.said_otherwise(step, "when", shown)
        if not so and shown.looks is not None and not (shown.wants_gone or self._sight.healer.gone):
            raise StepNotTrue(f"{step.id}: cannot tell whether it is due: {words_of(shown)}", step=step.id)
        return so

    async def is_needed(self, step: Step, then: Sequence[Step]) -> bool:
        """Whether a step that comes up is to be done: an optional one where it is there, what is typed beside a secret
        where that is asked for as well, what is pressed after one while its field is still there, one that only leads
        on unless the next one's element is here in its place, one that only applies what was chosen unless the page did
        so at once."""
        self._began_at[step.id] = self._sight.page.url
        if step.optional:
            needed = await self._is_called_for(step, then)
            if needed and step.secret:
                self._typed.add(step.id)
            return needed
        choices = choices_of(step, self._before(step)) if applies(step) else ()
        if choices and not await self._is_there(step, then[:1]):
            return not each_applied([self._began_at.get(one, "") for one in choices], self._sight.page.url)
        after = then[0] if then else None
        return not only_leads(step, after) or await self._is_there(step, then[:1]) or not await self.is_next_here(step)

    async def _is_called_for(self, step: Step, then: Sequence[Step]) -> bool:
        if await self._is_there(step, then):
            secret = secret_beside(step, then)
            return secret is None or await self.is_here(secret)
        last = self._before(step)[-1:]
        pressed = step.action == "click" and bool(last) and last[0].id in self._typed
        return pressed and await self.is_here(last[0])

    def _before(self, step: Step) -> Sequence[Step]:
        return self._steps[: self._steps.index(step)] if step in self._steps else ()

    async def is_next_here(self, step: Step) -> bool:
        """Whether the element of the step that follows is to be seen now, for sure."""
        after = self._next.get(step.id)
        return after is not None and after.tab == step.tab and await self.is_here(after)

    async def is_here(self, step: Step) -> bool:
        """Whether a step's element is to be seen now, for sure."""
        return step.target is not None and await self._sight.is_there(step, render_all(step.target, self._values))

    async def _is_there(self, step: Step, then: Sequence[Step]) -> bool:
        """Whether an optional step's element is there once the page is so far that it, or a later one, is seen."""
        targets = [render_all(one.target, self._values) for one in (step, *then) if one.target]
        frame = targets[0].fingerprint.frame
        either = Condition(
            visible=tuple(way for one in targets if one.fingerprint.frame == frame for way in one.locators), frame=frame
        )
        with suppress(ConditionTimeout, ActionTimeout):
            await self._sight.page.wait_for(either, deadline=self._deadline.sooner_of(ENTRY_MS))
        return await self._sight.is_there(step, targets[0])

    async def is_enough(self, step: Step, until: Condition) -> bool:
        """Whether a loop is at its end. Where nothing is left to do it on, the page may only word that anew."""
        end = self._sight.healer.now(step, "until", until)
        if await self._sight.page.holds(end, deadline=self._deadline.sooner_of(STEP_MS)):
            return await self._sight.left_of(step, "until", end) is None
        if until.looks is None or step.target is None:
            return False
        if await self._sight.is_there(step, render_all(step.target, self._values)):
            return False
        return await self._sight.said_otherwise(step, "until", until)


def secret_beside(step: Step, then: Sequence[Step]) -> Step | None:
    """What types a secret on the page on which a step only types: the name at a login is no name anywhere else."""
    typed = tuple(takewhile(lambda one: one.optional and one.action == "fill", then))
    return next((one for one in typed if one.secret), None) if step.action == "fill" and not step.secret else None


def after(steps: Sequence[Step], number: int) -> tuple[Step, ...]:
    """The steps that may come after one: those that may be left out, and the first that may not."""
    later = steps[number + 1 :]
    due = next((at for at, step in enumerate(later) if not step.optional), len(later))
    return tuple(later[: due + 1])
