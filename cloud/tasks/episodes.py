"""One step of a plan as one durable episode: judged, asked where it must be, done, and told.

A crash discards a running episode and does it again from its entry, but never its irreversible act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import select

from cloud.events import EventLog, Writing
from cloud.lam.errors import ToolError, ToolTimeout
from cloud.lam.execution import execute
from cloud.lam.judgement import Verdict, World
from cloud.lam.mind import Mind
from cloud.lam.planning import Step
from cloud.lam.toolbox import Card, Outcome, Tool
from cloud.lam.turns import Turn
from cloud.store import events
from cloud.tasks import crashpoints, leases
from cloud.tasks.asks import EXPIRY_S, Ask, Asks, Closed, digest_of
from cloud.tasks.errors import ActBarred
from cloud.tasks.halfway import left_behind, shown
from cloud.tasks.intents import Draft, Intent, Intents
from cloud.tasks.intents import Result as ActResult
from cloud.tasks.leases import Lease
from cloud.tasks.overlap import Runs
from cloud.tasks.patience import rows_of
from cloud.tasks.records import Task
from cloud.tasks.running import TaskRun
from teach_mode.deeds import so_far, with_deeds

DECLINED = "All right, I left it."
NO_ANSWER = "I got no answer, so I did nothing."
UNANSWERED = "I got no answer, so I stopped."
WAITED_MS = "waited_ms"  # in an outcome's data: how long the person was waited for
# A tool that was stopped by a fault or the deadline had no chance to say what it had done by then.
_CUT_OFF = (ToolError.code, ToolTimeout.code)
INTERRUPTED = "I was interrupted. "
OVERLAPS = "I left it out, because it was being done already: {words}."
WAITING = {"text": "waiting for another run of this to end", "number": 0, "of": 0}

Zoned = Callable[[], datetime]  # the time in the person's zone


class Episodes:
    """Does steps. `folder` is where each task keeps its files (the filmstrip)."""

    def __init__(self, mind: Mind, log: EventLog, asks: Asks, intents: Intents, *, folder: Path) -> None:
        self._mind = mind
        self._log = log
        self._asks = asks
        self._intents = intents
        self._folder = folder
        self._runs = Runs()
        self.ask_s = EXPIRY_S

    async def run(self, task: Task, step: Step, world: World, lease: Lease, deadline: datetime) -> Outcome:
        """Does a step, at most once as far as it cannot be undone. Never raises but for cancellation and LeaseLost."""
        tool = self._mind.toolbox.get(step.tool, step.version)
        verdict = self._mind.judge(step, world)
        again = await self._begin(task, step, verdict, lease)
        if verdict.decision == "refuse" or tool is None:
            return Outcome(status="refused", sentence=verdict.reason, data={"code": verdict.rule})
        run = TaskRun(
            task,
            step,
            log=self._log,
            lease=lease,
            request=world.request,
            deadline=deadline,
            folder=self._folder / task.id,
        )
        async with self._runs.alone(task, tool.name, partial(run.event, "progress", WAITING)) as goes_on:
            if not goes_on:
                return Outcome(status="refused", sentence=OVERLAPS.format(words=task.text), data={"code": "overlaps"})
            if verdict.decision == "ask":
                outcome = await self._with_a_yes(task, tool, step, run, verdict)
            else:
                outcome = await self._execute(task, tool, step, run)
        crashpoints.reached("after-result")
        outcome = await self._held_to_record(outcome, run)
        outcome = msgspec.structs.replace(outcome, data={**outcome.data, WAITED_MS: run.waited_ms})
        return msgspec.structs.replace(outcome, sentence=INTERRUPTED + outcome.sentence) if again else outcome

    async def tell(self, task: Task, step: Step, outcome: Outcome, lease: Lease, *, aloud: bool = True) -> None:
        """Says how a step ended, once, however often this is called."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            if await _has(writing, task, "step_done", step.number):
                return
            waited_ms = round(float(outcome.data.get(WAITED_MS, 0.0)))
            done = {"number": step.number, "status": outcome.status, "sentence": outcome.sentence}
            done |= {"waited_ms": waited_ms}
            await writing.append(task.person, task.id, "step_done", done)
            if not aloud:
                return
            if outcome.card is not None:
                await writing.append(task.person, task.id, "card", msgspec.to_builtins(outcome.card))
            if outcome.sentence:
                await writing.append(task.person, task.id, "said", {"text": outcome.sentence})

    async def list_items(self, task: Task, step: Step, items: Sequence[str], lease: Lease) -> None:
        """Tells, once, what a step is to be done for."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            if not await _has(writing, task, "listed", step.number):
                data = {"number": step.number, "words": step.words, "items": list(items)}
                await writing.append(task.person, task.id, "listed", data)

    async def tell_round(self, task: Task, step: Step, text: str, lease: Lease) -> None:
        """Tells, once, that an item's turn has come."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            if not await _has(writing, task, "step_started", step.number):
                data = {"text": text, "number": 0, "of": 0}
                await writing.append(task.person, task.id, "progress", data)

    async def skip(self, task: Task, step: Step, turn: Turn, lease: Lease) -> None:
        """Tells, once, that a step of the plan is left out."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            if not await _has(writing, task, "step_skipped", step.number):
                data = {"number": step.number, "words": step.words, "why": turn.why_not}
                await writing.append(task.person, task.id, "step_skipped", data)
                if turn.sentence:
                    await writing.append(task.person, task.id, "said", {"text": turn.sentence})

    async def _execute(self, task: Task, tool: Tool, step: Step, run: TaskRun) -> Outcome:
        writer = asyncio.create_task(run.keep_writing())
        try:
            outcome = await execute(tool, step, run)
        finally:
            run.end()
            await writer
        if outcome.status != "failed" or outcome.data.get("code") not in _CUT_OFF:
            return outcome
        halt = await left_behind(self._log, task)
        sentence = with_deeds(outcome.sentence, so_far(halt))
        return msgspec.structs.replace(outcome, sentence=sentence, card=shown(halt))

    async def _with_a_yes(self, task: Task, tool: Tool, step: Step, run: TaskRun, verdict: Verdict) -> Outcome:
        """An irreversible act of a tool that asks nothing itself: a yes, an intent, one call, a result."""
        earlier = await self._intents.of_step(run.task, step.number)
        acts = [intent for intent in earlier if intent.result != "not_acted"]
        if acts:
            await self._intents.settle(acts[-1].id, "unknown", run.lease)  # changes nothing that is known
            return truth(acts[-1])
        digest = digest_of(task=run.task, step=step.number, tool=tool.name, values=step.arguments)
        reason = f"{verdict.reason[:1].upper()}{verdict.reason[1:]}. Shall I?"
        text = f"{step.because} Instead: {reason}" if step.because else reason
        ask = Ask(
            id="",
            task=run.task,
            person=run.person,
            step=step.number,
            kind="irreversible",
            digest=digest,
            text=text,
            rows=rows_of(task.command),
        )
        with run.waiting():
            closed = await self._asks.agree(ask, expiry_s=self.ask_s)
        if closed != "yes":
            return no_yes(closed)
        crashpoints.reached("after-answer")
        draft = Draft(
            task=run.task, person=run.person, step=step.number, name=tool.name, digest=digest, words=step.words
        )
        try:
            intent = await self._intents.write(draft, run.lease)
        except ActBarred as barred:
            return Outcome(status="refused", sentence=str(barred))
        crashpoints.reached("after-intent")
        outcome = await self._execute(task, tool, step, run)
        crashpoints.reached("after-click")
        results: dict[str, ActResult] = {"done": "done", "failed": "failed", "refused": "not_acted"}
        await self._intents.settle(intent.id, results.get(outcome.status, "unknown"), run.lease)
        return outcome

    async def _held_to_record(self, outcome: Outcome, run: TaskRun) -> Outcome:
        """No fault or deadline hides an act: it is on record before it is made, so what is not there was not made."""
        if outcome.status not in ("failed", "unknown"):
            return outcome
        acts = [act for act in await self._intents.of_step(run.task, run.step) if act.result != "not_acted"]
        if not acts:
            return msgspec.structs.replace(outcome, status="failed")
        told = truth(acts[-1])
        if told.status in ("failed", outcome.status):
            return outcome
        return told if told.status == "done" else msgspec.structs.replace(told, data=outcome.data)

    async def _begin(self, task: Task, step: Step, verdict: Verdict, lease: Lease) -> bool:
        """Tells that a step begins and how it was judged; True when it was begun before."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            again = await _has(writing, task, "step_started", step.number)
            started = {"number": step.number, "tool": step.tool, "words": step.words}
            await writing.append(task.person, task.id, "step_started", started)
            judged = {"step": step.number, "decision": verdict.decision, "rule": verdict.rule}
            judged |= {"reason": verdict.reason} if verdict.decision == "refuse" else {}
            await writing.append(task.person, task.id, "verdict", judged)
        return again


