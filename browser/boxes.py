"""Fields of one letter each, side by side, as sites take codes: they are typed into key by key."""

from __future__ import annotations

from playwright.async_api import Frame

from browser import eyes
from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.scripts import ENGINE_NAME

FEWEST, MOST = 4, 12
# A wider field is none of them, and its page is not asked.
WIDEST_PX = 220


async def count(at: Sighting, deadline: Deadline) -> int:
    """How many boxes a code has that is typed from this field on; 0: it is a field like any."""
    row = (await eyes.ask(at.frame, {"op": "boxes", "ref": at.ref}, deadline)).refs
    return len(row) if row and row[0] == at.ref else 0


async def fill(at: Sighting, value: str, deadline: Deadline) -> bool:
    """Type a code into the row that a field begins, a key a box. False, with nothing done: it begins no row as long as
    the code. Raises ElementMissing (the document was replaced), PlaywrightError."""
    narrow = at.seen.box is None or at.seen.box[2] <= WIDEST_PX
    if not (narrow and FEWEST <= len(value) <= MOST and value.isalnum()):
        return False
    row = (await eyes.ask(at.frame, {"op": "boxes", "ref": at.ref}, deadline)).refs
    if len(row) != len(value) or row[0] != at.ref:
        return False
    frame: Frame = at.frame
    for ref, letter in zip(row, value, strict=True):
        # By its number in this document: in another one that came meanwhile it is nothing.
        await frame.locator(f"{ENGINE_NAME}={ref}").press(letter, timeout=deadline.left_ms())
    return True
