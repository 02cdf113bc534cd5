"""Where a value stands in JSON: `current.temperature`, `daily.time[*]`, `list[0].main.temp`. Pure."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(r"\.?(?P<name>[^.\[\]]+)|\[(?P<index>\d+|\*)\]")
MOST_VALUES = 400
MOST_LETTERS = 400
Step = str | int | None
"""A key, a place in a list, or None for each of a list."""


def parse_path(path: str) -> tuple[Step, ...]:
    """The steps of a path. Raises ValueError, which names the place."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _PART.match(path, at)
        if found is None:
            raise ValueError(f"{path!r} cannot be read at character {at + 1}: write a.b[0].c or a[*].b")
        index = found["index"]
        steps.append(found["name"] if index is None else None if index == "*" else int(index))
        at = found.end()
    if not steps:
        raise ValueError("a path is empty: write where the value stands, such as current.temperature")
    return tuple(steps)


def values_at(data: Any, path: str) -> tuple[str | float, ...]:
    """The plain values at a path; none where there is nothing. Raises ValueError for what is no plain value."""
    found = [data]
    for step in parse_path(path):
        found = [next_one for one in found for next_one in _into(one, step)][:MOST_VALUES]
    return tuple(_plain(one, path) for one in found if one is not None)


def _into(data: Any, step: Step) -> list[Any]:
    if step is None:
        return data if isinstance(data, list) else []
    if isinstance(step, int):
        return [data[step]] if isinstance(data, list) and step < len(data) else []
    return [data[step]] if isinstance(data, dict) and step in data else []


def _plain(value: Any, path: str) -> str | float:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return clean(value)
    raise ValueError(f"{path} is {'a list' if isinstance(value, list) else 'an object'}, not a value")


def clean(text: str) -> str:
    """Words of a source as one line that can be said: no control characters, no end."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:MOST_LETTERS]
