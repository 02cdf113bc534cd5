"""Taught on a canvas in one Chromium, done in another: by voice, with other values."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec import Struct

from browser.pool import Pool, PoolConfig
from cloud.app import Cloud, running
from cloud.config import load
from examples.demo.stage import Stage
from examples.demo.taught import PIZZA
from examples.demo.teacher import Teacher
from examples.town.town import Town

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]
OWNER = {"name": "Leveret Owner", "address": "Elm Street 5", "phone": "555 0100"}


class School(Struct, frozen=True, kw_only=True):
    """A cloud that knows no skill yet, in this process so that the lesson's page can be seen; a town, a teacher."""

    cloud: Cloud
    town: Town
    teacher: Teacher
    stage: Stage


@pytest_asyncio.fixture(loop_scope="session")
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(Town())
        flags: dict[str, Any] = {"data_dir": tmp_path / "data", "port": 0, "allow_local": [f"*.localhost:{town.port}"]}
        flags |= {f"owner.{key}": value for key, value in OWNER.items()}
        cloud = await stack.enter_async_context(running(load(None, {}, flags)))
        host = cloud.url.removeprefix("http://")
        pool = await stack.enter_async_context(
            Pool(PoolConfig(state_dir=tmp_path / "visitor", allow_local=(host,), width_px=1440, height_px=900))
        )
        context = await stack.enter_async_context(pool.context(navigate=[host]))
        page = (await context.new_page()).playwright

        def remote() -> Any:
            (lesson,) = cloud.brain.lessons.open
            return lesson.view.page and lesson.view.page.playwright

        token = cloud.ground.accounts.open()
        stage = Stage(town=town.addresses, cloud=cloud.url, token=token, data_dir=tmp_path / "data")
        yield School(cloud=cloud, town=town, teacher=Teacher(page, remote), stage=stage)


async def test_what_was_shown_is_done_by_voice_with_other_values_also_on_the_next_release(
    school: School, enter: Any
) -> None:
    teacher = school.teacher
    await teacher.enter(school.cloud.url, school.stage.token)
    await teacher.begin(PIZZA.sentence)
    await PIZZA.show(teacher, school.town.addresses)
    await teacher.save()
    assert [(row.size, row.kind) for row in school.town.ledger.rows("pizza")] == [("large", "pepperoni")]
    scene = await enter(stage=school.stage, town=school.town)

    await scene.person.say(PIZZA.asked)
    await scene.confirmation(PIZZA.asked)
    await scene.person.click(2)
    done = await scene.event("task_done")
    assert (done["status"], scene.ordered[0]) == ("done", scene.ordered[0] | PIZZA.done)
    assert "in the oven" in scene.said

    school.town.redraw({"pizza": "2"})
    await scene.person.say(PIZZA.asked)
    await scene.confirmation(PIZZA.asked)
    await scene.person.click(2)
    again = await scene.event("task_done", 2)
    assert (again["status"], scene.ordered[1]) == ("done", scene.ordered[1] | PIZZA.done)
