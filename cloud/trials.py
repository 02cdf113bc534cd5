"""Runs of a skill from the studio, as tasks: their acts are on record, and what a crash cut off is looked up and told.

A trial is done by its lesson, before its person's eyes. It can be stopped like any task. A crash ends it, and it is not
begun again, but for a question that can still be answered: then it is taken to the question once more, by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog
from msgspec import Struct

from browser.errors import BrowserError
from browser.pool import Pool
from cloud.clock import Ids
from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.lam.execution import execute
from cloud.lam.judgement import Request
from cloud.lam.planning import Step
from cloud.lam.toolbox import Outcome
from cloud.runner import FULL, Runner
from cloud.tasks import crashpoints
from cloud.tasks.asks import Ask
from cloud.tasks.episodes import INTERRUPTED, truth
from cloud.tasks.errors import ActBarred
from cloud.tasks.halfway import left_behind
from cloud.tasks.leases import Lease
from cloud.tasks.records import Status, Task
from cloud.tasks.running import TaskRun
from cloud.tools.acts import ActRecord, digest
from cloud.tools.gate import Desk, ask_of
from cloud.tools.skills import SkillTool
from cloud.tools.trail import ending, seen_steps
from language.entities import Value
from teach_mode.checks import parse_skill
from teach_mode.deeds import Deed, Halt, so_far, with_deeds
from teach_mode.errors import LessonRefused, SkillError, StepRefused, TeachError
from teach_mode.interfaces import Act
from teach_mode.lesson.running import Trial
from teach_mode.replayed import Replayed
from teach_mode.skill import Skill

log = structlog.get_logger(__name__)

TRIAL_S = 300.0
# How long the question of a trial stands: its person may have to come back to the studio, or to another surface.
ASK_S = TRIAL_S
CUT_OFF = "The skill was being tried when I was stopped."
NOTHING_DONE = "Nothing was done that cannot be undone."
_STEP = 1


class Kept(Struct, frozen=True, kw_only=True):
    """What is needed to look up what came of a trial: the skill, which may be on no shelf yet, and its values."""

    skill: dict[str, Any]
    values: dict[str, Value]


class Trials:
    """Gives lessons the runner's tasks. `folder` is where tasks keep their files, `cap` the most an act may cost."""

    def __init__(
        self,
        runner: Runner,
        events: EventLog,
        pool: Pool,
        desk: Desk,
        *,
        folder: Path,
        zone: ZoneInfo,
        fresh_id: Ids,
        cap: str = "",
    ) -> None:
        self._runner = runner
        self._events = events
        self._pool = pool
        self._desk = desk
        self._folder = folder
        self._zone = zone
        self._fresh_id = fresh_id
        self._cap = cap

    async def run(self, person: str, skill: Skill, values: Mapping[str, Value], trial: Trial) -> Replayed:
        """Does a trial as a task of the person's. Raises LessonRefused when it was stopped, or there is no room for it;
        and what the trial raises."""
        ended: asyncio.Future[Replayed] = asyncio.get_running_loop().create_future()

        async def work(task: Task, lease: Lease) -> None:
            try:
                replayed = await self._do(task, lease, skill, values, trial)
            except (TeachError, BrowserError, ActBarred) as error:
                # It ends the task, whose edge logs it, and is told in the lesson.
                ended.set_exception(error)
                raise
            ended.set_result(replayed)

        words = f"Try in the studio: {skill.description}"
        key = f"trial:{self._fresh_id()}"
        said = HandleUtterance(key=key, person=person, text=words, spoken=False, trial=True)
        task = await self._runner.do(said, work)
        try:
            await self._runner.let_go(task)
        except asyncio.CancelledError:
            await asyncio.shield(self._runner.cancel(task))
            raise
        if not ended.done():
            row = await self._runner.tasks.get(task)
            raise LessonRefused(row.sentence if row.sentence == FULL else "the run was stopped")
        return ended.result()

    async def _do(self, task: Task, lease: Lease, skill: Skill, values: Mapping[str, Value], trial: Trial) -> Replayed:
        run = self._run(task, lease, skill, values)
        await asyncio.to_thread(self._keep, task, Kept(skill=msgspec.to_builtins(skill), values=dict(values)))
        record = TrialRecord(run, self._desk)
        async with writing(run):
            began = self._events.clock()
            replayed = await trial(record)
            for step in seen_steps(replayed, began):
                run.note(step)
            run.tell("replayed", ending(skill, replayed, run.folder / "files") | {"number": run.step})
        if record.unsure and replayed.outcome == "done":
            replayed = msgspec.structs.replace(replayed, outcome="unknown")
        halt = await left_behind(self._events, task) if replayed.outcome != "done" else Halt()
        status, sentence = ended_as(replayed, so_far(halt))
        await self._runner.tasks.finish(task.id, status, self._desk.hide(sentence), lease)
        return replayed

    async def look(self, task: Task, lease: Lease) -> Outcome:
        """What came of a trial that a crash cut off. What was done is not done again; while its question stands it is
        begun again, as the question can be answered only where the page is."""
        acts = [act for act in await self._desk.intents.of_step(task.id, _STEP) if act.result != "not_acted"]
        if not acts and not await self._asks_still(task):
            done = so_far(await left_behind(self._events, task))
            sentence = " ".join(filter(None, (CUT_OFF, done, NOTHING_DONE)))
            return Outcome(status="cancelled", sentence=sentence)
        try:
            kept = msgspec.json.decode(await asyncio.to_thread(self._place(task).read_bytes), type=Kept)
            skill = parse_skill(msgspec.json.encode(kept.skill), "trial")
        except (OSError, msgspec.MsgspecError, SkillError) as error:
            log.warning("trial_unreadable", task=task.id, reason=str(error))
            if not acts:
                return Outcome(status="cancelled", sentence=f"{CUT_OFF} {NOTHING_DONE}")
            await self._desk.intents.settle(acts[-1].id, "unknown", lease)
            return truth(acts[-1])
        tool, run = SkillTool(skill, self._pool, self._desk), self._run(task, lease, skill, kept.values)
        if acts:
            outcome = await tool.look_up(acts[-1], kept.values, run)
        else:
            async with writing(run):
                outcome = await execute(tool, run.plan_step, run)
        return msgspec.structs.replace(outcome, sentence=INTERRUPTED + outcome.sentence)

    async def _asks_still(self, task: Task) -> bool:
        """Whether its question can still be answered, or was agreed to a moment ago and nothing done yet."""
        asked = await self._desk.asks.of_step(task.id, _STEP)
        return any(one.closed in (None, "yes") and one.expires_at > self._events.clock() for one in asked)

    def _run(self, task: Task, lease: Lease, skill: Skill, values: Mapping[str, Value]) -> TaskRun:
        step = Step(
            number=_STEP,
            tool=skill.name,
            arguments=dict(values),
            effect=skill.effect,
            words=skill.description.rstrip("."),
            origins=dict.fromkeys(values, "said"),
            version=skill.version,
        )
        now = datetime.fromtimestamp(self._events.clock(), self._zone)
        return TaskRun(
            task,
            step,
            log=self._events,
            lease=lease,
            request=Request(person=task.person, text=task.text, tools=(skill.name,), cap=self._cap),
            deadline=now + timedelta(seconds=TRIAL_S),
            folder=self._folder / task.id,
        )

    def _place(self, task: Task) -> Path:
        return self._folder / task.id / "trial.json"

    def _keep(self, task: Task, kept: Kept) -> None:
        place = self._place(task)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(msgspec.json.encode(kept))


