"""Files that are brought: first shown, with all that could not be carried by line, then saved as skills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.lam.toolbox import Toolbox, example
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body, surface_of
from cloud.tools.errors import SkillNameTaken
from cloud.tools.receiving import OUR_SUFFIX, OUR_TOOL, OURS, Arrival, arrivals, digest_of
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Surface, Whence
from teach_mode.formats.registry import FORMATS
from teach_mode.powers import powers
from teach_mode.sharing.package import Shared
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
    already, this is its next version. `accept`: the digest of a shared file, once its person has seen what it may do;
    `files` are those that it lacks."""

    digest: str
    take: tuple[Taken, ...]
    replace: bool = False
    accept: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


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
        found = await asyncio.to_thread(arrivals, given.data, given.filename, given.format, given.base)
        told = [self._told(number, one) for number, one in enumerate(found)]
        return answer({"digest": digest_of(given.data, given.format, given.base), "skills": told})

    async def save(self, request: Request) -> Response:
        """Saves what was shown, all of it or nothing."""
        self.doors.person(request)
        given = await body(request, Save, BODY_BYTES)
        if given.digest != digest_of(given.data, given.format, given.base):
            raise HTTPException(409, "this is not the file that was shown; look at it again")
        found = await asyncio.to_thread(arrivals, given.data, given.filename, given.format, given.base)
        chosen = [(_chosen(found, one), one.name) for one in given.take]
        named = [(one, msgspec.structs.replace(one.skill, name=name or one.skill.name)) for one, name in chosen]
        for one, _ in named:
            _check_accepted(one, given)
        self._check_names(named, replace=given.replace)
        surface = surface_of(request)
        return answer({"saved": [self._saved(self._kept(one, skill, given, surface)) for one, skill in named]})

    def _kept(self, one: Arrival, skill: Skill, given: Save, surface: Surface) -> Skill:
        source = f"{given.filename[:_SHOWN_CHARS] or 'a file'} ({one.tool})"
        if one.format == OURS and not self.shelf.is_free(skill.name):
            return self.shelf.save(skill, why="edited", whence=Whence(surface=surface, source=source))
        if one.shared is None:
            note = f"{len(one.notes)} of it could not be carried as it was." if one.notes else ""
            return self.shelf.save(skill, why="imported", note=note, whence=Whence(surface=surface, source=source))
        shared = one.shared
        whence = Whence(surface=surface, source=source, author=shared.author, maker=shared.maker)
        files = {name: data for name, data in given.files.items() if name in shared.lacks} | shared.files
        return self.shelf.save(skill, why="shared", pictures=shared.pictures, files=files, whence=whence)

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
            "shared": self._told_of(one.shared) if one.shared is not None else None,
        }

    def _told_of(self, shared: Shared) -> dict[str, Any]:
        """Who made it, and what is known of them; what it brings along, and what it lacks."""
        mine = {name: self._makers(name) for name in self.shelf.names()}
        return {
            "author": shared.author,
            "maker": shared.maker,
            "known": sorted(name for name, makers in mine.items() if shared.maker in makers),
            "made_at": shared.made_at,
            "digest": shared.digest,
            "listing": shared.listing,
            "pictures": sorted(shared.pictures),
            "files": sorted(shared.files),
            "lacks": shared.lacks,
        }

    def _makers(self, name: str) -> set[str]:
        return {one.whence.maker for one in self.shelf.versions(name)} - {""}

    def _check_names(self, named: list[tuple[Arrival, Skill]], *, replace: bool) -> None:
        """A shared skill comes beside one of one's own, never in its place, but for an earlier one of its maker."""
        seen: set[str] = set()
        for one, skill in named:
            if skill.name in seen:
                raise SkillNameTaken(f"two skills would be called {skill.name!r}; give one of them another name")
            seen.add(skill.name)
            if self.shelf.is_free(skill.name):
                continue
            theirs = one.shared is None or one.shared.maker in self._makers(skill.name)
            if not replace or not theirs:
                raise SkillNameTaken(f"there is {skill.name!r} already; give this one another name")

    def _saved(self, skill: Skill) -> dict[str, Any]:
        tool = self.toolbox.get(skill.name)
        said = example(tool, self.now()) if tool is not None and skill.utterances else ""
        return {"name": skill.name, "version": skill.version, "example": said}


def _check_accepted(one: Arrival, given: Save) -> None:
    if one.shared is not None and given.accept != one.shared.digest:
        raise HTTPException(409, "a shared skill is kept once you have seen what it may do, and accepted that")


def _chosen(found: tuple[Arrival, ...], taken: Taken) -> Arrival:
    if not 0 <= taken.index < len(found):
        raise HTTPException(422, f"there is no skill {taken.index} in this file; it has {len(found)}")
    return found[taken.index]
