"""Every kind of interaction, shown with a real mouse and keyboard, recorded, and done again word for word."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Page as PlaywrightPage

from browser.deadline import Deadline
from browser.pool import Pool
from teach_mode.demonstration import Demonstration, ShownStep
from tests.teach_mode.lessons import LOG, Lesson, School, lesson, replayed, skill_of

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

Show = Callable[[Lesson], Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="module")
async def school(port: int) -> AsyncIterator[School]:
    async with School(port=port) as started:
        yield started


class Shown:
    """What came of a lesson and of its replay. The page's log is what the site noticed of both."""

    def __init__(self, demonstration: Demonstration, log: str, again: str, pictures: dict[str, bytes]) -> None:
        self.demonstration = demonstration
        self.log = log
        self.again = again
        self.pictures = pictures

    @property
    def steps(self) -> tuple[ShownStep, ...]:
        """Without the first, which only opens the page."""
        return self.demonstration.steps[1:]

    @property
    def did(self) -> list[tuple[str, str]]:
        """What was done, to what or with what."""
        return [(step.action, step.value or name_of(step)) for step in self.steps]


def name_of(step: ShownStep) -> str:
    return step.shown.target.fingerprint.name if step.shown else ""


@pytest.fixture
def taught(school: School, pool: Pool, scripted_gate: Any, tmp_path: Path) -> Any:
    """Shows something on pages of the test's, records it, and does it again in another context."""

    async def teach(show: Show, pages: dict[str, str], *, dialogs: Any = None, upload: Path | None = None) -> Shown:
        school.pages = pages
        hosts = tuple(f"{host}.localhost:{school.port}" for host in ("shop", "pay"))
        async with lesson(pool, hosts, **({"dialogs": dialogs} if dialogs else {})) as begun:
            await begun.page.goto(school.url(), deadline=Deadline.after_ms(10_000))
            await begun.recorder.settled()
            await show(begun)
            await begun.at_rest()
            log = await log_of(begun.tab)
        shown = begun.recorder.demonstration("show it")
        skill = skill_of(shown, ("shop.localhost", "pay.localhost"), f"http://shop.localhost:{school.port}")
        if upload is not None:
            steps = [
                msgspec.structs.replace(one, value=str(upload)) if one.action == "upload" else one
                for one in skill.steps
            ]
            skill = msgspec.structs.replace(skill, steps=tuple(steps))
        logs: list[str] = []

        async def look(tab: PlaywrightPage) -> None:
            logs.append(await log_of(tab))

        result = await replayed(skill, pool, hosts, scripted_gate(), tmp_path / "files", look)
        assert result.error is None, (result.error, shown.steps)
        return Shown(shown, log, logs[0], begun.pictures)

    return teach


async def log_of(tab: PlaywrightPage) -> str:
    return await tab.inner_text("#log")


FORM = (
    LOG
    + """<title>Form</title>
<label>Name <input name="name"></label> <label for="mail">Mail</label> <input id="mail" type="email">
<label><input type="checkbox" name="news"> News</label>
<fieldset><legend>Size</legend><label><input type="radio" name="size" value="s"> Small</label>
<label><input type="radio" name="size" value="l"> Large</label></fieldset>
<label>Colour <select name="colour"><option value="r">Red</option><option value="g">Green</option></select></label>
<label>Pieces <input type="range" name="pieces" min="0" max="10" value="2"></label>
<label>Day <input type="date" name="day"></label> <label>At <input type="time" name="at"></label>
<button id="b" type="button">Twice</button>
<form id="f"><input name="q" aria-label="Search"><button>Find</button></form>
<div role="button" tabindex="0" id="custom" style="cursor: pointer"><b>Custom</b></div>
<script>
f.onsubmit = (event) => { event.preventDefault(); say("sent " + f.q.value); };
addEventListener("change", ({ target: { name, id, value, checked, type } }) => {
  say((name || id) + "=" + (type === "checkbox" ? checked : value));
});
b.addEventListener("dblclick", () => say("double"));
b.addEventListener("contextmenu", (event) => { event.preventDefault(); say("menu"); });
custom.addEventListener("click", () => say("custom"));
addEventListener("keydown", (event) => { if (event.key === "Escape") say("escaped"); });
</script>"""
)


async def test_a_form_is_recorded_and_filled_again(taught: Any) -> None:
    async def show(lesson: Lesson) -> None:
        tab = lesson.tab
        await tab.click("text=Name")
        await tab.keyboard.type("Ada")
        await tab.keyboard.press("Tab")
        await tab.keyboard.type("ada@mail.example")
        await tab.click("text=News")
        await tab.click("text=Large")
        await tab.focus("select")
        await tab.keyboard.press("G")
        await tab.focus("[name=pieces]")
        await tab.keyboard.press("ArrowRight")
        await tab.keyboard.press("ArrowRight")
        await tab.focus("[name=day]")
        await tab.keyboard.type("12242026")
        await tab.focus("[name=at]")
        await tab.keyboard.type("0730PM")
        await tab.click("#b", button="right")
        await tab.dblclick("#b")
        await tab.click("#custom b")
        await tab.click("[name=q]")
        await tab.keyboard.type("tea")
        await tab.keyboard.press("Enter")
        await tab.keyboard.press("Escape")

    shown = await taught(show, {"/": FORM})
    assert shown.did == [
        ("fill", "Ada"),
        ("fill", "ada@mail.example"),
        ("check", "News"),
        ("check", "Large"),
        ("select", "Green"),
        ("fill", "4"),
        ("fill", "2026-12-24"),
        ("fill", "19:30"),
        ("right_click", "Twice"),
        ("double_click", "Twice"),
        ("click", "Custom"),
        ("fill", "tea"),
        ("press", "Enter"),
        ("press", "Escape"),
    ]
    assert [option.text for option in shown.steps[4].shown.options] == ["Red", "Green"]
    assert [(option.value, option.text) for option in shown.steps[3].shown.options] == [("s", "Small"), ("l", "Large")]
    # Dates and numbers pass through others while they are typed.
    assert set(shown.again.split("; ")) <= set(shown.log.split("; "))
    assert shown.steps[0].shown.picture in shown.pictures
