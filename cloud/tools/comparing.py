"""Two versions of a skill side by side: in words, as lines of the file, and the elements as they were in both."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from cloud.tools.shelf import Shelf
from cloud.tools.versions import Version
from teach_mode.checks import write_skill
from teach_mode.differences import Difference, differences, step_in_words
from teach_mode.skill import Skill, Step

_KINDS = ("jpg", "png")
# Versions that go on with the steps of the one that they were made from; a lesson begins anew.
_GOING_ON = frozenset({"healed", "edited", "reverted"})


class Picture(Struct, frozen=True):
    """A picture that the shelf keeps with a version."""

    version: int
    name: str


class Pair(Struct, frozen=True, kw_only=True):
    """The element of a step in both versions, as far as there is a picture of it."""

    step: str
    words: str
    before: Picture | None
    after: Picture | None


class Comparison(Struct, frozen=True, kw_only=True):
    """What differs in version `to`. `lines` are a unified diff of the files; all is empty when `from_` is 0."""

    from_: int = msgspec.field(name="from")
    to: int
    words: tuple[Difference, ...] = ()
    lines: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()


def before(shelf: Shelf, name: str, number: int) -> int:
    """Which version another one was made from, else the one before it; 0: none. Raises SkillUnknown."""
    versions = {one.number: one for one in shelf.versions(name)}
    made_from = versions[number].from_version if number in versions else 0
    return made_from or max((one for one in versions if one < number), default=0)


def compare(shelf: Shelf, name: str, earlier: int, later: int) -> Comparison:
    """Raises SkillUnknown, VersionUnknown, and SkillError when one of them cannot be read."""
    new = shelf.read(name, later)
    if earlier == 0:
        return Comparison(from_=0, to=later)
    old = msgspec.structs.replace(shelf.read(name, earlier), version=later)
    was, now = (write_skill(one).decode().splitlines() for one in (old, new))
    lines = difflib.unified_diff(was, now, f"version {earlier}", f"version {later}", n=2, lineterm="")
    versions = {one.number: one for one in shelf.versions(name)}
    pairs = tuple(_pairs(versions, (earlier, old), (later, new)))
    return Comparison(from_=earlier, to=later, words=differences(old, new), lines=tuple(lines), pairs=pairs)


def _pairs(versions: dict[int, Version], old: tuple[int, Skill], new: tuple[int, Skill]) -> Iterator[Pair]:
    was, now = ({step.id: step for step in skill.all_steps} for _, skill in (old, new))
    for step in {**now, **was}:
        if _looks(was.get(step)) == _looks(now.get(step)):
            continue
        first = _picture(versions, old[0], step) if step in was else None
        if first is None and step in was and versions[new[0]].from_version == old[0]:
            first = _of(versions[new[0]], f"{step}-before")
        second = _picture(versions, new[0], step) if step in now else None
        if first != second:
            yield Pair(step=step, words=step_in_words(now.get(step) or was[step]), before=first, after=second)


def _looks(step: Step | None) -> object:
    """What of a step a picture of its element shows."""
    return step and (step.target, step.onto, step.confirms, step.changes_looks)


def _picture(versions: dict[int, Version], number: int, step: str) -> Picture | None:
    """The element of a step as it was last seen, in a version or in those that it was made from."""
    seen: set[int] = set()
    while number in versions and number not in seen:
        seen.add(number)
        version = versions[number]
        if found := _of(version, f"{step}-after") or _of(version, step):
            return found
        if version.why not in _GOING_ON:
            return None
        number = version.from_version
    return None


def _of(version: Version, stem: str) -> Picture | None:
    names = (f"{stem}.{kind}" for kind in _KINDS)
    return next((Picture(version.number, name) for name in names if name in version.pictures), None)
