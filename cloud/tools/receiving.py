"""What a file holds that somebody brings: a skill of ours, one that somebody shares, or the recordings of another tool.
Nothing of it is kept, and nothing is run."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from teach_mode.checks import parse_skill
from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import FORMATS, import_skill, recognise
from teach_mode.formats.reports import Note
from teach_mode.formats.source import Source
from teach_mode.sharing.package import Shared, is_shared, read
from teach_mode.skill import Skill

OURS = "leveret"
SHARED = "leveret-shared"
OUR_TOOL = "Leveret"
OUR_SUFFIX = ".json"


class Arrival(Struct, frozen=True, kw_only=True):
    """A skill in a file. `format` is the file's, `steps` how many steps the file has for it, `notes` what could not be
    carried."""

    skill: Skill
    format: str
    steps: int
    notes: tuple[Note, ...] = ()
    shared: Shared | None = None

    @property
    def tool(self) -> str:
        """What made the file, in words."""
        return FORMATS[self.format].tool if self.format in FORMATS else OUR_TOOL


def arrivals(data: bytes, filename: str = "", named: str = "", base: str = "") -> tuple[Arrival, ...]:
    """All skills in a file. `named`: its format, found out where it is not given; `base`: the site's address, for a
    file that names none. Raises ImportRefused, SharedRefused, SkillError."""
    if named == SHARED or (not named and is_shared(Source(data, filename))):
        shared = read(Source(data, filename))
        return (Arrival(skill=shared.skill, format=SHARED, steps=len(shared.skill.all_steps), shared=shared),)
    if named == OURS or (not named and _is_ours(Source(data, filename))):
        skill = parse_skill(Source(data, filename).text.encode(), filename or "the file")
        return (Arrival(skill=skill, format=OURS, steps=len(skill.all_steps)),)
    chosen = named or recognise(data, filename)
    found = import_skill(data, filename, chosen, base)
    return tuple(Arrival(skill=one.skill, format=chosen, steps=one.steps, notes=one.notes) for one in found)


def digest_of(data: bytes, named: str, base: str) -> str:
    """What binds a save to what was shown: the file, and how it was read."""
    return hashlib.sha256(b"\0".join((data, named.encode(), base.encode()))).hexdigest()


def _is_ours(source: Source) -> bool:
    """Whether it is a skill file of ours, of whatever format number."""
    if not source.text.lstrip().startswith("{"):
        return False
    try:
        raw = source.json
    except ImportRefused:
        return False
    return isinstance(raw, dict) and isinstance(raw.get("format"), int) and "steps" in raw and "origins" in raw
