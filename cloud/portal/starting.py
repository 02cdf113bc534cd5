"""Starting a skill, or anything else that can be done, with given values. From then on it is a task like all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Ids
from cloud.commands import Command, HandleUtterance
from cloud.lam.calling import values_of
from cloud.lam.goals import Call
from cloud.lam.inference import words_of
from cloud.lam.toolbox import Tool, Toolbox
from cloud.portal.api import SURFACE
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from cloud.portal.reading import Reading
from cloud.tools.errors import SkillUnknown, VersionUnknown
from language.entities import Value


class Run(Struct, frozen=True, forbid_unknown_fields=True):
    """Values by the names of the skill's parameters, each as its kind has it or in the words that say it. The same
    `key` again is the same request. `version` 0: the one that counts.
    """

    values: dict[str, Value] = field(default_factory=dict)
    version: int = 0
    key: str = ""


class Starting(Struct, frozen=True, kw_only=True):
    """`now` is the time in the person's zone, in which "tomorrow" is read."""

    doors: Doors
    toolbox: Toolbox
    reading: Reading
    submit: Callable[[Command], Awaitable[object]]
    fresh_id: Ids
    now: Callable[[], datetime]

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/api/skills/{skill}/run", "POST", self.run),)

    async def run(self, request: Request) -> Response:
        """Starts it; answers with its task as soon as it is stored."""
        person = self.doors.person(request)
        name = request.path_params["skill"]
        given = await body(request, Run)
        tool = self._tool(name, given.version)
        values = values_of(name, tool.slots, given.values, self.now())
        key = f"{SURFACE}:{given.key or self.fresh_id()}"
        call = Call(tool=name, arguments=values, version=given.version)
        text = words_of(tool, values, self.now())
        await self.submit(
            HandleUtterance(key=key, person=person, text=text, spoken=False, engine="typed", call=call),
        )
        told = {"key": key, "task": await self.reading.task_of_key(person, key), "text": text}
        return answer({**told, "values": msgspec.to_builtins(values)}, 202)

    def _tool(self, name: str, version: int) -> Tool:
        tool = self.toolbox.get(name)
        if tool is None:
            raise SkillUnknown(f"there is no skill {name[:64]!r} that can be run")
        if version and self.toolbox.get(name, version) is None:
            raise VersionUnknown(f"version {version} of {name!r} cannot be run")
        return self.toolbox.get(name, version) or tool
