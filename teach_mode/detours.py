"""Another way for a step that stopped: what was typed before it was overlooked, or its form asks on other pages now."""

from __future__ import annotations

from collections.abc import Sequence

from teach_mode.errors import ReplayError
from teach_mode.filling import filled_elsewhere
from teach_mode.retyping import typed_anew
from teach_mode.skill import Step
from teach_mode.underway import Underway


async def another_way(steps: Sequence[Step], number: int, error: ReplayError, run: Underway) -> int | None:
    """Where there is one, the number of the step that is due after it; None when there is none. Raises ReplayError."""
    if await typed_anew(steps, number, error, run):
        await run.take(steps[number])
        return number + 1
    return await filled_elsewhere(steps, number, error, run)
