"""What is on a list: things, amounts, and which are the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.items import MOST_LETTERS, MOST_THINGS, Item, item_words, items_in, key_of, merged, named, say_item


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("milk, eggs and two litres of juice", ["milk", "eggs", "2 litres of juice"]),
        ("milk and a dozen eggs", ["milk", "12 eggs"]),
        (
            "Milk, 6 eggs, 500 g flour & a pack of noodles please",
            ["Milk", "6 eggs", "500 grams of flour"] + ["1 pack of noodles"],
        ),
        ("two and a half litres of milk and salt and pepper", ["2 1/2 litres of milk", "salt and pepper"]),
        ("one hundred and five balloons", ["105 balloons"]),
        ("some bread, an apple and the good cheese", ["bread", "apple", "good cheese"]),
        ("half and half", ["half and half"]),
        ("2% milk", ["2% milk"]),
        ("a couple of bananas", ["2 bananas"]),
        ("", []),
        (" , and ", []),
    ],
)
def test_a_sentence_names_several_things_with_their_amounts(said: str, things: list[str]) -> None:
    assert [item_words(item) for item in items_in(said)] == things


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("call the dentist", ["call the dentist"]),
        ("call the dentist and buy stamps", ["call the dentist", "buy stamps"]),
        ("wash and dry the towels", ["wash and dry the towels"]),
        ("pay the rent, call mum and dad", ["pay the rent", "call mum and dad"]),
        ("buy 2 stamps", ["buy 2 stamps"]),
    ],
)
def test_things_to_do_stay_as_they_were_said(said: str, things: list[str]) -> None:
    assert [item_words(item) for item in items_in(said, whole=True)] == things


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("eggs", "egg", True), ("The Tomatoes", "tomato", True), ("Berries", "berry", True), ("red wine", "wine", False)],
)
def test_the_same_thing_has_one_key(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) == same


def test_amounts_of_one_unit_add_up() -> None:
    two, one = items_in("two litres of juice, one litre of juice")
    both = merged(two, one)
    assert both is not None
    assert (item_words(both), say_item(both)) == ("3 litres of juice", "three litres of juice")
    assert merged(two, Item("juice")) == two
    assert merged(Item("juice"), two) == two
    assert merged(two, Item("juice", Fraction(1), "bottle")) is None


def test_a_thing_is_named_by_its_own_words_or_by_some_of_them() -> None:
    things = items_in("red wine, white wine, 2 litres of milk")
    assert named(things, "the red wine") == (0,)
    assert named(things, "wine") == (0, 1)
    assert named(things, "milk") == (2,)
    assert named(things, "beer") == ()


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_a_list_in_bounds(text: str, whole: bool) -> None:
    items = items_in(text, whole=whole)
    assert len(items) <= MOST_THINGS
    assert all(0 < len(item.thing) <= MOST_LETTERS and item_words(item) and say_item(item) for item in items)


THINGS = ("milk", "eggs", "bread", "juice", "flour", "rice", "tea", "soap", "salmon")
WORDS = st.lists(st.sampled_from(THINGS), min_size=1, unique=True)


@given(WORDS)
def test_things_joined_by_commas_and_an_and_are_told_apart(words: list[str]) -> None:
    said = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    assert [item.thing for item in items_in(said)] == words
