"""What of a skill is found anew, and what goes along with it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.parts import guards, names, of_confirm, renewed, sought
from teach_mode.skill import Confirm, Skill, Target


def text(words: str) -> Locator:
    return Locator(kind=LocatorKind.TEXT, value=words)


def looks(words: str) -> dict[str, Any]:
    return {"text": words, "tag": "p"}


BUTTON = {"locators": [{"kind": "text", "value": "Order"}], "fingerprint": looks("Order")}
FIELD = {"locators": [{"kind": "label", "value": "Street"}], "fingerprint": {"label": "Street", "tag": "input"}}
SKILL = {
    "format": 1,
    "name": "order",
    "description": "Order",
    "base": "http://shop.localhost",
    "origins": {"navigate": ["shop.localhost"]},
    "utterances": ["order"],
    "effect": "irreversible",
    "entry": {
        "url": "{site}/",
        "condition": {"visible": [{"kind": "text", "value": "Cart 0"}], "looks": looks("Cart 0")},
        "reconcile": [
            {
                "id": "empty",
                "action": "click",
                "target": BUTTON,
                "until": {"text": "Nothing in it", "looks": looks("Nothing in it")},
                "changes": [{"kind": "css", "value": "#cart"}],
                "changes_looks": looks("Cart 2"),
            }
        ],
    },
    "steps": [
        {"id": "street", "action": "fill", "target": FIELD, "value": "Elm Street 5"},
        {"id": "there", "action": "assert", "wait": {"text": "In stock", "looks": looks("In stock")}},
        {
            "id": "pay",
            "action": "click",
            "target": BUTTON,
            "effect": "irreversible",
            "postcondition": {"hidden": BUTTON["locators"]},
            "question": "{total} to {street}?",
            "confirms": [
                {"name": "street", "title": "Street", "locators": FIELD["locators"]},
                {"name": "total", "title": "Total", "locators": [{"kind": "css", "value": "#total"}], "kind": "amount"},
            ],
        },
    ],
}


@pytest.fixture
def skill() -> Skill:
    return msgspec.convert(SKILL, Skill)


def test_every_part_is_looked_at_as_a_target_and_put_back_where_it_was_taken(skill: Skill) -> None:
    new = Target(locators=(text("now"),), fingerprint=Fingerprint(text="now", frame=("name=f",)))
    parts = (
        ("entry", "condition"),
        ("empty", "target"),
        ("empty", "until"),
        ("empty", "changes"),
        ("there", "wait"),
        ("pay", of_confirm("total")),
    )
    for step, part in parts:
        assert sought(skill, step, part) is not None, part
        assert sought(renewed(skill, step, part, new, "Due"), step, part) == new, part
    assert sought(skill, "pay", "postcondition") is None
    assert sought(skill, "gone", "target") is None


def test_what_names_the_same_element_elsewhere_goes_along_with_it(skill: Skill) -> None:
    button = Target(locators=(text("Buy"),), fingerprint=Fingerprint(text="Buy"))
    after = renewed(skill, "pay", "target", button).steps[-1].postcondition
    assert after is not None and after.hidden == button.locators
    field = Target(locators=(text("Road"),), fingerprint=Fingerprint(label="Road"))
    street, total = renewed(skill, "street", "target", field).steps[-1].confirms
    assert street.locators == field.locators and total == skill.steps[-1].confirms[1]


def test_a_read_back_bears_the_words_that_it_stands_under_now(skill: Skill) -> None:
    new = Target(locators=(text("now"),), fingerprint=Fingerprint())
    titles = [
        renewed(skill, "pay", of_confirm("total"), new, said).steps[-1].confirms[1].title for said in ("Due", "{x}")
    ]
    assert titles == ["Due", "Total"]


def test_what_stands_before_an_act_that_cannot_be_undone_guards_it(skill: Skill) -> None:
    steps = {step.id: step for step in skill.all_steps}
    assert guards(skill, steps["street"], "condition") and guards(skill, steps["there"], "wait")
    assert guards(skill, steps["pay"], "postcondition") and not guards(skill, steps["empty"], "until")
    reading = msgspec.structs.replace(skill, effect="reversible", steps=skill.steps[:2])
    assert not guards(reading, steps["there"], "wait") and not guards(reading, steps["street"], "condition")


def test_a_read_back_is_the_field_of_a_step_when_each_way_to_it_is_one_of_that_steps() -> None:
    seen = Fingerprint(label="Road", tag="input", frame=("name=f",))
    field = Target(locators=(text("Road"), text("road")), fingerprint=seen)
    back = Confirm(name="road", title="Road", locators=field.locators[:1], frame=("name=f",))
    assert names(back, field)
    assert not names(replace(back, frame=()), field)
    assert not names(replace(back, locators=(text("Road"), text("elsewhere"))), field)
    assert not names(replace(back, locators=()), field)
    pressed = replace(field, fingerprint=replace(seen, tag="a"))
    assert not names(back, pressed) and names(replace(back, locators=field.locators), pressed)
