"""Whole updates on a real folder, with real processes; and what comes of one whose power went."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from release import trust
from release.boot import acts
from release.boot.databases import Databases
from release.boot.deciding import EXIT_SWITCH, Machine, Phase, step
from release.boot.health import Pace, Report
from release.boot.kept import Kept
from release.boot.place import Place
from release.boot.running import Supervisor
from release.bundle import signed
from release.errors import ReleaseError
from release.laying import lay_first
from release.making import make
from release.settings import Settings
from release.sources import Folder
from release.status import Status
from release.trust import public_of
from release.updater import Updater
from release.updating import Stage
from tests.release.disk import Change, Recorder

PRIMARY: Final = bytes(range(32))
SPARE: Final = bytes(range(32, 64))
SETTINGS: Final = Settings(primary=public_of(PRIMARY).hex(), spare=public_of(SPARE).hex())
OLD: Final = "0.7-7"
NEW: Final = "0.8-8"
_QUICK: Final = Pace(start_ms=60_000, silent_ms=60_000, well_ms=40, trial_ms=200_000)
_SAYS: Final = 'echo \'{"started": true, "link": true}\' >/dev/fd/$LEVERET_REPORT_FD\n'
# The old one makes room for what is ready; when it was given up, it is at the end of its journey.
_OLD: Final = f"""#!/bin/sh
{_SAYS}
grep -q '"refused": \\["0.8-8"' "$LEVERET_ROOT/chosen/state.json" && exit 0
[ -e "$LEVERET_ROOT/incoming/ready.json" ] && exit 76
exit 0
"""
_WELL: Final = f"""#!/bin/sh
i=0
while [ $((i += 1)) -lt 150 ]; do
    {_SAYS}
    grep -q '"good": "0.8-8"' "$LEVERET_ROOT/chosen/state.json" && exit 0
    sleep 0.01
done
"""
_BAD: Final = f"""#!{sys.executable}
import os, sqlite3, sys
with sqlite3.connect(os.environ["LEVERET_ROOT"] + "/data/leveret.db") as database:
    if not database.execute("SELECT * FROM sqlite_master WHERE name = 'more'").fetchall():
        database.execute("CREATE TABLE more (id)")
sys.exit(1)
"""


@dataclass(frozen=True)
class Journey:
    """An update with a new release that is well, or one that changes the databases and ends."""

    name: str
    program: str
    well: bool


JOURNEYS: Final = (Journey("well", _WELL, True), Journey("bad", _BAD, False))


def lay(folder: Path, journey: Journey) -> Path:
    """A root with the old release, its database, and a stick with the new one; returns the root."""
    root = folder / "root"
    _tree(folder / "old", 7, _OLD)
    make(folder / "old", folder / "old.leveret", secret=PRIMARY, program="device", version="0.7", counter=7)
    lay_first(root, folder / "old")
    (root / "data").mkdir()
    with closing(sqlite3.connect(root / "data" / "leveret.db")) as database:
        database.execute("CREATE TABLE notes (id)")
        database.execute("INSERT INTO notes VALUES (1)")
        database.commit()
    _tree(folder / "new", 8, journey.program)
    (folder / "stick").mkdir()
    stick = folder / "stick" / "new.leveret"
    make(folder / "new", stick, secret=SPARE, program="device", version="0.8", counter=8)
    return root


def _tree(folder: Path, counter: int, program: str) -> None:
    for name, data in (
        ("bin/leveret-device", program),
        ("lib/a.py", f"A = {counter}\n"),
        ("lib/b/c.py", "B = 1\n" * 40),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data)
        path.chmod(0o755 if name.startswith("bin/") else 0o644)


def bring(root: Path, stick: Path) -> Status:
    """The updater, once."""
    return Updater(Place(root), SETTINGS, "device").bring(Folder(stick))


def supervise(root: Path) -> tuple[int, list[Phase]]:
    """`boot/`, until its program ends; real processes."""
    one = Supervisor(Place(root), ["leveret-device"], databases=Databases(root / "data"), pace=_QUICK)
    return one.run(), one.phases


def travel(root: Path, stick: Path, hear: Callable[[Change], None], so_far: list[str] | None = None) -> list[str]:
    """The whole journey, each change told; the stages and phases that it went through, also in `so_far`."""
    chain = [] if so_far is None else so_far
    with Recorder(root, hear) as recorder:
        # Time stands still, so that every journey is the same one.
        updater = Updater(Place(root), SETTINGS, "device", now=lambda: 0.0)
        updater.stages = _Noted(chain)
        with contextlib.suppress(ReleaseError):
            updater.bring(Folder(stick))
        one = Supervisor(Place(root), ["leveret-device"], databases=Databases(root / "data"), pace=_QUICK)
        one.phases = _Noted(chain)
        with _telling(recorder, root / "data" / "leveret.db"):
            one.run()
        with contextlib.suppress(ReleaseError):
            Updater(Place(root), SETTINGS, "device", now=lambda: 0.0).bring(Folder(stick))
    return chain


class _Noted(list[Any]):
    """Names of what is put in go into a chain, too."""

    def __init__(self, chain: list[str]) -> None:
        super().__init__()
        self._chain = chain

    def append(self, one: Any) -> None:
        super().append(one)
        self._chain.append(one.value)


@contextlib.contextmanager
def _telling(recorder: Recorder, database: Path):  # type: ignore[no-untyped-def]
    """SQLite's own writes, told when the program that made them has ended."""
    tell, seen = Supervisor._tell, database.read_bytes()

    def heard(self: Supervisor, told: acts.Input) -> None:
        nonlocal seen
        if isinstance(told, acts.Ended) and (now := database.read_bytes()) != seen:
            seen = now
            recorder.outside(database)
        tell(self, told)

    Supervisor._tell = heard  # type: ignore[method-assign]
    try:
        yield
    finally:
        Supervisor._tell = tell  # type: ignore[method-assign]


