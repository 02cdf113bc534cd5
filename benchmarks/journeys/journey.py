"""A journey as data: what is shown on the canvas, and what is asked for afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct

from examples.demo.teacher import Teacher
from examples.town.town import Town

Show = Callable[[Teacher, Town], Awaitable[None]]


def nothing(town: Town) -> None:
    """The town stays as it is."""


class Asked(Struct, frozen=True, kw_only=True):
    """A request, spoken unless it is `typed`, and what must come of it.

    `row`: fields of the one row that the ledger then has more, values or tests of them; None: there may be none more.
    `says`: words that must be in what is said. `shown`: fields of the row that the question must have shown as they
    then stand there. `before`: what changes in the town beforehand.
    """

    text: str
    row: Mapping[str, Any] | None = None
    says: str = ""
    shown: tuple[str, ...] = ()
    typed: bool = False
    before: Callable[[Town], None] = nothing


class Journey(Struct, frozen=True, kw_only=True):
    """A task of a site: what is said when it is shown on the first release, and how; what is spoken afterwards, and
    what on the second release. Everything that is asked for has other values than what was shown."""

    name: str
    site: str
    sentence: str
    show: Show
    spoken: Asked
    redrawn: Asked
