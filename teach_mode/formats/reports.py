"""What comes of bringing a skill in or out: the skill or the file, and all that could not be carried, in words."""

from __future__ import annotations

from msgspec import Struct

from teach_mode.skill import Skill


class Note(Struct, frozen=True):
    """What could not be carried, or was changed on the way.

    Of an import `line` is that of the file, from 1 (0: it has none to give), and `step` what the file calls the step
    ("keyDown", "3: click"). Of an export `line` is 0 and `step` the id of the skill's step. `step` is "" where a note
    is about the whole. `words` say what and why, and what a person can do.
    """

    line: int
    step: str
    words: str


class Imported(Struct, frozen=True):
    """A valid skill made from a test of a file. `steps`: how many steps the file has; each is in the skill or noted."""

    skill: Skill
    notes: tuple[Note, ...]
    steps: int


class Exported(Struct, frozen=True):
    """A file for another tool, and what of the skill is not in it."""

    data: bytes
    notes: tuple[Note, ...]
