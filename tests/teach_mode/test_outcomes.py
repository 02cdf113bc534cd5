"""What steps bring about beside their element: tabs, dialogs, files, and what else a hand does on a page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from browser.deadline import Deadline
from browser.page import Page
from examples.town import Town
from teach_mode.checks import parse_skill
from teach_mode.interfaces import Act, Permit
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill
from tests.teach_mode.conftest import ScriptedGate
from tests.teach_mode.lessons import short_from

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PAGE = """<!doctype html><title>Desk</title>
<div id="letter" contenteditable role="textbox" aria-label="Letter">Dear <b>all</b></div>
<button id="file-button">Invoices</button>
<button onclick="say('deleted ' + confirm('Delete draft 7?'))">Delete</button>
<button onclick="setTimeout(() => say('called ' + prompt('What name?', 'x')), 50)">Name</button>
<a href="/price" target="_blank" rel="noopener">Prices</a>
<a href="/picker" target="_blank" onclick="event.preventDefault(); window.open('/picker')">Pick</a>
<a href="data:text/csv,a;b" download="over view.csv">Overview</a>
<div id="list" role="list" aria-label="Rows" style="height: 100px; overflow: auto"></div>
<output id="log" aria-label="Log">open; </output>
<script>
const log = document.getElementById("log");
function say(text) { log.textContent += text + "; "; }
addEventListener("contextmenu", (event) => { event.preventDefault(); say("menu of " + event.target.id); });
const list = document.getElementById("list");
function draw() {
  const first = Math.floor(list.scrollTop / 20);
  list.innerHTML = '<div style="height: 4000px; position: relative"></div>';
  for (let row = first; row < first + 6; row++) {
    const button = document.createElement("button");
    button.textContent = "Row " + row;
    button.style = `position: absolute; top: ${row * 20}px; height: 20px`;
    button.onclick = () => say("row " + row);
    list.firstChild.append(button);
  }
}
list.addEventListener("scroll", draw);
draw();
if (location.search) {
  const banner = document.createElement("button");
  banner.textContent = "No cookies";
  banner.onclick = () => { say("closed"); banner.remove(); };
  document.body.prepend(banner);
}
</script>"""

PAGES = {
    "/": PAGE,
    "/price": "<p data-testid=price>14.50</p>",
    "/picker": "<button onclick=\"opener.say('picked'); close()\">Elm Street 5</button>",
}


class Desk(Town):
    """The town's server with three pages."""

    def app(self) -> Starlette:
        async def page(request: Request) -> Response:
            return HTMLResponse(PAGES[request.url.path])

        return Starlette(routes=[Route(path, page) for path in PAGES])


@pytest_asyncio.fixture(loop_scope="module")
async def desk(port: int) -> AsyncIterator[Desk]:
    async with Desk(port=port) as started:
        yield started


def at(kind: str, value: str, name: str = "", **like: Any) -> dict[str, Any]:
    locator = {"kind": kind, "value": value, **({"name": name} if name else {})}
    named = {"role": value, "name": name, "text": name} if name else {}
    return {"locators": [locator], "fingerprint": {**named, **like}}


def button(name: str) -> dict[str, Any]:
    return at("role", "button", name, tag="button")


READ_LOG = {
    "action": "read",
    "target": at("role", "status", "Log", tag="output", attributes={"id": "log", "aria-label": "Log"}),
    "saves": "log",
    "effect": "read",
}


def skill_of(desk: Desk, steps: tuple[dict[str, Any], ...], url: str = "{site}/") -> Skill:
    raw = {
        "format": 1,
        "name": "desk",
        "description": "Work.",
        "base": "http://shop.localhost",
        "origins": {"navigate": ["shop.localhost"]},
        "entry": {"url": url},
        "steps": [{"id": f"step-{number}", **step} for number, step in enumerate(steps)],
        "utterances": ["work"],
        "read_back": "{log}" if steps[-1] == READ_LOG else "",
    }
    return parse_skill(json.dumps(raw).encode()).at(f"http://shop.localhost:{desk.port}")


@pytest.fixture
def done(desk: Desk, open_task: Any, scripted_gate: Any, tmp_path: Path) -> Any:
    """Runs steps; the log of the page is the answer."""

    async def run(*steps: dict[str, Any], url: str = "{site}/") -> Replayed:
        skill = skill_of(desk, (*steps, READ_LOG), url)
        async with open_task(skill) as task:
            replay = Replay(await task.new_page(), scripted_gate(), open_page=task.new_page, folder=tmp_path / "files")
            return await replay.run(skill, {}, Deadline.after_ms(20_000))

    return run


async def test_a_right_click_a_rich_text_and_a_row_that_is_not_there_yet(done: Any) -> None:
    letter = at("role", "textbox", "Letter", tag="div", text="")
    result = await done(
        {"action": "right_click", "target": button("Invoices")},
        {"action": "fill", "target": letter, "value": "Hello"},
        {"action": "read", "target": letter, "saves": "text", "effect": "read"},
        {
            "action": "scroll",
            "target": at("role", "list", "Rows", text="Row 0 Row 1 Row 2 Row 3 Row 4 Row 5"),
            "value": "1500",
        },
        {"action": "click", "target": button("Row 76")},
        {"action": "scroll", "target": button("Delete")},
    )
    assert result.error is None
    assert (result.values["text"], result.answer) == ("Hello", "Open; menu of file-button; row 76;")


