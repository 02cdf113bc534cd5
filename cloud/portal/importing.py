"""Files that are brought: first shown, with all that could not be carried by line, then saved as skills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.lam.toolbox import Toolbox, example
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body, surface_of
from cloud.tools.errors import SkillNameTaken
from cloud.tools.receiving import OUR_SUFFIX, OUR_TOOL, OURS, Arrival, arrivals, digest_of
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Whence
from teach_mode.formats.registry import FORMATS
from teach_mode.powers import powers
from teach_mode.skill import Skill
from teach_mode.weaknesses import weaknesses

# A file of the most bytes that a format takes, in base 64, and what goes around it.
BODY_BYTES = 8 << 20
_SHOWN_CHARS = 120


class Brought(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file, in base 64 over the wire. `format` "": it is found out. `base`: the site, where the file names none."""

    data: bytes
    filename: str = ""
    format: str = ""
    base: str = ""


class Taken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which skill of the file, by its place from 0, and under which name; "": its own."""

    index: int
    name: str = ""


class Save(Brought, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same file, with the `digest` that came when it was shown. `replace`: where there is a skill of the name
    already, this is its next version."""

    digest: str
    take: tuple[Taken, ...]
    replace: bool = False


class Imports(Struct, frozen=True, kw_only=True):
    """`now` is the time in the person's zone, for examples."""

    doors: Doors
    shelf: Shelf
    toolbox: Toolbox
    now: Callable[[], datetime]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (
            ("/api/formats", "GET", self.formats),
            ("/api/imports", "POST", self.show),
            ("/api/imports/save", "POST", self.save),
        )

    async def formats(self, request: Request) -> Response:
        """The formats of files that can be brought in and out."""
        self.doors.person(request)
        ours = {"name": OURS, "tool": OUR_TOOL, "suffix": OUR_SUFFIX, "exports": True}
        others = [
            {"name": one.name, "tool": one.tool, "suffix": one.suffix, "exports": one.write is not None}
            for one in FORMATS.values()
        ]
        return answer({"formats": [ours, *others]})

    async def show(self, request: Request) -> Response:
        """What is in a file. Nothing is kept."""
        self.doors.person(request)
        given = await body(request, Brought, BODY_BYTES)
        found = arrivals(given.data, given.filename, given.format, given.base)
        told = [self._told(number, one) for number, one in enumerate(found)]
        return answer({"digest": digest_of(given.data, given.format, given.base), "skills": told})

    async def save(self, request: Request) -> Response:
        """Saves what was shown, all of it or nothing."""
        self.doors.person(request)
        given = await body(request, Save, BODY_BYTES)
        if given.digest != digest_of(given.data, given.format, given.base):
            raise HTTPException(409, "this is not the file that was shown; look at it again")
        found = arrivals(given.data, given.filename, given.format, given.base)
        chosen = [(_chosen(found, one), one.name) for one in given.take]
        named = [(one, msgspec.structs.replace(one.skill, name=name or one.skill.name)) for one, name in chosen]
        self._check_names([skill for _, skill in named], replace=given.replace)
        surface = surface_of(request)
        saved = []
        for one, skill in named:
            source = f"{given.filename[:_SHOWN_CHARS] or 'a file'} ({one.tool})"
            whence = Whence(surface=surface, source=source)
            note = f"{len(one.notes)} of it could not be carried as it was." if one.notes else ""
            saved.append(self._saved(self.shelf.save(skill, why="imported", note=note, whence=whence)))
        return answer({"saved": saved})

    def _told(self, number: int, one: Arrival) -> dict[str, Any]:
        skill = one.skill
        return {
            "index": number,
            "name": skill.name,
            "title": skill.description or skill.name,
            "format": one.format,
            "tool": one.tool,
            "steps": one.steps,
            "notes": one.notes,
            "effect": skill.effect,
            "utterances": skill.utterances,
            "powers": powers(skill),
            "weaknesses": weaknesses(skill),
            "taken": not self.shelf.is_free(skill.name),
        }

    def _check_names(self, skills: list[Skill], *, replace: bool) -> None:
        seen: set[str] = set()
        for skill in skills:
            if skill.name in seen:
                raise SkillNameTaken(f"two skills would be called {skill.name!r}; give one of them another name")
            seen.add(skill.name)
            if not replace and not self.shelf.is_free(skill.name):
                raise SkillNameTaken(f"there is {skill.name!r} already; give this one another name")

    def _saved(self, skill: Skill) -> dict[str, Any]:
        tool = self.toolbox.get(skill.name)
        said = example(tool, self.now()) if tool is not None and skill.utterances else ""
        return {"name": skill.name, "version": skill.version, "example": said}


def _chosen(found: tuple[Arrival, ...], taken: Taken) -> Arrival:
    if not 0 <= taken.index < len(found):
        raise HTTPException(422, f"there is no skill {taken.index} in this file; it has {len(found)}")
    return found[taken.index]
