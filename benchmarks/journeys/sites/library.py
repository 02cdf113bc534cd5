"""The Town Library's catalogue of 1999: fields that nothing labels, in tables within tables."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from examples.demo.teacher import Teacher
from examples.town.town import Town

CARD = "L-4471"


async def reserve(teacher: Teacher, town: Town) -> None:
    """Searches by the title, and reserves the book at a branch."""
    await teacher.go(town.addresses.library)
    page = teacher.remote
    await teacher.type(page.locator("[name=W1]"), "Midnight Ferry")
    await teacher.click(page.get_by_role("button", name="Search"), says="Search")
    await teacher.click(page.get_by_role("link", name="Midnight Ferry"), says="Midnight Ferry")
    await teacher.type(page.locator("[name=CRDNO]"), CARD)
    await teacher.choose(page.locator("[name=BR]"), "Station")
    await teacher.click(page.get_by_role("button", name="Reserve"), says="Reserve")
    await teacher.pick("Read this back", page.get_by_text("Collect at:"))


JOURNEYS = (
    Journey(
        name="library",
        site="library",
        sentence="reserve midnight ferry at the station",
        show=reserve,
        spoken=Asked(
            text="reserve soup for every weather at the harbour",
            row={"site": "library", "book": "Soup for Every Weather", "branch": "Harbour", "card": CARD},
            says="Soup for Every Weather",
            typed=True,
        ),
        redrawn=Asked(
            text="reserve the railway comes at the harbour",
            row={"site": "library", "book": "The Railway Comes", "branch": "Harbour", "card": CARD},
            typed=True,
        ),
    ),
)
