"""The vault signs in to every release of the sites whose door wants a code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.page import Page
from browser.pool import Pool
from cloud.people.keys import keys_of
from cloud.people.vault import Vault
from cloud.store import Store, file_url, insert_new, persons
from cloud.tools.filmstrip import Filmstrip
from cloud.tools.secrets import VaultSecrets
from examples.town import Town
from examples.town.identity import ADA
from tests.town.person import Person

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def type_secret(secrets: VaultSecrets, page: Page, truth: str, name: str) -> None:
    by = Deadline.after_ms(60_000)
    field = await page.find([Locator(kind=LocatorKind.CSS, value=f'[data-truth="{truth}"]')], deadline=by)
    await secrets.type_into(page, field, name, origin="", deadline=by)


@pytest.mark.parametrize("release", ["1", "2", "3"])
async def test_the_vault_signs_in_to_each_release(
    towns: Mapping[str, Town], pool: Pool, tmp_path: Path, release: str
) -> None:
    town = towns[release]
    store = await Store.open(file_url(tmp_path / "store.db"))
    async with store.write() as connection:
        await insert_new(connection, persons, {"id": "ada", "name": "", "zone": "UTC", "created_at": 0.0})
    keys = keys_of(tmp_path / "people", "", {})
    keys.open()
    vault = Vault(store, keys, time.time)
    strip = Filmstrip(tmp_path / "frames", lambda kind, data: None)
    sites = {"mail": town.addresses.mail, "admin": town.addresses.admin}
    for site, address in sites.items():
        await vault.put("ada", f"{site} password", ADA.password, kind="password", origins=[address])
        await vault.put("ada", f"{site} code", ADA.seed, kind="one_time_code", origins=[address])
        async with pool.context(navigate=[f"*.localhost:{town.port}"]) as task:
            page = await task.new_page()
            await page.goto(address, deadline=Deadline.after_ms(15_000))
            person = Person(page.playwright)
            async with VaultSecrets(vault, "ada", strip, clock=time.time) as secrets:
                await person.types("user", ADA.name)
                await person.maybe("next:1")
                await type_secret(secrets, page, "password", f"{site} password")
                await person.clicks("sign-in")
                await type_secret(secrets, page, "code", f"{site} code")
                await person.clicks("verify")
            await page.playwright.wait_for_url(lambda url: "/login" not in url and "/code" not in url)
    await store.close()
