"""Every site, in every release, in a real browser: the main errand can be done, and the ledger tells of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from browser.pool import Pool
from examples.town import Town
from examples.town.pages import releases_of
from examples.town.town import SITES
from tests.town.conftest import RELEASES
from tests.town.errands import ERRANDS
from tests.town.person import Person


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("site", ERRANDS)
async def test_the_errand_can_be_done_in_every_release(site: str, towns: Mapping[str, Town], pool: Pool) -> None:
    async def walk(town: Town) -> None:
        async with pool.context(navigate=(f"*.localhost:{town.port}",)) as context:
            page = await context.new_page()
            await ERRANDS[site](Person(page.playwright), town)

    ends = await asyncio.gather(*map(walk, towns.values()), return_exceptions=True)
    for release, end in zip(towns, ends, strict=True):
        if end is not None:
            raise AssertionError(f"{site} {release}") from end


def test_every_site_has_three_releases_or_more_and_an_errand() -> None:
    assert set(SITES) == set(ERRANDS)
    assert not [site for site in SITES if not set(RELEASES) <= set(releases_of(site))]


@pytest.mark.parametrize("releases", [{"pizza": "99"}, {"castle": "1"}])
def test_a_site_or_a_release_that_there_is_not_is_named(releases: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"take one of .*"):
        Town(releases=releases)
