from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.locators import Locator, LocatorKind
from teach_mode.errors import TemplateError
from teach_mode.templates import FILTERS, literal, names_in, render, render_all, render_sentence, render_url

VALUES = {
    "kind": "quattro-formaggi",
    "when": "2026-11-23T19:05",
    "hour": "07:30",
    "people": 2,
    "one": 1,
    "price": 14.5,
    "phone": "+44 (0)20 555-0100",
    "toppings": ("olives", "extra-cheese", "bacon"),
    "none": (),
    "empty": "",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{kind}", "quattro-formaggi"),
        ("{kind|words}", "quattro formaggi"),
        ("{kind|capital}", "Quattro formaggi"),
        ("{kind|title}", "Quattro Formaggi"),
        ("{kind|upper}", "QUATTRO-FORMAGGI"),
        ("{when|date}", "23 November 2026"),
        ("{when|date:%A %-d %B %Y}", "Monday 23 November 2026"),
        ("{when|time}", "19:05"),
        ("{hour|time:%-I %M}", "7 30"),
        ("{when|date:%Y-%m-%d}", "2026-11-23"),
        ("{people|count:person,people}", "2 people"),
        ("{one|count:person,people}", "1 person"),
        ("{price}", "14.5"),
        ("{phone|digits}", "440205550100"),
        ("{toppings}", "olives, extra-cheese, bacon"),
        ("{toppings|join: + }", "olives + extra-cheese + bacon"),
        ("{toppings|words|and}", "olives, extra cheese and bacon"),
        ("{empty|default:nobody}", "nobody"),
        ("{none|and}", ""),
        ("{missing}", ""),
        ("{{kind}} [x]", "{kind} [x]"),
    ],
)
def test_a_place_is_filled_and_filtered(template: str, text: str) -> None:
    assert render(template, VALUES) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{people} pizzas[ with {toppings|and}]", "2 pizzas with olives, extra-cheese and bacon"),
        ("{people} pizzas[ with {none|and}][ for {empty}]", "2 pizzas"),
        ("done[[{people}]]", "Done[2]"),
    ],
)
def test_a_part_of_a_sentence_is_left_out_when_its_value_is_empty(template: str, text: str) -> None:
    assert render_sentence(template, VALUES) == text


@pytest.mark.parametrize("template", ["{", "}", "{Kind}", "{kind|shout}", "{kind{x}}", "{}", "{ kind }"])
def test_a_malformed_template_is_named(template: str) -> None:
    with pytest.raises(TemplateError):
        names_in(template)


def test_a_date_filter_on_something_else_says_what_a_date_is() -> None:
    with pytest.raises(TemplateError, match="'quattro-formaggi' is no date; a date is like"):
        render("{kind|date}", VALUES)


@pytest.mark.parametrize("value", ["../admin", "5?x=1", "a b&c=d", "#top", "//evil.example/", "é"])
def test_a_value_never_changes_the_way_of_an_address(value: str) -> None:
    url = render_url("{site}/orders/{number}?phone={number}", {"site": "http://shop.localhost:8123", "number": value})
    rest = url.removeprefix("http://shop.localhost:8123/orders/")
    assert not set("/#&") & set(rest) and rest.count("?") == 1


def test_structs_are_rendered_whole_and_what_has_no_places_is_kept() -> None:
    locators = (Locator(kind=LocatorKind.ROLE, value="link", name="Choose {kind|title}", nth=0),)
    [made] = render_all(locators, VALUES)
    assert (made.name, made.nth, made.kind) == ("Choose Quattro Formaggi", 0, LocatorKind.ROLE)


@given(st.text())
def test_any_text_can_be_written_as_a_template(text: str) -> None:
    assert render(literal(text), VALUES) == text and names_in(literal(text)) == ()


@given(st.text(), st.dictionaries(st.sampled_from(sorted(VALUES)), st.text()))
def test_a_template_either_renders_or_is_named_as_malformed(template: str, values: dict[str, str]) -> None:
    try:
        names_in(template)
    except TemplateError:
        return
    try:
        assert isinstance(render(template, values), str)
    except TemplateError as error:
        assert "is no date" in str(error) or "is no time" in str(error)


def test_every_filter_is_documented() -> None:
    import teach_mode.templates as module

    for name in FILTERS:
        assert f"`{name}" in (module.__doc__ or "")


def test_a_sentence_that_a_value_ended_is_not_ended_twice() -> None:
    assert render_sentence("{said}.", {"said": "25 were used."}) == "25 were used."
    assert render_sentence("{said}.", {"said": "25 were used"}) == "25 were used."
    assert render_sentence("{said}.", {"said": "and so on ..."}) == "And so on ...."
