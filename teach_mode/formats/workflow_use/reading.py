"""A workflow as a skill: what it asks for, and its steps one after the other."""

from __future__ import annotations

from typing import Any

from language.entities import Choice
from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly, slug_of
from teach_mode.formats.reports import Imported
from teach_mode.formats.source import Located, Source
from teach_mode.formats.workflow_use.steps import KINDS, Walk, kind_of
from teach_mode.formats.yaml_text import read_yaml
from teach_mode.skill import GIVEN, Parameter

TOOL = "workflow-use"


def recognises_json(source: Source) -> bool:
    """Whether a file is a workflow as JSON."""
    return source.text.lstrip()[:1] == "{" and _is_workflow(source.json)


def recognises_yaml(source: Source) -> bool:
    """Whether a file is a workflow as YAML; what is JSON is not, although YAML could read it."""
    return source.text.lstrip()[:1] not in ("{", "[") and _is_workflow(read_yaml(source))


def _is_workflow(thing: Any) -> bool:
    if not isinstance(thing, Located) or not isinstance(thing.get("steps"), list) or "name" not in thing:
        return False
    steps = [step for step in thing["steps"] if isinstance(step, Located)]
    return "input_schema" in thing or "workflow_analysis" in thing or any(kind_of(step) in KINDS for step in steps)


def read_json(source: Source, base: str = "") -> tuple[Imported, ...]:
    """The skill of a workflow. Raises ImportRefused."""
    return _read(source.json, source, base)


def read_yaml_file(source: Source, base: str = "") -> tuple[Imported, ...]:
    """The same of one in YAML."""
    return _read(read_yaml(source), source, base)


def _read(workflow: Any, source: Source, base: str) -> tuple[Imported, ...]:
    if not isinstance(workflow, Located):
        raise ImportRefused(f"{source.called}: a workflow is one object, not {type(workflow).__name__}", line=1)
    name, steps = workflow.get("name"), workflow.get("steps")
    if not isinstance(steps, list) or not steps:
        raise ImportRefused(f"{source.called}: a workflow has `steps`, a list of at least one", line=workflow.line)
    made = Assembly(name if isinstance(name, str) else "", tool=TOOL, base=base)
    walk = Walk(made, _inputs(workflow, made))
    for number, step in enumerate(steps, 1):
        if not isinstance(step, Located):
            raise ImportRefused(f"{source.called}: step {number} is no object", line=workflow.line)
        walk.take(step, number)
    walk.end(workflow)
    return (made.finish(steps=len(steps)),)


def _inputs(workflow: Located, made: Assembly) -> dict[str, str]:
    """What the workflow asks for, by its own names, as places of the skill. Those that may be missing begin with
    "?" here: what is typed of them is typed only if it is given."""
    places: dict[str, str] = {}
    schema = workflow.get("input_schema")
    for one in schema if isinstance(schema, list) else ():
        name = one.get("name") if isinstance(one, Located) else one
        slug = slug_of(name) if isinstance(name, str) else ""
        if not slug:
            made.note("an input without a name that can be said", line=getattr(one, "line", workflow.line))
            continue
        slug = f"{slug}_value" if slug in GIVEN else slug
        described = one if isinstance(one, Located) else Located(required=True)
        place = made.parameter(_parameter(slug, described))
        places[str(name)] = place if described.get("required") or described.get("default") is not None else "?" + place
    return places


def _parameter(slug: str, described: Located) -> Parameter:
    form = described.get("format")
    shape = f" ({form.strip()[:60]})" if isinstance(form, str) and form.strip() else ""
    question = f"What is the {slug.replace('_', ' ')}{shape}?"
    default, kind = described.get("default"), described.get("type")
    required = bool(described.get("required")) or default is not None
    if kind == "bool":
        choices = (Choice("True", ("true", "yes")), Choice("False", ("false", "no")))
        chosen = str(default) if isinstance(default, bool) else None
        return Parameter(
            name=slug, kind="choice", choices=choices, default=chosen, question=question, required=required
        )
    if kind == "number" and (default is None or _is_number(default)):
        return Parameter(name=slug, kind="number", default=default, question=question, required=required)
    given = None if default is None else str(default)
    return Parameter(name=slug, kind="text", default=given, question=question, required=required)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
