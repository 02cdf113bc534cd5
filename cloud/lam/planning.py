"""Goal -> Plan: steps, each one call of a tool, with what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate

from msgspec import Struct, field

from cloud.lam.errors import ToolUnknown
from cloud.lam.expansion import Expansion, Piece, Scope
from cloud.lam.goals import Goal, Intent, Origin
from cloud.lam.schemas import faults
from cloud.lam.toolbox import Effect, SiteTool, Tool, Toolbox, VersionedTool
from language.comparisons import Comparison
from language.entities import Value
from teach_mode.skill import Check


class Step(Struct, frozen=True, kw_only=True):
    """One call. `after` are the numbers of steps that must be done before.

    `instead_of`: the number of the step that it is done in place of, should that come to nothing (`strict`: only where
    it is not to be had). `because`: what came of that, once it is known. `fills` are templates for further arguments
    over what is known in `scope` by then, and `keeps` what is known there from then on, by the name it was read under.
    `when` must hold there; `each` names a list there: the step is done for each `{item}`, at most `most` of them.
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
    scope: int = 0
    fills: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)
    when: Check | None = None
    each: str = ""
    most: int = 0
    only_if: Comparison | None = None  # what it costs must be so


class Plan(Struct, frozen=True, kw_only=True):
    steps: tuple[Step, ...]
    scopes: tuple[Scope, ...] = ()


Rank = Callable[[Iterable[str]], tuple[str, ...]]


def make_plan(goal: Goal, toolbox: Toolbox, rank: Rank) -> Plan:
    """Steps in the order in which they are best begun: what costs little and asks nothing goes before what acts on a
    site, so that a timer starts when it was asked for. Steps on the same site wait for one another, as do those that
    the person put in order ("and then") and those of one tool that calls others. Raises ToolUnknown when a tool of the
    goal is gone.
    """
    expansion = Expansion(toolbox)
    groups = accumulate(int(intent.then) for intent in goal.intents)
    for intent, group in zip(goal.intents, groups, strict=True):
        tool = _choose(intent, toolbox, rank)
        expansion.add(intent, tool, _arguments(tool, intent), group)
    pieces = expansion.pieces
    numbers = {place: number for number, place in enumerate(_order(pieces), 1)}
    steps = [
        Step(
            number=numbers[piece.place],
            tool=piece.tool.name,
            arguments=piece.arguments,
            effect=piece.tool.effect,
            words=piece.words,
            after=tuple(sorted(numbers[before] for before in _before(pieces, piece))),
            origins=piece.origins,
            version=piece.tool.version if isinstance(piece.tool, VersionedTool) else 0,
            instead_of=numbers[piece.instead_of] if piece.instead_of is not None else 0,
            strict=piece.strict,
            scope=piece.scope,
            fills=piece.fills,
            keeps=piece.keeps,
            when=piece.when,
            each=piece.each,
            most=piece.most,
            only_if=piece.intent.only_if,
        )
        for piece in pieces
    ]
    return Plan(steps=tuple(sorted(steps, key=lambda step: step.number)), scopes=tuple(expansion.scopes))


def _choose(intent: Intent, toolbox: Toolbox, rank: Rank) -> Tool:
    """The tool that serves an intent best, of those that can take its values."""
    names = rank((intent.tool, *intent.alternatives)) if intent.alternatives else (intent.tool,)
    for name in names:
        tool = _tool(intent, name, toolbox)
        if tool is not None and not faults(tool.slots, _arguments(tool, intent)):
            return tool
    tool = _tool(intent, intent.tool, toolbox)
    if tool is None:
        raise ToolUnknown(f"I can no longer do that: {intent.text or intent.tool}.")
    return tool


def _tool(intent: Intent, name: str, toolbox: Toolbox) -> Tool | None:
    return toolbox.get(name, intent.version if name == intent.tool else 0)


def _arguments(tool: Tool, intent: Intent) -> dict[str, Value]:
    defaults = {slot.name: slot.default for slot in tool.slots if slot.default is not None}
    return {**defaults, **intent.values}


def _order(pieces: list[Piece]) -> list[int]:
    """Places in the order of the steps. Where a "then" was said, nothing moves across it; what stands in for another
    one, and what a tool calls, stays behind it."""

    def key(piece: Piece) -> tuple[int, bool, int, int]:
        lead = pieces[piece.lead]
        return lead.group, isinstance(lead.tool, SiteTool), piece.lead, piece.place

    return [piece.place for piece in sorted(pieces, key=key)]


def _first(pieces: list[Piece], piece: Piece) -> int:
    """The place that this one stands in for in the end; its own when for none."""
    return piece.place if piece.instead_of is None else _first(pieces, pieces[piece.instead_of])


def _before(pieces: list[Piece], piece: Piece) -> set[int]:
    """Places that this one waits for: all before a "then", earlier ones on the same site, and what it builds on; not
    what it stands in for, which is not done when its turn comes."""
    here = set(piece.tool.navigates) if isinstance(piece.tool, SiteTool) else set()
    first = _first(pieces, piece)

    def waits_for(other: Piece) -> bool:
        if other.lead == piece.lead:
            return other.place in piece.needs and _first(pieces, other) != first
        return other.group < piece.group or (
            isinstance(other.tool, SiteTool) and bool(here & set(other.tool.navigates))
        )

    return {other.place for other in pieces[: piece.place] if waits_for(other)}
