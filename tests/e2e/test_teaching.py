"""Taught on a canvas in one Chromium, done in another: by voice, with other values, also on the site's next release.

The few that stand for the others; all of them are walked by `python -m benchmarks.journeys`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from benchmarks.journeys.school import School, school
from benchmarks.journeys.sites import journeys
from benchmarks.journeys.walking import walk
from examples.demo.teacher import PATIENCE_MS

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]
# What is dictated, a day of a calendar, which is another one each day, and a seat in a frame that is paid by a card of
# the vault, are typed: a small engine does not hear a synthetic voice alike each time.
CHOSEN = {"pizza": False, "mail-answer": True, "bistro": True, "tickets-buy": True}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def one_school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[School]:
    async with school(tmp_path_factory.mktemp("school")) as made:
        yield made


@pytest.mark.parametrize("name", CHOSEN)
async def test_what_was_shown_is_done_with_other_values_also_on_the_next_release(one_school: School, name: str) -> None:
    walked = await walk(one_school, journeys()[name], typed=CHOSEN[name])
    assert not walked.problem, walked.problem
    assert walked.spoken is not None and walked.spoken.came == "done", walked.spoken
    assert walked.redrawn is not None and walked.redrawn.came == "done", walked.redrawn


async def test_the_question_of_a_trial_is_asked_once_in_the_studio_and_answered_on_another_page(
    one_school: School,
) -> None:
    pizza = journeys()["pizza"]
    one_school.town.redraw({"pizza": "1"})
    await one_school.lesson(pizza.sentence)
    await pizza.show(one_school.teacher, one_school.town)
    studio = one_school.teacher.page
    before = len(one_school.town.ledger.rows())
    await studio.get_by_text("Try it with other values").click()
    await studio.get_by_role("button", name="Run it").click()
    asked = studio.locator(".asked-part .ask")
    await expect(asked).to_contain_text("14.50", timeout=PATIENCE_MS)
    home = await studio.context.new_page()
    await home.goto(one_school.stage.cloud)
    yes = home.locator("article.ask").get_by_role("button", name="Yes, do it")
    await expect(yes).to_be_enabled(timeout=PATIENCE_MS)
    await expect(studio.locator(".ask:visible")).to_have_count(1)
    await yes.click()
    await expect(asked).to_have_count(0, timeout=PATIENCE_MS)
    await expect(studio.locator(".ended.done")).to_be_visible(timeout=PATIENCE_MS)
    assert len(one_school.town.ledger.rows()) == before + 1
    await home.close()
