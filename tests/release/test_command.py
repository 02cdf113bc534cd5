"""`leveret-device update`, from the words after it to its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from device.main import main as device
from release.boot.place import Place
from release.command import main
from release.updater import cancel
from tests.release.journeys import JOURNEYS, NEW, OLD, SETTINGS, lay, supervise


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.delenv("LEVERET_ROOT", raising=False)
    made = lay(tmp_path, JOURNEYS[0])
    (made / "update.toml").write_text(f'primary = "{SETTINGS.primary}"\nspare = "{SETTINGS.spare}"\n')
    return made


def told(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main("leveret-device update", "device", [*words, "--json", "--root", str(root)])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_an_update_from_a_stick_from_the_first_look_to_the_way_back(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = str(tmp_path / "stick")
    assert told(root, capsys, "--status")["release"] == OLD
    assert told(root, capsys, "--check", "--from", stick)["release"] == NEW and Place(root).offer() is None
    assert told(root, capsys, "--from", stick)["stage"] == "ready"
    assert told(root, capsys, "--status")["ready"] == NEW
    supervise(root)
    standing = told(root, capsys, "--status")
    assert (standing["release"], standing["previous"], standing["ready"]) == (NEW, OLD, "")
    assert told(root, capsys, "--from", stick)["stage"] == "up_to_date"
    assert told(root, capsys, "--rollback") | {"at": 0} == {
        "stage": "ready", "release": OLD, "done_bytes": 0, "of_bytes": 0, "code": "", "at": 0,
        "sentence": f"{OLD} is ready. It is taken as soon as nothing goes on that it would cut.",
    }  # fmt: skip


def test_what_is_refused_is_said_on_stderr_with_exit_code_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert device(["update", "--root", str(root)]) == 1
    assert "No address is set in update.toml" in capsys.readouterr().err
    assert device(["update", "--rollback", "--root", str(root)]) == 1
    assert "no release before" in capsys.readouterr().err
    assert device(["update", "--status", "--root", str(root)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"runs         {OLD}"]
    assert device(["update", "--cancel", "--root", str(root)]) == 0
    assert "No update is on its way" in capsys.readouterr().out


def test_a_program_that_was_not_installed_with_releases_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEVERET_ROOT", raising=False)
    assert device(["update"]) == 1
    assert "not installed with them" in capsys.readouterr().err


def test_an_update_on_its_way_is_ended_by_its_process(root: Path) -> None:
    code = (
        "import fcntl, os, signal, sys\n"
        "lock = open(sys.argv[1], 'w+b', buffering=0)\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "lock.write(str(os.getpid()).encode())\n"
        "print('held', flush=True)\n"
        "signal.pause()\n"
    )
    line = [sys.executable, "-c", code, str(root / "incoming" / "lock")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as holding:
        assert holding.stdout is not None and holding.stdout.readline() == "held\n"
        assert cancel(Place(root))
        assert holding.wait(60) == -signal.SIGTERM
    assert not cancel(Place(root))
