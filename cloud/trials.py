"""Runs of a skill from the studio, as tasks: their acts are on record, and what a crash cut off is looked up and told.

A trial is done by its lesson, before its person's eyes. It can be stopped like any task; it is never begun again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
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
from cloud.lam.judgement import Request
from cloud.lam.planning import Step
from cloud.lam.toolbox import Outcome
from cloud.runner import FULL, Runner
from cloud.tasks.episodes import INTERRUPTED, truth
from cloud.tasks.errors import ActBarred
from cloud.tasks.leases import Lease
from cloud.tasks.records import Status, Task
from cloud.tasks.running import TaskRun
from cloud.tools.acts import ActRecord
from cloud.tools.gate import Desk
from cloud.tools.skills import SkillTool
from language.entities import Value
from teach_mode.checks import parse_skill
from teach_mode.errors import LessonRefused, SkillError, StepRefused, TeachError
from teach_mode.lesson.running import Trial
from teach_mode.replay import Replayed
from teach_mode.skill import Skill

log = structlog.get_logger(__name__)

TRIAL_S = 300.0
NOTHING_DONE = "The skill was being tried when I was stopped. Nothing was done that cannot be undone."
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
        record = ActRecord(run, self._desk.intents, self._desk.ask_s)
        replayed = await trial(record)
        if record.unsure and replayed.outcome == "done":
            replayed = msgspec.structs.replace(replayed, outcome="unknown")
        status, sentence = ended_as(replayed)
        await self._runner.tasks.finish(task.id, status, self._desk.hide(sentence), lease)
        return replayed

    async def look(self, task: Task, lease: Lease) -> Outcome:
        """What came of a trial that a crash cut off. Nothing is done again."""
        acts = [act for act in await self._desk.intents.of_step(task.id, _STEP) if act.result != "not_acted"]
        if not acts:
            return Outcome(status="cancelled", sentence=NOTHING_DONE)
        try:
            kept = msgspec.json.decode(await asyncio.to_thread(self._place(task).read_bytes), type=Kept)
            skill = parse_skill(msgspec.json.encode(kept.skill), "trial")
        except (OSError, msgspec.MsgspecError, SkillError) as error:
            log.warning("trial_unreadable", task=task.id, reason=str(error))
            await self._desk.intents.settle(acts[-1].id, "unknown", lease)
            return truth(acts[-1])
        tool = SkillTool(skill, self._pool, self._desk)
        outcome = await tool.look_up(acts[-1], kept.values, self._run(task, lease, skill, kept.values))
        return msgspec.structs.replace(outcome, sentence=INTERRUPTED + outcome.sentence)

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


def ended_as(replayed: Replayed) -> tuple[Status, str]:
    """How a trial's task ends, and the sentence of its end. Pure."""
    error = replayed.error
    if isinstance(error, StepRefused) and replayed.settled is None:
        return ("declined" if error.rule == "answer_no" else "refused"), error.sentence or str(error)
    if replayed.outcome == "done":
        return "done", replayed.answer or (str(error) if error else "Done.")
    return ("unknown" if replayed.outcome == "unknown" or replayed.partly else "failed"), str(error or "")
