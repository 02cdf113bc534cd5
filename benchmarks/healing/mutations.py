"""Redesigns drawn with a seed: what changes on a page and with its sought elements. Pure; `redesign.js` does it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from benchmarks.healing.store import DATA
from benchmarks.healing.truth import Known, kind_of, leads_to

PAGE_WIDE = ("ids", "names", "links", "classes", "wrapped")
KEEPING = (
    "wrapped", "retagged", "said", "translated", "stripped", "moved", "shuffled", "decoyed",
    "framed", "shadowed", "late",
)  # fmt: skip
LAST = ("framed", "late", "shadowed")
MOST_CHANGES = 2


class Wording(msgspec.Struct, frozen=True):
    """Other words for a label, and its translations."""

    synonyms: tuple[str, ...]
    translations: tuple[str, ...]


class Sought(msgspec.Struct, frozen=True):
    """A sought element of a plan: where it is, what happens to it, and the words that this takes."""

    path: str
    mark: str
    changes: tuple[str, ...]
    text: str = ""
    href: str = ""


class Plan(msgspec.Struct, frozen=True):
    """What `redesign.js` does to a page."""

    seed: int
    page: tuple[str, ...]
    targets: tuple[Sought, ...]


@cache
def wordings() -> Mapping[str, Wording]:
    """The written list of labels, by the label in lower case."""
    found = {}
    for line in (DATA / "wording.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            label, _, rest = line.partition(" = ")
            synonyms, *translations = (part.strip() for part in rest.split("|"))
            found[label] = Wording(tuple(one.strip() for one in synonyms.split(",")), tuple(translations))
    return found


def fold(text: str) -> str:
    """A label in lower case, without counters and signs at its ends."""
    return re.sub(r"\s+", " ", re.sub(r"[\d()\[\]+]+", " ", text.lower())).strip(" :*…→»›·-–")


def present_plan(seed: str, knowns: Sequence[Known], most: int) -> Plan:
    """A redesign in which the sought elements are still there."""
    chance = random.Random(seed)
    chosen = _some(chance, [known for known in knowns if leads_alone(known, knowns)], most)
    others = [known for known in knowns if fold(known.name) not in {fold(one.name) for one in chosen}]
    page = tuple(sorted(chance.sample(PAGE_WIDE, chance.choice((1, 1, 2, 2, 3))), key=PAGE_WIDE.index))
    targets = []
    for number, known in enumerate(chosen):
        wanted = chance.sample(KEEPING, chance.choice((1, 1, MOST_CHANGES)))
        changes, text, href = [], "", ""
        for change in wanted:
            if change in ("said", "translated"):
                words = wordings().get(fold(known.name))
                if not words:
                    continue
                text = chance.choice(words.synonyms if change == "said" else words.translations)
                changes.append("said")
            elif change == "decoyed":
                other = another(chance, known, others)
                if other and not text:
                    text, href = other.name, other.href
                    changes.append(change)
            else:
                changes.append(change)
        changes.sort(key=lambda change: change in LAST)
        if sum(change in LAST for change in changes) > 1 or (changes.count("said") and "decoyed" in changes):
            changes = changes[:1]
        targets.append(Sought(known.path, str(number), tuple(changes), text, href))
    return Plan(chance.randrange(1 << 30), page, tuple(targets))


def gone_plan(seed: str, knowns: Sequence[Known], allowed: Sequence[Known], most: int) -> Plan:
    """A redesign in which the sought elements are removed, or others stand in their places."""
    chance = random.Random(seed)
    chosen = _some(chance, [known for known in allowed if sole(known, knowns)], most)
    others = [known for known in knowns if fold(known.name) not in {fold(one.name) for one in chosen}]
    targets = []
    for number, known in enumerate(chosen):
        other = another(chance, known, others)
        if other and chance.random() < 0.5:
            targets.append(Sought(known.path, str(number), ("replaced",), other.name, other.href))
        else:
            targets.append(Sought(known.path, str(number), ("gone",)))
    return Plan(chance.randrange(1 << 30), (), tuple(targets))


def sole(known: Known, knowns: Sequence[Known]) -> bool:
    """Whether no other element of the page could pass for it: none of its name, none that leads where it leads."""
    for other in knowns:
        if other.path != known.path and fold(other.name) == fold(known.name):
            return False
    return bool(fold(known.name)) and leads_alone(known, knowns)


def stands_in(name: str, left: Sequence[Known]) -> bool:
    """Whether an element of that name came into view when the sought one went: then what was meant is still there."""
    return any(fold(known.name) == fold(name) for known in left)


def leads_alone(known: Known, knowns: Sequence[Known]) -> bool:
    """Whether an element can be told by a name or key, and is no link to where another one leads as well."""
    place = leads_to(known.href) if known.role == "link" else ""
    alike = [other for other in knowns if place and other.path != known.path and leads_to(other.href) == place]
    return bool(known.name.strip() or known.field or known.id) and not alike


def another(chance: random.Random, known: Known, knowns: Sequence[Known]) -> Known | None:
    """An element of the same kind that is called quite differently."""
    words = set(fold(known.name).split())
    meant = {word for one in wordings().get(fold(known.name), Wording((), ())).synonyms for word in one.lower().split()}
    fit = [
        other
        for other in knowns
        if kind_of(other) == kind_of(known)
        and fold(other.name)
        and len(other.name) <= 60
        and not set(fold(other.name).split()) & (words | meant)
    ]
    return chance.choice(fit) if fit else None


def _some(chance: random.Random, knowns: Sequence[Known], most: int) -> list[Known]:
    fit = [known for known in knowns if kind_of(known)]
    return sorted(chance.sample(fit, min(most, len(fit))), key=lambda known: known.path)
