"""Unit files as tests read them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

UNITS = Path(__file__).parents[2] / "systemd"
SYSTEM_UNITS = Path("/lib/systemd/system")


def settings(unit: Path) -> dict[str, list[str]]:
    """A unit file as {"Service.User": ["leveret-device"], …}; a key that is written twice has two values."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in unit.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith(("#", ";")):
            key, equals, value = line.partition("=")
            assert equals, f"{unit.name}: {line!r} is no setting"
            found.setdefault(f"{section}.{key.strip()}", []).append(value.strip())
    return found


def services() -> list[Path]:
    return sorted(UNITS.glob("*.service"))


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60)


def laid_root(root: Path) -> Path:
    """A root with our units, the system's own beside them, and programs where the units look for them."""
    placed = root / "etc/systemd/system"
    placed.mkdir(parents=True)
    shutil.copytree(SYSTEM_UNITS, root / "lib/systemd/system", symlinks=True)
    for unit in (one for one in UNITS.iterdir() if one.is_file()):
        shutil.copy(unit, placed)
    for unit in services():
        found = settings(unit)
        for command in found["Service.ExecStart"] + found.get("Service.ExecCondition", []):
            program = root / command.split()[0].lstrip("/-+!")
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text("#!/bin/sh\n")
            program.chmod(0o755)
    return root
