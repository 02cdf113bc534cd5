"""Skills as files: our own, or one that another tool plays."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.lam.calling import values_of
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from cloud.tools.receiving import OUR_SUFFIX, OURS
from cloud.tools.shelf import Shelf
from language.entities import Value
from teach_mode.checks import write_skill
from teach_mode.formats.registry import FORMATS, export_skill
from teach_mode.formats.reports import Exported
from teach_mode.skill import Skill


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` 0: the one that counts. `values` of the parameters, for a format that knows none."""

    format: str = OURS
    version: int = 0
    values: dict[str, Value] = field(default_factory=dict)


class Exports(Struct, frozen=True, kw_only=True):
    """`now` is the time in the person's zone, in which "tomorrow" is read."""

    doors: Doors
    shelf: Shelf
    now: Callable[[], datetime]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/api/skills/{skill}/export", "POST", self.export),)

    async def export(self, request: Request) -> Response:
        """The file in base 64, its name, and what of the skill is not in it."""
        self.doors.person(request)
        name = request.path_params["skill"]
        given = await body(request, Wanted)
        skill = self.shelf.read(name, given.version) if given.version else self.shelf.current(name)
        exported, suffix = self._exported(skill, given)
        return answer(
            {
                "filename": f"{name}{suffix}",
                "format": given.format,
                "version": skill.version,
                "data": base64.b64encode(exported.data).decode(),
                "notes": exported.notes,
            }
        )

    def _exported(self, skill: Skill, given: Wanted) -> tuple[Exported, str]:
        if given.format == OURS:
            if given.values:
                raise HTTPException(422, "a file of our own keeps its parameters, so that no values are put into it")
            return Exported(write_skill(skill), ()), OUR_SUFFIX
        values = values_of(skill.name, skill.parameters, given.values, self.now())
        exported = export_skill(skill, given.format, values)
        return exported, FORMATS[given.format].suffix