@pytest.mark.parametrize(("accept", "said"), [(True, "Open; deleted true;"), (False, "Open; deleted false;")])
async def test_the_dialog_that_is_expected_is_answered_as_was_shown(accept: bool, said: str, done: Any) -> None:
    dialog = {"accept": accept, "message": "Delete draft 7?"}
    result = await done({"action": "click", "target": button("Delete"), "dialog": dialog})
    assert (result.error, result.answer) == (None, said)


async def test_a_prompt_that_comes_late_is_waited_for_and_typed_into(done: Any) -> None:
    dialog = {"accept": True, "text": "Ada", "message": "what name"}
    result = await done(
        {"action": "click", "target": button("Name"), "dialog": dialog, "postcondition": {"text": "Ada"}}
    )
    assert (result.error, result.answer) == (None, "Open; called Ada;")


async def test_another_dialog_than_the_one_shown_gets_a_no_and_stops_the_run(
    desk: Desk, open_task: Any, scripted_gate: Any
) -> None:
    dialog = {"accept": True, "message": "Delete draft 8?"}
    skill = skill_of(desk, ({"action": "click", "target": button("Delete"), "dialog": dialog},))
    deadline, told = short_from("step-0", 2_500)
    async with open_task(skill) as task:
        page = await task.new_page()
        result = await Replay(page, scripted_gate(), on_event=told).run(skill, {}, deadline)
        assert await page.playwright.inner_text("#log") == "open; deleted false;"
    assert (result.error.code, result.error.site_says) == ("step_not_true", "Delete draft 7?")


async def test_a_step_that_names_no_dialog_says_no_to_all(done: Any) -> None:
    assert (await done({"action": "click", "target": button("Delete")})).answer == "Open; deleted false;"


async def test_steps_go_on_in_the_tab_that_was_opened_and_back_again(done: Any) -> None:
    result = await done(
        {"action": "click", "target": at("role", "link", "Prices", tag="a"), "opens": "prices"},
        {
            "action": "read",
            "tab": "prices",
            "target": at("testid", "price", role="paragraph", tag="p", text="14.50"),
            "saves": "price",
            "effect": "read",
        },
        {"action": "close", "tab": "prices"},
        {"action": "click", "target": at("role", "link", "Pick", tag="a"), "opens": "picker"},
        {"action": "click", "tab": "picker", "target": button("Elm Street 5")},
        {"action": "goto", "value": "{site}/price", "opens": "again"},
        {"action": "assert", "tab": "again", "wait": {"text": "14.50"}},
    )
    assert result.error is None
    assert (result.values["price"], result.answer) == ("14.50", "Open; picked;")


async def test_only_the_file_that_a_step_names_is_kept_and_it_stays_in_its_folder(done: Any, tmp_path: Path) -> None:
    get = {"action": "click", "target": at("role", "link", "Overview", tag="a")}
    result = await done(get, {**get, "downloads": "first"}, {**get, "downloads": "second"}, get)
    assert result.error is None
    assert (result.values["first"], result.values["second"]) == ("over view.csv", "over view (2).csv")
    assert {file.name: file.read_bytes() for file in (tmp_path / "files").iterdir()} == {
        "over view.csv": b"a;b",
        "over view (2).csv": b"a;b",
    }


async def test_a_file_that_does_not_come_is_said(
    desk: Desk, open_task: Any, scripted_gate: Any, tmp_path: Path
) -> None:
    skill = skill_of(desk, ({"action": "click", "target": button("Invoices"), "downloads": "file"},))
    deadline, told = short_from("step-0", 2_500)
    async with open_task(skill) as task:
        replay = Replay(await task.new_page(), scripted_gate(), folder=tmp_path, on_event=told)
        result = await replay.run(skill, {}, deadline)
    assert result.error.code == "step_failed" and "no file came" in str(result.error)


@pytest.mark.parametrize(("url", "said"), [("{site}/", "Open;"), ("{site}/?first", "Open; closed;")])
async def test_an_optional_step_is_done_only_where_its_element_is(url: str, said: str, done: Any) -> None:
    result = await done({"action": "click", "target": button("No cookies"), "optional": True}, url=url)
    assert (result.error, result.answer) == (None, said)


class Hiding(ScriptedGate):
    """A page that hides the button while the step on it is judged, as a style sheet that comes late does."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    async def judge(self, act: Act) -> Permit:
        if act.fingerprint.name == "No cookies":
            await self._page.playwright.evaluate("document.querySelector('button').hidden = true")
        return await super().judge(act)


async def test_an_optional_step_whose_element_goes_away_by_itself_is_left_out(desk: Desk, open_task: Any) -> None:
    steps = ({"action": "click", "target": button("No cookies"), "optional": True},)
    skill = skill_of(desk, steps, url="{site}/?first")
    async with open_task(skill) as task:
        page = await task.new_page()
        result = await Replay(page, Hiding(page)).run(skill, {}, Deadline.after_ms(60_000))
    assert (result.error, result.outcome) == (None, "done")
