"""How far a long run is, for people, on stderr: a line at most every few seconds, and one whenever a part is done."""

from __future__ import annotations

import sys
import threading
import time

EVERY_S = 5.0


class Progress:
    """Counts of what is done, by part. May be told from several threads."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, part: str, done: int, of: int) -> None:
        """Tell how much of a part is done."""
        now = time.monotonic()
        with self._lock:
            if done < of and now - self._said.get(part, self._began - EVERY_S) < EVERY_S:
                return
            self._said[part] = now
            print(f"{now - self._began:5.0f} s  {part}: {done} of {of}", file=sys.stderr, flush=True)
