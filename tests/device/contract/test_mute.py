"""What every mute switch does."""

from __future__ import annotations

import pytest

from tests.device.contract.pins import World
from tests.device.contract.rigs import NO_WIRE, MuteRig, told

pytestmark = pytest.mark.parametrize("kind", NO_WIRE)


async def test_how_it_stands_is_told_at_once_and_then_whenever_it_is_slid(world: World | None) -> None:
    rig = MuteRig(world)
    rig.slide(True)
    stands: list[bool] = []
    rig.part.start(stands.append)
    assert stands == [True], "a device that starts muted is muted before anything else"
    rig.slide(False)
    await told(lambda: len(stands) == 2)
    rig.slide(True)
    await told(lambda: len(stands) == 3)
    rig.part.close()
    assert stands == [True, False, True]


async def test_a_closed_switch_tells_nothing(world: World | None) -> None:
    rig = MuteRig(world)
    stands: list[bool] = []
    rig.part.start(stands.append)
    rig.part.close()
    rig.part.close()
    assert stands == [False]
