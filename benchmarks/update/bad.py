"""U2: releases that end, hang, loop, stay without a link or eat all memory, at the pace of a real device."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from release.boot.place import Place
from release.laying import lay_boot, lay_first
from tests.release.trees import lay_tree, offer

_SAYS: Final = (
    'print(\'{"started": true, "link": LINK}\', '
    "file=open(int(os.environ['LEVERET_REPORT_FD']), 'w', closefd=False), flush=True)"
)
_OLD: Final = f"""#!{sys.executable}
import os, sys, time
from pathlib import Path
{_SAYS.replace("LINK", "true")}
time.sleep(1)
if "refused\\": []" in Path(os.environ["LEVERET_ROOT"], "chosen", "state.json").read_text():
    sys.exit(76)
sys.exit(0)
"""
_NEW: Final = f"#!{sys.executable}\nimport os, resource, sys, time\n"
_ALIVE: Final = "while True:\n    {}\n    time.sleep(5)\n"
BAD: Final = {
    "ends with 1": _NEW + "sys.exit(1)\n",
    "ends with 0": _NEW + "sys.exit(0)\n",
    "loops in crashes": _NEW + _SAYS.replace("LINK", "true") + "\ntime.sleep(5)\nos.abort()\n",
    "hangs before its first report": _NEW + "time.sleep(3600)\n",
    "hangs after it": _NEW + _SAYS.replace("LINK", "true") + "\ntime.sleep(3600)\n",
    "no link for 5 minutes": _NEW + _ALIVE.format(_SAYS.replace("LINK", "false")),
    "eats memory": _NEW
    + "resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))\n"
    + _SAYS.replace("LINK", "true")
    + "\nkept = []\nwhile True:\n    kept.append(bytes(1 << 20))\n",
}


@dataclass(frozen=True)
class Left:
    """How a bad release was left. `took_s`: from its first start until the old one ran again."""

    name: str
    rolled_back: bool
    took_s: float
    why: str


class Trying:
    """All of them at once, each in a folder of its own; they mostly wait."""

    def __init__(self, folder: Path) -> None:
        self._began = time.time()
        self._running: dict[str, tuple[Path, subprocess.Popen[bytes]]] = {}
        for number, (name, program) in enumerate(BAD.items()):
            root = folder / f"bad{number}"
            lay_tree(root.parent / f"first{number}", 7, program=_OLD)
            lay_first(root, root.parent / f"first{number}")
            lay_boot(root)
            offer(root, 8, program=program)
            line = [sys.executable, "-I", str(root / "boot"), "leveret-device"]
            self._running[name] = root, subprocess.Popen(line, stderr=subprocess.DEVNULL)

    def results(self) -> list[Left]:
        """Waits for the last of them."""
        found: dict[str, Left] = {}
        while len(found) < len(self._running):
            for name, (root, process) in self._running.items():
                if name not in found and process.poll() is not None:
                    path = Place(root).chosen / "state.json"
                    # Written last when the old one is about to run again, however late somebody looks.
                    took, state = path.stat().st_mtime - self._began, json.loads(path.read_text())
                    back = process.returncode == 0 and state["good"] == "0.7-7" and state["refused"] == ["0.8-8"]
                    found[name] = Left(name, back, took, state["why"])
            time.sleep(0.2)
        return [found[name] for name in BAD]

    def close(self) -> None:
        for _, process in self._running.values():
            if process.poll() is None:
                process.terminate()
                process.wait()


def without_sync() -> None:
    """The real disk below need not sync: what syncing is for is played by `tests/release/disk.py`."""
    os.fsync = lambda handle: None
