"""What a proposal found, held against the key. Places, not names, say which parameter is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from benchmarks.generalizing.key import Meant, Said, Task, Wanted
from language import templates
from language.entities import Value, read
from teach_mode.generalize import Proposal
from teach_mode.skill import Loop, Parameter, Skill

StepMap = Mapping[int, Sequence[str]]
"""The steps that the recorder made of each step of the script, from 1."""


class Verdict(Struct, frozen=True, kw_only=True):
    """`names` are the parameters found for those wanted, by number; `missing` and `extra` say what is wrong."""

    names: dict[int, str]
    wanted: int
    found: int
    missing: list[str]
    extra: list[str]
    acts_right: int
    acts_wrong: int
    secrets_right: int
    loops_right: int
    loops_wrong: int

    @property
    def right(self) -> int:
        return len(self.names)


def judge(task: Task, proposal: Proposal, shown: StepMap) -> Verdict:
    """How the proposal fares."""
    places: dict[str, set[str]] = {}
    for chip in proposal.chips:
        if chip.kind == "parameter":
            places.setdefault(chip.parameter, set()).update(chip.shown)
    names: dict[int, str] = {}
    for number, wanted in enumerate(task.parameters):
        ids = {one for at in wanted.at for one in shown.get(at, ())}
        for parameter in proposal.skill.parameters:
            free = parameter.name not in names.values() and places.get(parameter.name, set()) & ids
            if free and _fits(parameter, wanted):
                names[number] = parameter.name
                break
    acts = {chip.shown for chip in proposal.chips if chip.kind == "irreversible"}
    wanted_acts = [set(shown.get(at, ())) for at in task.irreversible]
    right = sum(any(set(act) & ids for act in acts) for ids in wanted_acts)
    wrong = sum(not any(set(act) & ids for ids in wanted_acts) for act in acts) + len(wanted_acts) - right
    looped = [
        (names.get(one.parameter, one.over), {step for at in one.steps for step in shown.get(at, ())})
        for one in task.loops
    ]
    made = [(loop.for_each or "rows", _looped(proposal, loop)) for loop in proposal.skill.loops]
    loops_right = sum(one in made for one in looped)
    secrets = {one for chip in proposal.chips if chip.kind == "secret" for one in chip.shown}
    return Verdict(
        names=names,
        wanted=len(task.parameters),
        found=len(proposal.skill.parameters),
        missing=[
            f"at {'+'.join(map(str, one.at))} ({'|'.join(one.kinds)})"
            for number, one in enumerate(task.parameters)
            if number not in names
        ],
        extra=[f"{one.name} ({one.kind})" for one in proposal.skill.parameters if one.name not in names.values()],
        acts_right=right,
        acts_wrong=wrong,
        secrets_right=sum(bool(set(shown.get(at, ())) & secrets) for at in task.secret),
        loops_right=loops_right,
        loops_wrong=len(looped) - loops_right + sum(one not in looped for one in made),
    )


def _looped(proposal: Proposal, loop: Loop) -> set[str]:
    """The steps shown that a loop was made of."""
    ids = [step.id for step in proposal.skill.steps]
    inside = ids[ids.index(loop.first) : ids.index(loop.last) + 1]
    return {one for chip in proposal.chips if chip.kind == "loop" and chip.step in inside for one in chip.shown}


def _fits(parameter: Parameter, wanted: Wanted) -> bool:
    offered = wanted.choices and parameter.kind == "choice" and len(parameter.choices) != wanted.choices
    return (
        parameter.kind in wanted.kinds
        and not offered
        and parameter.many == wanted.many
        and (parameter.source == "profile") == wanted.profile
    )


def values_for(
    said: Said, task: Task, proposal: Proposal, verdict: Verdict, now: datetime
) -> tuple[dict[str, Value], bool]:
    """What the skill runs with, and whether its own templates understood the sentence."""
    understood = _understood(proposal.skill, said.sentence, now)
    values: dict[str, Value] = dict(understood or {})
    for number, name in verdict.names.items():
        parameter = proposal.skill.parameter(name)
        if parameter is not None and (name not in values or parameter.source == "profile"):
            value = _meant(parameter, said.values[number], now)
            if value not in (None, "", ()) and (understood is None or parameter.source == "profile"):
                values[name] = value  # type: ignore[assignment]
    return values, understood is not None


def _understood(skill: Skill, sentence: str, now: datetime) -> dict[str, Value] | None:
    slots = {one.name: one for one in skill.parameters if one.source == "request"}
    for source in skill.utterances:
        values = templates.match(sentence, templates.parse(source), slots, now, read)
        if values is not None:
            return values
    return None


def _meant(parameter: Parameter, meant: Meant, now: datetime) -> Value | None:
    if isinstance(meant, list):
        items = (_meant_one(parameter, one, now) for one in meant)
        return tuple(str(item) for item in items if item is not None)
    return _meant_one(parameter, meant, now)


def _meant_one(parameter: Parameter, meant: str, now: datetime) -> Value | None:
    if parameter.kind == "integer":
        return int(meant) if meant.lstrip("-").isdigit() else None
    if parameter.kind == "choice":
        one = Parameter(name=parameter.name, kind="choice", choices=parameter.choices)
        return read(one, meant, now)
    return meant
