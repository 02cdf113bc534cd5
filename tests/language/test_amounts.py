from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.amounts import (
    Money,
    Quantity,
    find_money,
    find_quantities,
    parse_money,
    parse_quantity,
    say_money,
    say_quantity,
)
from language.errors import UnsayableValue

amounts = st.one_of(
    st.decimals(min_value=0, max_value=200, places=2), st.decimals(min_value=0, max_value=10_000_000, places=2)
)


@given(amounts, st.sampled_from([None, "USD", "EUR", "GBP"]))
def test_money_said_is_read_back(amount: Decimal, currency: str | None) -> None:
    money = Money(amount, currency)
    read = parse_money(say_money(money))
    assert read is not None
    assert read.amount == amount
    # "fifty pence" is of pounds, "fifty cents" of anything.
    assert read.currency == currency


@pytest.mark.parametrize(
    ("words", "amount", "currency"),
    [
        ("fourteen fifty", "14.50", None),
        ("nine ninety-nine", "9.99", None),
        ("two oh five", "2.05", None),
        ("fourteen dollars and fifty cents", "14.50", "USD"),
        ("fourteen dollars fifty", "14.50", "USD"),
        ("a dollar fifty", "1.50", "USD"),
        ("$14.50", "14.50", "USD"),
        ("14.50 euros", "14.50", "EUR"),
        ("€14,50", "14.50", "EUR"),
        ("twenty bucks", "20.00", "USD"),
        ("five quid", "5.00", "GBP"),
        ("twenty pence", "0.20", "GBP"),
        ("20p", "0.20", "GBP"),
        ("fifty cents", "0.50", None),
        ("1,000 dollars", "1000.00", "USD"),
        ("twenty five", "25.00", None),
        ("a hundred and five dollars", "105.00", "USD"),
    ],
)
def test_money_as_people_say_it(words: str, amount: str, currency: str | None) -> None:
    assert parse_money(words) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "words", ["", "dollars", "three kilos", "minus five dollars", "two five", "two oh fifty", "large"]
)
def test_what_is_no_money_is_none(words: str) -> None:
    assert parse_money(words) is None


def test_only_what_is_surely_money_is_found_in_a_sentence() -> None:
    text = "two large pizzas for at most $30, or 14.50 each at seven thirty"
    assert [text[each.start : each.end] for each in find_money(text)] == ["$30", "14.50"]


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("two large", Quantity(2, "", "large")),
        ("a dozen eggs", Quantity(12, "", "eggs")),
        ("three kilos", Quantity(3, "kilogram")),
        ("3 kg of Flour", Quantity(3, "kilogram", "Flour")),
        ("half a kilo of tomatoes", Quantity(0.5, "kilogram", "tomatoes")),
        ("a bottle of wine", Quantity(1, "bottle", "wine")),
        ("a pizza", Quantity(1, "", "pizza")),
    ],
)
def test_quantities_as_people_say_them(words: str, quantity: Quantity) -> None:
    assert parse_quantity(words) == quantity


@given(
    st.one_of(st.integers(1, 5000), st.decimals(min_value=1, max_value=90, places=1).map(float)),
    st.sampled_from(["", "kilogram", "box", "slice", "pound"]),
    st.sampled_from(["", "eggs", "tomato soup"]),
)
def test_a_quantity_said_is_read_back(number: float, unit: str, thing: str) -> None:
    read = parse_quantity(say_quantity(Quantity(number, unit, thing)))
    assert read == Quantity(number, unit, thing)


def test_quantities_are_found_where_they_stand() -> None:
    text = "a recipe with 200 grams of sugar and two eggs"
    assert [text[each.start : each.end] for each in find_quantities(text)] == ["200 grams of", "two"]


@pytest.mark.parametrize("money", [Money(Decimal("-1")), Money(Decimal("1.005")), Money(Decimal(1), "XYZ")])
def test_what_is_no_amount_is_refused(money: Money) -> None:
    with pytest.raises(UnsayableValue):
        say_money(money)
