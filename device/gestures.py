"""One button: edges and time in, gestures out. Pure.

A press is a hold once it lasts 250 ms. Shorter ones are clicks, counted until 300 ms pass without another. A contact
that chatters (an edge within 30 ms of the one before) is one press, never two clicks.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

HOLD_MS: Final = 250
COUNT_MS: Final = 300
CHATTER_MS: Final = 30


class Pressed(Struct, frozen=True):
    """The button went down. `first` when no clicks are being counted."""

    first: bool


class Released(Struct, frozen=True):
    """It came up again before it was a hold."""


class HoldBegan(Struct, frozen=True):
    """It has been down for 250 ms. Clicks counted before it are void."""


class HoldEnded(Struct, frozen=True):
    """It came up after a hold."""


class Clicked(Struct, frozen=True):
    """So many clicks, and 300 ms without one."""

    count: int


Gesture = Pressed | Released | HoldBegan | HoldEnded | Clicked


class Fingers(Struct, frozen=True):
    """What is known of the button. Times in ms; -1: never."""

    down: bool = False
    down_ms: int = -1
    up_ms: int = -1
    held: bool = False
    clicks: int = 0
    # The contact only chattered: this press may become a hold, but is no click of its own.
    chatter: bool = False


def edge(fingers: Fingers, down: bool, now_ms: int) -> tuple[Fingers, list[Gesture]]:
    """The button went down or came up. An edge that changes nothing is ignored."""
    fingers, due = tick(fingers, now_ms)
    if down == fingers.down:
        return fingers, due
    if down:
        fingers, gestures = _down(fingers, now_ms)
    else:
        fingers, gestures = _up(fingers, now_ms)
    return fingers, due + gestures


def _down(fingers: Fingers, now_ms: int) -> tuple[Fingers, list[Gesture]]:
    chatter = fingers.up_ms >= 0 and now_ms - fingers.up_ms < CHATTER_MS
    pressed = Fingers(down=True, down_ms=now_ms, up_ms=fingers.up_ms, clicks=fingers.clicks, chatter=chatter)
    return pressed, [Pressed(first=fingers.clicks == 0)]


def _up(fingers: Fingers, now_ms: int) -> tuple[Fingers, list[Gesture]]:
    released = replace(fingers, down=False, up_ms=now_ms, held=False, chatter=False)
    if fingers.held:
        return released, [HoldEnded()]
    if fingers.chatter:
        return released, [Released()]
    return replace(released, clicks=fingers.clicks + 1), [Released()]


def tick(fingers: Fingers, now_ms: int) -> tuple[Fingers, list[Gesture]]:
    """Time has passed."""
    if fingers.down and not fingers.held and now_ms - fingers.down_ms >= HOLD_MS:
        return replace(fingers, held=True, clicks=0), [HoldBegan()]
    if not fingers.down and fingers.clicks and now_ms - fingers.up_ms >= COUNT_MS:
        return replace(fingers, clicks=0), [Clicked(fingers.clicks)]
    return fingers, []


def due_ms(fingers: Fingers) -> int | None:
    """When `tick` has something to say, if nothing else happens."""
    if fingers.down:
        return None if fingers.held else fingers.down_ms + HOLD_MS
    return fingers.up_ms + COUNT_MS if fingers.clicks else None
