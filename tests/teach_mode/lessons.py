"""A lesson for tests: pages on hosts of loopback, a person who uses a real mouse, and the replay of what was shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Page as PlaywrightPage
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from browser.context import TaskContext
from browser.deadline import Deadline
from browser.dialogs import DialogPolicy, dismiss
from browser.page import Page
from browser.pool import Pool
from examples.town import Town
from teach_mode.checks import check
from teach_mode.demonstration import Demonstration, ShownStep
from teach_mode.recorder import Recorder
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed, StepEvent
from teach_mode.skill import Entry, Origins, Skill
from teach_mode.uploads import Folder
from teach_mode.verbatim import steps_of

LOG = """<output id="log" aria-label="Log" style="position: fixed; bottom: 0"></output><script>
const log = document.getElementById("log");
function say(text) { log.textContent += text + "; "; }
addEventListener("message", (event) => say(event.data));
</script>"""


Look = Callable[[PlaywrightPage], Awaitable[None]]


class School(Town):
    """A server of pages; a path may be "host/path" for one host alone. A page "-> /path" leads there."""

    pages: dict[str, str]

    def app(self) -> Starlette:
        async def page(request: Request) -> Response:
            path = request.url.path
            html = self.pages.get(f"{request.url.hostname}{path}") or self.pages.get(path)
            if html is None:
                return Response(status_code=404)
            if html.startswith("-> "):
                return RedirectResponse(html.removeprefix("-> "))
            return HTMLResponse("<!doctype html><meta charset=utf-8>" + html.replace("{port}", str(self.port)))

        return Starlette(routes=[Route("/{path:path}", page)])

    def url(self, path: str = "/", host: str = "shop.localhost") -> str:
        return f"http://{host}:{self.port}{path}"


class Lesson:
    """One recording under way: the tab, the hand, and what was told so far."""

    def __init__(self, task: TaskContext, page: Page, recorder: Recorder, told: list[ShownStep]) -> None:
        self.task = task
        self.page = page
        self.recorder = recorder
        self.told = told
        self.pictures: dict[str, bytes] = {}

    @property
    def tab(self) -> PlaywrightPage:
        return self.page.playwright

    async def until(self, holds: Callable[[tuple[ShownStep, ...]], bool]) -> None:
        """Return when the steps are so."""
        async with asyncio.timeout(30):
            while not holds(self.recorder.steps):
                await self.page.playwright.evaluate("() => new Promise((done) => setTimeout(done, 20))")

    async def at_rest(self) -> None:
        """Return when the page has told all it will about the last step."""
        quiet = "() => new Promise((done) => setTimeout(done, 400))"
        for page in self.task.pages:
            await page.playwright.evaluate(quiet)
        await self.recorder.settled()

    async def click(self, selector: str, page: PlaywrightPage | None = None, **more: Any) -> None:
        """Click in the middle of an element, as a hand does, and wait until it was heard."""
        before = len(self.told)
        await (page or self.tab).locator(selector).click(**more)
        await self.until(lambda _: len(self.told) > before)


@asynccontextmanager
async def lesson(pool: Pool, hosts: tuple[str, ...], dialogs: DialogPolicy = dismiss) -> AsyncIterator[Lesson]:
    """A context in which a person is watched."""
    async with pool.context(navigate=hosts, dialogs=dialogs) as task:
        page = await task.new_page()
        told: list[ShownStep] = []
        pictures: dict[str, bytes] = {}
        recorder = Recorder(task, on_step=told.append, pictures=pictures.__setitem__, now=datetime.now)
        await recorder.start(page)
        begun = Lesson(task, page, recorder, told)
        begun.pictures = pictures
        yield begun
        await recorder.settled()
        await recorder.stop()


def skill_of(shown: Demonstration, hosts: tuple[str, ...], base: str) -> Skill:
    """The demonstration word for word, as a skill."""
    first, *steps = steps_of(shown)
    skill = Skill(
        format=1,
        name="shown",
        description="Do it again.",
        base=shown.base,
        origins=Origins(navigate=hosts),
        entry=Entry(url=first.value),
        steps=tuple(steps),
        utterances=("do it",),
    )
    check(skill)
    return skill.at(base)


async def replayed(skill: Skill, pool: Pool, hosts: tuple[str, ...], gate: Any, folder: Path, look: Look) -> Replayed:
    """Do the skill in a context of its own, and look at the page afterwards. What it uploads lies beside `folder`."""
    async with pool.context(navigate=hosts) as task:
        page = await task.new_page()
        replay = Replay(page, gate, open_page=task.new_page, folder=folder, files=Folder(folder.parent))
        result = await replay.run(skill, {}, Deadline.after_ms(30_000))
        await look(page.playwright)
        return result


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


async def log_of(tab: PlaywrightPage) -> str:
    return await tab.inner_text("#log")


Show = Callable[[Lesson], Awaitable[None]]


def short_from(step: str, ms: float) -> tuple[Deadline, Callable[[StepEvent], None]]:
    """A run's deadline, and who is to be told its steps: from the beginning of `step` on only `ms` are left. What comes
    before may take as long as it does on a busy machine."""
    deadline = Deadline.after_ms(60_000)

    def told(event: StepEvent) -> None:
        if (event.kind, event.step) == ("begun", step):
            msgspec.structs.force_setattr(deadline, "at_s", Deadline.after_ms(ms).at_s)

    return deadline, told
