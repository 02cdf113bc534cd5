"""Sessions are kept like secrets: for their person and site, and for the hosts of the skill alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from cloud import store as tables
from cloud.people.connections import Connections, of_hosts
from cloud.people.keys import keys_of
from cloud.store import Store, file_url, insert_new, persons

SHOP = "https://shop.example"


def cookie(domain: str, value: str = "a-session-of-ada") -> dict[str, Any]:
    return {"name": "session", "value": value, "domain": domain, "path": "/", "expires": -1}


def state(*cookies: dict[str, Any]) -> dict[str, Any]:
    return {"cookies": list(cookies), "origins": []}


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[Connections, Store, list[str]]]:
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        for person in ("ada", "bob"):
            await insert_new(connection, persons, {"id": person, "name": person, "zone": "UTC", "created_at": 0.0})
    keys = keys_of(tmp_path / "people", "", {})
    keys.open()
    seen: list[str] = []
    yield Connections(store, keys, lambda: 0.0, watch=seen.append), store, seen
    await store.close()


async def test_a_session_comes_back_for_its_person_and_site_alone(kept: tuple[Connections, Store, list[str]]) -> None:
    connections, _, seen = kept
    await connections.keep("ada", SHOP, state(cookie("shop.example")), ["shop.example"])
    assert await connections.state("ada", SHOP) == state(cookie("shop.example"))
    assert await connections.state("bob", SHOP) is None
    assert await connections.state("ada", "https://other.example") is None
    assert "a-session-of-ada" in seen
    assert await connections.sites("ada") == (SHOP,)
    assert await connections.forget("ada", SHOP) and not await connections.forget("ada", SHOP)
    assert await connections.state("ada", SHOP) is None


async def test_a_session_of_another_row_or_version_does_not_open_and_is_none(
    kept: tuple[Connections, Store, list[str]],
) -> None:
    connections, store, _ = kept
    columns = tables.connections.c
    rows = []
    for person in ("bob", "ada", "ada"):
        await connections.keep(person, SHOP, state(cookie("shop.example", f"session-of-{person}")), ["shop.example"])
        async with store.read() as connection:
            rows.append((await connection.execute(select(columns.sealed).where(columns.person == person))).scalar_one())
    for sealed in (*rows[:2], rows[2][:-1], b""):
        async with store.write() as connection:
            mine = (columns.person == "ada") & (columns.site == SHOP)
            await connection.execute(update(tables.connections).where(mine).values(sealed=sealed))
        assert await connections.state("ada", SHOP) is None


async def test_too_much_is_not_kept(kept: tuple[Connections, Store, list[str]]) -> None:
    connections, _, _ = kept
    await connections.keep("ada", SHOP, state(cookie("shop.example", "x" * (1 << 20))), ["shop.example"])
    assert await connections.sites("ada") == ()


def test_only_what_the_hosts_of_the_skill_see_is_kept() -> None:
    mine = [cookie("shop.example"), cookie(".shop.example"), cookie(".example"), cookie("pay.example")]
    others = [cookie("tracker.example"), cookie(".tracker.example"), cookie(".op.example"), cookie("a.shop.example")]
    stored = [{"origin": f"https://{host}", "localStorage": []} for host in ("shop.example", "tracker.example")]
    given = {"cookies": [*mine, *others], "origins": stored}
    assert of_hosts(given, frozenset({"shop.example", "pay.example"})) == {"cookies": mine, "origins": stored[:1]}
