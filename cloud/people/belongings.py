"""What a person keeps with Leveret beside skills and secrets: lists, a journal, and what of them can be undone."""

from __future__ import annotations

from msgspec import Struct

from cloud.clock import Clock
from cloud.people.changes import Changes
from cloud.people.lists import Lists
from cloud.store import Store


class Belongings(Struct, frozen=True, kw_only=True):
    """One of each for all people."""

    lists: Lists
    changes: Changes


def belongings_of(store: Store, clock: Clock) -> Belongings:
    """Over one store."""
    return Belongings(lists=Lists(store, clock), changes=Changes(store, clock))
