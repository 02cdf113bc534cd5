"""Step -> Outcome: runs a tool under the task's deadline; errors become outcomes with sentences."""

from __future__ import annotations

import asyncio

import structlog

from cloud.lam.errors import BadArguments, ToolError, ToolTimeout
from cloud.lam.planning import Step
from cloud.lam.toolbox import Outcome, Run, Status, Tool

_log = structlog.get_logger(__name__)

TOO_LONG = "That took too long, so I stopped."
WENT_WRONG = "Something went wrong on my side, so I stopped."


async def execute(tool: Tool, step: Step, run: Run) -> Outcome:
    """Runs `step`. Cancellation passes through at once; whatever else goes wrong comes back as an Outcome.

    A read is never unknown. An act that was cut off by the deadline or by a fault may have happened only in a tool
    whose effect is irreversible, and that tool alone can tell: it raises `ToolError(unknown=True)` itself.
    """
    left_s = run.deadline.timestamp() - run.now().timestamp()  # two times of one zone would subtract as on a wall
    if left_s <= 0:
        return _failed(ToolTimeout(TOO_LONG))
    try:
        async with asyncio.timeout(left_s):
            return await tool.run(step.arguments, run)
    except ToolError as error:
        _log.info("tool_refused", tool=tool.name, step=step.number, code=error.code, sentence=error.sentence)
        return _failed(error)
    except TimeoutError:
        _log.warning("tool_timeout", tool=tool.name, step=step.number)
        return _failed(ToolTimeout(TOO_LONG, unknown=tool.effect == "irreversible"))
    except Exception:  # noqa: BLE001 - the edge of a step: a tool's fault ends the step, never the task's process
        _log.exception("tool_broke", tool=tool.name, step=step.number)
        return _failed(ToolError(WENT_WRONG, unknown=tool.effect == "irreversible"))


def _failed(error: ToolError) -> Outcome:
    status: Status = "unknown" if error.unknown else "refused" if isinstance(error, BadArguments) else "failed"
    return Outcome(status=status, sentence=error.sentence, data={"code": error.code})
