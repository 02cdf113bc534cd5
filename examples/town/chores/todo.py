"""Four hundred chores. No I/O but the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from examples.town.ledger import ChoreRow, Ledger

LONGEST = 80
VERBS = ("Paint", "Mend", "Water", "Sweep", "Oil", "Count", "Polish", "Move", "Label", "Return")
THINGS = (
    *("the north gate", "the market bench", "the town clock", "the tulips", "the ferry rail", "the mill wheel"),
    *("the old ladder", "the school bell", "the library lamp", "the bakery sign", "the station doors", "the fountain"),
    *("the choir chairs", "the lighthouse stairs", "the boat shed", "the bandstand", "the weather vane", "the bridge"),
    *("the post boxes", "the bicycle racks", "the garden hose", "the snow shovels", "the street lamps", "the well"),
    *("the flower tubs", "the stage curtain", "the rope ladder", "the chess tables", "the bird houses", "the maps"),
    *("the harbour buoys", "the picnic tables", "the fire hose", "the sun dial", "the tool shed", "the beehives"),
    *("the hat stand", "the piano", "the apple crates", "the rain barrels"),
)


class Chore(Struct):
    """Something to be done. Mutable."""

    id: int
    title: str
    done: bool = False


class Todo:
    """The list."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._written = 0
        titles = [f"{VERBS[(at // 7) % 10]} {THINGS[at % 40]}" for at in range(400)]
        self.chores = {at: Chore(at, title, at % 5 == 0) for at, title in enumerate(titles, 1)}

    def some(self, show: str, words: str) -> list[Chore]:
        """Newest first; `show` is all, open or done."""
        wanted = words.lower().split()
        return [
            chore
            for chore in reversed(self.chores.values())
            if (show not in ("open", "done") or chore.done == (show == "done"))
            and all(word in chore.title.lower() for word in wanted)
        ]

    def add(self, title: str) -> Chore | None:
        """A new chore, or None when it has no title or one that is too long."""
        if not 0 < len(title.strip()) <= LONGEST:
            return None
        chore = Chore(max(self.chores, default=0) + 1, title.strip())
        self.chores[chore.id] = chore
        self._write("added", chore)
        return chore

    def tick(self, chore: Chore, done: bool) -> None:
        """Done, or not any more."""
        if chore.done != done:
            chore.done = done
            self._write("done" if done else "undone", chore)

    def remove(self, chore: Chore) -> None:
        """Take it from the list."""
        del self.chores[chore.id]
        self._write("removed", chore)

    def _write(self, what: Literal["added", "done", "undone", "removed"], chore: Chore) -> None:
        self._written += 1
        at = self._now().isoformat(timespec="seconds")
        self._ledger.write(ChoreRow(number=f"D-{self._written}", what=what, title=chore.title, at=at))
