"""What every importer hands its steps to."""

from __future__ import annotations

import pytest

from browser.conditions import Condition
from browser.locators import Locator, LocatorKind
from teach_mode.errors import ImportRefused
from teach_mode.formats.assembling import Assembly
from teach_mode.skill import Parameter, Target, When


def begun(title: str = "Buy a Pizza!") -> Assembly:
    made = Assembly(title, tool="a tool")
    made.goto("https://pizza.example/menu?x=1", line=1)
    return made


def button(made: Assembly, name: str, role: str = "button") -> Target:
    return made.target([Locator(kind=LocatorKind.ROLE, value=role, name=name, exact=True)])


def test_the_first_address_is_where_it_starts_and_the_title_what_people_say() -> None:
    made = begun()
    made.add("click", line=2, target=button(made, "Add to cart"))
    found = made.finish(steps=2)
    skill = found.skill
    assert (skill.name, skill.base, skill.entry.url) == ("buy_a_pizza", "https://pizza.example", "{site}/menu?x=1")
    assert (skill.utterances, skill.description) == (("buy a pizza",), "buy a Pizza! on pizza.example")
    assert [(step.id, step.action) for step in skill.steps] == [("click-add-to-cart", "click")]
    assert (skill.effect, found.notes, found.steps) == ("reversible", (), 2)


def test_what_commits_is_asked_about_and_seen_to_have_happened() -> None:
    made = begun()
    made.add("press", line=2, target=button(made, "Order and pay"), value="Enter")
    made.add("wait", line=3, wait=Condition(text="Thank you"))
    found = made.finish(steps=3)
    act = found.skill.steps[0]
    assert (act.action, act.effect, found.skill.effect) == ("click", "irreversible", "irreversible")
    assert (act.postcondition, act.question) == (
        Condition(text="Thank you"),
        "Press “Order and pay” on pizza.example?",
    )
    assert {note.line for note in found.notes} == {2}


def test_what_may_commit_does_so_where_nothing_is_done_after_it() -> None:
    made = begun()
    made.add("click", target=button(made, "Book a table"))
    leads_on = begun()
    leads_on.add("click", target=button(leads_on, "Book a table"))
    leads_on.add("click", target=button(leads_on, "Two"))
    assert made.finish(steps=2).skill.effect == "irreversible"
    assert leads_on.finish(steps=3).skill.effect == "reversible"


def test_a_secret_of_the_file_is_in_no_skill() -> None:
    made = begun()
    field = made.target([Locator(kind=LocatorKind.CSS, value="input[type='password']")])
    made.add("fill", line=7, target=field, value=made.variable("pw", default="hunter2"))
    found = made.finish(steps=2)
    assert (found.skill.steps[0].secret, found.skill.steps[0].value, found.skill.parameters) == ("password", "", ())
    assert [note.line for note in found.notes] == [7]


def test_conditions_nest_and_a_loop_names_its_first_and_last_step() -> None:
    made = begun()
    made.parameter(Parameter(name="toppings", kind="text", many=True, question="Which?"))
    size = made.variable("pizza Size", default="large")
    assert made.begin_loop(for_each="toppings") and not made.begin_loop(for_each="toppings")
    made.add("check", target=button(made, "{item}", "checkbox"))
    made.add("check", target=button(made, size, "radio"))
    assert made.end()
    made.begin(When(equals={"pizza_size": "large"}))
    made.begin(When(given="toppings"))
    made.add("click", target=button(made, "Add"))
    assert made.end() and made.end() and not made.end()
    skill = made.finish(steps=5).skill
    assert [(loop.first, loop.last, loop.for_each) for loop in skill.loops] == [
        ("check-item", "check-pizza-size", "toppings")
    ]
    assert skill.steps[-1].when == When(given="toppings", equals={"pizza_size": "large"})
    assert [(one.name, one.default) for one in skill.parameters] == [("toppings", None), ("pizza_size", "large")]


def test_addresses_of_the_site_are_written_so_that_it_can_move() -> None:
    made = begun()
    frame = ("url=https://pizza.example/pay", "index=0")
    pay = made.target([Locator(kind=LocatorKind.CSS, value="button.next")], frame=frame)
    made.add("click", target=pay, postcondition=Condition(url="https://pizza.example/cart*"))
    made.goto("/done")
    made.goto("https://user:word@other.example/x", line=9)
    found = made.finish(steps=4)
    first, second, third = found.skill.steps
    assert first.target is not None and first.target.fingerprint.frame == ("url={site}/pay", "index=0")
    assert (first.postcondition, second.value) == (Condition(url="{site}/cart*"), "{site}/done")
    assert (third.value, found.skill.origins.navigate) == (
        "https://other.example/x",
        ("pizza.example", "other.example"),
    )
    assert [note.line for note in found.notes] == [9]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda made: None, "no step"),
        (lambda made: made.goto("https://pizza.example/"), "does nothing"),
        (lambda made: made.add("wait", wait=Condition(text="x")), "no address"),
    ],
)
def test_a_file_without_a_skill_in_it_is_refused(act, reason) -> None:
    made = Assembly("x", tool="a tool")
    act(made)
    with pytest.raises(ImportRefused, match=reason):
        made.finish(steps=1)


def test_a_text_that_is_no_template_is_refused_by_name() -> None:
    made = begun()
    made.add("click", target=button(made, "x", role="}"))
    with pytest.raises(ImportRefused, match="brace"):
        made.finish(steps=2)
