"""What the device sets aside while it has no cloud: requests that wait, and timers and alarms of its own. Data only.

Steady times are those of `device.clock`; wall times are ms since 1970. What is kept on the disk is in `cupboard.py`.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from wire.parts import Timer, TimerKind

# What waits at most. One more is refused in words: the oldest is kept, for it was promised.
WAITING_MOST: Final = 32
WAITING_SOUND_MS: Final = 600_000
# Timers and alarms of the device's own; one more is refused.
CLOCKS_MOST: Final = 16
LOCAL: Final = "local:"
# Of those that nobody looked at the oldest go.
MISSED_MOST: Final = 8


class Waiting(Struct, frozen=True, kw_only=True):
    """A request that was promised. `id` is the boot and the turn it was said in: by it the cloud does it once.

    `turn` is the link's number while the link has it, too (0: it is on the disk alone); `safe`: it is on the disk;
    `asked`: the device has tried to understand it. `said_ms` is steady, -1 when it was said before this start;
    then `said_at_ms`, wall time, tells (0: the device did not know the time).
    """

    id: str
    said_at_ms: int = 0
    said_ms: int = -1
    sound_ms: int = 0
    words: str = ""
    note: bool = False
    turn: int = 0
    safe: bool = False
    asked: bool = False


class Clock(Struct, frozen=True, kw_only=True):
    """A timer or an alarm. A timer runs by the steady clock (`due_ms`), an alarm by the time of day (`due_at_ms`)."""

    id: str
    kind: TimerKind
    due_at_ms: int
    due_ms: int = 0
    length_ms: int = 0
    label: str = ""


class Done(Struct, frozen=True):
    """A timer or alarm that was stopped, was cancelled, or rang to its end. The cloud may tell of it until it knows."""

    id: str
    due_at_ms: int


class Missed(Struct, frozen=True):
    """One that nobody stopped: it rang to its end (`rang`), or could not ring in time."""

    id: str
    kind: TimerKind
    label: str
    due_at_ms: int
    rang: bool


class Offline(Struct, frozen=True, kw_only=True):
    """All of it. `sending`: the id of the request that is on its way. `called`: timers that the cloud says are due.

    `made`: timers and alarms ever set, for their ids. `promise`: what is said once they are safe on the disk.
    """

    waiting: tuple[Waiting, ...] = ()
    clocks: tuple[Clock, ...] = ()
    sending: str = ""
    called: tuple[str, ...] = ()
    done: tuple[Done, ...] = ()
    missed: tuple[Missed, ...] = ()
    since_ms: int = 0
    made: int = 0
    promise: str = ""
    # A hold that begins before this is a note, whatever it says.
    noting_until_ms: int = -1
    hears: bool = False


class Restored(Struct, frozen=True, kw_only=True):
    """What was found on the disk at the start; `sentence` says what could not be read."""

    waiting: tuple[Waiting, ...] = ()
    clocks: tuple[Clock, ...] = ()
    timers: tuple[Timer, ...] = ()
    done: tuple[Done, ...] = ()
    missed: tuple[Missed, ...] = ()
    sentence: str = ""
