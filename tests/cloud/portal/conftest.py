"""A portal over a fresh folder, without a browser and without a runner: what it asks of one is kept in a list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct, field
from starlette.applications import Starlette

from cloud.clock import fresh_id, utc_seconds
from cloud.commands import Command, HandleUtterance
from cloud.config import Config
from cloud.config import History as Kept
from cloud.engines import choose
from cloud.events import EventLog
from cloud.history.archive import Archive
from cloud.lam.learning import Learning
from cloud.lam.mind import Mind
from cloud.lam.toolbox import Toolbox
from cloud.metrics import Metrics
from cloud.people.accounts import OWNER, Accounts
from cloud.people.belongings import Belongings, belongings_of
from cloud.people.connections import Connections
from cloud.people.keys import keys_of
from cloud.people.memory import Memory
from cloud.people.tickets import Tickets
from cloud.people.vault import Vault
from cloud.portal.api import Portal
from cloud.portal.chaining import Chaining
from cloud.portal.devices import Devices
from cloud.portal.doors import Doors
from cloud.portal.engines import Speech
from cloud.portal.exporting import Exports
from cloud.portal.history import History
from cloud.portal.http import routes
from cloud.portal.importing import Imports
from cloud.portal.journal import JournalRoom
from cloud.portal.lists import ListRoom
from cloud.portal.pages import Pages
from cloud.portal.reading import Reading
from cloud.portal.sharing import Sharing
from cloud.portal.skills import Skills
from cloud.portal.starting import Starting
from cloud.portal.vault import Secrets
from cloud.store import Store, file_url, insert_new, persons
from cloud.tasks.asks import Asks
from cloud.tasks.records import Tasks
from cloud.tools.clocks import CLOCK_TOOLS
from cloud.tools.register import Register
from cloud.tools.shelf import Shelf
from cloud.turns import Pictures
from tests.cloud.exact import ExactCorrector

NOBODY: Any = None  # no browser: nothing is run here
HOST = "127.0.0.1:8350"


class Door(Struct, kw_only=True):
    """A portal, a client that has not signed in, and what the runner was asked to do."""

    client: httpx.AsyncClient
    accounts: Accounts
    events: EventLog
    asks: Asks
    tasks: Tasks
    folder: Path
    token: str
    closing: asyncio.Event
    archive: Archive = None  # type: ignore[assignment]
    shelf: Shelf = None  # type: ignore[assignment]
    belongings: Belongings = None  # type: ignore[assignment]
    connections: Connections = None  # type: ignore[assignment]
    commands: list[Command] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    woken: list[bool] = field(default_factory=list)
    now: list[float] = field(default_factory=lambda: [1_000_000.0])

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def submit(self, command: Command) -> None:
        self.commands.append(command)
        if isinstance(command, HandleUtterance):
            await self.tasks.open(command, f"task {len(self.commands)}")


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    accounts = Accounts(tmp_path / "people")
    keys_of(tmp_path / "people", "", {}).open()
    store = await Store.open(file_url(tmp_path / "leveret.db"))
    async with store.write() as connection:
        for person in (OWNER, "somebody else"):
            row = {"id": person, "name": "", "zone": "UTC", "created_at": 0.0}
            await insert_new(connection, persons, row)
    events = EventLog(store, utc_seconds)
    asks, closing = Asks(events), asyncio.Event()
    made = Door(
        client=httpx.AsyncClient(base_url=f"http://{HOST}"),
        accounts=accounts,
        events=events,
        asks=asks,
        tasks=Tasks(events),
        folder=tmp_path / "tasks",
        token=accounts.open(),
        closing=closing,
    )
    made.archive = Archive(events, made.folder)
    doors = Doors(accounts, ("leveret.example",), clock=lambda: made.now[0])
    portal = Portal(
        doors=doors,
        events=events,
        reading=Reading(events, asks, made.folder),
        toolbox=Toolbox(CLOCK_TOOLS),
        metrics=Metrics(),
        submit=made.submit,
        ready=lambda: not closing.is_set(),
        closing=closing,
        fresh_id=fresh_id,
    )
    toolbox = Toolbox(CLOCK_TOOLS)
    register = Register(toolbox, sites={}, pool=NOBODY, desk=NOBODY)
    made.shelf = Shelf(tmp_path / "skills", reserved=[tool.name for tool in toolbox], changed=register.changed)
    register.open(made.shelf)
    skills = Skills(doors=doors, shelf=made.shelf, toolbox=toolbox, now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    imports = Imports(doors=doors, shelf=made.shelf, toolbox=toolbox, now=skills.now)
    exports = Exports(doors=doors, shelf=made.shelf, now=skills.now)
    memory = Memory(store, utc_seconds)
    await memory.remember(OWNER, {"name": "Ada Example", "phone": "555 0100", "address": "Elm Street 5"})
    learning = Learning(store, memory, toolbox, utc_seconds)
    mind = Mind(toolbox, ExactCorrector(), memory=memory, learning=learning)
    chaining = Chaining(doors=doors, shelf=made.shelf, mind=mind, now=skills.now)
    sharing = Sharing(doors=doors, shelf=made.shelf, memory=memory, people=accounts.folder, clock=lambda: made.now[0])
    starting = Starting(
        doors=doors,
        toolbox=toolbox,
        reading=portal.reading,
        submit=made.submit,
        fresh_id=fresh_id,
        now=skills.now,
    )
    tickets = Tickets(tmp_path / "people" / "devices", lambda: made.now[0])
    devices = Devices(doors=doors, accounts=accounts, tickets=tickets, revoke=made.revoked.append)
    keys = keys_of(tmp_path / "people", "", {})
    made.connections = Connections(store, keys, utc_seconds)
    vault = Vault(store, keys, utc_seconds)
    secrets = Secrets(doors=doors, vault=vault, connections=made.connections)
    await made.client.aclose()
    speech = Speech(doors=doors, engines=choose(Config(data_dir=tmp_path, stt="auto", tts="espeak")))
    history = History(
        doors=doors,
        archive=made.archive,
        accounts=accounts,
        vault=vault,
        kept=Kept(),
        wake=lambda: made.woken.append(True),
        hide=lambda value: value,
        clock=utc_seconds,
    )
    own = belongings_of(store, lambda: made.now[0], folder=tmp_path, taken=Pictures(tmp_path / "pictures"))
    lists = ListRoom(doors=doors, lists=own.lists, changes=own.changes, fresh_id=fresh_id)
    journal = JournalRoom(doors=doors, journal=own.journal, now=skills.now, fresh_id=fresh_id)
    made.belongings = own
    skilled = (skills, imports, exports, sharing, starting, chaining)
    rooms = (Pages(), portal, *skilled, devices, secrets, speech, history, lists, journal)
    app = Starlette(routes=routes(doors, rooms))
    made.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{HOST}")
    yield made
    await made.client.aclose()
    await speech.engines.close()
    await store.close()
