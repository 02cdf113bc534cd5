"""Who may write the skills of a data folder: the cloud for as long as it runs, else one command at a time.

A running cloud keeps its Toolbox in step with its own shelf, so nobody else saves there meanwhile: the command line
goes through the cloud's API. Whoever finds the lock taken sees by whom.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from cloud.locks import FileLock
from cloud.tools.errors import ShelfBusy

Owner = Literal["cloud", "command"]
LOCK = "skills.lock"
# A command holds the skills for well below a second.
WAIT_S = 10.0
_AGAIN_S = 0.05


@asynccontextmanager
async def owning(data_dir: Path, who: Owner, *, wait_s: float = WAIT_S) -> AsyncIterator[None]:
    """The skills of a folder are this process's alone. Raises ShelfBusy: at once while a cloud has them, after `wait_s`
    while a command has."""
    lock = FileLock(data_dir / LOCK)
    until = asyncio.get_running_loop().time() + wait_s
    while not lock.take(who):
        if lock.holder == "cloud" or asyncio.get_running_loop().time() >= until:
            raise ShelfBusy(data_dir, lock.holder)
        await asyncio.sleep(_AGAIN_S)
    try:
        yield
    finally:
        lock.drop()
