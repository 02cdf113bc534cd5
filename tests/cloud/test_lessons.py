"""A lesson waits for its person for five minutes, by a clock of the test's, and is then gone with its browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import Struct

from browser.pool import Pool, PoolConfig
from cloud.clock import fresh_id
from cloud.lessons import LINGER_S, Lessons
from teach_mode.interfaces import Permit
from teach_mode.lesson.told import Saved
from teach_mode.studio import House

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


class Hourglass:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.begun = asyncio.Event()
        self._over: list[asyncio.Event] = []

    async def wait(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        self._over.append(asyncio.Event())
        await self._over[-1].wait()

    def run_out(self) -> None:
        """The time that was asked for last is over."""
        self._over[-1].set()


class Window:
    """A window that keeps why it was sent away."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def tell(self, shown: Struct) -> None:
        """Nobody reads it."""

    def show(self, picture: bytes) -> None:
        """Nobody looks."""

    def end(self, code: str, why: str) -> None:
        self.ended.append(code)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    async with Pool(PoolConfig(state_dir=tmp_path_factory.mktemp("pool"))) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def glass() -> Hourglass:
    return Hourglass()


@pytest_asyncio.fixture(loop_scope="module")
async def lessons(pool: Pool, glass: Hourglass, tmp_path: Path) -> AsyncIterator[Lessons]:
    house = House(
        judge=lambda act, skill: Permit(go=True),
        save=lambda skill, pictures, files, note: Saved(name=skill.name, version=1, example=""),
        now=lambda: datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
    )
    made = Lessons(pool, lambda person: house, folder=tmp_path / "lessons", fresh_id=fresh_id, wait=glass.wait)
    yield made
    await made.close()


async def test_a_lesson_that_its_person_left_is_closed_after_five_minutes_with_its_browser(
    lessons: Lessons, glass: Hourglass
) -> None:
    window = Window()
    lesson = await lessons.join("ada", window)
    await lessons.leave("ada", window)
    await glass.begun.wait()
    assert glass.asked == [LINGER_S] and lessons.open == (lesson,)
    closed = asyncio.Event()
    lesson.task.playwright.on("close", lambda _: closed.set())
    glass.run_out()
    await asyncio.wait_for(closed.wait(), 20)
    assert lessons.open == ()
    again = await lessons.join("ada", Window())
    assert again is not lesson


async def test_who_comes_back_in_time_finds_the_lesson_and_nothing_closes_it_later(
    lessons: Lessons, glass: Hourglass
) -> None:
    first, second = Window(), Window()
    lesson = await lessons.join("ada", first)
    await lessons.leave("ada", first)
    await glass.begun.wait()
    assert await lessons.join("ada", second) is lesson
    glass.run_out()
    assert not lesson.task.pages[0].closed and lessons.open == (lesson,)
    assert await lessons.join("ada", Window()) is lesson
    assert second.ended == ["taken_over"] and len(glass.asked) == 1


async def test_a_window_that_was_taken_over_closes_nothing_when_it_goes(lessons: Lessons, glass: Hourglass) -> None:
    first, second = Window(), Window()
    lesson = await lessons.join("ada", first)
    await lessons.join("ada", second)
    await lessons.leave("ada", first)
    assert glass.asked == [] and lessons.open == (lesson,)
