"""The laid `boot/` as a process, with programs that end, hang, and are well."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from release.boot.kept import Kept
from release.boot.place import Place
from release.laying import lay_boot, lay_first
from tests.release.trees import lay_tree, offer

# Each program writes its name into the file that its first argument names, so that tests see what ran.
RUNS = '#!/bin/sh\necho {name} >>"$1"\n'
SAYS = 'echo \'{"started": true, "link": true, "missing": []}\' >/dev/fd/$LEVERET_REPORT_FD\n'
# The old one agrees to be replaced as long as something is ready, else it stays until it is told to end.
OLD = RUNS.format(name="old") + SAYS + '[ -e "$1.done" ] && exec sleep 600\n: >"$1.done"; exit 76\n'
WELL = RUNS.format(name="new") + f'while :; do {SAYS} [ -e "$1.stop" ] && exit 9; sleep 0.02; done\n'
# What a real minute is takes 100 ms here. Only a program that is to be found silent is given little time.
QUICK = (
    "import sys; from pathlib import Path; from release.boot.running import Supervisor; "
    "from release.boot.place import Place; from release.boot.databases import Databases; "
    "from release.boot.health import Pace; root, data, ran = map(Path, sys.argv[1:4]); "
    "start, silent = map(int, sys.argv[4:]); "
    "pace = Pace(start_ms=start, silent_ms=silent, well_ms=100, trial_ms=200_000); "
    "one = Supervisor(Place(root), ['leveret-device', str(ran)], databases=Databases(data), pace=pace); "
    "code = one.run(); print(' '.join(phase.value for phase in one.phases)); sys.exit(code)"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_tree(tmp_path / "first", 7, program=OLD)
    lay_first(tmp_path / "root", tmp_path / "first")
    return tmp_path / "root"


def begun(root: Path, start_ms: int = 60_000, silent_ms: int = 60_000) -> subprocess.Popen[str]:
    paths = [str(root), str(root.parent / "data"), str(root.parent / "ran")]
    line = [sys.executable, "-c", QUICK, *paths, str(start_ms), str(silent_ms)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


def ran(root: Path) -> list[str]:
    return (root.parent / "ran").read_text().split()


def until_ran(root: Path, name: str, count: int, process: subprocess.Popen[str]) -> None:
    """A bound against hanging only."""
    watch = root.parent / "ran"
    for _ in range(4000):
        if watch.exists() and ran(root).count(name) >= count:
            return
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)
    raise AssertionError("the program was never run")


def kept(root: Path) -> Kept:
    found = Place(root).read()
    assert found is not None
    return found


def test_a_release_that_is_well_stays_and_the_exit_code_is_its_own(root: Path) -> None:
    name = offer(root, 8, program=WELL)
    process = begun(root)
    until_ran(root, "new", 1, process)
    for _ in range(4000):
        if kept(root).good == name:
            break
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)
    (root.parent / "ran.stop").touch()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 9 and said.split() == ["running", "inspecting", "saving", "trying", "running", "left"]
    assert ran(root) == ["old", "new"] and kept(root).previous == "0.7-7" and kept(root).counter == 8
    assert (root / "current" / "release.json").read_bytes() == (root / "releases" / name / "release.json").read_bytes()


BAD = {
    "ends": (RUNS.format(name="new") + "exit 1\n", "inspecting trying"),
    "is killed, as one that eats all memory": (RUNS.format(name="new") + "kill -9 $$\n", "inspecting trying"),
    "hangs": (RUNS.format(name="new") + "exec sleep 600\n", "ending inspecting trying ending"),
    "stands still": (RUNS.format(name="new") + SAYS + "exec sleep 600\n", "ending inspecting trying ending"),
    "is no program": ("not a program", "inspecting trying"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_release_is_left_for_the_old_one(root: Path, bad: str) -> None:
    program, tries = BAD[bad]
    name = offer(root, 8, program=program)
    process = begun(root, 300 if bad == "hangs" else 60_000, 300 if bad == "stands still" else 60_000)
    until_ran(root, "old", 2, process)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert said.split() == f"running inspecting saving trying {tries} undoing running left".split()
    assert ran(root)[-1] == "old" and kept(root).good == "0.7-7" and kept(root).refused == (name,)
    assert Place(root).pointed() == "0.7-7" and process.returncode == 128 + signal.SIGTERM


def test_a_release_with_a_changed_file_is_never_run(root: Path) -> None:
    name = offer(root, 8, program=WELL)
    (root / "releases" / name / "lib" / "a.py").write_text("A = 9\n")
    process = begun(root)
    until_ran(root, "old", 2, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert ran(root) == ["old", "old"] and kept(root).refused == (name,)


def test_what_was_laid_runs_by_the_systems_python_alone_and_hands_words_and_signals_on(tmp_path: Path) -> None:
    program = '#!/bin/sh\necho "$@" $LEVERET_ROOT $WATCHDOG_PID\nexec sleep 600\n'
    lay_tree(tmp_path / "first", 7, program=program)
    lay_first(tmp_path / "root", tmp_path / "first")
    lay_boot(tmp_path / "root")
    (tmp_path / "root" / "boot" / "older.py").touch()
    lay_boot(tmp_path / "root")
    assert not (tmp_path / "root" / "boot" / "older.py").exists() and not (tmp_path / "root" / "boot.new").exists()
    line = [sys.executable, "-I", str(tmp_path / "root" / "boot"), "leveret-device", "--config", "a b"]
    environ = {"PATH": os.environ["PATH"], "WATCHDOG_PID": "1"}
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environ, cwd="/")
    assert process.stdout is not None
    assert process.stdout.readline().strip() == f"--config a b {tmp_path / 'root'}"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    process.stdout.close()


NOTIFIES = f"""#!{sys.executable}
import os, socket
systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
address = os.environ["NOTIFY_SOCKET"]
systemd.connect("\\0" + address[1:] if address[0] == "@" else address)
for line in ("READY=1", "STOPPING=1", "WATCHDOG=1", "STOPPING=1\\nSTATUS=ending"):
    systemd.send(line.encode())
