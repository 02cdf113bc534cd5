"""Call -> Goal: a tool with values that are given. Nothing is read from words, and all is judged as always."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from cloud.lam.goals import Call, Goal
from cloud.lam.inference import Known, make_intent, next_question, refuse, words_of
from cloud.lam.perception import Percept, Utterance
from cloud.lam.schemas import fits
from cloud.lam.toolbox import Tool, Toolbox
from language.entities import Slot, Value, read
from teach_mode.errors import ValueRefused


def percept_of(text: str, at: datetime) -> Percept:
    """What there is of a call to perceive: `text` is shown for it, and was never uttered."""
    return Percept(utterance=Utterance(text="", spoken=False), text=text, at=at)


def goal_of(call: Call, toolbox: Toolbox, known: Known, percept: Percept) -> Goal:
    """What is wanted. With a question where a value is missing or does not fit; refused when there is no such tool,
    version or value.
    """
    tool = toolbox.get(call.tool, call.version)
    if tool is None:
        of_that = f" in version {call.version}" if call.version and toolbox.get(call.tool) is not None else ""
        return refuse(f"I cannot do {call.tool!r}{of_that}.")
    if unknown := unknown_values(tool, call.arguments):
        return refuse(f"There is no value {unknown[0]!r} in what I was asked to do: {tool.description}.")
    words = words_of(tool, call.arguments, percept.at)
    intent = make_intent(tool, call.arguments, words, known, percept)
    origins = {**intent.origins, **{name: call.origins.get(name, "said") for name in call.arguments}}
    intent = msgspec.structs.replace(intent, origins=origins, version=call.version)
    return next_question(Goal(intents=(intent,), confidence=1.0), toolbox)


def unknown_values(tool: Tool, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of values that the tool has no slot for."""
    slots = {slot.name for slot in tool.slots}
    return tuple(name for name in values if name not in slots)


def values_of(tool: str, slots: tuple[Slot, ...], given: Mapping[str, Value], now: datetime) -> dict[str, Value]:
    """Values as people or programs give them, each as its kind has it. Raises ValueRefused, which names the first that
    does not fit."""
    known = {slot.name: slot for slot in slots}
    values: dict[str, Value] = {}
    for name, one in given.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise ValueRefused(f"{tool} has no value {name[:64]!r}; it has {names}")
        value = value_of(known[name], one, now)
        if value is None:
            choices = ", ".join(choice.value for choice in known[name].choices)
            may_be = f" that can be had; there are {choices}" if choices else ""
            raise ValueRefused(f"{name}={str(one)[:64]!r} is no {known[name].kind}{may_be}")
        values[name] = value
    return values


def value_of(slot: Slot, given: Value, now: datetime) -> Value | None:
    """A value as it was given, or what its words mean ("two", "tomorrow at seven"); None when neither fits."""
    if fits(slot, given):
        return given
    said = read(slot, given, now) if isinstance(given, str) else None
    return said if said is not None and fits(slot, said) else None
