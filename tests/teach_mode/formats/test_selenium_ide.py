"""`.side` files: what becomes of each command, by the keys that were written with the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill, recognise
from teach_mode.formats.reports import Imported

FILES = Path(__file__).parent / "files" / "selenium-ide"
KEY: dict[str, list[dict[str, Any]]] = json.loads((FILES / "key.json").read_text())


def imported(name: str) -> tuple[Imported, ...]:
    return import_skill((FILES / name).read_bytes(), name)


def facts_of(found: Imported) -> dict[str, Any]:
    """What a key may say beside the steps."""
    skill = found.skill
    return {
        "parameters": {one.name: one.default for one in skill.parameters},
        "values": [step.value for step in skill.steps if step.value],
        "when": sum(step.when is not None for step in skill.steps),
        "until": sum(step.until is not None for step in skill.steps),
        "loops": len(skill.loops),
        "dialogs": [
            [step.dialog.message, step.dialog.accept, step.dialog.text]
            for step in skill.steps
            if step.dialog is not None
        ],
        "effect": skill.effect,
    }


def test_there_are_enough_files_and_each_has_a_key() -> None:
    assert {path.name for path in FILES.glob("*.side")} == {*KEY} and len(KEY) >= 40


@pytest.mark.parametrize("name", KEY)
def test_each_command_is_in_a_skill_or_in_a_note(name: str) -> None:
    wanted = [one for one in KEY[name] if "refused" not in one]
    if not wanted:
        with pytest.raises(ImportRefused, match=KEY[name][0]["refused"]):
            import_skill((FILES / name).read_bytes(), name, "selenium-ide")
        return
    found = imported(name)
    assert recognise((FILES / name).read_bytes(), name) == "selenium-ide"
    for one, key in zip(found, wanted, strict=True):
        assert [step.action for step in one.skill.steps] == key["steps"], key["test"]
        assert sorted({note.line for note in one.notes if note.line}) == sorted(key["noted"]), one.notes
        facts = facts_of(one)
        also = key.get("also", {})
        assert {name: facts[name] for name in also} == also
    refused = [one["refused"] for one in KEY[name] if "refused" in one]
    told = [note.words for note in found[0].notes if note.words.startswith("a test became no skill")]
    assert len(told) == len(refused) and all(reason in words for reason, words in zip(refused, told, strict=True))


def test_frames_are_paths_and_windows_are_tabs() -> None:
    [frames] = imported("frames-by-locator.side")
    assert [step.target.fingerprint.frame for step in frames.skill.steps if step.target] == [
        ("name=pay",),
        ("name=help",),
        ("url=https://ads.example/box",),
        (),
        ("index=1",),
    ]
    [windows] = imported("windows.side")
    assert [(step.tab, step.opens) for step in windows.skill.steps] == [
        ("", "win4821"),
        ("win4821", ""),
        ("win4821", ""),
        ("", ""),
    ]


def test_a_secret_of_the_file_is_nowhere_in_its_skill() -> None:
    for one in imported("secrets.side"):
        assert b"tulip" not in msgspec.json.encode(one.skill)
        assert not any("tulip" in note.words for note in one.notes)


def of(*commands: str) -> Imported:
    """What comes of commands, written in a line each, of a test on shop.example."""
    listed = []
    for one in commands:
        name, target, value = [*one.split(" | "), "", ""][:3]
        listed.append({"id": one, "command": name, "target": target, "value": value})
    project = {"url": "https://shop.example", "tests": [{"name": "t", "commands": listed}], "suites": []}
    [found] = import_skill(json.dumps(project).encode(), "t.side")
    return found


def told(found: Imported) -> list[str]:
    return [note.words for note in found.notes]


def test_what_the_recorder_wrote_of_a_text_is_looked_for_as_people_see_it() -> None:
    found = of(
        "open | /",
        "click | xpath=//button[contains(.,'Save all')]",
        "waitForElementVisible | xpath=//p[contains(.,'x')]",
    )
    click, wait = found.skill.steps
    assert click.target is not None
    assert [one.described() for one in click.target.locators[1:2]] == ["button 'Save all'"]
    assert wait.wait is not None and len(wait.wait.visible) == 1


def test_a_condition_on_the_page_that_is_asked_later_than_there_says_so() -> None:
    asked = ("if | ${n} > 0", "click | id=b", "end")
    soon = of("open | /", "storeElementCount | id=a | n", *asked)
    late = of("open | /", "storeElementCount | id=a | n", "click | id=c", *asked)
    assert told(soon) == [] and [words for words in told(late) if "steps in between" in words]


def test_the_option_that_a_select_chose_is_not_clicked_again() -> None:
    found = of("open | /", "select | id=size | label=Large", "click | css=option:nth-child(3)", "click | id=go")
    assert [step.action for step in found.skill.steps] == ["select", "click"]
    assert told(found) == ["the option is chosen by the command before it"]


def test_a_test_is_run_also_when_a_variable_names_it() -> None:
    project = {
        "url": "https://shop.example",
        "tests": [
            {"name": "sign in", "commands": [{"command": "click", "target": "id=in"}]},
            {
                "name": "buy",
                "commands": [
                    {"command": "store", "target": "sign in", "value": "first"},
                    {"command": "run", "target": "${first}"},
                    {"command": "click", "target": "id=buy"},
                ],
            },
        ],
    }
    _, found = import_skill(json.dumps(project).encode(), "t.side")
    assert [step.id for step in found.skill.steps] == ["click", "click-2"]


@pytest.mark.parametrize("name", ["password", "door_pin_passcode"])
def test_a_variable_that_is_called_like_a_secret_is_one(name: str) -> None:
    found = of("open | /", f"store | tulip | {name}", f"type | id=field3 | ${{{name}}}", "click | id=go")
    assert found.skill.steps[0].secret == "password" and b"tulip" not in msgspec.json.encode(found.skill)
    assert "tulip" not in repr(found.notes)
