"""Books and who has asked for them. No I/O but the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from examples.town.ledger import Ledger, LibraryRow

BRANCHES = ("Book Lane", "Station", "Harbour")


class Volume(Struct, frozen=True):
    """A book. `shelf` is where it stands."""

    key: str
    title: str
    year: int
    shelf: str
    copies: int


class Reservation(Struct, frozen=True):
    number: str
    book: Volume
    card: str
    branch: str


SHELVES = {"N": "Nature", "T": "Town and trade", "S": "Stories", "C": "Cooking", "M": "Music"}
BOOKS = {
    book.key: book
    for book in (
        Volume("N14", "The Bees of the High Street", 1994, "N", 2),
        Volume("N15", "Moss and Lichen", 1988, "N", 1),
        Volume("N22", "A Year by the Lake", 2003, "N", 1),
        Volume("N31", "Clouds for Beginners", 1999, "N", 3),
        Volume("T02", "How the Market Was Built", 1976, "T", 1),
        Volume("T08", "Ten Trades That Are Gone", 1991, "T", 0),
        Volume("T11", "The Railway Comes", 1968, "T", 1),
        Volume("S03", "The Mapmaker's Daughter", 2001, "S", 2),
        Volume("S09", "Midnight Ferry", 1983, "S", 1),
        Volume("S17", "A House With Nine Doors", 1997, "S", 2),
        Volume("S18", "The Lamplighter", 1959, "S", 0),
        Volume("S25", "Letters to a Lighthouse", 2004, "S", 1),
        Volume("C01", "Bread, a Love Story", 1998, "C", 2),
        Volume("C06", "Soup for Every Weather", 1985, "C", 1),
        Volume("C07", "The Patient Oven", 1990, "C", 1),
        Volume("M04", "Fourteen Horns", 1979, "M", 1),
        Volume("M12", "Songs of the Old Mill", 1962, "M", 1),
    )
}


class Catalogue:
    """The library's books. A card is "L-" and four digits."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self.reservations: list[Reservation] = []

    def search(self, words: str, shelf: str) -> list[Volume]:
        """Books with all the words in the title, on the shelf or any."""
        wanted = words.lower().split()
        return [
            book
            for book in BOOKS.values()
            if (not shelf or book.shelf == shelf) and all(word in book.title.lower() for word in wanted)
        ]

    def left(self, book: Volume) -> int:
        """Copies that nobody has asked for."""
        return book.copies - sum(reservation.book == book for reservation in self.reservations)

    def reserve(self, book: Volume, form: Mapping[str, str]) -> tuple[Reservation | None, str]:
        """Keep the book: it stands in the ledger when this returns. Or what is wrong."""
        card, branch = form.get("card", "").upper(), form.get("branch", "")
        if not re.fullmatch(r"L-\d{4}", card):
            return None, "A card number looks like L-0000."
        if branch not in BRANCHES:
            return None, "Please choose where you collect it."
        if self.left(book) < 1:
            return None, "All copies are out."
        reservation = Reservation(f"L{31 + len(self.reservations)}", book, card, branch)
        at = self._now().isoformat(timespec="seconds")
        self._ledger.write(LibraryRow(number=reservation.number, book=book.title, card=card, branch=branch, at=at))
        self.reservations.append(reservation)
        return reservation, ""
