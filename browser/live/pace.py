"""When the next picture may be taken: after the last one was drawn, and not too soon."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

FRAMES_PER_S = 10.0


class Pace:
    """Counts the pictures of one filming out and back.

    No picture is taken while one is on its way to the canvas, so nothing queues up. A person's press takes the next one
    out of its turn, so that what it does is seen at once.
    """

    def __init__(self, frames_per_s: float, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._gap_s = 1 / frames_per_s
        self._sent = 0
        self._due_s = 0.0
        self._drawn = asyncio.Event()
        self._drawn.set()
        self._hurried = asyncio.Event()

    def sent(self) -> int:
        """A picture goes out: its number."""
        self._sent = next(self._numbers)
        self._due_s = asyncio.get_running_loop().time() + self._gap_s
        self._drawn.clear()
        self._hurried.clear()
        return self._sent

    def drawn(self, number: int) -> None:
        """The viewer drew a picture. Only the last one counts."""
        if number == self._sent:
            self._drawn.set()

    def hurry(self) -> None:
        """Something was pressed: the next picture need not wait for its turn."""
        self._hurried.set()

    async def ready(self) -> None:
        """Returns when the next picture may be taken."""
        await self._drawn.wait()
        left_s = self._due_s - asyncio.get_running_loop().time()
        if left_s > 0:
            try:
                async with asyncio.timeout(left_s):
                    await self._hurried.wait()
            except TimeoutError:
                return
