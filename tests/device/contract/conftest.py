"""The world that a part under contract stands in."""

from __future__ import annotations

from collections.abc import Iterator

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
