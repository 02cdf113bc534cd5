"""Starting a skill with values, through the owner's door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloud.commands import HandleUtterance
from cloud.lam.goals import Call
from teach_mode.checks import read_skill
from tests.cloud.portal.conftest import Door

PIZZA = Path(__file__).parents[3] / "examples" / "skills" / "pizza.json"
LARGE = {"size": "large", "kind": "quattro formaggi", "toppings": "olives and mushrooms", "quantity": "two"}


async def run(door: Door, name: str = "order_pizza", **given: Any) -> Any:
    return await door.client.post(f"/api/skills/{name}/run", json=given, headers=door.bearer)


@pytest.fixture
def shop(door: Door) -> Door:
    door.shelf.save(read_skill(PIZZA), why="taught")
    return door


async def test_values_are_taken_as_their_kind_has_them_or_in_words(shop: Door) -> None:
    answer = await run(shop, values=LARGE)
    assert answer.status_code == 202
    (command,) = shop.commands
    assert isinstance(command, HandleUtterance)
    values = {"size": "large", "kind": "quattro-formaggi", "toppings": ("olives", "mushrooms"), "quantity": 2}
    assert command.call == Call(tool="order_pizza", arguments=values)
    assert command.text == "order a pizza from Forno Pizza: large, quattro formaggi, olives and mushrooms, two"
    told = {"key": command.key, "task": "task 1", "text": command.text}
    assert answer.json() == {**told, "values": {**values, "toppings": ["olives", "mushrooms"]}}


async def test_the_same_key_is_the_same_run(shop: Door) -> None:
    answers = [(await run(shop, key="k")).json() for _ in range(2)]
    assert answers[0]["task"] == answers[1]["task"] == "task 1"


async def test_an_earlier_version_can_be_run(shop: Door) -> None:
    shop.shelf.save(read_skill(PIZZA), why="edited")
    assert (await run(shop, version=1)).status_code == 202
    (command,) = shop.commands
    assert isinstance(command, HandleUtterance) and command.call == Call(tool="order_pizza", version=1)
    assert (await run(shop, version=9)).json()["error"] == "version 9 of 'order_pizza' cannot be run"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"colour": "red"}, "order_pizza has no value 'colour'; it has size, kind, toppings"),
        ({"size": "huge"}, "size='huge' is no choice that can be had; there are small, medium, large"),
        ({"quantity": 99}, "quantity='99' is no integer"),
        ({"quantity": True}, "got `bool`"),
    ],
)
async def test_a_value_that_does_not_fit_starts_nothing_and_is_told_why(
    shop: Door, given: dict[str, Any], why: str
) -> None:
    answer = await run(shop, values=given)
    assert (answer.status_code, why in answer.json()["error"]) == (422, True), answer.text
    assert not shop.commands


async def test_what_there_is_not_cannot_be_run(door: Door) -> None:
    answer = await run(door, "fly")
    assert (answer.status_code, answer.json()["error"]) == (404, "there is no skill 'fly' that can be run")
