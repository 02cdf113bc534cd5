"""What everything in the cloud stands on, built: configuration, store, keys, engines, browser."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack

from msgspec import Struct

from browser.pool import Pool, PoolConfig
from cloud import engines, logs
from cloud.clock import Clock
from cloud.config import Config
from cloud.events import EventLog
from cloud.people.accounts import OWNER, Accounts
from cloud.people.connections import Connections
from cloud.people.keys import keys_of
from cloud.people.memory import SPENDING_CAP, Memory
from cloud.people.vault import Vault
from cloud.store import Store, file_url, persons, put
from cloud.turns import Pictures, Turns


class Ground(Struct, frozen=True, kw_only=True):
    """What everything stands on: configuration, clock, store, engines, browser."""

    config: Config
    clock: Clock
    accounts: Accounts
    store: Store
    events: EventLog
    memory: Memory
    vault: Vault
    connections: Connections
    redactor: logs.Redactor
    pictures: Pictures
    turns: Turns
    engines: engines.Engines
    pool: Pool


async def ground_of(
    config: Config,
    clock: Clock,
    speech: engines.Engines,
    redactor: logs.Redactor,
    stack: AsyncExitStack,
) -> Ground:
    """All of it open, until `stack` closes. Raises ConfigError, VaultKeyError, LaunchError (no browser)."""
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    watch = redactor.register
    accounts = Accounts(config.data_dir / "people", watch=watch)
    accounts.open()
    keys = keys_of(config.data_dir / "people", config.vault_key_file, os.environ, watch)
    keys.open()
    store = await Store.open(file_url(config.data_dir / "leveret.db"))
    stack.push_async_callback(store.close)
    stack.push_async_callback(speech.close)
    browser = PoolConfig(
        state_dir=config.data_dir / "browser", allow_local=config.allow_local, chromium=config.chromium
    )
    pool = Pool(browser)
    stack.push_async_callback(pool.close)
    async with asyncio.TaskGroup() as warming:
        warming.create_task(speech.ready())
        warming.create_task(pool.start())
    ground = Ground(
        config=config,
        clock=clock,
        accounts=accounts,
        store=store,
        events=EventLog(store, clock, hide=redactor.cleaned),
        memory=Memory(store, clock),
        vault=Vault(store, keys, clock, watch=watch),
        connections=Connections(store, keys, clock, watch=redactor.register_passing),
        redactor=redactor,
        pictures=Pictures(config.data_dir / "pictures", max_bytes=config.limits.picture_bytes),
        turns=Turns(store, clock),
        engines=speech,
        pool=pool,
    )
    await _introduce(ground)
    return ground


async def _introduce(ground: Ground) -> None:
    """The owner's row, and what the configuration says of the owner."""
    owner = ground.config.owner
    row = {"id": OWNER, "name": owner.name, "zone": ground.config.timezone, "created_at": ground.clock()}
    async with ground.store.write() as connection:
        await put(connection, persons, row)
    known = {"name": owner.name, "address": owner.address, "phone": owner.phone, "email": owner.email}
    known["place"] = owner.place
    await ground.memory.remember(OWNER, {key: value for key, value in known.items() if value})
    await ground.memory.remember(OWNER, {SPENDING_CAP: owner.spending_cap})
