"""The world that a part under contract stands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.contract import pins


@pytest.fixture
def world(kind: str) -> Iterator[pins.World | None]:
    """The pins of the kind under test; None where the part has none."""
    if kind == "simulated":
        yield None
        return
    with pins.world(kind) as made:
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if Path("/proc/device-tree/system/linux,revision").exists():
        return
    for item in items:
        if item.get_closest_marker("pi") is not None:
            item.add_marker(pytest.mark.skip(reason="this is no Raspberry Pi"))
