"""What codegen records as lines of JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.errors import ImportRefused
from teach_mode.formats.registry import import_skill, recognise
from teach_mode.formats.reports import Imported
from teach_mode.skill import DialogAnswer

HEADER = {"browserName": "chromium", "launchOptions": {"headless": False}, "contextOptions": {}}
HERE = "https://shop.example/"


def one(name: str, selector: str = "", page: str = "page@1", signals: Any = (), **more: Any) -> dict[str, Any]:
    named = {"selector": selector} if selector else {}
    return {"name": name, **named, **more, "signals": list(signals), "pageGuid": page}


def imported(*lines: dict[str, Any], header: dict[str, Any] = HEADER) -> Imported:
    opened = [header, one("openPage", url="about:blank"), one("navigate", url=HERE)]
    text = "\n".join(json.dumps(line) for line in (*opened, *lines))
    assert recognise(text.encode(), "buy.jsonl") == "playwright-jsonl"
    [found] = import_skill(text.encode(), "buy.jsonl")
    return found


def test_a_recording_becomes_a_skill_with_its_steps_in_their_order() -> None:
    found = imported(
        one("fill", "internal:label=\"Name\"i", text="Ada {Example}"),
        one("select", "internal:label=\"Size\"i", options=["large", "small"]),
        one("check", 'internal:role=checkbox[name="Gift"i]'),
        one("press", "#q", key="a", modifiers=2),
        one("click", 'internal:role=button[name="Add"i]', button="left", modifiers=0, clickCount=2),
        one("assertText", "internal:testid=[data-testid=\"cart\"s]", text="1 item", substring=True),
        one("closePage"),
    )  # fmt: skip
    skill = found.skill
    assert (skill.name, skill.base, skill.entry.url, found.notes) == ("buy", "https://shop.example", "{site}/", ())
    did = [(step.action, step.value) for step in skill.steps]
    assert did == [
        ("fill", "Ada {{Example}}"),
        ("select", "large\nsmall"),
        ("check", ""),
        ("press", "ControlOrMeta+a"),
        ("double_click", ""),
        ("assert", ""),
    ]
    assert found.steps == 9


def test_what_came_of_an_action_is_part_of_its_step() -> None:
    popup = {"name": "popup", "popupPageGuid": "page@2"}
    led = {"name": "navigation", "url": "https://pay.example/orders/A-2017?x=1"}
    shown = {"name": "expect", "selector": 'internal:role=heading[name="Thanks"i]'}
    found = imported(
        one("click", "text=Receipt", signals=[popup]),
        one("click", "text=Print", "page@2", [{"name": "dialog", "dialogAlias": ""}]),
        one("click", "text=Save", "page@2", [{"name": "download", "downloadAlias": "1"}]),
        one("closePage", page="page@2"),
        one("click", "text=Next", signals=[led, shown]),
    )
    receipt, printed, saved, closed, after = found.skill.steps
    assert (receipt.opens, printed.tab, closed.action, closed.tab) == ("page1", "page1", "close", "page1")
    assert (printed.dialog, saved.downloads) == (DialogAnswer(), "download1")
    heading = Locator(kind=LocatorKind.ROLE, value="heading", name="Thanks")
    assert after.postcondition == Condition(url="https://pay.example/orders/**", visible=(heading,))
    assert found.skill.origins.navigate == ("shop.example", "pay.example")


def test_what_cannot_be_carried_is_noted_with_its_line() -> None:
    found = imported(
        one("click", "text=Map", button="right", modifiers=8, clickCount=1, position={"x": 3, "y": 4}),
        one("setInputFiles", "#file", files=["C:\\me\\cv.pdf"]),
        one("assertChecked", "#box", checked=True),
        one("click", "_react=Book"),
        one("fly", "text=Map"),
        one("click", 'iframe[title="x"] >> internal:control=enter-frame >> text=Map'),
        one("click", "text=Map", page="page@9"),
        header={**HEADER, "contextOptions": {"locale": "de", "viewport": {}}, "saveStorage": "s.json"},
    )
    assert [step.action for step in found.skill.steps] == ["right_click", "upload", "assert"]
    assert [note.line for note in found.notes] == [1, 1, 4, 4, 5, 6, 7, 8, 9, 10]
    assert found.skill.steps[1].value == "cv.pdf"


def test_what_commits_is_asked_about() -> None:
    found = imported(one("click", 'internal:role=button[name="Order and pay"i]'), one("assertVisible", "text=Thanks"))
    assert [step.effect for step in found.skill.steps] == ["irreversible", "read"]


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    text = "\n\n".join(json.dumps(line) for line in (HEADER, one("navigate", url=HERE), one("hover", "text=Menu")))
    [found] = import_skill(f'{text}\n{{"name": "cli'.encode(), "x.jsonl")
    assert [(note.line, note.words) for note in found.notes] == [(6, "the last line is cut off")]


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ('{"name": "click"}\n[]', "line 2 is no action", 2),
        ('{"browserName": "x"}\n{"name": \n{"name": "hover"}', "line 2 is not JSON", 2),
        ('{"browserName": "x"}', "no step", 0),
        ('{"name": "hover", "selector": "a"}', "no address", 0),
        ('{"name": "fill", "x": ' + "[" * 70 + "]" * 70 + "}", "nested", 1),
    ],
)
def test_a_file_that_is_no_recording_is_refused(text: str, reason: str, line: int) -> None:
    with pytest.raises(ImportRefused, match=reason) as refused:
        import_skill(text.encode(), "x.jsonl", "playwright-jsonl")
    assert refused.value.line == line
