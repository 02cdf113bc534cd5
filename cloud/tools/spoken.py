"""A Tool made of its words and one coroutine: the form of everything built in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct

from cloud.lam.toolbox import Effect, Outcome, Run
from language.entities import Slot, Value

Work = Callable[[Mapping[str, Value], Run], Awaitable[Outcome]]


class SpokenTool(Struct, frozen=True, kw_only=True):
    """What it is called, how it is asked for, and the coroutine that does it."""

    name: str
    description: str  # reads after "I can"
    utterances: tuple[str, ...]
    work: Work
    slots: tuple[Slot, ...] = ()
    effect: Effect = "read"

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Does it, and answers."""
        return await self.work(arguments, run)


def text_of(arguments: Mapping[str, Value], slot: str) -> str:
    """The value of a slot as text; "" when it is empty."""
    value = arguments.get(slot, "")
    return value if isinstance(value, str) else ""


def whole_of(arguments: Mapping[str, Value], slot: str) -> int:
    """The value of a slot as a whole number; 0 when it is empty."""
    value = arguments.get(slot, 0)
    return value if isinstance(value, int) else 0
