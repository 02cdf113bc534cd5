"""What a person teaches in the town, on the canvas of the studio, and what is asked for afterwards.

Each demonstration is made on the first release of its site; what is asked for then has other values.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from examples.demo.teacher import Teacher
from examples.town.town import Addresses

Show = Callable[[Teacher, Addresses], Awaitable[None]]


class Taught(Struct, frozen=True, kw_only=True):
    """A task: what is said when it is shown, and how; what is asked for later, and what the ledger then says."""

    site: str
    sentence: str
    show: Show
    asked: str
    done: dict[str, Any]


async def order_pizza(teacher: Teacher, town: Addresses) -> None:
    """From the menu to the order, and a look at what was ordered."""
    await teacher.go(town.pizza)
    page = teacher.remote
    await teacher.click(page.get_by_role("link", name="Choose Pepperoni"), says="Choose Pepperoni")
    await teacher.click(page.get_by_label("Large").first, says="Large")
    await teacher.click(page.get_by_role("button", name="Add to cart"), says="Add to cart")
    await teacher.click(page.get_by_role("link", name="Checkout"), says="Checkout")
    await teacher.type(page.get_by_label("Name"), "Leveret Owner")
    await teacher.type(page.get_by_label("Phone"), "555 0100")
    await teacher.type(page.get_by_label("Address"), "Elm Street 5")
    await teacher.click(page.get_by_role("button", name="Continue to review"), says="Continue to review")
    await teacher.click(page.get_by_role("button", name="Order and pay"), says="Order and pay")
    await teacher.pick("Read this back", page.get_by_text("is in the oven"))


PIZZA = Taught(
    site="pizza",
    sentence="order a large pepperoni pizza",
    show=order_pizza,
    asked="order a small margherita pizza",
    done={"size": "small", "kind": "margherita", "address": "Elm Street 5"},
)
TAUGHT = (PIZZA,)
