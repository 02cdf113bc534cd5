"""A user flow of the Recorder as a skill."""

from __future__ import annotations

from typing import Any

from teach_mode.due import STEP_MS
from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.chrome_recorder.steps import Flow
from teach_mode.formats.reports import Imported
from teach_mode.formats.source import Located, Source

TOOL = "Chrome DevTools Recorder"
MOST_TIMEOUT_MS = 30_000
# A step of the Recorder has one of these under `type`.
TYPES = frozenset(
    (
        "setViewport",
        "navigate",
        "click",
        "doubleClick",
        "hover",
        "change",
        "keyDown",
        "keyUp",
        "scroll",
        "close",
        "emulateNetworkConditions",
        "waitForElement",
        "waitForExpression",
        "customStep",
    )
)


def recognises(source: Source) -> bool:
    """Whether a file is a user flow: a title, and steps with the types of the Recorder."""
    flow = source.json
    if not isinstance(flow, Located) or not isinstance(flow.get("steps"), list) or "title" not in flow:
        return False
    steps = [step for step in flow["steps"] if isinstance(step, Located)]
    return (
        bool(steps)
        and all(isinstance(step.get("type"), str) for step in steps)
        and (any(step["type"] in TYPES for step in steps) and "input_schema" not in flow)
    )


def read(source: Source, base: str = "") -> tuple[Imported, ...]:
    """The skill of a user flow. Raises ImportRefused."""
    flow = source.json
    if not isinstance(flow, Located):
        raise ImportRefused(f"{source.called}: a recording is one JSON object, not {type(flow).__name__}", line=1)
    title, steps = flow.get("title"), flow.get("steps")
    if not isinstance(title, str):
        raise ImportRefused(f"{source.called}: a recording has a `title`", line=flow.line)
    if not isinstance(steps, list):
        raise ImportRefused(f"{source.called}: a recording has `steps`, a list", line=flow.line)
    _refuse_bad_timeout(flow, source)
    made = Assembly(title, tool=TOOL, base=base)
    if flow.get("timeout", 0) > STEP_MS:
        made.note(f"steps may take {flow['timeout']:g} ms there; here each has {STEP_MS} ms", line=flow.line)
    walk = Flow(made)
    for number, step in enumerate(steps, 1):
        walk.take(_step(step, number, source))
    return (made.finish(steps=len(steps)),)


def _step(step: Any, number: int, source: Source) -> Located:
    if not isinstance(step, Located):
        raise ImportRefused(f"{source.called}: step {number} is no object")
    if not isinstance(step.get("type"), str) or step["type"] not in TYPES:
        raise ImportRefused(
            f"{source.called}: step {number} has the type {str(step.get('type'))[:80]!r}, which no recording has",
            line=step.line,
        )
    _refuse_bad_timeout(step, source)
    return step


def _refuse_bad_timeout(thing: Located, source: Source) -> None:
    timeout = thing.get("timeout")
    if timeout is None:
        return
    plain = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)
    if not plain or not 1 <= timeout <= MOST_TIMEOUT_MS:
        raise ImportRefused(
            f"{source.called}: a timeout is from 1 to {MOST_TIMEOUT_MS} ms, not {timeout!r}", line=thing.line
        )
