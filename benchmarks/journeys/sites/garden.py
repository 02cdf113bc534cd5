"""Green Corner: some plants for a day, in elements with shadow roots."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.moments import days_to, in_days, spoken
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town

SHOWN, ASKED, LATER = days_to(3), days_to(10), days_to(17)


async def order(teacher: Teacher, town: Town) -> None:
    """Puts the cookie notice aside, chooses plants, and turns the calendar to the day."""
    day = in_days(SHOWN)
    await teacher.go(town.addresses.garden)
    page = teacher.remote
    await teacher.click(page.get_by_role("button", name="Only what is needed"), says="Only what is needed")
    await teacher.type(page.get_by_label("How many Lavender"), "3", anew=True)
    await teacher.click(page.get_by_role("button", name="Add Lavender"), says="Add Lavender")
    await teacher.type(page.get_by_label("Name"), FACTS["name"])
    if in_days(1).month != day.month:
        await teacher.click(page.get_by_role("button", name="Next month"), says="Next month")
    named = f"{day:%A} {day.day} {day:%B %Y}"
    await teacher.click(page.get_by_role("button", name=named), says=named)
    await teacher.click(page.get_by_role("button", name="Order plants"), says="Order plants")
    await teacher.pick("Read this back", page.get_by_test_id("number"))


JOURNEYS = (
    Journey(
        name="garden",
        site="garden",
        sentence=f"order three lavender for {spoken(SHOWN)}",
        show=order,
        spoken=Asked(
            text=f"order two tomato for {spoken(ASKED)}",
            row={
                "site": "garden",
                "plant": "Tomato",
                "quantity": 2,
                "delivery": in_days(ASKED).isoformat(),
                "name": FACTS["name"],
            },
            says="G-",
        ),
        redrawn=Asked(
            text=f"order four mint for {spoken(LATER)}",
            row={"site": "garden", "plant": "Mint", "quantity": 4, "delivery": in_days(LATER).isoformat()},
        ),
    ),
)
