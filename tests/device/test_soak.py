"""Turn after turn: never stuck, nothing left open. `make soak` and `python -m benchmarks.soak` take 5,000."""

from __future__ import annotations

import os

from tests.device.soak import soak

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


async def test_turn_after_turn_the_device_comes_back_to_rest_and_leaves_nothing_open() -> None:
    came = await soak(5000 if LONG else 60, seed=1)
    assert came.stuck == 0
    assert came.files_more <= 0 and came.tasks_more <= 0
    assert not LONG or came.growth < 0.05
