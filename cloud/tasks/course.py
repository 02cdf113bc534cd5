"""The steps of a plan, each in its turn as an episode of its own; each result outlives a crash.

What is decided between two steps follows from the results alone, so that it is decided the same after a crash.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec import Struct

from cloud.lam import outline, rounds, turns
from cloud.lam.carrying import known_in
from cloud.lam.goals import Answer, Origin, Question
from cloud.lam.judgement import Request, World
from cloud.lam.mind import Mind
from cloud.lam.planning import Plan, Step
from cloud.lam.toolbox import Outcome
from cloud.lam.turns import Turn
from cloud.tasks.asks import Ask, Choice, digest_of
from cloud.tasks.engine import durable
from cloud.tasks.episodes import DECLINED, NO_ANSWER, WAITED_MS, Episodes
from cloud.tasks.leases import Lease
from cloud.tasks.records import Task

# A plan that takes longer than this is said first.
LONG_S = 60.0


class Planned(Struct, frozen=True, kw_only=True):
    """What the person asked, fixed, and how it will be done. `said`: a long plan in words, which is asked about."""

    request: Request
    plan: Plan
    said: str = ""


class Ended(Struct, frozen=True, kw_only=True):
    """One step's end, and how long it took without the time in which the person was waited for."""

    outcome: Outcome
    took_ms: float


class Reply(Struct, frozen=True, kw_only=True):
    """What came of a question; `answer` None: nobody answered in time."""

    answer: Answer | None
    origin: Origin = "said"


class Walked(Struct, frozen=True, kw_only=True):
    """The ends of the steps that were done, and the turns of those that were left out."""

    ended: dict[int, Ended]
    left: dict[int, Turn]

    @property
    def outcomes(self) -> dict[int, Outcome]:
        return {number: one.outcome for number, one in self.ended.items()}


PutQuestion = Callable[[Task, Ask], Awaitable[Reply]]


