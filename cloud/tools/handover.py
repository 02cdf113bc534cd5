"""Bringing the person to a task's page: a login or a captcha is theirs to do, and the task waits for them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import msgspec
import structlog

from browser.context import TaskContext
from browser.page import Page
from cloud.lam.goals import Question
from cloud.tasks.asks import Ask, Asks, Choice, Closed, digest_of
from cloud.tasks.running import TaskRun
from cloud.tools.secrets import Veil
from teach_mode.obstacles import Obstacle

log = structlog.get_logger(__name__)

# A person has to come to a screen first; the task's own deadline still holds.
EXPIRY_S = 300.0
CONTINUE, STOP = "continue", "stop"
WANTED = {
    "login": "{site} wants you to sign in",
    "captcha": "{site} wants to see that a person is there, which I do not pretend",
    "consent": "{site} shows a notice that I could not put aside",
    "out_of_order": "{site} is out of order",
}
TEXT = "{wanted}. Please do it on this task's page in the portal, then say continue, or stop."

Showing = Callable[[TaskRun, TaskContext], AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def shown_nowhere(run: TaskRun, context: TaskContext) -> AsyncIterator[None]:
    """For a cloud without a portal."""
    yield


class TaskAttendant:
    """A `teach_mode.interfaces.Attendant` of one run. `closed`: how the person ended it, None when they went on;
    `brought`: for what they were brought. While they are there no picture is kept: they may type what nobody sees."""

    def __init__(
        self, site: str, skill: str, run: TaskRun, asks: Asks, veil: Veil, context: TaskContext, showing: Showing
    ) -> None:
        self._site = site
        self._skill = skill
        self._run = run
        self._asks = asks
        self._veil = veil
        self._context = context
        self._showing = showing
        self.closed: Closed | None = None
        self.brought: set[str] = set()

    async def hand_over(self, page: Page, obstacle: Obstacle) -> bool:
        """Asks, shows the page in the portal, and waits for the answer."""
        self.brought.add(obstacle.kind)
        log.info("handed_over", task=self._run.task, kind=obstacle.kind)
        self._veil.drop()
        try:
            async with self._showing(self._run, self._context):
                with self._run.waiting():
                    closed = await self._answer(obstacle)
        finally:
            self._veil.lift()
        if closed.closed == "chosen" and closed.answer == CONTINUE:
            return True
        self.closed = "no" if closed.closed == "chosen" else closed.closed
        return False

    async def _answer(self, obstacle: Obstacle) -> Ask:
        run = self._run
        text = TEXT.format(wanted=WANTED[obstacle.kind].format(site=self._site))
        number = len(await self._asks.of_step(run.task, run.step)) + 1
        question = Question(text=text, tool=self._skill, slot="", choices=(CONTINUE, STOP), values=(CONTINUE, STOP))
        ask = Ask(
            id=f"{run.task}:{run.step}:{number}",
            task=run.task,
            person=run.person,
            step=run.step,
            kind="choice",
            digest=digest_of(task=run.task, step=run.step, number=number, obstacle=obstacle.kind, site=self._site),
            text=text,
            choices=(Choice(CONTINUE, CONTINUE), Choice(STOP, STOP)),
            data={"question": msgspec.to_builtins(question), "live": True},
        )
        left_s = run.deadline.timestamp() - run.now().timestamp()
        opened = await self._asks.open(ask, expiry_s=max(1.0, min(EXPIRY_S, left_s - 1)))
        return await self._asks.wait(opened.id)
