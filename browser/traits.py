"""What is compared of an element with one that is remembered, property by property. Pure."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from browser.fingerprint import ANY_END, Box, Fingerprint
from browser.wording import addresses_alike, identifiers_alike, purposes_of, signs_said, stems, tokens, words_alike

PRESSED = frozenset({"button", "link", "menuitem", "tab", "option", "treeitem"})
TYPED = frozenset({"textbox", "searchbox", "combobox", "spinbutton", "listbox", "slider"})
TOGGLED = frozenset({"checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"})
_FAMILIES = {role: family for family in (PRESSED, TYPED, TOGGLED) for role in family}

LOCATION_DECAY_PER_PX = 0.005
# A text that an element only bears in a tip or as a hint, and a role that only does the same work.
SECOND_TEXT = 0.9
SAME_FAMILY = 0.6
NO_ROLE = 0.3
MARKED_CHARS = 60

Agreement = float | None
LOST = -1.0


class Traits(msgspec.Struct, frozen=True):
    """What is compared of an element, taken apart once."""

    seen: Fingerprint
    first: tuple[str, ...]
    second: tuple[str, ...]
    classes: frozenset[str]
    around: frozenset[str]
    within: frozenset[str]
    test_id: str
    own: frozenset[str]
    light: frozenset[tuple[str, float]]
    purposes: frozenset[str]


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _is_said(text: str) -> bool:
    """Whether a text has a letter or digit: "..." and "|||" stand on buttons of every meaning."""
    return any(sign.isalnum() for sign in text)


def _whole(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts without those that are only a part of another one: "Choose" says nothing beside "Choose Pepperoni"."""
    folded = [text.lower() for text in texts]
    return tuple(
        text
        for text, mine in zip(texts, folded, strict=True)
        if not any(mine != other and mine in other for other in folded)
    )


def take_apart(seen: Fingerprint) -> Traits:
    attributes = seen.attributes
    shown = attributes.get("value", "") if seen.role == "button" else ""
    said = (text for text in (seen.name, seen.label, seen.text, shown) if text != ANY_END)
    first = tuple(text for text in map(signs_said, _whole(_distinct(said))) if _is_said(text))
    own = {stem for text in first for stem in stems(text)}
    hints = [attributes.get(key, "") for key in ("aria-label", "placeholder", "title", "alt")]
    return Traits(
        seen=seen,
        first=first,
        second=_distinct(text for text in hints if text not in first and _is_said(text)),
        classes=frozenset(token for name in seen.classes for token in tokens(name)),
        around=frozenset(stem for text in seen.neighbours for stem in stems(text)),
        within=frozenset(stem for text in seen.within for stem in stems(text)) - own,
        test_id=next((value for key, value in sorted(attributes.items()) if key.startswith("data-")), ""),
        own=frozenset(own) or frozenset(stem for text in hints for stem in stems(text)),
        light=_light(seen.shared),
        purposes=purposes(seen) if seen.role in TYPED else frozenset(),
    )


def purposes(seen: Fingerprint) -> frozenset[str]:
    """What a field is for, as far as its words and attributes tell."""
    said = [seen.name, seen.label, *(seen.attributes.get(key, "") for key in ("type", "name", "id", "placeholder"))]
    return purposes_of(" ".join((*said, seen.attributes.get("autocomplete", ""))))


def spoken(seen: Fingerprint) -> str:
    """What an element says, as its page remembers it."""
    return (seen.name or seen.label or seen.text)[:MARKED_CHARS]


def marks(seen: Fingerprint) -> tuple[str, str]:
    """Digests of what an element says and of where it leads, "" for neither; `memory.js` makes the same ones."""
    words = spoken(seen).lower()
    attributes = seen.attributes
    leads = attributes.get("href", "") or attributes.get("id", "") or attributes.get("name", "")
    return _digest(f"says {words}") if words else "", _digest(f"at {leads}") if leads else ""


