"""Sites that a person is signed in to: their cookies, kept like secrets, so that a login lasts from task to task."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from sqlalchemy import delete, select

from cloud.errors import SecretUnreadable
from cloud.people.envelope import seal, unseal
from cloud.people.safe import Safe
from cloud.store import connections as table
from cloud.store import put

log = structlog.get_logger(__name__)

MOST_BYTES = 1 << 20
# Shorter cookies ("true", "en-GB") are no secrets, and would be found in ordinary words.
SECRET_CHARS = 12

State = dict[str, Any]  # Playwright's storage state: {"cookies": [...], "origins": [...]}


class Connections(Safe):
    """Sessions by person and site (a base origin). `watch` is told each cookie and token."""

    async def state(self, person: str, site: str) -> State | None:
        """What the browser begins with; None when there is nothing, or nothing that opens."""
        query = select(table.c.version, table.c.sealed).where(table.c.person == person, table.c.site == site)
        async with self._store.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        try:
            key = await asyncio.to_thread(self._keys.of, person)
            opened = unseal(key, row.sealed, _about(person, site, row.version))
        except SecretUnreadable:
            log.warning("session_unreadable", site=site)
            return None
        state: State = msgspec.json.decode(opened)
        self._hide(state)
        return state

    async def keep(self, person: str, site: str, state: State, hosts: Iterable[str]) -> None:
        """Keeps what belongs to `hosts` in place of what was kept for the site; too much of it is not kept at all."""
        kept = of_hosts(state, frozenset(hosts))
        self._hide(kept)
        plain = msgspec.json.encode(kept)
        if len(plain) > MOST_BYTES:
            log.warning("session_too_big", site=site)
            return
        key = await asyncio.to_thread(self._keys.of, person, make=True)
        async with self._store.write() as connection:
            mine = (table.c.person == person) & (table.c.site == site)
            version = (await connection.scalar(select(table.c.version).where(mine)) or 0) + 1
            sealed = seal(key, plain, _about(person, site, version), self._source)
            row = {"person": person, "site": site, "version": version, "sealed": sealed, "at": self._clock()}
            await put(connection, table, row)

    async def sites(self, person: str) -> tuple[str, ...]:
        """The sites that the person is signed in to, as far as is known."""
        async with self._store.read() as connection:
            query = select(table.c.site).where(table.c.person == person).order_by(table.c.site)
            return tuple(await connection.scalars(query))

    async def forget(self, person: str, site: str) -> bool:
        """The next task signs in anew; False when there was nothing to forget."""
        async with self._store.write() as connection:
            mine = (table.c.person == person) & (table.c.site == site)
            return bool((await connection.execute(delete(table).where(mine))).rowcount)

    def _hide(self, state: State) -> None:
        stored = [item for origin in state["origins"] for item in origin.get("localStorage", ())]
        for item in (*state["cookies"], *stored):
            if len(item["value"]) >= SECRET_CHARS:
                self._watch(item["value"])


def of_hosts(state: State, hosts: frozenset[str]) -> State:
    """The cookies that these hosts get to see, and what they stored. Hosts are without ports."""
    cookies = [cookie for cookie in state.get("cookies", ()) if any(_sees(host, cookie["domain"]) for host in hosts)]
    origins = [origin for origin in state.get("origins", ()) if urlsplit(origin["origin"]).hostname in hosts]
    return {"cookies": cookies, "origins": origins}


def _sees(host: str, domain: str) -> bool:
    return host == domain.lstrip(".") or (domain.startswith(".") and host.endswith(domain))


def _about(person: str, site: str, version: int) -> tuple[str | int, ...]:
    return ("leveret session", person, site, version)
