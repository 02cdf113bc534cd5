"""The gallery: skills for the town, to be imported, looked at and handed on; and what each is tried with."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.page import Page
from examples.town.identity import ADA, code_at
from language.entities import Value

FOLDER = Path(__file__).parent / "skills" / "gallery"
# What the town's clock shows meanwhile.
MONDAY = datetime(2026, 11, 23, 14, 0)


class Try(Struct, frozen=True, kw_only=True):
    """A run on the town: what is asked, how the answer begins, and what the ledger has then; nothing: no row."""

    values: dict[str, Value]
    answer: str
    ledger: dict[str, Value] = {}


TRIES = {
    "find_book": Try(
        values={"title": "nine doors"},
        answer="The library has A House With Nine Doors: available.",
    ),
    "reserve_book": Try(
        values={"title": "Nine Doors", "branch": "station", "card": "L-4471"},
        answer="Reserved: A House With Nine Doors, at Station. Number ",
        ledger={"card": "L-4471", "branch": "Station"},
    ),
    "report_reading": Try(
        values={"meter": "W-4471", "reading": 1220, "day": "2026-11-22", "email": ADA.name},
        answer="Sent: 1220 cubic metres. Receipt ",
        ledger={"meter": "W-4471", "reading": 1220},
    ),
    "whats_on": Try(
        values={"show": "quartet"},
        answer="Quartet by Candlelight: Thu",
    ),
    "newest_mail": Try(
        values={"email": ADA.name},
        answer="From Bea Example, Your invoice: Dear Ada",
    ),
}


class Keyring:
    """A fake vault: Ada's password and code of the town, typed as a real one would."""

    async def type_into(self, page: Page, at: Sighting, name: str, *, origin: str, deadline: Deadline) -> None:
        secret = {"mail password": ADA.password, "mail code": code_at(ADA.seed, time.time())}[name]
        await page.fill(at, secret, deadline=deadline)
