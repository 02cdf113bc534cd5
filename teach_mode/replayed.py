"""What is told of a run: each step as it begins and ends, and how all of it ended."""

from __future__ import annotations

from typing import Literal

import msgspec

from language.entities import Value
from teach_mode.errors import ReplayError
from teach_mode.healer import Healed
from teach_mode.interfaces import Result, Settled


class StepEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it begins, ends well or fails. `words` say it; `number` counts steps begun; `at_ms` since the start.

    In a loop `item` is what the step is done for, the `round`th of `rounds`.
    """

    kind: Literal["begun", "done", "failed"]
    step: str
    words: str
    number: int
    at_ms: float
    item: str = ""
    round: int = 0
    rounds: int = 0


class StepSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a step that was done. `similarity` is None for a step without an element."""

    step: str
    words: str
    url: str
    similarity: float | None
    took_ms: float


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended. `answer` is to be spoken; `values` also hold what was read; `error` says what stopped it.

    `settled` is there once an irreversible act was clicked, and is the last one's; `done` with an error means that all
    of them were, and that something after them failed. `partly`: one was done, and another that was due was not.
    `healed` is what was found elsewhere than taught, whether the run ended well or not.
    """

    outcome: Result
    answer: str
    values: dict[str, Value]
    steps: tuple[StepSeen, ...]
    error: ReplayError | None = None
    settled: Settled | None = None
    partly: bool = False
    healed: tuple[Healed, ...] = ()
