"""Which Chromium is taken, and for whom."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.errors import ChromiumMissing
from browser.launch import Account, environment, find_chromium, make_home, may_run, wrapper_script
from browser.processes import PidNote
from tests.browser.watching import wait_gone


def program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_playwrights_small_build_is_taken_before_its_full_one_and_the_systems(tmp_path: Path) -> None:
    full = program(tmp_path / "chromium-1" / "chrome-linux", "chrome")
    assert find_chromium("", str(full), None) == full
    shell = program(tmp_path / "chromium_headless_shell-1" / "chrome-linux", "headless_shell")
    assert find_chromium("", str(full), None) == shell


def test_the_configured_one_is_taken_before_all(tmp_path: Path) -> None:
    mine = program(tmp_path, "mine")
    assert find_chromium(str(mine), "", None) == mine
    with pytest.raises(ChromiumMissing, match="correct the path"):
        find_chromium(str(tmp_path / "gone"), "", None)


def test_a_program_behind_a_closed_folder_is_out_of_the_unprivileged_users_reach(tmp_path: Path) -> None:
    mine = program(tmp_path / "cache", "chrome")
    stranger = Account("stranger", os.getuid() + 4321, os.getgid() + 4321)
    (tmp_path / "cache").chmod(0o700)
    assert may_run(mine, None)
    assert not may_run(mine, stranger)
    with pytest.raises(ChromiumMissing, match="stranger may not run"):
        find_chromium(str(mine), "", stranger)


def test_the_environment_is_a_short_list_and_home_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERET_TOKEN", "secret")
    home = make_home(None)
    try:
        assert "LEVERET_TOKEN" not in environment(home)
        assert home.stat().st_mode & 0o777 == 0o700
    finally:
        home.rmdir()


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user may look into."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_chromium_runs_as_the_unprivileged_user_and_dies_with_its_parent(reachable: Path) -> None:
    stand_in = program(reachable, "my chromium")
    stand_in.write_text("#!/bin/sh\nid -u\nexec sleep 600\n")
    who = Account("nobody", 65534, 65534) if os.getuid() == 0 else None
    wrapper = program(reachable, "wrapper.sh")
    wrapper.write_text(wrapper_script(stand_in, who, reachable / "a.pid"))
    parent = subprocess.Popen(["sh", "-c", '"$0" & wait', wrapper], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert int(parent.stdout.readline()) == (who.uid if who else os.getuid())
    note = PidNote.read(reachable / "a.pid")
    assert note is not None
    process = note.alive()
    assert process is not None
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_gone(process)
