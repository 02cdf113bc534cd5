"""Which element of a changed page is the one that is remembered: evidence for and against, a property at a time. Pure.

Record linkage after Fellegi and Sunter (1969): agreement counts by how rarely it happens among the elements of this
page itself, so that "Edit" in every row says nothing and the row's name says all; disagreement counts by how seldom
such a property changes between releases. The properties are those of Similo (arXiv 2208.00677).
"""

from __future__ import annotations

import math
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from browser.fingerprint import Box, Fingerprint
from browser.wording import SAME_MEANING, addresses_alike, identifiers_alike, stems, tokens, words_alike

PRESSED = frozenset({"button", "link", "menuitem", "tab", "option", "treeitem"})
TYPED = frozenset({"textbox", "searchbox", "combobox", "spinbutton", "listbox", "slider"})
TOGGLED = frozenset({"checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"})
_FAMILIES = {role: family for family in (PRESSED, TYPED, TOGGLED) for role in family}

LOCATION_DECAY_PER_PX = 0.005
# A text that an element only bears in a tip or as a hint, and a role that only does the same work.
SECOND_TEXT = 0.9
SAME_FAMILY = 0.6
NO_ROLE = 0.3
CLOSE = 0.05
MARKED_CHARS = 60
MOST_OTHERS = 120


class Weight(msgspec.Struct, frozen=True):
    """What a property counts: `agrees` a nat of surprise, `differs` at most, `lost` when the element has none now.

    `usual` is how often two elements of any page agree in it; it stands in where a page has few elements.
    """

    agrees: float
    differs: float
    lost: float
    usual: float


WEIGHTS: dict[str, Weight] = {
    "words": Weight(1.8, 6.0, 3.0, 0.01),
    "role": Weight(0.4, 1.5, 1.0, 0.3),
    "tag": Weight(0.3, 0.5, 0.5, 0.3),
    "id": Weight(0.6, 0.7, 0.2, 0.02),
    "called": Weight(0.8, 1.0, 0.3, 0.02),
    "address": Weight(0.7, 1.0, 0.5, 0.02),
    "kind": Weight(0.4, 1.5, 0.3, 0.2),
    "test_id": Weight(0.9, 1.0, 0.2, 0.02),
    "classes": Weight(0.4, 0.5, 0.2, 0.1),
    "around": Weight(0.6, 0.5, 0.3, 0.05),
    "within": Weight(0.4, 0.5, 0.2, 0.2),
    "place": Weight(0.3, 0.3, 0.0, 0.1),
    "size": Weight(0.2, 0.2, 0.0, 0.1),
    "frame": Weight(0.0, 1.0, 0.5, 1.0),
    "shadow": Weight(0.0, 0.5, 0.3, 1.0),
}
# The odds before anything is known; another element said this, or led there, before; it is called as a neighbour was.
BEFORE = -3.0
SAID_ELSEWHERE = -4.0
LED_ELSEWHERE = -2.0
NEIGHBOUR = -2.0
# So many elements of any page are thought of beside those of this one.
IMAGINED = 20

_PROPERTIES = tuple(WEIGHTS)
Agreement = float | None
LOST = -1.0


class _Traits(msgspec.Struct, frozen=True):
    """What is compared of an element, taken apart once."""

    seen: Fingerprint
    first: tuple[str, ...]
    second: tuple[str, ...]
    classes: frozenset[str]
    around: frozenset[str]
    within: frozenset[str]
    test_id: str


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _traits(seen: Fingerprint) -> _Traits:
    attributes = seen.attributes
    shown = attributes.get("value", "") if seen.role == "button" else ""
    first = _distinct((seen.name, seen.label, seen.text, shown))
    hints = (attributes.get(key, "") for key in ("aria-label", "placeholder", "title", "alt"))
    return _Traits(
        seen=seen,
        first=first,
        second=_distinct(text for text in hints if text not in first),
        classes=frozenset(token for name in seen.classes for token in tokens(name)),
        around=frozenset(stem for text in seen.neighbours for stem in stems(text)),
        within=frozenset(stem for text in seen.within for stem in stems(text)),
        test_id=next((value for key, value in sorted(attributes.items()) if key.startswith("data-")), ""),
    )


