from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.similarity import (
    NgramIndex,
    jaccard,
    label_similarity,
    levenshtein,
    levenshtein_ratio,
    stem,
    words_of,
)

texts = st.text(max_size=20)


@given(texts, texts, texts)
def test_levenshtein_is_a_metric(one: str, other: str, third: str) -> None:
    assert levenshtein(one, other) == levenshtein(other, one)
    assert (levenshtein(one, other) == 0) == (one == other)
    assert levenshtein(one, third) <= levenshtein(one, other) + levenshtein(other, third)


@given(texts, texts)
def test_likeness_lies_between_nought_and_one(one: str, other: str) -> None:
    for likeness in (levenshtein_ratio(one, other), jaccard(set(one), set(other)), label_similarity(one, other)):
        assert 0.0 <= likeness <= 1.0
    assert levenshtein_ratio(one, one) == jaccard(set(one), set(one)) == label_similarity(one, one) == 1.0


def test_words_are_parted_at_humps_underscores_and_accents() -> None:
    assert words_of("placeOrder") == words_of("place_order") == words_of("Place  Órder!") == ("place", "order")
    assert words_of("HTMLForm2") == ("html", "form2")


@pytest.mark.parametrize(
    "family",
    [("order", "orders", "ordered", "ordering"), ("stop", "stopped", "stops"), ("box", "boxes"), ("city", "cities")],
)
def test_a_family_of_words_has_one_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("word", ["red", "thing", "bus", "address", "king", "need"])
def test_short_words_keep_their_endings(word: str) -> None:
    assert stem(word) == word


def test_labels_that_mean_the_same_lie_closer() -> None:
    assert label_similarity("Place Order", "place orders") == 1.0
    assert label_similarity("Add to cart", "Add to basket") > label_similarity("Add to cart", "Log out")


def test_the_index_finds_what_is_meant_although_misspelt() -> None:
    index = NgramIndex(["Order a pizza", "Book a table at the bistro", "Set a timer", "Take a note"])
    for text, place in (("order pizzas", 0), ("book a tabel", 1), ("timers", 2), ("noting", 3)):
        assert index.search(text, 1)[0].index == place


def test_the_index_gives_the_best_first_and_no_more_than_asked() -> None:
    index = NgramIndex(["red apple", "green apple", "red car"])
    hits = index.search("red apple", 2)
    assert hits[0].index == 0
    assert len(hits) == 2
    assert hits[0].score == pytest.approx(1.0)
    assert index.search("zq", 2) == []
    assert NgramIndex([]).search("red", 2) == []


@given(st.lists(texts, max_size=6), texts, st.integers(-1, 8))
def test_scores_fall_and_stay_within_bounds(documents: list[str], text: str, k: int) -> None:
    hits = NgramIndex(documents).search(text, k)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)
    assert len(hits) <= max(k, 0)
