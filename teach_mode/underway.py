"""What of a run those need who find another way for a step that stopped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from language.entities import Value
from teach_mode.sight import Sight
from teach_mode.skill import Step


class Underway(msgspec.Struct, frozen=True, kw_only=True):
    """What it sees, its values, how it takes a step, and how it tells whether one is due."""

    sight: Sight
    values: Mapping[str, Value]
    take: Callable[[Step], Awaitable[None]]
    is_due: Callable[[Step], Awaitable[bool]]
