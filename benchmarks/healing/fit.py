"""Fits what each property of an element counts, on the half of the page families that is for tuning.

    python -m benchmarks.healing.cases dev    # makes the cases, minutes the first time
    python -m benchmarks.healing.fit          # writes browser/weights.py

A conditional logit with "it is gone" as one more choice (McFadden 1974): the odds of a candidate against that are the
weighted sum of its evidence. Every case whose element is there is used a second time with the element taken away, when
nothing is left that does as well, a third time disguised: in its place, with all that it has, stands one that says
something else altogether; and a fourth time elsewhere, on a page of another family that has nothing like it. The prior
is a weight set by hand for each kind of evidence (`PRIOR`), from which the fit departs as far as the cases ask for it.

`--judge` prints what is chosen when each family is decided by weights that were fitted on all others, at several
thresholds: SURE of `teach_mode.healing` is the least of them at which the upper bound of how often a wrong element is
used when it is gone stays below `MOST_WRONG`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.healing.cases import Export, Exported
from benchmarks.healing.store import CACHE, ROOT
from benchmarks.healing.tally import upper_bound
from browser.fingerprint import Fingerprint
from browser.likeness import Evidence, Page, share
from browser.traits import spoken
from browser.wording import addresses_alike, stems, words_alike
from language.similarity import words_of
from teach_mode.healing import AHEAD, AHEAD_IRREVERSIBLE, SURE, SURE_IRREVERSIBLE

# Properties: what agreement counts (a nat of surprise), difference and loss.
PRIOR_OF_PROPERTIES: Mapping[str, tuple[float, float, float]] = {
    "words": (1.8, -6.0, -3.0),
    "role": (0.4, -1.5, -1.0),
    "family": (0.0, -8.0, 0.0),
    "tag": (0.3, -0.3, -0.3),
    "id": (0.6, -0.7, -0.2),
    "called": (0.8, -1.0, -0.3),
    "address": (0.7, -1.0, -0.2),
    "kind": (0.4, -1.5, -0.3),
    "test_id": (0.9, -1.0, -0.2),
    "classes": (0.4, -0.5, -0.2),
    "purpose": (0.3, -0.3, 0.0),
    "holding": (1.0, -2.0, 0.0),
    "around": (0.6, -0.5, -0.3),
    "within": (0.4, -0.5, -0.2),
    "place": (0.3, -0.3, 0.0),
    "size": (0.2, -0.2, 0.0),
    "frame": (0.0, -1.0, -0.5),
    "shadow": (0.0, -0.5, -0.3),
    "near": (0.5, -0.5, 0.0),
    "order": (0.5, -0.5, 0.0),
    "ordinal": (0.5, -0.5, 0.0),
    "turn": (0.5, -0.3, 0.0),
}
PRIOR: Mapping[str, float] = {
    "any": -3.0,
    "page kept": 0.0,
    "page large": 0.0,
    "nothing was said": -1.0,
    "words differ, page kept": -1.0,
    "says it alone": 1.0,
    "leads there alone": 0.5,
    "says it in part": -0.5,
    "says and leads as another": -8.0,
    "says as another": -8.0,
    "leads as another": -2.0,
    "says as a neighbour": -2.0,
} | {
    f"{name} {what}": weight
    for name, weights in PRIOR_OF_PROPERTIES.items()
    for what, weight in zip(("agrees", "differs", "lost"), weights, strict=True)
}
NAMES = tuple(PRIOR)
# What holds for all candidates alike may count either way; nothing else may change its sign. What tells one row of a
# table from another keeps at least half of what it was given by hand, since the cases have few tables.
FREE = ("any", "page kept", "page large", "nothing was said")
ROWS = ("within agrees", "within differs", "around agrees", "around differs", "holding agrees", "holding differs")
LEAST = 0.5
# What joins several properties, or holds for all alike, could only be guessed by hand: it follows the cases.
JOINED = (*FREE, "says it alone", "leads there alone", "says it in part")
# A town's page is another hand's redesign and there are few; using a wrong element is worse than using none.
TOWN_COUNTS = 3.0
GONE_COUNTS = 2.0
DISGUISED_COUNTS = 0.5
STIFFNESS = 0.01
STIFFNESS_JOINED = 0.001
STEPS = 400
STEP = 0.1
# Candidates of a page that the prior has far behind decide nothing.
KEPT = 25
# So alike, what is left does as well as what was taken away.
AS_WELL = 0.8
# And less alike, it says something else.
OTHER = 0.25
JUDGED_AT = (0.8, 0.9, 0.93, 0.95, 0.97)
MOST_WRONG = 0.005

Array = NDArray[np.float64]


Made = Literal["", "taken", "disguised", "elsewhere"]


class Sample(msgspec.Struct, frozen=True):
    """One search: its family and source, what speaks for each candidate, and which of them are right (none: gone)."""

    family: str
    source: str
    made: Made
    rows: Array
    right: tuple[int, ...]


def samples(export: Export) -> list[Sample]:
    """The cases, and those whose element is there with it taken away, disguised, and sought elsewhere."""
    families = {case.page: case.family for case in export.cases}
    pages = {name: Page(candidates) for name, candidates in export.pages.items()}
    sayings = sorted({said for candidates in export.pages.values() for one in candidates if stems(said := spoken(one))})
    found = []
    for case in export.cases:
        candidates = export.pages[case.page]
        if not candidates or (case.present and not case.right):
            continue
        found.append(_sample(case, pages[case.page].evidence(case.sought), case.right, ""))
        left = [one for at, one in enumerate(candidates) if at not in case.right]
        shown = [candidates[at] for at in case.right]
        if not case.present or any(_does_as_well(one, other) for one in left for other in shown):
            continue
        if left:
            found.append(_sample(case, Page(left).evidence(case.sought), (), "taken"))
        said = random.Random(case.id).choice([one for one in sayings if words_alike(one, spoken(case.sought)) < OTHER])
        masked = [_saying(one, said) if at in case.right else one for at, one in enumerate(candidates)]
        found.append(_sample(case, Page(masked).evidence(case.sought), (), "disguised"))
        others = [name for name in sorted(pages) if families[name] != case.family and export.pages[name]]
        another = random.Random(f"{case.id} elsewhere").choice(others) if others else ""
        if another and not any(_does_as_well(one, other) for one in export.pages[another] for other in shown):
            found.append(_sample(case, pages[another].evidence(case.sought), (), "elsewhere"))
    return found


def _saying(seen: Fingerprint, said: str) -> Fingerprint:
    """An element that says something else, leads elsewhere when it is a link, and is the same in all other things."""
    told = {key: said for key in ("aria-label", "placeholder", "title", "value") if key in seen.attributes}
    if "href" in seen.attributes:
        told["href"] = f"/{'-'.join(words_of(said))}"
    return msgspec.structs.replace(
        seen,
        name=said if seen.name else "",
        label=said if seen.label else "",
        text=said if seen.text else "",
        within=tuple(text.replace(spoken(seen), said) if spoken(seen) else text for text in seen.within),
        attributes=seen.attributes | told,
    )


def _sample(case: Exported, evidence: Sequence[Evidence], right: tuple[int, ...], made: Made) -> Sample:
    rows = np.array([[one.get(name, 0.0) for name in NAMES] for one in evidence])
    likely = np.argsort(-(rows @ _prior()))[:KEPT].tolist()
    kept = likely + [at for at in right if at not in likely]
    return Sample(case.family, case.source, made, rows[kept], tuple(kept.index(at) for at in right))


def _does_as_well(one: Fingerprint, other: Fingerprint) -> bool:
    if words_alike(spoken(one), spoken(other)) >= AS_WELL:
        return True
    left, right = one.attributes.get("href", ""), other.attributes.get("href", "")
    return bool(left and right) and (addresses_alike(left, right) or 0.0) >= AS_WELL


def _prior() -> Array:
    return np.array([PRIOR[name] for name in NAMES])


class Fit:
    """Fits weights to samples: their rows one below the other."""

    def __init__(self, chosen: Sequence[Sample]) -> None:
        self._rows = np.concatenate([one.rows for one in chosen])
        sizes = [len(one.rows) for one in chosen]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._of = np.repeat(np.arange(len(chosen)), sizes)
        self._right = np.zeros(len(self._rows), dtype=bool)
        for start, one in zip(self._starts, chosen, strict=True):
            self._right[[int(start) + at for at in one.right]] = True
        self._gone = np.array([not one.right for one in chosen])
        self._counts = np.array([_counts(one) for one in chosen])

    def weights(self) -> Array:
        """The likeliest weights under the prior, by Adam within their bounds."""
        prior = _prior()
        free = np.array([name in FREE for name in NAMES])
        stiffness = np.array([STIFFNESS_JOINED if name in JOINED else STIFFNESS for name in NAMES])
        least = np.array([LEAST if name in ROWS else 0.0 for name in NAMES]) * prior
        lowest, highest = np.where(free | (prior < 0), -np.inf, least), np.where(free | (prior > 0), np.inf, least)
        at, drift, spread = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
        for step in range(1, STEPS + 1):
            slope = self._slope(at) + stiffness * (at - prior)
            drift = 0.9 * drift + 0.1 * slope
            spread = 0.99 * spread + 0.01 * slope**2
            rate = STEP if step < 0.6 * STEPS else STEP / 5
            at = at - rate * (drift / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
            at = np.clip(at, lowest, highest)
        return np.asarray(at)

    def _slope(self, weights: Array) -> Array:
        """The slope of the mean loss: how often each evidence is expected less how often it is seen."""
        odds = self._rows @ weights
        highest = np.maximum(np.maximum.reduceat(odds, self._starts), 0.0)
        likely = np.exp(odds - highest[self._of])
        chances = likely / (np.add.reduceat(likely, self._starts) + np.exp(-highest))[self._of]
        among = np.where(self._right, odds, -np.inf)
        best = np.where(self._gone, 0.0, np.maximum.reduceat(among, self._starts))
        seen = np.exp(among - best[self._of])
        seen /= np.where(self._gone, 1.0, np.add.reduceat(seen, self._starts))[self._of]
        return np.asarray(((chances - seen) * self._counts[self._of]) @ self._rows / self._counts.sum())


def _counts(sample: Sample) -> float:
    apart = DISGUISED_COUNTS if sample.made in ("disguised", "elsewhere") else 1.0 if sample.right else GONE_COUNTS
    return apart * (TOWN_COUNTS if sample.source == "town" else 1.0)


class Tally(msgspec.Struct):
    """How the samples were decided."""

    there: int = 0
    right: int = 0
    wrong: int = 0
    gone: int = 0
    wrong_when_gone: int = 0
    taken: int = 0
    wrong_when_taken: int = 0
    disguised: int = 0
    wrong_when_disguised: int = 0
    elsewhere: int = 0
    wrong_elsewhere: int = 0

    def add(self, sample: Sample, weights: Array, sure: float, ahead: float) -> None:
        """Decide one more sample by these weights and thresholds."""
        odds = sample.rows @ weights
        first, *rest = np.argsort(-odds).tolist()
        rival = next((at for at in rest if not (first in sample.right and at in sample.right)), None)
        margin = 1 - float(np.exp(odds[rival] - odds[first])) if rival is not None else 1.0
        used = share(float(odds[first])) >= sure and margin >= ahead
        if sample.right:
            self.there += 1
            self.right += used and first in sample.right
            self.wrong += used and first not in sample.right
        elif sample.made == "taken":
            self.taken += 1
            self.wrong_when_taken += used
        elif sample.made == "disguised":
            self.disguised += 1
            self.wrong_when_disguised += used
        elif sample.made == "elsewhere":
            self.elsewhere += 1
            self.wrong_elsewhere += used
        else:
            self.gone += 1
            self.wrong_when_gone += used


def apart(chosen: Sequence[Sample]) -> dict[str, Array]:
    """By family: the weights that were fitted on all others."""
    families = sorted({one.family for one in chosen})
    return {name: Fit([one for one in chosen if one.family != name]).weights() for name in families}


def judged(chosen: Sequence[Sample], weights: Mapping[str, Array], sure: float, ahead: float) -> dict[str, Tally]:
    """By source and in all: how each family is decided by its weights at these thresholds."""
    found: dict[str, Tally] = {}
    for one in chosen:
        for title in (one.source, "all"):
            found.setdefault(title, Tally()).add(one, weights[one.family], sure, ahead)
    return found


def write(weights: Iterable[float], file: Path) -> None:
    """Write `browser/weights.py`."""
    lines = [f'    "{name}": {weight:.2f},' for name, weight in zip(NAMES, weights, strict=True) if round(weight, 2)]
    head = '"""What each evidence counts, in nats: written by `python -m benchmarks.healing.fit`; else 0."""'
    file.write_text("\n".join((head, "", "WEIGHTS: dict[str, float] = {", *lines, "}", "")), encoding="utf-8")


def main() -> None:
    """Fit, write the weights, and judge them on families that they were not fitted on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.healing.fit", description=__doc__)
    parser.add_argument("--judge", action="store_true", help="only judge, family by family; write nothing")
    options = parser.parse_args()
    chosen = samples(msgspec.json.decode((CACHE / "dev.json").read_bytes(), type=Export))
    if not options.judge:
        write(Fit(chosen).weights().tolist(), ROOT / "browser" / "weights.py")
        return
    weights = apart(chosen)
    points = {(SURE, AHEAD), (SURE_IRREVERSIBLE, AHEAD_IRREVERSIBLE), *((sure, AHEAD) for sure in JUDGED_AT)}
    for sure, ahead in sorted(points):
        tallies = judged(chosen, weights, sure, ahead)
        bound = upper_bound(tallies["all"].wrong_when_gone, tallies["all"].gone)
        verdict = "seldom enough" if bound <= MOST_WRONG else "too often"
        print(f"sure {sure}, ahead {ahead}: wrong when gone at most {bound:.4f}, {verdict}")
        for title, tally in tallies.items():
            print(f"  {title}: {msgspec.to_builtins(tally)}")


if __name__ == "__main__":
    main()
