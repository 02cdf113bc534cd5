"""The skills that were written for the first release, on the later ones: done, or stopped with nothing done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from browser.deadline import Deadline
from browser.pool import Pool
from examples.town import Town
from teach_mode.checks import read_skill
from teach_mode.replay import Replay
from teach_mode.replayed import Replayed
from tests.teach_mode.conftest import ScriptedGate

SKILLS = Path(__file__).parents[2] / "examples" / "skills"
ADA = {"name": "Ada Example", "phone": "555 0100 22"}
VALUES: dict[str, dict[str, Any]] = {
    "pizza": {"size": "small", "kind": "funghi", "address": "Elm Street 5", **ADA},
    "bistro": {"people": 3, "when": "2026-12-03T19:00", **ADA},
}
pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def replayed(site: str, town: Town, pool: Pool) -> Replayed:
    skill = read_skill(SKILLS / f"{site}.json").at(getattr(town.addresses, site))
    async with pool.context(navigate=skill.navigates, load=skill.loads) as task:
        replay = Replay(await task.new_page(), ScriptedGate(), open_page=task.new_page)
        return await replay.run(skill, VALUES[site], Deadline.after_ms(120_000))


async def everywhere(town: Town, pool: Pool) -> dict[str, Replayed]:
    """Both skills, side by side."""
    ends = await asyncio.gather(*(replayed(site, town, pool) for site in VALUES))
    return dict(zip(VALUES, ends, strict=True))


async def test_a_skill_of_the_first_release_is_done_on_the_second(towns: Mapping[str, Town], pool: Pool) -> None:
    ledger = towns["2"].ledger
    before = {site: len(ledger.rows(site)) for site in VALUES}
    for site, done in (await everywhere(towns["2"], pool)).items():
        assert (done.outcome, done.error) == ("done", None) and done.healed
        assert len(ledger.rows(site)) == before[site] + 1


async def test_a_skill_of_the_first_release_stops_before_a_site_that_was_rebuilt(
    towns: Mapping[str, Town], pool: Pool
) -> None:
    ledger = towns["3"].ledger
    before = {site: ledger.rows(site) for site in VALUES}
    for site, stopped in (await everywhere(towns["3"], pool)).items():
        assert stopped.outcome == "failed" and stopped.error is not None
        assert ledger.rows(site) == before[site]
