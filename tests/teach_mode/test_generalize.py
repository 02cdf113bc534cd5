"""What becomes of a demonstration. No browser: elements are written by hand in `showing.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from browser.bystanders import bystander, written
from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from language import templates
from language.entities import read
from teach_mode.demonstration import Change, Demonstration, Dialog, Listed, Option, ShownStep
from teach_mode.errors import DemonstrationEmpty, EditRefused
from teach_mode.generalize import apply, generalize
from teach_mode.generalizing import proposal as edits
from teach_mode.generalizing.proposal import Proposal
from teach_mode.skill import Confirm, Skill, Step, When
from teach_mode.templates import render, render_all
from tests.teach_mode.showing import (
    BASE,
    MADE_AT,
    SIZES,
    at,
    book,
    button,
    day,
    demonstration,
    element,
    field,
    kind,
    next_month,
    options,
    order,
    people,
    radio,
    role,
    size,
    topping,
    went,
)

NOW = datetime.fromisoformat(MADE_AT)


def parameter(proposal: Proposal, name: str) -> Any:
    found = proposal.skill.parameter(name)
    assert found is not None, [one.name for one in proposal.skill.parameters]
    return found


def step(proposal: Proposal, step_id: str) -> Step:
    return next(one for one in proposal.skill.steps if one.id == step_id)


def names(proposal: Proposal) -> list[str]:
    return [one.name for one in proposal.skill.parameters]


def understood(skill: Skill, sentence: str) -> dict[str, Any] | None:
    slots = {one.name: one for one in skill.parameters if one.source == "request"}
    for source in skill.utterances:
        values = templates.match(sentence, templates.parse(source), slots, NOW, read)
        if values is not None:
            return values
    return None


def pizza(sentence: str = "order a large quattro formaggi pizza") -> Demonstration:
    return demonstration(sentence, kind("quattro-formaggi", "Quattro Formaggi"), size("large"), *order())


def test_one_of_several_links_that_the_sentence_names_is_a_choice_of_all_of_them() -> None:
    made = generalize([pizza()])
    chosen = parameter(made, "pizza")
    assert [choice.value for choice in chosen.choices] == ["margherita", "pepperoni", "quattro-formaggi"]
    target = step(made, "s1").target
    assert target is not None and target.locators[0].name == "Choose {pizza|title}"
    assert target.fingerprint.attributes["href"] == "/pizza/{pizza}"
    assert made.values[0]["pizza"] == "quattro-formaggi"


def test_the_skill_is_asked_for_in_the_words_of_its_sentence_with_other_values() -> None:
    skill = generalize([pizza()]).skill
    assert skill.name == "order_pizza" and skill.description == "Order a pizza."
    assert understood(skill, "Please order me a small pepperoni pizza") == {"size": "small", "pizza": "pepperoni"}
    assert understood(skill, "get a margherita pizza") == {"pizza": "margherita"}


def test_what_the_page_asks_of_the_person_comes_from_the_profile() -> None:
    made = generalize([pizza()])
    assert [parameter(made, name).source for name in ("name", "address")] == ["profile", "profile"]
    assert step(made, "s5").value == "{address}"


def test_a_list_of_boxes_named_in_the_sentence_becomes_a_loop() -> None:
    shown = demonstration(
        "order a large quattro formaggi with olives and extra cheese",
        kind("quattro-formaggi", "Quattro Formaggi"),
        size("large"),
        topping("olives"),
        topping("extra-cheese"),
    )
    made = generalize([shown])
    loop = step(made, "s3")
    assert loop.for_each == "topping" and loop.target is not None
    assert loop.target.locators[0].name == "{item|capital}"
    assert made.values[0]["topping"] == ("olives", "extra-cheese")
    assert understood(made.skill, "order a small margherita with bacon") == {
        "size": "small",
        "quattro" if "quattro" in names(made) else "pizza": "margherita",
        "topping": ("bacon",),
    }


def test_an_act_has_its_price_and_address_confirmed_and_needs_no_evidence() -> None:
    made = generalize([pizza()])
    pay = step(made, "s7")
    assert pay.effect == "irreversible" and made.skill.effect == "irreversible" and pay.evidence is None
    assert {one.title: (one.expect, one.capped) for one in pay.confirms} == {
        "Delivered to": ("{address}", False),
        "Name": ("{name}", False),
        "Total": ("", True),
    }
    assert "{total}" in pay.question and pay.postcondition == Condition(url="{site}/orders/*")
    assert any("stays unknown" in chip.evidence for chip in made.chips)


def test_the_words_of_a_button_and_a_month_alone_are_no_read_back() -> None:
    change = bystander(Fingerprint(role="button", name="Change"))
    near = ("Previous month December 2026 Next month", "Change Ada Example", "Name Ada Example")
    order = button("Place order", neighbours=near, others=written((change,), ()))
    shown = demonstration(
        "order for ada example on the tenth of december",
        ("fill", field("Name", "name"), "Ada Example"),
        ("fill", field("Day", "day"), "10 December 2026"),
        ("click", order),
    )
    pay = step(generalize([shown]), "s3")
    assert not {"Change", "Previous month"} & {one.title for one in pay.confirms}
    assert "month" not in pay.question.lower() and "change" not in pay.question.lower()


def test_a_counter_that_stood_at_nothing_is_the_entry_condition() -> None:
    assert generalize([pizza()]).skill.entry.condition == Condition(visible=(role("link", "Cart 0"),))


def test_a_page_of_the_history_that_was_visited_is_the_evidence() -> None:
    rows = Locator(kind=LocatorKind.CSS, value="main > article")
    looks = Fingerprint(role="article", tag="article", text="P-1001 Quattro Formaggi")
    listed = Listed(locator=rows, texts=("P-1001 Quattro Formaggi 27.00", "P-0007 Margherita 9.00"), looks=looks)
    orders = Change(url=f"{BASE}/orders", appeared=(role("heading", "Your orders"),), listed=listed)
    shown = demonstration(
        "order a large quattro formaggi pizza",
        kind("quattro-formaggi", "Quattro Formaggi"),
        size("large"),
        *order(),
        ("click", element("link", "Your orders", text="Your orders"), orders),
    )
    evidence = step(generalize([shown]), "s7").evidence
    assert evidence is not None and evidence.url == "{site}/orders" and evidence.items == (rows,)
    assert evidence.ready.visible == (role("heading", "Your orders"),) and not evidence.whole


def test_a_list_that_tells_nothing_of_the_act_is_no_evidence() -> None:
    rows = Locator(kind=LocatorKind.CSS, value="main > article")
    listed = Listed(locator=rows, texts=("Our rides of the month", "Lake tour"), looks=Fingerprint(tag="article"))
    shown = demonstration(
        "order a large quattro formaggi pizza",
        kind("quattro-formaggi", "Quattro Formaggi"),
        size("large"),
        *order(),
        ("click", element("link", "Rides", text="Rides"), Change(url=f"{BASE}/rides", listed=listed)),
    )
    assert step(generalize([shown]), "s7").evidence is None


def test_tonight_at_seven_is_a_moment_in_any_month() -> None:
    shown = demonstration(
        "book a table for two on the tenth of january at seven",
        people("2 people"),
        next_month("December 2026"),
        next_month("January 2027"),
        day("10", "Sunday 10 January 2027"),
        at("19:00"),
        *book(),
    )
    made = generalize([shown])
    assert parameter(made, "when").kind == "when" and made.values[0]["when"] == "2027-01-10T19:00"
    turn, cell, hour = (step(made, name) for name in ("s2", "s4", "s5"))
    assert turn.until is not None and turn.until.visible[0].value == "{when|date:%B %Y}" and turn.changes
    assert cell.target is not None and cell.target.fingerprint.name == "{when|date:%A %-d %B %Y}"
    assert hour.target is not None and hour.target.locators[0].name == "{when|time}"
    assert step(made, "s1").value == "{people}"  # the option's own value, whatever its label becomes
    said = {one.title: one.expect for one in step(made, "s7").confirms}
    assert said == {"People": "{people}", "Phone": "{phone}"}
    assert understood(made.skill, "book a table for four tonight at eight") == {
        "people": 4,
        "when": "2026-11-23T20:00",
    }


def test_a_bare_number_is_a_day_only_in_a_calendar() -> None:
    said = "choose the tenth of december"
    cell = generalize([demonstration(said, next_month("December 2026"), day("10"))])
    assert step(cell, "s2").target.locators[0].name == "{when|date:%-d}" if "when" in names(cell) else True
    assert parameter(cell, "day").kind == "date"
    page = generalize([demonstration(said, ("click", button("10", options=options(("", "10"), ("", "20")))))])
    assert "day" not in names(page)


def test_a_month_that_was_not_turned_is_turned_when_the_picker_names_it() -> None:
    made = generalize([demonstration("come on november 27", day("27", month="November 2026"))])
    turn = made.skill.steps[0]
    assert turn.until is not None and turn.until.visible[0].value == "{day|date:%B %Y}"
    assert turn.target is not None and turn.target.locators[0].name == "Next month"


@pytest.mark.parametrize(
    ("typed", "woven"),
    [("2026-12-10", "{day}"), ("12/10/2026", "{day|date:%m/%d/%Y}"), ("10 December 2026", "{day|date}")],
)
def test_a_day_that_is_typed_is_typed_in_the_same_form(typed: str, woven: str) -> None:
    made = generalize([demonstration("come on the tenth of december", ("fill", field("Arrival", "arrival"), typed))])
    assert step(made, "s1").value == woven


def test_case_is_as_the_page_wants_it() -> None:
    made = generalize([demonstration('type "ada" in capitals', ("fill", field("Word", "word"), "ADA"))])
    assert step(made, "s1").value == "{word|upper}" and made.values[0] == {"word": "ada"}


def test_a_value_of_which_nobody_speaks_stays_as_it_is() -> None:
    shown = ("fill", field("Reference", "reference"), "spring sale")
    made = generalize([demonstration("apply the coupon", shown, ("click", button("Apply")))])
    assert names(made) == [] and step(made, "s1").value == "spring sale"
    assert [chip.kind for chip in made.chips] == ["constant"]


def test_a_button_that_the_sentence_presses_is_no_parameter() -> None:
    both = options(("", "Submit"), ("", "Cancel"))
    made = generalize([demonstration("press submit", ("click", button("Submit", options=both)))])
    assert names(made) == []


@pytest.mark.parametrize(("sentence", "is_choice"), [("generate a number", False), ("take generate please", True)])
def test_a_button_that_is_the_sentences_own_verb_is_no_parameter(sentence: str, is_choice: bool) -> None:
    both = options(("", "Generate"), ("", "Shuffle"))
    made = generalize([demonstration(sentence, ("click", button("Generate", options=both)))])
    assert bool(names(made)) is is_choice


def test_braces_of_the_page_stay_braces() -> None:
    made = generalize([demonstration("save it", ("fill", field("Pattern {x}", "pattern"), "{y}"))])
    assert render(step(made, "s1").value, {}) == "{y}"
    assert render_all(step(made, "s1").target, {}).fingerprint.label == "Pattern {x}"


def test_two_demonstrations_tell_what_differs_though_nobody_says_it() -> None:
    shown = [
        demonstration("make a note", ("fill", field("Title", "title"), text), ("click", button("Save")))
        for text in ("milk", "bread")
    ]
    made = generalize(shown)
    assert step(made, "s1").value == "{title}" and parameter(made, "title").question
    assert [values["title"] for values in made.values] == ["milk", "bread"]


def test_a_step_of_one_demonstration_only_is_optional() -> None:
    banner = ("click", button("Accept all cookies"))
    save = (("fill", field("Title", "title"), "milk"), ("click", button("Save")))
    made = generalize([demonstration("note milk", banner, *save), demonstration("note milk", *save)])
    first = made.skill.steps[0]
    assert first.optional and not any(one.optional for one in made.skill.steps[1:])
    assert any(chip.kind == "optional" for chip in made.chips)


def test_a_value_said_only_once_may_be_missing() -> None:
    counts = options(("1", "1"), ("2", "2"), ("3", "3"))
    quantity = ("select", element("combobox", "Quantity", "select[name='quantity']", options=counts), "3")
    one = demonstration("put a large pizza in", size("large"), ("click", button("Add to cart")))
    three = demonstration("put three small pizzas in", size("small"), quantity, ("click", button("Add to cart")))
    made = generalize([one, three])
    found = parameter(made, "quantity")
    assert not found.required and (found.least, found.most) == (1, 3)
    assert next(one for one in made.skill.steps if one.action == "select").when == When(given="quantity")
    assert understood(made.skill, "put a small pizza in") == {"size": "small"}


def test_a_secret_is_named_and_never_typed() -> None:
    login = ShownStep(id="s1", action="fill", url="http://shop.localhost:8123/", shown=field("Password", "password"))
    shown = demonstration("log in", ("click", button("Log in")))
    secret = ShownStep(**{key: getattr(login, key) for key in ("id", "action", "url", "shown")}, secret="password")
    made = generalize([Demonstration(**{**_fields(shown), "steps": (secret, *_later(shown))})])
    assert step(made, "s1").secret == "password" and step(made, "s1").value == ""


def _fields(shown: Demonstration) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in shown.__struct_fields__}


def _later(shown: Demonstration) -> tuple[ShownStep, ...]:
    return tuple(ShownStep(**{**{n: getattr(s, n) for n in s.__struct_fields__}, "id": "s2"}) for s in shown.steps)


def test_nothing_shown_is_said() -> None:
    with pytest.raises(DemonstrationEmpty):
        generalize([])


def test_a_value_can_be_made_constant_and_a_parameter_again() -> None:
    made = generalize([pizza()])
    fixed = apply(made, edits.MarkConstant(step="s2", field="target"))
    assert "size" not in names(fixed) and step(fixed, "s2").target == pizza().steps[1].shown.target  # type: ignore[union-attr]
    typed = apply(fixed, edits.MarkParameter(step="s4", name="guest"))
    assert step(typed, "s4").value == "{guest}" and parameter(typed, "guest").source == "request"


def test_a_parameter_gets_another_name_everywhere() -> None:
    made = apply(generalize([pizza()]), edits.Rename(parameter="pizza", to="flavour"))
    assert "flavour" in names(made) and "{flavour}" in made.skill.utterances[0]
    assert step(made, "s1").target.locators[0].name == "Choose {flavour|title}"  # type: ignore[union-attr]


def test_read_backs_are_dropped_and_added() -> None:
    made = apply(generalize([pizza()]), edits.DropConfirm(step="s7", confirm="delivered_to"))
    assert [one.name for one in step(made, "s7").confirms] == ["name_said", "total"]
    assert "delivered_to" not in step(made, "s7").question
    more = Confirm(name="note", title="Note", locators=(role("note", "Note"),))
    assert step(apply(made, edits.AddConfirm(step="s7", confirm=more)), "s7").confirms[-1] == more


def test_a_step_can_be_called_irreversible_or_not() -> None:
    made = generalize([demonstration("file it", ("click", button("File", neighbours=("Case 12",)), went("/done")))])
    marked = apply(made, edits.MarkIrreversible(step="s1"))
    assert step(marked, "s1").effect == marked.skill.effect == "irreversible"
    assert apply(marked, edits.MarkIrreversible(step="s1", irreversible=False)).skill.effect == "reversible"


@pytest.mark.parametrize(
    "edit",
    [
        edits.MarkConstant(step="nowhere"),
        edits.Rename(parameter="nothing", to="something"),
        edits.Rename(parameter="size", to="address"),
        edits.Rename(parameter="size", to="site"),
        edits.DropConfirm(step="s7", confirm="nothing"),
        edits.SetUtterances(utterances=("order {nothing}",)),
        edits.SetQuestion(step="s7", question="Do it?"),
        edits.SetReadBack(read_back="{nothing}"),
    ],
)
def test_an_edit_that_would_not_hold_together_is_refused(edit: edits.Edit) -> None:
    made = generalize([pizza()])
    with pytest.raises(EditRefused):
        apply(made, edit)


WORDS = st.text("abcdefghij{}", min_size=3, max_size=8)


@st.composite
def shown_tasks(draw: st.DrawFn) -> Demonstration:
    """Tasks with fields, choices and lists, of which the sentence says some."""
    said, acts = ["do"], []
    for number in range(draw(st.integers(1, 5))):
        match draw(st.sampled_from(("fill", "size", "topping", "people", "click", "day"))):
            case "fill":
                value = draw(WORDS)
                acts.append(("fill", field(draw(WORDS), f"f{number}"), value))
                said += [value] * draw(st.booleans())
            case "size":
                value = draw(st.sampled_from([option.value for option in SIZES]))
                acts.append(size(value))
                said += [value] * draw(st.booleans())
            case "topping":
                acts.append(topping("olives"))
                said += ["with olives"] * draw(st.booleans())
            case "people":
                acts.append(people("3 people"))
                said += ["for three"] * draw(st.booleans())
            case "day":
                acts.append(day("10", "Thursday 10 December 2026"))
                said += ["on december 10"] * draw(st.booleans())
            case _:
                acts.append(("click", button(draw(WORDS))))
    return demonstration(" ".join(said), *acts)


def literal_steps(proposal: Proposal) -> list[tuple[Any, ...]]:
    """The steps with the values shown put in, loops unrolled."""
    made = []
    for one in proposal.skill.steps:
        items = proposal.values[0].get(one.for_each, ()) if one.for_each else (None,)
        for item in items if isinstance(items, tuple) else ():
            values = proposal.values[0] | ({"item": item} if item is not None else {})
            if one.until is None:
                made.append((one.action, render_all(one.target, values), render(one.value, values)))
    return made


@settings(max_examples=60, deadline=None)
@given(shown_tasks())
def test_with_the_values_shown_a_skill_does_what_was_shown(shown: Demonstration) -> None:
    rendered = literal_steps(generalize([shown]))
    assert len(rendered) == len(shown.steps)
    for (action, target, value), was in zip(rendered, shown.steps, strict=True):
        assert was.shown is not None and action == was.action
        assert value == was.value or Option(value=value, text=was.value) in was.shown.options
        assert set(target.locators) <= set(was.shown.target.locators) and target.locators
        for text in ("role", "name", "label", "text", "tag"):
            assert getattr(target.fingerprint, text) == getattr(was.shown.target.fingerprint, text)


def test_an_address_that_writes_the_value_in_a_way_of_its_own_may_be_any() -> None:
    names = options(*((f"Choose {one}", f"Choose {one}") for one in ("Margherita", "Quattro Formaggi")))
    _, shown, change = kind("quattro-formaggi", "Quattro Formaggi")
    chosen = ("click", replace(shown, options=names), change)
    made = generalize([demonstration("order a quattro formaggi pizza", chosen, *order())])
    after = step(made, "s1").postcondition
    assert after is not None
    assert after.url == "{site}/pizza/{pizza}*"


def test_what_only_a_value_puts_beside_an_element_is_no_part_of_it() -> None:
    add = button("Add to cart", neighbours=("Quattro Formaggi", "Quantity"))
    chosen = kind("quattro-formaggi", "Quattro Formaggi")
    made = generalize([demonstration("order a quattro formaggi pizza", chosen, ("click", add))])
    target = step(made, "s2").target
    assert target is not None and target.fingerprint.neighbours == ("Quantity",)


def test_an_icon_without_words_is_known_for_an_act_by_its_id() -> None:
    icon = element("", "", "#send-mail", tag="span", attributes={"id": "send-mail"})
    made = generalize([demonstration("write to Orel", ("fill", field("To", "to"), "Orel"), ("click", icon))])
    act = step(made, "s2")
    assert act.effect == "irreversible" and [(one.title, one.expect) for one in act.confirms] == [("To", "{text}")]


def test_a_price_of_its_own_is_asked_about_and_not_the_one_of_the_next_button() -> None:
    book = button("Book for $1300", neighbours=("Duration: 11h 30m Book for $1844", "Taxes 12.00"))
    confirms = step(generalize([demonstration("book the ticket", ("click", book))]), "s1").confirms
    assert [(one.name, one.kind, one.capped) for one in confirms] == [("price", "amount", True)]


def test_what_comes_after_an_act_and_names_a_value_names_the_next_one_too() -> None:
    thanks = Change(appeared=(role("heading", "Thank you for the Pepperoni!"),))
    paid = ("click", button("Order and pay"), thanks)
    made = generalize([demonstration("order a pepperoni pizza", kind("pepperoni", "Pepperoni"), paid)])
    after = made.skill.steps[-1].postcondition
    assert after is not None
    assert after.visible[0].name == "Thank you for the {pizza|title}!"


def test_two_bookings_in_two_months_are_one_with_a_moment() -> None:
    tonight = (day("23", "Monday 23 November 2026"), at("19:00"))
    later = (next_month("December 2026"), day("3", "Thursday 3 December 2026"), at("20:00"))
    made = generalize(
        [
            demonstration("book a table for two tonight at seven", people("2 people"), *tonight, *book()),
            demonstration("book a table for four on december 3 at eight", people("4 people"), *later, *book()),
        ]
    )
    assert names(made) == ["people", "when", "phone"]
    assert [values["when"] for values in made.values] == ["2026-11-23T19:00", "2026-12-03T20:00"]
    assert [one.until is not None for one in made.skill.steps] == [False, True, False, False, False, False]


def test_the_month_above_a_calendar_is_known_by_another_month() -> None:
    turn = button("Prev", neighbours=("December 2016",))
    shown = demonstration("choose the fifth of october 2016", *[("click", turn)] * 2, day("5"))
    until = generalize([shown]).skill.steps[0].until
    assert until is not None and until.visible[0].value == "{day|date:%B %Y}"


def test_a_total_is_read_back_also_when_the_page_comes_to_call_it_otherwise() -> None:
    total = step(generalize([pizza()]), "s7").confirms[-1]
    assert total.title == "Total" and "amount due" in total.locators[-1].value


def test_a_button_that_may_lead_on_is_an_act_when_the_page_then_says_that_it_was_done() -> None:
    for change, effect in ((went("/orders/G-401"), "irreversible"), (went("/order/plants"), "reversible")):
        made = generalize([demonstration("order plants", ("click", button("Order plants"), change))])
        assert step(made, "s1").effect == effect
    thanked = went("", role("heading", "Thank you, Ada"))
    made = generalize([demonstration("order plants", ("click", button("Order plants"), thanked))])
    assert step(made, "s1").effect == "irreversible"


def test_a_button_whose_verb_begins_the_sentence_is_what_to_do_and_nothing_to_choose() -> None:
    several = options(("Invite member", "Invite member"), ("Suspend heron", "Suspend heron"))
    search = ("fill", field("Search", "q"), "heron")
    pressed = ("click", button("Suspend heron", options=several))
    made = generalize([demonstration("suspend heron", search, pressed)])
    assert names(made) == ["search"] and understood(made.skill, "suspend finch") == {"search": "finch"}
    target = step(made, "s2").target
    assert target is not None and target.locators[0].name == "Suspend {search}"


def test_a_dialog_that_names_a_value_names_the_next_one_too() -> None:
    asked = Change(dialogs=(Dialog(kind="confirm", message="Suspend heron?", accepted=True),))
    search = ("fill", field("Search", "q"), "heron")
    made = generalize([demonstration("suspend heron", search, ("click", button("Suspend heron"), asked))])
    dialog = step(made, "s2").dialog
    assert dialog is not None and (dialog.accept, dialog.message) == (True, "Suspend {search}?")


def test_putting_a_notice_about_cookies_aside_is_optional() -> None:
    notice = button("Only what is needed", neighbours=("We use cookies.", "Accept all"), within=("dialog Cookies",))
    bakery = button("Accept offer", neighbours=("Five kinds of bread",), within=("dialog Bread",))
    made = generalize([demonstration("order bread", ("click", notice), ("click", bakery))])
    assert (step(made, "s1").optional, step(made, "s2").optional) == (True, False)


def test_an_option_of_a_list_without_letters_is_none() -> None:
    offered = options(("", "---"), ("Station", "Station"), ("Harbour", "Harbour"))
    branches = element("combobox", "Branch", options=offered)
    made = generalize([demonstration("reserve it at the station", ("select", branches, "Station"))])
    assert [choice.value for choice in parameter(made, "branch").choices] == ["station", "harbour"]


def test_the_words_that_say_what_to_do_are_no_choice() -> None:
    ways = options(("Menu", "Menu"), ("Book a table", "Book a table"))
    shown = demonstration(
        "book a table for two",
        ("click", element("link", "Book a table", "a.book", options=ways), went("/book")),
        people("2 people"),
    )
    made = generalize([shown])
    assert names(made) == ["people"] and made.skill.name == "book_table"


CARS = options(*((text, text) for text in ("Hop, 8.15", "Hop Large, 13.04", "Hop Electric, 9.78")))


def test_a_price_is_no_part_of_what_is_chosen() -> None:
    car = element("link", "Hop Electric, 9.78", 'a[aria-label="Hop Electric, 9.78"]', options=CARS)
    made = generalize([demonstration("take a hop electric", ("click", car))])
    (chosen,) = made.skill.parameters
    assert [choice.value for choice in chosen.choices] == ["hop", "hop-large", "hop-electric"]
    target = step(made, "s1").target
    assert target is not None
    assert target.locators[:2] == (
        Locator(kind=LocatorKind.ROLE, value="link", name=f"{{{chosen.name}|title}},"),
        Locator(kind=LocatorKind.CSS, value=f'a[aria-label^="{{{chosen.name}|title}},"]'),
    )


ITEMS = options(("boots", "Rain boots, green, 39"), ("coat", "Wool coat, grey, M"), ("scarf", "Scarf, mustard"))
REASONS = options(("", "Please choose"), ("too-small", "Too small"), ("too-large", "Too large"), ("damaged", "Damaged"))


def test_one_box_of_a_list_is_called_by_the_name_before_its_comma_or_by_its_value() -> None:
    box = radio("item", "scarf", "Scarf, mustard", ITEMS, "checkbox")
    reason = ("select", element("combobox", "Reason", "select", label="Reason", options=REASONS), "Too small")
    made = generalize([demonstration("send back the scarf because it is too small", ("check", box), reason)])
    goes = next(one for one in made.skill.parameters if one.many)
    assert understood(made.skill, "send back the wool coat because it is too large") == {
        goes.name: ("Wool coat, grey, M",),
        "reason": "too-large",
    }
    assert [choice.value for choice in parameter(made, "reason").choices] == ["too-small", "too-large", "damaged"]


def test_signing_in_is_done_when_the_site_asks_for_it() -> None:
    acts = (
        ("fill", field("Email", "user", type="email"), "ada@leveret.example"),
        ("fill", field("Password", "password", type="password"), ""),
        ("click", button("Sign in"), went("/inbox")),
        ("click", button("Read")),
    )
    shown = demonstration("read it", *acts)
    steps = tuple(replace(one, secret="password") if one.id == "s2" else one for one in shown.steps)
    made = generalize([replace(shown, steps=steps)])
    assert [one.optional for one in made.skill.steps] == [True, True, True, False]
    made = generalize([replace(shown, steps=steps[:3])])
    assert not any(one.optional for one in made.skill.steps)


def test_a_suggestion_goes_on_in_another_way_for_another_value() -> None:
    place = element("option", "Market HallBaker Lane 14", text="Market HallBaker Lane 14", tag="li")
    made = generalize(
        [demonstration("go to market hall", ("fill", field("To", "to"), "Market Hall"), ("click", place))]
    )
    target = step(made, "s2").target
    assert target is not None and target.fingerprint.name == "{name|title}…"
    assert understood(made.skill, "go to the central station") == {"name": "central station"}


def test_the_question_says_what_it_is_about_with_its_values() -> None:
    pay = step(generalize([pizza()]), "s7")
    assert pay.question.startswith("Order a {size|words} {pizza|words} pizza. The site says: ")


def test_a_long_text_before_a_value_calls_it_by_its_last_words() -> None:
    said = "Order A-2207 Items Scarf, mustard Reason Too small Refund 24.90"
    submit = button("Submit return", neighbours=(said,))
    reason = ("select", element("combobox", "Reason", "select", label="Reason", options=REASONS), "Too small")
    made = generalize([demonstration("send it back because it is too small", reason, ("click", submit))])
    assert [one.title for one in step(made, "s2").confirms] == ["Reason", "Refund"]


def test_what_was_typed_in_a_field_that_is_gone_is_not_read_back_from_it() -> None:
    town = field("Town", "town")
    gone = Change(left=(role("textbox", "Town"),), appeared=(role("button", "Book for $20"),))
    near = ("Depart: 4:52 PM Anvik", "A to B | Anvik")
    made = generalize(
        [
            demonstration(
                "book a trip to Anvik",
                ("fill", town, "Anvik"),
                ("click", button("Search"), gone),
                ("click", button("Book for $20", neighbours=near)),
            )
        ]
    )
    confirms = step(made, "s3").confirms
    assert [(one.title, one.expect) for one in confirms] == [("Town", "{town}"), ("Price", "")]
    assert all(one.kind is not LocatorKind.CSS for one in confirms[0].locators)


def test_words_before_a_value_are_no_label_when_they_are_a_value_themselves() -> None:
    near = ("Depart: 4:52 PM Anvik", "Arriving in: Minot")
    acts = (("fill", field("From", "from"), "Anvik"), ("fill", field("To", "to"), "Minot"))
    shown = demonstration("book from Anvik to Minot", *acts, ("click", button("Book", neighbours=near)))
    titles = [one.title for one in step(generalize([shown]), "s3").confirms]
    assert titles == ["From", "Arriving in"]


def test_what_is_read_back_is_found_by_its_place_and_what_only_shows_something_is_optional() -> None:
    said = element("paragraph", "", "main > p", text="Order P-1 is in the oven.", tag="p")
    said = replace(
        said, target=replace(said.target, locators=(Locator(kind=LocatorKind.TEXT, value="x"), *said.target.locators))
    )
    row = element("row", "1 Oak Maps Edit", "tr", tag="tr")
    made = generalize([demonstration("edit oak", ("hover", row), ("click", button("Edit")), ("read", said, "answer"))])
    rest, _, read_back = made.skill.steps
    assert rest.optional and read_back.target is not None
    assert [one.value for one in read_back.target.locators] == ["main > p"]


def added(*things: str) -> list[tuple[Any, ...]]:
    """Each typed and added to a list."""
    return [act for thing in things for act in (("fill", field("Thing", "thing"), thing), ("click", button("Add")))]


def test_steps_that_are_done_for_each_of_a_list_are_shown_once_and_looped() -> None:
    made = generalize([demonstration("buy milk, eggs and brown bread", *added("milk", "eggs", "brown bread"))])
    [loop], [things] = made.skill.loops, made.skill.parameters
    assert [one.id for one in made.skill.steps] == ["s1", "s2"] and (loop.first, loop.last) == ("s1", "s2")
    assert (step(made, "s1").value, step(made, "s1").for_each) == ("{item}", "")
    assert made.values[0] == {things.name: ("milk", "eggs", "brown bread")}
    assert understood(made.skill, "buy tea and jam") == {things.name: ("tea", "jam")}
    assert [chip.shown for chip in made.chips if chip.kind == "loop"] == [
        ("s1", "s3", "s5"),
        ("s2", "s4", "s6"),
    ]


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("buy milk, then wait for eggs", added("milk", "eggs")),
        ("buy the usual", added("milk", "eggs")),
        ("buy milk and eggs", [*added("milk"), ("fill", field("Note", "note"), "eggs"), ("click", button("Add"))]),
        ("order milk and eggs", [act for act in added("milk", "eggs")[::2] for act in (act, order()[-1])]),
    ],
)
def test_what_nobody_says_together_or_what_commits_is_no_loop(sentence: str, acts: list[Any]) -> None:
    made = generalize([demonstration(sentence, *acts)])
    assert made.skill.loops == () and len(made.skill.steps) == 4


def test_a_looped_step_that_the_person_calls_constant_is_no_loop_any_more() -> None:
    made = generalize([demonstration("buy milk and eggs", *added("milk", "eggs"))])
    plain = apply(made, edits.MarkConstant(step="s1"))
    assert (len(made.skill.loops), plain.skill.loops) == (1, ())
    assert [one.value for one in plain.skill.steps] == ["milk", "", "{thing}", ""]


def test_one_of_a_list_in_one_demonstration_and_several_in_another_are_one_loop() -> None:
    one = demonstration("buy milk", *added("milk"))
    several = demonstration("buy tea, jam and rice", *added("tea", "jam", "rice"))
    for shown in ((one, several), (several, one)):
        made = generalize(shown)
        [loop], [things] = made.skill.loops, made.skill.parameters
        assert loop.for_each == things.name
        assert {values[things.name] for values in made.values} == {("milk",), ("tea", "jam", "rice")}


def test_a_value_that_was_typed_is_found_in_whatever_case_the_page_writes_another() -> None:
    seats = element("link", "Seats for The Bees", 'a[aria-label="Seats for The Bees"]', text="Choose seats")
    pay = button("Pay 21.00")
    search = ("fill", field("Search", "q"), "The Bees")
    made = generalize([demonstration("get a ticket for the bees", search, ("click", seats), ("click", pay))])
    target = step(made, "s2").target
    assert target is not None
    assert [one.exact for one in target.locators] == [False, False]
    assert step(made, "s3").question.endswith("Press “Pay”?")


def test_the_total_that_the_recorder_saw_near_a_button_is_confirmed_however_far_it_stands() -> None:
    pay = replace(button("Confirm booking", neighbours=("From Here To There",)), prices=("Ride 9.00", "Fare 9.78"))
    (fare,) = step(generalize([demonstration("book a ride", ("click", pay))]), "s1").confirms
    assert (fare.title, fare.capped) == ("Fare", True)


def test_an_address_that_writes_a_word_of_the_value_may_be_any() -> None:
    seats = ("click", element("link", "Seats for The Bees"), went("/events/bees"))
    search = ("fill", field("Search", "q"), "The Bees")
    after = step(generalize([demonstration("get a ticket for the bees", search, seats)]), "s2").postcondition
    assert after == Condition(url="{site}/events/*")


def test_what_is_read_is_known_by_its_place_also_when_it_holds_a_value() -> None:
    seen = "Order G-401 Delivery 3 December 2026 Total 17.40"
    panel = element("", "", "main > div", text=seen, tag="div")
    said = Locator(kind=LocatorKind.TEXT, value=seen, exact=True)
    panel = replace(panel, target=replace(panel.target, locators=(said, *panel.target.locators)))
    made = generalize(
        [demonstration("come on december third", day("Thursday 3 December 2026"), ("read", panel, "answer"))]
    )
    target = step(made, "s2").target
    assert target is not None
    assert [one.value for one in target.locators] == ["main > div"] and target.fingerprint.text == "…"


def test_an_article_before_a_value_may_be_another_one() -> None:
    roles = element("combobox", "Role", options=options(("member", "Member"), ("editor", "Editor")))
    made = generalize(
        [demonstration("make heron an editor", ("fill", field("Search", "q"), "heron"), ("select", roles, "Editor"))]
    )
    assert understood(made.skill, "make merlin a member") == {"search": "merlin", "role": "member"}


def test_a_picture_is_taken_anew_with_each_request_and_another_file_is_kept_unless_the_person_says_otherwise() -> None:
    upload = element("button", "Photo", "input[name='photo']", attributes={"type": "file", "name": "photo"})
    for file, photo in (("kettle.JPG", True), ("my {cv}.pdf", False)):
        made = generalize([demonstration("return the kettle", ("upload", upload, file), ("click", button("Next")))])
        kept = file.replace("{", "{{").replace("}", "}}")
        assert step(made, "s1").value == ("{photo}" if photo else kept)
        [chip] = [one for one in made.chips if one.step == "s1" and one.field == "value"]
        assert chip.kind == ("photo" if photo else "constant")
        turned = apply(made, edits.TakePhoto(step="s1", photo=not photo))
        assert step(turned, "s1").value == (kept if photo else "{photo}")


def test_a_day_may_be_said_after_the_word_that_stood_before_it() -> None:
    typed = ("fill", field("First day", "start", type="date"), "2026-12-01")
    made = generalize([demonstration("get a permit from the first of december", typed)])
    assert "[(on|for|at|from)] {day}" in made.skill.utterances[0]
    assert understood(made.skill, "get a permit from december fifth") == {"day": "2026-12-05"}


def test_a_field_is_read_back_by_what_it_is_and_not_by_its_place() -> None:
    to = element("textbox", "To", "form > div:nth-of-type(2) > input", label="To")
    made = generalize([demonstration("send it to Ada", ("fill", to, "Ada"), ("click", button("Send")))])
    [confirm] = step(made, "s2").confirms
    assert confirm.locators == (role("textbox", "To"),)


def test_what_is_waited_for_is_known_by_its_words_and_not_by_its_place() -> None:
    wait = ("wait", element("button", "Open again", "#app > button:nth-of-type(1)", text="Open again"))
    made = generalize([demonstration("finish it", ("click", button("Mark as done")), wait)])
    condition = step(made, "s2").wait
    assert condition is not None and [one.name for one in condition.visible] == ["Open again"]
