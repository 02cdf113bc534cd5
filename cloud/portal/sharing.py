"""Handing a skill on: what is taken out of it, what it may do, and the file itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Clock
from cloud.people.maker import maker_key
from cloud.people.memory import SPENDING_CAP
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from cloud.tools.shelf import Shelf
from language.entities import Value
from teach_mode.checks import check
from teach_mode.formats.source import MOST_BYTES, Source
from teach_mode.powers import powers
from teach_mode.sharing import package
from teach_mode.sharing.stripping import stripped
from teach_mode.skill import Skill
from teach_mode.uploads import kept_by


class Remembering(Protocol):
    """What is known of a person (`people/memory.py`)."""

    async def profile(self, person: str) -> Mapping[str, Value]: ...

    async def last_choices(self, person: str, tool: str) -> Mapping[str, Value]: ...


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`keep`: ids of steps that go on typing what they type. `pictures` and `files`: those that go along, by name; none
    does by itself. `author`: what the maker calls themselves, "" for nothing."""

    version: int = 0
    keep: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    author: str = ""


class Sharing(Struct, frozen=True, kw_only=True):
    """`people` is the folder of the accounts, where the maker's key is."""

    doors: Doors
    shelf: Shelf
    memory: Remembering
    people: Path
    clock: Clock

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/api/skills/{skill}/share", "POST", self.share),)

    async def share(self, request: Request) -> Response:
        """A shared file in base 64, what was taken out of it, what it still types, and what could go along."""
        person = self.doors.person(request)
        name = request.path_params["skill"]
        given = await body(request, Share)
        skill = self.shelf.read(name, given.version) if given.version else self.shelf.current(name)
        found = stripped(skill, await self._facts(person, skill), given.keep)
        check(found.skill)
        pictures = self._pictures(skill)
        data = package.write(
            found.skill,
            author=given.author.strip(),
            made_at=round(self.clock()),
            key=maker_key(self.people),
            pictures={one: self._picture(skill, pictures, one) for one in given.pictures},
            files={one: self._file(skill, one) for one in given.files},
        )
        if len(data) > MOST_BYTES:
            raise HTTPException(422, f"the file would have {len(data):,} bytes, and {MOST_BYTES:,} are the most")
        shared = package.read(Source(data, f"{name}{package.SUFFIX}"))
        told: dict[str, Any] = {"taken": found.taken, "stays": found.stays, "powers": powers(found.skill)}
        told |= {"pictures": sorted(pictures), "files": kept_by(skill), "listing": shared.listing}
        told |= {"maker": shared.maker, "digest": shared.digest, "version": skill.version}
        filename = f"{name}{package.SUFFIX}"
        return answer({**told, "filename": filename, "data": base64.b64encode(data).decode()})

    async def _facts(self, person: str, skill: Skill) -> dict[str, str]:
        """What is the person's: their profile, and the words that they gave to the skill last time."""
        known = await self.memory.profile(person)
        facts = {name: value for name, value in known.items() if name != SPENDING_CAP and isinstance(value, str)}
        for slot, value in (await self.memory.last_choices(person, skill.name)).items():
            parameter = skill.parameter(slot)
            if parameter is not None and parameter.is_open and isinstance(value, str):
                facts.setdefault(f"last {slot}", value)
        return facts

    def _pictures(self, skill: Skill) -> dict[str, int]:
        """Pictures of the skill's steps, each with the version that keeps it."""
        steps = {step.id for step in skill.all_steps}
        found: dict[str, int] = {}
        for version in self.shelf.versions(skill.name):
            for picture in version.pictures:
                stem = picture.rpartition(".")[0].removesuffix("-after").removesuffix("-before")
                if stem in steps and version.number <= skill.version:
                    found.setdefault(picture, version.number)
        return found

    def _picture(self, skill: Skill, pictures: Mapping[str, int], name: str) -> bytes:
        data = self.shelf.picture(skill.name, pictures.get(name, 0), name)
        if data is None:
            raise HTTPException(422, f"there is no picture {name[:64]!r} of its steps")
        return data

    def _file(self, skill: Skill, name: str) -> bytes:
        path = self.shelf.files(skill.name, skill.version) / name
        if name not in kept_by(skill) or not path.is_file():
            raise HTTPException(422, f"it keeps no file {name[:64]!r}")
        return path.read_bytes()
