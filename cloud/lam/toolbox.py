"""Everything that Leveret can do is a Tool; the Toolbox is where the large action model finds one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct, field

from language import templates
from language.entities import Slot, Value, spoken_forms
from language.saying import joined

NAMED_ALOUD = 6

Effect = Literal["read", "reversible", "irreversible"]
Status = Literal["done", "failed", "refused", "cancelled", "unknown"]


class Row(Struct, frozen=True):
    """A line of a card: what it is, and what it says."""

    label: str
    value: str


class Card(Struct, frozen=True, kw_only=True):
    """What the device's screen and the portal show of an answer."""

    title: str
    body: str = ""
    rows: tuple[Row, ...] = ()


class Outcome(Struct, frozen=True, kw_only=True):
    """How a step ended. `sentence` is spoken; `unknown`: an act may have happened, and could not be confirmed."""

    status: Status
    sentence: str
    card: Card | None = None
    evidence: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


class Run(Protocol):
    """What a running tool may ask of the task that runs it."""

    @property
    def task(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def step(self) -> int: ...
    @property
    def deadline(self) -> datetime: ...

    def now(self) -> datetime:
        """The time in the person's zone, aware."""
        ...

    async def progress(self, text: str, *, number: int = 0, of: int = 0) -> None:
        """Tells the person what is being done; also an event."""
        ...

    async def event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Appends to the task's events."""
        ...


class Tool(Protocol):
    """One thing that can be done. `utterances` are templates in the syntax of `language.templates`."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def slots(self) -> tuple[Slot, ...]: ...
    @property
    def utterances(self) -> tuple[str, ...]: ...
    @property
    def effect(self) -> Effect: ...

    async def run(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        """Does it. Raises `lam.errors.ToolError` for what it can name; cancellation is honoured at once."""
        ...


@runtime_checkable
class SiteTool(Tool, Protocol):
    """A tool that acts on websites. It brings each irreversible act to judgement itself, with what the site says."""

    @property
    def navigates(self) -> tuple[str, ...]:
        """Hosts ("shop.example", "127.0.0.1:8400") or origins that it may navigate to."""
        ...


class Phrase(Struct, frozen=True, kw_only=True):
    """One way to say something that a tool does."""

    tool: str
    template: str
    slots: tuple[Slot, ...]  # those of the tool, whether the template names them or not


class Phrasebook(Struct, frozen=True, kw_only=True):
    """All that can be said. The same `version` is the same book."""

    version: int
    phrases: tuple[Phrase, ...]


class Toolbox:
    """The live set of tools. `version` grows with each change, so that caches can tell."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self.version = 0
        for tool in tools:
            self.add(tool)

    def add(self, tool: Tool) -> None:
        """Adds or replaces a tool by its name."""
        self._tools[tool.name] = tool
        self.version += 1

    def remove(self, name: str) -> None:
        """Forgets a tool; unknown names are ignored."""
        if self._tools.pop(name, None) is not None:
            self.version += 1

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)

    def phrasebook(self) -> Phrasebook:
        """All templates with their slots, in the order in which the tools were added."""
        phrases = tuple(
            Phrase(tool=tool.name, template=template, slots=tool.slots)
            for tool in self._tools.values()
            for template in tool.utterances
        )
        return Phrasebook(version=self.version, phrases=phrases)

    def by_importance(self) -> tuple[Tool, ...]:
        """Tools that act on the web first, then the built-in ones, each in the order added."""
        return tuple(sorted(self._tools.values(), key=lambda tool: not isinstance(tool, SiteTool)))

    def abilities(self) -> str:
        """What there is, in a sentence to be spoken: "I can order a pizza, set a timer and tell the time." """
        tools = self.by_importance()
        named = [plain_description(tool) for tool in tools[:NAMED_ALOUD]]
        more = ["more, which the screen shows"] if len(tools) > NAMED_ALOUD else []
        return f"I can {joined(named + more)}." if named else "There is nothing that I can do yet."


def plain_description(tool: Tool) -> str:
    """A tool's description as it reads after "I can"."""
    words = tool.description.strip().rstrip(".")
    return words[:1].lower() + words[1:]


def example(tool: Tool, now: datetime) -> str:
    """A sentence that asks for the tool, its slots filled with the first thing that can be said of each."""
    slots = {slot.name: slot for slot in tool.slots}
    for source in tool.utterances:
        found = templates.parse(source)
        if all(not slots[name].is_open for name in found.slots):
            return templates.draw(found, lambda name: spoken_forms(slots[name], now)[0].text, Random(0))
    return plain_description(tool)
