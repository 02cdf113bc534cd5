"""One task from words to answer: the workflow that the engine keeps. Each stage's result outlives a crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from cloud.commands import HandleUtterance
from cloud.events import EventLog, Writing
from cloud.lam import outline, turns
from cloud.lam.calling import percept_of
from cloud.lam.errors import ToolError
from cloud.lam.goals import Answer, Goal, Question
from cloud.lam.learning import Result, Trajectory
from cloud.lam.mind import Mind
from cloud.lam.perception import Percept, Utterance
from cloud.lam.planning import Plan
from cloud.lam.toolbox import Outcome
from cloud.tasks import crashpoints, lateness, patience
from cloud.tasks.asks import Ask, Asks, Choice, digest_of
from cloud.tasks.course import Course, Planned, Reply, Walked
from cloud.tasks.engine import durable
from cloud.tasks.episodes import DECLINED, NO_ANSWER, Episodes
from cloud.tasks.leases import Lease
from cloud.tasks.records import Status, Task, Tasks
from cloud.turns import Pictures

Look = Callable[[Task, Lease], Awaitable[Outcome]]

MOST_QUESTIONS = 6
TOO_MANY_QUESTIONS = "I still do not understand. Please say it again in other words."


class Understood(Struct, frozen=True, kw_only=True):
    """What was said and what is wanted; with a plan, unless a question comes first or there is nothing to do."""

    percept: Percept
    goal: Goal
    planned: Planned | None = None


class Journey:
    """Takes tasks through the stages of the large action model."""

    def __init__(
        self,
        mind: Mind,
        log: EventLog,
        tasks: Tasks,
        asks: Asks,
        episodes: Episodes,
        *,
        pictures: Pictures,
        zone: ZoneInfo,
    ) -> None:
        self._mind = mind
        self._log = log
        self._tasks = tasks
        self._asks = asks
        self._episodes = episodes
        self._pictures = pictures
        self._zone = zone
        self.course = Course(mind, episodes, self._ask, self.now)
        self.ask_s = episodes.ask_s
        self.look: Look | None = None

    def now(self) -> datetime:
        """The time in the person's zone, aware."""
        return datetime.fromtimestamp(self._log.clock(), self._zone)

    async def travel(self, task: Task, lease: Lease) -> None:
        """Does the task and ends it. Within the engine's workflow; may be cancelled at any await."""
        if task.command.trial:
            await self._look_up(task, lease)
            return
        understood = await durable("understand", Understood, partial(self._understand, task))
        goal, stopped = await self._settle_questions(task, understood.goal)
        if stopped is not None:
            await self._tasks.finish(task.id, *stopped, lease, aloud=True)
            return
        if not goal.intents:
            refused: Status = "not_understood" if task.command.call is None else "refused"
            status = refused if goal.refusal else "declined"
            await self._tasks.finish(task.id, status, goal.refusal or DECLINED, lease, aloud=True)
            return
        planned = understood.planned
        if planned is None:
            planned = await durable("plan", Planned, partial(self._replan, task, goal, understood))
        unwanted = await self._still_wanted(task, planned.plan)
        if unwanted is not None:
            await self._tasks.finish(task.id, *unwanted, lease, aloud=True)
            return
        no = await self.course.is_wanted(task, planned)
        if no is not None:
            await self._tasks.finish(task.id, overall([no]), no.sentence, lease, aloud=True)
            return
        walked = await self.course.walk(task, planned, self._said_at(task), lease)
        crashpoints.reached("after-step")
        await durable("learn", bool, partial(self._learn, task, goal, planned.plan, walked))
        if goal.notice:
            await self._log.append(task.person, task.id, "said", {"text": goal.notice})
        steps, ends = planned.plan.steps, walked.outcomes
        sentence = " ".join(turns.sentences(steps, ends, walked.left))
        await self._tasks.finish(task.id, overall(turns.counted(steps, ends)), sentence, lease)

    async def _look_up(self, task: Task, lease: Lease) -> None:
        """A trial that was cut off with its lesson: what came of it is told, and nothing is done again."""
        if self.look is None:
            raise ToolError("I was stopped while a skill was tried.")
        outcome = await durable("look", Outcome, partial(self.look, task, lease))
        await self._tasks.finish(task.id, overall([outcome]), outcome.sentence, lease, aloud=True)

    async def _understand(self, task: Task) -> Understood:
        percept, goal = await self._perceived(task)
        planned = await self._plan(task, goal, percept) if goal.intents and goal.question is None else None
        async with self._log.writing(synced=False) as writing:
            await _tell_understood(writing, task, percept, goal)
            if planned is not None:
                await _tell_planned(writing, task, planned)
        return Understood(percept=percept, goal=goal, planned=planned)

    async def _perceived(self, task: Task) -> tuple[Percept, Goal]:
        """What was said and what is wanted: inferred from the words, or given as a call."""
        said = task.command
        if said.call is not None:
            called = percept_of(said.text, self._said_at(task))
            return called, await self._mind.take(said.call, called, person=task.person)
        picture = await self._pictures.read(task.person, said.picture) if said.picture else None
        problem = said.picture_problem or ("the picture is gone" if said.picture and picture is None else "")
        percept = await self._mind.perceive(
            utterance_of(said), person=task.person, now=self._said_at(task), picture=picture, picture_problem=problem
        )
        return percept, await self._mind.infer(percept, person=task.person)

    async def _settle_questions(self, task: Task, goal: Goal) -> tuple[Goal, tuple[Status, str] | None]:
        for number in range(1, MOST_QUESTIONS + 1):
            question = goal.question
            if question is None:
                return goal, None
            ask = question_ask(task, question, number)
            reply = await durable(f"question {number}", Reply, partial(self._ask, task, ask))
            if reply.answer is None:
                return goal, ("expired", _no_answer(task))
            goal = self._mind.resume(goal, reply.answer, origin=reply.origin)
            if reply.answer.kind == "no":
                return goal, ("declined", goal.refusal or DECLINED)
        return goal, (("not_understood", TOO_MANY_QUESTIONS) if goal.question is not None else None)

    async def _still_wanted(self, task: Task, plan: Plan) -> tuple[Status, str] | None:
        """Asks about what cannot be undone when it was said long ago, or comes by itself; how the task ends, if it is
        not wanted."""
        words = lateness.words_of(plan)
        schedule = patience.unattended(task.command)
        if not words or (schedule is None and not lateness.is_late(task.command, task.created)):
            return None
        closed = await durable("late", str, partial(self._agree, task, words))
        if closed == "yes":
            return None
        return ("declined", DECLINED) if closed == "no" else ("expired", _no_answer(task))

    async def _agree(self, task: Task, words: tuple[str, ...]) -> str:
        schedule = patience.unattended(task.command)
        age_s = task.created - lateness.said_at(task.command, task.created)
        ask = Ask(
            id="",
            task=task.id,
            person=task.person,
            step=0,
            kind="irreversible",
            digest=digest_of(task=task.id, late=True, words=words),
            text=lateness.question(words, age_s) if schedule is None else patience.question(schedule),
            data=self._manner(task),
        )
        return await self._asks.agree(ask, expiry_s=self._expiry_s(task))

    def _expiry_s(self, task: Task) -> float:
        """How long a question waits before anything is begun: longer when its person may be elsewhere."""
        return patience.expiry_s(task.command, task.created, self.now(), self.ask_s)

    def _manner(self, task: Task) -> dict[str, bool]:
        """Marks of a question that comes by itself: it is shown again when its person is there, and wakes nobody."""
        if patience.unattended(task.command) is None:
            return {}
        return {"patient": True, "quiet": patience.is_night(self.now())}

    def _said_at(self, task: Task) -> datetime:
        return datetime.fromtimestamp(lateness.said_at(task.command, task.created), self._zone)

    async def _ask(self, task: Task, ask: Ask) -> Reply:
        """Asks, and waits."""
        ask = msgspec.structs.replace(
            ask, data={**ask.data, **self._manner(task)}, rows=(*ask.rows, *patience.rows_of(task.command))
        )
        opened = await self._asks.open(ask, expiry_s=self._expiry_s(task))
        closed = await self._asks.wait(opened.id)
        if closed.answer is None:
            return Reply(answer=None)
        if "meaning" in closed.data:
            return Reply(answer=msgspec.convert(closed.data["meaning"], Answer))
        pressed = self._mind.press(msgspec.convert(ask.data["question"], Question), closed.answer)
        return Reply(answer=pressed, origin="pressed")

    async def _plan(self, task: Task, goal: Goal, percept: Percept) -> Planned:
        request = await self._mind.request(goal, percept, person=task.person)
        plan = self._mind.plan(goal)
        return Planned(request=request, plan=plan, said=self.course.said_first(plan))

    async def _replan(self, task: Task, goal: Goal, understood: Understood) -> Planned:
        planned = await self._plan(task, goal, understood.percept)
        async with self._log.writing(synced=False) as writing:
            await _tell_planned(writing, task, planned)
        return planned

    async def _learn(self, task: Task, goal: Goal, plan: Plan, walked: Walked) -> bool:
        results = tuple(
            Result(
                number=step.number,
                tool=step.tool,
                status=walked.ended[step.number].outcome.status,
                took_ms=walked.ended[step.number].took_ms,
            )
            for step in plan.steps
            if step.number in walked.ended
        )
        await self._mind.learn(Trajectory(task=task.id, person=task.person, goal=goal, plan=plan, results=results))
        return True


