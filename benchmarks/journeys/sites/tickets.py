"""Lumen Tickets: what is on, by genre and order; and a seat of the map in a frame, paid by card."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town

# A card that no bank gave out.
CARD = {"Card number": "4242424242424242", "Expires": "04/29", "CVC": "123"}


async def look(teacher: Teacher, town: Town) -> None:
    """Filters and sorts, and has the first event read."""
    await teacher.go(town.addresses.tickets)
    page = teacher.remote
    await teacher.choose(page.get_by_label("Genre"), "Talk")
    await teacher.choose(page.get_by_label("Sort by"), "Price")
    await teacher.click(page.get_by_role("button", name="Show events"), says="Show events")
    await teacher.pick("Read this back", page.locator(".show h2").first)


async def buy(teacher: Teacher, town: Town) -> None:
    """Searches, takes a seat on the map, pays."""
    await teacher.go(town.addresses.tickets)
    page = teacher.remote
    await teacher.type(page.get_by_label("Search"), "The Bees")
    await teacher.press("Enter", says="Enter")
    await teacher.click(page.get_by_role("link", name="Seats for The Bees"), says="Seats for The Bees")
    seat = page.frame_locator("iframe").get_by_role("button", name="Row C, seat 5")
    await teacher.click(seat, says="Row C, seat 5")
    await page.get_by_text("C5", exact=True).wait_for()
    await teacher.click(page.get_by_role("link", name="Continue"), says="Continue")
    await teacher.type(page.get_by_label("Name"), FACTS["name"])
    await teacher.type(page.get_by_label("Email"), FACTS["email"])
    for label, text in CARD.items():
        await teacher.type(page.get_by_label(label), text, says=label)
    await teacher.click(page.get_by_role("button", name="Review order"), says="Review order")
    await teacher.click(page.get_by_role("button", name="Pay"), says="Pay")
    await teacher.pick("Read this back", page.get_by_text("is paid"))
    for label, text in CARD.items():
        await teacher.keep(label, f"card_{label.split()[-1].lower()}", text)


JOURNEYS = (
    Journey(
        name="tickets-look",
        site="tickets",
        sentence="show me talks sorted by price",
        show=look,
        spoken=Asked(text="show me concerts sorted by title", says="Brass on the Roof"),
        redrawn=Asked(text="show me films sorted by title", says="The Lake in Winter"),
    ),
    Journey(
        name="tickets-buy",
        site="tickets",
        sentence="buy a ticket for the bees, row c, seat 5",
        show=buy,
        spoken=Asked(
            text="buy a ticket for midnight swing, row c, seat 9",
            typed=True,
            row={"event": "Midnight Swing", "seats": ["C9"], "card": "4242"},
            says="is paid",
        ),
        redrawn=Asked(
            text="buy a ticket for brass on the roof, row c, seat 6",
            typed=True,
            row={"event": "Brass on the Roof", "seats": ["C6"], "card": "4242"},
        ),
    ),
)
