"""S1 and S2: each unit is one that systemd takes without a word, exposes no more than it must, and is bounded."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.systemd.unit_files import UNITS, laid_root, run, services, settings
from tests.test_docs import DOCS, bare, rows

PAGE = DOCS / "units.md"
# Whose figures the page tells; other versions of systemd count some things otherwise.
MEASURED_WITH = "252"
# What the units may expose at the most, on systemd's scale from 0 to 10: the device, the cloud, and so on.
MOST = {
    "leveret-device.service": 2.0,
    "leveret-cloud.service": 2.5,
    "leveret-device-update.service": 1.5,
    "leveret-cloud-update.service": 1.5,
}

# S2, and what makes a unit that of an ordinary user. True: any value.
EVERY = {
    "Restart": "on-failure",
    "TasksMax": True,
    "MemoryMax": True,
    "LimitNOFILE": True,
    "LimitCORE": "0",
    "KillMode": "control-group",
    "User": True,
    "NoNewPrivileges": "yes",
    "DevicePolicy": "closed",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "ProtectProc": "invisible",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
    "SystemCallErrorNumber": "EPERM",
    "UMask": True,
}
# The page on which a device is set up is at port 80; nobody else needs any.
CAPABILITIES = {"leveret-device.service": "CAP_NET_BIND_SERVICE"}
LONG_LIVED = {"UMask": "0077", "Type": "notify", "NotifyAccess": "main", "WatchdogSec": True, "TimeoutAbortSec": True}

each_service = pytest.mark.parametrize("unit", services(), ids=lambda unit: unit.stem)


def exposure(unit: Path) -> float:
    told = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told.stdout)
    assert found and not told.stderr, told.stdout + told.stderr
    return float(found[1])


def test_systemd_has_nothing_to_say_about_any_unit(tmp_path: Path) -> None:
    root = laid_root(tmp_path / "root")
    told = run(
        "systemd-analyze", "verify", f"--root={root}", *(f"/etc/systemd/system/{one.name}" for one in services())
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_a_unit_that_is_wrong_would_be_noticed(tmp_path: Path) -> None:
    root = laid_root(tmp_path / "root")
    unit = root / "etc/systemd/system/leveret-device.service"
    unit.write_text(unit.read_text().replace("WatchdogSec=20", "WatchdogSec=soon"))
    told = run("systemd-analyze", "verify", f"--root={root}", "/etc/systemd/system/leveret-device.service")
    assert "Failed to parse sec value, ignoring: soon" in told.stderr


@each_service
def test_a_unit_exposes_no_more_than_it_must_and_the_page_says_how_much(unit: Path) -> None:
    measured = exposure(unit)
    assert measured <= MOST[unit.name]
    gate = run("systemd-analyze", "security", "--offline=true", f"--threshold={MOST[unit.name] * 10:.0f}", unit)
    assert gate.returncode == 0, gate.stdout
    (told,) = [row for row in rows(PAGE, heading="## What each exposes")[1:] if f"`{unit.name}`" in row[0]]
    assert float(told[2]) == MOST[unit.name]
    if run("systemctl", "--version").stdout.split()[1] == MEASURED_WITH:
        assert float(told[1]) == measured


@each_service
def test_a_unit_is_bounded_and_runs_as_a_user_of_its_own(unit: Path) -> None:
    found = settings(unit)
    due = EVERY | (LONG_LIVED if found["Service.Type"] == ["notify"] else {})
    wrong = {
        name: found.get(f"Service.{name}")
        for name, value in due.items()
        if f"Service.{name}" not in found or (value is not True and found[f"Service.{name}"][-1] != value)
    }
    assert not wrong
    capabilities = [found[f"Service.{name}"] for name in ("CapabilityBoundingSet", "AmbientCapabilities")]
    assert capabilities == [[CAPABILITIES.get(unit.name, "")]] * 2
    assert {"Unit.StartLimitIntervalSec", "Unit.StartLimitBurst"} <= found.keys()
    (user,) = found["Service.User"]
    assert user != "root" and any(
        re.search(rf"^u {user} ", conf.read_text(), re.MULTILINE) for conf in (UNITS / "sysusers.d").iterdir()
    )


def test_who_brings_releases_writes_them_and_who_runs_them_does_not() -> None:
    """The folders below a program's are given to their one writer by `installer/laying.py`."""
    for unit in services():
        found = settings(unit)
        home = f"/opt/leveret/{unit.stem.split('-')[1]}"
        brings = unit.stem.endswith("-update")
        assert found["Service.ReadWritePaths"] == [home if brings else f"{home}/chosen"]
        assert (found["Service.User"] == ["leveret-update"]) == brings


def seconds(found: dict[str, list[str]], name: str) -> int:
    return int(found[f"Service.{name}"][-1])


@each_service
def test_a_frozen_process_is_back_within_forty_seconds(unit: Path) -> None:
    found = settings(unit)
    if found["Service.Type"] == ["notify"]:
        assert sum(seconds(found, name) for name in ("WatchdogSec", "TimeoutAbortSec", "RestartSec")) < 40


def test_the_users_can_be_made(tmp_path: Path) -> None:
    configs = [*(UNITS / "sysusers.d").iterdir()]
    (tmp_path / "etc").mkdir()
    told = run("systemd-sysusers", f"--root={tmp_path}", *configs)
    assert told.returncode == 0, told.stderr
    made = {line.split(":")[0]: line.split(":") for line in (tmp_path / "etc/passwd").read_text().splitlines()}
    users = {settings(unit)["Service.User"][0] for unit in services()}
    assert users <= made.keys()
    assert all(made[user][-1] == "/usr/sbin/nologin" and int(made[user][2]) != 0 for user in users)


def test_what_each_line_is_for_stands_on_the_page() -> None:
    units = (*services(), *UNITS.glob("*.timer"))
    written = {re.sub(r"^(Service|Timer)\.", "", name) for unit in units for name in settings(unit)}
    told = {bare(word) for row in rows(PAGE, heading="## Why each line")[1:] for word in row[0].split(", ")}
    assert {name for name in written if "." not in name} <= told


def test_systemd_is_there() -> None:
    assert shutil.which("systemd-analyze"), "apt install systemd brings it; ./setup.sh test does, too"
