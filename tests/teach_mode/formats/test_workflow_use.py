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
from teach_mode.formats.source import Located, Source
from teach_mode.formats.yaml_text import read_yaml

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
    done = Counter(("goto", *(step.action for step in skill.steps)))  # the first address is where it starts
    assert (found.steps, dict(done)) == (key["steps"], key["actions"])
    lines = {note.line for note in found.notes}
    steps = steps_of(form, name)
    assert {number for number, step in enumerate(steps, 1) if step.line in lines} >= set(key["noted"])
    assert lines <= {step.line for step in steps} or "whole" in key
    if "parameters" in key:
        assert [one.name for one in skill.parameters] == key["parameters"]
    for at, frame in key.get("frames", {}).items():
        target = skill.steps[int(at)].target
        assert target is not None and list(target.fingerprint.frame) == frame
    tabs = {at: [skill.steps[int(at)].tab, skill.steps[int(at)].opens] for at in key.get("tabs", {})}
    assert tabs == key.get("tabs", {})
    assert (skill.effect == "irreversible") == ("irreversible" in key)
    assert [step.secret for step in skill.steps if step.secret] == (["password"] if "secret" in key else [])


def steps_of(form: str, name: str) -> list[Located]:
    source = Source((FILES / form / name).read_bytes(), name)
    found = source.json if form.endswith("json") else read_yaml(source)
    return list(found["steps"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1]\nb: *x\n", "anchor or alias"),
        ("a: !!python/object/apply:os.system ['true']\n", "tag"),
        ("a: 1\n---\nb: 2\n", "several YAML documents"),
        ("a: [1\n", "not YAML"),
        ("? [a, b]\n: 1\n", "a key of YAML"),
        ("[" * 200, "nested more than"),
        ("", "empty"),
        ("- " * 300_000, "letters"),
    ],
)
def test_what_makes_yaml_dangerous_is_refused_by_its_name(text: str, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        read_yaml(Source(text.encode()))


def test_words_of_yaml_mean_what_they_mean_in_json() -> None:
    text = "a: 800\nb: 1.5\nc: true\nd: ~\ne: '5'\nf: 2020-01-01\ng: |\n  two\n  lines\nh: 0o17\ni: 1_000\nj: .inf\n"
    found = read_yaml(Source(text.encode()))
    assert found == {
        "a": 800,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": "5",
        "f": "2020-01-01",
        "g": "two\nlines\n",
        "h": "0o17",
        "i": 1000,
        "j": ".inf",
    }
    assert (found.line, read_yaml(Source(b"x:\n- y: 1\n"))["x"][0].line) == (1, 2)
