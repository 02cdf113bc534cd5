"""Everything that Leveret can do is a Tool; the Toolbox is where the large action model finds one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from msgspec import Struct, field

from language import templates
from language.entities import PastSlot, Slot, SumSlot, Value, read, say, spoken_forms
from language.saying import joined
from language.similarity import NgramIndex
from teach_mode.skill import Call

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
    @property
    def picture(self) -> str:
        """The address of the picture that came with the request; "" without one."""
        ...

    def now(self) -> datetime:
        """The time in the person's zone, aware."""
        ...

    def said_at(self) -> datetime:
        """When it was said, in the person's zone, aware: before now when it waited for a network."""
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


@runtime_checkable
class VersionedTool(Tool, Protocol):
    """A tool that can change while tasks run: each of them goes on with the version that it was planned with."""

    @property
    def version(self) -> int: ...

    def at_version(self, version: int) -> Tool | None:
        """The tool as it was in that version; None when it cannot be had any more."""
        ...


@runtime_checkable
class ComposedTool(Tool, Protocol):
    """A tool that calls others once it has done its own part, each as a step of its own; most call none.

    `acts`: it has a part of its own. `gives`: names of what it reads, in its own part or by what it calls.
    """

    @property
    def acts(self) -> bool: ...
    @property
    def calls(self) -> tuple[Call, ...]: ...
    @property
    def gives(self) -> tuple[str, ...]: ...


@runtime_checkable
class ListingTool(ComposedTool, Protocol):
    """A tool that reads lists. `lists`: their names, among what it gives."""

    @property
    def lists(self) -> tuple[str, ...]: ...


def lists_of(tool: Tool | None) -> tuple[str, ...]:
    """Names of the lists that a tool reads."""
    return tool.lists if isinstance(tool, ListingTool) else ()


class Phrase(Struct, frozen=True, kw_only=True):
    """One way to say something that a tool does."""

    tool: str
    template: str
    slots: tuple[Slot, ...]  # those of the tool, whether the template names them or not


class Phrasebook(Struct, frozen=True, kw_only=True):
    """All that can be said. The same `version` is the same book."""

    version: int
    phrases: tuple[Phrase, ...]


class Found(NamedTuple):
    """A tool that a search brought up, and how alike it is: above 0, at most 1."""

    tool: Tool
    score: float


class Toolbox:
    """The live set of tools. `version` grows with each change, so that caches can tell."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._index: tuple[int, tuple[Tool, ...], NgramIndex] | None = None
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

    def get(self, name: str, version: int = 0) -> Tool | None:
        """The tool of that name, as it is now, or as it was in a version."""
        tool = self._tools.get(name)
        return tool.at_version(version) if version and isinstance(tool, VersionedTool) else tool

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

    def search(self, text: str, k: int = 5) -> tuple[Found, ...]:
        """The `k` tools whose names, descriptions and utterances are most like the text, best first."""
        if self._index is None or self._index[0] != self.version:
            tools = tuple(self._tools.values())
            self._index = (self.version, tools, NgramIndex(_document(tool) for tool in tools))
        _, tools, index = self._index
        return tuple(Found(tools[hit.index], hit.score) for hit in index.search(text, k))

    def by_importance(self) -> tuple[Tool, ...]:
        """Tools that act on the web first, then the built-in ones, each in the order added."""
        return tuple(sorted(self._tools.values(), key=lambda tool: not isinstance(tool, SiteTool)))

    def abilities(self) -> str:
        """What there is, in a sentence to be spoken: "I can order a pizza, set a timer and tell the time." """
        tools = self.by_importance()
        named = [plain_description(tool) for tool in tools[:NAMED_ALOUD]]
        more = ["more, which the screen shows"] if len(tools) > NAMED_ALOUD else []
        return f"I can {joined(named + more)}." if named else "There is nothing that I can do yet."


def _document(tool: Tool) -> str:
    """What a tool is found by: every word that stands in its templates, and, counting less, those of its choices: they
    may name what other tools are for ("did you book, order, send …")."""
    said = [word for source in tool.utterances for word in sorted(templates.fixed_words(templates.parse(source)))]
    chosen = [words for slot in tool.slots for choice in slot.choices for words in (choice.value, *choice.spoken)]
    own = (tool.name, tool.description, *dict.fromkeys(said))
    return " ".join((*own, *own, *dict.fromkeys(chosen)))


def plain_description(tool: Tool) -> str:
    """A tool's description as it reads after "I can": its first clause."""
    words = tool.description.partition(",")[0].strip().rstrip(".")
    return words[:1].lower() + words[1:]


def example(tool: Tool, now: datetime) -> str:
    """A sentence that asks for the tool, with a usual value in each of its slots."""
    slots = {slot.name: slot for slot in tool.slots}
    for source in tool.utterances:
        found = templates.parse(source)
        if all(not slots[name].is_open or isinstance(slots[name], SumSlot | PastSlot) for name in found.slots):
            return templates.draw(found, lambda name: usual_words(slots[name], now), _Fullest())
    return plain_description(tool)


def usual_words(slot: Slot, now: datetime) -> str:
    """What is often said in a slot: "two", "twenty minutes", "tomorrow at seven"."""
    if isinstance(slot, SumSlot):
        return slot.example
    if isinstance(slot, PastSlot):
        return "yesterday"
    evening = f"{now.date()}T19:00"
    usual: dict[str, Value] = {"integer": 2, "duration": 1200, "when": evening, "time": "19:00", "amount": "20.00"}
    value = usual.get(slot.kind)
    if value is None or slot.many or read(slot, words := say(slot, value, now), now) != value:
        return spoken_forms(slot, now)[0].text
    return words


class _Fullest(Random):
    """Draws every optional word, and the first of several."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        return seq[0]
