"""Which element of a changed page is the one that is remembered: evidence for and against, a property at a time. Pure.

Record linkage after Fellegi and Sunter (1969): agreement counts by how rarely it happens among the elements of this
page itself, so that "Edit" in every row says nothing and the row's name says all; disagreement counts by how seldom
such a property changes between releases. The properties are those of Similo (arXiv 2208.00677), and what the elements
that stood beside it tell (`bystanders.py`). What each counts stands in `weights.py`: fitted by
`benchmarks/healing/fit.py`, on the half `dev` of the page families alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from browser.bystanders import Bystander, Bystanders, Company, bystander, bystanders
from browser.fingerprint import Fingerprint
from browser.traits import COMPARISONS, LOST, Agreement, Traits, address, family, take_apart, words
from browser.weights import WEIGHTS
from browser.wording import SAME_MEANING

# Agreements this close count as the same one.
CLOSE = 0.05
# Words more alike are the same ones, but for numbers and signs; addresses, but for their beginnings.
SAME_WORDS = 0.9
SAME_ADDRESS = 0.9
# Between these, two labels have words in common and others that are not.
LITTLE, ENOUGH = 0.35, 0.7
# So many elements of any page are thought of beside those of this one.
IMAGINED = 150
# How often two elements of any page agree in a property; it stands in where a page has few elements.
USUAL: dict[str, float] = {
    "words": 0.01,
    "role": 0.3,
    "family": 1.0,
    "tag": 0.3,
    "id": 0.02,
    "called": 0.02,
    "address": 0.02,
    "kind": 0.2,
    "test_id": 0.02,
    "classes": 0.1,
    "around": 0.05,
    "within": 0.2,
    "purpose": 0.2,
    "holding": 0.05,
    "place": 0.1,
    "size": 0.1,
    "frame": 1.0,
    "shadow": 1.0,
    "near": 0.02,
    "order": 0.1,
    "ordinal": 0.3,
    "turn": 0.1,
}

Evidence = dict[str, float]


class Page:
    """The candidates of one page, in its order, taken apart and counted."""

    def __init__(self, candidates: Sequence[Fingerprint]) -> None:
        self.traits = [take_apart(candidate) for candidate in candidates]
        self._company = Company(candidates)
        self._counts = {
            name: Counter(token for one in self.traits for token in getattr(one, name))
            for name in ("classes", "around", "within")
        }

    def odds(self, sought: Fingerprint) -> list[float]:
        """The odds, as logarithms, that each candidate is what is sought and not gone; above 0 is likelier than not."""
        return [weighed(evidence) for evidence in self.evidence(sought)]

    def evidence(self, sought: Fingerprint) -> list[Evidence]:
        """What speaks for and against each candidate, before it is weighed.

        "… agrees" is in nats, "… differs" a fraction, all else 1 where it holds.
        """
        wanted, own, others = take_apart(sought), bystander(sought), bystanders(sought.others)
        found = self._as_others(wanted, own, others)
        for name, column in self._columns(wanted, own, others):
            for one, agreement, surprise in zip(found, column, _surprises(column, USUAL[name]), strict=True):
                if agreement == LOST:
                    one[f"{name} lost"] = 1.0
                elif agreement is not None:
                    one[f"{name} agrees"] = agreement**2 * surprise
                    one[f"{name} differs"] = 1.0 - agreement
        self._mark_alone(found, wanted, own, others)
        kept = self._company.kept(others, own)
        page = {"any": 1.0, "page kept": kept, "page large": math.log1p(len(self.traits))}
        if not wanted.first and not wanted.second:
            page["nothing was said"] = 1.0
        return [one | page | {"words differ, page kept": one.get("words differs", 0.0) * kept} for one in found]

    def _as_others(self, wanted: Traits, own: Bystander, others: Bystanders) -> list[Evidence]:
        """Whether each candidate is one that stood beside the one sought, and so is not it.

        What is worked as the one sought is (a box that is ticked) is none of those that are not (the text beside it).
        """
        says = {(one.says, one.work) for one in others.all if one.says and one.says != own.says}
        leads = {(one.leads, one.work) for one in others.all if one.leads and one.leads != own.leads}
        known = {one.work for one in others.all}
        mine = {text.lower() for text in wanted.first}
        beside = {text.lower() for text in wanted.seen.neighbours if not any(text.lower() in one for one in mine)}
        found = []
        for traits, mark in zip(self.traits, self._company.seen, strict=True):
            works = {mark.work} if mark.work and mark.work == own.work and others.ordered else known
            says_another = any((mark.says, work) in says for work in works)
            leads_another = any((mark.leads, work) in leads for work in works)
            signs = {
                "says and leads as another": says_another and leads_another,
                "says as another": says_another and not leads_another,
                "leads as another": leads_another and not says_another,
                "says as a neighbour": any(text.lower() in beside for text in traits.first),
            }
            found.append({sign: 1.0 for sign, holds in signs.items() if holds})
        return found

    def _mark_alone(self, found: Sequence[Evidence], wanted: Traits, own: Bystander, others: Bystanders) -> None:
        """Mark the one candidate that says, and the one that leads to, what only the one sought did on its page."""
        signs: list[tuple[str, list[int]]] = []
        if wanted.first and all(one.says != own.says for one in others.all):
            said = [at for at, one in enumerate(self.traits) if (words(wanted, one) or 0.0) > SAME_WORDS]
            signs.append(("says it alone", [at for at in said if family(wanted, self.traits[at]) != 0.0]))
        if wanted.seen.attributes.get("href") and all(one.leads != own.leads for one in others.all):
            led = [at for at, one in enumerate(self.traits) if (address(wanted, one) or 0.0) > SAME_ADDRESS]
            signs.append(("leads there alone", led))
        for sign, places in signs:
            if len(places) == 1:
                found[places[0]][sign] = 1.0
        for evidence, one in zip(found, self.traits, strict=True):
            if LITTLE < (words(wanted, one) or 0.0) < ENOUGH:
                evidence["says it in part"] = 1.0

    def _columns(self, wanted: Traits, own: Bystander, others: Bystanders) -> Iterator[tuple[str, Sequence[Agreement]]]:
        """Each property with how far every candidate agrees in it."""
        for name, compare in COMPARISONS.items():
            yield name, [compare(wanted, one) for one in self.traits]
        for name in self._counts:
            yield name, self._in_common(name, wanted)
        near, order = self._company.places(others, wanted.seen.frame)
        yield "near", near
        yield "order", order
        yield "ordinal", self._company.ordinals(others, own)
        yield "turn", self._company.turns(others, own)

    def _in_common(self, name: str, wanted: Traits) -> list[Agreement]:
        """Dice's coefficient over classes or words, the rarer on this page the more they count."""
        counts = self._counts[name]
        mine: frozenset[str] = getattr(wanted, name)
        if not mine:
            return [None] * len(self.traits)
        rarity = {token: math.log((1 + len(self.traits)) / (1 + counts[token])) + 0.1 for token in mine | counts.keys()}
        whole = math.fsum(rarity[token] for token in mine)
        found: list[Agreement] = []
        for one in self.traits:
            theirs: frozenset[str] = getattr(one, name)
            common = math.fsum(rarity[token] for token in mine & theirs)
            found.append(2 * common / (whole + math.fsum(rarity[token] for token in theirs)) if theirs else LOST)
        return found


def _surprises(column: Sequence[Agreement], usual: float) -> Iterator[float]:
    """How surprising it is, in nats, that an element of this page agrees as much."""
    ranked = sorted(one for one in column if one is not None and one != LOST)
    most = len(column) + IMAGINED
    for agreement in column:
        like = len(ranked) - bisect_left(ranked, (agreement or 0.0) - CLOSE)
        yield max(math.log(most / (like + IMAGINED * usual)), 0.0)


def weighed(evidence: Evidence) -> float:
    """The odds, as a logarithm, that this evidence makes."""
    return math.fsum(WEIGHTS.get(name, 0.0) * much for name, much in evidence.items())


def says_the_same(sought: Fingerprint, seen: Fingerprint) -> bool:
    """Whether an element's words still mean what they meant."""
    return (words(take_apart(sought), take_apart(seen)) or 0.0) >= SAME_MEANING


def share(odds: float) -> float:
    """The logarithm of odds as a fraction, 0..1."""
    return 1 / (1 + math.exp(-max(min(odds, 40.0), -40.0)))
