"""Sums in words: what they come to, held against Python's own fractions and against pint."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.arithmetic import Measure, worked_out
from language.errors import SumError
from language.measures import UNITS, converted
from language.numbers import say_number
from language.results import result_of, told, written
from language.sums import in_words, read_figure, read_sum


def value(text: str) -> Measure:
    node = read_sum(text)
    assert node is not None, text
    return worked_out(node)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("fifteen percent of eighty four", "12.6"),
        ("15% of 84", "12.6"),
        ("twelve times seven plus three", "87"),
        ("12 x 7 + 3", "87"),
        ("12*7+3 =", "87"),
        ("(3 + 4) * 2", "14"),
        ("ten minus two minus three", "5"),
        ("a hundred divided by eight", "12.5"),
        ("7/2", "3.5"),
        ("two thirds of ninety", "60"),
        ("half of a dozen", "6"),
        ("two and a third times three", "7"),
        ("5 squared plus 2 to the power of 10", "1,049"),
        ("the square root of sixteen", "4"),
        ("the cube root of 27", "3"),
        ("the square root of two", "1.41"),
        ("forty eight fifty plus 20 percent", "58.2"),
        ("250 plus 19 % tax", "297.5"),
        ("20 percent off 80 euros", "€64"),
        ("€96 divided by 4", "€24"),
        ("forty eight euros and fifty cents times two", "€97"),
        ("miles are ten kilometres", "6.21 mi"),
        ("miles are in 10 km", "6.21 mi"),
        ("seconds are there in a day", "86,400 s"),
        ("three quarters of a pound in grams", "340.2 g"),
        ("half a pound in grams", "226.8 g"),
        ("180 degrees celsius in fahrenheit", "356 °F"),
        ("180°C in F", "356 °F"),
        ("minus forty degrees fahrenheit to celsius", "−40 °C"),
        ("five foot ten in centimetres", "177.8 cm"),
        ("5 ft 10 in in cm", "177.8 cm"),
        ("an hour and twenty minutes in minutes", "80 min"),
        ("two pounds and three ounces in kilos", "0.992 kg"),
        ("1/3 cup in ml", "78.86 ml"),
        ("two kilometres plus 300 metres", "2.3 km"),
        ("a marathon times two", None),
        ("100 km/h in mph", "62.14 mph"),
        ("three eighths in percent", "37.5 %"),
        ("ten kilometres divided by 400 metres", "25"),
    ],
)
def test_a_sum_comes_to(words: str, shown: str | None) -> None:
    node = read_sum(words)
    assert (None if node is None else result_of(worked_out(node)).shown) == shown


@pytest.mark.parametrize(
    "words",
    ["", "ten", "a day", "the time", "my shopping list", "call Ada at 5", "2026", "the third", "a pizza for two", "a"],
)
def test_what_asks_for_nothing_to_be_worked_out_is_no_sum(words: str) -> None:
    assert read_sum(words) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("five divided by zero", "Nothing can be divided by zero."),
        ("5 over (3 - 3)", "Nothing can be divided by zero."),
        ("five metres in litres", "I cannot turn metres into litres: one is a length, the other a volume."),
        ("fifty dollars in euros", "I have no source for exchange rates."),
        ("fifty pounds in euros", "I have no source for exchange rates."),
        ("the square root of minus four", "A number below zero has no square root."),
        ("2 to the power of 5000", "That number is too big for me."),
        ("two metres times three litres", "I cannot multiply metres by litres."),
        ("5 litres plus 3", "One of the two is in litres, the other is a plain number."),
        ("ten in litres", "I need to know what is to be turned into litres."),
    ],
)
def test_what_has_no_answer_says_why(words: str, sentence: str) -> None:
    with pytest.raises(SumError) as raised:
        value(words)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("words", "said", "rounded"),
    [
        ("ten divided by four", "two point five", False),
        ("ten divided by three", "three point three three", True),
        ("ten euros divided by three", "three euros and thirty three cents", True),
        ("ten euros times three", "thirty euros", False),
        ("2 to the power of 100", "one point two seven times ten to the power of thirty", True),
        ("1 divided by 3000", "zero point zero zero zero three three three", True),
        ("five minus eight", "minus three", False),
        ("1 mile in metres", "one thousand six hundred and nine metres", True),
        ("100 centimetres in metres", "one metre", False),
    ],
)
def test_a_result_is_said_as_a_person_would(words: str, said: str, rounded: bool) -> None:
    result = result_of(value(words))
    assert (result.said, result.rounded) == (said, rounded)


def test_a_sum_is_said_and_written_back_with_what_its_brackets_mean() -> None:
    node = read_sum("(3 + 4) * 2 - 10 % of 50")
    assert node is not None
    assert told(node) == "three plus four, times two minus ten percent of fifty"
    assert written(node) == "(3 + 4) × 2 − 10 % of 50"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12*7+3=", "12 times 7 plus 3"),
        ("What is 5 - 3?", "What is 5 minus 3"),
        ("20 - 3/4", "20 minus 3 divided by 4"),
        ("call me on 555-0134", "call me on 555-0134"),
        ("a table for 2 - 4 people", "a table for 2 - 4 people"),
    ],
)
def test_signs_become_words_where_nothing_but_a_sum_is_written(text: str, words: str) -> None:
    assert in_words(text) == words


NUMBERS = st.integers(0, 999)
OPERATORS = {"plus": "+", "minus": "-", "times": "*", "divided by": "/"}


@given(st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), NUMBERS), min_size=1, max_size=6), NUMBERS, st.booleans())
def test_any_chain_comes_to_what_fractions_say(chain: list[tuple[str, int]], first: int, in_figures: bool) -> None:
    say = str if in_figures else say_number
    words = " ".join([say(first), *(f"{operator} {say(number)}" for operator, number in chain)])
    python = f"Fraction({first})" + "".join(f"{OPERATORS[operator]}Fraction({number})" for operator, number in chain)
    try:
        wanted = eval(python, {"Fraction": Fraction})
    except ZeroDivisionError:
        with pytest.raises(SumError):
            value(words)
        return
    assert value(words) == Measure(wanted)


@given(st.decimals(0, 100, places=1), st.decimals(0, 10_000, places=2))
def test_percentages_are_exact(rate: Any, whole: Any) -> None:
    assert value(f"{rate}% of {whole}").value == Fraction(rate) * Fraction(whole) / 100
    assert value(f"{whole} plus {rate} percent").value == Fraction(whole) * (1 + Fraction(rate) / 100)


@given(st.text(max_size=60) | st.lists(st.sampled_from(sorted(UNITS)), max_size=8).map(" ".join))
def test_any_text_is_a_sum_or_none(text: str) -> None:
    node = read_figure(text)
    if node is not None:
        told(node)
        written(node)
        try:
            result_of(worked_out(node))
        except SumError as error:
            assert str(error).endswith(".")


# How pint calls what has another name there, or another size.
PINT = {
    "ton": "short_ton",
    "tonne": "metric_ton",
    "year": "common_year",
    "calorie": "calorie",
    "stone": "stone",
    "nautical mile": "nautical_mile",
    "fluid ounce": "fluid_ounce",
    "pint": "pint",
    "knot": "knot",
    "imperial fluid ounce": "imperial_fluid_ounce",
    "imperial pint": "imperial_pint",
    "kelvin": "kelvin",
    "imperial gallon": "imperial_gallon",
    "degree Celsius": "degC",
    "degree Fahrenheit": "degF",
    "mile per hour": "mile / hour",
    "kilometre per hour": "km / hour",
    "metre per second": "metre / second",
    "foot per second": "foot / second",
    "watt hour": "watt_hour",
    "kilowatt hour": "kilowatt_hour",
}


@pytest.fixture(scope="module")
def pint() -> Any:
    import pint

    return pint.UnitRegistry(non_int_type=Fraction)


def test_every_unit_is_as_long_or_heavy_as_pint_has_it(pint: Any) -> None:
    units = {unit.name: unit for unit in UNITS.values() if unit.kind not in ("money", "percent")}
    firsts = {unit.kind: unit for unit in reversed(units.values()) if unit.factor == 1 and not unit.offset}
    for unit in units.values():
        first = firsts[unit.kind]
        theirs = pint.Quantity(Fraction(7, 2), _name(unit.name)).to(_name(first.name)).magnitude
        ours = converted(Fraction(7, 2), unit, first)
        near = 1e-5 if unit.name == "acre" else 1e-9  # theirs is the one of old surveys
        assert float(ours) == pytest.approx(float(theirs), rel=near), unit.name


def _name(name: str) -> str:
    if name in PINT:
        return PINT[name]
    for shape in ("square", "cubic"):
        if name.startswith(f"{shape} "):
            return f"{name.removeprefix(f'{shape} ')} ** {2 if shape == 'square' else 3}"
    return name


KINDS = sorted({unit.kind for unit in UNITS.values()} - {"money", "percent"})


@given(st.data())
def test_there_and_back_is_the_same(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    units = sorted({unit.name for unit in UNITS.values() if unit.kind == kind})
    one, other = (
        UNITS[name.lower()] for name in (data.draw(st.sampled_from(units)), data.draw(st.sampled_from(units)))
    )
    amount = data.draw(st.fractions(max_denominator=1000))
    assert converted(converted(amount, one, other), other, one) == amount
