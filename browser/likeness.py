"""Which element of a changed page is the one that is remembered: evidence for and against, a property at a time. Pure.

Record linkage after Fellegi and Sunter (1969): agreement counts by how rarely it happens among the elements of this
page itself, so that "Edit" in every row says nothing and the row's name says all; disagreement counts by how seldom
such a property changes between releases. The properties are those of Similo (arXiv 2208.00677).

The numbers were set by hand and checked on the half `dev` of the page families of `benchmarks/healing`, and on the same
cases with the element taken away; a conditional logit fitted to them and judged across families chose no better. There
they find 748 of 785 elements, take a wrong one once, and take none of 254 that are gone.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from browser.fingerprint import Fingerprint
from browser.traits import COMPARISONS, LOST, MOST_OTHERS, Agreement, Traits, marks, take_apart, words
from browser.wording import SAME_MEANING

# Agreements this close count as the same one.
CLOSE = 0.05
# So many elements of any page are thought of beside those of this one.
IMAGINED = 150


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
    "family": Weight(0.0, 5.0, 0.0, 1.0),
    "tag": Weight(0.3, 0.3, 0.3, 0.3),
    "id": Weight(0.6, 0.7, 0.2, 0.02),
    "called": Weight(0.8, 1.0, 0.3, 0.02),
    "address": Weight(0.7, 1.0, 0.2, 0.02),
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
# The odds before anything is known.
BEFORE = -3.0
# Another element said just this, or led there, on the page before; it says what stood beside the one sought.
SAYS_AS_ANOTHER = -8.0
LEADS_AS_ANOTHER = -2.0
SAYS_AS_A_NEIGHBOUR = -2.0


class Signals(msgspec.Struct):
    """What speaks for and against one candidate, before it is weighed. `agrees` is in nats, all else fractions."""

    agrees: dict[str, float]
    differs: dict[str, float]
    lost: set[str]
    says_as_another: bool
    leads_as_another: bool
    says_as_a_neighbour: bool


class Page:
    """The candidates of one page, taken apart and counted."""

    def __init__(self, candidates: Sequence[Fingerprint]) -> None:
        self.traits = [take_apart(candidate) for candidate in candidates]
        self._counts = {
            name: Counter(token for one in self.traits for token in getattr(one, name))
            for name in ("classes", "around", "within")
        }

    def odds(self, sought: Fingerprint) -> list[float]:
        """The odds, as logarithms, that each candidate is what is sought; above 0 is likelier than not."""
        return [weighed(signals) for signals in self.signals(sought)]

    def signals(self, sought: Fingerprint) -> list[Signals]:
        """What speaks for and against each candidate."""
        wanted = take_apart(sought)
        others = frozenset(sought.others.split()) - set(marks(sought))
        beside = frozenset(text.lower() for text in sought.neighbours) - {text.lower() for text in wanted.first}
        found = [self._about(one, others, beside) for one in self.traits]
        for name, weight in WEIGHTS.items():
            column = self._column(name, wanted)
            for one, agreement, surprise in zip(found, column, _surprises(column, weight.usual), strict=True):
                if agreement == LOST:
                    one.lost.add(name)
                elif agreement is not None:
                    one.agrees[name] = agreement**2 * surprise
                    one.differs[name] = 1.0 - agreement
        return found

    def _about(self, traits: Traits, others: frozenset[str], beside: frozenset[str]) -> Signals:
        says, leads = marks(traits.seen) if others else ("", "")
        return Signals(
            agrees={},
            differs={},
            lost=set(),
            says_as_another=says in others,
            leads_as_another=leads in others,
            says_as_a_neighbour=any(text.lower() in beside for text in traits.first),
        )

    def _column(self, name: str, wanted: Traits) -> list[Agreement]:
        compare = COMPARISONS.get(name)
        if compare is not None:
            return [compare(wanted, one) for one in self.traits]
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


def _surprises(column: list[Agreement], usual: float) -> Iterator[float]:
    """How surprising it is, in nats, that an element of this page agrees as much."""
    ranked = sorted(one for one in column if one is not None and one != LOST)
    most = len(column) + IMAGINED
    for agreement in column:
        like = len(ranked) - bisect_left(ranked, (agreement or 0.0) - CLOSE)
        yield max(math.log(most / (like + IMAGINED * usual)), 0.0)


def weighed(signals: Signals) -> float:
    """The odds, as a logarithm, that these signals make."""
    odds = [BEFORE]
    odds += [WEIGHTS[name].agrees * much for name, much in signals.agrees.items()]
    odds += [-WEIGHTS[name].differs * much for name, much in signals.differs.items()]
    odds += [-WEIGHTS[name].lost for name in signals.lost]
    odds.append(SAYS_AS_ANOTHER * signals.says_as_another)
    odds.append(LEADS_AS_ANOTHER * signals.leads_as_another)
    odds.append(SAYS_AS_A_NEIGHBOUR * signals.says_as_a_neighbour)
    return math.fsum(odds)


def remembered(own: Fingerprint, page: Iterable[Fingerprint]) -> Fingerprint:
    """`own` with what else stood on its page, as `memory.js` remembers it while teaching."""
    mine = set(marks(own))
    found = dict.fromkeys(mark for one in page for mark in marks(one) if mark and mark not in mine)
    return msgspec.structs.replace(own, others=" ".join(list(found)[:MOST_OTHERS]))


def says_the_same(sought: Fingerprint, seen: Fingerprint) -> bool:
    """Whether an element's words still mean what they meant."""
    return (words(take_apart(sought), take_apart(seen)) or 0.0) >= SAME_MEANING


def share(odds: float) -> float:
    """The logarithm of odds as a fraction, 0..1."""
    return 1 / (1 + math.exp(-max(min(odds, 40.0), -40.0)))
