"""Acts on an element, through Playwright's public locators: each waits until the element can take it."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.async_api import FilePayload, Frame
from playwright.async_api import Locator as PlaywrightLocator

from browser import boxes, eyes
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout
from browser.faults import translated
from browser.scripts import ENGINE_NAME

Button = Literal["left", "middle", "right"]


def _named(at: Sighting) -> str:
    seen = at.seen
    return f"{seen.role or seen.tag} {seen.name or seen.label or seen.text[:40]!r}"


def _target(at: Sighting) -> PlaywrightLocator:
    frame: Frame = at.frame
    return frame.locator(f"{ENGINE_NAME}={at.ref}")


def _clickable(at: Sighting) -> PlaywrightLocator:
    return _target(at) if at.visible else at.frame.locator(f"{ENGINE_NAME}=label:{at.ref}")


async def click(at: Sighting, count: int, deadline: Deadline, *, button: Button = "left", follow: bool) -> None:
    """Click `count` times; `follow` returns only when the page that it leads to has begun to come."""
    with translated(f"click on {_named(at)}"):
        no_wait = None if follow else True  # None leaves Playwright its own default
        await _clickable(at).click(
            button=button,
            click_count=count,
            timeout=deadline.left_ms(),
            no_wait_after=no_wait,
        )


async def ready(at: Sighting, deadline: Deadline) -> None:
    """Wait until a click would land on it.

    The pointer is what is tried: of a click on trial a page's first listeners would still see the events.
    """
    with translated(f"get to {_named(at)}"):
        while True:
            await _clickable(at).hover(trial=True, timeout=deadline.left_ms())
            if await _target(at).is_enabled(timeout=deadline.left_ms()):
                return
            if deadline.passed:
                raise ActionTimeout(f"{_named(at)} cannot be pressed; wait longer, or see what the page asks for")
            await eyes.changed(at.frame, deadline)


async def fill(at: Sighting, value: str, deadline: Deadline) -> None:
    """Replace a field's value."""
    with translated(f"fill {_named(at)}"):
        if not await boxes.fill(at, value, deadline):
            await _target(at).fill(value, timeout=deadline.left_ms())


async def select(at: Sighting, value: str, deadline: Deadline) -> None:
    """Choose an option by its label or value; several, in lines of their own, of a list that takes them. In such a list
    nothing else stays chosen."""
    several = value.splitlines() if "\n" in value or (not value and at.seen.role == "listbox") else value
    with translated(f"select in {_named(at)}"):
        await _target(at).select_option(several, timeout=deadline.left_ms())


async def check(at: Sighting, on: bool, deadline: Deadline) -> None:
    """Set a checkbox, switch or radio button; a hidden one through its label."""
    with translated(f"{'check' if on else 'uncheck'} {_named(at)}"):
        if at.visible:
            await _target(at).set_checked(on, timeout=deadline.left_ms())
        elif at.checked != on:
            await _clickable(at).click(timeout=deadline.left_ms())


async def press(at: Sighting, key: str, deadline: Deadline) -> None:
    """Press a key or chord on the element."""
    with translated(f"press {key} on {_named(at)}"):
        await _target(at).press(key, timeout=deadline.left_ms())


async def hover(at: Sighting, deadline: Deadline) -> None:
    """Put the pointer over the element."""
    with translated(f"hover over {_named(at)}"):
        await _target(at).hover(timeout=deadline.left_ms())


async def drag(at: Sighting, to: Sighting, deadline: Deadline) -> None:
    """Drag one element onto another."""
    with translated(f"drag {_named(at)} to {_named(to)}"):
        await _target(at).drag_to(_target(to), timeout=deadline.left_ms())


async def upload(at: Sighting, files: Sequence[Path], deadline: Deadline) -> None:
    """Give a file field the files' bytes: Chromium's own user may not read them where they are."""
    payloads: list[FilePayload] = []
    for file in files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        payloads.append({"name": file.name, "mimeType": kind, "buffer": await asyncio.to_thread(file.read_bytes)})
    with translated(f"upload to {_named(at)}"):
        await _target(at).set_input_files(payloads, timeout=deadline.left_ms())
