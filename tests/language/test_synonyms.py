from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.labels import LABELS
from language.similarity import stems_of
from language.synonyms import GROUPS, NO, STOP, YES, is_stop, same_meaning, synonyms_of, yes_or_no


@pytest.mark.parametrize("words", YES)
def test_every_word_of_yes_is_a_yes(words: str) -> None:
    assert yes_or_no(words) is True


@pytest.mark.parametrize("words", (*NO, *STOP))
def test_every_word_of_no_and_of_stopping_is_a_no(words: str) -> None:
    assert yes_or_no(words) is False


@given(st.lists(st.sampled_from((*YES, *NO, *STOP)), min_size=1, max_size=4))
def test_a_no_anywhere_is_never_a_yes(phrases: list[str]) -> None:
    spoken = yes_or_no(" ".join(phrases))
    if any(phrase in NO or phrase in STOP for phrase in phrases):
        assert spoken is not True
    else:
        assert spoken is True


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Yes, please!", True),
        ("yeah, go ahead", True),
        ("no, a large one", False),
        ("don’t order it", False),
        ("Okay, cancel", False),
        ("never mind, thanks", False),
        ("yes no", None),
        ("I'm not sure", None),
        ("what time is it", None),
        ("yes and add a salad", None),
        ("", None),
    ],
)
def test_answers_as_people_give_them(words: str, meant: bool | None) -> None:
    assert yes_or_no(words) is meant


def test_only_a_whole_halt_is_a_stop() -> None:
    assert is_stop("Stop!")
    assert is_stop("no, stop it please")
    assert not is_stop("no")
    assert not is_stop("find the bus stop")
    assert not is_stop("")


def test_labels_of_one_group_mean_the_same() -> None:
    assert same_meaning("Place order", "Submit")
    assert same_meaning("Reserve", "book")
    assert same_meaning("Pizzas", "pizza")
    assert same_meaning("Fare", "Price")
    assert not same_meaning("Log in", "Log out")
    assert not same_meaning("", "")


def test_what_sites_call_the_same_on_labels_means_the_same_but_is_no_word_of_a_request() -> None:
    assert same_meaning("Invoices", "Bill")
    assert same_meaning("Last name", "surname")
    assert not same_meaning("First name", "Last name")
    assert not same_meaning("Sender", "Recipient")
    assert not same_meaning("Enable", "Disable")
    assert synonyms_of("invoice") == frozenset()


def test_no_label_stands_in_two_groups_of_labels() -> None:
    told = [stems_of(words) for group in LABELS for words in group]
    assert not [words for words in told if told.count(words) > 1]


def test_the_group_of_a_word_holds_the_word() -> None:
    assert "checkout" in synonyms_of("Buy")
    assert synonyms_of("aardvark") == frozenset()
    for group in GROUPS:
        for words in group:
            assert words in synonyms_of(words)
