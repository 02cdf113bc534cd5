"""What was done on a page, as its own document tells it: the same of a person and of a replay that did the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError

from browser.context import TaskContext
from browser.page import Page

Trace = list[tuple[str, str, str]]
"""(click | check | value, place, value)"""

MOST_PAGES = 5
WATCH = (Path(__file__).parent / "watch.js").read_text()


class Watcher:
    """Keeps what is done in a context's pages."""

    def __init__(self) -> None:
        self._told = "[]"

    async def start(self, task: TaskContext) -> None:
        """From now on."""
        await task.playwright.expose_binding("leveretWatch", self._tell)
        await task.playwright.add_init_script(WATCH)

    def _tell(self, source: Any, told: str) -> None:
        self._told = max(self._told, told, key=len)

    async def seen(self, page: Page) -> Trace:
        """What was done in this tab since it opened. A page that is about to be another one is waited for."""
        for _ in range(MOST_PAGES):
            try:
                await page.playwright.wait_for_load_state()
                stored: str = await page.playwright.evaluate("() => sessionStorage.getItem('watched') || '[]'")
                break
            except PlaywrightError as error:
                left = error
        else:
            raise left
        return [(kind, place, value) for kind, place, value in json.loads(max(stored, self._told, key=len))]


def settled(trace: Trace) -> Trace:
    """Typing as its last state, and nothing twice that the browser tells twice."""
    kept: Trace = []
    for kind, place, value in trace:
        if kind != "click" and kept and kept[-1][:2] == (kind, place):
            kept[-1] = (kind, place, value)
        else:
            kept.append((kind, place, value))
    return kept


def marked(trace: Trace) -> set[tuple[str, str]]:
    """What was chosen and typed on a page of the town, by the meaning of its elements."""
    told = {(place, value if kind == "value" else "") for kind, place, value in trace if place.startswith("truth:")}
    return {(place, value) for place, value in told if value or place.count(":") > 1}
