"""Finding the element that a step means, for sure or not at all, and saying what was seen instead."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, BrowserError, ConditionTimeout, ElementError, ElementMissing
from browser.locators import Locator
from browser.page import Page
from browser.stillness import Stillness, watching
from language.entities import Value
from teach_mode.errors import StepLost, StepNotTrue
from teach_mode.healer import Healer, Part
from teach_mode.passing import Passage
from teach_mode.sentences import name_of, words_of
from teach_mode.skill import Skill, Step, Target
from teach_mode.templates import in_a_sentence, render_all

# Below this an element is another one; an irreversible step is stricter.
ALIKE = 0.6
ALIKE_IRREVERSIBLE = 0.8
# How long to look before the site is asked whether it says what is wrong.
SLICE_MS = 400
ERROR_STATUS = 400
# How long something else in the element's place may take to become what was meant.
SURE_MS = 2_000
# One look at a page that answers at all.
LOOK_MS = 2_000


def alike_for(step: Step) -> float:
    """The least similarity at which the step's element is the one that was meant."""
    return ALIKE_IRREVERSIBLE if step.effect == "irreversible" else ALIKE


class Sight:
    """What the steps of one run see, on the tab `page`. `values` are those of the run, shared with it."""

    def __init__(self, page: Page, skill: Skill, values: Mapping[str, Value]) -> None:
        self.page = page
        self._skill = skill
        self._values = values
        self.healer = Healer(skill, values, None)
        self.passage = Passage(skill)

    async def site_says(self, step: Step) -> str:
        """The site's own words about what is wrong, or nothing."""
        locators: tuple[Locator, ...] = render_all(step.problems + self._skill.problems, self._values)
        for locator in locators:
            look = Deadline.after_ms(LOOK_MS)
            try:
                if not await self.page.holds(Condition(visible=(locator,)), deadline=look):
                    continue
                said = await self.page.read((locator,), deadline=look)
            except BrowserError:
                continue
            if said.strip():
                return in_a_sentence(said)
        return ""

    async def is_there(self, step: Step, target: Target) -> bool:
        """Whether the target's element is to be seen now, for sure."""
        look = Deadline.after_ms(LOOK_MS)
        frame = target.fingerprint.frame
        if not await self.page.holds(Condition(visible=target.locators, frame=frame), deadline=look):
            return False
        try:
            seen = await self.page.find(target.locators, target.fingerprint, deadline=look)
        except (ElementError, ActionTimeout):
            return False
        return seen.unique and seen.similarity >= alike_for(step)

    async def error_page(self) -> str:
        """What kind of error page is shown, if the site answered with one."""
        status = await self.page.status(deadline=Deadline.after_ms(LOOK_MS))
        return f"error {status}" if status >= ERROR_STATUS else ""

    async def aim(
        self, step: Step, target: Target, read: Sequence[ReadBack], deadline: Deadline, part: Part = "target"
    ) -> Sighting:
        """The one element of the target, found elsewhere on the page if it must be and can be for sure.

        Raises StepLost with what was sought, what was seen, what the site says and what might be meant; StepObstructed.
        """
        latest = self.healer.latest(step, part)
        if latest is not None:
            found: Target = render_all(latest, self._values)
            read = [_put(back, target, found) for back in read]
            target = found
        sure_by = deadline.sooner_of(SURE_MS)
        at_least = alike_for(step)
        with contextlib.ExitStack() as stack:
            stillness: Stillness | None = None
            while True:
                try:
                    return await self.page.find(
                        target.locators,
                        target.fingerprint,
                        read=read,
                        at_least=at_least,
                        deadline=deadline.sooner_of(SLICE_MS),
                    )
                except (ElementError, ActionTimeout) as error:
                    stillness = stillness or stack.enter_context(watching(self.page.playwright))
                    says = await self.site_says(step) or await self.error_page()
                    if not says and sure_by.passed:
                        await self.passage.refuse(self.page, step)
                        healed = await self.healer.heal(self.page, step, part, stillness, read, at_least, deadline)
                        if healed is not None:
                            return healed
                    missing = isinstance(error, (ElementMissing, ActionTimeout))
                    if not says and not (deadline if missing else sure_by).passed:
                        continue
                    raise await self._lost(step, part, target, says, error) from error

    async def _lost(self, step: Step, part: Part, target: Target, says: str, error: BrowserError) -> StepLost:
        seen = f"the site says: {says}" if says else f"{error}, on {self.page.url}; nothing was done"
        lost = f"{step.id}: looked for {name_of(target)}, but {seen}"
        if says:
            return StepLost(lost, step=step.id, site_says=says)
        likely, picture = await self.healer.likely(self.page, step, part, Deadline.after_ms(LOOK_MS))
        return StepLost(lost, step=step.id, part=part, candidates=likely, picture=picture)

    async def expect(self, step: Step, condition: Condition, what: str, deadline: Deadline) -> None:
        """Return when the condition holds. Raises StepNotTrue, at once when the site says what is wrong; or
        StepObstructed."""
        look_at = deadline.sooner_of(SURE_MS)
        while True:
            try:
                await self.page.wait_for(condition, deadline=deadline.sooner_of(SLICE_MS))
            except (ConditionTimeout, ActionTimeout) as error:
                says = await self.site_says(step) or await self.error_page()
                # What a site shows in place of its answer to an irreversible act is no answer: it is waited for.
                early = look_at.passed and step.effect != "irreversible"
                if not says and (early or deadline.passed):
                    await self.passage.refuse(self.page, step)
                    look_at = deadline
                if not says and not deadline.passed:
                    continue
                seen = f"the site says: {says}" if says else f"the page is {self.page.url}"
                raise StepNotTrue(
                    f"{step.id}: {what} {words_of(condition)}, but {seen}", step=step.id, site_says=says
                ) from error
            else:
                return


def _put(back: ReadBack, old: Target, new: Target) -> ReadBack:
    """A read-back of the target itself, moved to where the target was found."""
    if back.locators != old.locators:
        return back
    return ReadBack(locators=new.locators, frame=new.fingerprint.frame)
