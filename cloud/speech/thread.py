"""A model and the one thread that it lives in: loaded there at first use, asked there in turn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from cloud.speech.errors import SpeechError

M = TypeVar("M")
T = TypeVar("T")
GivenUp = Callable[[], bool]


class _Dropped(SpeechError):
    """Work that nobody waits for any more ended early. Seen by nobody."""


def go_on(given_up: GivenUp) -> None:
    """Called between the steps of long work: ends it when nobody wants its result."""
    if given_up():
        raise _Dropped


class ModelThread(Generic[M]):
    """Serves everybody who asks, in the order of their asking."""

    def __init__(self, name: str, load: Callable[[], M]) -> None:
        self._load = load
        self._model: M | None = None
        self._thread = ThreadPoolExecutor(1, name)

    async def run(self, work: Callable[[M, GivenUp], T]) -> T:
        """What `work` makes of the model. Cancelled: what has not begun never will, what runs is told to stop."""
        stop = threading.Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work, stop.is_set)
        except asyncio.CancelledError:
            stop.set()
            raise

    def close(self) -> None:
        """Gives the thread back when what runs is done. Harmless twice."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _work(self, work: Callable[[M, GivenUp], T], given_up: GivenUp) -> T:
        go_on(given_up)
        if self._model is None:
            self._model = self._load()
        return work(self._model, given_up)
