"""Plants, baskets and deliveries. No I/O but the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import GardenRow, Ledger

MOST_OF_ONE = 12
DAYS_AHEAD = 60


class Plant(Struct, frozen=True):
    """`leaf` is the colour it is drawn in."""

    key: str
    title: str
    about: str
    price: Decimal
    leaf: str


class Basket(Struct):
    """What a session has chosen, by plant, and what it said about cookies. Mutable."""

    lines: dict[str, int] = {}
    consent: str = ""


class Order(Struct, frozen=True):
    number: str
    lines: dict[str, int]
    name: str
    delivery: date
    total: Decimal


PLANTS = {
    plant.key: plant
    for plant in (
        Plant("basil", "Basil", "For the windowsill", Decimal("3.20"), "#4f9a4a"),
        Plant("lavender", "Lavender", "Bees come with it", Decimal("5.80"), "#8a76c9"),
        Plant("tomato", "Tomato", "A bush, not a tree", Decimal("4.50"), "#c9432f"),
        Plant("fern", "Fern", "Happy in the dark", Decimal("8.90"), "#2f7d4f"),
        Plant("olive", "Olive tree", "Small, and patient", Decimal("34.00"), "#8a9a6a"),
        Plant("fig", "Fig tree", "Fruit in the third year", Decimal("42.00"), "#5a8a4a"),
        Plant("mint", "Mint", "Keep it in a pot", Decimal("2.90"), "#5fb98a"),
        Plant("rose", "Rose", "Climbs what you give it", Decimal("14.50"), "#d1577a"),
    )
}


class Nursery:
    """The shop's state."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        self.baskets: dict[str, Basket] = {}
        self.orders: list[Order] = []

    def basket(self, session: str) -> Basket:
        return self.baskets.setdefault(session, Basket())

    def total(self, lines: Mapping[str, int]) -> Decimal:
        return sum((PLANTS[key].price * count for key, count in lines.items()), Decimal("0.00"))

    def add(self, session: str, key: str, quantity: str) -> str:
        """Puts plants into the basket. What stands in the way is said; else nothing."""
        if key not in PLANTS:
            return "We do not grow that."
        lines = self.basket(session).lines
        if not quantity.isdigit() or not 1 <= int(quantity) + lines.get(key, 0) <= MOST_OF_ONE or quantity == "0":
            return f"Please take between 1 and {MOST_OF_ONE} of one plant."
        lines[key] = lines.get(key, 0) + int(quantity)
        return ""

    def order(self, session: str, form: Mapping[str, str]) -> tuple[Order | None, dict[str, str]]:
        """Order what is in the basket: it stands in the ledger when this returns. Or errors by field."""
        errors: dict[str, str] = {}
        lines = dict(self.basket(session).lines)
        if not lines:
            errors["basket"] = "Your basket is empty."
        if not form.get("name"):
            errors["name"] = "Please tell us your name."
        today = self.now().date()
        try:
            delivery = date.fromisoformat(form.get("delivery", ""))
        except ValueError:
            delivery = today
            errors["delivery"] = "Please choose a day."
        else:
            if not today < delivery <= today + timedelta(days=DAYS_AHEAD) or delivery.weekday() == 6:
                errors["delivery"] = "We cannot come on that day."
        if errors:
            return None, errors
        order = Order(f"G-{401 + len(self.orders)}", lines, form["name"], delivery, self.total(lines))
        self._ledger.write(
            *(
                GardenRow(
                    number=order.number,
                    plant=PLANTS[key].title,
                    quantity=count,
                    delivery=delivery.isoformat(),
                    name=order.name,
                    total=f"{order.total:.2f}",
                    at=self.now().isoformat(timespec="seconds"),
                )
                for key, count in lines.items()
            )
        )
        self.orders.append(order)
        self.basket(session).lines.clear()
        return order, {}
