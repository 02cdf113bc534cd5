"""Chromium processes as /proc shows them; the reaper of those that a crash left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

import msgspec

from browser.launch import PROFILE_PREFIX, Nest

_PROC = Path("/proc")


class Process(msgspec.Struct, frozen=True):
    """One process; `start` is its start time in clock ticks since boot, which tells a PID used again."""

    pid: int
    parent: int
    group: int
    state: str
    start: int


def read_process(pid: int) -> Process | None:
    """The process with this PID, or None."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(") ")[2].split()
    return Process(pid=pid, parent=int(fields[1]), group=int(fields[2]), state=fields[0], start=int(fields[19]))


def all_processes() -> list[Process]:
    """Every process there is now."""
    found = (read_process(int(entry.name)) for entry in _PROC.iterdir() if entry.name.isdigit())
    return [process for process in found if process is not None]


def family(root: Process) -> list[Process]:
    """`root`, the rest of its process group, and the descendants of both."""
    everyone = all_processes()
    inside = {process.pid for process in everyone if process.group == root.pid or process.pid == root.pid}
    grown = True
    while grown:
        more = {process.pid for process in everyone if process.parent in inside} - inside
        inside |= more
        grown = bool(more)
    return [process for process in everyone if process.pid in inside]


def kill_family(root: Process) -> None:
    """Kill all of them; each is checked again by start time, so that no stranger is hit."""
    for process in family(root):
        now = read_process(process.pid)
        if now is not None and now.start == process.start and now.state != "Z":
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


class PidNote(msgspec.Struct, frozen=True):
    """What the wrapper wrote: PID, start time, profile folder."""

    pid: int
    start: int
    profile: str

    @classmethod
    def read(cls, file: Path) -> PidNote | None:
        """The note, or None when there is none or it is torn."""
        try:
            pid, start, profile, *_ = [*file.read_text().split("\n"), "", ""]
            return cls(int(pid), int(start), profile)
        except (OSError, ValueError):
            return None

    def alive(self) -> Process | None:
        """The process, if it is still the same one."""
        process = read_process(self.pid)
        return process if process and process.start == self.start and process.state != "Z" else None


def _owner_alive(nest: Nest) -> bool:
    owner = read_process(nest.owner_pid)
    return owner is not None and owner.state != "Z" and owner.start == nest.owner_start


def _remove_folder(path: str, prefix: str) -> None:
    folder = Path(path)
    if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith(prefix):
        shutil.rmtree(folder, ignore_errors=True)


def _is_chromium(pid: int) -> bool:
    try:
        return "chrom" in (_PROC / str(pid) / "exe").readlink().name
    except OSError:
        return False


def _kill_noted(note: PidNote) -> None:
    process = note.alive()
    if process is not None:
        kill_family(process)
    elif read_process(note.pid) is None:
        # The leader died first: its number cannot be given out again while its group lives.
        for left in all_processes():
            if left.group == note.pid and _is_chromium(left.pid):
                kill_family(left)


def clear(nest_file: Path) -> None:
    """Kill the nest's Chromium if it lives, and remove all that it left: folders, PID file, note."""
    pid_file = nest_file.with_suffix(".pid")
    note = PidNote.read(pid_file)
    if note is not None:
        _kill_noted(note)
        _remove_folder(note.profile, PROFILE_PREFIX)
    try:
        nest = msgspec.json.decode(nest_file.read_bytes(), type=Nest)
        _remove_folder(nest.home, "leveret-chromium-")
    except (OSError, msgspec.DecodeError):
        pass  # Torn by the crash: there is nothing more to know.
    for file in (pid_file, nest_file.with_suffix(".sh"), nest_file):
        file.unlink(missing_ok=True)


def reap(state_dir: Path) -> int:
    """Clear the nests of runners that are gone; how many there were. Called before a pool starts."""
    cleared = 0
    for nest_file in sorted(state_dir.glob("*.nest")):
        try:
            nest = msgspec.json.decode(nest_file.read_bytes(), type=Nest)
            if _owner_alive(nest):
                continue
        except FileNotFoundError:
            continue
        except msgspec.DecodeError:
            pass
        clear(nest_file)
        cleared += 1
    return cleared
