"""The acts of one run: each is judged first, made on the tab that is in sight, and brings about what the step says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from browser.conditions import ReadBack, Sighting
from browser.deadline import Deadline
from browser.errors import ElementLeft
from browser.fingerprint import Fingerprint
from browser.page import Page
from language.entities import Value
from teach_mode.doing import Hands, Tabs, bringing_about, px_of
from teach_mode.errors import StepFailed, StepNotTrue, StepRefused
from teach_mode.interfaces import Act, Files, Gate, Secrets, Settled, SiteSays
from teach_mode.once import Once, OpenPage
from teach_mode.rows import list_of
from teach_mode.sight import Sight
from teach_mode.skill import GIVEN, Skill, Step, Target
from teach_mode.templates import render, render_all, render_sentence, render_url

# How long a page that is still loading may take to be whole before it is read all the same.
WHOLE_MS = 3_000


class Actor:
    """Makes acts, in the run's time. `values` are the run's, shared with it; `given` those that it began with.

    `settled` is there once an irreversible act was clicked, and is the last one's.
    """

    def __init__(
        self,
        skill: Skill,
        gate: Gate,
        sight: Sight,
        values: dict[str, Value],
        deadline: Deadline,
        *,
        secrets: Secrets | None = None,
        open_page: OpenPage | None = None,
        folder: Path | None = None,
        files: Files | None = None,
    ) -> None:
        self.settled: Settled | None = None
        self._skill = skill
        self._gate = gate
        self._sight = sight
        self._values = values
        self._given: Mapping[str, Value] = dict(values)
        self._deadline = deadline
        self._tabs = Tabs(sight.page)
        self._hands = Hands(sight, secrets, files, deadline)
        self._open_page = open_page
        self._folder = folder

    def turn_to(self, page: Page) -> None:
        """From now on this tab is in sight."""
        self._sight.page = page

    def turn_to_tab_of(self, step: Step) -> None:
        """The tab that the step is done on is in sight. Raises StepFailed when it is not open."""
        self.turn_to(self._tabs.at(step))

    @property
    def _page(self) -> Page:
        return self._sight.page

    async def on_tab(self, step: Step, limit: Deadline) -> None:
        """What needs no element: close the tab, scroll it, press a key. Raises StepRefused, StepNotTrue."""
        value = render(step.value, self._values)
        await self._judge(self._act(step, None, value, ()))
        if step.action == "close":
            await self._page.close()
            return
        self._refuse_strange(step, self._page.url)
        async with self._bringing_about(step, limit):
            if step.action == "scroll":
                await self._page.scroll(px_of(step, value), deadline=limit)
            else:
                await self._page.press(value, deadline=limit)

    def _bringing_about(self, step: Step, limit: Deadline) -> AbstractAsyncContextManager[None]:
        return bringing_about(step, self._page, self._tabs, self._values, self._folder, limit)

    async def irreversible(self, step: Step, target: Target) -> None:
        """The act that cannot be taken back, once. Raises StepNotTrue when its answer was not seen."""
        once = Once(self._page, self._gate, self._sight, self._skill, self._open_page)
        self.settled = await once.do(step, target, self._values, self._act, self._deadline)
        if self.settled.result != "done":
            raise StepNotTrue(
                f"{step.id}: clicked once, and the answer was not seen: {self.settled.seen}",
                step=step.id,
                site_says=self.settled.seen,
            )
        self._sight.healer.confirm(step)

    async def go(self, step: Step, limit: Deadline) -> None:
        """To the address that the step holds, perhaps in a tab of its own. Raises StepRefused, StepNotTrue."""
        url = render_url(step.value, self._values)
        self._refuse_strange(step, url)
        await self._judge(self._act(step, None, url, ()))
        if step.opens:
            if self._open_page is None:
                raise StepFailed(f"{step.id}: opens a tab, and this run has but one", step=step.id)
            self.turn_to(await self._open_page())
            self._tabs.add(step.opens, self._page)
        async with self._bringing_about(step, limit):
            await self._page.goto(url, deadline=limit)
        self._refuse_strange(step, self._page.url)

    async def judge_notice(self, step: Step, at: Sighting) -> None:
        """The gate's word on putting a notice aside, which may stand in a frame of a host that pages load from. Raises
        StepRefused, StepNotTrue."""
        self._refuse_strange(step, self._page.url)
        if not self._skill.may_load_from(at.origin):
            self._refuse_strange(step, at.origin)
        await self._judge(msgspec.structs.replace(self._act(step, at, "", ()), notice=True))

    def _refuse_strange(self, step: Step, url: str) -> None:
        if not self._skill.may_be_at(url):
            host = urlsplit(url).netloc or url
            raise StepNotTrue(f"{step.id}: this leads to {host}, where {self._skill.name} may not act", step=step.id)

    async def on_element(self, step: Step, target: Target, limit: Deadline) -> float:
        """The step's act on its element; how alike that was.

        A page that draws itself anew while it is acted on may take the element away: then the new one is sought.
        Raises StepLost, StepRefused, StepNotTrue, StepFailed, BrowserError.
        """
        while True:
            try:
                return await self._on_element_once(step, target, limit)
            except ElementLeft:
                if limit.passed:
                    raise

    async def list(self, step: Step, target: Target, limit: Deadline) -> None:
        """Reads a list. Raises StepRefused, StepNotTrue, StepFailed."""
        self._refuse_strange(step, self._page.url)
        await self._judge(self._act(step, None, "", ()))
        await self._sight.loading.over(self._page.playwright, limit.sooner_of(WHOLE_MS))
        self._values[step.saves] = await list_of(self._page, step, target, limit)

    async def _on_element_once(self, step: Step, target: Target, limit: Deadline) -> float:
        read: tuple[ReadBack, ...] = ()
        if step.action == "read":
            read = (ReadBack(locators=target.locators, frame=target.fingerprint.frame),)
            await self._sight.loading.over(self._page.playwright, limit.sooner_of(WHOLE_MS))
        sighting = await self._sight.aim(step, target, read, limit)
        self._refuse_strange(step, self._page.url)
        value = render(step.value, self._values)
        if step.action == "check" and sighting.seen.tag == "select":
            value = target.fingerprint.name
        await self._judge(self._act(step, sighting, value, ()))
        onto = None
        if step.onto is not None:
            onto = await self._sight.aim(step, render_all(step.onto, self._values), (), limit, "onto")
        if step.action == "read":
            self._values[step.saves] = sighting.texts[0] or ""
        else:
            clear = self._sight.passage.keeping_clear(self._page, step, sighting)
            async with clear, self._bringing_about(step, limit):
                await self._hands.act(step, self._page, sighting, value, onto, limit)
        return sighting.similarity

    def _act(self, step: Step, at: Sighting | None, value: str, says: tuple[SiteSays, ...]) -> Act:
        url = value if step.action == "goto" else self._page.url
        parts = urlsplit(url)
        return Act(
            skill=self._skill.name,
            version=self._skill.version,
            step=step.id,
            action=step.action,
            effect=step.effect,
            origin=at.origin if at else f"{parts.scheme}://{parts.netloc}",
            url=url,
            fingerprint=at.seen if at else Fingerprint(),
            similarity=at.similarity if at else 1.0,
            value=value,
            values={name: one for name, one in self._given.items() if name not in GIVEN},
            read_backs=says,
            question=render_sentence(step.question, self._values),
        )

    async def _judge(self, act: Act) -> None:
        permit = await self._gate.judge(act)
        if not permit.go:
            raise StepRefused(f"{act.step}: {permit.sentence or permit.rule}", step=act.step, rule=permit.rule)
