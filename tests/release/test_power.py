"""Power that goes at each change of a whole update; `benchmarks/update` has each in all ways of a disk."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.release.disk import WAYS, Change, Disk, tree_of
from tests.release.journeys import JOURNEYS, Journey, lay, recovered, supervise, travel

# What a journey goes through, and what follows when it is killed in a state: the states of boot/ at the next start.
UPDATER = "looking reading unpacking placing offering ready"
CHAINS = {
    "well": f"{UPDATER} running inspecting saving trying running left",
    "bad": f"{UPDATER} running inspecting saving trying inspecting trying undoing running left",
}
BEFORE = [(state, "running") for state in ("start", *UPDATER.split(), "saving", "trying")]
# Before the trial is on the disk it never was; before the failure is, the second try counts.
AFTER = {
    "well": [
        *BEFORE,
        ("trying", "inspecting trying running"),
        ("running", "inspecting trying running"),
        ("running", "running"),
        ("left", "running"),
    ],
    "bad": [
        *BEFORE,
        ("trying", "inspecting trying undoing running"),
        ("trying", "undoing running"),
        ("undoing", "undoing running"),
        ("running", "undoing running"),
        ("running", "running"),
        ("left", "running"),
    ],
}


@pytest.fixture(params=JOURNEYS, ids=lambda journey: journey.name)
def journey(request: pytest.FixtureRequest) -> Journey:
    chosen: Journey = request.param
    return chosen


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real disk below need not sync: what syncing is for is played by `Disk`."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def test_power_that_goes_at_any_change_leaves_a_whole_signed_release_that_can_be_updated(
    tmp_path: Path, journey: Journey
) -> None:
    root, stick = lay(tmp_path, journey), tmp_path / "stick"
    disk, changes, states, chain = Disk(root), list[Change](), list[str](), list[str]()

    def hear(change: Change) -> None:
        changes.append(change)
        states.append(chain[-1] if chain else "start")

    assert " ".join(travel(root, stick, hear, chain)) == CHAINS[journey.name]
    states.append(chain[-1])
    after: list[tuple[str, str]] = []
    for number in range(len(changes) + 1):
        # Killed: all that was written is there. Else power went, in one of the other ways.
        for way in ("all",) if number % 5 == 4 else (WAYS[1 + number // 5 % 5],) if number % 5 == 1 else ():
            left = tmp_path / f"left{number}"
            left.mkdir()
            disk.left(way, random.Random(number), left)
            outcome = recovered(left, stick, journey, again=number % 10 == 1)
            assert not outcome.bricked, f"{journey.name}, change {number}, {way}: {outcome.bricked}"
            assert outcome.starts <= 2
            if way == "all" and after[-1:] != [(states[number], outcome.chain)]:
                after.append((states[number], outcome.chain))
        if number < len(changes):
            disk.take(changes[number])
    due = iter(AFTER[journey.name])
    assert all(seen in due for seen in after), "in this order"
    assert disk.tree() == tree_of(root), "a change was not heard"


def test_an_update_that_syncs_nothing_would_be_found_out(tmp_path: Path) -> None:
    journey = JOURNEYS[0]
    root, stick = lay(tmp_path, journey), tmp_path / "stick"
    disk, changes, found = Disk(root), list[Change](), 0
    travel(root, stick, changes.append)
    for number, change in enumerate(changes):
        if change[0] != "sync":
            disk.take(change)
        if number % 16:
            continue
        left = tmp_path / f"left{number}"
        left.mkdir()
        disk.left("names", random.Random(number), left)
        found += bool(recovered(left, stick, journey, again=True).bricked)
    assert found


def killed(root: Path, work: Callable[[Callable[[Change], None]], object], at: int) -> bool:
    """Whether a process that does this was killed by SIGKILL before the change with this number."""
    child = os.fork()
    if child == 0:
        left = at

        def hear(change: Change) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        try:
            work(hear)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_whoever_is_killed_at_a_change_leaves_what_goes_on(tmp_path: Path, journey: Journey) -> None:
    template, stick = lay(tmp_path, journey), tmp_path / "stick"
    for at in (30, 90):
        root = tmp_path / f"root{at}"
        shutil.copytree(template, root, symlinks=True)
        dead = killed(root, lambda hear, root=root: travel(root, stick, hear), at)  # type: ignore[misc]
        assert dead
        outcome = recovered(root, stick, journey, again=True)
        assert not outcome.bricked, (at, outcome.bricked)


def test_two_updaters_do_not_meet(tmp_path: Path) -> None:
    import fcntl

    from release.errors import NoPlace
    from tests.release.journeys import bring

    root = lay(tmp_path, JOURNEYS[0])
    with (root / "incoming" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(NoPlace, match="already"):
            bring(root, tmp_path / "stick")
    assert bring(root, tmp_path / "stick").stage == "ready"
    assert supervise(root)[0] == 0
