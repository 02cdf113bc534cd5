"""Files of Playwright with the key of what must become of each: scripts written after its documentation, and what its
codegen recorded in the town.

By file: `refused`, a word of the reason, and `line`; else `tests`: of each its name, the number of steps in the file,
the actions of the skill in their order, and the lines that have a note."""

from __future__ import annotations

from typing import Any

import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill, recognise
from tests.teach_mode.formats.keyed import FILES, key_of

FORMATS = ("playwright-python", "playwright-jsonl")
CASES = [(form, name, key) for form in FORMATS for name, key in key_of(form).items()]


@pytest.mark.parametrize("form", FORMATS)
def test_there_is_a_key_for_each_file(form: str) -> None:
    names = {path.name for path in (FILES / form).iterdir()} - {"key.json"}
    assert names == key_of(form).keys() and len(names) >= 40


@pytest.mark.parametrize(("form", "name", "key"), CASES)
def test_each_step_of_a_file_is_in_the_skill_or_noted(form: str, name: str, key: dict[str, Any]) -> None:
    data = (FILES / form / name).read_bytes()
    if "refused" in key:
        with pytest.raises(ImportRefused, match=key["refused"]) as refused:
            import_skill(data, name, form)
        assert refused.value.line == key["line"]
        return
    assert recognise(data, name) == form
    assert [what(one) for one in import_skill(data, name)] == key["tests"]


def what(found: Any) -> dict[str, Any]:
    return {
        "name": found.skill.name,
        "steps": found.steps,
        "skill": [step.action for step in found.skill.steps],
        "noted": sorted({note.line for note in found.notes}),
    }
