"""What stood beside an element: written, read again, and what it says of a page of today."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from browser.bystanders import MOST, Bystander, Bystanders, Company, bystander, bystanders, remembered, written
from browser.fingerprint import Fingerprint

digests = st.text(alphabet="0123456789abcdef", min_size=8, max_size=8)
others = st.lists(st.builds(Bystander, st.sampled_from("bltckrmo"), st.just("") | digests, st.just("") | digests))


def link(name: str, href: str = "") -> Fingerprint:
    return Fingerprint(role="link", name=name, tag="a", attributes={"href": href} if href else {})


MENU = (link("Home", "/"), link("Orders", "/orders"), link("Help", "/help"), link("Terms", "/terms"))


def test_the_nearest_are_remembered_first_on_each_side() -> None:
    found = bystanders(remembered(MENU[2], MENU).others)
    assert found == Bystanders((bystander(MENU[1]), bystander(MENU[0])), (bystander(MENU[3]),), ordered=True)


@given(others, others)
def test_what_is_written_is_read_again(before: list[Bystander], after: list[Bystander]) -> None:
    found = bystanders(written(before, after))
    assert found.ordered and found.before == tuple(before) and found.after == tuple(after)


def test_no_more_are_remembered_than_most_and_both_sides_have_a_part() -> None:
    page = [link(f"Row {number}") for number in range(3 * MOST)]
    found = bystanders(remembered(page[5], page).others)
    assert len(found.before) == 5 and len(found.after) == MOST - 5
    found = bystanders(remembered(page[200], page).others)
    assert len(found.before) == len(found.after) == MOST // 2


def test_others_of_a_skill_that_was_taught_earlier_have_no_order() -> None:
    found = bystanders("0a1b2c3d 4e5f6071")
    assert not found.ordered and {one.says for one in found.all} == {"0a1b2c3d", "4e5f6071"}


def test_words_that_others_bear_as_well_are_counted() -> None:
    page = [link("Choose Soup"), link("Choose Bread"), link("Choose Wine"), link("Cart")]
    assert remembered(page[0], page).shared == {"choose": 2}


def test_elements_of_other_frames_are_no_bystanders() -> None:
    inside = replace(MENU[0], frame=("name=pay",))
    assert bystanders(remembered(MENU[2], (inside, MENU[2])).others).all == ()


def test_how_much_of_the_page_is_kept() -> None:
    found = bystanders(remembered(MENU[2], MENU).others)
    own = bystander(MENU[2])
    assert Company(MENU).kept(found, own) == 1.0
    assert Company(MENU[:1]).kept(found, own) == pytest.approx(1 / 3)
    assert Company(()).kept(found, own) == 0.0 == Company(MENU).kept(Bystanders(), own)


def test_the_place_between_known_bystanders_is_nearest() -> None:
    found = bystanders(remembered(MENU[2], MENU).others)
    renamed = (*MENU[:2], link("Questions"), MENU[3], link("Imprint"))
    near, order = Company(renamed).places(found, ())
    assert near[2] == order[2] == 1.0
    assert max(one for at, one in enumerate(near) if at != 2 and one is not None) < 1.0


def test_no_place_is_claimed_where_nobody_is_known_again() -> None:
    found = bystanders(remembered(MENU[2], MENU).others)
    assert Company((link("Jobs"), link("Press"))).places(found, ()) == ([None, None], [None, None])


def test_of_twins_the_same_one_in_order_is_told() -> None:
    page = (MENU[0], link("Edit"), MENU[1], replace(link("Edit"), box=(0, 9, 1, 1)))
    found = Company(page).ordinals(bystanders(remembered(page[3], page).others), bystander(page[3]))
    assert (found[1], found[3]) == (0.0, 1.0)
    alone = Company(MENU).ordinals(bystanders(remembered(MENU[0], MENU).others), bystander(MENU[0]))
    assert alone == [None] * len(MENU)


def test_one_of_a_kind_is_the_same_one_of_its_kind() -> None:
    field = Fingerprint(role="textbox", name="Order", tag="input")
    send = Fingerprint(role="button", name="Find order", tag="button")
    found = bystanders(remembered(send, (*MENU, field, send)).others)
    now = (link("Home"), replace(field, name="Number"), replace(send, name="Let's see"))
    assert Company(now).turns(found, bystander(send)) == [None, None, 1.0]
