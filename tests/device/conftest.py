from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.device.sound_stage import Stage, stage


@pytest.fixture(scope="session")
def sound() -> Iterator[Stage]:
    """One sound server for all tests of a process that need one."""
    with stage() as made:
        yield made
