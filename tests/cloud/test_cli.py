"""The command line: what is wrong is said in one line, with the next step, and ends with 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from cloud.people.accounts import Accounts

Start = tuple[subprocess.CompletedProcess[str], Path]


def leveret(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cloud.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def test_a_device_is_paired_listed_and_revoked(tmp_path: Path) -> None:
    key, data = tmp_path / "kitchen.key", ("--data-dir", tmp_path / "data")
    assert leveret("pair", "Kitchen", "--write", key, *data).returncode == 0
    told = msgspec.json.decode(key.read_bytes())
    assert Accounts(tmp_path / "data" / "people").device("kitchen").key == told["key"]
    assert "kitchen" in leveret("devices", *data).stdout
    again = leveret("pair", "Kitchen", *data)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "revoke it first" in again.stderr
    assert leveret("revoke", "kitchen", *data).returncode == 0
    assert leveret("devices", *data).stdout == ""


def test_typing_to_no_cloud_says_how_to_start_one(tmp_path: Path) -> None:
    said = leveret("say", "what time is it", "--data-dir", tmp_path)
    assert said.returncode == 2
    assert said.stderr.strip() == f"leveret: no cloud runs on {tmp_path}; start one with `leveret serve`"


@pytest.fixture(scope="module")
def failed_start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """A start that a skill file stops, on a folder that everybody may look into."""
    folder = tmp_path_factory.mktemp("start")
    data, skill = folder / "data", folder / "bad.json"
    data.mkdir(mode=0o755)
    skill.write_text('{"format": 1, "nme": "order"}')
    return leveret("serve", "--data-dir", data, "--port", "0", "--skills", skill), data


def test_what_stops_a_start_is_one_line_also_when_it_comes_from_another_room(failed_start: Start) -> None:
    started, _ = failed_start
    assert started.returncode == 2
    assert [line for line in started.stderr.splitlines() if line.startswith("leveret: ")] == [
        "leveret: bad.json: unknown field 'nme' at $; did you mean 'name'?"
    ]
    assert "Traceback" not in started.stderr


def test_nobody_else_can_read_what_the_cloud_writes(failed_start: Start) -> None:
    _, data = failed_start
    written = [path for path in data.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"leveret.db", "owner.token"}
    assert not [path.name for path in written if path.stat().st_mode & 0o077]
