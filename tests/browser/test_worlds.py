"""A script in a world of its own: in every document, first, and out of the page's reach."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Frame

from browser import frames
from browser.context import TaskContext
from browser.deadline import Deadline
from browser.worlds import Document, World
from tests.browser.conftest import Site

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

SCRIPT = """(() => {
  addEventListener("click", (event) => says("clicked " + event.target.textContent), true);
  globalThis.mine = () => "from " + location.pathname;
})()"""
PAGE = """<script>
window.says = (text) => { document.title = "caught " + text; };
addEventListener("click", (event) => event.stopImmediatePropagation(), true);
if (typeof mine !== "undefined") document.title = "found";
</script>"""
TWINS = (
    PAGE
    + """<button>Top</button><iframe src="/in"></iframe><iframe src="/in"></iframe>
<iframe src="http://other.localhost:{port}/in" name="other"></iframe>"""
)


async def test_every_document_speaks_and_says_where_it_is(task: TaskContext, site: Site, deadline: Deadline) -> None:
    site.pages = {"/": TWINS, "/in": PAGE + "<button>Inner</button>", "/next": PAGE + "<button>Next</button>"}
    said: asyncio.Queue[tuple[tuple[str, ...], Document, str]] = asyncio.Queue()

    def on_said(frame: Frame, document: Document, text: str) -> None:
        said.put_nowait((frames.path(frame), document, text))

    page = await task.new_page()
    world = World(task.playwright, "test_world", SCRIPT, "says", on_said)
    await world.start()
    await page.goto(site.url(), deadline=deadline)
    tab = page.playwright
    await tab.wait_for_load_state()
    await world.settled()
    for frame in tab.frames:
        await frame.locator("button").click()
    heard = [await asyncio.wait_for(said.get(), deadline.left_ms() / 1000) for _ in tab.frames]
    inner = site.url("/in")
    assert [(path, text) for path, _, text in heard] == [
        ((), "clicked Top"),
        ((f"url={inner} nth=0",), "clicked Inner"),
        ((f"url={inner} nth=1",), "clicked Inner"),
        (("name=other",), "clicked Inner"),
    ]
    assert len({document for _, document, _ in heard}) == 4
    assert sorted(text for _, text in await world.ask(tab, "mine()")) == ["from /", *["from /in"] * 3]
    await page.goto(site.url("/next", host="other.localhost"), deadline=deadline)
    await tab.locator("button").click()
    path, _, text = await asyncio.wait_for(said.get(), deadline.left_ms() / 1000)
    assert (path, text, await tab.title()) == ((), "clicked Next", "")
    await world.stop()
    await world.stop()
    await tab.locator("button").click()
    assert said.empty()
