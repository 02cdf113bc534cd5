"""A skill as a script of Playwright for Python: a function with the skill's parameters, a test of pytest that calls it,
and what runs it by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from language.entities import Value
from teach_mode.errors import ExportRefused
from teach_mode.formats.performing import perform
from teach_mode.formats.playwright.writing.stepping import Stepping, indented
from teach_mode.formats.playwright.writing.texts import Texts, called, quoted
from teach_mode.formats.reports import Exported
from teach_mode.skill import Loop, Parameter, Skill, Step
from teach_mode.templates import names_in

_WIDE = 100
_TYPES = {"integer": "int", "ordinal": "int", "duration": "int", "number": "float"}


def write(skill: Skill, values: Mapping[str, Value], *, asynchronous: bool = False) -> Exported:
    """The skill as a script, with these values as the defaults of its arguments; a parameter that has none gets an
    example, and a note. Raises ValueRefused, ExportRefused."""
    if not skill.steps:
        raise ExportRefused(f"{skill.name}: it has no steps of its own, and a script knows no other skills")
    performance = perform(skill, values)
    texts = Texts(
        names=called([*(one.name for one in skill.parameters), *skill.reads]),
        lists=frozenset(one.name for one in skill.parameters if one.many)
        | {step.saves for step in skill.all_steps if step.many},
        figures=frozenset(one.name for one in skill.parameters if one.kind in _TYPES and not one.many),
    )
    said = frozenset(names_in(skill.read_back.replace("[[", "").replace("]]", "")))
    wait = "await " if asynchronous else ""
    stepping = Stepping(texts, wait=wait, said=said | _asked_later(skill))
    for note in performance.notes:
        if not note.step or (skill.entry.reconcile and note.step == skill.entry.reconcile[0].id):
            stepping.notes.append(note)
    for call in skill.calls:
        stepping.note(call.id, f"left out: it calls the skill {call.skill}, and a script knows no other skills")
    body = [*_body(skill, texts, stepping)]
    stepping.finish()
    text = "\n".join([*_file(skill, texts, stepping, performance.values, body, asynchronous)])
    return Exported(data=text.encode(), notes=tuple(dict.fromkeys(stepping.notes)))


write_async = partial(write, asynchronous=True)


def _asked_later(skill: Skill) -> frozenset[str]:
    """Names of read-backs that a later step uses."""
    return frozenset(name for step in skill.steps for name in (*names_in(step.value), *_when(step)))


def _when(step: Step) -> Iterator[str]:
    if step.when is not None:
        yield from (step.when.given, *step.when.equals)


def _body(skill: Skill, texts: Texts, stepping: Stepping) -> Iterator[str]:
    """The lines of the function."""
    entry = skill.entry
    start = Step(id="entry", action="goto", value=entry.url, postcondition=entry.condition)
    yield from stepping.lines(start)
    for loop, steps in skill.stretches:
        inside = [line for step in steps for line in stepping.lines(step)]
        if loop is None or not inside:
            yield from inside
            continue
        yield _head(loop, texts, stepping)
        yield from indented(inside)
    if skill.read_back:
        yield f"print({texts.sentence(skill.read_back)})"


def _head(loop: Loop, texts: Texts, stepping: Stepping) -> str:
    if loop.for_each:
        return f"for item in {texts.names[loop.for_each]}:"
    if len(loop.rows) > 1:
        stepping.note(loop.first, "of its rows the first way to name them is written, and no further one")
    return f"for item in {stepping.texts_of(loop.rows[0], loop.frame)}:"


def _file(
    skill: Skill,
    texts: Texts,
    stepping: Stepping,
    values: Mapping[str, Value],
    body: Sequence[str],
    asynchronous: bool,
) -> Iterator[str]:
    """The lines of the file."""
    imports, functions = texts.functions()
    kind = "async" if asynchronous else "sync"
    begins, wait = ("async ", "await ") if asynchronous else ("", "")
    yield f'"""{_one_line(skill.description)}'
    yield ""
    yield f"Written by Leveret from its skill {skill.name}, version {skill.version}. It runs by itself, and as a"
    yield f'test of pytest-playwright{"-asyncio" if asynchronous else ""}."""'
    yield ""
    yield "from __future__ import annotations"
    yield ""
    plain = (
        {*imports} | ({"import asyncio"} if asynchronous else set()) | ({"import os"} if stepping.secrets else set())
    )
    yield from sorted(one for one in plain if one.startswith("import "))
    yield from sorted({one for one in plain if one.startswith("from ")} | _globs(stepping))
    if plain or stepping.globs:
        yield ""
    used = ["Page", f"{kind}_playwright", *(["expect"] if any("expect(" in line for line in body) else [])]
    yield f"from playwright.{kind}_api import {', '.join(sorted(used))}"
    if stepping.timeouts:
        yield f"from playwright.{kind}_api import TimeoutError as PlaywrightTimeout"
    yield ""
    yield f"SITE = {quoted(skill.base)}"
    for function in functions:
        yield from ("", "", function)
    yield from ("", "")
    yield from _signature(skill, texts, values, begins)
    yield f'    """{_one_line(skill.description)}"""'
    yield from indented([*body])
    yield from ("", "")
    yield f"{begins}def test_{skill.name}(page: Page) -> None:"
    yield f"    {wait}{skill.name}(page)"
    yield from ("", "")
    yield from _run(skill, kind, begins, wait)


def _run(skill: Skill, kind: str, begins: str, wait: str) -> Iterator[str]:
    run = [
        f"{begins}with {kind}_playwright() as playwright:",
        f"    browser = {wait}playwright.chromium.launch()",
        f"    {wait}{skill.name}({wait}browser.new_page())",
        f"    {wait}browser.close()",
    ]
    if begins:
        yield "async def main() -> None:"
        yield from indented(run)
        yield from ("", "")
        run = ["asyncio.run(main())"]
    yield 'if __name__ == "__main__":'
    yield from indented(run)
    yield ""


def _globs(stepping: Stepping) -> set[str]:
    return {"from fnmatch import fnmatchcase"} if stepping.globs else set()


def _signature(skill: Skill, texts: Texts, values: Mapping[str, Value], begins: str) -> Iterator[str]:
    head = f"{begins}def {skill.name}("
    if not skill.parameters:
        yield f"{head}page: Page) -> None:"
        return
    arguments = ["page: Page", "*", *(_argument(one, texts, values) for one in skill.parameters)]
    line = f"{head}{', '.join(arguments)}) -> None:"
    if len(line) <= _WIDE:
        yield line
        return
    yield head
    yield from indented([f"{one}," for one in arguments])
    yield ") -> None:"


def _argument(parameter: Parameter, texts: Texts, values: Mapping[str, Value]) -> str:
    value = values.get(parameter.name, "")
    name = texts.names[parameter.name]
    if isinstance(value, tuple):
        items = ", ".join(quoted(one) for one in value)
        return f"{name}: tuple[str, ...] = ({items}{',' if len(value) == 1 else ''})"
    kind = _TYPES.get(parameter.kind, "str")
    if value == "" and kind != "str":
        return f"{name}: {kind} | None = None"
    written = quoted(value) if isinstance(value, str) else repr(value)
    return f"{name}: {kind} = {written}"


def _one_line(text: str) -> str:
    plain = " ".join(text.replace("\\", "\\\\").replace('"', "'").split())
    return plain if plain.endswith(".") else f"{plain}."
