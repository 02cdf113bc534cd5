"""Meters and their readings. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from examples.town.ledger import Ledger, MeterRow

UNUSUAL_M3 = 200
DAYS_BACK = 14


class Meter(Struct):
    """`last` is the last reading in cubic metres. Mutable."""

    number: str
    place: str
    last: int


class Receipt(Struct, frozen=True):
    number: str
    meter: str
    reading: int
    used: int
    read_on: date


class Meters:
    """The waterworks' book."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        places = (("W-4471", "Elm Street 5", 1204), ("W-4472", "Elm Street 7", 880), ("W-5020", "Mill Road 60", 3391))
        self.meters = {number: Meter(number, place, last) for number, place, last in places}
        self.receipts: list[Receipt] = []

    def report(self, form: Mapping[str, str]) -> tuple[Receipt | None, dict[str, str]]:
        """Take a reading: it stands in the ledger when this returns. Or errors by field."""
        errors: dict[str, str] = {}
        meter = self.meters.get(form.get("meter", "").upper())
        given = form.get("reading", "")
        reading = int(given) if given.isdigit() and len(given) < 8 else -1
        if meter is None:
            errors["meter"] = "We do not know this meter."
        if reading < 0:
            errors["reading"] = "Please give the black digits only."
        elif meter is not None and reading < meter.last:
            errors["reading"] = f"The last reading was {meter.last}; a meter does not run backwards."
        elif meter is not None and reading - meter.last > UNUSUAL_M3 and not form.get("unusual"):
            errors["unusual"] = f"That is {reading - meter.last} m³ since last time. Please confirm that it is so."
        read_on = self._day(form.get("read_on", ""))
        if read_on is None:
            errors["read_on"] = f"Please give the day, within the last {DAYS_BACK} days."
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", form.get("email", ""), re.IGNORECASE):
            errors["email"] = "Please give an email address."
        if errors or meter is None or read_on is None:
            return None, errors
        return self._write(meter, reading, read_on, form["email"]), {}

    def _day(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        today = self._now().date()
        return day if today - timedelta(days=DAYS_BACK) <= day <= today else None

    def _write(self, meter: Meter, reading: int, read_on: date, email: str) -> Receipt:
        used = reading - meter.last
        receipt = Receipt(f"Z-{61 + len(self.receipts)}", meter.number, reading, used, read_on)
        self._ledger.write(
            MeterRow(
                number=receipt.number,
                meter=meter.number,
                reading=reading,
                read_on=read_on.isoformat(),
                email=email,
                at=self._now().isoformat(timespec="seconds"),
            )
        )
        meter.last = reading
        self.receipts.append(receipt)
        return receipt
