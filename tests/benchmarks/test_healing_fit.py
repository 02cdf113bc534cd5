"""What evidence counts: fitted to cases, within what was set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.healing.cases import Export, Exported
from benchmarks.healing.fit import FREE, NAMES, PRIOR, Fit, Tally, apart, judged, samples, write
from benchmarks.healing.tally import upper_bound
from browser.bystanders import remembered
from browser.fingerprint import Fingerprint
from browser.weights import WEIGHTS

MENU = tuple(
    Fingerprint(role="link", name=name, text=name, tag="a", attributes={"href": f"/{name.lower()}"}, classes=("item",))
    for name in ("Home", "Orders", "Invoices", "Help", "Terms")
)
EXPORT = Export(
    pages={"same": MENU},
    cases=tuple(
        Exported(
            id=one.name, family=one.name, source="release", detail="both", page="same", present=True,
            sought=remembered(one, MENU), right=(at,),
        )
        for at, one in enumerate(MENU)
    ),
)  # fmt: skip


def test_each_case_is_used_with_its_element_taken_away_and_disguised_as_well() -> None:
    made = [one.made for one in samples(EXPORT)]
    assert made == ["", "taken", "disguised"] * len(MENU)
    assert [bool(one.right) for one in samples(EXPORT)] == [True, False, False] * len(MENU)


def test_a_fit_finds_what_is_there_and_takes_nothing_that_is_gone() -> None:
    chosen = samples(EXPORT)
    tally = Tally()
    for one in chosen:
        tally.add(one, Fit(chosen).weights(), 0.5, 0.5)
    assert (tally.right, tally.wrong, tally.wrong_when_taken) == (len(MENU), 0, 0)


def test_a_family_is_judged_by_weights_that_it_had_no_part_in() -> None:
    chosen = samples(EXPORT)
    weights = apart(chosen)
    assert weights.keys() == {one.name for one in MENU}
    tallies = judged(chosen, weights, 0.5, 0.5)
    assert (tallies["all"].there, tallies["release"].taken) == (len(MENU), len(MENU))


def test_no_weight_changes_its_sign() -> None:
    weights = dict(zip(NAMES, Fit(samples(EXPORT)).weights().tolist(), strict=True))
    assert all(weights[name] * PRIOR[name] >= 0 for name in NAMES if name not in FREE)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    write([WEIGHTS.get(name, 0.0) for name in NAMES], tmp_path / "weights.py")
    found: dict[str, dict[str, float]] = {}
    exec((tmp_path / "weights.py").read_text(encoding="utf-8"), found)
    assert found["WEIGHTS"] == WEIGHTS


def test_a_share_is_bounded_by_what_was_counted() -> None:
    assert upper_bound(0, 598) == pytest.approx(1 - 0.05 ** (1 / 598), abs=1e-5)
    assert upper_bound(0, 300) > upper_bound(0, 900)
    assert upper_bound(1, 900) > upper_bound(0, 900) > 0
    assert upper_bound(3, 3) == 1.0
