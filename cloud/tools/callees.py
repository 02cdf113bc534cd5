"""Skills beside those that they call: what these must know of the person, and whether the two fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from cloud.lam.toolbox import ComposedTool, Tool, Toolbox
from language.entities import Slot
from teach_mode.calls import Callee, problems_beside
from teach_mode.errors import SkillContradictory
from teach_mode.skill import Skill

Find = Callable[[str, int], Tool | None]


def facts_for(skill: Skill, find: Find) -> tuple[Slot, ...]:
    """Facts about the person that what it calls needs, and that neither it nor its calls have yet: they are filled, or
    asked for, before anything begins."""
    known = {parameter.name for parameter in skill.parameters}
    facts: dict[str, Slot] = {}
    for call in skill.calls:
        callee = find(call.skill, call.version) if call.skill != skill.name else None
        for slot in callee.slots if callee is not None else ():
            if getattr(slot, "source", "request") == "profile" and slot.name not in known | set(call.values):
                facts.setdefault(slot.name, slot)
    return tuple(facts.values())


def check_calls(skill: Skill, toolbox: Toolbox) -> None:
    """Raises SkillContradictory when a skill does not fit what it calls, as that is now."""
    for problem in problems(skill, toolbox):
        raise SkillContradictory(problem)


def problems(skill: Skill, toolbox: Toolbox) -> Iterator[str]:
    """What does not fit, in sentences."""

    def find(name: str, version: int) -> Callee | None:
        tool = toolbox.get(name, version)
        return callee_of(tool) if tool is not None else None

    return problems_beside(skill, find)


def callee_of(tool: Tool) -> Callee:
    """A tool as its caller must fit it."""
    plain = Callee(name=tool.name, effect=tool.effect, slots=tool.slots)
    if not isinstance(tool, ComposedTool):
        return plain
    return msgspec.structs.replace(plain, gives=frozenset(tool.gives), calls=tool.calls)
