"""Filling in a form that asks page by page in another order than it was taught: what is here, then the next page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.likeness import says_the_same
from browser.stillness import watching
from teach_mode.errors import ReplayError, StepLost, StepNotTrue, StepObstructed
from teach_mode.skill import Step, Target
from teach_mode.templates import render_all
from teach_mode.underway import Underway
from teach_mode.wizard import Wizard, leads_on, wizard_at

# How long the next page may take to come and to be at rest.
TURN_MS = 10_000
# A choice may be drawn another way: what it is called then stands around it.
_CHOOSING = frozenset({"select", "check"})


async def filled_elsewhere(steps: Sequence[Step], number: int, error: ReplayError, run: Underway) -> int | None:
    """Where a step was stopped since its form asks for it on another page, fills in all that is left of the form; the
    number of the step that is due then, None when that was not it. Raises ReplayError."""
    wizard = wizard_at(steps, number) if _may_be_later(steps[number], error) else None
    if wizard is None or not await _Filling(wizard, run).done():
        return None
    return wizard.end


def _may_be_later(step: Step, error: ReplayError) -> bool:
    """Whether its element was not there, or the page that it should have led to did not come."""
    if isinstance(error, StepNotTrue):
        return leads_on(step)
    return isinstance(error, StepLost) and not error.site_says and not isinstance(error, StepObstructed)


class _Filling:
    """Of one form."""

    def __init__(self, wizard: Wizard, run: Underway) -> None:
        self._wizard = wizard
        self._run = run
        self._left: list[Step] = []
        self._filled: list[Step] = []

    async def done(self) -> bool:
        """Fills in all that is left and goes on until what comes after the form is here. False: it cannot be, for sure;
        then what is after the form was not touched. Raises ReplayError."""
        self._left, self._filled = await self._due(self._wizard.fills), await self._due(self._wizard.filled)
        turns = bool(self._wizard.page)
        while True:
            if here := await self._here():
                for step in here:
                    await self._run.take(step)
                    self._left.remove(step)
                self._filled += here
                turns = True
            elif not self._left and await self._find(self._wizard.after) is not None:
                return True
            elif turns:
                await self._turn()
                turns = False
            else:
                return False

    async def _due(self, steps: Sequence[Step]) -> list[Step]:
        return [step for step in steps if await self._run.is_due(step)]

    async def _here(self) -> list[Step]:
        """Those of what is left whose fields are on this page, each for sure and for one step alone."""
        found = [(step, at) for step in self._left if (at := await self._find(step)) is not None]
        found = [(step, at) for step, at in found if self._is_it(step, at)]
        claims = Counter((at.frame, at.ref) for _, at in found)
        return [step for step, at in found if claims[at.frame, at.ref] == 1]

    async def _find(self, step: Step) -> Sighting | None:
        target = self._target_of(step)
        return await self._run.sight.look_for(step, target) if target is not None else None

    def _target_of(self, step: Step) -> Target | None:
        raw = self._run.sight.healer.latest(step, "target") or step.target
        return render_all(raw, self._run.values) if raw is not None else None

    async def _turn(self) -> None:
        """To the next page. Raises StepNotTrue when it does not come, or asks again what was filled in."""
        onward = self._wizard.onward
        await self._run.take(replace(onward, postcondition=None))
        page = self._run.sight.page.playwright
        with watching(page) as stillness:
            await stillness.still(page.main_frame, Deadline.after_ms(TURN_MS))
        for step in self._filled:
            target = self._target_of(step)
            if target is not None and await self._run.sight.is_there(step, target):
                says = await self._run.sight.site_says(onward)
                because = f"the site says: {says}" if says else f"{step.id} is asked for still, or again"
                raise StepNotTrue(f"{onward.id}: expected the next page, but {because}", step=onward.id, site_says=says)

    def _is_it(self, step: Step, at: Sighting) -> bool:
        """Whether a field that is asked for elsewhere in the form still says what it did."""
        if step.target is None:
            return False
        taught: Target = render_all(step.target, self._run.values)
        redrawn = step.action in _CHOOSING and at.seen.role != taught.fingerprint.role
        return redrawn or says_the_same(taught.fingerprint, at.seen)
