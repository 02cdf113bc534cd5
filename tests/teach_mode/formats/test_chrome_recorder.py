"""Files of the Chrome DevTools Recorder, each with the key of what must become of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill, recognise
from teach_mode.formats.source import Source
from teach_mode.skill import Step
from teach_mode.templates import render
from tests.teach_mode.formats.keyed import FILES, key_of

KEY = key_of("chrome-recorder")
FOLDER = FILES / "chrome-recorder"
GOOD = [name for name, key in KEY.items() if "refused" not in key]


def imported(name: str) -> Any:
    [found] = import_skill((FOLDER / name).read_bytes(), name, "chrome-recorder", KEY[name].get("base", ""))
    return found


def test_there_are_as_many_files_as_keys() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} - {"key.json"} == set(KEY)
    assert len(KEY) >= 40


@pytest.mark.parametrize("name", GOOD)
def test_a_file_becomes_the_skill_of_its_key(name: str) -> None:
    key, found = KEY[name], imported(name)
    source = Source((FOLDER / name).read_bytes())
    steps = source.json["steps"]
    assert (found.steps, dict(Counter(step["type"] for step in steps))) == (key["steps"], key["kinds"])
    assert [step.action for step in found.skill.steps] == key["skill"], found.notes
    about = {note.line for note in found.notes} - {0, source.json.line}
    lines = [step.line for step in steps]
    assert about == {lines[number - 1] for number in key["noted"]} - {source.json.line}, found.notes
    assert recognise((FOLDER / name).read_bytes()) == "chrome-recorder"


@pytest.mark.parametrize("name", [name for name, key in KEY.items() if "refused" in key])
def test_a_file_without_a_skill_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(ImportRefused, match=f"(?i){KEY[name]['refused']}"):
        imported(name)


PARTS: dict[str, Any] = {
    "values": lambda step: render(step.value, {}),
    "tabs": lambda step: step.tab,
    "secrets": lambda step: step.secret,
    "urls": lambda step: step.postcondition.url if step.postcondition else "",
}


@pytest.mark.parametrize("part", PARTS)
def test_what_the_steps_of_a_skill_hold_is_that_of_the_key(part: str) -> None:
    for name in GOOD:
        if part in KEY[name]:
            assert [PARTS[part](step) for step in imported(name).skill.steps] == KEY[name][part], name


def test_what_commits_is_asked_about() -> None:
    for name in GOOD:
        acts = [step for step in imported(name).skill.steps if step.effect == "irreversible"]
        asked = [step.question.split("“")[1].split("”")[0] for step in acts]
        assert asked == KEY[name].get("acts", []), name


def step_of(name: str, number: int) -> Step:
    found: Step = imported(name).skill.steps[number]
    return found


def test_a_chain_stays_one_and_frames_are_a_path() -> None:
    chained = step_of("shadow-chain.json", 0).target
    framed = step_of("frames.json", 1).target
    assert chained is not None and framed is not None
    assert [one.value for one in chained.locators] == ["my-app >> my-menu >> button.open", "button.open"]
    assert framed.fingerprint.frame == ("index=1", "index=0")


def test_a_number_of_elements_is_waited_for_by_the_last_and_the_one_too_many() -> None:
    two, most_four, none = (step_of("wait-for-element.json", number).wait for number in (2, 3, 4))
    assert two is not None and most_four is not None and none is not None
    assert [one.nth for one in two.visible + two.hidden] == [1, 2]
    assert ([one.nth for one in most_four.hidden], most_four.visible) == ([4], ())
    assert ([one.nth for one in none.hidden], none.visible) == ([None], ())


def test_an_address_that_cannot_be_read_is_noted_and_breaks_nothing() -> None:
    click = '{"type": "click", "selectors": [["#a"]], "target": "http://[::1"}'
    led = '{"type": "click", "selectors": [["#b"]], "assertedEvents": [{"type": "navigation", "url": "https://a:9x/"}]}'
    steps = f'[{{"type": "navigate", "url": "https://shop.example/"}}, {click}, {led}]'
    [found] = import_skill(f'{{"title": "x", "steps": {steps}}}'.encode())
    assert [step.postcondition for step in found.skill.steps] == [None]
    assert ["no page of the web" in note.words for note in found.notes] == [True]
