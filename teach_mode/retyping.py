"""Typing once more what a page overlooked, since it was still coming and its first answer came last."""

from __future__ import annotations

from collections.abc import Sequence

from browser.deadline import Deadline
from browser.errors import BrowserError
from teach_mode.errors import ReplayError, StepLost, StepObstructed
from teach_mode.retarget import is_named
from teach_mode.skill import Step, Target
from teach_mode.templates import render, render_all
from teach_mode.underway import Underway

READ_MS = 2_000
_PRESSING = frozenset({"click", "double_click"})
# What a step may have that only types.
_OWN = ("target", "value", "tab", "postcondition", "problems")


async def typed_anew(steps: Sequence[Step], number: int, error: ReplayError, run: Underway) -> bool:
    """Whether what was typed right before a step, and asks for that step's element by its value, was typed once more.

    It is where it still stands in its field; what a page has taken out of it is not typed twice. Raises ReplayError.
    """
    before = steps[number - 1] if number else None
    lost = isinstance(error, StepLost) and not isinstance(error, StepObstructed) and not error.site_says
    if before is None or not lost or not _brings(before, steps[number]):
        return False
    raw = run.sight.healer.latest(before, "target") or before.target
    field: Target = render_all(raw, run.values)
    try:
        there = await run.sight.page.read(
            field.locators, frame=field.fingerprint.frame, deadline=Deadline.after_ms(READ_MS)
        )
    except BrowserError:
        return False
    if there.strip() != render(before.value, run.values).strip():
        return False
    await run.take(before)
    return True


def _brings(typed: Step, sought: Step) -> bool:
    """Whether a step only types into a field, and the next one presses what bears a value."""
    bare = Step(id=typed.id, action="fill")
    only_types = all(getattr(typed, name) == getattr(bare, name) for name in bare.__struct_fields__ if name not in _OWN)
    presses = sought.action in _PRESSING and sought.effect != "irreversible" and sought.tab == typed.tab
    return only_types and presses and sought.target is not None and is_named(sought.target)