class Course:
    """Takes a plan from its first step to its last. `put` asks the person; `now` is the time in the person's zone."""

    def __init__(self, mind: Mind, episodes: Episodes, put: PutQuestion, now: Callable[[], datetime]) -> None:
        self._mind = mind
        self._episodes = episodes
        self._put = put
        self._now = now
        self.task_s = 600.0
        self.long_s = LONG_S

    def said_first(self, plan: Plan) -> str:
        """A long plan in words, with the question whether to begin; "" for a short one."""
        if not outline.is_long(plan, self._mind.cost_ms, long_s=self.long_s):
            return ""
        return outline.question(plan, outline.took_ms(plan, self._mind.cost_ms))

    async def is_wanted(self, task: Task, planned: Planned) -> Outcome | None:
        """Says a long plan first, and asks whether to begin; how the task ends, if it is not wanted."""
        if not planned.said:
            return None
        rows = tuple((str(number), line, "leveret") for number, line in enumerate(outline.lines(planned.plan), 1))
        ask = go_on(task, f"{task.id}:plan", 0, planned.said, rows, digest_of(task=task.id, plan=planned.plan))
        return not_wanted(await durable("plan said", Reply, partial(self._put, task, ask)))

    async def walk(self, task: Task, planned: Planned, said_at: datetime, lease: Lease) -> Walked:
        """Does the steps that are due. Within the engine's workflow; may be cancelled at any await."""
        walked = Walked(ended={}, left={})
        for planned_step in planned.plan.steps:
            turn = turns.turn_of(planned_step, planned.plan, walked.outcomes, walked.left)
            if turn.step is None:
                walked.left[planned_step.number] = turn
                await self._episodes.skip(task, planned_step, turn, lease)
                continue
            step = turn.step
            done = turns.done_by(planned.plan, walked.outcomes, walked.left)
            world = World(request=planned.request, done=done, started=len(walked.ended))
            if step.each:
                ended = await self._each(task, step, planned.plan, walked, world, said_at, lease)
            else:
                known = known_in(step.scope, planned.plan, walked.outcomes)
                ended = await self._once(task, self._mind.filled(step, known, now=said_at), world, lease)
            walked.ended[step.number] = ended
            told = turns.told_at_its_end(step, planned.plan, ended.outcome)
            await self._episodes.tell(task, step, told, lease)
        return walked

    async def _each(
        self, task: Task, step: Step, plan: Plan, walked: Walked, world: World, said_at: datetime, lease: Lease
    ) -> Ended:
        """The step for each item of its list, one after the other."""
        known = known_in(step.scope, plan, walked.outcomes)
        items = rounds.items_of(step, known)
        await self._episodes.list_items(task, step, items.names, lease)
        if items.refused:
            return Ended(outcome=Outcome(status="refused", sentence=items.refused), took_ms=0.0)
        if items.none:
            return Ended(outcome=Outcome(status="done", sentence=items.none), took_ms=0.0)
        if (no := await self._agreed(task, step, items.names)) is not None:
            return Ended(outcome=no, took_ms=0.0)
        ends: dict[str, Outcome] = {}
        took_ms = 0.0
        for place, item in enumerate(items.names, 1):
            if not rounds.goes_on(list(ends.values())):
                break
            one = self._mind.filled(rounds.step_for(step, place), rounds.with_item(known, step, item), now=said_at)
            far = rounds.progress(place, len(items.names))
            await self._episodes.tell_round(task, one, f"{far}: {item}", lease)
            started = msgspec.structs.replace(world, started=world.started + place - 1)
            ended = await self._once(task, one, started, lease)
            ends[item], took_ms = ended.outcome, took_ms + ended.took_ms
            aloud = step.effect == "read" or ended.outcome.status != "done"
            await self._episodes.tell(task, one, ended.outcome, lease, aloud=aloud)
        return Ended(outcome=rounds.ended(step, items.names, ends), took_ms=took_ms / max(len(ends), 1))

    async def _agreed(self, task: Task, step: Step, items: tuple[str, ...]) -> Outcome | None:
        """Shows the list and asks whether to go on with it; how the step ends, if not."""
        if not rounds.is_asked(step, items):
            return None
        text = await durable(f"text {step.number}", str, partial(self._question, step, items))
        rows = tuple((str(number), item, "site") for number, item in enumerate(items, 1))
        digest = digest_of(task=task.id, step=step.number, tool=step.tool, items=items)
        ask = go_on(task, f"{task.id}:each:{step.number}", step.number, text, rows, digest)
        return not_wanted(await durable(f"items {step.number}", Reply, partial(self._put, task, ask)))

    async def _question(self, step: Step, items: tuple[str, ...]) -> str:
        return rounds.question(step, items, self._mind.cost_ms(step.tool))

    async def _once(self, task: Task, step: Step, world: World, lease: Lease) -> Ended:
        return await durable(f"step {step.number}", Ended, partial(self._episode, task, step, world, lease))

    async def _episode(self, task: Task, step: Step, world: World, lease: Lease) -> Ended:
        began = time.monotonic()
        deadline = self._now() + timedelta(seconds=self.task_s)
        outcome = await self._episodes.run(task, step, world, lease, deadline)
        waited_ms = float(outcome.data.get(WAITED_MS, 0.0))
        return Ended(outcome=outcome, took_ms=(time.monotonic() - began) * 1000 - waited_ms)


def go_on(task: Task, ask: str, step: int, text: str, rows: tuple[tuple[str, str, str], ...], digest: str) -> Ask:
    """A question of yes or no that may be answered aloud: it is about going on, never about an act."""
    question = Question(text=text, tool="", slot="", choices=("yes",), values=(0,))
    return Ask(
        id=ask,
        task=task.id,
        person=task.person,
        step=step,
        kind="choice",
        digest=digest,
        text=text,
        rows=rows,
        choices=(Choice("yes", "yes"),),
        data={"question": msgspec.to_builtins(question)},
    )


def not_wanted(reply: Reply) -> Outcome | None:
    """How it ends after anything but a yes."""
    if reply.answer is None:
        return Outcome(status="cancelled", sentence=NO_ANSWER, data={"code": "expired"})
    if reply.answer.kind == "no":
        return Outcome(status="cancelled", sentence=DECLINED, data={"code": "declined"})
    return None
