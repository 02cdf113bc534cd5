from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from teach_mode.checks import read_skill
from teach_mode.errors import ValueRefused
from teach_mode.values import complete

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
ADA = {"name": "Ada Example", "phone": "555 0100 22"}


def test_values_are_completed_with_what_is_optional() -> None:
    skill = read_skill(SKILLS / "pizza.json")
    values = complete(skill, {"size": "small", "kind": "hawaii", "address": "Elm Street 5", **ADA})
    assert (values["toppings"], values["quantity"], values["site"]) == ((), "", skill.base)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": ""}, "needs size, and the request does not give it"),
        ({"address": ""}, "needs address, and what is known about the person does not give it"),
        ({"size": "huge"}, "'huge' does not fit size, which takes one of small, medium, large"),
        ({"toppings": "olives"}, "toppings takes a list"),
        ({"toppings": ("olives", "gold")}, "'gold' does not fit toppings"),
        ({"quantity": 10}, "quantity is at most 9, not 10"),
        ({"quantity": 0}, "quantity is at least 1, not 0"),
        ({"quantity": True}, "True does not fit quantity"),
        ({"quantity": "two"}, "'two' does not fit quantity"),
        ({"crust": "thin"}, "has no parameter 'crust'"),
    ],
)
def test_a_value_that_does_not_fit_is_named(change: dict[str, Any], said: str) -> None:
    given = {"size": "small", "kind": "hawaii", "address": "Elm Street 5", **ADA}
    with pytest.raises(ValueRefused) as caught:
        complete(read_skill(SKILLS / "pizza.json"), {**given, **change})
    assert said in str(caught.value)


@pytest.mark.parametrize("when", ["tonight", "2026-13-01T19:00", "19:00", 7])
def test_a_moment_is_a_date_and_a_time(when: Any) -> None:
    with pytest.raises(ValueRefused, match="when, which takes a date and time such as"):
        complete(read_skill(SKILLS / "bistro.json"), {"people": 2, "when": when, **ADA})
