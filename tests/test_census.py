"""The census notices what it is there for."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.census import no_task_left, nothing_left


def test_a_file_that_stays_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "left"
    with pytest.raises(AssertionError, match=r"still open: .*left"), nothing_left():
        file = path.open("w")
    file.close()


def test_a_thread_that_goes_on_is_noticed() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="lingerer")
    with pytest.raises(AssertionError, match=r"threads still run: .*lingerer"), nothing_left(0.01):
        thread.start()
    over.set()
    thread.join()


async def test_a_task_that_goes_on_is_noticed() -> None:
    over = asyncio.Event()
    with pytest.raises(AssertionError, match=r"tasks still run: .*wait"):
        async with no_task_left(0.01):
            task = asyncio.create_task(over.wait())
    over.set()
    await task


async def test_what_ends_by_itself_is_no_fault(tmp_path: Path) -> None:
    over = asyncio.Event()
    async with no_task_left():
        task = asyncio.create_task(over.wait())
        asyncio.get_running_loop().call_soon(over.set)
    assert task.done()
