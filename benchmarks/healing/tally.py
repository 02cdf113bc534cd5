"""What the answers come to: rates for each contestant, and the curve of precision over coverage. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer

CONFIDENCE = 0.95
PRECISION = 1e-6


class Rates(msgspec.Struct, frozen=True):
    """Fractions. Of the cases whose element is there: used rightly, not used, another used; of the gone: one used."""

    correct: float
    refused: float
    wrong: float
    wrong_when_gone: float


def rates(cases: Sequence[Case], answers: Mapping[str, Answer]) -> Rates:
    """The rates of one contestant. A case without an answer counts as refused."""
    present = [case for case in cases if case.present]
    gone = [case for case in cases if not case.present]
    used = {case.id: answers.get(case.id, Answer()).used for case in cases}
    right = sum(case.right(used[case.id]) for case in present)
    refused = sum(not used[case.id] for case in present)
    return Rates(
        correct=_share(right, present),
        refused=_share(refused, present),
        wrong=_share(len(present) - right - refused, present),
        wrong_when_gone=_share(sum(bool(used[case.id]) for case in gone), gone),
    )


def curve(cases: Sequence[Case], answers: Mapping[str, Answer]) -> list[tuple[float, float]]:
    """(coverage, precision) from the surest answer on, over all cases: for those that are gone, every use is wrong."""
    ranked = sorted(
        (case for case in cases if answers.get(case.id, Answer()).best), key=lambda case: -answers[case.id].sure
    )
    right, points = 0, []
    for number, case in enumerate(ranked, start=1):
        right += case.right(answers[case.id].best)
        last = number == len(ranked) or answers[ranked[number].id].sure != answers[case.id].sure
        if last:
            points.append((number / len(cases), right / number))
    return points


def point(cases: Sequence[Case], answers: Mapping[str, Answer]) -> tuple[float, float]:
    """(coverage, precision) of what was really used."""
    used = [case for case in cases if answers.get(case.id, Answer()).used]
    right = sum(case.right(answers[case.id].used) for case in used)
    return len(used) / max(1, len(cases)), right / max(1, len(used))


def upper_bound(wrong: int, of: int) -> float:
    """The most that a share can be, after Clopper and Pearson (1934): it is above this in one of twenty such counts.

    Cases of one page family err together, so that it is a little too low where families are few.
    """
    if wrong >= of:
        return 1.0
    low, high = wrong / of, 1.0
    while high - low > PRECISION:
        share = (low + high) / 2
        so_few = math.fsum(math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(wrong + 1))
        low, high = (share, high) if so_few > 1 - CONFIDENCE else (low, share)
    return high


def _share(count: int, cases: Sequence[Case]) -> float:
    return count / len(cases) if cases else 0.0
