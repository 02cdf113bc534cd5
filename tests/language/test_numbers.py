from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import UnsayableValue
from language.numbers import (
    MOST,
    find_numbers,
    find_ordinals,
    parse_number,
    parse_ordinal,
    say_number,
    say_ordinal,
)


@given(st.integers(-MOST, MOST))
def test_a_whole_number_said_is_read_back(value: int) -> None:
    assert parse_number(say_number(value)) == value


@given(st.decimals(min_value=-1_000_000, max_value=1_000_000, places=3))
def test_a_decimal_said_is_read_back(value: Decimal) -> None:
    assert parse_number(say_number(value)) == pytest.approx(float(value))


@given(st.integers(0, MOST))
def test_an_ordinal_said_is_read_back(value: int) -> None:
    assert parse_ordinal(say_ordinal(value)) == value


@given(st.integers(-MOST, MOST))
def test_digits_are_read_as_what_they_are(value: int) -> None:
    assert parse_number(str(value)) == value
    assert parse_number(f"{value:,}") == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("a hundred and five", 105),
        ("one hundred five", 105),
        ("twelve hundred", 1200),
        ("twenty-five", 25),
        ("Twenty five.", 25),
        ("three point five", 3.5),
        ("three point one four", 3.14),
        ("three point 5", 3.5),
        ("point five", 0.5),
        ("two and a half", 2.5),
        ("2½", 2.5),
        ("2 1/2", 2.5),
        ("three quarters", 0.75),
        ("half", 0.5),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("3 dozen", 36),
        ("a couple of", 2),
        ("two point five million", 2_500_000),
        ("half a million", 500_000),
        ("1,000", 1000),
        ("14,50", 14.5),
        ("minus five", -5),
        ("-5", -5),
        ("two million and five", 2_000_005),
        ("nought", 0),
    ],
)
def test_numbers_as_people_say_them(words: str, value: float) -> None:
    assert parse_number(words) == value


@pytest.mark.parametrize(
    "words", ["", "and", "pizza", "two three", "twenty hundred thousand and", "point", "a", "1.2.3"]
)
def test_what_is_not_one_number_is_none(words: str) -> None:
    assert parse_number(words) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("first", 1),
        ("the third", 3),
        ("twenty third", 23),
        ("23rd", 23),
        ("hundredth", 100),
        ("one hundred and fifth", 105),
    ],
)
def test_ordinals_as_people_say_them(words: str, value: int) -> None:
    assert parse_ordinal(words) == value


def test_numbers_are_found_where_they_stand() -> None:
    text = "Two large ones, and twenty-five small ones for 3"
    found = [(text[each.start : each.end], each.value) for each in find_numbers(text)]
    assert found == [("Two", 2), ("twenty-five", 25), ("3", 3)]


def test_that_one_is_no_number() -> None:
    assert find_numbers("give me that one") == ()
    assert [each.value for each in find_numbers("a table for one")] == [1]


def test_two_numbers_beside_one_another_stay_two() -> None:
    assert [each.value for each in find_numbers("two thousand and three thousand")] == [2000, 3000]
    assert [each.value for each in find_numbers("two hundred and two hundred")] == [200, 200]


def test_ordinals_are_found_in_a_sentence() -> None:
    assert [each.value for each in find_ordinals("the first and the twenty second")] == [1, 22]


@pytest.mark.parametrize("value", [math.inf, math.nan, MOST + 1, 1e300])
def test_what_has_no_words_is_refused_with_a_reason(value: float) -> None:
    with pytest.raises(UnsayableValue, match="give a finite number"):
        say_number(value)


def test_a_negative_ordinal_is_refused() -> None:
    with pytest.raises(UnsayableValue):
        say_ordinal(-1)
