"""What a person's sealed rows are kept with."""

from __future__ import annotations

from collections.abc import Callable

from cloud.clock import Clock
from cloud.people.envelope import Source
from cloud.people.keys import Keys
from cloud.store import Store


class Safe:
    """Rows of one table, sealed with their person's data key. `watch` is told each secret that goes in or out, so that
    no log ever shows it; `source` gives the randomness."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        clock: Clock,
        *,
        watch: Callable[[str], None] = lambda secret: None,
        source: Source | None = None,
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._watch = watch
        self._source = source or Source()