class Page:
    """The candidates of one page, taken apart and counted."""

    def __init__(self, candidates: Sequence[Fingerprint]) -> None:
        self.traits = [_traits(candidate) for candidate in candidates]
        self._classes = Counter(token for one in self.traits for token in one.classes)
        self._around = Counter(token for one in self.traits for token in one.around)
        self._within = Counter(token for one in self.traits for token in one.within)

    def odds(self, sought: Fingerprint) -> list[float]:
        """The odds, as logarithms, that each candidate is what is sought; above 0 is likelier than not."""
        wanted = _traits(sought)
        columns = [self._column(name, wanted) for name in _PROPERTIES]
        total = [BEFORE] * len(self.traits)
        for name, column in zip(_PROPERTIES, columns, strict=True):
            for index, evidence in enumerate(_evidence(WEIGHTS[name], column)):
                total[index] += evidence
        others = frozenset(sought.others.split())
        beside = frozenset(text.lower() for text in sought.neighbours)
        for index, traits in enumerate(self.traits):
            same = columns[0][index]
            if same is not None and same > 0.9:
                continue
            says, leads = marks(traits.seen) if others else ("", "")
            if leads in others:
                total[index] += LED_ELSEWHERE
            if says in others:
                total[index] += SAID_ELSEWHERE
            elif any(text.lower() in beside for text in traits.first):
                total[index] += NEIGHBOUR
        return total

    def _column(self, name: str, wanted: _Traits) -> list[Agreement]:
        compare = _COMPARISONS.get(name)
        if compare is not None:
            return [compare(wanted, one) for one in self.traits]
        counts: Counter[str] = getattr(self, f"_{name}")
        mine: frozenset[str] = getattr(wanted, name)
        if not mine:
            return [None] * len(self.traits)
        rarity = {token: math.log((1 + len(self.traits)) / (1 + counts[token])) + 0.1 for token in mine | counts.keys()}
        whole = math.fsum(rarity[token] for token in mine)
        found: list[Agreement] = []
        for one in self.traits:
            theirs: frozenset[str] = getattr(one, name)
            common = math.fsum(rarity[token] for token in mine & theirs)
            all_ = whole + math.fsum(rarity[token] for token in theirs)
            found.append(2 * common / all_ if theirs else LOST)
        return found


def _evidence(weight: Weight, column: list[Agreement]) -> list[float]:
    """What each agreement says: how surprising it is among these, or how telling that it is not there."""
    ranked = sorted(one for one in column if one is not None and one >= 0)
    most = len(column) + IMAGINED
    found = []
    for agreement in column:
        if agreement is None:
            found.append(0.0)
        elif agreement < 0:
            found.append(-weight.lost)
        else:
            like = len(ranked) - bisect_left(ranked, agreement - CLOSE)
            surprise = math.log(most / (like + IMAGINED * weight.usual)) if weight.agrees else 0.0
            found.append(weight.agrees * agreement**2 * surprise - weight.differs * (1 - agreement))
    return found


def marks(seen: Fingerprint) -> tuple[str, str]:
    """Digests of what an element says and of where it leads, "" for neither; `memory.js` makes the same ones."""
    words = (seen.name or seen.label or seen.text)[:MARKED_CHARS].lower()
    attributes = seen.attributes
    leads = attributes.get("href", "") or attributes.get("id", "") or attributes.get("name", "")
    return _digest(f"says {words}") if words else "", _digest(f"at {leads}") if leads else ""