def truth(act: Intent) -> Outcome:
    """What is said of an act that a crash cut off."""
    if act.result == "done":
        return Outcome(status="done", sentence=f"It went through: {act.words}.")
    if act.result == "failed":
        return Outcome(status="failed", sentence=f"It did not work: {act.words}.")
    sentence = f"I may have done it: {act.words}. I could not confirm it. Please check before you ask again."
    return Outcome(status="unknown", sentence=sentence)


def no_yes(closed: Closed, done: str = "", card: Card | None = None) -> Outcome:
    """How a step ends to which nobody said yes. `done` says what was done before the question, `card` shows it."""
    if closed == "no":
        return Outcome(status="cancelled", sentence=with_deeds(DECLINED, done), card=card, data={"code": "declined"})
    if closed == "expired":
        sentence = f"{UNANSWERED} {done}" if done else NO_ANSWER
        return Outcome(status="cancelled", sentence=sentence, card=card, data={"code": "expired"})
    return Outcome(status="cancelled", sentence="", data={"code": "cancelled"})


async def _has(writing: Writing, task: Task, kind: str, number: int) -> bool:
    query = select(events.c.data).where(events.c.person == task.person, events.c.task == task.id, events.c.kind == kind)
    return any(data.get("number") == number for data in await writing.connection.scalars(query))
