"""The cloud makes room for a release when nothing goes on, and reports only while it answers."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

import httpx

from cloud.replacing import replaced
from release.boot.kept import Kept
from release.boot.place import Place
from release.child import Parent


def place_with(root: Path) -> Place:
    place = Place(root)
    for folder in (place.chosen, place.incoming):
        folder.mkdir()
    place.keep(Kept(good="0.1-7", counter=7))
    (place.incoming / "ready.json").write_text('{"name":"0.2-8"}')
    return place


async def test_it_makes_room_when_nothing_goes_on(tmp_path: Path) -> None:
    place_with(tmp_path)
    reading, writing = os.pipe()
    rest, looked = [False], asyncio.Event()

    def at_rest() -> bool:
        looked.set()
        return rest[0]

    async def alive() -> None: ...

    ending = asyncio.create_task(replaced(Parent(tmp_path, "0.1-7", writing), alive, at_rest, beat_s=0.001))
    for _ in range(3):
        looked.clear()
        await asyncio.wait_for(looked.wait(), 20)
    assert not ending.done()
    rest[0] = True
    await asyncio.wait_for(ending, 20)
    assert b'"started": true' in os.read(reading, 65536)
    os.close(reading)
    os.close(writing)


async def test_one_that_does_not_answer_reports_nothing(tmp_path: Path) -> None:
    place_with(tmp_path)
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    tried = asyncio.Event()

    async def dead() -> None:
        tried.set()
        raise httpx.ConnectError("nobody there")

    ending = asyncio.create_task(replaced(Parent(tmp_path, "0.1-7", writing), dead, lambda: False, beat_s=0.001))
    await asyncio.wait_for(tried.wait(), 20)
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)
    with contextlib.suppress(BlockingIOError):
        assert os.read(reading, 10) == b""
    os.close(reading)
    os.close(writing)
