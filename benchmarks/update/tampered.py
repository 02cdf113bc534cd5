"""U3: bundles that must not be taken: one bit flipped at a time, and what somebody would make on purpose."""

from __future__ import annotations

import random
from pathlib import Path

from release.boot.place import Place
from release.sources import Folder
from release.updater import Updater
from tests.release.bundles import FILES, bundle, hostile, write
from tests.release.journeys import JOURNEYS, PRIMARY, SETTINGS, lay


def _taken(root: Path, folder: Path, data: bytes) -> bool:
    told = Updater(Place(root), SETTINGS, "device", now=lambda: 0.0).bring(Folder(write(folder, data)))
    return told.stage == "ready" or not told.sentence


def flips(folder: Path, many: int) -> tuple[int, int]:
    """How many bundles with one bit flipped, and how many of them were taken. Each bit at most once."""
    root = lay(folder, JOURNEYS[0])
    more = {f"lib/{name}.py": random.Random(name).randbytes(40) for name in range(20)}
    good, dice = bundle(PRIMARY, FILES | more), random.Random(1)
    bits, taken = dice.sample(range(len(good) * 8), min(many, len(good) * 8)), 0
    for bit in bits:
        changed = bytearray(good)
        changed[bit // 8] ^= 1 << bit % 8
        taken += _taken(root, folder, bytes(changed))
    if not _taken(root, folder, good):
        raise RuntimeError("the bundle without a flipped bit is not taken either")
    return many, taken


def on_purpose(folder: Path) -> tuple[int, int]:
    """How many hostile bundles, truncated ones at every 16th byte among them, and how many of them were taken."""
    root, good = lay(folder, JOURNEYS[0]), bundle(PRIMARY, FILES)
    tries = [data for data, _ in hostile(PRIMARY).values()] + [good[:size] for size in range(0, len(good), 16)]
    return len(tries), sum(_taken(root, folder, data) for data in tries)
