"""Sentences with a condition, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.clauses import MOST_CLAUSES, Clause, clauses

TABLE = "book a table for two at seven"


@pytest.mark.parametrize(
    ("said", "other", "strict"),
    [
        (f"{TABLE}, and if none is free, try half past seven.", "half past seven", True),
        (f"{TABLE} and if no table is free at that time try half past seven", "half past seven", True),
        (f"{TABLE} if there is no table take eight instead", "eight", True),
        (f"{TABLE}, and if it's full make it eight please", "eight", True),
        (f"{TABLE} and if seven is already taken then eight", None, True),
        (f"{TABLE}, and if it isn't available then try eight", "eight", True),
        (f"{TABLE} or else order a pizza", "order a pizza", False),
        (f"{TABLE}, if that doesn't work, order a pizza instead", "order a pizza", False),
        (f"{TABLE}; otherwise at eight", "at eight", False),
        (f"{TABLE}, and if you can't get one, order a pizza", "order a pizza", False),
    ],
)
def test_what_is_to_be_done_in_place_of_something_is_found(said: str, other: str | None, strict: bool) -> None:
    if other is None:
        assert clauses(said) == (Clause(said),)  # "if seven is taken" names a value, and no thing that can be had
    else:
        assert clauses(said) == (Clause(TABLE), Clause(other, instead=True, strict=strict))


def test_several_stand_in_for_one_another_in_the_order_said() -> None:
    said = f"{TABLE} and if none is free try half past seven and if that is full too try eight"
    assert [clause.words for clause in clauses(said)] == [TABLE, "half past seven", "eight"]


@pytest.mark.parametrize(
    "said",
    [
        TABLE,
        "take a note that if it rains I stay at home",
        "if none is free",
        "otherwise",
        "set a timer for five minutes and book a table",
        "",
    ],
)
def test_a_sentence_without_such_a_condition_stays_whole(said: str) -> None:
    assert clauses(said) == (Clause(said),)


@given(
    st.lists(
        st.sampled_from(["if none is free", "otherwise", "try", "eight", "and", "book a table", ",", "if it is full"])
    ).map(" ".join)
)
def test_whatever_is_said_the_clauses_are_words_of_it_and_bounded(said: str) -> None:
    found = clauses(said)
    assert 1 <= len(found) <= MOST_CLAUSES
    assert not found[0].instead and all(clause.instead for clause in found[1:])
    assert all(clause.words in said for clause in found)
