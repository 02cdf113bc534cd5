"""Healenium's score, re-implemented from its tree comparison: the path of the element first, then the node. Pure.

score = (share of the longest common tag path * 100 + tag 100 + id 50 + class 40 + text 30 + other attributes 30) / 350;
candidates whose path is higher than 5 and shares less than 0.7 of it are out; below 0.6 nothing is healed. It is asked
for every case here; in use it is asked only when the recorded locator finds nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from benchmarks.healing.edits import ratio
from benchmarks.healing.looking import Row

CAP = 0.6
HIGH = 5
LEAST_PATH = 0.7
TOTAL = 350.0


class Node(msgspec.Struct, frozen=True):
    """A node of the page's tree: the tags from the top down to it, and what is compared."""

    path: str
    tags: tuple[str, ...]
    id: str
    classes: frozenset[str]
    text: str
    others: dict[str, str]


def nodes(rows: Sequence[Row]) -> list[Node]:
    """All nodes of a page, seen or not: Healenium reads the source."""
    found: list[Node] = []
    for row in rows:
        above = found[row.parent].tags if row.parent >= 0 else ("html", "body")
        attributes = row.attributes
        others = {name: value for name, value in attributes.items() if name not in ("id", "class", "style")}
        classes = frozenset(attributes.get("class", "").split())
        found.append(Node(row.path, (*above, row.tag), attributes.get("id", ""), classes, row.own, others))
    return found


def score(sought: Node, seen: Node) -> float:
    """0..1; 0 for a path that is too far off."""
    shared = common(sought.tags, seen.tags)
    height = len(sought.tags)
    if height > HIGH and shared / height < LEAST_PATH:
        return 0.0
    total = 100.0 * shared / height
    total += 100.0 * (sought.tags[-1] == seen.tags[-1])
    total += 50.0 * ratio(sought.id, seen.id)
    total += 40.0 * _classes(sought.classes, seen.classes)
    total += 30.0 * ratio(sought.text[:100], seen.text[:100])
    total += 30.0 * _others(sought.others, seen.others)
    return total / TOTAL


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = 0
        for at, right in enumerate(other, start=1):
            before, row[at] = row[at], before + 1 if left == right else max(row[at], row[at - 1])
    return row[-1]


def _classes(one: frozenset[str], other: frozenset[str]) -> float:
    if not one and not other:
        return 1.0
    return len(one & other) / max(len(one), len(other))


def _others(one: dict[str, str], other: dict[str, str]) -> float:
    keys = one.keys() | other.keys()
    if not keys:
        return 1.0
    return sum(ratio(one.get(key, "")[:60], other.get(key, "")[:60]) for key in keys) / len(keys)
