"""An element that is no longer where it was: which one it is now, for sure or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from browser.fingerprint import Box, Fingerprint
from browser.likeness import Page as Likely
from browser.likeness import share
from teach_mode.claims import says_still

# How sure, and how far ahead of the second, the first must be: the second's odds are at most 1 - margin of its own.
SURE = 0.93
AHEAD = 0.7
SURE_NAMED = 0.1
AHEAD_NAMED = 0.9
SURE_IRREVERSIBLE = 0.97
AHEAD_IRREVERSIBLE = 0.97
# A ranker may choose among the first ten, but none that the evidence speaks against so clearly.
RANKED = 10
FLOOR = 0.05
# So much an element may stand out of the one that holds it.
NEAR_PX = 2.0

Reason = Literal["sure", "ranked", "nothing_like_it", "not_sure", "too_close", "says_otherwise", "empty"]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which candidate is the one sought.

    `index` is None when none is for sure; `score` is how sure the best is, 0..1; `margin` how far the second's odds are
    behind, 0..1 (1: there is none, but what lies in it); `ranked` the candidates with their scores, best first, at most
    ten.
    """

    index: int | None
    score: float
    margin: float
    ranked: tuple[tuple[int, float], ...]
    reason: Reason


def choose(
    sought: Fingerprint,
    candidates: Sequence[Fingerprint],
    *,
    irreversible: bool,
    order: Sequence[int] | None = None,
    named: bool = False,
) -> Choice:
    """The candidate that is what was sought, or none.

    `named`: all candidates bear the value by which the one sought is told from its like ("Choose {kind}"). That says
    more than the words around it; so for a step that can be undone less else is asked, and a longer lead.

    `order` is a ranker's: indices into `candidates`, best first. It settles what is too close or not sure for a step
    that can be undone; for one that cannot, it may only agree, and the words of the element must still mean the same.
    """
    if not candidates:
        return Choice(index=None, score=0.0, margin=0.0, ranked=(), reason="empty")
    if named:
        # Beside another one of its like stood others, in another place.
        sought = msgspec.structs.replace(sought, others="", box=None)
    odds = Likely(candidates).odds(sought)
    best = sorted(range(len(odds)), key=lambda index: -odds[index])[:RANKED]
    ranked = tuple((index, share(odds[index])) for index in best)
    first = best[0]
    score = ranked[0][1]
    rival = next((index for index in best[1:] if not _one_holds_the_other(candidates[first], candidates[index])), None)
    margin = 1 - math.exp(odds[rival] - odds[first]) if rival is not None else 1.0
    sure, ahead = (SURE_NAMED, AHEAD_NAMED) if named else (SURE, AHEAD)
    if irreversible:
        sure, ahead = SURE_IRREVERSIBLE, AHEAD_IRREVERSIBLE

    def choice(index: int | None, reason: Reason) -> Choice:
        return Choice(index=index, score=score, margin=margin, ranked=ranked, reason=reason)

    if irreversible and not says_still(sought, candidates[first], strictly=True, numbers=False):
        return choice(None, "says_otherwise")
    preferred = order[0] if order else None
    if score >= sure and margin >= ahead:
        return choice(None, "too_close") if irreversible and preferred not in (None, first) else choice(first, "sure")
    if preferred in best and not irreversible and share(odds[preferred]) >= FLOOR:
        return choice(preferred, "ranked")
    if score < FLOOR:
        return choice(None, "nothing_like_it")
    return choice(None, "too_close" if score >= sure else "not_sure")


def _one_holds_the_other(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two elements that say the same lie one in the other, as a list's item and the link in it: no rivals."""
    if (
        one.box is None
        or other.box is None
        or one.frame != other.frame
        or (one.name or one.text)
        not in (
            other.name,
            other.text,
        )
    ):
        return False
    small, large = sorted((one.box, other.box), key=_area)
    inside = all(
        large[side] - NEAR_PX <= small[side]
        and small[side] + small[side + 2] <= large[side] + large[side + 2] + NEAR_PX
        for side in (0, 1)
    )
    return inside and _area(small) > 0 and (_area(small) < _area(large) or one.tag != other.tag)


def _area(box: Box) -> float:
    return box[2] * box[3]
