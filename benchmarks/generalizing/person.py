"""A scripted person: does a task's steps with real mouse and keys in a real Chromium, while the recorder looks on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime
from typing import Any

from playwright.async_api import Locator
from playwright.async_api import Page as PlaywrightPage

from benchmarks.generalizing.ground import MONDAY
from benchmarks.generalizing.key import Meant, Task
from browser.context import TaskContext
from browser.page import Page
from teach_mode.demonstration import Demonstration
from teach_mode.recorder import Recorder
from teach_mode.templates import render

# A person looks at what came of an act before the next one.
PAUSE_S = 0.3
ACT_MS = 8_000
MOST_TURNS = 24


class Person:
    """Does tasks on one page. Without a recorder she only does them."""

    def __init__(self, page: Page, recorder: Recorder | None = None) -> None:
        self._facade = page
        self._page: PlaywrightPage = page.playwright
        self._recorder = recorder
        self.made: dict[int, list[str]] = {}

    async def do(self, task: Task, values: Sequence[Meant]) -> None:
        """All steps of the task with these values. `made` holds what the recorder made of each."""
        meant: dict[str, Any] = {f"p{number}": value for number, value in enumerate(values, 1)}
        steps = list(enumerate(task.steps, 1))
        self.made = {number: [] for number, _ in steps}
        while steps:
            number, (action, *rest) = steps.pop(0)
            if not action.startswith("rounds"):
                await self._counted(number, action, rest, meant)
                continue
            block, steps = steps[: int(rest[0])], steps[int(rest[0]) :]
            for item in await self._items(action, rest, meant):
                for number, (inner, *more) in block:
                    await self._counted(number, inner, more, meant | {"item": item})
        if not self._page.is_closed():
            await self._page.wait_for_load_state("networkidle")

    async def _counted(self, number: int, action: str, rest: list[str], meant: dict[str, Any]) -> None:
        known = self._known()
        await self._step(action, rest, meant)
        self.made[number] += [one for one in self._known() if one not in known]

    async def _items(self, action: str, rest: list[str], meant: dict[str, Any]) -> list[str]:
        """What rounds go over: a parameter's values, or what is on the page now."""
        if ":" in action:
            return list(meant[action.partition(":")[2]])
        rows = self._page.locator(rest[1])
        await rows.first.wait_for(timeout=ACT_MS)
        return [text.strip() for text in await rows.all_inner_texts()]

    def _known(self) -> list[str]:
        return [step.id for step in self._recorder.steps] if self._recorder else []

    async def _step(self, action: str, rest: list[str], meant: dict[str, Any]) -> None:
        if action.startswith("if:"):
            if meant[action[3:]]:
                await self._step(rest[0], rest[1:], meant)
        elif action.startswith("each:"):
            for item in meant[action[5:]]:
                await self._step(rest[0], rest[1:], meant | {"item": item})
        else:
            await self._act(action, [render(text, meant) for text in rest])

    async def _act(self, action: str, rest: list[str]) -> None:
        if action == "until":
            for _ in range(MOST_TURNS):
                if await self._page.locator(rest[1]).first.is_visible():
                    break
                await self._page.locator(rest[0]).first.click(timeout=ACT_MS)
                await self._pause()
            return
        target = self._page.locator(rest[0]).first
        match action:
            case "click":
                await target.click(timeout=ACT_MS)
            case "fill":
                await self._type(target, rest[1])
            case "select":
                async with self._vouching():
                    await target.select_option(rest[1], timeout=ACT_MS)
            case _:
                raise SystemExit(f"nobody knows how to {action}")
        await self._pause()

    async def _type(self, target: Locator, text: str) -> None:
        if await target.get_attribute("type") == "date":
            await target.focus(timeout=ACT_MS)
            text = date.fromisoformat(text).strftime("%m%d%Y")
        else:
            await target.click(timeout=ACT_MS)
        await self._page.keyboard.type(text)

    def _vouching(self) -> AbstractAsyncContextManager[None]:
        return self._recorder.vouching(self._facade) if self._recorder else nullcontext()

    async def _pause(self) -> None:
        await asyncio.sleep(PAUSE_S)
        if not self._page.is_closed():
            await self._page.wait_for_load_state()
        if self._recorder is not None:
            await self._recorder.settled()


async def show(
    context: TaskContext, address: str, task: Task, sentence: str, values: Sequence[Meant]
) -> tuple[Demonstration, dict[int, list[str]], Page]:
    """One demonstration from the page at `address`, what the recorder made of each step of the script, and the page."""
    page = await context.new_page()
    recorder = Recorder(context, on_step=lambda _: None, pictures=lambda *_: None, now=_now)
    await recorder.start(page)
    await page.playwright.goto(address)
    person = Person(page, recorder)
    await person._pause()
    await person.do(task, values)
    await recorder.settled()
    shown = recorder.demonstration(sentence)
    await recorder.stop()
    return shown, person.made, page


def _now() -> datetime:
    return MONDAY
