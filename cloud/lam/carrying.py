"""What is known in each scope of a plan, by what its steps read so far. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from cloud.lam.calling import value_of
from cloud.lam.expansion import Scope
from cloud.lam.goals import Origin
from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Outcome, Tool
from language.entities import Value
from teach_mode.errors import TemplateError
from teach_mode.templates import names_in, render

# In an outcome's data: what was read, by its names.
READ = "values"
ITEM = "item"
_ONE_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Known(msgspec.Struct, frozen=True):
    """What is known, and where it came from."""

    values: dict[str, Value]
    origins: dict[str, Origin]


def known_in(scope: int, plan: Plan, ended: Mapping[int, Outcome]) -> Known:
    """What is known in a scope when all of `ended` were done, in the order of the plan."""
    scopes = {one.number: one for one in plan.scopes}
    known: dict[int, Known] = {0: Known({}, {})}

    def of(number: int) -> Known:
        if number not in known:
            one = scopes[number]
            known[number] = _begun(one, of(one.parent))
        return known[number]

    for step in plan.steps:
        here, outcome = of(step.scope), ended.get(step.number)
        if outcome is None or outcome.status != "done":
            continue
        read = {name: as_value(value) for name, value in dict(outcome.data.get(READ, {})).items()}
        _keep(here, step.keeps, read)
        number = step.scope
        while number:
            inner = scopes[number]
            _keep(of(inner.parent), inner.keeps, of(number).values)
            number = inner.parent
    return of(scope)


def _begun(scope: Scope, parent: Known) -> Known:
    told = filled(scope.fills, parent)
    return Known({**scope.values, **told.values}, {**scope.origins, **told.origins})


def _keep(known: Known, keeps: Mapping[str, str], read: Mapping[str, Value]) -> None:
    for name, source in keeps.items():
        if source in read:
            known.values[name] = read[source]
            known.origins[name] = "page"


def filled(fills: Mapping[str, str], known: Known) -> Known:
    """The values of templates. One that is a single place has that value as it is; what comes to nothing is left out,
    and what holds anything of a page comes from there."""
    values: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    for name, template in fills.items():
        only = _ONE_PLACE.fullmatch(template)
        try:
            asked = names_in(template)
            value = known.values.get(only[1], "") if only else render(template, known.values)
        except TemplateError:
            continue
        if value not in ("", ()):
            values[name] = value
            origins[name] = _origin_of(asked, known)
    return Known(values, origins)


def _origin_of(names: tuple[str, ...], known: Known) -> Origin:
    """The least trusted of where the values came from; of words of the skill itself, that it brings them along."""
    found = [known.origins.get(name, "said") for name in names]
    tainted: tuple[Origin, ...] = ("page", "picture", "model")
    return next((origin for origin in tainted if origin in found), found[0] if found else "default")


def with_values(step: Step, tool: Tool | None, known: Known, now: datetime) -> Step:
    """The step with all of its arguments, each as its kind has it where its words mean one."""
    if not step.fills:
        return step
    told = filled(step.fills, known)
    slots = {slot.name: slot for slot in tool.slots} if tool is not None else {}
    meant = {name: value_of(slots[name], value, now) if name in slots else None for name, value in told.values.items()}
    arguments = {name: meant[name] if meant[name] is not None else value for name, value in told.values.items()}
    return msgspec.structs.replace(
        step,
        arguments={**step.arguments, **arguments},
        origins={**step.origins, **told.origins},
        fills={},
    )


def as_value(stored: Any) -> Value:
    """A value as it came back from where it was stored."""
    if isinstance(stored, (list, tuple)):
        return tuple(str(one) for one in stored)
    return stored if isinstance(stored, (str, int, float)) else str(stored)
