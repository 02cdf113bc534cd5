"""The written key: what is shown, and what a skill made of it must know."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

KEY = Path(__file__).parents[1] / "data" / "generalize_key.toml"

Meant = str | list[str]
"""What a person means by one parameter, "" or [] when she says nothing of it."""


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter. `at` are the steps, from 1, that change with it; `choices` how many things the page offers."""

    at: list[int]
    kinds: list[str]
    choices: int = 0
    many: bool = False
    profile: bool = False


class Looped(Struct, frozen=True, forbid_unknown_fields=True):
    """Steps that are done again and again, `over` the values of a parameter ("p1") or whatever "rows" the page has."""

    first: int
    last: int
    over: str

    @property
    def parameter(self) -> int:
        """The parameter's place in the task's list, from 0; -1 for rows."""
        return int(self.over[1:]) - 1 if self.over != "rows" else -1

    @property
    def steps(self) -> range:
        return range(self.first, self.last + 1)


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence, and what is meant by it, one for each parameter. `further` is how much is added to a MiniWoB
    episode's seed: the same page with other rows."""

    sentence: str
    values: list[Meant]
    further: int = 0


class Task(Struct, frozen=True, forbid_unknown_fields=True):
    """A demonstration, or several of one task."""

    id: str
    where: str
    shown: list[Said]
    steps: list[list[str]]
    parameters: list[Wanted]
    other: list[Said]
    loops: list[Looped] = []
    secret: list[int] = []
    irreversible: list[int] = []


class _Key(Struct, forbid_unknown_fields=True):
    demonstration: list[Task]


def read_key(path: Path = KEY) -> list[Task]:
    """All tasks. Raises msgspec.ValidationError; SystemExit for a sentence whose values do not fit its parameters."""
    tasks = msgspec.toml.decode(path.read_bytes(), type=_Key).demonstration
    for task in tasks:
        for said in (*task.shown, *task.other):
            if len(said.values) != len(task.parameters):
                raise SystemExit(f"{task.id}: “{said.sentence}” gives {len(said.values)} values")
    return tasks
