"""A step that is done for each item of a list: which items, as steps of their own, and how all of it ended. Pure.

An item's step has a number made of the step's and its place, so that its question, its record and its result are its
own, and the same ones after a crash: the list was read once, and is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from cloud.lam.carrying import ITEM, Known
from cloud.lam.outline import about
from cloud.lam.planning import Step
from cloud.lam.toolbox import Card, Outcome, Row, Status
from language.entities import Value
from language.numbers import say_number
from language.saying import joined
from teach_mode.calls import MOST_ITEMS

# Up to so many items are begun without a word, where nothing is changed.
FEW: Final = 5
NAMED: Final = 4
PLACES: Final = 1000
_STOPPING: Final = ("expired", "cancelled")


class Items(Struct, frozen=True, kw_only=True):
    """What a step is to be done for; or, in `refused` or `none`, why it is done for nothing."""

    names: tuple[str, ...] = ()
    refused: str = ""
    none: str = ""


def items_of(step: Step, known: Known) -> Items:
    """The items of a step's list, as it was read."""
    value: Value = known.values.get(step.each, ())
    names = value if isinstance(value, tuple) else (str(value),) if value != "" else ()
    most = min(step.most or MOST_ITEMS, MOST_ITEMS)
    if len(set(names)) < len(names):
        return Items(refused="Two of them have the same name, and nobody could tell them apart. I did nothing to any.")
    if len(names) > most:
        many = f"There are {say_number(len(names))}, and I do {say_number(most)} at the most"
        return Items(refused=f"{many}. I did nothing to any of them.")
    return Items(names=names, none="" if names else "There are none.")


def with_item(known: Known, step: Step, item: str) -> Known:
    """What is known while one item is done. It comes from where the list does."""
    origin = known.origins.get(step.each, "page")
    return Known({**known.values, ITEM: item}, {**known.origins, ITEM: origin})


def step_for(step: Step, place: int) -> Step:
    """The step of the item in that place, counted from 1."""
    return msgspec.structs.replace(step, number=step.number * PLACES + place, each="", most=0)


def is_asked(step: Step, items: Sequence[str]) -> bool:
    """Whether the person sees the list before anything is done: when something is changed for several, or when there
    are many. It is no yes to an act: what cannot be undone is asked about by itself, each time."""
    return len(items) > (FEW if step.effect == "read" else 1)


def question(step: Step, items: Sequence[str], took_ms: float) -> str:
    """Whether to go on with these."""
    time = about(took_ms * len(items))
    count = say_number(len(items))
    return f"There are {count}: {few_of(items)}. {time}Shall I {step.words} for each of them?"


def few_of(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(names) - NAMED
    return joined([*names[:NAMED], *([f"{say_number(more)} more"] if more > 0 else [])])


def progress(place: int, count: int) -> str:
    """How far it is: "Three of seven"."""
    return f"{say_number(place).capitalize()} of {say_number(count)}"


def goes_on(ends: Sequence[Outcome]) -> bool:
    """Whether the next item may be begun: not when nobody knows what came of one, when nobody answers, or when two in
    a row came to nothing."""
    if not ends:
        return True
    last = ends[-1]
    if last.status == "unknown" or (last.status == "cancelled" and last.data.get("code") in _STOPPING):
        return False
    return not (len(ends) > 1 and all(end.status in ("failed", "refused") for end in ends[-2:]))


def ended(step: Step, items: Sequence[str], ends: Mapping[str, Outcome]) -> Outcome:
    """How all of it ended. `ends` are those of the items that were begun."""
    done = [item for item in items if item in ends and ends[item].status == "done"]
    left = [item for item in items if item not in ends]
    other = {item: end for item, end in ends.items() if end.status != "done"}
    sentences = []
    if done:
        of = "" if len(done) == len(items) else f" of {say_number(len(items))}"
        sentences.append(f"It was done for {say_number(len(done))}{of}: {few_of(done)}.")
    sentences += [f"{item}: {end.sentence}" for item, end in other.items() if end.sentence]
    if left:
        sentences.append(f"I stopped there; left are {few_of(left)}.")
    last = list(other.values())
    status = _worst([end.status for end in last]) if last else "done"
    if status == "cancelled" and done:
        status = "done"
    data = last[-1].data if status != "done" else {}
    rows = [Row(item, ends[item].sentence if item in ends else "not begun") for item in items]
    return Outcome(
        status=status,
        sentence=" ".join(sentences),
        card=Card(title=f"{step.words[:1].upper()}{step.words[1:]}", rows=tuple(rows)),
        data={name: value for name, value in data.items() if name == "code"},
    )


def _worst(statuses: Sequence[Status]) -> Status:
    order: tuple[Status, ...] = ("unknown", "failed", "refused", "cancelled")
    return next((status for status in order if status in statuses), "done")
