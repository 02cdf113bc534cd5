"""The cloud's host: real clouds under `boot/`, with a release that migrates and is well, and ones that do not live."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from release.boot.kept import Kept
from release.boot.place import Place
from release.laying import lay_first
from release.manifest import File, Manifest, encode

_ROOT: Final = Path(__file__).parents[2]
_ROOMS: Final = ("language", "wire", "release", "browser", "teach_mode", "cloud")
_COMMAND: Final = f"""#!{sys.executable} -IB
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))
BEFORE
from cloud.cli import main
main()
"""
_MIGRATION: Final = '''"""One that tests the way back."""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None
def upgrade():
    op.add_column("tasks", sa.Column("tried", sa.Integer))
{then}
'''
# What a real minute is takes two seconds here.
_BOOT: Final = (
    "import sys; from pathlib import Path; from release.boot.running import Supervisor; "
    "from release.boot.place import Place; from release.boot.databases import Databases; "
    "from release.boot.health import Pace; root, data = map(Path, sys.argv[1:3]); "
    "pace = Pace(start_ms=120_000, silent_ms=60_000, well_ms=1, trial_ms=240_000); "
    "sys.exit(Supervisor(Place(root), sys.argv[3:], databases=Databases(data), pace=pace).run())"
)
_LONGEST_S: Final = 180.0


@dataclass(frozen=True)
class Case:
    """A new release: `then` follows in its migration, `before` in its command."""

    name: str
    well: bool
    then: str = ""
    before: str = ""


CASES: Final = (
    Case("migrates and is well", True),
    Case("breaks in its migration", False, then="    raise RuntimeError('broken')"),
    Case("migrates and then ends", False, before="import threading, os; threading.Timer(8, os._exit, (1,)).start()"),
)


def _lay_tree(folder: Path, counter: int, case: Case | None) -> Manifest:
    for room in _ROOMS:
        shutil.copytree(_ROOT / room, folder / "lib" / room, ignore=shutil.ignore_patterns("__pycache__"))
    if case is not None:
        versions = folder / "lib" / "cloud" / "migrations" / "versions"
        before = sorted(versions.glob("0*.py"))[-1].name[:4]
        (versions / "9999_tried.py").write_text(_MIGRATION.format(before=before, then=case.then))
    command = folder / "bin" / "leveret"
    command.parent.mkdir()
    command.write_text(_COMMAND.replace("BEFORE", case.before if case is not None else ""))
    command.chmod(0o755)
    files = [
        File(
            path=path.relative_to(folder).as_posix(),
            size=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            run=path == command,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    told = Manifest(
        program="cloud",
        version=f"0.{counter}",
        counter=counter,
        payload_bytes=0,
        payload_sha256="00" * 32,
        files=tuple(files),
    )
    (folder / "release.json").write_bytes(encode(told))
    return told


def _kept(root: Path) -> Kept:
    kept = Place(root).read()
    if kept is None:
        raise RuntimeError("there is no release any more")
    return kept


def _columns(data: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(data / "leveret.db")) as database:
        return {row[1] for row in database.execute("PRAGMA table_info(tasks)")}


def _run(folder: Path, case: Case) -> tuple[bool, float]:
    """Whether it came out as it should, and how long from the wish to the one that runs in the end."""
    root, data = folder / "root", folder / "data"
    _lay_tree(folder / "first", 7, None)
    lay_first(root, folder / "first")
    new = _lay_tree(folder / "new", 8, case)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LEVERET_")}
    serve = ["leveret", "serve", "--data-dir", str(data), "--port", "0", "--log", "json"]
    line = [sys.executable, "-c", _BOOT, str(root), str(data), *serve]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(line, cwd=_ROOT, env=environ, stdout=log, stderr=log) as process:
        try:
            _until(lambda: (data / "leveret.db").exists() and b'"url"' in (folder / "log").read_bytes(), process)
            shutil.copytree(folder / "new", root / "releases" / new.name)
            (root / "incoming" / "ready.json").write_text(f'{{"name":"{new.name}"}}')
            began = time.monotonic()
            process.send_signal(signal.SIGHUP)
            _until(lambda: _kept(root).good == new.name or new.name in _kept(root).refused, process)
            _until(lambda: not _kept(root).undoing, process)
            took = time.monotonic() - began
        finally:
            process.terminate()
    wanted = (new.name, True) if case.well else ("0.7-7", False)
    return (_kept(root).good, "tried" in _columns(data)) == wanted, took


def _until(so: object, process: subprocess.Popen[bytes]) -> None:
    due = time.monotonic() + _LONGEST_S
    while not so():  # type: ignore[operator]
        if process.poll() is not None or time.monotonic() > due:
            raise RuntimeError(f"the cloud ended with {process.returncode}, or does not come so far")
        time.sleep(0.1)


def measured(folder: Path) -> dict[str, object]:
    """All cases, one after the other."""
    right = 0
    for number, case in enumerate(CASES):
        home = folder / str(number)
        home.mkdir()
        try:
            came, took = _run(home, case)
        except RuntimeError as error:
            came, took = False, 0.0
            print(f"    {error}\n{(home / 'log').read_text()[-2000:]}")
        right += came
        print(f"{'a cloud that ' + case.name:46} {took:6.0f} s  {'as it should be' if came else 'WRONG'}")
        shutil.rmtree(home)
    return {"host_cases": len(CASES), "host_right": right}
