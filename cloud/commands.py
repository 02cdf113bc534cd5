"""What the gateway (or the portal, a schedule, the command line) asks of the runner. Plain data, safe to send twice."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cloud.lam.goals import Call

Overlap = Literal["skip", "queue", "together"]
"""What becomes of a run while another one goes on: it is left out, waits until that is over, or runs beside it."""


class Scheduled(Struct, frozen=True, kw_only=True):
    """The schedule that a request comes from, as it was when it came due."""

    id: str
    name: str  # "read my unread mail": how people call it
    words: str  # "every weekday at eight a m"
    due_at: float  # UTC seconds
    patience_s: float = 0.0  # how long it waits for somebody before what cannot be undone
    overlap: Overlap = "skip"
    by_hand: bool = False  # somebody had it run now


class HandleUtterance(Struct, frozen=True, kw_only=True, tag=True):
    """A person said or typed something. `key` makes a repeat harmless: the same key is the same request."""

    key: str  # "device:turn", unique
    person: str
    text: str
    spoken: bool = True
    engine: str = ""  # which STT engine heard it
    alternatives: tuple[tuple[str, float], ...] = ()  # sentences and how the sound weighed them
    device: str = ""
    turn: int = 0
    ask: str = ""  # the ask that the device showed while this was said
    picture: str = ""  # address of a stored picture, see `cloud.turns`
    picture_problem: str = ""  # why there is no picture although one was taken
    said_at: float = 0.0  # UTC seconds, which may be long before it came; 0: just now
    trial: bool = False  # a run from the studio: its lesson does it, and nobody begins it again
    call: Call | None = None  # what is to be done, when it need not be inferred: `text` is then shown, and never read
    schedule: Scheduled | None = None  # which schedule asks for it


class AnswerAsk(Struct, frozen=True, kw_only=True, tag=True):
    """A pressed answer, bound to the digest that was shown. `answer`: yes | no | the value of a choice."""

    ask: str
    digest: str
    answer: str
    person: str
    surface: str = ""  # device id or "portal"


class CancelTask(Struct, frozen=True, kw_only=True, tag=True):
    """Stops a task, browser and all; an empty `task` means whatever is being done for the person."""

    person: str
    task: str = ""


Command = HandleUtterance | AnswerAsk | CancelTask
Origin = Literal["device", "portal", "command line", "schedule", "studio"]
_ORIGINS: dict[str, Origin] = {"portal": "portal", "cli": "command line", "schedule": "schedule", "trial": "studio"}


def origin_of(said: HandleUtterance) -> Origin:
    """What began a request: its key begins with that, unless a device's id stands there."""
    return _ORIGINS.get(said.key.partition(":")[0], "device")
