"""Forno Pizza: from the menu to the order, paid at the door."""

from __future__ import annotations

from benchmarks.journeys.journey import Asked, Journey
from benchmarks.journeys.school import FACTS
from examples.demo.teacher import Teacher
from examples.town.town import Town


async def order(teacher: Teacher, town: Town) -> None:
    """From the menu to the order, and a look at what was ordered."""
    await teacher.go(town.addresses.pizza)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="Choose Pepperoni"), says="Choose Pepperoni")
    await teacher.click(page.get_by_label("Large").first, says="Large")
    await teacher.click(page.get_by_role("button", name="Add to cart"), says="Add to cart")
    await teacher.click(page.get_by_role("link", name="Checkout"), says="Checkout")
    await teacher.type(page.get_by_label("Name"), FACTS["name"])
    await teacher.type(page.get_by_label("Phone"), FACTS["phone"])
    await teacher.type(page.get_by_label("Address"), FACTS["address"])
    await teacher.click(page.get_by_role("button", name="Continue to review"), says="Continue to review")
    await teacher.click(page.get_by_role("button", name="Order and pay"), says="Order and pay")
    await teacher.pick("Read this back", page.get_by_text("is in the oven"))


JOURNEYS = (
    Journey(
        name="pizza",
        site="pizza",
        sentence="order a large pepperoni pizza",
        show=order,
        spoken=Asked(
            text="order a small margherita pizza",
            row={"site": "pizza", "size": "small", "kind": "margherita", "address": "Elm Street 5"},
            says="in the oven",
        ),
        redrawn=Asked(
            text="order a medium marinara pizza",
            row={"site": "pizza", "size": "medium", "kind": "marinara", "address": "Elm Street 5"},
        ),
    ),
)
