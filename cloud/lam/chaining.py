"""A sentence of several wishes -> a skill that calls what does them: what was understood once is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cloud.lam.goals import Goal, Intent
from cloud.lam.toolbox import Toolbox
from language.entities import Slot, Value
from language.similarity import words_of
from teach_mode.calls import OWN_STEPS
from teach_mode.errors import SkillContradictory
from teach_mode.interfaces import Effect
from teach_mode.skill import FORMAT, Call, Parameter, Skill
from teach_mode.templates import literal

_CARRIED = re.compile(r"\bof(\d+)_([a-z0-9_]+)")
# What is said of time counts from when it is said, so a chain asks for it anew.
_MOMENTS = frozenset({"date", "time", "when"})
_WEIGHTS: dict[Effect, int] = {"read": 0, "reversible": 1, "irreversible": 2}
_MOST_NAME_CHARS = 40


def chain(say: str, does: str, goal: Goal, toolbox: Toolbox) -> Skill:
    """A skill that is asked for by `say` and does what the goal of `does` is. Raises SkillContradictory."""
    name = "_".join(words_of(say))[:_MOST_NAME_CHARS].strip("_") or "chain"
    empty = Skill(format=FORMAT, name=name, description=does, effect="read", utterances=(say,))
    return _with_calls(empty, goal.intents, 0, toolbox)


def prolonged(skill: Skill, goal: Goal, toolbox: Toolbox) -> Skill:
    """The skill with what comes after it: the goal's first intent is the skill itself. Raises SkillContradictory."""
    return _with_calls(skill, goal.intents, 1, toolbox)


def _with_calls(skill: Skill, intents: Sequence[Intent], first: int, toolbox: Toolbox) -> Skill:
    calls = list(skill.calls)
    parameters = {parameter.name: parameter for parameter in skill.parameters}
    ids = [OWN_STEPS] * first
    names = (
        {(0, given): given for given in (*skill.reads, *(name for call in calls for name in call.keeps))}
        if first
        else {}
    )
    taken = set(parameters) | set(names.values())
    asked = [(int(at), name) for intent in intents for text in _texts(intent) for at, name in _CARRIED.findall(text)]
    effects = [skill.effect]
    for place, intent in enumerate(intents[first:], first):
        tool = toolbox.get(intent.tool)
        if tool is None or intent.only_if is not None:
            why = "a price is compared when it is said" if tool is not None else "I can no longer do that"
            raise SkillContradictory(f"{intent.text}: {why}, and not kept in a chain")
        effects.append(tool.effect)
        values = _values(intent, tool.slots, parameters, taken)
        keeps = {}
        for at, given in dict.fromkeys(asked):
            if at == place and (at, given) not in names:
                kept = given if given not in taken else f"{given}_{place}"
                names[at, given], keeps[kept] = kept, given
                taken.add(kept)
        ids.append(_id_of(intent.tool, ids, calls))
        when = intent.when and msgspec.structs.replace(intent.when, value=_plain(intent.when.value, names))
        calls.append(
            Call(
                id=ids[-1],
                skill=intent.tool,
                values={slot: _plain(template, names) for slot, template in values.items()},
                keeps=keeps,
                when=when,
                instead_of=ids[intent.instead_of] if intent.instead_of is not None else "",
                strict=intent.strict,
                for_each=_plain(intent.each, names),
            )
        )
    worst = max(effects, key=_WEIGHTS.__getitem__)
    return msgspec.structs.replace(
        skill, calls=tuple(calls), parameters=tuple(parameters.values()), effect=worst, version=skill.version
    )


def _values(intent: Intent, slots: Sequence[Slot], parameters: dict[str, Parameter], taken: set[str]) -> dict[str, str]:
    """Templates for a call's parameters: words as they were said, and a parameter for what is said anew each time."""
    values = dict(intent.carried)
    for slot in slots:
        if slot.name in values or intent.origins.get(slot.name) == "profile":
            continue
        if slot.name in intent.values and slot.kind not in _MOMENTS:
            values[slot.name] = literal(_text(intent.values[slot.name]))
        elif slot.name in intent.values or slot.name in intent.missing:
            plain = {name: getattr(slot, name) for name in Slot.__struct_fields__}
            if parameters.setdefault(slot.name, Parameter(**plain)).kind != slot.kind:
                raise SkillContradictory(f"{intent.text}: two of its parts ask for another {slot.name!r}")
            taken.add(slot.name)
            values[slot.name] = f"{{{slot.name}}}"
    return values


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts(intent: Intent) -> tuple[str, ...]:
    return (*intent.carried.values(), intent.each, intent.when.value if intent.when is not None else "")


def _plain(text: str, names: dict[tuple[int, str], str]) -> str:
    """A template or name with the names under which the chain keeps what was read."""
    return _CARRIED.sub(lambda match: names.get((int(match[1]), match[2]), match[0]), text)


def _id_of(tool: str, ids: Sequence[str], calls: Sequence[Call]) -> str:
    plain = tool.replace("_", "-")
    known = {*ids, *(call.id for call in calls)}
    return next(one for one in (plain, *(f"{plain}-{number}" for number in range(2, 99))) if one not in known)
