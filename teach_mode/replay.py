"""Doing a skill: each step's element is verified, the step is judged, done, and its postcondition checked."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from browser.conditions import Condition
from browser.deadline import Deadline
from browser.errors import ActionTimeout, BrowserError, ConditionTimeout
from browser.locators import Locator, LocatorKind
from browser.page import Page
from language.days import month_in
from language.entities import Value
from teach_mode.actor import Actor
from teach_mode.detours import another_way
from teach_mode.due import ENTRY_MS, STEP_MS, Due, after
from teach_mode.errors import ReplayCut, ReplayError, StepFailed, StepLost, StepNotTrue, StepObstructed
from teach_mode.healer import Healer
from teach_mode.interfaces import Attendant, Files, Gate, Ranker, Result, Secrets, Settled
from teach_mode.once import OpenPage
from teach_mode.parts import ENTRY, Part
from teach_mode.passing import Passage
from teach_mode.replayed import Replayed, StepEvent, StepSeen
from teach_mode.rows import rows_of
from teach_mode.sentences import in_words
from teach_mode.sight import Sight
from teach_mode.skill import GIVEN, Loop, Skill, Step, Target
from teach_mode.templates import render, render_all, render_sentence
from teach_mode.underway import Underway
from teach_mode.values import complete

T = TypeVar("T")

# What an `assert` says must be true already; a page may still be drawing it.
ASSERT_MS = 1_000
FOUND_BY_EVIDENCE = "It is done. The site's answer got lost, so I looked: it is there."
# How long an address is waited for before the page is asked whether it has come to be called otherwise.
MOVED_MS = 2_500


class Replay:
    """Runs skills on one page. `open_page` opens a further tab of its context; `ranker` is for healing; `attendant`
    brings a person where something stands in the way; `folder` is where the files go that a skill downloads: without
    one it downloads nothing; `files` are what it may upload."""

    def __init__(
        self,
        page: Page,
        gate: Gate,
        *,
        ranker: Ranker | None = None,
        secrets: Secrets | None = None,
        attendant: Attendant | None = None,
        open_page: OpenPage | None = None,
        folder: Path | None = None,
        files: Files | None = None,
        on_event: Callable[[StepEvent], None] | None = None,
    ) -> None:
        self._page = page
        self._gate = gate
        self._ranker = ranker
        self._secrets = secrets
        self._attendant = attendant
        self._open_page = open_page
        self._folder = folder
        self._files = files
        self._on_event = on_event

    async def run(self, skill: Skill, values: Mapping[str, Value], deadline: Deadline) -> Replayed:
        """Do the skill. Raises ValueRefused; every other trouble is in the result. Cancel it at any moment."""
        known = complete(skill, values)
        sight = Sight(self._page, skill, known)
        actor = Actor(
            skill,
            self._gate,
            sight,
            known,
            deadline,
            secrets=self._secrets,
            open_page=self._open_page,
            folder=self._folder,
            files=self._files,
        )
        sight.healer = Healer(skill, known, self._ranker)
        sight.passage = Passage(skill, actor.judge_notice, self._attendant)
        run = _Run(skill, known, sight, actor, deadline, self._on_event)
        try:
            await run.enter()
            for loop, steps in skill.stretches:
                await run.take_all(steps, loop)
                if run.found_by_evidence:
                    break
        except ReplayError as error:
            return run.ended(error)
        finally:
            sight.loading.stop()
        return run.ended(None)


class _Run:
    """One run's state: which step is due, how often, and how it went."""

    def __init__(
        self,
        skill: Skill,
        values: dict[str, Value],
        sight: Sight,
        actor: Actor,
        deadline: Deadline,
        on_event: Callable[[StepEvent], None] | None,
    ) -> None:
        self.skill = skill
        self.values = values
        self.sight = sight
        self.actor = actor
        self.deadline = deadline
        self.on_event = on_event
        self.steps: list[StepSeen] = []
        self._start = Step(id=ENTRY, action="goto", value=skill.entry.url, effect="read")
        self.due = Due(skill, sight, values, deadline)
        self.underway = Underway(sight=sight, values=values, take=self.take, is_due=self.due.is_due)
        all_steps = (self._start, *skill.steps)
        self._before_reading = {one.id for one, then in pairwise(all_steps) if then.action == "read"}
        self._then = {one.id: after(skill.steps, number) for number, one in enumerate(skill.steps)}
        self._begun = 0
        self._round: tuple[str, int, int] = ("", 0, 0)
        self._started_s = time.monotonic()

    @property
    def page(self) -> Page:
        """The tab that is in sight."""
        return self.sight.page

    @property
    def settled(self) -> Settled | None:
        """How the last irreversible act went, if one was clicked."""
        return self.actor.settled

    @property
    def found_by_evidence(self) -> bool:
        """Whether the act is known from the site's history alone: the page that the next steps need never came."""
        return self.settled is not None and self.settled.after is not None

    def ended(self, error: ReplayError | None) -> Replayed:
        """The result, after the last step or an error."""
        if error is None:
            self.sight.healer.confirm_all()
        outcome: Result = "failed" if error else "done"
        if self.settled is not None:
            outcome = self.settled.result
        partly = outcome == "done" and self._acts_left(error)
        if partly:
            outcome = "failed"
        answer = ""
        if outcome == "done" and not error:
            lost = self.found_by_evidence
            answer = FOUND_BY_EVIDENCE if lost else render_sentence(self.skill.read_back, self.values)
        return Replayed(
            outcome=outcome,
            answer=answer,
            values={name: value for name, value in self.values.items() if name not in GIVEN},
            steps=tuple(self.steps),
            error=error,
            settled=self.settled,
            partly=partly,
            healed=self.sight.healer.healed,
        )

    def _acts_left(self, error: ReplayError | None) -> bool:
        """Whether an irreversible step was still to come when the run ended."""
        if error is None and not self.found_by_evidence:
            return False
        done = {step.step for step in self.steps}
        return any(step.effect == "irreversible" and step.id not in done for step in self.skill.steps)

    async def enter(self) -> None:
        """Go to where the skill starts; put right what is not as it must be there."""
        entry = self.skill.entry
        start = self._start
        await self.take(start)
        if entry.condition is None:
            return
        condition: Condition = render_all(entry.condition, self.values)
        if await self._past(start, partial(self._arrived, start, condition)):
            return
        for step in entry.reconcile:
            await self.take(step)
        await self.take(start)
        await self.sight.expect(start, condition, "needed", self._limit(), "condition")

    async def _arrived(self, start: Step, condition: Condition) -> bool:
        try:
            await self.page.wait_for(condition, deadline=self.deadline.sooner_of(ENTRY_MS))
        except (ConditionTimeout, ActionTimeout):
            await self.sight.passage.refuse(self.page, start)
            return await self.sight.said_otherwise(start, "condition", condition)
        return await self.sight.left_of(start, "condition", condition) is None

    async def _past(self, step: Step, work: Callable[[], Awaitable[T]], *, acted: bool = False) -> T:
        """Does the work, again once what stood in its way was dealt with. `acted`: the step's act came before it."""
        while True:
            try:
                return await work()
            except StepObstructed as error:
                if not await self.sight.passage.clear(self.page, step, self._sign_in):
                    raise
                if error.obstacle.kind != "consent" and not acted and not self._acted:
                    # A login leads where the site wants: nothing was done yet, so begin where the skill begins.
                    await self.actor.go(self._start, self._limit())

    async def _sign_in(self) -> None:
        """The skill's own login, from the vault."""
        page, login = self.page, self.sight.passage.login
        for number, step in enumerate(login):
            await self.take(step, after(login, number))
        self.actor.turn_to(page)

    @property
    def _acted(self) -> bool:
        """Whether anything was done but going to the start and signing in."""
        login = {step.id for step in self.sight.passage.login}
        return any(step.step not in login and step.step != self._start.id for step in self.steps)

    async def take_all(self, steps: Sequence[Step], loop: Loop | None) -> None:
        """The steps, for each item of their loop."""
        items = await self._items_of(loop) if loop is not None else ("",)
        for at, item in enumerate(items, 1):
            number = 0
            while number < len(steps):
                if loop is not None:
                    self.values["item"], self._round = item, (item, at, len(items))
                number = await self._take_one(steps, number)
                if self.found_by_evidence:
                    return
        self.values.pop("item", None)
        self._round = ("", 0, 0)

    async def _take_one(self, steps: Sequence[Step], number: int) -> int:
        """A step, or, where the form that it belongs to asks in another order now, all that is left of that; the number
        of the step that is due then."""
        step = steps[number]
        try:
            await self.take(step, self._then.get(step.id, ()))
        except (StepLost, StepNotTrue) as error:
            due = await another_way(steps, number, error, self.underway)
            if due is None:
                raise
            return due
        return number + 1

    async def _items_of(self, loop: Loop) -> tuple[str, ...]:
        """What a loop goes over. Raises StepFailed."""
        if loop.rows:
            return await rows_of(self.page, loop, self._limit())
        items = self.values[loop.for_each]
        return items if isinstance(items, tuple) else ()

    async def take(self, step: Step, then: Sequence[Step] = ()) -> None:
        """A step with its loops and conditions; `then` are those that may follow it."""
        try:
            self.actor.turn_to_tab_of(step)
            if await self.due.is_needed(step, then):
                await self._take(step)
        except StepLost as error:
            obstructed = isinstance(error, StepObstructed)
            if obstructed or not step.optional or await self.due.is_here(step):
                raise
        except BrowserError as error:
            if step.optional and not await self.due.is_here(step):
                return  # It went away by itself.
            says = await self.sight.site_says(step)
            because = f"the site says: {says}" if says else str(error)
            raise StepFailed(f"{step.id}: {because}", step=step.id, site_says=says) from error

    async def _take(self, step: Step) -> None:
        items = self.values[step.for_each] if step.for_each else None
        for item in items if isinstance(items, tuple) else (None,):
            if item is not None:
                self.values["item"] = item
            if await self.due.is_due(step):
                await self._repeat(step)
        if step.for_each:
            self.values.pop("item", None)

    async def _repeat(self, step: Step) -> None:
        if step.until is None:
            await self._do(step)
            return
        until: Condition = render_all(step.until, self.values)
        for _ in range(step.most):
            if await self.due.is_enough(step, until):
                return
            before = await self.sight.read_changing(step, self._limit())
            if await self.due.is_enough(step, until):
                return  # The page was still coming.
            await self._do(self._turned(step, before))
            other = Condition(hidden=(Locator(kind=LocatorKind.TEXT, value=before, exact=True),))
            await self.sight.expect(step, other, "each time expected", self._limit())
        by = self.deadline.sooner_of(ENTRY_MS)
        await self.sight.expect(step, until, f"repeated {step.most} times for", by, "until")

    def _turned(self, step: Step, shown: str) -> Step:
        """The step that goes the other way, while a calendar shows a later month than the one that is wanted."""
        if step.turn is None:
            return step
        month, wanted = month_in(shown), month_in(render(step.turn.month, self.values))
        if month is None or wanted is None or month <= wanted:
            return step
        return msgspec.structs.replace(step, id=f"{step.id}-back", target=step.turn.back)

    def _limit(self) -> Deadline:
        return self.deadline.sooner_of(STEP_MS)

    async def _do(self, step: Step) -> None:
        if self.deadline.passed:
            raise ReplayCut(f"{step.id}: the time is up before it was begun", step=step.id)
        started_s = time.monotonic()
        target: Target | None = render_all(step.target, self.values) if step.target else None
        words = in_words(step, target, self.values)
        self._begun += 1
        self._tell("begun", step, words)
        try:
            similarity = await self._past(step, partial(self._do_once, step, target))
        except (BrowserError, ReplayError):
            self._tell("failed", step, words)
            raise
        took_ms = (time.monotonic() - started_s) * 1000
        self.steps.append(
            StepSeen(step=step.id, words=words, url=self.page.url, similarity=similarity, took_ms=took_ms)
        )
        self._tell("done", step, words)

    def _tell(self, kind: Literal["begun", "done", "failed"], step: Step, words: str) -> None:
        if self.on_event is not None:
            at_ms = (time.monotonic() - self._started_s) * 1000
            item, number, of = self._round
            event = StepEvent(kind=kind, step=step.id, words=words, number=self._begun, at_ms=at_ms)
            self.on_event(msgspec.structs.replace(event, item=item, round=number, rounds=of))

    async def _do_once(self, step: Step, target: Target | None) -> float | None:
        if step.wait is not None:
            patience_ms = ASSERT_MS if step.action == "assert" else STEP_MS
            await self._expect(step, "wait", step.wait, "needed", patience_ms)
        if step.id in self._before_reading:
            self.sight.loading.watch(self.page.playwright.context)
        limit = self._limit()
        similarity, before = None, self.page.url
        tells = step.postcondition is None or await self.sight.is_to_go(step.postcondition)
        if step.action == "goto":
            await self.actor.go(step, limit)
        elif step.effect == "irreversible" and target is not None:
            await self.actor.irreversible(step, target)
            return 1.0
        elif step.many and target is not None:
            await self.actor.list(step, target, limit)
        elif target is not None:
            similarity = await self.actor.on_element(step, target, limit)
        elif step.action not in ("wait", "assert"):
            await self.actor.on_tab(step, limit)
        if step.postcondition is not None and await self._came(step, step.postcondition, before) and tells:
            self.sight.healer.confirm(step)
        return similarity

    async def _came(self, step: Step, postcondition: Condition, before: str) -> bool:
        """Whether what the step should bring about came. A site may give its pages other addresses: where the step led
        to another one than `before`, by the same route or with the next step's element there, it is only not confirmed.
        """
        if not postcondition.url or postcondition.visible or postcondition.hidden or postcondition.text:
            await self._expect(step, "postcondition", postcondition, "expected", STEP_MS)
            return True
        try:
            await self._expect(step, "postcondition", postcondition, "expected", MOVED_MS)
        except StepNotTrue as error:
            moved = not error.site_says and self.page.url != before
            if moved and (self._same_route(postcondition) or await self.due.is_next_here(step)):
                return False
            await self._expect(step, "postcondition", postcondition, "expected", STEP_MS - MOVED_MS)
        return True

    def _same_route(self, condition: Condition) -> bool:
        here: Condition = render_all(condition, self.values)
        return here.matches_route(self.page.url)

    async def _expect(self, step: Step, part: Part, condition: Condition, what: str, patience_ms: float) -> None:
        """The condition holds, perhaps once what stood in the way was dealt with; the act is not made again for it."""

        async def look() -> None:
            here: Condition = render_all(condition, self.values)
            await self.sight.expect(step, here, what, self.deadline.sooner_of(patience_ms), part)

        await self._past(step, look, acted=part == "postcondition")
