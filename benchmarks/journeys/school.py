"""A cloud that knows no skill yet, a town, a teacher before the studio's canvas, and people with devices."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from playwright.async_api import Page
from rich.console import Console

from browser.pool import Pool, PoolConfig
from cloud.app import Cloud, running
from cloud.config import load
from cloud.people.accounts import OWNER
from examples.demo.person import person
from examples.demo.run import Attempt, Request, Run
from examples.demo.stage import Stage
from examples.demo.teacher import Teacher
from examples.demo.timeline import Timeline
from examples.town.identity import ADA
from examples.town.town import Town

# The person is one whom the town knows.
FACTS = {"name": ADA.title, "address": "Elm Street 5", "phone": "555 0100", "email": ADA.name}

# A busy machine weighs what was said for longer, though not so long that a question would expire meanwhile.
WEIGH_S = 20.0


class School(Struct, kw_only=True):
    """The cloud is in this process, so that the lesson's page can be seen. Devices keep their files under `folder`."""

    cloud: Cloud
    town: Town
    teacher: Teacher
    stage: Stage
    folder: Path
    device: tuple[str, str]
    requests: count[int] = field(default_factory=lambda: count(1))

    async def lesson(self, sentence: str) -> None:
        """A new lesson in a browser of its own, recording."""
        await self.teacher.page.goto("about:blank")
        await self.cloud.brain.lessons.end(OWNER)
        await self.teacher.enter(self.stage.cloud, self.stage.token)
        await self.teacher.begin(sentence)

    async def request(self, text: str, *, typed: bool = False) -> tuple[Run, str]:
        """Says it into a device, answers what is asked from the sentence alone and presses yes; what was seen, in data
        and in lines. Raises TimeoutError when it does not end."""
        out = self.folder / f"request-{next(self.requests)}"
        lines = io.StringIO()
        async with person(self.stage.device_url, self.device, out, fast=True) as somebody:
            attempt = Attempt(self.stage, somebody, Timeline(Console(file=lines, width=240)))
            run = await attempt.make(Request(text=text, typed=typed))
        return run, lines.getvalue()


@asynccontextmanager
async def school(folder: Path) -> AsyncIterator[School]:
    """All of it, for as long as the block runs."""
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(Town())
        flags: dict[str, Any] = {"data_dir": folder / "data", "port": 0, "allow_local": [f"*.localhost:{town.port}"]}
        flags |= {"stt": "moonshine", "tts": "espeak"}
        flags |= {f"owner.{key}": value for key, value in FACTS.items()} | {"limits.weigh_s": WEIGH_S}
        cloud = await stack.enter_async_context(running(load(None, {}, flags)))
        host = cloud.url.removeprefix("http://")
        config = PoolConfig(state_dir=folder / "visitor", allow_local=(host,), width_px=1440, height_px=900)
        pool = await stack.enter_async_context(Pool(config))
        context = await stack.enter_async_context(pool.context(navigate=[host]))
        page = (await context.new_page()).playwright

        def remote() -> Page | None:
            lessons = cloud.brain.lessons.open
            shown = lessons[0].view.page if lessons else None
            return shown.playwright if shown else None

        accounts = cloud.ground.accounts
        stage = Stage(town=town.addresses, cloud=cloud.url, token=accounts.open(), data_dir=folder / "data")
        device = accounts.pair("handheld")
        yield School(
            cloud=cloud,
            town=town,
            teacher=Teacher(page, remote),
            stage=stage,
            folder=folder,
            device=(device.id, device.key),
        )