# After the power came back --------------------------------------------------------------------------------------------


@dataclass
class Booted:
    """`boot/` on a folder, with a program that is well or not by its release; no processes."""

    root: Path
    well: bool
    kept: Kept | None = None
    ran: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)

    def power_on(self, *, switch: bool = False) -> str:
        """The release that runs in the end; `switch`: the old one makes room for what is ready."""
        place, databases = Place(self.root), Databases(self.root / "data")
        kept = place.read()
        if kept is None:
            self.flaws.append("no release")
            return ""
        machine, waiting, now_ms, running = Machine(kept), [acts.Started()], 0, ""
        asked = False
        while waiting:
            machine, effects = step(machine, waiting.pop(0), now_ms)  # type: ignore[arg-type]
            if self.chain[-1:] != [machine.phase.value]:
                self.chain.append(machine.phase.value)
            for effect in effects:
                match effect:
                    case acts.Keep(kept):
                        place.keep(kept)
                    case acts.Inspect(name):
                        flaw = place.flaw(name)
                        waiting.append(acts.Damaged(flaw) if flaw else acts.Whole())  # type: ignore[arg-type]
                    case acts.Save(name):
                        databases.save(name)
                        waiting.append(acts.Saved())  # type: ignore[arg-type]
                    case acts.Restore(name):
                        databases.restore(name)
                        waiting.append(acts.Restored())  # type: ignore[arg-type]
                    case acts.Forget(name):
                        databases.forget(name)
                    case acts.Point(name):
                        place.point(name)
                    case acts.Run(name):
                        running = name
                        self._run(place, name)
                    case acts.Leave():
                        return ""
            if waiting:
                continue
            if machine.phase is Phase.TRYING and not self.well:
                waiting.append(acts.Ended(1))  # type: ignore[arg-type]
            elif machine.phase is Phase.TRYING:
                now_ms += 5_000
                waiting.append(acts.Reported(Report(started=True, link=True)))  # type: ignore[arg-type]
            elif switch and not asked and (offer := place.offer()) is not None:
                asked = True
                waiting.append(acts.Ended(EXIT_SWITCH, offer))  # type: ignore[arg-type]
        self.kept = machine.kept
        return running

    def _run(self, place: Place, name: str) -> None:
        self.ran.append(name)
        if flaw := place.flaw(name):
            self.flaws.append(f"{name}: {flaw}")
            return
        folder = place.releases / name
        signature, _ = signed((folder / "release.sig").read_bytes())
        if not trust.verified(signature, (folder / "release.json").read_bytes()):
            self.flaws.append(f"{name} is not signed")
        if name == OLD and "more" in tables(self.root):
            self.flaws.append("the old release has the new one's database")


def tables(root: Path) -> set[str]:
    """Of the database; raises sqlite3.Error when it is torn."""
    with closing(sqlite3.connect(root / "data" / "leveret.db")) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("torn")
        if not database.execute("SELECT * FROM notes WHERE id = 1").fetchall():
            raise sqlite3.DatabaseError("a note is gone")
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master").fetchall()}


@dataclass(frozen=True)
class Outcome:
    """`bricked`: why no whole release runs, or the device cannot be updated any more. `starts`: until one ran."""

    bricked: str = ""
    starts: int = 0
    rolled_back: bool = False
    chain: str = ""


def recovered(root: Path, stick: Path, journey: Journey, *, again: bool, cuts: int = 1) -> Outcome:
    """Power comes back on what a loss of power left. `again`: the update is then done to its end, too.

    `cuts`: how often power went. A release whose trials were cut twice is given up, though it would have been well.
    """
    machine = Booted(root, journey.well)
    try:
        starts = 1
        running = machine.power_on()
        chain = " ".join(machine.chain)
        if not running:
            return Outcome("nothing runs", starts)
        tables(root)
        if again:
            status = bring(root, stick)
            if status.stage not in (Stage.READY.value, Stage.UP_TO_DATE.value) and status.code != "not_again":
                return Outcome(f"no update any more: {status.sentence}", starts)
            running = machine.power_on(switch=True)
            due = NEW if journey.well else OLD
            given_up = cuts > 1 and machine.kept is not None and NEW in machine.kept.refused
            if running != (OLD if given_up else due):
                return Outcome(f"{running} runs, and {due} is due", starts)
    except (OSError, sqlite3.Error) as error:
        return Outcome(f"{type(error).__name__}: {error}", 1)
    if machine.flaws:
        return Outcome("; ".join(machine.flaws), starts)
    kept = machine.kept
    return Outcome("", starts, kept is not None and NEW in kept.refused, chain)
