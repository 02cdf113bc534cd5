"""Plain comparisons, said and held against what is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.comparisons import Comparison, holds, parse_comparison
from language.figures import figure_of


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("less than twenty euros", Comparison("below", "20", "EUR")),
        ("under 20", Comparison("below", "20")),
        ("no more than fourteen fifty", Comparison("at_most", "14.5")),
        ("at least five dollars", Comparison("at_least", "5", "USD")),
        ("over two hundred", Comparison("above", "200")),
        ("cheaper than twenty.", Comparison("below", "20")),
        ("below zero", Comparison("below", "0")),
        ("twenty euros", None),
        ("less than a bicycle", None),
        ("", None),
    ],
)
def test_a_comparison_is_read_from_words(said: str, found: Comparison | None) -> None:
    assert parse_comparison(said) == found


@pytest.mark.parametrize(
    ("comparison", "written", "so"),
    [
        (Comparison("below", "20", "EUR"), "€ 14,50", True),
        (Comparison("below", "20", "EUR"), "20.00 €", False),
        (Comparison("at_most", "20"), "20.00", True),
        (Comparison("below", "20", "EUR"), "$ 14.50", None),
        (Comparison("below", "20"), "14.50 plus 3.00", None),
        (Comparison("below", "20"), "free", None),
        (Comparison("below", "0"), "-3 °C", True),
        (Comparison("above", "1000"), "1,234.00", True),
        (Comparison("says", "rain"), "Light rain, 8 °C", True),
        (Comparison("says", "rain"), "Trains run late", False),
    ],
)
def test_a_comparison_is_held_against_what_a_site_says(comparison: Comparison, written: str, so: bool | None) -> None:
    assert holds(comparison, written) is so


@given(st.decimals(0, 99_999, places=2), st.decimals(0, 99_999, places=2))
def test_exactly_one_of_below_and_at_least_holds(one: Decimal, other: Decimal) -> None:
    below, least = (holds(Comparison(relation, str(other)), f"{one} EUR") for relation in ("below", "at_least"))  # type: ignore[arg-type]
    assert {below, least} == {True, False}


@given(st.text(max_size=40))
def test_any_text_has_a_figure_or_none(text: str) -> None:
    figure = figure_of(text)
    assert figure is None or figure.is_finite()
