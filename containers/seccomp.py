"""Writes `containers/seccomp.json`: the filter of the cloud's unit, as a container's. `python -m containers.seccomp`

Docker's own filter forbids the namespaces that Chromium's sandbox is made of; none at all would allow too much.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UNIT = HERE.parent / "systemd/leveret-cloud.service"
PROFILE = HERE / "seccomp.json"
EPERM, ENOSYS = 1, 38
# Namespaces that are not Chromium's: mounts, control groups, host names, System V IPC.
BARRED_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000
# What makes namespaces says so in the bits of its first argument; `clone3` hides them behind a pointer, and the C
# library takes `clone` where there is none. Nothing here goes into the namespaces of others.
MAKING, HIDDEN, GOING = {"clone", "unshare"}, "clone3", "setns"


@cache
def group(name: str) -> frozenset[str]:
    """The system calls of a group, with those of the groups in it."""
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    words = {line.strip() for line in told.stdout.splitlines()[1:]} - {""}
    inner = {word for word in words if word.startswith("@")}
    calls = {word for word in words if not word.startswith(("@", "#"))}
    return frozenset(calls.union(*map(group, inner)))


def allowed(unit: str) -> set[str]:
    """What the lines `SystemCallFilter=` of a unit leave, in their order."""
    calls = set(group("@default"))
    for line in unit.splitlines():
        name, _, value = line.partition("=")
        if name != "SystemCallFilter":
            continue
        named = value.removeprefix("~").split()
        meant = set().union(*(group(word) if word.startswith("@") else {word} for word in named))
        calls = calls - meant if value.startswith("~") else calls | meant
    return calls


def profile(unit: str) -> dict[str, Any]:
    """In the form that container runtimes read."""
    mask = {"index": 0, "value": BARRED_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    free = sorted(allowed(unit) - MAKING - {HIDDEN, GOING})
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": EPERM,
        "archMap": [
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []},
            {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []},
        ],
        "syscalls": [
            {"names": free, "action": "SCMP_ACT_ALLOW"},
            {"names": sorted(MAKING), "action": "SCMP_ACT_ALLOW", "args": [mask]},
            {"names": [HIDDEN], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
        ],
    }


def text() -> str:
    return json.dumps(profile(UNIT.read_text()), indent=1) + "\n"


if __name__ == "__main__":
    PROFILE.write_text(text())