def _digest(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def remembered(own: Fingerprint, page: Iterable[Fingerprint]) -> Fingerprint:
    """`own` with what else stood on its page, as `memory.js` remembers it while teaching."""
    mine = set(marks(own))
    found = dict.fromkeys(mark for one in page for mark in marks(one) if mark and mark not in mine)
    return msgspec.structs.replace(own, others=" ".join(list(found)[:MOST_OTHERS]))


def says_the_same(sought: Fingerprint, seen: Fingerprint) -> bool:
    """Whether an element's words still mean what they meant."""
    return (_words(_traits(sought), _traits(seen)) or 0.0) >= SAME_MEANING


def _words(wanted: _Traits, seen: _Traits) -> Agreement:
    if not wanted.first and not wanted.second:
        return None
    if not seen.first and not seen.second:
        return LOST
    best = max((words_alike(mine, theirs) for mine in wanted.first for theirs in seen.first), default=0.0)
    if best < SECOND_TEXT:
        mine, theirs = wanted.first + wanted.second, seen.first + seen.second
        crossed = [words_alike(one, other) for one in mine for other in theirs]
        best = max(best, SECOND_TEXT * max(crossed, default=0.0))
    return best


def _role(wanted: _Traits, seen: _Traits) -> Agreement:
    mine, theirs = wanted.seen.role, seen.seen.role
    if not mine:
        return None
    if mine == theirs:
        return 1.0
    family = _FAMILIES.get(mine)
    if family is not None and theirs in family:
        return SAME_FAMILY
    return NO_ROLE if not theirs and family is PRESSED else 0.0


def _tag(wanted: _Traits, seen: _Traits) -> Agreement:
    return float(wanted.seen.tag == seen.seen.tag) if wanted.seen.tag else None


def _named(key: str, wanted: _Traits, seen: _Traits) -> Agreement:
    mine, theirs = wanted.seen.attributes.get(key, ""), seen.seen.attributes.get(key, "")
    if not mine:
        return None
    return identifiers_alike(mine, theirs) if theirs else (LOST if tokens(mine) else None)


def _id(wanted: _Traits, seen: _Traits) -> Agreement:
    return _named("id", wanted, seen)


def _called(wanted: _Traits, seen: _Traits) -> Agreement:
    return _named("name", wanted, seen)


def _address(wanted: _Traits, seen: _Traits) -> Agreement:
    for key in ("href", "src", "action"):
        mine, theirs = wanted.seen.attributes.get(key, ""), seen.seen.attributes.get(key, "")
        if mine:
            return addresses_alike(mine, theirs) if theirs else LOST
    return None


def _kind(wanted: _Traits, seen: _Traits) -> Agreement:
    mine, theirs = wanted.seen.attributes.get("type", ""), seen.seen.attributes.get("type", "")
    if not mine:
        return None
    return float(mine == theirs) if theirs else LOST


def _test_id(wanted: _Traits, seen: _Traits) -> Agreement:
    if not wanted.test_id:
        return None
    return float(wanted.test_id == seen.test_id) if seen.test_id else LOST


def _place(wanted: _Traits, seen: _Traits) -> Agreement:
    mine, theirs = wanted.seen.box, seen.seen.box
    if mine is None or theirs is None:
        return None
    return math.exp(-LOCATION_DECAY_PER_PX * math.dist(mine[:2], theirs[:2]))


def _size(wanted: _Traits, seen: _Traits) -> Agreement:
    mine, theirs = wanted.seen.box, seen.seen.box
    return _ratio(mine, theirs) if mine is not None and theirs is not None else None


def _ratio(mine: Box, theirs: Box) -> float:
    small, large = sorted((mine[2] * mine[3], theirs[2] * theirs[3]))
    return small / large if large > 0 else 1.0


def _frame(wanted: _Traits, seen: _Traits) -> Agreement:
    return float(wanted.seen.frame == seen.seen.frame)


def _shadow(wanted: _Traits, seen: _Traits) -> Agreement:
    return float(wanted.seen.shadow == seen.seen.shadow)


_COMPARISONS = {
    "words": _words,
    "role": _role,
    "tag": _tag,
    "id": _id,
    "called": _called,
    "address": _address,
    "kind": _kind,
    "test_id": _test_id,
    "place": _place,
    "size": _size,
    "frame": _frame,
    "shadow": _shadow,
}


def share(odds: float) -> float:
    """The logarithm of odds as a fraction, 0..1."""
    return 1 / (1 + math.exp(-max(min(odds, 40.0), -40.0)))
