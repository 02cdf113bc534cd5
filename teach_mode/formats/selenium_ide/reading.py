"""Selenium IDE `.side` files as skills: one for each test of the project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from browser.fingerprint import Fingerprint
from teach_mode.demonstration import SecretKind
from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly
from teach_mode.formats.looks import looks_of, secret_kind
from teach_mode.formats.reports import Imported, Note
from teach_mode.formats.selenium_ide.locators import locator_of
from teach_mode.formats.selenium_ide.meanings import VARIABLE
from teach_mode.formats.selenium_ide.schema import Command, Project, Test, parse
from teach_mode.formats.selenium_ide.state import RAN, TOOL, State
from teach_mode.formats.selenium_ide.walking import Walk
from teach_mode.formats.source import Source

# Commands of all tests, each with those of the tests that it runs, however often.
MOST_COMMANDS = 4_000
_STORES = frozenset(("store", "storeJson", "executeScript", "executeAsyncScript"))
_TYPES = frozenset(("type", "sendKeys", "editContent"))
_SAVES = frozenset(("storeText", "storeValue", "storeAttribute", "storeTitle", "storeElementCount"))


def recognises(source: Source) -> bool:
    """Whether a file is a project of Selenium IDE. Raises ImportRefused where it is no JSON."""
    raw = source.json
    if not isinstance(raw, dict) or not isinstance(raw.get("tests"), list):
        return False
    has_commands = any(isinstance(one, dict) and isinstance(one.get("commands"), list) for one in raw["tests"])
    return has_commands or "suites" in raw


def read(source: Source, base: str = "") -> tuple[Imported, ...]:
    """A skill for each test, in their order; the first tells of those that became none. `base` is the site's address
    where the file has none. Raises ImportRefused."""
    try:
        project = parse(source.json)
    except ValueError as error:
        raise ImportRefused(f"{source.called}: {error}") from error
    if not project.tests:
        raise ImportRefused(f"{source.called}: the project has no test")
    runs = _Runs(project)
    found: list[Imported] = []
    refused: list[ImportRefused] = []
    for test in project.tests:
        try:
            found.append(_skill_of(test, runs.commands(test), project.url or base))
        except ImportRefused as error:
            refused.append(error)
    if not found:
        raise refused[0]
    notes = [Note(line=one.line, step="", words=f"a test became no skill: {one}") for one in refused]
    first = found[0]
    return (Imported(skill=first.skill, notes=(*first.notes, *notes), steps=first.steps), *found[1:])


def _skill_of(test: Test, commands: Sequence[Command], base: str) -> Imported:
    made = Assembly(test.name, tool=TOOL, base=base)
    state = State(made, _stored_once(commands), _secrets(commands))
    try:
        Walk(state).test(commands)
    except ValueError as error:
        raise ImportRefused(f"{test.name}: {error}") from error
    state.settle(commands)
    answer = state.answer[1] if state.answer is not None else ""
    return made.finish(steps=len(commands), read_back=answer)


class _Runs:
    """The tests of a project with those that they run in place of each `run`."""

    def __init__(self, project: Project) -> None:
        self._known = {one.name: one for one in reversed(project.tests)}
        self._left = MOST_COMMANDS

    def commands(self, test: Test, calls: tuple[str, ...] = ()) -> list[Command]:
        """The commands of a test. Raises ImportRefused where tests run one another in a circle, or are too long."""
        if test.name in calls:
            circle = " → ".join((*calls, test.name))
            raise ImportRefused(f"{calls[0]}: its tests run one another in a circle: {circle}")
        found: list[Command] = []
        stored: dict[str, str] = {}
        for command in test.commands:
            self._left -= 1
            if self._left < 0:
                raise ImportRefused(
                    f"{test.name}: the tests of the file, with those that they run, have more than "
                    f"{MOST_COMMANDS:,} commands; divide the project",
                    line=command.line,
                )
            run = command.command == "run" and not command.off
            if command.command == "store" and not command.off:
                stored[f"${{{command.value}}}"] = command.target
            other = self._known.get(stored.get(command.target, command.target)) if run else None
            # A test that is run twice has each of its commands twice.
            found.append(replace(command) if other is None else replace(command, command="", comment=RAN))
            if other is not None:
                found += self.commands(other, (*calls, test.name))
        return found


def _stored_once(commands: Sequence[Command]) -> frozenset[str]:
    """Variables that are given a text once, outside of any block: what the skill can be asked for."""
    stored: Counter[str] = Counter()
    inside: set[str] = set()
    depth = 0
    for command in commands:
        name = "" if command.off else command.command
        depth += (name in ("if", "forEach", "times", "while", "do")) - (name in ("end", "repeatIf"))
        if name in _STORES or name in _SAVES:
            variable = command.target if name == "storeTitle" else command.value
            stored[variable] += 1
            if depth > 0 or name in _SAVES:
                inside.add(variable)
        if name == "forEach":
            inside.add(command.value)
    return frozenset(name for name, times in stored.items() if times == 1 and name not in inside)


def _secrets(commands: Sequence[Command]) -> dict[str, SecretKind]:
    """Variables that are secrets: by their own name, or by that of a field into which they are typed."""
    found: dict[str, SecretKind] = {}
    for command in commands:
        if command.command in _STORES and (own := secret_kind(Fingerprint(name=command.value))) is not None:
            found[command.value] = own
        typed = VARIABLE.findall(command.value) if command.command in _TYPES else []
        if not typed:
            continue
        located = [one for one in map(locator_of, (command.target, *command.targets)) if one is not None]
        kind = secret_kind(looks_of(located), located)
        if kind is not None:
            found |= {name: kind for name in typed if not name.startswith("KEY_")}
    return found
