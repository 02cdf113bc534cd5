"""What every button does."""

from __future__ import annotations

import pytest

from device.clock import steady_ms
from tests.device.contract.pins import World
from tests.device.contract.rigs import KINDS, button, told

pytestmark = pytest.mark.parametrize("kind", KINDS)


async def test_edges_come_in_their_order_and_at_their_time(kind: str, world: World | None) -> None:
    rig = button(kind, world)
    edges: list[tuple[bool, int]] = []
    began_ms = steady_ms()
    rig.part.start(lambda down, at_ms: edges.append((down, at_ms)))
    for _ in range(3):
        rig.press()
        await told(lambda: edges and edges[-1][0])
        rig.release()
        await told(lambda: not edges[-1][0])
    rig.part.close()
    assert [down for down, _ in edges] == [True, False] * 3
    times = [at_ms for _, at_ms in edges]
    assert times == sorted(times) and began_ms - 20 <= times[0] and times[-1] <= steady_ms()


async def test_whether_it_is_held_can_be_asked_at_any_time(kind: str, world: World | None) -> None:
    rig = button(kind, world)
    assert not rig.part.held()
    rig.press()
    await told(rig.part.held)
    rig.release()
    await told(lambda: not rig.part.held())
    rig.part.close()


async def test_a_button_that_was_down_before_is_no_press_until_it_went_up_and_down_again(
    kind: str, world: World | None
) -> None:
    rig = button(kind, world)
    rig.press()
    await told(rig.part.held)
    edges: list[bool] = []
    rig.part.start(lambda down, _: edges.append(down))
    rig.release()
    await told(lambda: not rig.part.held())
    rig.press()
    await told(lambda: edges)
    rig.release()
    await told(lambda: len(edges) == 2)
    rig.part.close()
    assert edges == [True, False]


async def test_a_closed_button_tells_nothing_and_is_not_held(kind: str, world: World | None) -> None:
    rig = button(kind, world)
    edges: list[bool] = []
    rig.part.start(lambda down, _: edges.append(down))
    rig.part.close()
    rig.part.close()
    assert not rig.part.held() and not edges
