"""Rounds in which each contestant orders once, and when there were enough of them. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

PAIRS = 30
MOST_PAIRS = 80
# Half the width of the 95 % interval of the median ratio at which it is known well enough.
SWING = 0.02
OURS = "replay"
SCRIPT = "playwright"


class Times(Struct, frozen=True):
    """One order: on the clock, and on this process's processor (browsers, drivers and peers are not in it)."""

    took_ms: float
    python_ms: float = 0.0


Round = Mapping[str, Times]
"""The times of one round by contestant, ours under `OURS`; each begins the round in turn."""


def ratios(found: Iterable[Round], peer: str) -> list[float]:
    """Ours divided by theirs, a round each."""
    return [one[OURS].took_ms / one[peer].took_ms for one in found if peer in one]


def median_ratio(found: Sequence[Round], peer: str) -> float:
    """The median of them."""
    return statistics.median(ratios(found, peer))


def swing_of(ratios: Sequence[float]) -> float:
    """Half the width of the 95 % interval of their median, by order statistics (binomial, normal approximation)."""
    ranked, half = sorted(ratios), 1.96 * math.sqrt(len(ratios)) / 2
    low, high = math.floor(len(ranked) / 2 - half), math.ceil(len(ranked) / 2 + half)
    return (ranked[min(high, len(ranked) - 1)] - ranked[max(low, 0)]) / 2


def enough(found: Sequence[Round], pairs: int) -> bool:
    """Whether the ratio to the script is known well enough."""
    known = len(found) > 1 and swing_of(ratios(found, SCRIPT)) <= SWING
    return len(found) >= pairs and (known or len(found) >= max(pairs, MOST_PAIRS))


def in_turn(contestants: Sequence[str], number: int) -> list[str]:
    """The contestants of a round: each begins in turn, and every other round they go the other way round."""
    at = (number // 2) % len(contestants)
    turned = [*contestants[at:], *contestants[:at]]
    return turned if number % 2 else turned[::-1]
