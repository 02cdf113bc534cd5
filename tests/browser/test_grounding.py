"""From what a person calls it to the element."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.deadline import Deadline
from browser.grounding import ground
from browser.phrases import take_apart
from browser.snapshot import Element, Snapshot
from tests.browser.conftest import Show

SHOP = """
<style>.card{border:1px solid;padding:8px;margin:8px;width:220px;display:inline-block}</style>
<nav><a href=/>Home</a> <a href=/login>Sign in</a> <a href=/h>Order history</a>
<input type=search placeholder="Search the menu"></nav>
<main><h1>Our pizzas</h1>
<div class=card><h3>Margherita</h3><p>Tomato, mozzarella</p><button>Small</button> <button>Large</button></div>
<div class=card><h3>Pepperoni</h3><p>Spicy salami</p><button>Small</button> <button>Large</button></div>
<div class=card><h3>Hawaii</h3><p>Ham, pineapple</p><button>Small</button> <button>Large</button></div>
<form><h2>Delivery</h2>
<p><label>Delivery address <input name=addr></label></p><p><label>Phone number <input name=tel></label></p>
<p><label>Billing address <input name=bill></label></p>
<p><label><input type=checkbox> Leave at the door</label></p>
<p><label>Number of guests <select><option>1<option>2</select></label></p>
<p><span>E-mail</span> <input name=email></p>
<table><tr><td>Pizza</td><td>2</td><td><button>Remove</button></td></tr>
<tr><td>Cola</td><td>1</td><td><button>Remove</button></td></tr></table>
<button>Place order</button></form></main>
"""

PHRASES = [
    ("the large button under pepperoni", ("button", "Large", "Pepperoni")),
    ("small margherita", ("button", "Small", "Margherita")),
    ("the large hawaii", ("button", "Large", "Hawaii")),
    ("delivery address field", ("textbox", "Delivery address", "")),
    ("billing address", ("textbox", "Billing address", "")),
    ("the phone field", ("textbox", "Phone number", "")),
    ("search box", ("searchbox", "Search the menu", "")),
    ("log in", ("link", "Sign in", "")),
    ("sign in link", ("link", "Sign in", "")),
    ("order history", ("link", "Order history", "")),
    ("the order button", ("button", "Place order", "")),
    ("place the order", ("button", "Place order", "")),
    ("leave it at the door", ("checkbox", "Leave at the door", "")),
    ("how many guests", ("combobox", "Number of guests", "")),
    ("party size", ("combobox", "Number of guests", "")),
    ("the email field", ("textbox", "", "")),
    ("remove the cola", ("button", "Remove", "Cola")),
    ("the remove button next to pizza", ("button", "Remove", "Pizza")),
    ("the second remove button", ("button", "Remove", "Cola")),
    ("delete the last one", ("button", "Remove", "Cola")),
]


def near(snapshot: Snapshot, element: Element, text: str) -> bool:
    """Whether the nearest ancestor with a text like this below it holds the element."""
    index = snapshot.elements.index(element)
    before = [each.text or each.name for each in snapshot.elements[:index]]
    names = [each for each in reversed(before) if each in ("Margherita", "Pepperoni", "Hawaii", "Pizza", "Cola")]
    return not text or names[0] == text


@pytest.mark.asyncio(loop_scope="session")
async def test_phrases_lead_to_the_element_that_a_person_means(show: Show, deadline: Deadline) -> None:
    page = await show(SHOP)
    snapshot = await page.snapshot(deadline=deadline)
    wrong = {}
    for phrase, (role, name, beside) in PHRASES:
        best = ground(snapshot, phrase).best
        element = best.element if best else None
        if not element or (element.role, element.name) != (role, name) or not near(snapshot, element, beside):
            wrong[phrase] = element
    assert not wrong


@pytest.mark.asyncio(loop_scope="session")
async def test_equal_elements_have_no_margin_and_a_named_one_has(show: Show, deadline: Deadline) -> None:
    snapshot = await (await show(SHOP)).snapshot(deadline=deadline)
    assert ground(snapshot, "remove").margin == pytest.approx(0)
    assert ground(snapshot, "delivery address").margin > 0.15


def test_a_phrase_is_taken_apart_into_words_role_and_relation() -> None:
    phrase = take_apart("the large button under pepperoni")
    assert (phrase.words, phrase.relation, phrase.anchor) == (("large",), "below", "pepperoni")
    assert phrase.roles == {"button"}
    assert take_apart("sign in").words == ("sign", "in")
    assert take_apart("the third link").ordinal == 2


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=5))
def test_any_words_on_any_page_give_scores_between_nought_and_one(phrase: str, names: list[str]) -> None:
    elements = tuple(
        Element(ref=f"e{n}", tag="button", role="button", name=name, acted=True) for n, name in enumerate(names)
    )
    grounded = ground(Snapshot("", "", elements, {}, False), phrase)
    assert all(0 <= candidate.score <= 1 for candidate in grounded.candidates)
    assert [each.score for each in grounded.candidates] == sorted(
        (each.score for each in grounded.candidates), reverse=True
    )
