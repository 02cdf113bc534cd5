"""What a person keeps with Leveret beside skills and secrets: lists, a journal, and what of them can be undone."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from cloud.clock import Clock
from cloud.people.changes import Changes
from cloud.people.journal import Journal
from cloud.people.lists import Lists
from cloud.store import Store
from cloud.turns import Pictures


class Belongings(Struct, frozen=True, kw_only=True):
    """One of each for all people."""

    lists: Lists
    journal: Journal
    changes: Changes


def belongings_of(store: Store, clock: Clock, *, folder: Path, taken: Pictures) -> Belongings:
    """Over one store. `folder` is where the journal's pictures are kept, `taken` holds those of requests."""
    return Belongings(
        lists=Lists(store, clock),
        journal=Journal(store, clock, taken=taken, kept=Pictures(folder / "journal")),
        changes=Changes(store, clock),
    )
