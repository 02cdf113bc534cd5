"""A skill as it runs with certain values: plain steps in their order, for files of tools that know no templates. Pure.

Loops over values are unrolled, conditions on values are decided. What only the page can tell is left to each format:
`step.when.page`, `step.optional`, `step.until`. Places are filled everywhere: a `Plain` holds texts, no templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from browser.conditions import Condition
from language.entities import Value
from teach_mode.formats.reports import Note
from teach_mode.retarget import texts_in
from teach_mode.skill import Loop, Parameter, Skill, Step
from teach_mode.templates import names_in, render, render_all, render_sentence, render_url
from teach_mode.values import complete

# What is taken for a value that nobody gave; of a choice it is the first one.
EXAMPLES: dict[str, Value] = {
    "integer": 2,
    "ordinal": 1,
    "number": 2.0,
    "date": "2026-11-23",
    "time": "19:00",
    "when": "2026-11-23T19:00",
    "duration": 600,
    "amount": "14.50",
    "name": "Ada Example",
    "text": "example",
}
# Facts about the person, by their names.
FACTS = {
    "name": "Ada Example",
    "phone": "555 0100 22",
    "address": "Elm Street 5",
    "email": "ada@example.com",
}


class Plain(Struct, frozen=True):
    """A step with its places filled; `item` is the value of the loop that it stands in. `question` is filled too, with
    what the site says as it is called: "{total}"."""

    step: Step
    item: str = ""


class Performance(Struct, frozen=True):
    """All of a run that can be known before it. `url` is where it starts, `condition` what must be true there."""

    skill: Skill
    values: dict[str, Value]
    url: str
    condition: Condition | None
    steps: tuple[Plain, ...]
    notes: tuple[Note, ...]


def perform(skill: Skill, given: Mapping[str, Value]) -> Performance:
    """The skill with `given`; what is lacking takes its default, else an example, with a note. Raises ValueRefused."""
    values, notes = _completed(skill, given)
    entry = skill.entry
    if entry.reconcile:
        words = "what puts the start right, where it is not as it must be, is left out: begin with a clean site"
        notes.append(Note(0, entry.reconcile[0].id, words))
    steps = [plain for loop, part in skill.stretches for plain in _unrolled(part, loop, values, notes)]
    notes += _unknown(skill)
    return Performance(
        skill=skill,
        values=values,
        url=render_url(entry.url, values),
        condition=_condition(entry.condition, values),
        steps=tuple(steps),
        notes=tuple(dict.fromkeys(notes)),
    )


def example_of(parameter: Parameter) -> Value:
    """A value that a parameter may have."""
    value: Value = EXAMPLES.get(parameter.kind, "example")
    if parameter.kind == "choice":
        value = parameter.choices[0].value
    elif parameter.source == "profile" and parameter.kind in ("name", "text"):
        value = FACTS.get(parameter.name, value)
    elif isinstance(value, (int, float)) and not parameter.many:
        value = max(value, parameter.least) if parameter.least is not None else value
        value = min(value, parameter.most) if parameter.most is not None else value
        value = int(value) if parameter.kind != "number" else float(value)
    return (str(value),) if parameter.many else value


def _completed(skill: Skill, given: Mapping[str, Value]) -> tuple[dict[str, Value], list[Note]]:
    """The values of a run, and a note for each that is an example."""
    known = dict(given)
    notes = []
    for parameter in skill.parameters:
        if parameter.required and parameter.default is None and known.get(parameter.name, "") in ("", ()):
            known[parameter.name] = example_of(parameter)
            shown = render("{" + parameter.name + "}", known)
            notes.append(Note(0, "", f"{parameter.name} was not given: “{shown}” stands for it as an example"))
    return complete(skill, known), notes


def _unrolled(
    steps: tuple[Step, ...], loop: Loop | None, values: dict[str, Value], notes: list[Note]
) -> Iterator[Plain]:
    if loop is not None and loop.rows:
        words = "a loop over the rows that the page has on that day is left out: no file knows them before"
        notes += [Note(0, step.id, words) for step in steps]
        return
    for item in _items(loop.for_each, values) if loop is not None else ("",):
        around = {**values, "item": item} if loop is not None else values
        for step in steps:
            own = _items(step.for_each, values) if step.for_each else (item,)
            for one in own:
                here = {**around, "item": one} if step.for_each else around
                if _is_due(step, here):
                    yield Plain(_plain(step, here), one)


def _items(name: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    value = values.get(name, ())
    return value if isinstance(value, tuple) else ()


def _is_due(step: Step, values: Mapping[str, Value]) -> bool:
    """Whether what a step asks of the values is so; what it asks of the page nobody knows."""
    if step.when is None:
        return True
    if step.when.given and values.get(step.when.given) in (None, "", ()):
        return False
    return all(render("{" + name + "}", values) == wanted for name, wanted in step.when.equals.items())


def _plain(step: Step, values: Mapping[str, Value]) -> Step:
    """The step with its places filled, and done once; conditions on values are decided."""
    addressed = render_url(step.value, values) if step.action == "goto" else render(step.value, values)
    page = _condition(step.when.page, values) if step.when is not None else None
    seen = {confirm.name: "{" + confirm.name + "}" for confirm in step.confirms}
    return replace(
        step,
        value=addressed,
        target=render_all(step.target, values),
        onto=render_all(step.onto, values),
        wait=_condition(step.wait, values),
        postcondition=_condition(step.postcondition, values),
        until=_condition(step.until, values),
        changes=render_all(step.changes, values),
        dialog=render_all(step.dialog, values),
        confirms=render_all(step.confirms, values),
        problems=render_all(step.problems, values),
        question=render_sentence(step.question, {**values, **seen}),
        for_each="",
        when=replace(step.when, given="", equals={}, page=page) if page is not None and step.when else None,
    )


def _condition(condition: Condition | None, values: Mapping[str, Value]) -> Condition | None:
    found: Condition | None = render_all(condition, values)
    return found


def _unknown(skill: Skill) -> Iterator[Note]:
    """Steps that need what an earlier one reads: a file for other tools has it not."""
    read: set[str] = set()
    for step in skill.steps:
        asked = {name for text in texts_in((step.value, step.target, step.wait)) for name in names_in(text)}
        for name in sorted(asked & read):
            yield Note(0, step.id, f"it needs {name}, which is read from the page before it; it is empty here")
        read |= {step.saves, step.downloads} - {""}