def _digest(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def words(wanted: Traits, seen: Traits) -> Agreement:
    if not wanted.first and not wanted.second:
        return None
    if not seen.first and not seen.second:
        return LOST
    best = max((words_alike(mine, theirs, wanted.light) for mine in wanted.first for theirs in seen.first), default=0.0)
    if best < SECOND_TEXT:
        mine, theirs = wanted.first + wanted.second, seen.first + seen.second
        crossed = [words_alike(one, other, wanted.light) for one in mine for other in theirs]
        best = max(best, SECOND_TEXT * max(crossed, default=0.0))
    return best


def _role(wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = wanted.seen.role, seen.seen.role
    if not mine:
        return None
    if mine == theirs:
        return 1.0
    worked = _FAMILIES.get(mine)
    if worked is not None and theirs in worked:
        return SAME_FAMILY
    return NO_ROLE if not theirs and worked is PRESSED else 0.0


def family(wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = _FAMILIES.get(wanted.seen.role), _FAMILIES.get(seen.seen.role)
    if mine is None or (mine is PRESSED and theirs is None):
        return None
    return float(mine is theirs)


def _tag(wanted: Traits, seen: Traits) -> Agreement:
    return float(wanted.seen.tag == seen.seen.tag) if wanted.seen.tag else None


def _named(key: str, wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = wanted.seen.attributes.get(key, ""), seen.seen.attributes.get(key, "")
    if not mine:
        return None
    return identifiers_alike(mine, theirs) if theirs else (LOST if tokens(mine) else None)


def _id(wanted: Traits, seen: Traits) -> Agreement:
    return _named("id", wanted, seen)


def _called(wanted: Traits, seen: Traits) -> Agreement:
    return _named("name", wanted, seen)


def address(wanted: Traits, seen: Traits) -> Agreement:
    for key in ("href", "src", "action"):
        mine, theirs = wanted.seen.attributes.get(key, ""), seen.seen.attributes.get(key, "")
        if mine:
            return addresses_alike(mine, theirs) if theirs else LOST
    return None


def _kind(wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = wanted.seen.attributes.get("type", ""), seen.seen.attributes.get("type", "")
    if not mine:
        return None
    return float(mine == theirs) if theirs else LOST


def _test_id(wanted: Traits, seen: Traits) -> Agreement:
    if not wanted.test_id:
        return None
    return float(wanted.test_id == seen.test_id) if seen.test_id else LOST


def _purpose(wanted: Traits, seen: Traits) -> Agreement:
    if not wanted.purposes or not seen.purposes:
        return None
    return float(bool(wanted.purposes & seen.purposes))


def _holding(wanted: Traits, seen: Traits) -> Agreement:
    """How much of what it says is said by what holds one that says nothing itself: its row, its section."""
    if not wanted.own or seen.own:
        return None
    light = dict(wanted.light)
    weights = {one: light.get(one, 1.0) for one in wanted.own}
    return sum(weight for one, weight in weights.items() if one in seen.within) / sum(weights.values())


def _light(shared: Mapping[str, int]) -> frozenset[tuple[str, float]]:
    """What the words count that others bear as well, by their stems."""
    counts: Counter[str] = Counter()
    for word, count in shared.items():
        for one in stems(word):
            counts[one] = max(counts[one], count)
    return frozenset((one, 1 / (1 + count)) for one, count in counts.items())


def _place(wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = wanted.seen.box, seen.seen.box
    if mine is None or theirs is None:
        return None
    return math.exp(-LOCATION_DECAY_PER_PX * math.dist(mine[:2], theirs[:2]))


def _size(wanted: Traits, seen: Traits) -> Agreement:
    mine, theirs = wanted.seen.box, seen.seen.box
    return _ratio(mine, theirs) if mine is not None and theirs is not None else None


def _ratio(mine: Box, theirs: Box) -> float:
    small, large = sorted((mine[2] * mine[3], theirs[2] * theirs[3]))
    return small / large if large > 0 else 1.0


def _frame(wanted: Traits, seen: Traits) -> Agreement:
    return float(wanted.seen.frame == seen.seen.frame)


def _shadow(wanted: Traits, seen: Traits) -> Agreement:
    return float(wanted.seen.shadow == seen.seen.shadow)


COMPARISONS: dict[str, Callable[[Traits, Traits], Agreement]] = {
    "words": words,
    "role": _role,
    "family": family,
    "tag": _tag,
    "id": _id,
    "called": _called,
    "address": address,
    "kind": _kind,
    "test_id": _test_id,
    "purpose": _purpose,
    "holding": _holding,
    "place": _place,
    "size": _size,
    "frame": _frame,
    "shadow": _shadow,
}
