from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.census import no_task_left, nothing_left
from tests.device.sound_stage import Stage, stage


@pytest.fixture(scope="session")
def sound() -> Iterator[Stage]:
    """One sound server for all tests of a process that need one."""
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def census() -> Iterator[None]:
    """No test leaves a file open or a thread running."""
    with nothing_left():
        yield


@pytest_asyncio.fixture(autouse=True)
async def census_of_tasks(census: None) -> AsyncIterator[None]:
    """Nor a task."""
    async with no_task_left():
        yield
