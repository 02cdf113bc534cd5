"""Applications for parking permits. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from examples.town.ledger import Ledger, PermitRow

ZONES = {"A": "A, around the market", "B": "B, station and mill", "C": "C, harbour"}
FEES = {"A": Decimal("18.00"), "B": Decimal("12.50"), "C": Decimal("9.00")}
MONTHS = (1, 3, 6, 12)
DAYS_AHEAD = 90


class Permit(Struct, frozen=True):
    number: str
    answers: dict[str, str]
    fee: Decimal


class Permits:
    """The office. What somebody has answered so far is kept by session."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self.now = now
        self.answers: dict[str, dict[str, str]] = {}
        self.permits: list[Permit] = []

    def wrong(self, field: str, value: str) -> str:
        """What is wrong with an answer, in a sentence; or nothing."""
        match field:
            case "name":
                return "" if value else "Please give your name."
            case "email":
                good = re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", value, re.IGNORECASE)
                return "" if good else "Please give an email address."
            case "plate":
                good = re.fullmatch(r"[A-Z]{1,3}[ -]?[A-Z]{0,2}[ -]?\d{2,4}", value.upper())
                return "" if good else "A number plate looks like LE-AB 123."
            case "zone":
                return "" if value in ZONES else "Please choose a zone."
            case "months":
                return "" if value in map(str, MONTHS) else "Please choose for how long."
            case "start":
                return self._wrong_start(value)
            case _:
                return "" if value else "Please agree, or we cannot go on."

    def _wrong_start(self, value: str) -> str:
        today = self.now().date()
        try:
            start = date.fromisoformat(value)
        except ValueError:
            return "Please give the first day."
        good = today <= start <= today + timedelta(days=DAYS_AHEAD)
        return "" if good else f"The first day must be within the next {DAYS_AHEAD} days."

    def fee(self, answers: Mapping[str, str]) -> Decimal:
        """A month's fee by zone; a year costs ten months."""
        months = int(answers["months"])
        return FEES[answers["zone"]] * (10 if months == 12 else months)

    def apply(self, session: str) -> Permit:
        """Hand it in: it stands in the ledger when this returns."""
        answers = self.answers.pop(session)
        permit = Permit(f"PP-{211 + len(self.permits)}", answers, self.fee(answers))
        self._ledger.write(
            PermitRow(
                number=permit.number,
                name=answers["name"],
                email=answers["email"],
                plate=answers["plate"].upper(),
                zone=answers["zone"],
                start=answers["start"],
                months=int(answers["months"]),
                fee=f"{permit.fee:.2f}",
                at=self.now().isoformat(timespec="seconds"),
            )
        )
        self.permits.append(permit)
        return permit
