"""A target for an element found elsewhere: bound to the values as before, and never for another kind of field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.retarget import as_template, bears, can_take, retargeted, still_says, ways
from teach_mode.skill import Step, Target
from teach_mode.templates import render_all

VALUES: dict[str, Any] = {"kind": "quattro-formaggi", "people": 2, "site": "http://shop.example", "note": ""}
OLD = Target(
    locators=(Locator(kind=LocatorKind.ROLE, value="link", name="Choose {kind|title}", exact=True),),
    fingerprint=Fingerprint(
        role="link",
        name="Choose {kind|title}",
        attributes={"href": "/pizza/{kind}"},
        neighbours=("from 9.50", "for {people}"),
    ),
)
NOW = Fingerprint(
    role="button",
    name="Order Quattro Formaggi",
    tag="button",
    attributes={"id": "order-quattro-formaggi"},
    neighbours=("for 2", "1 {euro}"),
)


def test_what_stood_for_a_value_stands_for_it_again() -> None:
    target = retargeted(NOW, ways(NOW, "main > button"), OLD, VALUES)
    assert target is not None
    assert target.fingerprint.name == "Order {kind|title}"
    assert target.fingerprint.attributes == {"id": "order-{kind}"}
    assert target.fingerprint.neighbours == ("for {people}", "1 {{euro}}")
    assert [one.name or one.value for one in target.locators] == ["Order {kind|title}", 'button[id="order-{kind}"]']
    other = render_all(target, {**VALUES, "kind": "funghi"})
    assert other.locators[0].name == "Order Funghi"


def test_a_target_that_would_serve_one_value_only_is_none() -> None:
    bare = Fingerprint(role="button", name="Order", tag="button")
    assert retargeted(bare, ways(bare, "main > button"), OLD, VALUES) is None
    around = Target(locators=OLD.locators[:0], fingerprint=Fingerprint(name="Pay", neighbours=("for {people}",)))
    assert retargeted(bare, ways(bare, "main > button"), around, VALUES) is not None


@pytest.mark.parametrize(
    "seen, says",
    [
        (NOW, True),
        (Fingerprint(name="Order Funghi", neighbours=("Quattro Formaggi", "for 2")), False),
        (Fingerprint(name="Order", within=("row Quattro Formaggi 10.50",), neighbours=("for 2",)), True),
        (Fingerprint(name="Order", attributes={"href": "/p/quattro-formaggi"}, neighbours=("for 2",)), True),
        (Fingerprint(name="Order Quattro Formaggi", neighbours=("for 4",)), False),
    ],
)
def test_an_element_must_bear_the_values_itself_or_in_its_row(seen: Fingerprint, says: bool) -> None:
    assert still_says(seen, OLD, VALUES) is says


@pytest.mark.parametrize(
    "action, seen, can",
    [
        ("fill", Fingerprint(role="textbox", tag="input"), True),
        ("fill", Fingerprint(role="button", tag="button"), False),
        ("fill", Fingerprint(role="textbox", tag="input", attributes={"type": "password"}), False),
        ("select", Fingerprint(role="combobox", tag="select"), True),
        ("select", Fingerprint(role="textbox", tag="input"), False),
        ("check", Fingerprint(role="switch", tag="div"), True),
        ("check", Fingerprint(role="", tag="label"), False),
        ("upload", Fingerprint(tag="input", attributes={"type": "file"}), True),
        ("upload", Fingerprint(role="button", tag="button"), False),
        ("click", Fingerprint(tag="div"), True),
    ],
)
def test_an_action_takes_only_what_it_can_be_done_on(action: Any, seen: Fingerprint, can: bool) -> None:
    assert can_take(Step(id="s", action=action), seen) is can


@given(st.text(max_size=30), st.sampled_from(["funghi", "2", "a b"]))
def test_a_text_made_a_template_renders_to_itself(text: str, said: str) -> None:
    made = as_template(Fingerprint(name=text), {"{kind}": said})
    assert render_all(made, {"kind": said}).name == text


def test_names_that_a_build_tool_made_up_are_no_way_to_an_element() -> None:
    seen = Fingerprint(role="button", name="Go", tag="button", attributes={"id": "u7rca35", "name": "go"})
    assert [one.value for one in ways(seen, "")] == ["button", 'button[name="go"]']


@pytest.mark.parametrize("name, bearing", [("Sunday 6 December 2026", True), ("Friday 6 November 2026", False)])
def test_what_is_named_by_one_value_does_not_bear_another(name: str, bearing: bool) -> None:
    day = Target(locators=OLD.locators, fingerprint=Fingerprint(role="button", name="{when|date:%A %-d %B %Y}"))
    assert bears(Fingerprint(role="button", name=name, text="6"), day, {"when": "2026-12-06T19:30"}) is bearing
