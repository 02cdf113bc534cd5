"""What is known of a version of a skill besides the skill: why, when, and whence it came."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Why = Literal["taught", "healed", "edited", "reverted", "imported", "shared"]
Origin = Literal["taught", "healed", "edited", "reverted", "imported", "shared", "file"]
Surface = Literal["", "studio", "portal", "command line", "run"]


class Whence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a version came from, as far as it is known.

    `surface`: where it was saved. `task`: the run that healed it. `source`: the file that it was read from, with its
    format. `author` and `maker`: who a shared file says made it, and the key that signed it.
    """

    surface: Surface = ""
    task: str = ""
    source: str = ""
    author: str = ""
    maker: str = ""


class About(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept beside a version. `from_version`: which one it was made from, 0: none."""

    why: Origin
    saved_at: float
    note: str = ""
    from_version: int = 0
    whence: Whence = field(default_factory=Whence)


class Version(Struct, frozen=True, kw_only=True):
    """One version of a skill. `problem` says why it cannot be used, "". `saved_at`: UTC seconds, 0: a file."""

    number: int
    why: Origin
    saved_at: float = 0.0
    note: str = ""
    from_version: int = 0
    whence: Whence = field(default_factory=Whence)
    pictures: tuple[str, ...] = ()
    problem: str = ""
