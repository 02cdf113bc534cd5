"""Power that goes, a process that is killed, and an error, at each change of two whole updates."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.release.disk import WAYS, Change, Disk, Recorder, tree_of
from tests.release.journeys import JOURNEYS, Journey, lay, recovered, travel
from tests.release.test_power import AFTER, CHAINS


@dataclass
class Count:
    """`bricked`: what went wrong, in words. `starts`: the most that were needed."""

    cases: int = 0
    rolled_back: int = 0
    starts: int = 0
    bricked: list[str] = field(default_factory=list)

    def judge(self, what: str, root: Path, stick: Path, journey: Journey, *, cuts: int = 1) -> str:
        outcome = recovered(root, stick, journey, again=True, cuts=cuts)
        self.cases += 1
        self.rolled_back += outcome.rolled_back
        self.starts = max(self.starts, outcome.starts)
        if outcome.bricked:
            self.bricked.append(f"{journey.name}, {what}: {outcome.bricked}")
        return outcome.chain


class PowerGone(BaseException):
    """Nothing that is not at the edge catches it."""


def power_cuts(folder: Path, seeds: int) -> tuple[Count, int]:
    """Each change, each way a disk may take it, `seeds` times the ones by chance; and how many changes there are."""
    count, changes_of_all = Count(), 0
    for journey in JOURNEYS:
        home = folder / f"power-{journey.name}"
        home.mkdir()
        root, stick = lay(home, journey), home / "stick"
        disk, changes, states, chain = Disk(root), list[Change](), list[str](), list[str]()

        def hear(
            change: Change, changes: list[Change] = changes, states: list[str] = states, chain: list[str] = chain
        ) -> None:
            changes.append(change)
            states.append(chain[-1] if chain else "start")

        if " ".join(travel(root, stick, hear, chain)) != CHAINS[journey.name]:
            count.bricked.append(f"{journey.name}: another chain: {chain}")
        states.append(chain[-1])
        after: list[tuple[str, str]] = []
        for number in range(len(changes) + 1):
            for way in [*WAYS, *["some"] * (seeds - 1)]:
                left = home / "left"
                left.mkdir()
                seed = number * 1000 + count.cases
                disk.left(way, random.Random(seed), left)
                came = count.judge(f"change {number}, {way}, seed {seed}", left, stick, journey)
                if way == "all" and after[-1:] != [(states[number], came)]:
                    after.append((states[number], came))
                shutil.rmtree(left)
            if number < len(changes):
                disk.take(changes[number])
        if after != AFTER[journey.name]:
            count.bricked.append(f"{journey.name}: other states after a kill: {after}")
        if disk.tree() != tree_of(root):
            count.bricked.append(f"{journey.name}: a change was not heard")
        changes_of_all += len(changes)
    return count, changes_of_all


def second_cuts(folder: Path, every: int) -> Count:
    """Power goes once more while what a first cut left is taken up; at a change of that by chance."""
    count = Count()
    for journey in JOURNEYS:
        home = folder / f"twice-{journey.name}"
        home.mkdir()
        root, stick = lay(home, journey), home / "stick"
        disk, changes = Disk(root), list[Change]()
        travel(root, stick, changes.append)
        for number, change in enumerate(changes):
            if number % every == 0:
                dice = random.Random(number)
                first, second = home / "first", home / "second"
                first.mkdir()
                second.mkdir()
                disk.left(dice.choice(WAYS), dice, first)
                _cut_again(first, stick, journey, dice).left(dice.choice(WAYS), dice, second)
                count.judge(f"change {number}, twice", second, stick, journey, cuts=2)
                shutil.rmtree(first)
                shutil.rmtree(second)
            disk.take(change)
    return count


def _cut_again(root: Path, stick: Path, journey: Journey, dice: random.Random) -> Disk:
    disk, left = Disk(root), dice.randrange(60)

    def hear(change: Change) -> None:
        nonlocal left
        if left == 0:
            raise PowerGone
        left -= 1
        disk.take(change)

    try:
        with Recorder(root, hear):
            recovered(root, stick, journey, again=True)
    except PowerGone:
        pass
    return disk


def kills(folder: Path) -> Count:
    """SIGKILL before each change, in a process of its own."""

    def die(change: Change) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return _each(folder, "kill", die)


def errors(folder: Path) -> Count:
    """The call that would make the change fails, once; a full disk and a broken one by turns."""
    turn = [0]

    def fail(change: Change) -> None:
        if change[0] == "outside":
            return
        turn[0] += 1
        number = errno.ENOSPC if turn[0] % 2 else errno.EIO
        raise OSError(number, os.strerror(number))

    return _each(folder, "error", fail)


def _each(folder: Path, name: str, strike: Callable[[Change], None]) -> Count:
    count = Count()
    for journey in JOURNEYS:
        home = folder / f"{name}-{journey.name}"
        home.mkdir()
        template, stick = lay(home, journey), home / "stick"
        number, struck = 0, True
        while struck:
            root = home / "work"
            shutil.copytree(template, root, symlinks=True)
            struck = _struck(root, stick, number, strike)
            if struck:
                count.judge(f"{name} at change {number}", root, stick, journey)
            shutil.rmtree(root)
            number += 1
    return count


def _struck(root: Path, stick: Path, at: int, strike: Callable[[Change], None]) -> bool:
    """In a process of its own, which says by its exit code whether it came so far."""
    child = os.fork()
    if child == 0:
        seen = 0

        def hear(change: Change) -> None:
            nonlocal seen
            seen += 1
            if seen == at + 1:
                strike(change)

        code = 2
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            travel(root, stick, hear)
            code = 0 if seen > at else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 2:
        raise RuntimeError(f"change {at} of {root} was not survived")
    return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
