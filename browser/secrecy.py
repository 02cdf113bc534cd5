"""Typing what nobody may see: into the very element that was checked, masked before its first letter."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from playwright.async_api import Frame

from browser import boxes, eyes, judging
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import ActionTimeout, ElementChanged, ElementMissing
from browser.faults import translated
from browser.fingerprint import Fingerprint
from browser.scripts import ENGINE_NAME

# The field right before it is filled is the one that was found a moment ago.
THE_SAME = 0.9
# A shorter text is sought where it stands alone, and not within other words.
WHOLE_CHARS = 6
LOOK_MS = 2_000
# What a picture shows of fields for codes and cards; those for passwords show dots by themselves.
MASK = """
input[autocomplete~="one-time-code"], input[autocomplete~="cc-number"], input[autocomplete~="cc-csc"],
input[autocomplete*="cc-exp"] { -webkit-text-fill-color: transparent !important; text-shadow: none !important; }
"""

Check = Callable[["Field"], None]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field just now. `origins`: of its own document, then of the documents around it up to the tab's. `boxes`: how
    many fields of one letter each it begins."""

    seen: Fingerprint
    origins: tuple[str, ...]
    boxes: int = 0


async def look(at: Sighting, deadline: Deadline) -> Field:
    """The field as it is now. Raises ElementMissing, ElementChanged (it is another one now, or hidden), PageGone."""
    reply = await eyes.ask(at.frame, eyes.looking(at.ref, ()), deadline)
    fresh = judging.best(reply, at.frame, at.seen)
    if fresh is None:
        raise ElementMissing("the field left the page; find it again")
    if fresh.similarity < THE_SAME or not fresh.visible:
        raise ElementChanged(judging.changed_text(fresh, THE_SAME))
    origins = [fresh.origin]
    around: Frame | None = at.frame.parent_frame
    while around is not None:
        origins.append((await eyes.ask(around, eyes.reading(()), deadline)).origin)
        around = around.parent_frame
    return Field(seen=fresh.seen, origins=tuple(origins), boxes=await boxes.count(at, deadline))


async def fill(at: Sighting, value: str, check: Check, deadline: Deadline) -> None:
    """Fill the field once `check`, which may raise, has passed what it is now.

    The element is held while it is checked: a document that comes in its place in the meantime gets nothing.
    """
    with translated("hold the field"):
        handle = await at.frame.locator(f"{ENGINE_NAME}={at.ref}").element_handle(timeout=deadline.left_ms())
    try:
        check(await look(at, deadline))
        await eyes.ask(at.frame, {"op": "mask", "ref": at.ref}, deadline)
        with translated("fill the field"):
            if not await boxes.fill(at, value, deadline):
                await handle.fill(value, timeout=deadline.left_ms())
    finally:
        with translated("let the field go"):
            await handle.dispose()


async def is_filled(at: Sighting) -> bool:
    """Whether the field is there still, with something in it."""
    try:
        return (await eyes.ask(at.frame, {"op": "filled", "ref": at.ref}, Deadline.after_ms(LOOK_MS))).holds
    except ElementMissing:
        return False
    except ActionTimeout:
        return True  # It did not say.


async def shows(frame: Frame, text: str) -> bool:
    """Whether a text stands in a frame, outside of masked fields."""
    try:
        asked = {"op": "shows", "text": text, "alone": len(text) < WHOLE_CHARS}
        return (await eyes.ask(frame, asked, Deadline.after_ms(LOOK_MS))).holds
    except ElementMissing:
        return True  # Another document is coming: look again.
    except ActionTimeout:
        return True
