"""Files of workflow-use, in every form that they have had. `key.json` says what must become of each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill, recognise
from teach_mode.formats.reports import Imported

FILES = Path(__file__).parent / "files"
FORMATS = ("workflow-use-json", "workflow-use-yaml")
CASES = [
    (form, name, key) for form in FORMATS for name, key in json.loads((FILES / form / "key.json").read_text()).items()
]


def imported(form: str, name: str) -> Imported:
    [found] = import_skill((FILES / form / name).read_bytes(), name)
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_there_is_a_key_for_each_file(form: str) -> None:
    names = {path.name for path in (FILES / form).iterdir()} - {"key.json"}
    assert names == json.loads((FILES / form / "key.json").read_text()).keys()
    assert len(names) >= 40


@pytest.mark.parametrize(("form", "name", "key"), CASES)
def test_each_step_of_a_file_is_in_the_skill_or_noted(form: str, name: str, key: dict[str, Any]) -> None:
    if key.get("refused"):
        with pytest.raises(ImportRefused):
            import_skill((FILES / form / name).read_bytes(), name, form)
        return
    assert recognise((FILES / form / name).read_bytes(), name) == form
    found = imported(form, name)
    skill = found.skill
    done = Counter(step.action for step in skill.steps) + Counter(goto=int(skill.entry.url != "{site}/" or True))
    assert (found.steps, dict(sorted(done.items()))) == (key["steps"], key["actions"])
    noted = {int(note.step.partition(":")[0]) for note in found.notes if ":" in note.step}
    assert noted >= set(key["noted"])
    assert all(note.line for note in found.notes if ":" in note.step)
    assert not any(note.step == "" for note in found.notes) or key.get("whole")
    if "parameters" in key:
        assert [one.name for one in skill.parameters] == key["parameters"]
    for number, frame in key.get("frames", {}).items():
        target = skill.steps[int(number) - 2].target
        assert target is not None and list(target.fingerprint.frame) == frame
    for number, (tab, opens) in key.get("tabs", {}).items():
        step = skill.steps[int(number) - 2 - sum(1 for one in key["noted"] if one < int(number) and "hover" in str(one))]
        assert (step.tab, step.opens) == (tab, opens)
    assert (skill.effect == "irreversible") == bool(key.get("irreversible"))
    assert [step.secret for step in skill.steps if step.secret] == (["password"] if "secret" in key else [])
