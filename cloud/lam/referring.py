"""What an intent takes of those said before it: "and then track it", "if the total is over 20", "for each of them"."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cloud.lam.goals import Intent
from cloud.lam.perception import Reading
from cloud.lam.toolbox import ComposedTool, SiteTool, Tool, Toolbox, lists_of
from language.entities import Slot
from language.similarity import stem, words_of
from teach_mode.skill import Check

# Words that name nothing but what was spoken of.
POINTING = frozenset(
    (
        "it",
        "that",
        "this",
        "them",
        "those",
        "these",
        "that one",
        "this one",
        "the same",
        "each",
        "each one",
        "each of them",
    )
)
_CARRIED = re.compile(r"^of\d+_")
_PRICES = ("price", "total", "cost", "amount", "fee", "fare", "sum")
NOT_READ = "I cannot hold anything against that: nothing before it reads it."
NO_PRICE = "I can compare a price only before I order or book something; say what I should look at first."


def carried_name(place: int, name: str) -> str:
    """How what the intent in that place reads is called by those after it."""
    return f"of{place}_{name}"


def plain_name(name: str) -> str:
    """A value's name as people say it."""
    return _CARRIED.sub("", name).replace("_", " ")


def referred(intent: Intent, reading: Reading, before: Sequence[Intent], toolbox: Toolbox) -> Intent | str:
    """The intent with what it takes of those before it; or a sentence that says why that cannot be."""
    tool = toolbox.get(intent.tool)
    if tool is None:
        return intent
    if reading.each:
        return _for_each(intent, tool, before, toolbox)
    intent = _with_its_words(intent, tool, before, toolbox)
    if reading.only_if is None:
        return intent
    if reading.of_itself:
        # Only what acts on a site brings to judgement what the site says it costs.
        shown = tool.effect == "irreversible" and isinstance(tool, SiteTool)
        return msgspec.structs.replace(intent, only_if=reading.only_if) if shown else NO_PRICE
    found = _value_named(reading.what, before, toolbox)
    if found is None:
        return NOT_READ
    check = Check(value=found, relation=reading.only_if.relation, than=reading.only_if.than)
    return msgspec.structs.replace(intent, when=check, then=True)


def _for_each(intent: Intent, tool: Tool, before: Sequence[Intent], toolbox: Toolbox) -> Intent | str:
    lists = lists_of(toolbox.get(before[-1].tool)) if before else ()
    slot = next((slot for slot in tool.slots if _points(slot, intent)), None)
    slot = slot or next((slot for slot in tool.slots if slot.is_open and slot.name in intent.missing), None)
    if not lists or slot is None:
        return NOT_READ
    bare = _without(intent, slot.name)
    each = carried_name(len(before) - 1, lists[0])
    return msgspec.structs.replace(bare, each=each, carried={slot.name: "{item}"}, then=True)


def _with_its_words(intent: Intent, tool: Tool, before: Sequence[Intent], toolbox: Toolbox) -> Intent:
    """What "it" stands for, in each slot in which it was said."""
    for slot in tool.slots:
        found = _value_for(slot, before, toolbox) if _points(slot, intent) else None
        if found is not None:
            bare = _without(intent, slot.name)
            carried = {**bare.carried, slot.name: f"{{{found}}}"}
            intent = msgspec.structs.replace(bare, carried=carried, then=True)
    return intent


def _points(slot: Slot, intent: Intent) -> bool:
    value = intent.values.get(slot.name)
    return slot.is_open and isinstance(value, str) and value.strip().lower() in POINTING


def _without(intent: Intent, name: str) -> Intent:
    return msgspec.structs.replace(
        intent,
        values={key: value for key, value in intent.values.items() if key != name},
        origins={key: origin for key, origin in intent.origins.items() if key != name},
        missing=tuple(key for key in intent.missing if key != name),
    )


def _gives(intent: Intent, toolbox: Toolbox) -> tuple[str, ...]:
    tool = toolbox.get(intent.tool)
    return tuple(tool.gives) if isinstance(tool, ComposedTool) else ()


def _value_for(slot: Slot, before: Sequence[Intent], toolbox: Toolbox) -> str | None:
    """Of the nearest that reads anything: what has the slot's name, else the first."""
    for place in reversed(range(len(before))):
        given = _gives(before[place], toolbox)
        if given:
            return carried_name(place, slot.name if slot.name in given else given[0])
    return None


def _value_named(what: str, before: Sequence[Intent], toolbox: Toolbox) -> str | None:
    """Of the nearest that reads it: what is called so; for "it" the one thing that is read, or the one price of it."""
    wanted = {stem(word) for word in words_of(what)}
    for place in reversed(range(len(before))):
        given = _gives(before[place], toolbox)
        names = {name: {stem(word) for word in words_of(name.replace("_", " "))} for name in given}
        fitting = [name for name in given if wanted and wanted <= names[name]]
        if not wanted:
            fitting = list(given) if len(given) == 1 else [name for name in given if names[name] & set(_PRICES)]
        if len(fitting) == 1:
            return carried_name(place, fitting[0])
    return None