if os.fork() == 0:
    systemd.send(b"WATCHDOG=trigger")
    os._exit(0)
os.wait()
systemd.send(b"STATUS=last")
import signal
signal.pause()
"""


def test_systemd_hears_that_the_program_lives_and_not_that_it_ends_nor_what_others_say(tmp_path: Path) -> None:
    lay_tree(tmp_path / "first", 7, program=NOTIFIES)
    lay_first(tmp_path / "root", tmp_path / "first")
    lay_boot(tmp_path / "root")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("")
        systemd.settimeout(60)
        environ = {**os.environ, "NOTIFY_SOCKET": "@" + systemd.getsockname()[1:].decode()}
        line = [sys.executable, "-I", str(tmp_path / "root" / "boot"), "leveret-device"]
        with subprocess.Popen(line, env=environ) as process:
            heard: list[bytes] = []
            while b"STATUS=last" not in heard:
                heard.append(systemd.recv(4096))
            process.send_signal(signal.SIGTERM)
    assert heard.pop(0) == b"WATCHDOG=1", "it has the time that a start takes"
    assert [one for one in heard if one != b"WATCHDOG=1"] == [b"READY=1", b"STATUS=ending", b"STATUS=last"]


def test_boot_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, release.boot.running; "
        "print([name for name in ('msgspec', 'cryptography', 'asyncio', 'device') if name in sys.modules])"
    )
    line = [sys.executable, "-c", code]
    run = subprocess.run(line, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert run.stdout.strip() == "[]"


def test_where_there_is_no_release_it_says_so(tmp_path: Path) -> None:
    lay_boot(tmp_path)
    line = [sys.executable, "-I", str(tmp_path / "boot"), "leveret-device"]
    run = subprocess.run(line, capture_output=True, text=True)
    assert run.returncode == 1 and "install it anew" in run.stderr


def test_a_torn_state_is_put_together_from_what_is_there(root: Path) -> None:
    place = Place(root)
    whole = (place.chosen / "state.json").read_bytes()
    for cut in range(len(whole) - 2):
        (place.chosen / "state.json").write_bytes(whole[:cut])
        assert kept(root).good == "0.7-7"
    (place.chosen / "state.json").unlink()
    (place.chosen / "current").unlink()
    assert kept(root).good == "0.7-7"


# Databases ------------------------------------------------------------------------------------------------------------

MIGRATES = (
    RUNS.format(name="new")
    + f"""{sys.executable} -c '
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute("ALTER TABLE notes ADD COLUMN more")
    database.execute("INSERT INTO notes VALUES (2, 2)")
' "$(dirname "$1")/data/leveret.db"
exit 1
"""
)
WRITES = MIGRATES.replace('    database.execute("ALTER TABLE notes ADD COLUMN more")\n', "").replace("(2, 2)", "(2)")


@pytest.mark.parametrize(("program", "notes"), [(MIGRATES, [(1,)]), (WRITES, [(1,), (2,), (2,)])])
def test_a_failed_migration_is_undone_and_what_needs_no_undoing_is_kept(
    root: Path, program: str, notes: list[tuple[int]]
) -> None:
    data = root.parent / "data"
    data.mkdir()
    with closing(sqlite3.connect(data / "leveret.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE notes (id)")
        database.execute("INSERT INTO notes VALUES (1)")
        database.commit()
    offer(root, 8, program=program)
    process = begun(root)
    until_ran(root, "old", 2, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    with closing(sqlite3.connect(data / "leveret.db")) as database:
        assert database.execute("SELECT * FROM notes").fetchall() == notes
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
