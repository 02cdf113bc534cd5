"""The values a skill runs with: complete, of their kinds, within their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from language.entities import Value
from teach_mode.errors import ValueRefused
from teach_mode.skill import Parameter, Skill
from teach_mode.uploads import PHOTO

WHOLE = frozenset({"integer", "ordinal", "duration"})


def complete(skill: Skill, given: Mapping[str, Value]) -> dict[str, Value]:
    """`given` with defaults filled in, and what every run has. Raises ValueRefused, which names the parameter."""
    for name in given:
        if skill.parameter(name) is None:
            raise ValueRefused(f"{skill.name} has no parameter {name!r}")
    values: dict[str, Value] = {"site": skill.base, "photo": PHOTO}
    for parameter in skill.parameters:
        value = given.get(parameter.name, "")
        if value in ("", ()) and parameter.default is not None:
            value = parameter.default
        if value in ("", ()):
            if parameter.required:
                where = "the request" if parameter.source == "request" else "what is known about the person"
                raise ValueRefused(f"{skill.name} needs {parameter.name}, and {where} does not give it")
            value = () if parameter.many else ""
        else:
            _refuse_misfit(skill, parameter, value)
        values[parameter.name] = value
    return values


def _refuse_misfit(skill: Skill, parameter: Parameter, value: Value) -> None:
    if isinstance(value, tuple) != parameter.many:
        raise ValueRefused(f"{skill.name}: {parameter.name} takes {'a list' if parameter.many else 'one value'}")
    items = value if isinstance(value, tuple) else (value,)
    for item in items:
        if not _fits(parameter, item):
            raise ValueRefused(
                f"{skill.name}: {item!r} does not fit {parameter.name}, which takes {_wanted(parameter)}"
            )
    size = len(items) if parameter.many else value
    if isinstance(size, (int, float)):
        if parameter.least is not None and size < parameter.least:
            raise ValueRefused(f"{skill.name}: {parameter.name} is at least {parameter.least:g}, not {size:g}")
        if parameter.most is not None and size > parameter.most:
            raise ValueRefused(f"{skill.name}: {parameter.name} is at most {parameter.most:g}, not {size:g}")


def _wanted(parameter: Parameter) -> str:
    if parameter.kind == "choice":
        return "one of " + ", ".join(choice.value for choice in parameter.choices)
    return {"when": "a date and time such as 2026-11-23T19:00", "date": "a date such as 2026-11-23"}.get(
        parameter.kind, f"a value of kind {parameter.kind}"
    )


def _fits(parameter: Parameter, item: str | int | float) -> bool:
    if parameter.kind in WHOLE:
        return isinstance(item, int) and not isinstance(item, bool)
    if parameter.kind == "number":
        return isinstance(item, (int, float)) and not isinstance(item, bool)
    if not isinstance(item, str):
        return False
    try:
        match parameter.kind:
            case "choice":
                return item in [choice.value for choice in parameter.choices]
            case "date":
                date.fromisoformat(item)
            case "time":
                time.fromisoformat(item)
            case "when":
                datetime.fromisoformat(item)
            case "amount":
                float(item)
    except ValueError:
        return False
    return True
