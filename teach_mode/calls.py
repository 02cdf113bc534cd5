"""What can be wrong with a skill that calls others: within its own file, and beside the skills that it calls. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from language.comparisons import Comparison, holds
from language.entities import Slot
from teach_mode.errors import TemplateError
from teach_mode.interfaces import Effect
from teach_mode.skill import GIVEN, Call, Skill
from teach_mode.templates import names_in

# What `instead_of` calls the skill's own steps.
OWN_STEPS = "steps"
MOST_CALLS = 10
MOST_ITEMS = 30
# How deep skills may call skills that call skills.
MOST_DEPTH = 3
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WEIGHTS: dict[Effect, int] = {"read": 0, "reversible": 1, "irreversible": 2}


class Callee(Struct, frozen=True, kw_only=True):
    """What is called, as far as the caller must fit it. `gives`: names of what it reads."""

    name: str
    effect: Effect
    slots: tuple[Slot, ...]
    gives: frozenset[str] = frozenset()
    calls: tuple[Call, ...] = ()


Find = Callable[[str, int], Callee | None]


def own_problems(skill: Skill) -> Iterator[str]:
    """What the file itself shows."""
    if len(skill.calls) > MOST_CALLS:
        yield f"calls: there are {len(skill.calls)}, and at most {MOST_CALLS} are taken"
    known = {parameter.name for parameter in skill.parameters} | set(skill.reads)
    ids = [OWN_STEPS] if skill.steps else []
    for call in skill.calls:
        for problem in _problems_of(call, known, ids):
            yield f"call {call.id!r}: {problem}"
        ids.append(call.id)
        known |= set(call.keeps)


def _problems_of(call: Call, known: set[str], before: list[str]) -> Iterator[str]:
    if not _ID.fullmatch(call.id) or call.id == OWN_STEPS or call.id in before:
        yield "its id must be a lower-case word of its own, with - between its parts"
    here = known | ({"item"} if call.for_each else set())
    for name, template in call.values.items():
        try:
            asked = names_in(template)
        except TemplateError as error:
            yield f"values {name!r}: {error}"
            continue
        for missing in sorted(set(asked) - here):
            yield f"values {name!r}: there is no value {missing!r} before it"
    for name in call.keeps:
        if not _NAME.fullmatch(name) or name in GIVEN or name in known:
            yield f"keeps: the name {name!r} is taken or cannot be used"
    if call.instead_of and call.instead_of not in before:
        yield f"instead_of: there is nothing called {call.instead_of!r} before it"
    if call.strict and not call.instead_of:
        yield "strict says how `instead_of` is meant, and there is none"
    if call.for_each and (call.for_each not in known or call.keeps or call.instead_of):
        yield f"for_each: {call.for_each!r} is a list from before it; it keeps nothing, and stands in for nothing"
    if not 1 <= call.most <= MOST_ITEMS:
        yield f"most: it is 1 to {MOST_ITEMS}"
    if call.when is not None:
        if call.when.value not in known:
            yield f"when: there is no value {call.when.value!r} before it"
        if holds(Comparison(call.when.relation, call.when.than), call.when.than) is None:
            yield f"when: {call.when.than!r} is nothing to compare with"


def problems_beside(skill: Skill, find: Find) -> Iterator[str]:
    """What does not fit the skills that it calls: unknown ones, circles, depth, values, effects."""
    yield from _problems_beside(skill.name, skill.effect, skill.calls, find, (skill.name,))


def _problems_beside(
    name: str, effect: Effect, calls: tuple[Call, ...], find: Find, way: tuple[str, ...]
) -> Iterator[str]:
    for call in calls:
        where = f"{name}: call {call.id!r}"
        if call.skill in way:
            yield f"{where}: {' calls '.join((*way, call.skill))}: that never ends"
            continue
        callee = find(call.skill, call.version)
        if callee is None:
            of = f" in version {call.version}" if call.version else ""
            yield f"{where}: there is no skill {call.skill!r}{of}"
            continue
        if len(way) > MOST_DEPTH:
            yield f"{where}: skills that call skills are taken {MOST_DEPTH} deep"
            continue
        if _WEIGHTS[effect] < _WEIGHTS[callee.effect]:
            yield f"{where}: {name} says {effect}, but {callee.name} is {callee.effect}"
        if callee.calls and (call.when is not None or call.for_each):
            yield f"{where}: `when` and `for_each` are for a skill that calls none"
        yield from (f"{where}: {problem}" for problem in _values_beside(call, callee))
        yield from _problems_beside(callee.name, callee.effect, callee.calls, find, (*way, call.skill))


def _values_beside(call: Call, callee: Callee) -> Iterator[str]:
    slots = {slot.name: slot for slot in callee.slots}
    for value in call.values:
        if value not in slots:
            yield f"{callee.name} has no parameter {value!r}; it has {', '.join(slots) or 'none'}"
    for slot in callee.slots:
        told = slot.name in call.values or not slot.required or slot.default is not None
        if not told and getattr(slot, "source", "request") == "request":
            yield f"{callee.name} needs a value for {slot.name!r}"
    for kept, given in call.keeps.items():
        if given not in callee.gives:
            yield f"keeps {kept!r}: {callee.name} reads no {given!r}; it reads {', '.join(sorted(callee.gives)) or '-'}"
