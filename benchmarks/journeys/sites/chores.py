"""Chores, a single page that is drawn in the browser: one is added, another found and finished."""

from __future__ import annotations

from typing import Any

from benchmarks.journeys.journey import Asked, Journey
from examples.demo.teacher import Teacher
from examples.town.town import Town


async def add(teacher: Teacher, town: Town) -> None:
    """A new chore, and a look at it."""
    await teacher.go(town.addresses.chores)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="New chore"), says="New chore")
    await teacher.type(page.get_by_label("What is to be done?"), "feed the ducks")
    await teacher.click(page.get_by_role("button", name="Add chore"), says="Add chore")
    await page.get_by_role("button", name="Mark as done").wait_for()
    await teacher.pick("Read this back", page.get_by_role("heading", name="feed the ducks"))


async def finish(teacher: Teacher, town: Town) -> None:
    """A chore of four hundred is found and marked as done."""
    await teacher.go(town.addresses.chores)
    page = teacher.remote
    await teacher.type(page.get_by_label("Search chores"), "Return the piano")
    await teacher.click(page.get_by_role("link", name="Return the piano").first, says="Return the piano")
    await teacher.click(page.get_by_role("button", name="Mark as done"), says="Mark as done")
    await teacher.pick("Wait for this", page.get_by_role("button", name="Open again"))
    await teacher.pick("Read this back", page.get_by_text("Done", exact=True))


def titled(title: str, what: str) -> dict[str, Any]:
    """A row of the ledger, in any case."""
    return {"site": "chores", "what": what, "title": lambda text: text.lower() == title.lower()}


JOURNEYS = (
    Journey(
        name="chores-add",
        site="chores",
        sentence="create a task to feed the ducks",
        show=add,
        spoken=Asked(
            text="create a task to call the doctor", row=titled("Call the doctor", "added"), says="call the doctor"
        ),
        redrawn=Asked(text="create a task to open the windows", row=titled("Open the windows", "added")),
    ),
    Journey(
        name="chores-finish",
        site="chores",
        sentence="complete the task return the piano",
        show=finish,
        spoken=Asked(
            text="complete the task sweep the piano",
            row=titled("Sweep the piano", "done"),
            says="done",
            typed=True,
        ),
        redrawn=Asked(text="complete the task water the piano", row=titled("Water the piano", "done"), typed=True),
    ),
)
