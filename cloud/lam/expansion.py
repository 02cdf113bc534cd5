"""Tools that call others -> one call after another, each with the scope in which its values are known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from cloud.lam.errors import ToolUnknown
from cloud.lam.goals import Intent, Origin
from cloud.lam.referring import carried_name
from cloud.lam.toolbox import ComposedTool, Tool, Toolbox, plain_description
from language.entities import Value
from teach_mode.calls import MOST_DEPTH, OWN_STEPS
from teach_mode.skill import Call, Check


class Scope(Struct, frozen=True, kw_only=True):
    """Where values are known by their names: `values` from the start, and what is read by the steps of it.

    `fills`: templates over the scope `parent` (0: all that was said), whose values are known here as well. `keeps`:
    what is known there, too, by its name there.
    """

    number: int
    parent: int = 0
    values: dict[str, Value] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)


class Piece(Struct, frozen=True, kw_only=True):
    """One call of a plan in the making. `lead`: the piece that it is ordered with; `needs`: those of its own tool that
    it builds on; `instead_of`: the one that it stands in for. All are places in the row of pieces."""

    place: int
    lead: int
    group: int
    tool: Tool
    intent: Intent
    arguments: dict[str, Value]
    words: str
    origins: dict[str, Origin]
    needs: tuple[int, ...] = ()
    instead_of: int | None = None
    strict: bool = False
    scope: int = 0
    fills: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)
    when: Check | None = None
    each: str = ""
    most: int = 0


class Expansion:
    """Grows pieces and scopes, intent by intent. Raises ToolUnknown when something that is called is gone."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox
        self.pieces: list[Piece] = []
        self.scopes: list[Scope] = []
        self._firsts: list[int] = []  # of each intent, the place of its first piece

    def add(self, intent: Intent, tool: Tool, arguments: dict[str, Value], group: int) -> None:
        """The pieces of one more intent."""
        instead_of = self._firsts[intent.instead_of] if intent.instead_of is not None else None
        place = len(self.pieces)
        self._firsts.append(place)
        lead = self.pieces[instead_of].lead if instead_of is not None else place
        first = Piece(
            place=place,
            lead=lead,
            group=self.pieces[lead].group if lead != place else group,
            tool=tool,
            intent=intent,
            arguments=arguments,
            words=intent.text or tool.description,
            origins=dict(intent.origins),
            instead_of=instead_of,
            strict=intent.strict,
        )
        number = len(self._firsts) - 1
        told = {carried_name(number, name): name for name in tool.gives} if isinstance(tool, ComposedTool) else {}
        if not isinstance(tool, ComposedTool) or not tool.calls:
            self.pieces.append(replace(first, keeps=told, fills=intent.carried, when=intent.when, each=intent.each))
            return
        if intent.when is not None or intent.each:
            raise ToolUnknown(f"I cannot do that in one go: {first.words} has several parts.")
        scope = self._open(values=arguments, origins=dict(intent.origins), fills=dict(intent.carried), keeps=told)
        self._compose(tool, first, scope, depth=1)

    def _open(self, **what: object) -> Scope:
        scope = Scope(number=len(self.scopes) + 1, **what)  # type: ignore[arg-type]
        self.scopes.append(scope)
        return scope

    def _compose(self, tool: ComposedTool, first: Piece, scope: Scope, depth: int) -> None:
        """The tool's own part, then what it calls. `first` is what the first piece is like."""
        places: dict[str, tuple[int, ...]] = {}
        begun = len(self.pieces)
        if tool.acts:
            own = {name: name for name in tool.gives}
            piece = replace(first, tool=tool, scope=scope.number, keeps=own, words=first.words)
            places[OWN_STEPS] = (self._put(piece, first, begun, ()),)
        for call in tool.calls:
            before = len(self.pieces)
            replaced = places.get(call.instead_of, ())
            self._call(call, first, scope, depth, replaced[0] if replaced else None, begun)
            places[call.id] = tuple(range(before, len(self.pieces)))

    def _put(self, piece: Piece, first: Piece, begun: int, chain: Sequence[int]) -> int:
        """Puts a piece into the row; it builds on all that came before it in its tool, not on what it stands in for."""
        place = len(self.pieces)
        if place == begun:
            piece = replace(piece, instead_of=first.instead_of, strict=first.strict)
        needs = tuple(at for at in range(first.place, place) if at not in chain)
        self.pieces.append(replace(piece, place=place, needs=needs))
        return place

    def _call(self, call: Call, first: Piece, scope: Scope, depth: int, replaced: int | None, begun: int) -> None:
        tool = self._toolbox.get(call.skill, call.version)
        if tool is None or depth > MOST_DEPTH:
            raise ToolUnknown(f"I can no longer do that: {first.words} calls {call.skill}, which I cannot find.")
        known = {slot.name for slot in tool.slots}
        told = {name: value for name, value in first.intent.values.items() if name in _profile(tool)}
        defaults = {slot.name: slot.default for slot in tool.slots if slot.default is not None}
        arguments = {name: value for name, value in (defaults | told).items() if name not in call.values}
        piece = replace(
            first,
            tool=tool,
            arguments=arguments,
            origins={name: first.intent.origins.get(name, "profile") for name in arguments},
            words=plain_description(tool),
            scope=scope.number,
            fills={name: template for name, template in call.values.items() if name in known},
            keeps=dict(call.keeps),
            when=call.when,
            each=call.for_each,
            most=call.most,
            instead_of=replaced,
            strict=call.strict,
        )
        if isinstance(tool, ComposedTool) and tool.calls:
            inner = self._open(
                parent=scope.number,
                values=arguments,
                origins=dict(piece.origins),
                fills=piece.fills,
                keeps=piece.keeps,
            )
            if call.when is not None or call.for_each:
                raise ToolUnknown(f"I cannot do that: {first.words} calls {call.skill} in a way that has no end.")
            self._compose(tool, replace(piece, place=first.place, fills={}, keeps={}), inner, depth + 1)
            return
        chain = tuple(_chain(self.pieces, replaced))
        self._put(piece, first, begun, chain)


def called(tool: Tool, toolbox: Toolbox, depth: int = 0) -> Iterator[str]:
    """Names of all that a tool calls, and what that calls."""
    if isinstance(tool, ComposedTool) and depth <= MOST_DEPTH:
        for call in tool.calls:
            yield call.skill
            callee = toolbox.get(call.skill, call.version)
            if callee is not None:
                yield from called(callee, toolbox, depth + 1)


def _profile(tool: Tool) -> set[str]:
    """Slots that are filled from what is known of the person."""
    return {slot.name for slot in tool.slots if getattr(slot, "source", "request") == "profile"}


def _chain(pieces: Sequence[Piece], place: int | None) -> Iterator[int]:
    while place is not None:
        yield place
        place = pieces[place].instead_of
