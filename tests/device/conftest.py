from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.census import no_task_left
from tests.device.sound_stage import Stage, stage


@pytest.fixture(scope="session")
def sound() -> Iterator[Stage]:
    """One sound server for all tests of a process that need one."""
    with stage() as made:
        yield made


@pytest_asyncio.fixture(autouse=True)
async def census_of_tasks(census: None) -> AsyncIterator[None]:
    """No test leaves a task behind, either."""
    async with no_task_left():
        yield
