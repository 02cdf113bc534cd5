"""How a command reaches the history: through the cloud that runs on the data, else the store itself."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import structlog

from cloud.config import Config
from cloud.options import accounts_of
from cloud.skill_cli.connecting import READ_S, Skills
from cloud.talking import Address, Unreachable, address_of, check_health

log = structlog.get_logger(__name__)


@asynccontextmanager
async def history_of(config: Config, url: str = "") -> AsyncIterator[Skills]:
    """The portal's history of a configuration, or of the cloud at `url`. Raises Unreachable, VaultKeyError."""
    async with AsyncExitStack() as stack:
        address = Address(url) if url else _running(config)
        transport: httpx.AsyncBaseTransport | None = None
        if address is None:
            address = Address("http://localhost")
            transport = await stack.enter_async_context(_alone(config))
        client = httpx.AsyncClient(
            transport=transport,
            base_url=address.url,
            headers={"authorization": f"Bearer {accounts_of(config).open()}"},
            timeout=READ_S,
            verify=address.trust(),
        )
        yield Skills(await stack.enter_async_context(client), address.url)


def _running(config: Config) -> Address | None:
    """Where the cloud of this data listens, None when none does."""
    try:
        address = address_of(config.data_dir)
        check_health(address)
    except Unreachable:
        return None
    return address


@asynccontextmanager
async def _alone(config: Config) -> AsyncIterator[httpx.ASGITransport]:
    """The room of the portal over the store itself, with whatever has ended in its index."""
    from starlette.applications import Starlette

    from cloud.clock import utc_seconds
    from cloud.events import EventLog
    from cloud.history.archive import Archive
    from cloud.logs import Redactor
    from cloud.people.accounts import OWNER
    from cloud.people.keys import keys_of
    from cloud.people.vault import Vault
    from cloud.portal.doors import Doors
    from cloud.portal.history import History
    from cloud.portal.http import routes
    from cloud.store import Store, file_url, insert_new, persons

    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    redactor = Redactor()
    keys = keys_of(config.data_dir / "people", config.vault_key_file, os.environ, redactor.register)
    keys.open()
    store = await Store.open(file_url(config.data_dir / "leveret.db"))
    try:
        async with store.write() as connection:
            row = {"id": OWNER, "name": config.owner.name, "zone": config.timezone, "created_at": utc_seconds()}
            await insert_new(connection, persons, row)
        archive = Archive(EventLog(store, utc_seconds), config.data_dir / "tasks")
        while ids := await archive.missing():
            await archive.add(ids)
        accounts = accounts_of(config)
        accounts.open()
        doors = Doors(accounts, config.names)
        history = History(
            doors=doors,
            archive=archive,
            accounts=accounts,
            vault=Vault(store, keys, utc_seconds, watch=redactor.register),
            kept=config.history,
            wake=lambda: None,
            hide=redactor.cleaned,
            clock=utc_seconds,
        )
        yield httpx.ASGITransport(Starlette(routes=routes(doors, (history,))))
    finally:
        await store.close()
