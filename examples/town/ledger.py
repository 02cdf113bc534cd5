"""What was really ordered. Sites write rows; nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct


class PizzaRow(Struct, frozen=True, kw_only=True):
    """One pizza line of a paid order. `total` is the whole order's, two decimals; `at` is ISO 8601."""

    site: Literal["pizza"] = "pizza"
    number: str
    size: str
    kind: str
    toppings: tuple[str, ...] = ()
    quantity: int = 1
    name: str
    phone: str
    address: str
    total: str
    at: str


class BistroRow(Struct, frozen=True, kw_only=True):
    """One booked table. `when` and `at` are ISO 8601."""

    site: Literal["bistro"] = "bistro"
    number: str
    people: int
    when: str
    name: str
    phone: str
    at: str


class MailRow(Struct, frozen=True, kw_only=True):
    """One mail that was sent. `attachments` are file names."""

    site: Literal["mail"] = "mail"
    number: str
    to: str
    subject: str
    body: str
    attachments: tuple[str, ...] = ()
    at: str


class TicketRow(Struct, frozen=True, kw_only=True):
    """Seats that were paid for. `card` is its last four digits."""

    site: Literal["tickets"] = "tickets"
    number: str
    event: str
    when: str
    seats: tuple[str, ...]
    name: str
    email: str
    card: str
    total: str
    at: str


class RideRow(Struct, frozen=True, kw_only=True):
    """One booked ride. `when` is "now" or ISO 8601."""

    site: Literal["rides"] = "rides"
    number: str
    pick_up: str
    drop_off: str
    when: str
    car: str
    phone: str
    total: str
    at: str


class ReturnRow(Struct, frozen=True, kw_only=True):
    """Goods that are sent back. `photo` is a file name, or nothing."""

    site: Literal["returns"] = "returns"
    number: str
    order: str
    items: tuple[str, ...]
    reason: str
    photo: str = ""
    at: str


class CustomerRow(Struct, frozen=True, kw_only=True):
    """One change of one field of one customer."""

    site: Literal["customers"] = "customers"
    number: str
    customer: str
    field: str
    before: str
    after: str
    at: str


class GardenRow(Struct, frozen=True, kw_only=True):
    """One line of a garden order. `delivery` is a date; `total` is the whole order's."""

    site: Literal["garden"] = "garden"
    number: str
    plant: str
    quantity: int
    delivery: str
    name: str
    total: str
    at: str


class LibraryRow(Struct, frozen=True, kw_only=True):
    """One book that is kept for somebody."""

    site: Literal["library"] = "library"
    number: str
    book: str
    card: str
    branch: str
    at: str


class PermitRow(Struct, frozen=True, kw_only=True):
    """One parking permit that was applied for."""

    site: Literal["townhall"] = "townhall"
    number: str
    name: str
    email: str
    plate: str
    zone: str
    start: str
    months: int
    fee: str
    at: str


class ChoreRow(Struct, frozen=True, kw_only=True):
    """Something that happened to a chore: "added", "done", "undone" or "removed"."""

    site: Literal["chores"] = "chores"
    number: str
    what: str
    title: str
    at: str


class MemberRow(Struct, frozen=True, kw_only=True):
    """Something that happened to a member: "invited", "role", "suspended" or "restored"."""

    site: Literal["admin"] = "admin"
    number: str
    what: str
    email: str
    role: str
    at: str


class MeterRow(Struct, frozen=True, kw_only=True):
    """One meter reading. `reading` is in cubic metres."""

    site: Literal["waterworks"] = "waterworks"
    number: str
    meter: str
    reading: int
    read_on: str
    email: str
    at: str


Row = (
    PizzaRow
    | BistroRow
    | MailRow
    | TicketRow
    | RideRow
    | ReturnRow
    | CustomerRow
    | GardenRow
    | LibraryRow
    | PermitRow
    | ChoreRow
    | MemberRow
    | MeterRow
)


def summary(row: Row) -> tuple[str, str, str]:
    """A row for people: what was done, for whom, and what it costs."""
    match row:
        case PizzaRow():
            toppings = f", {', '.join(row.toppings)}" if row.toppings else ""
            return f"{row.quantity} × {row.size} {row.kind}{toppings}", f"{row.name}, {row.address}", row.total
        case BistroRow():
            return f"table for {row.people}, {row.when.replace('T', ' ')}", row.name, ""
        case MailRow():
            return f"mail: {row.subject}", row.to, ""
        case TicketRow():
            return f"{row.event}, {', '.join(row.seats)}", f"{row.name}, {row.email}", row.total
        case RideRow():
            return f"{row.car}, {row.pick_up} to {row.drop_off}, {row.when.replace('T', ' ')}", row.phone, row.total
        case ReturnRow():
            return f"{', '.join(row.items)}: {row.reason}", row.order, ""
        case CustomerRow():
            return f"{row.field}: {row.before} to {row.after}", row.customer, ""
        case GardenRow():
            return f"{row.quantity} × {row.plant}, on {row.delivery}", row.name, row.total
        case LibraryRow():
            return f"{row.book}, {row.branch}", row.card, ""
        case PermitRow():
            return f"permit for {row.plate}, zone {row.zone}, {row.months} months from {row.start}", row.name, row.fee
        case ChoreRow():
            return f"{row.what}: {row.title}", "", ""
        case MemberRow():
            return f"{row.what}, {row.role}", row.email, ""
        case MeterRow():
            return f"{row.reading} m³ on {row.read_on}", f"{row.meter}, {row.email}", ""


class Ledger:
    """Append-only rows, in memory and, when a path is given, also as JSON lines in that file."""

    def __init__(self, path: Path | None = None) -> None:
        self._rows: list[Row] = []
        self._path = path

    def write(self, *rows: Row) -> None:
        """Append rows; they stand in the file before this returns."""
        self._rows.extend(rows)
        if self._path is not None:
            with self._path.open("ab") as file:
                file.writelines(msgspec.json.encode(row) + b"\n" for row in rows)

    def rows(self, site: str | None = None) -> tuple[Row, ...]:
        """Every row in the order written, or those of one site."""
        return tuple(row for row in self._rows if site is None or row.site == site)

    def as_json(self) -> bytes:
        """All rows as one JSON array."""
        return msgspec.json.encode(self._rows)
