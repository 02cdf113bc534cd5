"""The process asks its C library to be small, and loads nothing that only simulates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_glibc_takes_the_settings_and_memory_is_given_back() -> None:
    told = python(
        "from device.thrift import be_thrifty\n"
        "print(be_thrifty())\n"
        "def rss(): return int(open('/proc/self/statm').read().split()[1]) * 4\n"
        "before = rss()\n"
        "pictures = [bytes(200_000) + b'x' for _ in range(100)]\n"
        "full = rss()\n"
        "del pictures\n"
        "print(full - before > 15_000, rss() - before < 2_000)"
    )
    assert told in ("True\nTrue True", "False\nTrue True", "False\nTrue False")


def test_a_real_device_loads_nothing_that_simulates_one() -> None:
    told = python("import sys, device.main, device.real; print([m for m in sys.modules if 'simulat' in m])")
    assert told == "[]"
