"""What every light does."""

from __future__ import annotations

import pytest

from tests.device.contract.pins import World
from tests.device.contract.rigs import NO_WIRE, LightRig

pytestmark = [
    pytest.mark.parametrize("kind", NO_WIRE),
    pytest.mark.parametrize("active_high", [True, False], ids=["to ground", "to 3.3 V"]),
]


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (10, 128, 250)])
def test_the_colour_that_is_shown_is_the_one_that_is_seen(
    world: World | None, active_high: bool, colour: tuple[int, int, int]
) -> None:
    rig = LightRig(world, active_high=active_high)
    rig.part.show(*colour)
    assert rig.seen() == colour
    rig.part.close()


def test_a_closed_light_stays_closed(world: World | None, active_high: bool) -> None:
    rig = LightRig(world, active_high=active_high)
    rig.part.show(255, 0, 0)
    rig.part.close()
    rig.part.close()
    rig.part.show(0, 255, 0)
