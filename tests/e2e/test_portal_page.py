"""The portal's page in a real browser: sign in, type a request, answer its question, see what was done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from browser.pool import Pool, PoolConfig

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(loop_scope="session")
async def page(theatre: Any, tmp_path: Path) -> AsyncIterator[Page]:
    host = theatre.stage.cloud.removeprefix("http://")
    async with Pool(PoolConfig(state_dir=tmp_path / "browser", allow_local=(host,))) as pool:
        async with pool.context(navigate=[host]) as context:
            page = (await context.new_page()).playwright
            page.set_default_timeout(40_000)
            await page.goto(theatre.stage.cloud)
            yield page


async def sign_in(page: Page, token: str) -> None:
    await page.get_by_label("The owner's token").fill(token)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_label("What shall be done?")).to_be_visible(timeout=40_000)


async def test_an_order_is_typed_confirmed_and_shown(theatre: Any, page: Page) -> None:
    theatre.town.faults.latency_ms = 0
    before = len(theatre.town.ledger.rows())
    await sign_in(page, theatre.stage.token)
    await page.get_by_label("What shall be done?").fill("order a small hawaii pizza")
    await page.get_by_role("button", name="Do it").click()
    ask = page.locator("article.ask")
    await expect(ask).to_contain_text("Order it?", timeout=40_000)
    await expect(ask).to_contain_text("Elm Street 5")
    assert len(theatre.town.ledger.rows()) == before
    await ask.get_by_role("button", name="Yes, do it").click()
    task = page.locator("#tasks article").first
    await expect(task.locator(".status")).to_have_text("done", timeout=40_000)
    await expect(task).to_contain_text("Hawaii")
    await expect(ask).to_have_count(0)
    assert len(theatre.town.ledger.rows()) == before + 1
    await expect(task.locator(".film img").first).to_be_visible()


async def test_a_wrong_token_is_told_and_nothing_is_shown(page: Page) -> None:
    await page.get_by_label("The owner's token").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#sign-in-wrong")).to_contain_text("leveret token")
    await expect(page.locator("#signed-in")).to_be_hidden()


async def test_signing_out_hides_everything_and_a_reload_keeps_it_so(theatre: Any, page: Page) -> None:
    await sign_in(page, theatre.stage.token)
    await page.reload()
    await expect(page.get_by_label("What shall be done?")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("The owner's token")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("The owner's token")).to_be_visible()
