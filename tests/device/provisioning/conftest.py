"""The real adapter for Wi-Fi, on a bus of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from device.provisioning.network_manager import NetworkManagerRadio
from tests.device.provisioning.played import network_manager


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus on which NetworkManager is played."""
    with network_manager(tmp_path) as address:
        yield address


@pytest.fixture
async def radio(bus: str) -> AsyncIterator[NetworkManagerRadio]:
    """The real adapter, on that bus."""
    made = NetworkManagerRadio(bus)
    await made.open()
    yield made
    made.close()
