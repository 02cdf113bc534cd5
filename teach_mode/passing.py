"""Getting past what stands in the way: a notice is put aside, a login done from the vault, else a person is brought."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from browser.conditions import Sighting
from browser.deadline import Deadline
from browser.errors import BrowserError, PageGone
from browser.fingerprint import Box
from browser.page import Page
from browser.snapshot import Snapshot
from teach_mode.errors import ReplayError, StepObstructed
from teach_mode.interfaces import Attendant
from teach_mode.obstacles import Obstacle, Seen, find_obstacle
from teach_mode.skill import Skill, Step

LOOK_MS = 3_000
PRESS_MS = 3_000
# How long an act may be kept from landing before the page is asked what lies on the element.
PATIENCE_S = 1.2
# How often something is dealt with at one step.
MOST_TRIES = 3
_PRESSING = frozenset({"click", "press"})
ANYWHERE: Box = (-1e6, -1e6, 2e6, 2e6)

Judge = Callable[[Step, Sighting], Awaitable[None]]


class Passage:
    """Of one run. `judge` is asked before a notice is put aside. Without an `attendant` nobody is brought: what cannot
    be passed is named, and ends the run."""

    def __init__(self, skill: Skill, judge: Judge | None = None, attendant: Attendant | None = None) -> None:
        self._judge = judge
        self._attendant = attendant
        self._tries: dict[str, int] = {}
        self._signed_in = False
        self._given_up = False
        self.login = login_of(skill)
        self._signing_in = {one.id for one in (*self.login, *signing_in(skill.all_steps))}

    async def refuse(self, page: Page, step: Step) -> None:
        """Raises StepObstructed when something stands in the way of a step whose element is not there; PageGone."""
        found = await self._find(page, step, None)
        if found is not None:
            obstacle, _ = found
            said = f"{step.id}: {described(obstacle)}, on {page.url}"
            raise StepObstructed(said, step=step.id, obstacle=obstacle)

    async def clear(self, page: Page, step: Step, sign_in: Callable[[], Awaitable[None]]) -> bool:
        """Deals with what stands in the way; True when the step may be tried again. Raises what `sign_in` raises."""
        self._tries[step.id] = self._tries.get(step.id, 0) + 1
        if not self._given_up and self._tries[step.id] <= MOST_TRIES:
            self._given_up = not await self._dealt_with(page, step, sign_in)
            return not self._given_up
        return False

    async def _dealt_with(self, page: Page, step: Step, sign_in: Callable[[], Awaitable[None]]) -> bool:
        found = await self._find(page, step, None)
        if found is None:
            return True  # it went away by itself
        obstacle, snapshot = found
        if obstacle.kind == "consent":
            return await self._put_aside(page, step, obstacle, snapshot)
        if obstacle.kind == "login" and self.login and not self._signed_in:
            self._signed_in = True
            await sign_in()
            return True
        if obstacle.kind == "out_of_order" or self._attendant is None:
            return False
        return await self._attendant.hand_over(page, obstacle)

    @contextlib.asynccontextmanager
    async def keeping_clear(self, page: Page, step: Step, at: Sighting) -> AsyncIterator[None]:
        """While the block acts on an element: a notice that lies on it is put aside, once."""
        watching: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        timer = loop.call_later(
            PATIENCE_S, lambda: watching.append(asyncio.create_task(self._uncover(page, step, at), name="uncover"))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in watching:
                task.cancel()
                await asyncio.wait((task,))

    async def _uncover(self, page: Page, step: Step, at: Sighting) -> None:
        with contextlib.suppress(BrowserError):
            box = at.seen.box if at.seen.box is not None and not at.seen.frame else ANYWHERE
            found = await self._find(page, step, box)
            if found is not None:
                await self._put_aside(page, step, *found)

    async def _put_aside(self, page: Page, step: Step, obstacle: Obstacle, snapshot: Snapshot) -> bool:
        """Presses the notice's mildest button, if it still is what it was."""
        meant = snapshot.get(obstacle.press)
        try:
            at = await page.at(snapshot, obstacle.press, deadline=Deadline.after_ms(LOOK_MS))
            if at.seen.name != meant.name or self._judge is None:
                return False
            await self._judge(Step(id=f"{step.id}-notice", action="click", effect="reversible"), at)
            await page.click(at, follow=False, deadline=Deadline.after_ms(PRESS_MS))
        except PageGone:
            raise
        except (BrowserError, ReplayError):
            return False
        return True

    async def _find(self, page: Page, step: Step, covered: Box | None) -> tuple[Obstacle, Snapshot] | None:
        try:
            snapshot = await page.snapshot(deadline=Deadline.after_ms(LOOK_MS))
        except PageGone:
            raise
        except BrowserError:
            return None
        frames = tuple(frame.url for frame in page.playwright.frames)
        seen = Seen(elements=snapshot.elements, title=snapshot.title, frames=frames)
        signing_in = step.id in self._signing_in
        obstacle = find_obstacle(seen, covered=covered, signing_in=signing_in)
        return (obstacle, snapshot) if obstacle is not None else None


def login_of(skill: Skill) -> tuple[Step, ...]:
    """The skill's own steps that sign in: neighbours that are done only when the page asks, one of them a secret."""
    runs: list[list[Step]] = [[]]
    for step in skill.steps:
        if step.optional or (step.when is not None and step.when.page is not None):
            runs[-1].append(step)
        else:
            runs.append([])
    return tuple(step for run in runs if any(one.secret for one in run) for step in run)


def signing_in(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that sign in: what types a secret, the name that is typed before it, what is pressed after it."""
    secret = [index for index, step in enumerate(steps) if step.secret]
    found = set(secret)
    for index in secret:
        found |= {at for at in (index - 1,) if at >= 0 and steps[at].action == "fill"}
        found |= {at for at in (index + 1,) if at < len(steps) and steps[at].action in _PRESSING}
    return tuple(step for index, step in enumerate(steps) if index in found)


def described(obstacle: Obstacle) -> str:
    """What stands in the way, in words."""
    what = {
        "consent": "a notice is in the way",
        "captcha": "the site wants to know whether a person is there",
        "login": "the site wants a login",
        "out_of_order": "the site is out of order",
    }[obstacle.kind]
    return f"{what} (“{obstacle.words}”)"
