"""Edit distance by bit vectors (Myers 1999, Hyyrö 2003): the re-implemented peers compare millions of short texts."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=500_000)
def distance(one: str, other: str) -> int:
    """Insertions, deletions and substitutions from one text to the other."""
    if not one or not other:
        return len(one) or len(other)
    masks: dict[str, int] = {}
    for at, sign in enumerate(one):
        masks[sign] = masks.get(sign, 0) | 1 << at
    full, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    plus, minus, score = full, 0, len(one)
    for sign in other:
        equal = masks.get(sign, 0)
        diagonal = (((equal & plus) + plus) ^ plus) | equal | minus
        up = minus | ~(diagonal | plus) & full
        down = plus & diagonal
        if up & last:
            score += 1
        elif down & last:
            score -= 1
        up = up << 1 | 1
        plus = (down << 1 | ~(diagonal | up)) & full
        minus = up & diagonal
    return score


def ratio(one: str, other: str) -> float:
    """1 for the same, 0 for nothing in common."""
    longest = max(len(one), len(other))
    return 1.0 - distance(one, other) / longest if longest else 1.0
