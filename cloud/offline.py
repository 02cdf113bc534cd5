"""The rooms of the portal that need no browser and no task, over the shelf itself: for the command line, while no cloud
runs. They answer as a running cloud does, so that a command has one way to go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from cloud.clock import utc_seconds
from cloud.config import Config
from cloud.lam.toolbox import Toolbox
from cloud.people.accounts import Accounts
from cloud.people.belongings import Belongings
from cloud.portal.doors import Doors
from cloud.portal.exporting import Exports
from cloud.portal.http import routes
from cloud.portal.importing import Imports
from cloud.portal.skills import Skills
from cloud.shelving import shelf_of
from cloud.tools.builtin import add_builtins
from cloud.tools.ownership import owning

# What acts and remembers: nothing is done here, and the tools are asked for their names and sentences alone.
NOBODY: Any = None


@asynccontextmanager
async def answering(config: Config) -> AsyncIterator[ASGIApp]:
    """The rooms, for as long as the block runs; the skills are this process's meanwhile.

    Raises ShelfBusy while a cloud runs on this data, ConfigError, SkillError.
    """
    async with owning(config.data_dir, "command"):
        toolbox = Toolbox()
        own = Belongings(lists=NOBODY, journal=NOBODY, changes=NOBODY)
        add_builtins(toolbox, store=NOBODY, memory=NOBODY, timers=NOBODY, belongings=own, cancel_others=NOBODY)
        shelf = shelf_of(config, toolbox, pool=NOBODY, desk=NOBODY, clock=utc_seconds)
        accounts = Accounts(config.data_dir / "people")
        accounts.open()
        doors = Doors(accounts, config.names)

        def now() -> datetime:
            return datetime.fromtimestamp(utc_seconds(), config.zone)

        rooms = (
            Skills(doors=doors, shelf=shelf, toolbox=toolbox, now=now),
            Imports(doors=doors, shelf=shelf, toolbox=toolbox, now=now),
            Exports(doors=doors, shelf=shelf, now=now),
        )
        yield Starlette(routes=routes(doors, rooms))
