"""Hop: from here to there at a time, by one of their cars, at a price that holds for a minute."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.moments import in_days, spoken
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town


async def book(teacher: Teacher, town: Town) -> None:
    """Two places of the lists, a moment, a car."""
    await teacher.go(town.addresses.rides)
    page = teacher.remote
    for label, place in (("Pick-up", "Market Hall"), ("Drop-off", "Central Station")):
        await teacher.type(page.get_by_label(label).first, place)
        await teacher.click(page.get_by_role("option", name=place), says=place)
    await teacher.set_moment(page.get_by_label("When"), f"{in_days(1)}T09:00")
    await teacher.click(page.get_by_role("button", name="See prices"), says="See prices")
    await teacher.click(page.get_by_role("link", name="Hop Electric"), says="Hop Electric")
    await teacher.type(page.get_by_label("Phone"), FACTS["phone"])
    await teacher.click(page.get_by_role("button", name="Book ride"), says="Book ride")
    await teacher.pick("Read this back", page.get_by_role("heading", name="Your car is coming"))


JOURNEYS = (
    Journey(
        name="rides",
        site="rides",
        sentence="book a hop electric from market hall to central station tomorrow at nine in the morning",
        show=book,
        spoken=Asked(
            text=f"book a hop large from the airport to the town library on {spoken(3)} at ten in the morning",
            row={
                "site": "rides",
                "pick_up": "Airport",
                "drop_off": "Town Library",
                "car": "Hop Large",
                "when": lambda when: when == f"{in_days(3)}T10:00",
            },
            says="your car is coming",
        ),
        redrawn=Asked(
            text=f"book a hop electric from the airport to the university on {spoken(4)} at ten in the morning",
            row={
                "site": "rides",
                "pick_up": "Airport",
                "drop_off": "University",
                "car": "Hop Electric",
                "when": lambda when: when == f"{in_days(4)}T10:00",
            },
        ),
    ),
)
