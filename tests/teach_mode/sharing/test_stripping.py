"""What is a person's own leaves the house with no skill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.checks import check, read_skill, write_skill
from teach_mode.errors import ShareRefused
from teach_mode.sharing.stripping import stripped
from teach_mode.skill import Call, Entry, Origins, Parameter, Skill, Step, Target

EXAMPLES = Path(__file__).parents[3] / "examples" / "skills"
ADA = {"name": "Ada Example", "phone": "555 0100", "address": "Elm Street 5", "email": "ada@leveret.example"}


def field(label: str, **seen: Any) -> Target:
    fingerprint = Fingerprint(role="textbox", name=label, tag="input", **seen)
    return Target(locators=(Locator(kind=LocatorKind.LABEL, value=label),), fingerprint=fingerprint)


def skill(*steps: Step, **more: Any) -> Skill:
    return Skill(
        format=1,
        name="find_book",
        description="Find a book",
        base="https://library.example",
        origins=Origins(navigate=("library.example",)),
        entry=Entry(url="{site}/"),
        steps=steps,
        utterances=("find a book",),
        **more,
    )


def fill(value: str, step: str = "search", label: str = "Search", **seen: Any) -> Step:
    return Step(id=step, action="fill", target=field(label, **seen), value=value)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_what_is_left_of_a_skill_holds_together_and_says_nothing_of_its_person(path: Path) -> None:
    left = stripped(read_skill(path), ADA).skill
    check(left)
    text = write_skill(left).decode()
    for words in (*ADA.values(), "See you soon, Ada"):
        assert words not in text


def test_typed_words_become_a_question_wherever_they_stand() -> None:
    seen = Step(id="look", action="wait", wait=Condition(text="Results for The Bee Book", url="*q=The%20Bee*"))
    found = stripped(skill(fill("The Bee Book"), seen), ADA)
    check(found.skill)
    (asked,) = found.skill.parameters
    assert (asked.name, asked.source, asked.question) == ("search", "request", "What shall I type into Search?")
    assert found.skill.steps[0].value == "{search}"
    wait = found.skill.steps[1].wait
    assert wait is not None and wait.text == "Results for {search}"
    assert [one.step for one in found.taken] == ["search"]


def test_words_stay_where_the_person_says_so() -> None:
    found = stripped(skill(fill("bees")), ADA, keep=["search"])
    assert found.skill.steps[0].value == "bees" and found.skill.parameters == ()
    assert [one.words for one in found.stays] == ["“bees” in “Search”"]
    with pytest.raises(ShareRefused, match="there is no step 'pay'"):
        stripped(skill(fill("bees")), ADA, keep=["pay"])


def test_a_fact_that_was_typed_is_the_fact_of_whoever_runs_it() -> None:
    steps = (fill("ada@leveret.example", "mail", "E-mail"), fill("To Elm Street 5", "to", "Where"))
    found = stripped(skill(*steps, read_back="Sent to Elm Street 5."), ADA, keep=["to"])
    check(found.skill)
    assert [(one.name, one.source) for one in found.skill.parameters] == [("email", "profile"), ("address", "profile")]
    assert [one.value for one in found.skill.steps] == ["{email}", "To {address}"]
    assert found.skill.read_back == "Sent to {address}."


def test_two_fields_of_one_name_are_asked_for_apart() -> None:
    found = stripped(skill(fill("one thing", "a", "City"), fill("another", "b", "City")), {})
    assert [one.name for one in found.skill.parameters] == ["city", "city_2"]
    check(found.skill)


def test_what_pages_showed_is_gone_but_for_what_the_skill_itself_says() -> None:
    seen = {"neighbours": ("Hello Ada", "Author", "Your loans: 3"), "within": ("form My books",), "others": "x"}
    seen |= {"attributes": {"value": "old words", "name": "q"}}
    reading = Step(
        id="read",
        action="read",
        saves="number",
        target=Target(
            locators=(Locator(kind=LocatorKind.TESTID, value="number"),), fingerprint=Fingerprint(tag="b", text="L-77")
        ),
    )
    found = stripped(skill(fill("{q}", **seen), fill("x", "by", "Author"), reading, parameters=(QUERY,)), ADA)
    assert found.skill.steps[0].target is not None and found.skill.steps[2].target is not None
    seen_then = found.skill.steps[0].target.fingerprint
    assert (seen_then.neighbours, seen_then.within, seen_then.others) == (("Author",), (), "")
    assert seen_then.attributes == {"name": "q"}
    assert found.skill.steps[2].target.fingerprint.text == ""


QUERY = Parameter(name="q", kind="text", question="Which book?")


def test_usual_words_and_known_names_are_taken_out() -> None:
    usual = msgspec.structs.replace(QUERY, default="bees", question="")
    left = stripped(skill(fill("{q}"), parameters=(usual,)), {}).skill
    assert (left.parameters[0].default, left.parameters[0].question) == (None, "What q?")
    check(left)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"description": "Find a book for Ada Example"}, "its description"),
        ({"calls": (Call(id="again", skill="order_pizza"),)}, "it calls 'order_pizza'"),
        ({"utterances": ("send it to elm street 5",)}, "what people say for it"),
        ({"entry": Entry(url="{site}/account/9f8a7b6c5d4e3f2a1b0c9d8e/")}, "its start leads to"),
    ],
)
def test_what_cannot_be_taken_out_is_named_and_stops_it(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ShareRefused, match=place):
        stripped(msgspec.structs.replace(skill(fill("{q}"), parameters=(QUERY,)), **change), ADA)


def test_names_of_secrets_stay_as_needs() -> None:
    step = Step(id="password", action="fill", target=field("Password"), secret="library password")
    left = stripped(skill(step), ADA).skill
    assert left.steps[0].secret == "library password" and left.steps[0].value == ""
