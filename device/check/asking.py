"""The person beside the device: asked on the terminal, or not there at all."""

from __future__ import annotations

import asyncio
import sys
from typing import Final, Protocol

from device.check.seen import Answer

_NO: Final = ("n", "no")
_SKIP: Final = ("s", "skip")


class Person(Protocol):
    """Who presses, looks and listens."""

    @property
    def there(self) -> bool:
        """Somebody can be asked to do something."""

    def tell(self, words: str) -> None:
        """What is being done, or is to be done now."""

    def level(self, bars: int) -> None:
        """How loud it is just now, 0 to 5."""

    async def ask(self, question: str) -> Answer:
        """Yes, no, or None when it was skipped or nobody is there."""


class Nobody:
    """`--yes`: what only a person can judge is left open."""

    there = False

    def tell(self, words: str) -> None:
        """Nobody listens."""

    def level(self, bars: int) -> None:
        """Nobody looks."""

    async def ask(self, question: str) -> Answer:
        return None


class AtTerminal:
    """Words on stderr, so that the report alone is on stdout."""

    there = True

    def tell(self, words: str) -> None:
        sys.stderr.write(f"  {words}\n")
        sys.stderr.flush()

    def level(self, bars: int) -> None:
        sys.stderr.write(f"\r  [{'#' * bars:5}]{'' if bars else ' '}")
        sys.stderr.flush()

    async def ask(self, question: str) -> Answer:
        sys.stderr.write(f"  {question} [Y/n, s to skip] ")
        sys.stderr.flush()
        line = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()
        return None if line in _SKIP else line not in _NO
