"""Slots as JSON Schema, and values held to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cloud.lam.schemas import faults, fits, json_schema
from language.entities import Choice, Slot, spoken_forms

NOW = datetime(2026, 11, 23, 14, 30)
SIZE = Slot(name="size", kind="choice", choices=(Choice("small"), Choice("large")))
SLOTS: dict[str, Slot] = {
    "choice": SIZE,
    "integer": Slot(name="people", kind="integer", least=1, most=8),
    "ordinal": Slot(name="floor", kind="ordinal", least=1, most=5),
    "number": Slot(name="weight", kind="number", least=0.5, most=2),
    "date": Slot(name="day", kind="date"),
    "time": Slot(name="at", kind="time", least=18, most=21),
    "when": Slot(name="when", kind="when", least=18, most=21),
    "duration": Slot(name="duration", kind="duration", least=60, most=7200),
    "amount": Slot(name="cap", kind="amount", least=1, most=50),
}


@pytest.mark.parametrize("kind", SLOTS)
def test_whatever_can_be_said_in_a_slot_fits_its_schema(kind: str) -> None:
    slot = SLOTS[kind]
    values = [form.value for form in spoken_forms(slot, NOW) if form.value is not None]
    assert values
    assert [value for value in values if not fits(slot, value)] == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choice", "gigantic"),
        ("integer", 9),
        ("integer", "2"),
        ("integer", 2.5),
        ("number", 0.1),
        ("date", "tomorrow"),
        ("time", "25:00"),
        ("when", "2026-11-23"),
        ("duration", 59),
        ("amount", "14.5"),
        ("amount", "-1.00"),
    ],
)
def test_what_does_not_belong_in_a_slot_does_not_fit(kind: str, value: Any) -> None:
    assert not fits(SLOTS[kind], value)


def test_the_schema_is_one_and_names_what_is_required() -> None:
    toppings = Slot(name="toppings", kind="choice", choices=SIZE.choices, many=True, required=False, most=2)
    note = Slot(name="note", kind="text", default="none")
    schema = json_schema((SIZE, toppings, note))
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["size"]
    assert faults((SIZE, toppings), {"size": "small", "toppings": ("small", "large")}) == ()
    assert len(faults((SIZE, toppings), {"size": "small", "toppings": ("small", "small")})) == 1
    assert faults((SIZE,), {})[0].startswith("arguments: 'size' is a required")


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans())))
def test_no_arguments_whatever_raise(arguments: Any) -> None:
    found = faults((SIZE, SLOTS["integer"]), arguments)
    assert found or arguments.keys() == {"size", "people"}
