"""Finding the element that a step means, for sure or not at all, and saying what was seen instead."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from browser.conditions import Condition, ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import (
    ActionTimeout,
    BrowserError,
    ConditionTimeout,
    ElementChanged,
    ElementError,
    ElementMissing,
    SnapshotError,
)
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.stillness import Loading, Stillness, watching
from language.entities import Value
from teach_mode.errors import StepLost, StepNotTrue
from teach_mode.healer import Healer
from teach_mode.parts import Element, Part, looking_at
from teach_mode.passing import Passage
from teach_mode.redrawn import offered, redrawn
from teach_mode.retarget import bears, value_of
from teach_mode.sentences import name_of, words_of
from teach_mode.skill import Skill, Step, Target
from teach_mode.templates import in_a_sentence, render, render_all

# Below this an element is another one; an irreversible step is stricter.
ALIKE = 0.6
ALIKE_IRREVERSIBLE = 0.8
# How long to look before the site is asked whether it says what is wrong.
SLICE_MS = 400
ERROR_STATUS = 400
ALERT = Locator(kind=LocatorKind.ROLE, value="alert")
# How long something else in the element's place may take to become what was meant.
SURE_MS = 2_000
# One look at a page that answers at all.
LOOK_MS = 2_000
# How long it may take to gather and picture what the person is to pick from, once the step has failed.
SHOW_MS = 8_000
# How long a page may take to come to rest and be searched for what a condition asks.
REWORD_MS = 6_000

# What is read says another thing each time, and so does a row that is pointed at; neither changes anything.
ANY_WORDS = frozenset(("read", "hover"))


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
        self.loading = Loading()

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

    async def alert(self) -> str:
        """What the page calls out by itself, or nothing."""
        try:
            said = await self.page.read((ALERT,), deadline=Deadline.after_ms(SLICE_MS))
        except BrowserError:
            return ""
        return in_a_sentence(said)

    async def is_there(self, step: Step, target: Target) -> bool:
        """Whether the target's element is to be seen now, for sure; what is pointed at may be drawn otherwise."""
        if await self._seen(step, target) is not None:
            return True
        return step.action == "hover" and await self._redrawn(step, target, Deadline.after_ms(LOOK_MS)) is not None

    async def _seen(self, step: Step, target: Target) -> Sighting | None:
        look, any_words = Deadline.after_ms(LOOK_MS), step.action in ANY_WORDS
        try:
            seen = await self.page.glance(target.locators, target.fingerprint, any_words=any_words, deadline=look)
        except ActionTimeout:
            return None
        return seen if seen is not None and seen.unique and seen.similarity >= alike_for(step) else None

    async def look_for(self, step: Step, target: Target) -> Sighting | None:
        """The target's element if it is to be seen now for sure, as it was taught or elsewhere once the page is at
        rest; it is not waited for. Raises PageGone."""
        seen = await self._seen(step, target)
        if seen is not None and seen.visible:
            return None if self._says_another(step, "target", seen) else seen
        look = Deadline.after_ms(REWORD_MS)
        with watching(self.page.playwright) as stillness:
            healed = await self.healer.heal(self.page, step, "target", stillness, (), alike_for(step), look)
        return healed or await self._redrawn(step, target, look)

    async def error_page(self) -> str:
        """What kind of error page is shown, if the site answered with one."""
        status = await self.page.status(deadline=Deadline.after_ms(LOOK_MS))
        return f"error {status}" if status >= ERROR_STATUS else ""

    async def aim(
        self, step: Step, target: Target, read: Sequence[ReadBack], deadline: Deadline, part: Element = "target"
    ) -> Sighting:
        """The one element of the target, found elsewhere on the page if it must be and can be for sure.

        Raises StepLost with what was sought, what was seen, what the site says and what might be meant; StepObstructed.
        """
        latest = self.healer.latest(step, part)
        if latest is not None:
            moved: Target = render_all(latest, self._values)
            read = [_put(back, target, moved) for back in read]
            target = moved
        sure_by = deadline.sooner_of(SURE_MS)
        at_least = alike_for(step)
        with contextlib.ExitStack() as stack:
            stillness: Stillness | None = None
            while True:
                try:
                    found = await self.page.find(
                        target.locators,
                        target.fingerprint,
                        read=read,
                        at_least=at_least,
                        any_words=step.action in ANY_WORDS,
                        deadline=deadline.sooner_of(SLICE_MS),
                    )
                    self._refuse_another(step, part, found)
                    return found
                except (ElementError, ActionTimeout) as error:
                    stillness = stillness or stack.enter_context(watching(self.page.playwright))
                    says = await self.site_says(step) or await self.error_page()
                    if not says and sure_by.passed:
                        await self.passage.refuse(self.page, step)
                        healed = await self.healer.heal(self.page, step, part, stillness, read, at_least, deadline)
                        healed = healed or await self._redrawn(step, target, deadline)
                        if healed is not None:
                            return healed
                    missing = isinstance(error, (ElementMissing, ActionTimeout)) or not self.healer.looked
                    if step.action == "read" and sure_by.passed and self.healer.looked:
                        missing = False  # A page at rest was looked over whole: nothing comes that was not asked for.
                    if not says and not (deadline if missing else sure_by).passed:
                        continue
                    raise await self._lost(step, part, target, says, error) from error

    async def _redrawn(self, step: Step, target: Target, deadline: Deadline) -> Sighting | None:
        """What chooses the same, or is pointed at in the same way, where the page draws it as something else."""
        if step.action not in ("select", "check", "hover") or step.effect == "irreversible" or step.target is None:
            return None
        pointing = step.action == "hover"
        value = value_of(step.target, self._values) if pointing else render(step.value, self._values)
        options = () if pointing else offered(step.value, self._skill, self._values)
        try:
            snapshot = await self.page.snapshot(deadline=deadline.sooner_of(LOOK_MS))
            ref = redrawn(step.action, target.fingerprint, value, snapshot.elements, options)
            at = await self.page.at(snapshot, ref, deadline=deadline.sooner_of(LOOK_MS)) if ref else None
        except (ElementError, ActionTimeout, SnapshotError):
            return None
        return at if at is not None and self._skill.may_be_at(at.origin) else None

    def _says_another(self, step: Step, part: Element, at: Sighting) -> bool:
        taught = step.target if part == "target" else step.onto
        return taught is not None and step.action not in ANY_WORDS and not bears(at.seen, taught, self._values)

    def _refuse_another(self, step: Step, part: Element, at: Sighting) -> None:
        """Raises ElementChanged for what is like the element but bears another value."""
        taught = step.target if part == "target" else step.onto
        if taught is not None and self._says_another(step, part, at):
            said = at.seen.name or at.seen.text or at.seen.label
            raise ElementChanged(
                f"{said!r} is another one than {name_of(render_all(taught, self._values))}; heal the step"
            )

    async def _lost(self, step: Step, part: Element, target: Target, says: str, error: BrowserError) -> StepLost:
        seen = f"the site says: {says}" if says else f"{error}, on {self.page.url}"
        lost = f"{step.id}: looked for {name_of(target)}, but {seen}"
        if says:
            return StepLost(lost, step=step.id, site_says=says)
        likely, picture = await self.healer.likely(self.page, step, part, Deadline.after_ms(SHOW_MS))
        return StepLost(lost, step=step.id, part=part, candidates=likely, picture=picture)

    async def expect(self, step: Step, condition: Condition, what: str, deadline: Deadline, part: Part = "") -> None:
        """Return when the condition holds; `part` says which one of the step's it is, so that it can be found said
        otherwise. Raises StepNotTrue, at once when the site says what is wrong; or StepObstructed."""
        condition = self.healer.now(step, part, condition)
        look_at = deadline.sooner_of(SURE_MS)
        with contextlib.ExitStack() as stack:
            stillness: Stillness | None = None
            while True:
                try:
                    await self.page.wait_for(condition, deadline=deadline.sooner_of(SLICE_MS))
                    left = await self.left_of(step, part, condition)
                    if left is None:
                        return
                    condition = left
                    self._refuse_doubt(step, condition, deadline)
                except (ConditionTimeout, ActionTimeout) as error:
                    if stillness is None and condition.looks is not None:
                        stillness = stack.enter_context(watching(self.page.playwright))
                    says = await self.site_says(step) or await self.error_page()
                    if not says and (look_at.passed or deadline.passed):
                        # What a site shows in place of its answer to an irreversible act is none: it is waited for.
                        if step.effect != "irreversible" or deadline.passed:
                            await self.passage.refuse(self.page, step)
                        if await self.said_otherwise(step, part, condition, stillness):
                            return
                        look_at = deadline
                    if not says and not deadline.passed:
                        continue
                    seen = f"the site says: {says}" if says else f"the page is {self.page.url}"
                    raise StepNotTrue(
                        f"{step.id}: {what} {words_of(condition)}, but {seen}", step=step.id, site_says=says
                    ) from error

    async def read_changing(self, step: Step, deadline: Deadline) -> str:
        """What `changes` of a loop's step reads. Raises ElementMissing when it is nowhere for sure."""
        there: tuple[Locator, ...] = render_all(step.changes, self._values)
        looks = step.changes_looks
        try:
            return await self.page.read(there, deadline=deadline.sooner_of(SURE_MS) if looks else deadline)
        except ElementMissing:
            if self.healer.latest(step, "changes") is None and looks is not None:
                with watching(self.page.playwright) as stillness:
                    await self.healer.reword(self.page, step, "changes", stillness, deadline)
            new = self.healer.latest(step, "changes")
            if new is None:
                raise
        found: Target = render_all(new, self._values)
        return await self.page.read(found.locators, frame=found.fingerprint.frame, deadline=deadline)

    async def left_of(self, step: Step, part: Part, condition: Condition) -> Condition | None:
        """What still has to come true of a condition that holds: None, all of it did; or the same for what it wants
        gone as that is called now, since what is only called otherwise is not gone; the condition itself where that
        cannot be told."""
        if not part or not condition.wants_gone:
            return None
        new = await self._reworded(step, part)
        if new is not None:
            return looking_at(condition, new)
        return None if self.healer.gone else condition

    async def is_to_go(self, after: Condition) -> bool:
        """Whether what a step makes go away, as its postcondition (a template) says, is there: what was not there
        proves nothing by its absence."""
        if not after.hidden:
            return True
        here = Condition(visible=render_all(after.hidden, self._values), frame=render_all(after.frame, self._values))
        return await self.page.holds(here, deadline=Deadline.after_ms(LOOK_MS))

    def _refuse_doubt(self, step: Step, condition: Condition, deadline: Deadline) -> None:
        """Raises StepNotTrue once there is no time left to be sure."""
        if deadline.passed:
            raise StepNotTrue(f"{step.id}: cannot tell for sure {words_of(condition)}", step=step.id)

    async def _reworded(self, step: Step, part: Part, stillness: Stillness | None = None) -> Target | None:
        with contextlib.ExitStack() as stack:
            quiet = stillness or stack.enter_context(watching(self.page.playwright))
            try:
                return await self.healer.reword(self.page, step, part, quiet, Deadline.after_ms(REWORD_MS))
            except (ElementError, ActionTimeout):
                return None  # It went away while it was looked at.

    async def said_otherwise(
        self, step: Step, part: Part, condition: Condition, stillness: Stillness | None = None
    ) -> bool:
        """Whether the page, once it is at rest, is as the condition asks and only words it anew, for sure."""
        if not part or condition.looks is None or condition.wants_gone:
            return False
        new = await self._reworded(step, part, stillness)
        look = Deadline.after_ms(LOOK_MS)
        return new is not None and await self.page.holds(looking_at(condition, new), deadline=look)


def _put(back: ReadBack, old: Target, new: Target) -> ReadBack:
    """A read-back of the target itself, moved to where the target was found."""
    if back.locators != old.locators:
        return back
    return ReadBack(locators=new.locators, frame=new.fingerprint.frame)