class TrialRecord(ActRecord):
    """A `teach_mode.lesson.running.Record` of one trial: its questions are asked on every surface of its person's."""

    def __init__(self, run: TaskRun, desk: Desk) -> None:
        super().__init__(run, desk.intents, ASK_S)
        self._trial = run
        self._asks = desk.asks
        self._asked: asyncio.Task[Ask] | None = None

    def changed(self, deed: Deed) -> None:
        """A step changed something that can be undone."""
        self._trial.tell("changed", msgspec.to_builtins(deed))

    async def agree(self, act: Act) -> str:
        """Asks, and waits for the first answer."""
        question = msgspec.structs.replace(ask_of(act, self._trial), data={"trial": True})
        self._asked = asyncio.create_task(self._asks.put(question, expiry_s=ASK_S))
        asked = await self._asked
        crashpoints.reached("after-question")
        return asked.closed or (await self._asks.wait(asked.id)).closed or "expired"

    async def answer(self, yes: bool) -> None:
        """The answer was given in the studio."""
        if self._asked is not None:
            asked = await asyncio.shield(self._asked)
            given, person = "yes" if yes else "no", self._trial.person
            await self._asks.answer(asked.id, digest=asked.digest, answer=given, person=person, surface="studio")

    async def withdraw(self, act: Act) -> None:
        """Nothing was clicked, and the yes is void."""
        await super().withdraw(act)
        await self._asks.void(self._trial.task, self._trial.step, digest(act, self._trial))


@asynccontextmanager
async def writing(run: TaskRun) -> AsyncIterator[None]:
    """What the run tells is written while the block runs, and the rest at its end."""
    writer = asyncio.create_task(run.keep_writing())
    try:
        yield
    finally:
        run.end()
        await writer


def ended_as(replayed: Replayed, done: str = "") -> tuple[Status, str]:
    """How a trial's task ends, and the sentence of its end; `done` says what was half done. Pure."""
    status, sentence = _ended_as(replayed)
    return status, with_deeds(sentence, done)


def _ended_as(replayed: Replayed) -> tuple[Status, str]:
    error = replayed.error
    if isinstance(error, StepRefused) and replayed.settled is None:
        status: Status = "refused"
        if error.rule.startswith("answer_"):
            status = "declined" if error.rule == "answer_no" else "expired"
        return status, error.sentence or str(error)
    if replayed.outcome == "done":
        return "done", replayed.answer or (str(error) if error else "Done.")
    return ("unknown" if replayed.outcome == "unknown" or replayed.partly else "failed"), str(error or "")
