"""Engines: which hears and which speaks now, and how far stronger ones are."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from cloud.engines import Engines
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer
from cloud.speech.switching import trouble_of


class Speech(Struct, frozen=True, kw_only=True):
    """What is heard and spoken with."""

    doors: Doors
    engines: Engines

    def table(self) -> Table:
        """Path, method and handler of each address."""
        return (("/api/engines", "GET", self.show),)

    async def show(self, request: Request) -> Response:
        """Names, what is wrong with an endpoint, and what `auto` is fetching."""
        self.doors.person(request)
        found = self.engines
        troubles = [trouble_of(engine) for engine in (found.stt, found.tts)]
        return answer(
            {
                "hears": found.stt.name,
                "speaks": found.tts.name,
                "troubles": [trouble for trouble in troubles if trouble],
                "upgrades": [msgspec.to_builtins(upgrade.standing) for upgrade in found.upgrades],
            }
        )
