"""Goal -> Plan: steps, each one call of a tool, with what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate

from msgspec import Struct, field

from cloud.lam.errors import ToolUnknown
from cloud.lam.goals import Goal, Intent, Origin
from cloud.lam.schemas import faults
from cloud.lam.toolbox import Effect, SiteTool, Tool, Toolbox, VersionedTool
from language.entities import Value


class Step(Struct, frozen=True, kw_only=True):
    """One call. `after` are the numbers of steps that must be done before.

    `instead_of`: the number of the step that it is done in place of, should that come to nothing (`strict`: only where
    it is not to be had). `because`: what came of that, once it is known.
    """

    number: int
    tool: str
    arguments: dict[str, Value]
    effect: Effect
    words: str  # "order a large pepperoni pizza", for people
    after: tuple[int, ...] = ()
    origins: dict[str, Origin] = field(default_factory=dict)  # argument -> where its value came from
    version: int = 0  # of a tool that has versions: the one it is done with, however late or often it is begun
    instead_of: int = 0
    strict: bool = False
    because: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    steps: tuple[Step, ...]


Rank = Callable[[Iterable[str]], tuple[str, ...]]


def make_plan(goal: Goal, toolbox: Toolbox, rank: Rank) -> Plan:
    """Steps in the order in which they are best begun: what costs little and asks nothing goes before what acts on a
    site, so that a timer starts when it was asked for. Steps on the same site wait for one another, as do those that
    the person put in order ("and then"). Raises ToolUnknown when a tool of the goal is gone.
    """
    chosen = [_choose(intent, toolbox, rank) for intent in goal.intents]
    order = _order(chosen)
    numbers = {place: number for number, place in enumerate(order, 1)}
    steps = [
        Step(
            number=numbers[place],
            tool=tool.name,
            arguments=_arguments(tool, intent),
            effect=tool.effect,
            words=intent.text or tool.description,
            after=tuple(sorted(numbers[before] for before in _before(chosen, place))),
            origins=dict(intent.origins),
            version=tool.version if isinstance(tool, VersionedTool) else 0,
            instead_of=numbers[intent.instead_of] if intent.instead_of is not None else 0,
            strict=intent.strict,
        )
        for place, (intent, tool) in enumerate(chosen)
    ]
    return Plan(steps=tuple(sorted(steps, key=lambda step: step.number)))


_Chosen = tuple[Intent, Tool]


def _choose(intent: Intent, toolbox: Toolbox, rank: Rank) -> _Chosen:
    """The intent with the tool that serves it best, of those that can take its values."""
    names = rank((intent.tool, *intent.alternatives)) if intent.alternatives else (intent.tool,)
    for name in names:
        tool = toolbox.get(name, intent.version)
        if tool is not None and not faults(tool.slots, _arguments(tool, intent)):
            return intent, tool
    tool = toolbox.get(intent.tool, intent.version)
    if tool is None:
        raise ToolUnknown(f"I can no longer do that: {intent.text or intent.tool}.")
    return intent, tool


def _arguments(tool: Tool, intent: Intent) -> dict[str, Value]:
    defaults = {slot.name: slot.default for slot in tool.slots if slot.default is not None}
    return {**defaults, **intent.values}


def _groups(chosen: list[_Chosen]) -> list[int]:
    """A number for each place; it grows wherever a "then" was said."""
    return list(accumulate(int(intent.then) for intent, _ in chosen))


def _order(chosen: list[_Chosen]) -> list[int]:
    """Places in the order of the steps. Where a "then" was said, nothing moves across it; what stands in for another
    one comes right after it."""
    groups = _groups(chosen)

    def key(place: int) -> tuple[int, bool, int, int]:
        first = _first(chosen, place)
        return groups[first], isinstance(chosen[first][1], SiteTool), first, place

    return sorted(range(len(chosen)), key=key)


def _first(chosen: list[_Chosen], place: int) -> int:
    """The place that this one stands in for in the end; itself when for none."""
    before = chosen[place][0].instead_of
    return place if before is None else _first(chosen, before)


def _before(chosen: list[_Chosen], place: int) -> set[int]:
    """Places that this one waits for: all before a "then", and earlier ones on the same site; not what it stands in
    for, which is not done when its turn comes."""
    groups, tool = _groups(chosen), chosen[place][1]
    first = _first(chosen, place)
    here = set(tool.navigates) if isinstance(tool, SiteTool) else set()
    return {
        earlier
        for earlier, (_, other) in enumerate(chosen[:place])
        if _first(chosen, earlier) != first
        and (groups[earlier] < groups[first] or (isinstance(other, SiteTool) and here & set(other.navigates)))
    }
