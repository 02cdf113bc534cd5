"""What is told of a debounced contact, from what the pin library reports and from looking at its level. Pure.

A library reports an edge late and may lose one; a look may fall into a bounce. A report is believed at once, what a
look sees only when a second look, one debounce later, sees it too. Edges alternate and their times never go back.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

DEBOUNCE_MS: Final = 10
# How often the level is looked at: so long may a lost release go unnoticed, and one debounce more; a lost press longer.
LOOK_MS: Final = 100
LOOK_OPEN_MS: Final = 250


class Edge(Struct, frozen=True):
    """The contact closed or opened, and when it did."""

    closed: bool
    at_ms: int


class Follower(Struct, frozen=True):
    """What was told last, and whether the last look saw something else."""

    closed: bool = False
    differs: bool = False
    last_ms: int = 0


def reported(follower: Follower, closed: bool, at_ms: int) -> tuple[Follower, Edge | None]:
    """The library says that the contact is so since `at_ms`."""
    follower = replace(follower, differs=False)
    if closed == follower.closed:
        return follower, None
    at_ms = max(at_ms, follower.last_ms)
    return replace(follower, closed=closed, last_ms=at_ms), Edge(closed, at_ms)


def looked(follower: Follower, closed: bool, now_ms: int) -> tuple[Follower, Edge | None]:
    """The level was looked at just now."""
    if closed == follower.closed or follower.differs:
        return reported(follower, closed, now_ms)
    return replace(follower, differs=True), None


def look_in_ms(follower: Follower, debounce_ms: int = DEBOUNCE_MS) -> int:
    """When to look next, after each report and each look."""
    if follower.differs:
        return max(1, debounce_ms)
    return LOOK_MS if follower.closed else LOOK_OPEN_MS
