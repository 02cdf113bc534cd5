"""A process that begins what is due, and is killed at a crash point: `python -m … folder now`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.cloud.schedules.diary import Diary, SetClock


async def main(folder: Path, now: float) -> None:
    clock = SetClock(2026, 1, 1)
    clock.now = now
    diary = Diary(folder, clock)
    async with diary.open():
        await diary.firings.fire_due()


asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
