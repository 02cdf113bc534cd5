"""Carts, orders and the rules of the pizza shop. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import Ledger, PizzaRow
from examples.town.pizza.menu import KINDS, SIZES, TOPPINGS

MOST_OF_ONE = 9
PAYMENTS = {"card": "Card at the door", "cash": "Cash at the door", "tab": "On my tab"}


class Line(Struct, frozen=True):
    """One line of a cart, by keys of the menu."""

    kind: str
    size: str
    toppings: tuple[str, ...]
    quantity: int


class Details(Struct, frozen=True):
    """Who gets it, where, and how it is paid."""

    name: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    payment: str = "card"


class Order(Struct, frozen=True):
    number: str
    lines: tuple[Line, ...]
    details: Details
    total: Decimal
    at: datetime


class Visit(Struct):
    """What the shop remembers of one cookie: the cart, and the details given so far. Mutable."""

    lines: list[Line]
    details: Details | None = None
    notice: str = ""


def just_digits(phone: str) -> str:
    """A telephone number without spaces, dashes and brackets."""
    return re.sub(r"\D", "", phone)


class Shop:
    """The shop's state. `prices_up_by` raises every price, `sold_out` names kinds that cannot be had."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self.orders: list[Order] = []
        self.visits: dict[str, Visit] = {}
        self.sold_out: set[str] = set()
        self.prices_up_by = Decimal("0.00")

    def visit(self, session: str) -> Visit:
        """The visit of this cookie, begun if new."""
        return self.visits.setdefault(session, Visit([]))

    def price(self, line: Line) -> Decimal:
        """Price of one pizza of the line, without its quantity."""
        toppings = sum((TOPPINGS[key].price for key in line.toppings), Decimal("0.00"))
        return KINDS[line.kind].price + SIZES[line.size].extra + toppings + self.prices_up_by

    def total(self, lines: list[Line] | tuple[Line, ...]) -> Decimal:
        """Sum over the lines; delivery is free."""
        return sum((self.price(line) * line.quantity for line in lines), Decimal("0.00"))

    def read_line(self, kind: str, size: str, toppings: list[str], quantity: str) -> tuple[Line | None, dict[str, str]]:
        """A line from a submitted form, or errors by field."""
        errors: dict[str, str] = {}
        if kind in self.sold_out:
            errors["kind"] = f"{KINDS[kind].title} is sold out today."
        if size not in SIZES:
            errors["size"] = "Please choose a size."
        unknown = [key for key in toppings if key not in TOPPINGS]
        if unknown:
            errors["toppings"] = f"We have no topping called {unknown[0]}."
        if not quantity.isdigit() or not 1 <= int(quantity) <= MOST_OF_ONE:
            errors["quantity"] = f"Please choose between 1 and {MOST_OF_ONE}."
        if errors:
            return None, errors
        return Line(kind, size, tuple(toppings), int(quantity)), {}

    def read_details(self, form: Mapping[str, str]) -> tuple[Details, dict[str, str]]:
        """Delivery details from a submitted form, and errors by field."""
        fields = {name: form.get(name, "").strip()[:200] for name in ("name", "phone", "address", "note", "payment")}
        details = Details(**fields)
        errors: dict[str, str] = {}
        if not details.name:
            errors["name"] = "Please tell us your name."
        if len(just_digits(details.phone)) < 6:
            errors["phone"] = "Please give a telephone number with at least six digits."
        if not re.search(r"[^\W\d_]{2}", details.address) or not re.search(r"\d", details.address):
            errors["address"] = "Please give a street and a house number."
        if details.payment not in PAYMENTS:
            errors["payment"] = "Please choose how to pay."
        return details, errors

    def unavailable(self, lines: list[Line]) -> str:
        """A sentence about what in the cart cannot be had any more, or nothing."""
        gone = sorted({KINDS[line.kind].title for line in lines if line.kind in self.sold_out})
        return f"Sorry, {' and '.join(gone)} just sold out." if gone else ""

    def pay(self, visit: Visit, details: Details) -> Order:
        """Take the order: it stands in the ledger when this returns, and the cart is empty."""
        number = f"P-{1001 + len(self.orders)}"
        order = Order(number, tuple(visit.lines), details, self.total(visit.lines), self._now())
        self._ledger.write(
            *(
                PizzaRow(
                    number=number,
                    size=line.size,
                    kind=line.kind,
                    toppings=line.toppings,
                    quantity=line.quantity,
                    name=details.name,
                    phone=details.phone,
                    address=details.address,
                    total=f"{order.total:.2f}",
                    at=order.at.isoformat(timespec="seconds"),
                )
                for line in order.lines
            )
        )
        self.orders.append(order)
        visit.lines.clear()
        visit.details = None
        return order

    def orders_of(self, phone: str) -> list[Order]:
        """Orders given with this telephone number, newest first."""
        digits = just_digits(phone)
        return [order for order in reversed(self.orders) if digits and just_digits(order.details.phone) == digits]
