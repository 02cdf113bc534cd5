"""Places, quotes and rides. No I/O but the ledger."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import Ledger, RideRow
from examples.town.pizza.shop import just_digits

HOLDS = timedelta(seconds=60)
DAYS_AHEAD = 30
NOW = "now"


class Place(Struct, frozen=True):
    """`x` and `y` are in kilometres from the market."""

    key: str
    title: str
    street: str
    x: float
    y: float


class Car(Struct, frozen=True):
    key: str
    title: str
    about: str
    factor: Decimal


class Quote(Struct, frozen=True):
    """What a ride would cost with each car, until `expires`. `when` is "now" or ISO 8601."""

    number: int
    pick_up: Place
    drop_off: Place
    when: str
    prices: dict[str, Decimal]
    expires: datetime


class Ride(Struct, frozen=True):
    number: str
    quote: Quote
    car: Car
    phone: str
    at: datetime

    @property
    def price(self) -> Decimal:
        return self.quote.prices[self.car.key]


PLACES = {
    place.key: place
    for place in (
        Place("market-square", "Market Square", "Market Square 1", 0, 0),
        Place("market-hall", "Market Hall", "Baker Lane 14", 0.3, 0.1),
        Place("station", "Central Station", "Station Road 2", 1.4, -0.8),
        Place("station-west", "West Station", "Mill Road 60", -3.1, 0.4),
        Place("airport", "Airport", "Runway Road 1", 9.5, -6.0),
        Place("hospital", "Hospital", "Garden Street 30", -1.2, 2.2),
        Place("lake", "Lake Pier", "Shore Walk 3", 4.2, 3.9),
        Place("elm-street", "Elm Street 5", "Elm Street 5", -0.9, -1.3),
        Place("bistro", "Bistro Lune", "Rue des Tilleuls 9", 0.6, 1.1),
        Place("granary", "Old Granary", "Harbour Street 8", 2.0, 1.7),
        Place("library", "Town Library", "Book Lane 4", -0.2, 0.7),
        Place("university", "University", "College Hill", -2.4, -2.1),
    )
}
CARS = {
    car.key: car
    for car in (
        Car("small", "Hop", "Up to three people", Decimal("1.0")),
        Car("large", "Hop Large", "Up to six people", Decimal("1.6")),
        Car("electric", "Hop Electric", "Quiet, up to three people", Decimal("1.2")),
        Car("open", "Wheelchair", "With a ramp", Decimal("1.1")),
    )
}


class Stand:
    """The taxi stand."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        self.quotes: dict[str, Quote] = {}
        self.rides: list[Ride] = []
        self._quoted = 0

    def places(self, words: str) -> list[Place]:
        """Up to five places that begin with or hold what was typed."""
        wanted = words.strip().lower()
        found = [place for place in PLACES.values() if wanted and wanted in f"{place.title} {place.street}".lower()]
        return sorted(found, key=lambda place: (not place.title.lower().startswith(wanted), place.title))[:5]

    def place(self, text: str) -> Place | None:
        """The place of exactly that title."""
        return next((place for place in PLACES.values() if place.title.lower() == text.strip().lower()), None)

    def ask(self, session: str, form: Mapping[str, str]) -> tuple[Quote | None, dict[str, str]]:
        """A quote for a submitted form, kept for the session; or errors by field."""
        errors: dict[str, str] = {}
        ends: dict[str, Place] = {}
        for field, missing in (("pick_up", "Where do we pick you up?"), ("drop_off", "Where do you want to go?")):
            text = form.get(field, "")
            place = self.place(text)
            if place is not None:
                ends[field] = place
            else:
                errors[field] = f"We do not know “{text}”; please choose from the list." if text else missing
        if len(ends) == 2 and ends["pick_up"] == ends["drop_off"]:
            errors["drop_off"] = "You are there already."
        when = form.get("when", "") or NOW
        if when != NOW and not self._possible(when):
            errors["when"] = f"Please choose a time within the next {DAYS_AHEAD} days."
        if errors:
            return None, errors
        return self._quote(session, ends["pick_up"], ends["drop_off"], when), {}

    def _possible(self, when: str) -> bool:
        try:
            moment = datetime.fromisoformat(when)
        except ValueError:
            return False
        return self.now() < moment < self.now() + timedelta(days=DAYS_AHEAD)

    def _quote(self, session: str, pick_up: Place, drop_off: Place, when: str) -> Quote:
        km = Decimal(str(round(math.dist((pick_up.x, pick_up.y), (drop_off.x, drop_off.y)), 1)))
        demand = 1 + Decimal(self.now().minute // 5 % 3) / 10
        base = (Decimal("4.20") + km * Decimal("1.85")) * demand
        prices = {
            car.key: (base * car.factor).quantize(Decimal("0.10")).quantize(Decimal("0.01")) for car in CARS.values()
        }
        self._quoted += 1
        quote = Quote(self._quoted, pick_up, drop_off, when, prices, self.now() + HOLDS)
        self.quotes[session] = quote
        return quote

    def renew(self, session: str) -> Quote:
        """The session's quote at the price of now."""
        old = self.quotes[session]
        return self._quote(session, old.pick_up, old.drop_off, old.when)

    def book(self, session: str, car: Car, phone: str) -> Ride:
        """Send a car: it stands in the ledger when this returns."""
        ride = Ride(f"H-{301 + len(self.rides)}", self.quotes.pop(session), car, phone, self.now())
        self._ledger.write(
            RideRow(
                number=ride.number,
                pick_up=ride.quote.pick_up.title,
                drop_off=ride.quote.drop_off.title,
                when=ride.quote.when,
                car=car.title,
                phone=phone,
                total=f"{ride.price:.2f}",
                at=ride.at.isoformat(timespec="seconds"),
            )
        )
        self.rides.append(ride)
        return ride

    def rides_of(self, phone: str) -> list[Ride]:
        """Rides booked with this number, newest first."""
        digits = just_digits(phone)
        return [ride for ride in reversed(self.rides) if digits and just_digits(ride.phone) == digits]