def _no_answer(task: Task) -> str:
    schedule = patience.unattended(task.command)
    return NO_ANSWER if schedule is None else patience.no_answer(schedule)


async def _tell_understood(writing: Writing, task: Task, percept: Percept, goal: Goal) -> None:
    if percept.text and percept.text != task.text:
        distance = max((reading.distance for reading in percept.readings), default=0.0)
        await writing.append(task.person, task.id, "corrected", {"text": percept.text, "distance": distance})
    intents = [{"tool": intent.tool, "values": intent.values, "missing": intent.missing} for intent in goal.intents]
    data = {"intents": intents, "confidence": goal.confidence}
    await writing.append(task.person, task.id, "understood", data)


async def _tell_planned(writing: Writing, task: Task, planned: Planned) -> None:
    names = ("number", "tool", "version", "arguments", "effect", "words", "instead_of", "strict", "each")
    lines = outline.lines(planned.plan)
    steps = [
        {name: getattr(step, name) for name in names} | {"line": line}
        for step, line in zip(planned.plan.steps, lines, strict=True)
    ]
    await writing.append(task.person, task.id, "planned", {"steps": steps})


def utterance_of(said: HandleUtterance) -> Utterance:
    """What perception takes of a command."""
    return Utterance(text=said.text, spoken=said.spoken, alternatives=said.alternatives, engine=said.engine)


def question_ask(task: Task, question: Question, number: int) -> Ask:
    """The ask of a question. Its id follows from the task, so that a re-run finds it again."""
    pairs = zip(question.values, question.choices, strict=True)
    return Ask(
        id=f"{task.id}:q{number}",
        task=task.id,
        person=task.person,
        step=0,
        kind="choice" if question.choices else "slot",
        digest=digest_of(task=task.id, number=number, text=question.text, choices=question.choices),
        text=question.text,
        choices=tuple(Choice(str(value), text) for value, text in pairs),
        data={"question": msgspec.to_builtins(question)},
    )


def overall(outcomes: list[Outcome]) -> Status:
    """How a task ended: by the worst of its steps, where not knowing is the worst."""
    statuses = {outcome.status for outcome in outcomes}
    for status in ("unknown", "failed", "refused"):
        if status in statuses:
            return status
    codes = [str(outcome.data.get("code", "")) for outcome in outcomes if outcome.status == "cancelled"]
    if "expired" in codes:
        return "expired"
    if codes:
        return "declined" if "declined" in codes else "cancelled"
    return "done"
