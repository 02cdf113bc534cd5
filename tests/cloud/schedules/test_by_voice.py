"""A request with a recurrence is understood, kept, told, changed, and done when it is due."""

from __future__ import annotations

from cloud.lam.goals import Call
from tests.cloud.schedules.conftest import Home


async def test_a_request_with_a_recurrence_is_kept_and_done_when_it_is_due(home: Home) -> None:
    async with home.open() as plan:
        status, sentence = await plan.ask("Every weekday at eight, brew a large tea.")
        assert status == "done"
        assert sentence == ("Every weekday at eight a m: brew a large tea. The first time is tomorrow at eight a m.")
        assert home.house.did == []
        (kept,) = await plan.schedules()
        assert kept.call == Call(tool="brew", arguments={"size": "large"}, origins={"size": "said"})
        assert (kept.device, kept.effect, kept.overlap) == ("dev", "reversible", "skip")
        home.clock.set(2026, 11, 27, 8, 0)
        assert await plan.fire() == ["Done: large."]
        assert await plan.fire() == []
        home.clock.set(2026, 11, 28, 8, 0)  # a Saturday
        assert await plan.fire() == []
    assert home.house.did == ["large"]
