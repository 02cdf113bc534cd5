"""An element remembered, and how alike another one is.

The score is a weighted mean of property similarities after Similo (Nass et al., arXiv 2208.00677, and the reweighting
of arXiv 2505.16424). Both sides must come from the same walker, `page.js`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import msgspec

from language.similarity import jaccard, levenshtein_ratio

Box = tuple[float, float, float, float]


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is remembered of an element.

    `frame` holds the addresses of the frames from the top one down (empty in the top frame, see `frames.py`), `shadow`
    one description a shadow host from the outside in. `box` is x, y, width, height in CSS px of the element's own
    document. For healing alone: `classes`, `within` (what holds it: its row, form, section, the nearest first) and
    `others`, digests of elements that stood beside it when it was shown and so are not it (`bystanders.py`), and
    `shared`, how many of those bear each word that it does not bear alone. `partial`: it was made from what a file of
    another tool says, so that what it lacks is not known and does not count.
    """

    role: str = ""
    name: str = ""
    label: str = ""
    text: str = ""
    tag: str = ""
    attributes: dict[str, str] = {}
    neighbours: tuple[str, ...] = ()
    box: Box | None = None
    frame: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    others: str = ""
    shared: dict[str, int] = {}
    partial: bool = False


LONG_TEXT_CHARS = 50
ANY_END = "…"
LOCATION_DECAY_PER_PX = 0.005

_WEIGHTS = {
    "role": 1.0,
    "tag": 0.8,
    "name": 3.5,
    "label": 2.0,
    "text": 2.5,
    "neighbours": 1.45,
    "frame": 0.5,
    "shadow": 0.25,
    "location": 0.6,
    "area": 0.35,
}
_ATTRIBUTE_WEIGHTS = {
    "id": 0.5,
    "name": 2.0,
    "type": 1.0,
    "href": 0.95,
    "placeholder": 1.5,
    "alt": 1.5,
    "title": 0.9,
    "value": 0.5,
    "data-testid": 1.5,
}
_OTHER_ATTRIBUTE_WEIGHT = 0.4

_NUMBER = re.compile(r"[\d][\d.,:]*")
_SPACE = re.compile(r"\s+")


def without_numbers(text: str) -> str:
    """`text` lower-cased, its numbers and counters taken out; a text of numbers alone is kept ("18:00" is not "19:00").

    "Inbox (3)" -> "inbox", "Pay 14.50" -> "pay", "18:00" -> "18:00".
    """
    folded = _SPACE.sub(" ", text.strip().lower())
    bare = _SPACE.sub(" ", _NUMBER.sub("", folded).replace("()", "").replace("[]", "")).strip(" -–:·,")
    return bare if any(char.isalpha() for char in bare) else folded


def text_similarity(left: str, right: str) -> float:
    """0..1: edit distance for short texts, word overlap for long ones; numbers do not count."""
    left, right = without_numbers(left), without_numbers(right)
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    if max(len(left), len(right)) > LONG_TEXT_CHARS:
        return jaccard(set(left.split()), set(right.split()))
    return levenshtein_ratio(left, right)


def _says(remembered: str, seen: str) -> float:
    """How alike two texts are; what is remembered with "…" at its end may go on in any way."""
    begun = remembered.endswith(ANY_END) and seen.lower().startswith(remembered.removesuffix(ANY_END).lower())
    return 1.0 if begun else text_similarity(remembered, seen)


def _holds(seen: str, wanted: str) -> float:
    """How alike two texts are where `wanted` may be a part of what is seen, from word to word."""
    words, inside = f" {_SPACE.sub(' ', wanted.strip().lower())} ", f" {_SPACE.sub(' ', seen.strip().lower())} "
    return 1.0 if words.strip() and words in inside else _says(wanted, seen)


def _equal(left: str, right: str) -> float:
    return float(left == right)


def _words(texts: tuple[str, ...]) -> set[str]:
    return {word for text in texts for word in without_numbers(text).split()}


def _location(left: Box, right: Box) -> float:
    return math.exp(-LOCATION_DECAY_PER_PX * math.dist(left[:2], right[:2]))


def _area(left: Box, right: Box) -> float:
    small, large = sorted((left[2] * left[3], right[2] * right[3]))
    return small / large if large > 0 else 1.0


def _attribute_parts(remembered: dict[str, str], seen: dict[str, str]) -> list[tuple[float, float]]:
    parts = []
    for key in remembered.keys() | seen.keys():
        left, right = remembered.get(key, ""), seen.get(key, "")
        if not left and not right:
            continue
        alike: Callable[[str, str], float] = _equal if key in ("type", "href", "value") else text_similarity
        weight = _ATTRIBUTE_WEIGHTS.get(key, _OTHER_ATTRIBUTE_WEIGHT)
        parts.append((weight, alike(left, right) if left and right else 0.0))
    return parts


def similarity(remembered: Fingerprint, seen: Fingerprint) -> float:
    """How alike two elements are, 0..1; a property that neither has does not count."""
    if remembered.partial:
        return _partly(remembered, seen)
    parts: list[tuple[float, float]] = []
    if remembered.role or seen.role:
        parts.append((_WEIGHTS["role"], _equal(remembered.role, seen.role)))
    if remembered.tag or seen.tag:
        parts.append((_WEIGHTS["tag"], _equal(remembered.tag, seen.tag)))
    for key in ("name", "label", "text"):
        left, right = getattr(remembered, key), getattr(seen, key)
        if left or right:
            parts.append((_WEIGHTS[key], _says(left, right) if left and right else 0.0))
    parts += _attribute_parts(remembered.attributes, seen.attributes)
    if remembered.neighbours and seen.neighbours:  # Where one side was not looked around, the other's say nothing.
        parts.append((_WEIGHTS["neighbours"], jaccard(_words(remembered.neighbours), _words(seen.neighbours))))
    for key in ("frame", "shadow"):
        left, right = getattr(remembered, key), getattr(seen, key)
        if left or right:
            parts.append((_WEIGHTS[key], float(left == right)))
    if remembered.box and seen.box:
        parts.append((_WEIGHTS["location"], _location(remembered.box, seen.box)))
        parts.append((_WEIGHTS["area"], _area(remembered.box, seen.box)))
    total = sum(weight for weight, _ in parts)
    return sum(weight * alike for weight, alike in parts) / total if total else 0.0


def _partly(remembered: Fingerprint, seen: Fingerprint) -> float:
    """The same for one of which only a part is known: a word of it may be any of what the element says, and where
    nothing is known nothing speaks against."""
    said = (seen.name, seen.label, seen.text, seen.attributes.get("value", ""), seen.attributes.get("alt", ""))
    parts = [
        (_WEIGHTS[key], _equal(getattr(remembered, key), getattr(seen, key)))
        for key in ("role", "tag")
        if getattr(remembered, key)
    ]
    for key in ("name", "label", "text"):
        if wanted := getattr(remembered, key):
            parts.append((_WEIGHTS[key], max(_holds(one, wanted) for one in said)))
    known = {key: seen.attributes.get(key, "") for key in remembered.attributes}
    parts += _attribute_parts(remembered.attributes, known)
    total = sum(weight for weight, _ in parts)
    return sum(weight * alike for weight, alike in parts) / total if total else 1.0
