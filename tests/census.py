"""What a test leaves behind: open files, threads, tasks. `D8` of docs/reliability.md: nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

_OPEN: Final = Path("/proc/self/fd")
_PATIENCE_S: Final = 10.0
# Fonts are read once and kept.
_KEPT: Final = (".ttf", ".otf")
# Importing luma.core starts four threads that nothing ends.
_POOL: Final = "luma.core.threadpool"


def open_files() -> Counter[str]:
    """What each file descriptor of this process is, without numbers that are only names."""
    found: Counter[str] = Counter()
    for entry in _OPEN.iterdir():
        try:
            name = str(entry.readlink())
        except OSError:
            continue
        if not name.endswith((*_KEPT, f"/proc/{os.getpid()}/fd")):
            found[name.split(":[")[0]] += 1
    return found


def threads_running() -> set[threading.Thread]:
    """The threads of this process, without those that a library keeps for good."""
    return {thread for thread in threading.enumerate() if type(thread).__module__ != _POOL}


@contextmanager
def nothing_left(patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Fails when files are open or threads run at the end that were not at the beginning."""
    files, threads = open_files(), threads_running()
    yield
    for thread in threads_running() - threads:
        # A thread that was told to end may take its time; one that was not never will.
        thread.join(patience_s)
    left = [thread.name for thread in threads_running() - threads]
    assert not left, f"threads still run: {left}"
    if more := open_files() - files:
        gc.collect()
        more = open_files() - files
    assert not more, f"still open: {dict(more)}"


@asynccontextmanager
async def no_task_left(patience_s: float = _PATIENCE_S) -> AsyncIterator[None]:
    """Inside a running loop: fails when tasks run at the end that were not at the beginning."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        # What serves a connection ends once it hears that the other side is gone.
        _, left = await asyncio.wait(left, timeout=patience_s)
    assert not left, f"tasks still run: {[repr(task.get_coro()) for task in left]}"
