"""What is told to `release/boot/deciding.py`, and what it wants done. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from release.boot.health import Report
from release.boot.kept import Kept


@dataclass(frozen=True, slots=True)
class Offer:
    """A release that is ready. `back`: its owner wants the one before again, though it is older."""

    name: str
    counter: int
    back: bool = False


# What is told to it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """This process began."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The release that was looked at is what was signed."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """It is not."""

    why: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The databases are saved (or there are none)."""


@dataclass(frozen=True, slots=True)
class CannotSave:
    """They are not."""

    why: str


@dataclass(frozen=True, slots=True)
class CannotKeep:
    """What had to be written down before a trial is not."""

    why: str


@dataclass(frozen=True, slots=True)
class Restored:
    """The databases are as before (or there are none)."""


@dataclass(frozen=True, slots=True)
class CannotRestore:
    """They are not."""

    why: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The program reported."""

    report: Report


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went by."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The program ended: `code` as a shell has it. `offer`: what was ready then."""

    code: int
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class CannotRun:
    """The program could not be begun."""

    why: str


@dataclass(frozen=True, slots=True)
class Stop:
    """This process is to end."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Somebody wants what is ready now. `offer`: it."""

    offer: Offer | None = None


Input = (
    Started
    | Whole
    | Damaged
    | Saved
    | CannotSave
    | CannotKeep
    | Restored
    | CannotRestore
    | Reported
    | Tick
    | Ended
    | CannotRun
    | Stop
    | Switch
)


# What it wants done ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keep:
    """Write this down. `must`: nothing that follows is done when it cannot be."""

    kept: Kept
    must: bool = False


@dataclass(frozen=True, slots=True)
class Inspect:
    """Compare a release with what was signed, every byte."""

    name: str


@dataclass(frozen=True, slots=True)
class Save:
    """Save the databases as they are before this release."""

    name: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Put the databases back as they were before this release, should their form have changed."""

    name: str


@dataclass(frozen=True, slots=True)
class Point:
    """Let `current` lead to this release."""

    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """Begin the program of this release."""

    name: str


@dataclass(frozen=True, slots=True)
class End:
    """End the program; `kill`: at once."""

    kill: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Saved databases of all but this release are not needed any more."""

    name: str


@dataclass(frozen=True, slots=True)
class Say:
    """A line for whoever looks after it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Leave:
    """End this process with a code."""

    code: int


Effect = Keep | Inspect | Save | Restore | Point | Run | End | Forget | Say | Leave
