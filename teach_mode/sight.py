"""Finding the element that a step means, for sure or not at all, and saying what was seen instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import BrowserError, ConditionTimeout, ElementMissing
from browser.locators import Locator
from browser.page import Page
from language.entities import Value
from teach_mode.errors import StepLost, StepNotTrue
from teach_mode.skill import Skill, Step, Target
from teach_mode.templates import render_all

# Below this an element is another one; an irreversible step is stricter.
ALIKE = 0.6
ALIKE_IRREVERSIBLE = 0.8
# How long to look before the site is asked whether it says what is wrong.
SLICE_MS = 400


def alike_for(step: Step) -> float:
    """The least similarity at which the step's element is the one that was meant."""
    return ALIKE_IRREVERSIBLE if step.effect == "irreversible" else ALIKE


def name_of(target: Target) -> str:
    """A target in words: 'link "Choose Pepperoni"'."""
    print_ = target.fingerprint
    words = print_.name or print_.label or print_.text or target.locators[0].name or target.locators[0].value
    return f'{print_.role or print_.tag or "element"} "{words}"'


async def holds(page: Page, condition: Condition) -> bool:
    """Whether the condition is true now."""
    try:
        await page.wait_for(condition, deadline=Deadline.after_ms(1))
    except ConditionTimeout:
        return False
    return True


class Sight:
    """What the steps of one run see. `values` are those of the run, shared with it."""

    def __init__(self, page: Page, skill: Skill, values: Mapping[str, Value]) -> None:
        self._page = page
        self._skill = skill
        self._values = values

    async def site_says(self, step: Step) -> str:
        """The site's own words about what is wrong, or nothing."""
        locators: tuple[Locator, ...] = render_all(step.problems + self._skill.problems, self._values)
        for locator in locators:
            try:
                said = await self._page.read((locator,), deadline=Deadline.after_ms(1))
            except BrowserError:
                continue
            if said.strip():
                return " ".join(said.split())
        return ""

    async def aim(self, step: Step, target: Target, read: Sequence[ReadBack], deadline: Deadline) -> Sighting:
        """The one element of the target. Raises StepLost with what was sought, what was seen and what the site says."""
        while True:
            try:
                return await self._aim_once(step, target, read, deadline.sooner_of(SLICE_MS))
            except ElementMissing as error:
                says = await self.site_says(step)
                if not says and not deadline.passed:
                    continue
                seen = f"the site says: {says}" if says else f"it is not on {self._page.url}"
                raise StepLost(
                    f"{step.id}: looked for {name_of(target)}, but {seen}", step=step.id, site_says=says
                ) from error

    async def _aim_once(self, step: Step, target: Target, read: Sequence[ReadBack], deadline: Deadline) -> Sighting:
        locators = target.locators
        doubts: list[str] = []
        while locators:
            try:
                sighting = await self._page.find(locators, target.fingerprint, read=read, deadline=deadline)
            except ElementMissing:
                if doubts:
                    break
                raise
            if sighting.unique and sighting.similarity >= alike_for(step):
                return sighting
            seen = f'{sighting.seen.role or sighting.seen.tag} "{sighting.seen.name or sighting.seen.text[:60]}"'
            doubts.append(
                f"{sighting.matches} like {seen}" if not sighting.unique else f"{seen}, {sighting.similarity:.0%} alike"
            )
            locators = locators[sighting.locator + 1 :]
        raise StepLost(
            f"{step.id}: looked for {name_of(target)} and am not sure: saw {' and '.join(doubts)}; nothing was done",
            step=step.id,
        )

    async def expect(self, step: Step, condition: Condition, what: str, deadline: Deadline) -> None:
        """Return when the condition holds. Raises StepNotTrue, at once when the site says what is wrong."""
        while True:
            try:
                await self._page.wait_for(condition, deadline=deadline.sooner_of(SLICE_MS))
            except ConditionTimeout as error:
                says = await self.site_says(step)
                if not says and not deadline.passed:
                    continue
                seen = f"the site says: {says}" if says else f"the page is {self._page.url}"
                raise StepNotTrue(
                    f"{step.id}: {what} {words_of(condition)}, but {seen}", step=step.id, site_says=says
                ) from error
            else:
                return


def words_of(condition: Condition) -> str:
    """A condition in words."""
    parts = [f"the address {condition.url}"] if condition.url else []
    parts += [f'the text "{condition.text}"'] if condition.text else []
    parts += [f'"{one.name or one.value}" to be seen' for one in condition.visible[:1]]
    parts += [f'"{one.name or one.value}" to be gone' for one in condition.hidden[:1]]
    return " and ".join(parts)
