"""The filmstrip of a run: the browser's pictures, and all of them on one sheet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

COLUMNS = 3
WIDTH_PX = 480
GAP_PX = 12
PAPER = (24, 26, 30)


def collect(tasks: Path, out: Path) -> list[Path]:
    """Copies the frames of every task under `tasks` into `out`, numbered through; returns where they are."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    frames = sorted(tasks.glob("*/frames/*.jpg"))
    return [Path(shutil.copy(frame, out / f"{number:03d}.jpg")) for number, frame in enumerate(frames, 1)]


def sheet(frames: Sequence[Path], path: Path) -> None:
    """One PNG with all frames in rows. Nothing is written when there are none."""
    if not frames:
        return
    small = [_small(frame) for frame in frames]
    height = max(picture.height for picture in small)
    rows = -(-len(small) // COLUMNS)
    size = (COLUMNS * (WIDTH_PX + GAP_PX) + GAP_PX, rows * (height + GAP_PX) + GAP_PX)
    whole = Image.new("RGB", size, PAPER)
    for index, picture in enumerate(small):
        row, column = divmod(index, COLUMNS)
        whole.paste(picture, (GAP_PX + column * (WIDTH_PX + GAP_PX), GAP_PX + row * (height + GAP_PX)))
    whole.save(path)


def _small(frame: Path) -> Image.Image:
    with Image.open(frame) as picture:
        return picture.convert("RGB").resize((WIDTH_PX, round(picture.height * WIDTH_PX / picture.width)))
