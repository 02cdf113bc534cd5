"""Goal -> Plan: steps, each one call of a tool, with what it waits for."""

from __future__ import annotations

from msgspec import Struct, field

from cloud.lam.goals import Origin
from cloud.lam.toolbox import Effect
from language.entities import Value


class Step(Struct, frozen=True, kw_only=True):
    """One call. `after` are the numbers of steps that must be done before."""

    number: int
    tool: str
    arguments: dict[str, Value]
    effect: Effect
    words: str  # "order a large pepperoni pizza", for people
    after: tuple[int, ...] = ()
    origins: dict[str, Origin] = field(default_factory=dict)  # argument -> where its value came from


class Plan(Struct, frozen=True, kw_only=True):
    steps: tuple[Step, ...]
