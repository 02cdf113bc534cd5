"""Bistro Lune: a table for some people, on a day of the calendar, at a time."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.moments import in_days, spoken
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town


async def book(teacher: Teacher, town: Town) -> None:
    """A table for tomorrow, and a look at the booking."""
    tomorrow = in_days(1)
    await teacher.go(town.addresses.bistro)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="Book a table").first, says="Book a table")
    await teacher.choose(page.get_by_label("People"), "4 people")
    if tomorrow.day == 1:
        await teacher.click(page.get_by_role("button", name="Next month"), says="Next month")
    await teacher.click(
        page.get_by_role("button", name=f"{tomorrow:%A} {tomorrow.day} {tomorrow:%B %Y}"),
        says=f"{tomorrow.day} {tomorrow:%B}",
    )
    await teacher.click(page.get_by_role("button", name="19:00"), says="19:00")
    await teacher.type(page.get_by_label("Name"), FACTS["name"])
    await teacher.type(page.get_by_label("Phone"), FACTS["phone"])
    await teacher.click(page.get_by_role("button", name="Continue"), says="Continue")
    await teacher.click(page.get_by_role("button", name="Confirm booking"), says="Confirm booking")
    await teacher.pick("Read this back", page.get_by_role("heading", name="See you soon"))


JOURNEYS = (
    Journey(
        name="bistro",
        site="bistro",
        sentence="book a table for four tomorrow at seven in the evening",
        show=book,
        spoken=Asked(
            text=f"book a table for two on {spoken(3)} at eight in the evening",
            row={"site": "bistro", "people": 2, "when": lambda when: when == f"{in_days(3)}T20:00"},
            says="see you soon",
        ),
        redrawn=Asked(
            text=f"book a table for three on {spoken(10)} at half past seven in the evening",
            row={"site": "bistro", "people": 3, "when": lambda when: when == f"{in_days(10)}T19:30"},
        ),
    ),
)
