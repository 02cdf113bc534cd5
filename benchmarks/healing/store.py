"""Where the benchmark keeps what it fetched, rendered and found; made again when it is gone, never committed."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".bench-cache" / "healing"
PACKAGES = CACHE / "packages"
PAGES = CACHE / "pages"
LOOKS = CACHE / "looks"
PEERS = ROOT / ".venv-peers"
OUT = ROOT / "out"
DATA = Path(__file__).parent / "data"
