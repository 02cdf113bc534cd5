"""Slots as JSON Schema: what a model is shown, and what every call is checked against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from language.entities import Slot, Value

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
_WHEN = r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$"
_AMOUNT = r"^\d{1,12}\.\d{2}$"
_MOST_TEXT = 4000

_KINDS: dict[str, dict[str, Any]] = {
    "choice": {"type": "string"},
    "integer": {"type": "integer"},
    "ordinal": {"type": "integer", "minimum": 1},
    "number": {"type": "number"},
    "date": {"type": "string", "pattern": _DATE},
    "time": {"type": "string", "pattern": _TIME},
    "when": {"type": "string", "pattern": _WHEN},
    "duration": {"type": "integer", "minimum": 0, "description": "seconds"},
    "amount": {"type": "string", "pattern": _AMOUNT},
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
    "text": {"type": "string", "minLength": 1, "maxLength": _MOST_TEXT},
}
_BOUNDED = ("integer", "ordinal", "number", "duration")


def json_schema(slots: Iterable[Slot]) -> dict[str, Any]:
    """An object schema with one property a slot; what is no slot is refused."""
    listed = tuple(slots)
    return {
        "type": "object",
        "properties": {slot.name: _property(slot) for slot in listed},
        "required": [slot.name for slot in listed if slot.required and slot.default is None],
        "additionalProperties": False,
    }


def faults(slots: tuple[Slot, ...], arguments: Mapping[str, Value]) -> tuple[str, ...]:
    """What does not fit, "slot: reason" each, in the order of the slots; empty when all does."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in arguments.items()}
    errors = sorted(_validator(slots).iter_errors(plain), key=lambda error: list(map(str, error.absolute_path)))
    return tuple(f"{'.'.join(map(str, error.absolute_path)) or 'arguments'}: {error.message}" for error in errors)


def fits(slot: Slot, value: Value) -> bool:
    """Whether a value may stand in the slot."""
    return not faults((slot,), {slot.name: value})


@lru_cache(maxsize=512)
def _validator(slots: tuple[Slot, ...]) -> Draft202012Validator:
    return Draft202012Validator(json_schema(slots))


def _property(slot: Slot) -> dict[str, Any]:
    single = dict(_KINDS["text" if slot.many else slot.kind])  # a slot of many holds strings, whatever its kind
    if slot.kind == "choice":
        single["enum"] = [choice.value for choice in slot.choices]
    if slot.kind in _BOUNDED and not slot.many:
        single |= _bounds(slot, "minimum", "maximum")
    if not slot.many:
        return single
    return {"type": "array", "items": single, "uniqueItems": True, **_bounds(slot, "minItems", "maxItems")}


def _bounds(slot: Slot, least: str, most: str) -> dict[str, Any]:
    whole = slot.kind != "number" or slot.many
    given = {least: slot.least, most: slot.most}
    return {name: int(bound) if whole else bound for name, bound in given.items() if bound is not None}
