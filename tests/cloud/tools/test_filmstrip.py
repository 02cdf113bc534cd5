from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloud.tools.filmstrip import MOST_WAITING, Filmstrip


class Told:
    """What the strip tells."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.news = asyncio.Event()

    def __call__(self, kind: str, data: Mapping[str, Any]) -> None:
        assert kind == "frame" and data["name"] == f"{data['number']:04d}.jpg"
        self.names.append(data["name"])
        self.news.set()


async def film(folder: Path, frames: list[bytes], *, kept: int, most: int = 100) -> list[str]:
    """Shows frames to a strip, each after the one before was written, as long as `kept` says that it is."""
    told = Told()
    strip = Filmstrip(folder, told, most=most)
    writer = asyncio.create_task(strip.write())
    for number, frame in enumerate(frames, 1):
        told.news.clear()
        strip.take(frame)
        if number <= kept:
            await asyncio.wait_for(told.news.wait(), 40)
    strip.end()
    await writer
    return told.names


async def test_frames_are_files_in_order_and_a_picture_that_stands_still_is_kept_once(tmp_path: Path) -> None:
    assert await film(tmp_path, [b"one", b"two"], kept=2) == ["0001.jpg", "0002.jpg"]
    assert (tmp_path / "0002.jpg").read_bytes() == b"two"
    still = await film(tmp_path / "still", [b"one", b"one", b"one"], kept=1)
    assert still == ["0001.jpg"]


async def test_a_second_run_goes_on_counting(tmp_path: Path) -> None:
    await film(tmp_path, [b"one", b"two"], kept=2)
    assert await film(tmp_path, [b"three"], kept=1) == ["0003.jpg"]


async def test_no_more_frames_are_kept_than_the_bound(tmp_path: Path) -> None:
    assert len(await film(tmp_path, [bytes([number]) for number in range(9)], kept=5, most=5)) == 5


async def test_a_slow_disk_costs_frames_not_memory(tmp_path: Path) -> None:
    told = Told()
    strip = Filmstrip(tmp_path, told)
    for number in range(50):
        strip.take(bytes([number]))  # nobody writes
    strip.end()
    await strip.write()
    assert len(told.names) == MOST_WAITING
