"""`python3 -m installer` on a scratch root: files, users and units are real, the release is a small one of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.changes import LayRelease
from installer.command import main
from installer.doing import Hands, link
from installer.errors import StepFailed
from installer.looking import inside, is_enabled, shipped, users
from installer.programs import PROGRAMS, UPDATER, Program

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="makes users and gives folders to them, which takes root")
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)


def lay_little(root: Path, change: LayRelease) -> None:
    """A release whose commands say their name. Real ones take minutes: `make install-test` lays them."""
    home = inside(root, change.home)
    for name in PROGRAMS[change.program].commands:
        command = home / "releases/0.1.0-1/bin" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(f"#!/bin/sh\necho {name}\n")
        command.chmod(0o755)
    (home / "current").symlink_to("releases/0.1.0-1")


def run(root: Path, *words: str) -> int:
    return main([*words, "--root", str(root)], laying=lay_little)


def below(root: Path) -> dict[str, str]:
    """All that is not a folder, with what it holds."""
    found = (path for path in root.rglob("*") if path.is_symlink() or path.is_file())
    return {str(path.relative_to(root)): "" if path.is_symlink() else path.read_text() for path in found}


@as_root
@each_program
def test_an_installation_is_made_once_and_leaves_nothing_when_it_is_purged(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "etc").mkdir()
    assert run(tmp_path, "install", program.name) == 0
    told = capsys.readouterr().out
    assert f"==> write /etc/systemd/system/{program.service}.service" in told and "Next: " in told
    assert {program.user, UPDATER} <= users(tmp_path).keys()
    assert all(is_enabled(tmp_path, unit) for unit in program.enabled)
    groups = [line.split(":") for line in (tmp_path / "etc/group").read_text().splitlines()]
    needed = {"gpio", "i2c", "spi", "audio", "video", "netdev"} if program.name == "device" else set()
    assert {name for name, _, _, members in groups if program.user in members.split(",")} == needed
    assert (tmp_path / "etc/leveret" / f"{program.name}.toml").stat().st_mode & 0o777 == 0o644
    for name in program.commands:
        assert (tmp_path / "usr/local/bin" / name).readlink() == Path(program.home / "current/bin" / name)

    was = below(tmp_path)
    assert run(tmp_path, "install", program.name) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert below(tmp_path) == was

    assert run(tmp_path, "uninstall", program.name) == 0
    assert "the settings in /etc/leveret stay" in capsys.readouterr().out
    assert run(tmp_path, "uninstall", program.name, "--purge") == 0
    assert not {path for path in below(tmp_path) if "leveret" in path}
    assert not {name for name in users(tmp_path) if "leveret" in name}
    assert "leveret" not in (tmp_path / "etc/group").read_text()
    assert run(tmp_path, "uninstall", program.name, "--purge") == 0
    assert "Nothing to do" in capsys.readouterr().out


@as_root
def test_one_of_two_programs_goes_and_the_other_stays(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert run(tmp_path, "install", "device") == run(tmp_path, "install", "cloud") == 0
    assert run(tmp_path, "uninstall", "device", "--purge") == 0
    assert run(tmp_path, "install", "cloud", "--dry-run") == 0
    assert {"leveret-cloud", UPDATER} <= users(tmp_path).keys() and "leveret-device" not in users(tmp_path)
    assert is_enabled(tmp_path, "leveret-cloud.service")


def test_a_dry_run_says_all_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "install", "cloud", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "would make the system users leveret-cloud, leveret-update\n" in said
    assert said.endswith("nothing was done.\n")
    assert not list(tmp_path.iterdir())


@as_root
def test_a_step_that_fails_is_told_and_the_next_call_goes_on_from_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(root: Path, change: LayRelease) -> None:
        raise StepFailed("there is no network. Mend that, and start again.")

    (tmp_path / "etc").mkdir()
    assert main(["install", "cloud", "--root", str(tmp_path)], laying=fail) == 1
    said = capsys.readouterr()
    assert said.err == "leveret: there is no network. Mend that, and start again.\n"
    assert run(tmp_path, "install", "cloud") == 0
    assert "make the system user" not in capsys.readouterr().out


def test_what_is_in_the_way_is_named_and_left(tmp_path: Path) -> None:
    (tmp_path / "leveret").write_text("somebody's own")
    with pytest.raises(StepFailed, match=r"leveret is there already, and not ours"):
        link(tmp_path / "leveret", PROGRAMS["cloud"].home)
    assert (tmp_path / "leveret").read_text() == "somebody's own"


def test_a_root_that_is_none_and_a_user_without_rights_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path / "nowhere", "install", "cloud") == 2
    assert "is no folder; --root names the top of a system" in capsys.readouterr().err
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert run(tmp_path, "install", "cloud") == 2
    assert "put sudo before the command" in capsys.readouterr().err


def test_a_program_that_fails_or_is_missing_is_told_with_what_it_said(tmp_path: Path) -> None:
    hands = Hands(tmp_path, lay_little)
    with pytest.raises(StepFailed, match=r"ended with 3: no such luck"):
        hands._run("sh", "-c", "echo no such luck >&2; exit 3")
    with pytest.raises(StepFailed, match=r"is not on this machine"):
        hands._run("leveret-no-such-program")


def test_it_needs_nothing_but_python() -> None:
    """It is what runs first on a machine that has nothing yet."""
    line = [sys.executable, "-ISc", "import sys; sys.path.insert(0, '.'); import installer.command"]
    assert subprocess.run(line, cwd=ROOT, capture_output=True, text=True).stderr == ""


def test_the_units_are_found_from_the_package() -> None:
    assert {"leveret-cloud.service", "leveret-device.service", "sysusers.d/leveret-device.conf"} <= shipped().keys()
