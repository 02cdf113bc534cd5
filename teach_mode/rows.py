"""What a loop over the rows of a page goes over."""

from __future__ import annotations

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.page import Page
from teach_mode.errors import StepFailed
from teach_mode.skill import Loop
from teach_mode.templates import one_line


async def rows_of(page: Page, loop: Loop, deadline: Deadline) -> tuple[str, ...]:
    """What the rows are called, once there are any. Raises StepFailed when there are none, too many, or two of one
    name: nobody could tell which is meant."""
    try:
        await page.wait_for(Condition(visible=loop.rows, frame=loop.frame), deadline=deadline)
        rows = tuple(one_line(text) for text in await page.texts(loop.rows, frame=loop.frame, deadline=deadline))
    except BrowserError:
        rows = ()
    wrong = ""
    if not rows or "" in rows:
        wrong = "the rows that were taught are not on the page"
    elif len(set(rows)) < len(rows):
        wrong = f"two rows are called {max(rows, key=rows.count)!r}, and nobody can tell them apart"
    elif len(rows) > loop.most:
        wrong = f"there are {len(rows)} rows, and the skill does {loop.most} at the most"
    if wrong:
        raise StepFailed(f"{loop.first}: {wrong}; nothing was done to any of them", step=loop.first)
    return rows
