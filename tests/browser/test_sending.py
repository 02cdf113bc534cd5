"""What a page sends beyond asking for more."""

from __future__ import annotations

import asyncio

import pytest

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.locators import Locator, LocatorKind
from browser.sending import sending
from tests.browser.conftest import Show, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """
<button onclick="fetch('/look')">Look</button>
<button onclick="navigator.sendBeacon('/seen', 'x')">Count me</button>
<button onclick="fetch('/save', {method: 'POST', body: '1'})">Save</button>
<form action="/find"><button>Find</button></form>
<form action="/send" method="post"><button>Send</button></form>
"""


async def test_forms_and_calls_that_write_are_told_and_no_looking(
    show: Show, site: Site, task: TaskContext, deadline: Deadline
) -> None:
    site.pages |= dict.fromkeys(("/look", "/seen", "/save", "/find", "/send"), PAGE)
    page = await show(PAGE)
    told: asyncio.Queue[str] = asyncio.Queue()
    with sending(task, told.put_nowait):
        for name in ("Look", "Count me", "Save", "Find", "Send"):
            button = (Locator(kind=LocatorKind.ROLE, value="button", name=name, exact=True),)
            await page.click(await page.find(button, deadline=deadline), deadline=deadline)
        async with asyncio.timeout(deadline.left_ms() / 1000):
            assert [await told.get(), await told.get()] == [site.url("/save"), site.url("/send")]
