"""Similo, re-implemented from its papers with the original and with the optimised weights. Pure.

Nass et al., "Similarity-based web element localization for robust test automation", TOSEM 2023 (arXiv 2208.00677), and
the reweighting of arXiv 2505.16424. The best of all visible elements of some 25 tags is taken, however little it is
alike: neither refuses. Values of over 50 characters are compared as sets of words, in both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from benchmarks.healing.edits import ratio
from benchmarks.healing.looking import Row

TAGS = frozenset(
    ("input", "textarea", "button", "select", "a", "h1", "h2", "h3", "h4", "h5", "h6", "li", "span", "div", "p", "th",
     "tr", "td", "label", "svg", "img", "iframe", "i", "strong")
)  # fmt: skip
LONG_CHARS = 50
NEAR_PX = 50.0
OWN = ("class", "name", "id", "href", "alt", "type", "aria-label")


class Part(msgspec.Struct, frozen=True):
    """An element's properties, as text; `box` apart. `others` are all attributes that have no property of their own."""

    path: str
    values: dict[str, str]
    others: dict[str, str]
    box: tuple[float, float, float, float]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _equal(one: str, other: str) -> float:
    return float(one.lower() == other.lower())


def _jaccard(one: str, other: str) -> float:
    left, right = _words(one), _words(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def _edits(one: str, other: str) -> float:
    if max(len(one), len(other)) > LONG_CHARS:
        return _jaccard(one, other)
    return ratio(one.lower(), other.lower())


def _overlap(one: str, other: str) -> float:
    left, right = _words(one), _words(other)
    return len(left & right) / max(len(left), len(right)) if left and right else 0.0


Measure = Callable[[str, str], float]
ORIGINAL: Mapping[str, tuple[float, Measure]] = {
    "tag": (1.5, _equal), "class": (0.5, _edits), "name": (1.5, _equal), "id": (1.5, _equal), "href": (0.5, _edits),
    "alt": (0.5, _edits), "xpath": (0.5, _edits), "idxpath": (0.5, _edits), "button": (0.5, _equal),
    "text": (1.5, _edits), "neighbours": (1.5, _overlap),
}  # fmt: skip
OPTIMISED: Mapping[str, tuple[float, Measure]] = {
    "tag": (0.8, _jaccard), "name": (2.85, _edits), "id": (0.5, _edits), "href": (0.95, _equal), "alt": (1.85, _equal),
    "type": (2.75, _equal), "aria-label": (0.9, _jaccard), "xpath": (0.1, _jaccard), "idxpath": (0.45, _edits),
    "text": (2.8, _edits), "neighbours": (1.45, _jaccard),
}  # fmt: skip


def score_original(sought: Part, seen: Part) -> float:
    """At most 12."""
    total = _sum(ORIGINAL, sought, seen)
    (x, y, width, height), (left, top, broad, high) = sought.box, seen.box
    total += 0.5 * max(0.0, 100 - math.dist((x, y), (left, top))) / 100
    total += 0.5 * _share(width * height, broad * high)
    return total + 0.5 * _share(width / height if height else 0, broad / high if high else 0)


def score_optimised(sought: Part, seen: Part) -> float:
    """The reweighted score."""
    total = _sum(OPTIMISED, sought, seen)
    (x, y, width, height), (left, top, broad, high) = sought.box, seen.box
    total += 1.2 * math.exp(-0.005 * math.dist((x, y), (left, top)))
    total += 0.35 * _share(width * height, broad * high)
    keys = sought.others.keys() & seen.others.keys()
    if keys:
        same = sum(sought.others[key] == seen.others[key] for key in keys)
        total += 1.8 * same / max(len(sought.others), len(seen.others))
    return total


def _sum(weights: Mapping[str, tuple[float, Measure]], sought: Part, seen: Part) -> float:
    total = 0.0
    for name, (weight, measure) in weights.items():
        one, other = sought.values.get(name, ""), seen.values.get(name, "")
        if one and other:
            total += weight * measure(one, other)
    return total


def _share(one: float, other: float) -> float:
    small, large = sorted((one, other))
    return small / large if large > 0 else 0.0


def parts(rows: Sequence[Row]) -> list[Part]:
    """All that Similo looks at on a page: visible elements of its tags."""
    paths, own = _xpaths(rows)
    seen = [at for at, row in enumerate(rows) if row.seen and row.tag in TAGS]
    near = _neighbours([rows[at] for at in seen])
    found = []
    for number, at in enumerate(seen):
        row = rows[at]
        values = {name: row.attributes.get(name, "") for name in OWN}
        is_button = row.tag == "button" or row.attributes.get("type") in ("submit", "button", "reset")
        values |= {
            "tag": row.tag, "xpath": paths[at], "idxpath": own[at], "text": row.text, "neighbours": near[number],
            "button": "yes" if is_button or "btn" in values["class"] else "no",
        }  # fmt: skip
        others = {name: value for name, value in row.attributes.items() if name not in OWN}
        found.append(Part(row.path, values, others, row.box))
    return found


def part_at(rows: Sequence[Row], path: str) -> Part | None:
    """One element, whatever its tag."""
    return next((part for part in parts(rows) if part.path == path), None)


def _xpaths(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Absolute and id-relative XPaths, row by row; a parent stands before its children."""
    absolute: list[str] = []
    relative: list[str] = []
    counts: list[dict[str, int]] = []
    top: dict[str, int] = {}
    for row in rows:
        siblings = counts[row.parent] if row.parent >= 0 else top
        siblings[row.tag] = siblings.get(row.tag, 0) + 1
        step = f"{row.tag}[{siblings[row.tag]}]"
        absolute.append(f"{absolute[row.parent] if row.parent >= 0 else '/html[1]/body[1]'}/{step}")
        own = row.attributes.get("id", "")
        above = relative[row.parent] if row.parent >= 0 else "/html[1]/body[1]"
        relative.append(f'//{row.tag}[@id="{own}"]' if own else f"{above}/{step}")
        counts.append({})
    return absolute, relative


def _neighbours(rows: Sequence[Row]) -> list[str]:
    """The words of the elements that a box 50 px larger on each side touches, the element's own left out."""
    texts = [(row.box, row.own) for row in rows if row.own]
    found = []
    for row in rows:
        x, y, width, height = row.box
        left, top, right, bottom = x - NEAR_PX, y - NEAR_PX, x + width + NEAR_PX, y + height + NEAR_PX
        words = [
            own
            for (ox, oy, ow, oh), own in texts
            if ox < right and ox + ow > left and oy < bottom and oy + oh > top and own != row.own
        ]
        found.append(" ".join(words)[:2000])
    return found
