"""What was said long before it came: a device had no network, and kept it. Pure.

A request counts from the moment it was said, and nothing that cannot be undone is begun for a late one before its
person has been asked whether it is still wanted, whatever else will be asked.
"""

from __future__ import annotations

from typing import Final

from cloud.commands import HandleUtterance
from cloud.lam.planning import Plan
from language.durations import DAY, HOUR, MINUTE, say_duration

# From this age on a request is late. See docs/protocol.md.
LATE_S: Final = 120.0
# A request that was on its way for less counts from when it came.
_ON_ITS_WAY_S: Final = 10.0
# How long somebody who said something long ago has to answer: they may not be looking at the device.
LATE_ASK_S: Final = 600.0
# A time of the device's that is further back than this is none.
_OLDEST_S: Final = 60.0 * DAY


def said_at(command: HandleUtterance, came_at: float) -> float:
    """When a request was said, in UTC seconds; when it came, for one that did not wait or whose device cannot tell."""
    age_s = came_at - command.said_at
    return command.said_at if command.said_at and _ON_ITS_WAY_S <= age_s <= _OLDEST_S else came_at


def is_late(command: HandleUtterance, came_at: float) -> bool:
    """Whether it was said so long before it came that it may not be wanted any more."""
    return came_at - said_at(command, came_at) >= LATE_S


def words_of(plan: Plan) -> tuple[str, ...]:
    """What of a plan cannot be undone, in words."""
    return tuple(step.words for step in plan.steps if step.effect == "irreversible")


def question(words: tuple[str, ...], age_s: float) -> str:
    """Whether it is still wanted."""
    return f"{say_age(age_s).capitalize()} ago you said: {', and '.join(words)}. Shall I still do it?"


def say_age(age_s: float) -> str:
    """An age, as exact as a person wants it."""
    unit = MINUTE if age_s < 2 * HOUR else HOUR if age_s < 2 * DAY else DAY
    return say_duration(max(round(age_s / unit), 1) * unit)
