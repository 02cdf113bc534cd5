"""What becomes of a skill's steps in a recording, where the Recorder has no like of them."""

from __future__ import annotations

import json
from typing import Any

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.formats.chrome_recorder.writing import write
from teach_mode.skill import DialogAnswer, Entry, Origins, Parameter, Skill, Step, Target


def on(value: str, **looks: Any) -> Target:
    return Target(locators=(Locator(kind=LocatorKind.CSS, value=value),), fingerprint=Fingerprint(**looks))


def written(*steps: Step, **more: Any) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The steps of the recording after the page is there, and the last note of each step."""
    skill = Skill(
        format=1,
        name="go",
        description="go",
        base="https://shop.example",
        origins=Origins(navigate=("shop.example",)),
        entry=Entry(url="{site}/"),
        steps=steps,
        utterances=("go",),
        **more,
    )
    exported = write(skill, {})
    return json.loads(exported.data)["steps"][2:], {note.step: note.words for note in exported.notes}


def test_what_the_recorder_has_no_step_for_is_a_stand_in_with_a_note() -> None:
    steps, notes = written(
        Step(id="give", action="upload", target=on("#file"), value="map.pdf"),
        Step(id="move", action="drag", target=on("#a"), onto=on("#b")),
        Step(id="open", action="click", target=on("#help"), opens="help"),
        Step(id="there", action="click", target=on("#x"), tab="help"),
    )
    assert [step["type"] for step in steps] == ["customStep", "customStep", "click", "customStep"]
    assert [step["parameters"]["action"] for step in steps if step["type"] == "customStep"] == [
        "upload",
        "drag",
        "click",
    ]
    assert "upload" in notes["give"] and "drag" in notes["move"] and "the tab “help”" in notes["there"]


def test_a_tab_whose_address_is_known_is_found_by_it() -> None:
    steps, _ = written(
        Step(id="open", action="click", target=on("#help"), opens="help"),
        Step(id="there", action="click", target=on("#x"), tab="help", wait=Condition(url="https://shop.example/help")),
        Step(id="shut", action="close", tab="help"),
    )
    assert [(step["type"], step["target"]) for step in steps] == [
        ("click", "main"),
        ("click", "https://shop.example/help"),
        ("close", "https://shop.example/help"),
    ]


def test_what_only_the_page_can_tell_is_left_out_or_waited_for() -> None:
    until = Condition(visible=(Locator(kind=LocatorKind.CSS, value=".december"),))
    steps, notes = written(
        Step(id="cookies", action="click", target=on("#ok"), optional=True),
        Step(id="turn", action="click", target=on("#next"), until=until, changes=until.visible),
        Step(id="ask", action="click", target=on("#delete"), dialog=DialogAnswer(accept=True, message="Sure?")),
    )
    assert [(step["type"], step["selectors"]) for step in steps] == [
        ("waitForElement", [[".december"]]),
        ("click", [["#delete"]]),
    ]
    assert "left out" in notes["cookies"] and "only waited for" in notes["turn"] and "dialog" in notes["ask"]


def test_a_secret_is_in_no_recording() -> None:
    steps, notes = written(Step(id="word", action="fill", target=on("#pw"), secret="password"))
    assert steps[0]["value"] == "<secret: password>" and "in no file" in notes["word"]


def test_a_chord_goes_down_and_comes_up_in_its_order() -> None:
    steps, _ = written(Step(id="all", action="press", value="Control+Shift++"), Step(id="x", action="press", value="a"))
    assert [(step["type"], step["key"]) for step in steps] == [
        *(("keyDown", key) for key in ("Control", "Shift", "+")),
        *(("keyUp", key) for key in ("+", "Shift", "Control")),
        ("keyDown", "a"),
        ("keyUp", "a"),
    ]


def test_scrolling_is_counted_from_where_the_page_began() -> None:
    down = Step(id="down", action="scroll", value="400")
    again = Step(id="again", action="scroll", value="-150")
    away = Step(id="away", action="goto", value="{site}/other")
    anew = Step(id="anew", action="scroll", value="100")
    steps, _ = written(down, again, away, anew)
    assert [step.get("y") for step in steps] == [400, 250, None, 100]


def test_the_values_of_a_run_stand_in_the_file_and_a_note_says_so() -> None:
    typed = Step(id="say", action="fill", target=on("#q"), value="{words}")
    asked = Parameter(name="words", kind="text", question="What?")
    steps, notes = written(typed, parameters=(asked,))
    assert steps[0]["value"] == "example" and notes[""] == "words was not given: “example” stands for it as an example"


def test_a_click_lands_in_the_middle_or_within_what_is_round() -> None:
    sized, unsized, box = (
        Step(id="sized", action="click", target=on("#a", box=(10, 10, 120, 40))),
        Step(id="unsized", action="click", target=on("#b")),
        Step(id="tick", action="check", target=on("#c", role="checkbox", tag="input")),
    )
    steps, notes = written(sized, unsized, box)
    assert [(step["offsetX"], step["offsetY"]) for step in steps if "offsetX" in step] == [(60, 20), (9, 9), (6, 6)]
    assert steps[-1]["properties"] == {"checked": True} and "stops" in notes["tick"]
