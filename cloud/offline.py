"""The rooms of the portal that need no browser and no task, over the shelf itself: for the command line, while no cloud
runs. They answer as a running cloud does, so that a command has one way to go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from cloud.clock import utc_seconds
from cloud.config import Config
from cloud.lam.toolbox import Toolbox
from cloud.people.accounts import Accounts
from cloud.people.memory import Memory
from cloud.portal.doors import Doors
from cloud.portal.exporting import Exports
from cloud.portal.http import routes
from cloud.portal.importing import Imports
from cloud.portal.sharing import Sharing
from cloud.portal.skills import Skills
from cloud.shelving import shelf_of
from cloud.store import Store, file_url
from cloud.tools.builtin import add_builtins
from cloud.tools.ownership import owning
from cloud.tools.sources import source_tools
from language.entities import Value


class Nobody:
    """Stands for all that acts and remembers: nothing is done here, tools are asked for names and sentences alone."""

    def __getattr__(self, name: str) -> Nobody:
        return self


NOBODY: Any = Nobody()


@asynccontextmanager
async def answering(config: Config) -> AsyncIterator[ASGIApp]:
    """The rooms, for as long as the block runs; the skills are this process's meanwhile.

    Raises ShelfBusy while a cloud runs on this data, ConfigError, SkillError.
    """
    async with owning(config.data_dir, "command"):
        toolbox = Toolbox()
        add_builtins(
            toolbox, store=NOBODY, memory=NOBODY, timers=NOBODY, belongings=NOBODY, archive=NOBODY, cancel_others=NOBODY
        )
        for tool in source_tools({}, None):
            toolbox.add(tool)
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
            Sharing(doors=doors, shelf=shelf, memory=Remembered(config), people=accounts.folder, clock=utc_seconds),
        )
        yield Starlette(routes=routes(doors, rooms))


class Remembered:
    """What the store of a configuration knows of a person; it is opened for each question alone."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def profile(self, person: str) -> dict[str, Value]:
        """Facts, those of the configuration among them."""
        owner = self._config.owner
        told = {"name": owner.name, "address": owner.address, "phone": owner.phone, "email": owner.email}
        known = await self._ask(lambda memory: memory.profile(person))
        return known | {name: value for name, value in told.items() if value}

    async def last_choices(self, person: str, tool: str) -> dict[str, Value]:
        """What was chosen last time, by slot."""
        return await self._ask(lambda memory: memory.last_choices(person, tool))

    async def _ask(self, question: Callable[[Memory], Awaitable[dict[str, Value]]]) -> dict[str, Value]:
        path = self._config.data_dir / "leveret.db"
        if not path.exists():
            return {}
        store = await Store.open(file_url(path))
        try:
            return await question(Memory(store, utc_seconds))
        finally:
            await store.close()
