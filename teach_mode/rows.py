"""What a loop over the rows of a page goes over, and what is read as a list."""

from __future__ import annotations

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import BrowserError
from browser.page import Page
from teach_mode.errors import StepFailed
from teach_mode.skill import Loop, Step, Target
from teach_mode.templates import MOST_CHARS, one_line

# The most that a list may have.
MOST_LISTED = 200


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


async def list_of(page: Page, step: Step, target: Target, deadline: Deadline) -> tuple[str, ...]:
    """The text of each element that is found, perhaps of none: that the page is there, the step's `wait` has seen.
    Raises StepFailed when two say the same, or when there are too many to be a list."""
    try:
        found = await page.texts(target.locators, frame=target.fingerprint.frame, deadline=deadline)
    except BrowserError:
        return ()
    texts = tuple(one_line(text) for text in found)
    if len(set(texts)) < len(texts):
        twice = max(texts, key=texts.count)
        raise StepFailed(f"{step.id}: two are called {twice!r}, and nobody can tell them apart", step=step.id)
    if len(texts) > MOST_LISTED or any(len(text) > MOST_CHARS for text in texts):
        raise StepFailed(f"{step.id}: there are {len(texts)}, or they are too long to be a list", step=step.id)
    return tuple(filter(None, texts))
