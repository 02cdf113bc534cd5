"""Customers, what is changed of them, and in which column they stand. No I/O but the ledger."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from examples.town.ledger import CustomerRow, Ledger

PAGE = 20
ON_BOARD = 9
STAGES = {"new": "New", "active": "Active", "resting": "Resting"}
EDITABLE = {"name": "Name", "email": "Email", "phone": "Phone", "city": "City"}
COLUMNS = {**EDITABLE, "stage": "Stage", "spent": "Spent"}
FIRST = (
    "Alder Birch Cedar Elder Hazel Juniper Larch Maple Oak Pine "
    "Poplar Rowan Spruce Willow Yew Heather Clover Fern Ivy Moss"
)
SECOND = (
    "Bakery Books Bikes Cafe Cleaners Design Flowers Garage Glass Hats Instruments Joinery "
    "Kitchens Lamps Maps Nursery Optics Paper Pottery Radio Repairs Shoes Tailors Toys Wool"
)
CITIES = ("Northport", "Lakeside", "Old Mill", "Hillbrook", "Seaford", "Westgate")


class Customer(Struct):
    """One customer; `stage` is a key of STAGES, `place` its position in that column. Mutable."""

    number: str
    name: str
    email: str
    phone: str
    city: str
    stage: str
    spent: int
    place: int
    archived: bool = False


class Book:
    """Five hundred customers, the same in every town."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._changes = 0
        dice = random.Random("customers")
        names = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split()]
        dice.shuffle(names)
        self.customers = {
            f"C-{place:04}": Customer(
                f"C-{place:04}",
                name,
                f"office@{name.lower().replace(' ', '-')}.example",
                f"555 0{dice.randrange(100, 1000)}",
                dice.choice(CITIES),
                dice.choice(tuple(STAGES)),
                dice.randrange(40, 9000),
                place,
            )
            for place, name in enumerate(names, 1)
        }

    def search(self, words: str, order: str = "") -> list[Customer]:
        """Customers with all the words, by the column `order` ("-spent" for downwards), else by number."""
        wanted = words.lower().split()
        found = [
            each
            for each in self.customers.values()
            if not each.archived and all(word in f"{each.number} {each.name} {each.city}".lower() for word in wanted)
        ]
        column = order.removeprefix("-")
        if column in COLUMNS:
            found.sort(key=lambda each: getattr(each, column), reverse=order.startswith("-"))
        return found

    def read(self, form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Fields of a submitted form, and errors by field."""
        fields = {name: form.get(name, "")[:120] for name in EDITABLE}
        errors: dict[str, str] = {}
        if not fields["name"]:
            errors["name"] = "A customer needs a name."
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", fields["email"], re.IGNORECASE):
            errors["email"] = "This is not an email address."
        if len(re.sub(r"\D", "", fields["phone"])) < 6:
            errors["phone"] = "A telephone number has six digits or more."
        if not fields["city"]:
            errors["city"] = "Please give a city."
        return fields, errors

    def change(self, customer: Customer, field: str, value: str) -> None:
        """Set one field; a real change stands in the ledger when this returns."""
        before = str(getattr(customer, field))
        if before == value:
            return
        self._write(customer, field, before, value)
        setattr(customer, field, value)

    def _write(self, customer: Customer, field: str, before: str, after: str) -> None:
        self._changes += 1
        self._ledger.write(
            CustomerRow(
                number=f"K-{self._changes}",
                customer=customer.number,
                field=field,
                before=before,
                after=after,
                at=self._now().isoformat(timespec="seconds"),
            )
        )

    def archive(self, customer: Customer) -> None:
        """Take the customer from the list."""
        self._write(customer, "archived", "no", "yes")
        customer.archived = True

    def board(self) -> dict[str, list[Customer]]:
        """The newest few customers by column, in the order that people gave them."""
        some = [each for each in self.customers.values() if not each.archived][:ON_BOARD]
        return {
            stage: sorted((each for each in some if each.stage == stage), key=lambda each: each.place)
            for stage in STAGES
        }

    def move(self, customer: Customer, stage: str, place: int) -> None:
        """Into a column, before what stands at `place` there."""
        column = [each for each in self.board()[stage] if each is not customer]
        column.insert(place, customer)
        for position, each in enumerate(column):
            each.place = position
        self.change(customer, "stage", stage)
