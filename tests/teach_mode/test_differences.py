"""What a person is told of two versions of a skill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from browser.locators import Locator, LocatorKind
from teach_mode.checks import read_skill
from teach_mode.differences import OTHERS, SAID, differences
from teach_mode.skill import Skill, Step

PIZZA = read_skill(Path(__file__).parents[2] / "examples" / "skills" / "pizza.json")
ORDER = next(number for number, step in enumerate(PIZZA.steps) if step.id == "pay")
NUMBER = ORDER + 1 + len(PIZZA.entry.reconcile)


def told(after: Skill, before: Skill = PIZZA) -> list[tuple[str, str]]:
    return [(one.what, one.words) for one in differences(before, after)]


def with_order(**changes: Any) -> Skill:
    steps = list(PIZZA.steps)
    steps[ORDER] = replace(steps[ORDER], **changes)
    return replace(PIZZA, steps=tuple(steps))


def test_the_number_of_a_version_is_no_difference() -> None:
    assert told(replace(PIZZA, version=7)) == []


def test_sentences_are_told_one_by_one() -> None:
    first, *others = PIZZA.utterances
    said = told(replace(PIZZA, utterances=(*others, "bring me [a] {kind}")))
    assert ("added", "Sentence added: “bring me [a] {kind}”") in said
    assert [what for what, _ in said] == ["added", "gone"]
    assert told(replace(PIZZA, utterances=(*others, first))) == [("changed", "Sentences stand in another order.")]


def test_an_element_that_is_found_anew_is_told_with_what_it_was() -> None:
    target = PIZZA.steps[ORDER].target
    assert target is not None
    named = Locator(kind=LocatorKind.ROLE, value="button", name="Place order")
    seen = replace(target.fingerprint, name="Place order", text="Place order")
    moved = replace(target, locators=(named,), fingerprint=seen)
    words = f"Step {NUMBER} finds “Place order” in place of “Order and pay”, by the name “Place order”."
    assert told(with_order(target=moved)) == [("changed", words)]
    other = replace(target, locators=(Locator(kind=LocatorKind.CSS, value="#pay"), *target.locators))
    ((_, said),) = told(with_order(target=other))
    assert said.startswith(f"Step {NUMBER} finds “Order and pay” by the CSS “#pay”, before by")


def test_steps_that_come_go_and_change_their_effect_are_told() -> None:
    order = PIZZA.steps[ORDER]
    without = replace(PIZZA, steps=tuple(step for step in PIZZA.steps if step is not order))
    assert told(without) == [("gone", f"Step {NUMBER} taken out: Click “Order and pay”")]
    assert told(PIZZA, without) == [("added", f"Step {NUMBER} added: Click “Order and pay”")]
    said = told(with_order(effect="reversible", confirms=order.confirms[1:], evidence=None))
    assert said == [
        ("changed", f"Step {NUMBER} can be undone, and is not asked about."),
        ("gone", f"Step {NUMBER} shows “{order.confirms[0].title}” no more before it is done."),
        ("changed", f"Step {NUMBER} differs in where the site tells that it was done."),
    ]
    assert ("changed", "The steps are done in another order.") in told(
        replace(PIZZA, steps=(PIZZA.steps[1], PIZZA.steps[0], *PIZZA.steps[2:]))
    )


def test_there_are_words_for_fields_that_there_are_and_for_every_other_difference() -> None:
    assert set(Step.__struct_fields__) >= SAID | OTHERS.keys()
    assert told(replace(PIZZA, site="elsewhere")) == [("changed", "Details that only the file shows.")]
