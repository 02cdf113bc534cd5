"""Step -> Outcome: runs a tool under the task's deadline; errors become outcomes with sentences."""

from __future__ import annotations

from cloud.lam.planning import Step
from cloud.lam.toolbox import Outcome, Run, Tool


async def execute(tool: Tool, step: Step, run: Run) -> Outcome:
    """Runs `step`. Cancellation passes through at once; whatever else goes wrong comes back as an Outcome."""
    raise NotImplementedError
