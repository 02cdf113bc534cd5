"""Percept + memory + Toolbox -> Goal, or a short question."""

from __future__ import annotations

from msgspec import Struct

from language.entities import Value


class Intent(Struct, frozen=True, kw_only=True):
    """One thing that the person wants: a tool, what fills its slots, and which required slots are still empty."""

    tool: str
    values: dict[str, Value]
    missing: tuple[str, ...] = ()
    text: str = ""
    origin: str = ""  # where a value came from that the person did not say: "picture", "profile"


class Question(Struct, frozen=True, kw_only=True):
    """A short question whose spoken or pressed answer continues the same task."""

    text: str
    tool: str
    slot: str
    choices: tuple[str, ...] = ()  # spoken forms, in the order shown
    values: tuple[Value, ...] = ()  # their values


class Goal(Struct, frozen=True, kw_only=True):
    """What is wanted, in the order said. `question` is set when it cannot be planned yet; `refusal` when it is no task."""

    intents: tuple[Intent, ...]
    confidence: float
    question: Question | None = None
    refusal: str = ""
