"""Skill to script to skill: what a script of Playwright holds comes back, run for run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.errors import TemplateError
from teach_mode.formats.performing import Performance, perform
from teach_mode.formats.playwright.writing.texts import Texts, called
from teach_mode.formats.registry import export_skill, import_skill
from teach_mode.skill import Skill, Step
from teach_mode.templates import FILTERS, render
from tests.teach_mode.formats.making import skills

VALUES: dict[str, Any] = {"many": ("one", "two")}
FORMS = ("playwright-python", "playwright-python-async")


def parts_of(condition: Condition | None) -> Iterator[tuple[Any, ...]]:
    """What a condition asks, each by itself."""
    if condition is None:
        return
    for what in ("url", "visible", "hidden", "text"):
        if asked := getattr(condition, what):
            yield "holds", what, asked if isinstance(asked, str) else plain(asked), condition.frame


def plain(locators: tuple[Locator, ...]) -> tuple[Locator, ...]:
    """Either of several is the first that is found."""
    return tuple(replace(one, nth=None) if one.nth == 0 else one for one in locators)


def did(done: Performance) -> list[tuple[Any, ...]]:
    """What a run does and asks, one after the other."""
    return [
        ("goes", done.url),
        *parts_of(done.condition),
        *(part for one in done.steps for part in of_step(one.step)),
    ]


def of_step(step: Step) -> Iterator[tuple[Any, ...]]:
    yield from parts_of(step.wait)
    if step.action not in ("wait", "assert"):
        first = step.target.locators[0] if step.target is not None else None
        if first is not None and step.action == "select" and first.kind is LocatorKind.LABEL:
            first = replace(first, exact=False)
        frame = step.target.fingerprint.frame if step.target is not None else ()
        yield step.action, step.value, first, frame, step.dialog, step.optional, step.secret, step.saves
    yield from parts_of(step.postcondition)


@pytest.mark.parametrize("form", FORMS)
@given(skill=skills())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_script_comes_back_as_the_skill_that_it_was(form: str, skill: Skill) -> None:
    exported = export_skill(skill, form, VALUES)
    ast.parse(exported.data)
    [found] = import_skill(exported.data, "skill.py")
    known = {one.name for one in found.skill.parameters}
    before = perform(skill, VALUES)
    after = perform(found.skill, {name: value for name, value in VALUES.items() if name in known})
    assert did(after) == did(before), exported.data.decode()
    assert known <= {one.name for one in skill.parameters}


ARGUMENTS = {"date": "%d/%m", "time": "%H.%M", "join": " - ", "count": "box,boxes", "default": "none"}
GIVEN: dict[str, Any] = {
    "date": st.dates().map(str),
    "time": st.times().map(lambda one: one.isoformat("minutes")),
    "count": st.integers(0, 3),
}
TEXT = st.text("aB-_ 1é'\"\\{}", max_size=8)


@given(data=st.data())
def test_the_functions_of_a_script_make_of_a_value_what_the_filters_make(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILTERS)))
    many = name in ("join", "and") or (name not in (*GIVEN, "default") and data.draw(st.booleans()))
    value = data.draw(st.lists(TEXT, min_size=1, max_size=3).map(tuple) if many else GIVEN.get(name, TEXT))
    argument = data.draw(st.sampled_from(("", ARGUMENTS.get(name, ""))))
    template = "{{" + data.draw(st.sampled_from(("a", "\"'", "\\n", "é\t"))) + "}} {value|" + name
    template += f":{argument}" + "}" if argument else "}"
    figures = frozenset({"value"} if name == "count" else ())
    texts = Texts(names=called(["value"]), lists=frozenset({"value"} if many else ()), figures=figures)
    expression = texts.of(template)
    imports, functions = texts.functions()
    names: dict[str, Any] = {"value": value}
    exec("\n".join((*imports, *functions)), names)
    try:
        wanted = render(template, {"value": value})
    except TemplateError:
        return
    if value not in ("", ()):
        assert eval(expression, names) == wanted, expression
