"""Events, seats, who holds them and who bought them. No I/O but the ledger."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import Ledger, TicketRow

ROWS = "ABCDEFGH"
SEATS_IN_ROW = 12
HOLD = timedelta(minutes=8)
MOST_SEATS = 6
GENRES = {"concert": "Concert", "theatre": "Theatre", "film": "Film", "talk": "Talk"}
ORDERS = {"date": "Date", "price": "Price", "title": "Title"}


class Event(Struct, frozen=True):
    """`price` is that of the last rows."""

    key: str
    title: str
    genre: str
    place: str
    at: datetime
    price: Decimal
    about: str


class Buyer(Struct, frozen=True):
    """Who pays. Of the card only its last four digits are kept."""

    name: str = ""
    email: str = ""
    card: str = ""


class Ticket(Struct, frozen=True):
    number: str
    event: Event
    seats: tuple[str, ...]
    buyer: Buyer
    total: Decimal
    at: datetime


class Visit(Struct):
    """What is remembered of one session: the event it holds seats of, the seats, until when. Mutable."""

    event: str = ""
    seats: dict[str, datetime] = {}
    buyer: Buyer | None = None


# Key, title, genre, place, days ahead, hour, price, about.
PROGRAMME = (
    ("bees", "The Bees", "theatre", "Old Granary", 2, 20, "14.00", "A comedy about a hive that goes on strike."),
    ("quartet", "Quartet by Candlelight", "concert", "St Anne's", 3, 19, "22.00", "Haydn, Ravel and one surprise."),
    ("lake", "The Lake in Winter", "film", "Cinema Lumen", 1, 21, "9.50", "A film without a word, with live piano."),
    ("stars", "How Far Are the Stars?", "talk", "Town Hall", 5, 18, "6.00", "An astronomer, a lamp and an orange."),
    ("brass", "Brass on the Roof", "concert", "Market Roof", 9, 17, "12.00", "Fourteen horns and a view."),
    ("hamlet", "Hamlet, Briefly", "theatre", "Old Granary", 12, 20, "18.00", "All of it, in seventy minutes."),
    ("swing", "Midnight Swing", "concert", "Hotel Bellevue", 16, 22, "16.50", "Dancing shoes, please."),
    (
        "maps",
        "The Mapmaker's Daughter",
        "film",
        "Cinema Lumen",
        18,
        20,
        "9.50",
        "She draws a town that is not there yet.",
    ),
    ("bread", "Bread, a Love Story", "talk", "Bakery Hall", 20, 19, "8.00", "With tasting, and a little flour."),
    ("opera", "An Opera for One", "theatre", "St Anne's", 27, 19, "34.00", "One singer, nine parts."),
)


def passes_luhn(card: str) -> bool:
    """Whether the digits can be those of a card (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in card if digit.isdigit()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    return 12 <= len(digits) <= 19 and sum(doubled) % 10 == 0


class BoxOffice:
    """The seats of all events."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.events = {
            key: Event(key, title, genre, place, midnight + timedelta(days=days, hours=hour), Decimal(price), about)
            for key, title, genre, place, days, hour, price, about in PROGRAMME
        }
        self.visits: dict[str, Visit] = {}
        self.tickets: list[Ticket] = []

    def visit(self, session: str) -> Visit:
        """What this session holds; holds that ran out are gone."""
        visit = self.visits.setdefault(session, Visit())
        visit.seats = {seat: until for seat, until in visit.seats.items() if until > self.now()}
        return visit

    def search(self, words: str, genre: str, order: str) -> list[Event]:
        """Events with all the words, of the genre (or of any), in that order."""
        wanted = words.lower().split()
        found = [
            event
            for event in self.events.values()
            if (not genre or event.genre == genre)
            and all(word in f"{event.title} {event.place} {event.about}".lower() for word in wanted)
        ]
        match order:
            case "price":
                return sorted(found, key=lambda event: (event.price, event.at))
            case "title":
                return sorted(found, key=lambda event: event.title)
            case _:
                return sorted(found, key=lambda event: event.at)

    def price(self, event: Event, seat: str) -> Decimal:
        """The first three rows cost half as much again, the next three a quarter."""
        row = ROWS.index(seat[0])
        return (event.price * (Decimal("1.5") if row < 3 else Decimal("1.25") if row < 6 else 1)).quantize(
            Decimal("0.01")
        )

    def taken(self, event: Event, session: str) -> set[str]:
        """Seats that this session cannot have: sold long ago, sold here, or held by others."""
        dice = random.Random(event.key)
        seats = {seat for seat in all_seats() if dice.random() < 0.3}
        seats |= {seat for ticket in self.tickets if ticket.event == event for seat in ticket.seats}
        others = [other for other in self.visits if other != session and self.visits[other].event == event.key]
        return seats.union(*(self.visit(other).seats for other in others))

    def toggle(self, session: str, event: Event, seat: str) -> str:
        """Holds a seat for a while, or lets it go. What stands in the way is said; else nothing."""
        visit = self.visit(session)
        if visit.event != event.key:
            visit.event, visit.seats = event.key, {}
        if seat in visit.seats:
            del visit.seats[seat]
            return ""
        if seat not in all_seats() or seat in self.taken(event, session):
            return f"Seat {seat} is taken."
        if len(visit.seats) >= MOST_SEATS:
            return f"At most {MOST_SEATS} seats at once."
        visit.seats[seat] = self.now() + HOLD
        return ""

    def total(self, visit: Visit) -> Decimal:
        """Sum of the seats held."""
        if not visit.event:
            return Decimal("0.00")
        return sum((self.price(self.events[visit.event], seat) for seat in visit.seats), Decimal("0.00"))

    def read_buyer(self, form: Mapping[str, str]) -> tuple[Buyer, dict[str, str]]:
        """Who pays, from a form, and errors by field."""
        errors: dict[str, str] = {}
        name, email, card = form.get("name", ""), form.get("email", ""), form.get("card", "")
        if not name:
            errors["name"] = "Please tell us your name."
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", email, re.IGNORECASE):
            errors["email"] = "Please give an email address; the tickets go there."
        if not passes_luhn(card):
            errors["card"] = "This card number is not right."
        if not re.fullmatch(r"(0[1-9]|1[0-2]) ?/ ?\d\d", form.get("expiry", "")):
            errors["expiry"] = "Please give month and year, such as 04/29."
        if not re.fullmatch(r"\d{3,4}", form.get("cvc", "")):
            errors["cvc"] = "Please give the three digits on the back."
        return Buyer(name, email, re.sub(r"\D", "", card)[-4:] if "card" not in errors else ""), errors

    def buy(self, session: str, buyer: Buyer) -> Ticket:
        """Sell what this session holds: it stands in the ledger when this returns."""
        visit = self.visit(session)
        event = self.events[visit.event]
        ticket = Ticket(
            f"T-{7001 + len(self.tickets)}", event, tuple(sorted(visit.seats)), buyer, self.total(visit), self.now()
        )
        self._ledger.write(
            TicketRow(
                number=ticket.number,
                event=event.title,
                when=event.at.isoformat(timespec="minutes"),
                seats=ticket.seats,
                name=buyer.name,
                email=buyer.email,
                card=buyer.card,
                total=f"{ticket.total:.2f}",
                at=ticket.at.isoformat(timespec="seconds"),
            )
        )
        self.tickets.append(ticket)
        self.visits.pop(session)
        return ticket


def all_seats() -> list[str]:
    """A1 to H12."""
    return [f"{row}{number}" for row in ROWS for number in range(1, SEATS_IN_ROW + 1)]
