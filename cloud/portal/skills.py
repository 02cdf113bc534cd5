"""Skills: what can be said, the versions of each, what changed between two, going back, and taking one away."""

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
from cloud.tools import comparing
from cloud.tools.shelf import Shelf
from cloud.tools.versions import Version, Whence
from teach_mode.checks import write_skill
from teach_mode.differences import step_in_words
from teach_mode.errors import SkillError
from teach_mode.powers import powers
from teach_mode.weaknesses import weaknesses

MOST_UTTERANCES = 60


class GoBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The version to copy as the newest."""

    version: int


class Utterances(Struct, frozen=True, forbid_unknown_fields=True):
    """What people say for a skill from now on, in the syntax of the skill file."""

    utterances: tuple[str, ...]


class Skills(Struct, frozen=True, kw_only=True):
    """`now` is the time in the person's zone, for examples."""

    doors: Doors
    shelf: Shelf
    toolbox: Toolbox
    now: Callable[[], datetime]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        one = "/api/skills/{skill}"
        version = one + "/versions/{version:int}"
        return (
            ("/api/skills", "GET", self.skills),
            (one, "GET", self.skill),
            (one, "DELETE", self.remove),
            (one + "/revert", "POST", self.revert),
            (one + "/restore", "POST", self.restore),
            (one + "/forget", "POST", self.forget),
            (one + "/utterances", "POST", self.rename),
            (version, "GET", self.version),
            (version + "/changes", "GET", self.changes),
            (version + "/powers", "GET", self.powers),
            (version + "/pictures/{picture}", "GET", self.picture),
        )

    async def skills(self, request: Request) -> Response:
        """All skills, by name; and those that were removed and can be brought back."""
        self.doors.person(request)
        cards = [self._card(name) for name in self.shelf.names()]
        return answer({"skills": cards, "removed": self.shelf.removed()})

    async def skill(self, request: Request) -> Response:
        """One skill, with its versions and the current file."""
        self.doors.person(request)
        name = request.path_params["skill"]
        versions = self.shelf.versions(name)
        card = self._card(name)
        file = None if card["problem"] else msgspec.to_builtins(self.shelf.current(name))
        told = [{**msgspec.to_builtins(one), "captions": self._captions(name, one)} for one in versions]
        return answer({**card, "versions": told, "file": file})

    async def version(self, request: Request) -> Response:
        """The skill file of a version."""
        self.doors.person(request)
        skill = self.shelf.read(request.path_params["skill"], request.path_params["version"])
        return Response(write_skill(skill), media_type="application/json", headers={"cache-control": "no-store"})

    async def changes(self, request: Request) -> Response:
        """What differs between a version and `from`, or the one that it was made from: in words, as lines of the file,
        and in pictures of the elements."""
        self.doors.person(request)
        name, number = request.path_params["skill"], request.path_params["version"]
        given = request.query_params.get("from", "")
        is_number = given.isascii() and given.isdigit() and len(given) < 10
        earlier = int(given) if is_number else comparing.before(self.shelf, name, number)
        return answer(comparing.compare(self.shelf, name, earlier, number))

    async def powers(self, request: Request) -> Response:
        """What a version may do, in words, and what of it is weak."""
        self.doors.person(request)
        skill = self.shelf.read(request.path_params["skill"], request.path_params["version"])
        return answer({"powers": powers(skill), "weaknesses": weaknesses(skill)})

    async def picture(self, request: Request) -> Response:
        """A picture of a version: before and after a healing, a step's element."""
        self.doors.person(request)
        name = request.path_params["picture"]
        found = self.shelf.picture(request.path_params["skill"], request.path_params["version"], name)
        if found is None:
            raise HTTPException(404, "there is no such picture")
        kind = "image/png" if name.endswith(".png") else "image/jpeg"
        return Response(found, media_type=kind, headers={"cache-control": "private, max-age=86400"})

    async def revert(self, request: Request) -> Response:
        """Makes an earlier version the current one again, as a copy."""
        self.doors.person(request)
        given = await body(request, GoBack)
        skill = self.shelf.revert(request.path_params["skill"], given.version, surface=surface_of(request))
        return answer({"version": skill.version})

    async def rename(self, request: Request) -> Response:
        """Saves a version that is asked for in other words."""
        self.doors.person(request)
        given = await body(request, Utterances)
        said = tuple(dict.fromkeys(line.strip() for line in given.utterances if line.strip()))
        if not 0 < len(said) <= MOST_UTTERANCES:
            raise HTTPException(422, f"there must be from 1 to {MOST_UTTERANCES} sentences, not {len(said)}")
        skill = self.shelf.current(request.path_params["skill"])
        changed = msgspec.structs.replace(skill, utterances=said)
        whence = Whence(surface=surface_of(request))
        saved = self.shelf.save(changed, why="edited", note="Other words.", whence=whence)
        return answer({"version": saved.version})

    async def remove(self, request: Request) -> Response:
        """Takes a skill away, for a while so that it can be brought back. A file of the configuration that it came from
        counts again."""
        self.doors.person(request)
        self.shelf.remove(request.path_params["skill"])
        return answer({"ok": True})

    async def restore(self, request: Request) -> Response:
        """Brings a removed skill back with all its versions."""
        self.doors.person(request)
        return answer({"version": self.shelf.restore(request.path_params["skill"]).version})

    async def forget(self, request: Request) -> Response:
        """Forgets a removed skill for good."""
        self.doors.person(request)
        self.shelf.forget(request.path_params["skill"])
        return answer({"ok": True})

    def _card(self, name: str) -> dict[str, Any]:
        versions = self.shelf.versions(name)
        newest = versions[0]
        card = {"name": name, "version": newest.number, "why": newest.why, "saved_at": newest.saved_at}
        card["whence"] = msgspec.to_builtins(newest.whence)
        try:
            skill = self.shelf.current(name)
        except SkillError as error:
            return {**card, "title": name, "problem": str(error), "example": "", "utterances": []}
        tool = self.toolbox.get(name)
        return {
            **card,
            "version": skill.version,
            "title": skill.description or name,
            "problem": "" if tool else "it is not at the address that the configuration has for its site",
            "broken": [one.number for one in versions if one.problem],
            "example": example(tool, self.now()) if tool and skill.utterances else "",
            "utterances": list(skill.utterances),
            "parameters": [{"name": one.name, "choices": one.choices} for one in skill.parameters],
            "effect": skill.effect,
            "host": next(iter(skill.navigates), ""),
            "count": len(versions),
            "removable": newest.why != "file" or len(versions) > 1,
        }

    def _captions(self, name: str, version: Version) -> dict[str, str]:
        """The pictures of a version in the order of its steps, each with the step in words."""
        if version.problem or not version.pictures:
            return {}
        steps = {step.id: step_in_words(step) for step in self.shelf.read(name, version.number).all_steps}
        found = {}
        for step, words in steps.items():
            for ending, moment in (("", ""), ("-before", ": before"), ("-after", ": now")):
                for kind in ("jpg", "png"):
                    if (picture := f"{step}{ending}.{kind}") in version.pictures:
                        found[picture] = words + moment
        return found
