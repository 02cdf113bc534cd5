"""Where the benchmark keeps what it fetched, rendered and found; made again when it is gone, never committed."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".bench-cache" / "healing"
PACKAGES = CACHE / "packages"
PAGES = CACHE / "pages"
LOOKS = CACHE / "looks"
PEERS = ROOT / ".venv-peers"
OUT = ROOT / "out"
DATA = Path(__file__).parent / "data"


def name_of(*parts: str) -> str:
    """A short, stable name for what is made of these parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
