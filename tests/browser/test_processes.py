"""The reaper: it kills what a crash left behind, and never a stranger."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from browser.launch import Nest
from browser.processes import family, read_process, reap
from tests.browser.watching import wait_gone


def dead_owner() -> tuple[int, int]:
    """A process ID and start time of a process that has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid, 1


def leave_nest(state_dir: Path, name: str, pid: int, start: int) -> None:
    owner_pid, owner_start = dead_owner()
    (state_dir / f"{name}.nest").write_bytes(msgspec.json.encode(Nest("/nowhere", owner_pid, owner_start)))
    (state_dir / f"{name}.pid").write_text(f"{pid}\n{start}\n\n")


def test_the_reaper_kills_a_survivor_with_its_whole_group(tmp_path: Path) -> None:
    survivor = subprocess.Popen(["sh", "-c", "sleep 600 & sleep 600; true"], start_new_session=True)
    root = read_process(survivor.pid)
    assert root is not None
    leave_nest(tmp_path, "a", root.pid, root.start)
    everyone = family(root)
    assert reap(tmp_path) == 1
    survivor.wait()
    for process in everyone:
        wait_gone(process)
    assert survivor.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_the_reaper_spares_a_stranger_that_got_the_same_process_id(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        root = read_process(stranger.pid)
        assert root is not None
        leave_nest(tmp_path, "a", root.pid, root.start - 1)
        assert reap(tmp_path) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_reaper_spares_the_browser_of_a_runner_that_lives(tmp_path: Path) -> None:
    me = read_process(os.getpid())
    assert me is not None
    (tmp_path / "a.nest").write_bytes(msgspec.json.encode(Nest("/nowhere", me.pid, me.start)))
    assert reap(tmp_path) == 0
    assert (tmp_path / "a.nest").exists()


@pytest.mark.parametrize("torn", [b"", b"{", b'{"home":'])
def test_a_torn_note_is_cleared_and_stops_nothing(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "a.nest").write_bytes(torn)
    (tmp_path / "a.pid").write_bytes(torn)
    assert reap(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_reaper_removes_only_folders_that_are_its_own(tmp_path: Path) -> None:
    precious = tmp_path / "leveret-chromium-precious"
    precious.mkdir()
    state = tmp_path / "state"
    state.mkdir()
    owner_pid, owner_start = dead_owner()
    (state / "a.nest").write_bytes(msgspec.json.encode(Nest(str(precious), owner_pid, owner_start)))
    reap(state)
    assert precious.is_dir()
