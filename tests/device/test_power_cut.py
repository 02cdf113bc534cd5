"""Power that goes at each change of what a device keeps: what was there before, or what should be there after."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.device.power_cut import cut

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real disk below need not sync: what syncing is for is played by `Disk`."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.mark.parametrize("seed", range(1, 6) if LONG else [1])
def test_power_that_goes_at_any_moment_leaves_what_was_kept_before_or_after(tmp_path: Path, seed: int) -> None:
    came = cut(tmp_path, seed, ways=6 if LONG else 1, most=10_000 if LONG else 100)
    assert came.cuts > 500 if LONG else came.cuts == 100
    assert not came.wrong, came.wrong[:5]


def test_a_device_that_syncs_nothing_would_be_found_out(tmp_path: Path) -> None:
    assert cut(tmp_path, 1, ways=1, most=60, syncs=False).wrong
