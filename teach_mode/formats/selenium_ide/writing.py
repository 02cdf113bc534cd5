"""Skills as Selenium IDE `.side` files: a project with one test, which `selenium-side-runner` plays."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from language.entities import Value
from teach_mode.errors import ExportRefused
from teach_mode.formats.performing import perform
from teach_mode.formats.reports import Exported, Note
from teach_mode.formats.selenium_ide.stepping import Writer
from teach_mode.formats.selenium_ide.variables import Variables
from teach_mode.formats.selenium_ide.written import Written
from teach_mode.skill import Skill

VERSION = "3.0"
_SPACE = uuid.UUID("6f3a1c52-9f0e-4b7e-8c1d-5e2a7d4b9c10")
SUITE_TIMEOUT_S = 300


def write(skill: Skill, values: Mapping[str, Value]) -> Exported:
    """The skill as a project, for these values; a parameter that has none gets an example, and a note. Raises
    ValueRefused, ExportRefused."""
    performance = perform(skill, values)
    variables = Variables(skill, performance.values)
    writer = Writer(skill, variables)
    written = writer.all()
    if not any(one.command != "open" for one in written):
        raise ExportRefused(f"{skill.name}: it has no step that Selenium IDE can do")
    given = [Written(*line) for line in variables.given()]
    examples = [note for note in performance.notes if not note.step]
    for name, place in variables.fixed.items():
        if name != "site":
            words = f"{place} is worked out here, for the values of now: ${{{name}}} does not change along with them"
            examples.append(Note(0, "", words))
    for place in variables.lost:
        examples.append(Note(0, "", f"{place} is what the page says, as it says it: nothing is made of it here"))
    project = _project(skill, [*given, *written])
    data = json.dumps(project, indent=2, ensure_ascii=False).encode() + b"\n"
    return Exported(data=data, notes=tuple(dict.fromkeys((*examples, *writer.notes))))


def _project(skill: Skill, commands: list[Written]) -> dict[str, Any]:
    test = _id(skill, "test")
    listed = [one.as_json(_id(skill, f"command {number}")) for number, one in enumerate(commands)]
    return {
        "id": _id(skill, "project"),
        "version": VERSION,
        "name": skill.name,
        "url": skill.base,
        "tests": [{"id": test, "name": skill.name, "commands": listed}],
        "suites": [
            {
                "id": _id(skill, "suite"),
                "name": "Default Suite",
                "persistSession": False,
                "parallel": False,
                "timeout": SUITE_TIMEOUT_S,
                "tests": [test],
            }
        ],
        "urls": [f"{skill.base}/"],
        "plugins": [],
    }


def _id(skill: Skill, what: str) -> str:
    """The same for the same skill, so that files can be compared line by line."""
    return str(uuid.uuid5(_SPACE, f"{skill.name} {what}"))
