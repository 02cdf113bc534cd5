"""What every wheel does."""

from __future__ import annotations

import pytest

from tests.device.contract.pins import World
from tests.device.contract.rigs import NO_WIRE, WheelRig, told

pytestmark = pytest.mark.parametrize("kind", NO_WIRE)


async def test_steps_and_pushes_are_told_with_their_direction(world: World | None) -> None:
    rig = WheelRig(world)
    steps: list[int] = []
    pushes: list[bool] = []
    rig.part.start(steps.append, lambda: pushes.append(True))
    rig.turn(3)
    rig.turn(-2)
    await told(lambda: len(steps) == 5)
    rig.push()
    await told(lambda: pushes)
    rig.let_go()
    rig.part.close()
    assert steps == [1, 1, 1, -1, -1] and pushes == [True]


async def test_a_long_way_round_has_no_end(world: World | None) -> None:
    rig = WheelRig(world)
    steps: list[int] = []
    rig.part.start(steps.append, lambda: None)
    rig.turn(60)
    await told(lambda: len(steps) == 60)
    rig.part.close()
    assert set(steps) == {1}


async def test_a_closed_wheel_tells_nothing(world: World | None) -> None:
    rig = WheelRig(world)
    steps: list[int] = []
    rig.part.start(steps.append, lambda: steps.append(99))
    rig.part.close()
    rig.part.close()
    assert steps == []
