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


Row = PizzaRow | BistroRow


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
