"""Which tables are free, and who booked one. No I/O but the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from examples.town.ledger import BistroRow, Ledger
from examples.town.pizza.shop import just_digits

MOST_PEOPLE = 8
SEATS = 24
DAYS_AHEAD = 180
TIMES = tuple(time(18 + half // 2, 30 * (half % 2)) for half in range(7))  # 18:00 to 21:00


class Wish(Struct, frozen=True):
    """A table asked for; `when` has no seconds."""

    people: int
    when: datetime
    name: str
    phone: str
    note: str = ""


class Booking(Struct, frozen=True):
    number: str
    wish: Wish
    at: datetime


class Tables:
    """The bistro's book. `closed` holds moments at which nothing can be had."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        self.bookings: list[Booking] = []
        self.wishes: dict[str, Wish] = {}
        self.closed: set[datetime] = set()

    def why_not(self, people: int, when: datetime) -> str:
        """Why there is no such table, in a few words; empty when there is one."""
        if when <= self.now():
            return "in the past"
        if when.date() > self.now().date() + timedelta(days=DAYS_AHEAD):
            return "too far ahead"
        if when.time() not in TIMES:
            return "outside our hours"
        taken = sum(booking.wish.people for booking in self.bookings if booking.wish.when == when)
        # Regulars: Saturdays at eight are always full.
        if when in self.closed or (when.weekday() == 5 and when.time() == time(20)) or taken + people > SEATS:
            return "fully booked"
        return ""

    def times(self, day: date, people: int) -> list[tuple[str, str]]:
        """("19:00", why not or nothing) for every time of the day."""
        return [(f"{at:%H:%M}", self.why_not(people, datetime.combine(day, at))) for at in TIMES]

    def read_wish(self, form: Mapping[str, str]) -> tuple[Wish | None, dict[str, str]]:
        """A wish from a submitted form, or errors by field."""
        errors: dict[str, str] = {}
        people, name, phone = (form.get(field, "").strip()[:200] for field in ("people", "name", "phone"))
        if not people.isdigit() or not 1 <= int(people) <= MOST_PEOPLE:
            errors["people"] = f"We seat parties of 1 to {MOST_PEOPLE}."
        try:
            when = datetime.combine(date.fromisoformat(form.get("date", "")), time.fromisoformat(form.get("time", "")))
        except ValueError:
            errors["when"] = "Please choose a day and a time."
        else:
            why = "" if "people" in errors else self.why_not(int(people), when)
            if why:
                errors["when"] = f"{when:%A %-d %B at %H:%M} is {why}. Please choose another time."
        if not name:
            errors["name"] = "Please tell us your name."
        if len(just_digits(phone)) < 6:
            errors["phone"] = "Please give a telephone number with at least six digits."
        if errors:
            return None, errors
        return Wish(int(people), when, name, phone, form.get("note", "").strip()[:200]), {}

    def book(self, session: str, wish: Wish) -> Booking:
        """Write the booking down: it stands in the ledger when this returns."""
        booking = Booking(f"B-{501 + len(self.bookings)}", wish, self.now())
        self._ledger.write(
            BistroRow(
                number=booking.number,
                people=wish.people,
                when=wish.when.isoformat(timespec="minutes"),
                name=wish.name,
                phone=wish.phone,
                at=booking.at.isoformat(timespec="seconds"),
            )
        )
        self.bookings.append(booking)
        self.wishes.pop(session, None)
        return booking

    def bookings_of(self, phone: str) -> list[Booking]:
        """Bookings given with this telephone number, newest first."""
        digits = just_digits(phone)
        return [booking for booking in reversed(self.bookings) if digits and just_digits(booking.wish.phone) == digits]
