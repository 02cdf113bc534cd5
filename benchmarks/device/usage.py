"""What a process and its children take of the machine, as the kernel counts it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from msgspec import Struct

_TICKS_S = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
_PROC = Path("/proc")


class Usage(Struct, frozen=True):
    """`cpu`: fraction of one core over a while; `rss_mb` at its end. Both with all children."""

    cpu: float
    rss_mb: float


class Meter:
    """Counts from when it is made."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began_s = time.monotonic()
        self._cpu_s = cpu_s(pid)

    def read(self) -> Usage:
        """Since then."""
        wall_s = time.monotonic() - self._began_s
        return Usage((cpu_s(self._pid) - self._cpu_s) / wall_s, rss_mb(self._pid))


def cpu_s(pid: int) -> float:
    """Seconds of a core that the process, its children, and children that have ended took."""
    return sum(sum(map(int, _stat(one)[11:15])) for one in _family(pid)) / _TICKS_S


def rss_mb(pid: int) -> float:
    """Resident memory, what is shared counted in each."""
    return sum(int(_stat(one)[21]) for one in _family(pid)) * _PAGE_MB


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in (_PROC / str(pid) / "task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name, from the state on; zeros for one that has just ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 50
