"""Pages that want to keep us: every step ends at its deadline with a named error, and the next task is not harmed."""

from __future__ import annotations

import asyncio

import pytest

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.locators import Locator, LocatorKind
from browser.pool import Pool
from tests.browser.conftest import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUTTON = Locator(kind=LocatorKind.ROLE, value="button")
MUCH_LATER_S = 60

TRAPS = {
    "a script that never ends": "<button id=b>x</button><script>setTimeout(() => { for (;;); }, 0)</script>",
    "alerts without end": "<button>x</button><script>setTimeout(() => { for (;;) alert('again'); }, 0)</script>",
    "a reload without end": "<script>location.reload()</script>",
    "changes without end": "<script>setInterval(() => document.body.append(document.createElement('i')), 0)</script>",
    "a thousand frames": "<body><script>for (let i = 0; i < 1000; i++) document.body.append(new DOMParser()"
    ".parseFromString('<iframe>', 'text/html').body.firstChild)</script>",
    "a leave trap": "<button>x</button><script>onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }</script>",
    "a hundred thousand elements": "<body><script>document.body.innerHTML = '<p>x</p>'.repeat(1e5)</script>",
    "frames in frames": "<iframe src='/'></iframe>",
    "addresses without end": "<script>setInterval(() => history.pushState(0, '', '/' + Math.random()), 0)</script>",
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
async def test_a_trap_costs_one_step_and_no_more(pool: Pool, site: Site, trap: str) -> None:
    site.pages["/"] = f"<!doctype html><body>{trap}"
    async with asyncio.timeout(MUCH_LATER_S):
        async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
            page = await task.new_page()
            missing = Locator(kind=LocatorKind.TEXT, value="never on this page")
            for step in (
                page.goto(site.url(), deadline=Deadline.after_ms(1500)),
                page.find([missing], deadline=Deadline.after_ms(500)),
                page.wait_for(Condition(text="never on this page"), deadline=Deadline.after_ms(500)),
                page.snapshot(deadline=Deadline.after_ms(1500)),
            ):
                try:
                    await step
                except BrowserError as error:
                    assert error.code
            assert len(page.dialogs) <= 50
    site.pages["/"] = "<button>Order</button>"
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        page = await task.new_page()
        await page.goto(site.url(), deadline=Deadline.after_ms(10_000))
        assert (await page.find([BUTTON], deadline=Deadline.after_ms(10_000))).unique


async def test_redirects_without_end_are_a_failed_navigation(pool: Pool, site: Site, deadline: Deadline) -> None:
    site.redirects["/"] = "/"
    async with pool.context(navigate=[f"*.localhost:{site.port}"]) as task:
        page = await task.new_page()
        with pytest.raises(BrowserError, match="REDIRECT"):
            await page.goto(site.url(), deadline=deadline)
