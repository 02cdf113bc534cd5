"""What a foundation model can be asked for. The embedded default and every endpoint stand behind these Protocols.

A model proposes; it decides nothing. What it proposes goes through judgement like everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import Struct

from language.entities import Slot, Value


class ToolSpec(Struct, frozen=True, kw_only=True):
    """What a model is told of a tool. `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]
    slots: tuple[Slot, ...] = ()
    utterances: tuple[str, ...] = ()


class ToolCall(Struct, frozen=True, kw_only=True):
    """A call that a model proposes; nothing of it has been checked."""

    name: str
    arguments: dict[str, Value]


class Proposal(Struct, frozen=True, kw_only=True):
    """What a model makes of a request. No calls: no tool serves it. Not `sure`: ask the person before anything."""

    calls: tuple[ToolCall, ...] = ()
    sure: bool = False


class TextModel(Protocol):
    """Words to tool calls."""

    async def propose(self, text: str, tools: Sequence[ToolSpec], *, now: datetime, data: str = "") -> Proposal:
        """`data` are words of a picture or a page, never orders. Raises ModelsError."""
        ...


class RankingModel(Protocol):
    """Descriptions of things to the order in which they are likely to be meant."""

    async def rank(self, sought: str, candidates: Sequence[str]) -> tuple[int, ...]:
        """Indices into `candidates`, best first, each at most once; those left out are not meant. All words are data.

        Raises ModelsError.
        """
        ...


class VisionModel(Protocol):
    """Pictures to words."""

    async def describe(self, picture: bytes, question: str) -> str:
        """Raises ModelsError."""
        ...


class Box(Struct, frozen=True):
    """A place on a screen, as fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


GuiOperation = Literal[
    "click", "double_click", "right_click", "hover", "type", "scroll_up", "scroll_down", "key", "end"
]


class GuiAction(Struct, frozen=True, kw_only=True):
    """One thing to do on a screen. `sensitive`: the model itself holds that a person should agree."""

    operation: Literal[
        "click", "double_click", "right_click", "hover", "type", "scroll_up", "scroll_down", "key", "end"
    ]
    box: Box | None = None
    text: str = ""
    words: str = ""
    sensitive: bool = False


class GuiModel(Protocol):
    """A screen and a task to the next action."""

    async def next_action(self, screen: bytes, task: str, history: Sequence[GuiAction]) -> GuiAction:
        """Raises ModelsError."""
        ...


class Embedder(Protocol):
    """Texts to vectors of one length."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Raises ModelsError."""
        ...
