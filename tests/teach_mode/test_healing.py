"""Which element is meant: found again through redesigns, and refused when it is not there for sure."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from browser.bystanders import remembered
from browser.fingerprint import Fingerprint
from browser.likeness import Page
from teach_mode.healing import AHEAD, AHEAD_IRREVERSIBLE, SURE, SURE_IRREVERSIBLE, choose
from teach_mode.seeking import begun

SEND = Fingerprint(
    role="button",
    name="Submit request",
    text="Submit request",
    tag="button",
    attributes={"id": "submit-request", "type": "submit"},
    neighbours=("Delivery address", "Notes for the driver", "Back to the list"),
    classes=("btn", "btn-primary"),
    box=(300, 620, 140, 40),
)
PLACES = ("soup", "bread", "wine", "salad", "cake", "coffee", "tea", "fish", "rice", "cheese")
LINKS = tuple(
    Fingerprint(
        role="link",
        name=place.title(),
        text=place.title(),
        tag="a",
        attributes={"href": f"/menu/{place}"},
        neighbours=("Menu", PLACES[number - 1].title()),
        classes=("nav-link",),
        box=(20, 40.0 * number, 100, 20),
    )
    for number, place in enumerate(PLACES)
)
BACK = Fingerprint(
    role="button",
    name="Back to the list",
    text="Back to the list",
    tag="button",
    attributes={"type": "button"},
    neighbours=("Submit request", "Delivery address"),
    classes=("btn",),
    box=(460, 620, 140, 40),
)
PAGE = (SEND, BACK, *LINKS)
REST = PAGE[1:]

texts = st.text(alphabet="abcdefg XYZ019.", max_size=20)
fingerprints = st.builds(
    Fingerprint,
    role=st.sampled_from(["", "button", "link", "textbox"]),
    name=texts,
    text=texts,
    tag=st.sampled_from(["a", "button", "input"]),
    attributes=st.dictionaries(st.sampled_from(["id", "name", "type", "href", "title"]), texts, max_size=4),
    neighbours=st.lists(texts, max_size=4).map(tuple),
    classes=st.lists(texts, max_size=3).map(tuple),
    box=st.none() | st.tuples(*[st.floats(0, 2000) for _ in range(4)]),
)
CHANGES = {
    "id and classes renamed": replace(SEND, attributes={"id": "x-91f3", "type": "submit"}, classes=("sc-3f9a1c",)),
    "moved": replace(SEND, box=(20, 1500, 140, 40), neighbours=("Notes for the driver", "Imprint")),
    "other words of the same meaning": replace(SEND, name="Send request", text="Send request"),
    "a counter in its name": replace(SEND, name="Submit request (2)", text="Submit request (2)"),
    "a link now": replace(SEND, role="link", tag="a", attributes={"id": "submit-request", "href": "/request"}),
    "in a frame": replace(SEND, frame=("name=order",), box=(10, 10, 140, 40)),
    "in a shadow root": replace(SEND, shadow=("order-form",)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_found_again(change: str) -> None:
    page = (*REST[:5], CHANGES[change], *REST[5:])
    assert choose(SEND, page, irreversible=False).index == 5


def test_it_is_refused_when_it_is_gone_and_the_candidates_are_named() -> None:
    choice = choose(SEND, REST, irreversible=False)
    assert choice.index is None and len(choice.ranked) == 10


def test_an_empty_page_has_no_candidate() -> None:
    assert choose(SEND, (), irreversible=False).reason == "empty"


def test_two_that_are_alike_are_refused() -> None:
    twin = replace(SEND, box=(300, 660, 140, 40), neighbours=("Delivery address", "Notes for the driver"))
    choice = choose(SEND, (twin, twin, *REST), irreversible=False)
    assert (choice.index, choice.reason) == (None, "too_close")


def test_what_lies_in_the_best_and_says_the_same_is_no_rival() -> None:
    item = replace(SEND, role="listitem", tag="li", attributes={}, box=(296, 616, 148, 48))
    assert choose(SEND, (item, SEND, *REST), irreversible=False).index == 1


def test_in_a_table_the_row_tells_which_of_the_equal_buttons_is_meant() -> None:
    people = ["Ada Example", "Ben Example", "Cleo Sample", "Dan Sample"]
    rows = [
        Fingerprint(
            role="button", name="Edit", text="Edit", tag="button", neighbours=(who, "Delete"), within=(f"row {who}",)
        )
        for who in people
    ]
    assert choose(rows[2], [*rows[:2], *rows[3:], rows[2]], irreversible=False).index == 3
    assert choose(rows[2], [*rows[:2], *rows[3:]], irreversible=False).index is None


def test_what_stood_beside_it_when_it_was_shown_is_not_taken_for_it() -> None:
    save = Fingerprint(role="button", name="Save draft", tag="button", neighbours=("Title", "Body"))
    other = replace(save, name="Save copy")
    knowing = remembered(save, (save, other))
    sure = choose(save, (other,), irreversible=False).score
    assert choose(knowing, (other,), irreversible=False).score < sure / 2


def test_an_irreversible_step_is_stricter() -> None:
    reworded = replace(SEND, name="Send us your request", text="Send us your request")
    page = (reworded, *REST)
    assert choose(SEND, page, irreversible=False).index == 0
    assert choose(SEND, page, irreversible=True).reason == "says_otherwise"


def test_a_ranker_settles_a_tie_but_not_of_what_cannot_be_undone() -> None:
    twin = replace(SEND, box=(300, 660, 140, 40))
    page = (twin, twin, *REST)
    assert choose(SEND, page, irreversible=False, order=[1, 0]).index == 1
    assert choose(SEND, page, irreversible=True, order=[1, 0]).index is None
    assert choose(SEND, PAGE, irreversible=True, order=[3, 0]).index is None


def test_a_ranker_cannot_bring_in_what_the_evidence_speaks_against() -> None:
    assert choose(SEND, REST, irreversible=False, order=[4]).index is None


@given(st.lists(fingerprints, min_size=1, max_size=8), st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None)
def test_the_order_of_the_candidates_never_changes_the_choice(
    candidates: list[Fingerprint], shuffler: random.Random, irreversible: bool
) -> None:
    sought = candidates[0]
    places = list(range(len(candidates)))
    shuffler.shuffle(places)
    one = choose(sought, candidates, irreversible=irreversible)
    other = choose(sought, [candidates[place] for place in places], irreversible=irreversible)
    assert (one.index is None) == (other.index is None)
    assert one.index is None or other.index is None or places[other.index] == one.index


@given(st.lists(fingerprints, min_size=1, max_size=8), fingerprints, st.booleans())
@settings(deadline=None)
def test_what_is_chosen_is_sure_and_ahead_of_the_second(
    candidates: list[Fingerprint], sought: Fingerprint, irreversible: bool
) -> None:
    choice = choose(sought, candidates, irreversible=irreversible)
    if choice.index is not None:
        assert choice.index == choice.ranked[0][0]
        assert choice.score >= (SURE_IRREVERSIBLE if irreversible else SURE)
        assert choice.margin >= (AHEAD_IRREVERSIBLE if irreversible else AHEAD)


def test_thousands_of_candidates_are_no_trouble() -> None:
    many = [replace(link, name=f"{link.name} {number}") for number in range(400) for link in LINKS]
    assert choose(SEND, (*many, SEND), irreversible=True).index == len(many)


def test_a_value_by_which_an_element_is_told_from_its_like_counts_more_than_the_words_around_it() -> None:
    taught = Fingerprint(role="link", name="Choose Soup", text="Choose", tag="a", attributes={"href": "/soup"})
    now = Fingerprint(
        role="link",
        name="Soup of the day + 4.50",
        text="Soup of the day + 4.50",
        tag="a",
        within=("form",),
        classes=("btn",),
    )
    assert choose(taught, (now,), irreversible=False).index is None
    assert choose(taught, (now,), irreversible=False, named=True).index == 0
    assert choose(taught, (now,), irreversible=True, named=True).index is None
    twins = (now, replace(now, classes=("link",)))
    assert choose(taught, twins, irreversible=False, named=True).index is None


def test_what_all_its_like_say_as_well_tells_nothing() -> None:
    page = tuple(Fingerprint(role="button", name=f"Select {what}", tag="button") for what in ("Soup", "Bread", "Wine"))
    now = tuple(
        Fingerprint(role="link", name=f"{what} 4.50", tag="a", attributes={"href": f"/{what}"})
        for what in ("Select a table", "Wine", "Bread", "Soup")
    )
    choice = choose(remembered(page[0], page), now, irreversible=False)
    assert choice.ranked[0][0] == 3 and choice.margin > 0.9
    assert choose(remembered(page[0], page), now[:3], irreversible=False).index is None


def test_between_the_same_neighbours_a_reworded_element_ranks_before_all_others() -> None:
    now = (*LINKS[:4], replace(LINKS[4], name="Sweets", text="Sweets", attributes={"href": "/go/91f3"}), *LINKS[5:])
    choice = choose(remembered(LINKS[4], PAGE), now, irreversible=False)
    assert choice.ranked[0][0] == 4 and choice.margin > 0.9


def test_a_sign_is_known_by_what_it_stands_for() -> None:
    field = Fingerprint(role="searchbox", name="Search", tag="input", attributes={"type": "search", "name": "q"})
    now = replace(field, role="textbox", name="⌕", attributes={"placeholder": "⌕"})
    assert choose(field, (now, *LINKS), irreversible=False).index == 0


@given(st.lists(fingerprints, min_size=2, max_size=8, unique_by=lambda one: (one.name, one.text)), st.data())
@settings(deadline=None)
def test_what_was_another_element_of_the_page_is_never_used_for_what_cannot_be_undone(
    page: list[Fingerprint], data: st.DataObject
) -> None:
    sought = data.draw(st.sampled_from(page))
    others = [one for one in page if one.name and one.name.lower() != sought.name.lower()]
    choice = choose(remembered(sought, page), others, irreversible=True)
    assert choice.index is None


def test_what_is_known_by_its_beginning_is_the_same_however_it_goes_on() -> None:
    sought = Fingerprint(role="option", name="Airport…", text="Airport…", tag="li")
    others = [
        Fingerprint(role="button", name=name, text=name, tag="button") for name in ("Airport Road 1", "See prices")
    ]
    assert [begun(one, sought).name for one in others] == ["Airport", "See prices"]
    assert (
        choose(begun(sought, sought), [begun(one, sought) for one in others], irreversible=False, named=True).index == 0
    )


def test_a_box_is_not_the_text_that_stands_beside_it() -> None:
    def box(what: str) -> Fingerprint:
        return Fingerprint(role="checkbox", name=f"Done: {what}", tag="input", neighbours=(what,))

    def text(what: str) -> Fingerprint:
        return Fingerprint(role="button", name=what, tag="button")

    jobs = ("Paint the fence", "Water the roses", "Sweep the yard")
    page = tuple(one for what in jobs for one in (box(what), text(what)))
    now = tuple(replace(box(what), name=what, tag="button") for what in reversed(jobs))
    assert choose(remembered(page[2], page), now, irreversible=False).index == 1


def test_a_field_that_says_nothing_is_told_by_what_holds_it() -> None:
    def field(what: str) -> Fingerprint:
        return Fingerprint(role="textbox", name=f"How many {what}", tag="input", within=(f"article {what} 3.20",))

    plants = ("Basil", "Mint", "Rose")
    page = tuple(field(what) for what in plants)
    now = tuple(replace(field(what), name="") for what in reversed(plants))
    choice = choose(remembered(page[0], page), now, irreversible=False)
    assert choice.ranked[0][0] == 2


def test_a_link_that_leads_to_the_same_place_may_say_something_else_on_another_page() -> None:
    now = tuple(replace(link, name=f"{link.name} today", text=f"{link.name} today") for link in LINKS[:4])
    moved = replace(LINKS[4], name="Something sweet", text="Something sweet")
    choice = choose(remembered(LINKS[4], PAGE), (*now, moved), irreversible=False)
    assert choice.ranked[0][0] == 4
    assert choose(remembered(LINKS[4], PAGE), (*now, moved), irreversible=True).index is None


def test_one_of_several_that_a_value_tells_has_no_place_of_its_own() -> None:
    page = tuple(
        Fingerprint(
            role="link", name=f"Choose {what}", tag="a", attributes={"href": f"/{what}"}, box=(0, 40.0 * at, 90, 20)
        )
        for at, what in enumerate(("Soup", "Bread", "Wine"))
    )
    taught = replace(remembered(page[0], page), name="Choose Wine", attributes={})
    now = (replace(page[2], name="Wine 4.50"),)
    assert choose(taught, now, irreversible=False, named=True).index == 0


def test_signs_without_letters_are_no_words_by_which_an_element_is_known() -> None:
    more = replace(LINKS[0], name="...", text="...", attributes={"href": "#"}, neighbours=(), box=None)
    other = replace(more, role="button", tag="span", attributes={"id": "menu"}, classes=("toggle",))
    assert choose(remembered(more, (*PAGE, more)), (*PAGE, other), irreversible=False).index is None


def test_what_says_and_leads_as_it_alone_did_counts_more_than_what_others_do_as_well() -> None:
    page = Page((*REST, SEND))
    alone = page.evidence(remembered(LINKS[0], PAGE))
    assert [at for at, one in enumerate(alone) if "says it alone" in one] == [1]
    assert [at for at, one in enumerate(alone) if "leads there alone" in one] == [1]
    twice = remembered(LINKS[0], (*PAGE, replace(LINKS[0], box=None)))
    assert not any("says it alone" in one or "leads there alone" in one for one in page.evidence(twice))


def test_a_translated_label_is_known_again() -> None:
    shown = replace(SEND, name="Search", text="Search", attributes={"type": "submit"})
    now = replace(shown, name="Rechercher", text="Rechercher", classes=("x1",))
    assert choose(remembered(shown, (shown, *REST)), (now, *REST), irreversible=False).index == 0


@pytest.mark.parametrize("said", ["Submit request later", "Submit every request", "Submit", "Cancel request"])
def test_an_act_is_never_done_by_a_button_that_says_a_word_more_or_less(said: str) -> None:
    other = replace(SEND, name=said, text=said)
    assert choose(SEND, (*REST, other), irreversible=True).index is None


@pytest.mark.parametrize("said", ["Send request", "Submit your request", "Submit request (2)"])
def test_an_act_is_done_by_a_button_whose_every_word_means_the_same(said: str) -> None:
    other = replace(SEND, name=said, text=said)
    assert choose(SEND, (*REST, other), irreversible=True).index == len(REST)
