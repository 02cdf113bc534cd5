"""What a skill may do, in words: read from its steps, and nothing else."""

from __future__ import annotations

from pathlib import Path

import msgspec

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.checks import read_skill
from teach_mode.powers import powers
from teach_mode.skill import Skill, Step, Target
from teach_mode.weaknesses import weaknesses

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
PIZZA = read_skill(SKILLS / "pizza.json")
MAIL = read_skill(SKILLS / "gallery" / "newest_mail.json")


def told(skill: Skill) -> dict[str, tuple[str, ...]]:
    return {one.key: one.lines for one in powers(skill)}


def test_each_question_is_answered_once() -> None:
    keys = [one.key for one in powers(PIZZA)]
    assert len(keys) == len(set(keys)) and keys[:2] == ["acts", "goes"]


def test_an_act_is_told_with_what_is_shown_and_what_a_limit_holds() -> None:
    (act,) = told(PIZZA)["acts"]
    assert act == (
        "Click “Order and pay”. You are asked before it, every time, and shown: Item, Pieces, Total, To. "
        "Held to your limit: Total."
    )
    pay = next(step for step in PIZZA.steps if step.id == "pay")
    bare = msgspec.structs.replace(
        pay,
        evidence=None,
        confirms=tuple(msgspec.structs.replace(one, capped=False) for one in pay.confirms),
    )
    steps = tuple(bare if step.id == "pay" else step for step in PIZZA.steps)
    (act,) = told(msgspec.structs.replace(PIZZA, steps=steps))["acts"]
    assert "No amount is held to your limit." in act and "nobody can look up whether it happened" in act


def test_what_of_ones_own_is_typed_is_told_with_its_field_and_no_value() -> None:
    assert told(PIZZA)["types"] == (
        "your name, into “Name”",
        "your phone number, into “Phone”",
        "your address, into “Address”",
    )
    assert told(MAIL)["types"] == (
        "your e-mail address, into “Email”",
        "the secret “mail password” of your vault, into “Password”",
        "a one-time code made from “mail code” of your vault, into “One-time code”",
    )


def test_places_are_told_with_what_is_not_encrypted() -> None:
    elsewhere = msgspec.structs.replace(
        PIZZA.origins, navigate=("pizza.localhost", "pay.example"), load=("cdn.example",)
    )
    goes = told(msgspec.structs.replace(PIZZA, origins=elsewhere))["goes"]
    assert goes[0].endswith("where it begins, not encrypted") and goes[1] == "pay.example"
    assert goes[2] == "Its pages load from cdn.example, where nothing is pressed"


def test_signs_that_steer_how_words_are_shown_are_left_out() -> None:
    lines = told(msgspec.structs.replace(PIZZA, read_back="Done\u202e\x1b[2J."))["reads"]
    assert lines[-1] == "At the end it says: “Done[2J.”"


def click(*locators: Locator, **seen: str) -> Skill:
    step = Step(id="go", action="click", target=Target(locators=locators, fingerprint=Fingerprint(**seen)))  # type: ignore[arg-type]
    return msgspec.structs.replace(PIZZA, steps=(step,))


def weak(skill: Skill) -> str:
    return " ".join(one.words for one in weaknesses(skill) if one.step == "go")


def test_elements_that_are_known_by_too_little_are_named() -> None:
    role = Locator(kind=LocatorKind.ROLE, value="button", name="Go")
    assert weak(click(role, role, role="button", name="Go", tag="button")) == ""
    by_place = Locator(kind=LocatorKind.XPATH, value="//tr[2]/td[4]/button")
    assert "its place on the page alone" in weak(click(by_place, role="button", name="Go"))
    made = Locator(kind=LocatorKind.CSS, value=".css-1x2y3z9")
    assert "makes anew with each release" in weak(click(role, made, role="button", name="Go"))
    assert "hardly anything is known" in weak(click(role, role, tag="button"))
    assert "not marked as irreversible" in weak(click(role, role, role="button", name="Buy now"))
