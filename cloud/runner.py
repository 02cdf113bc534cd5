"""Does tasks. Speaks with the rest of the cloud only through commands (in) and events (out)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog
from msgspec import Struct

from cloud.clock import Ids, fresh_id
from cloud.commands import AnswerAsk, CancelTask, Command, HandleUtterance
from cloud.events import EventLog
from cloud.lam.errors import LamError, ToolError
from cloud.lam.goals import Question
from cloud.lam.mind import Mind
from cloud.tasks import lateness
from cloud.tasks.asks import Ask, Asks, Taken, shown
from cloud.tasks.course import LONG_S
from cloud.tasks.engine import Engine, Workflow
from cloud.tasks.episodes import Episodes
from cloud.tasks.errors import LeaseLost, TaskGone
from cloud.tasks.halfway import items_done, left_behind
from cloud.tasks.halfway import shown as halfway
from cloud.tasks.intents import Intents, is_unsure, what_was_made
from cloud.tasks.journey import Journey, Look, utterance_of
from cloud.tasks.leases import Lease, Leases
from cloud.tasks.lock import RunnerLock
from cloud.tasks.records import Status, Task, Tasks
from cloud.turns import Pictures
from language.synonyms import is_stop, yes_or_no
from teach_mode.deeds import so_far

log = structlog.get_logger(__name__)

WENT_WRONG = "Something went wrong on my side, so I stopped."
PARKED = "I tried that several times and it kept breaking, so I gave up. Please try it another way."
STOPPED = "Stopped."
HALT_S = 0.4
# A task that there never is: asking for it shows that the engine answers.
BEAT = "beat"
Work = Callable[[Task, Lease], Coroutine[Any, Any, None]]

FULL = "I am still busy with other things. Please say that again in a moment."
PRESS = "Please press the button twice to say yes."


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds of a runner. `attempts`: how often a task that breaks its process is begun; `long_s`: a plan that takes
    longer is said before it is begun."""

    tasks: int = 8
    attempts: int = 5
    ask_s: float = 60.0
    task_s: float = 600.0
    long_s: float = LONG_S


class Runner:
    """Runs the tasks of one data folder; one process at a time may."""

    def __init__(
        self,
        mind: Mind,
        events: EventLog,
        *,
        folder: Path,
        pictures: Pictures,
        zone: ZoneInfo,
        limits: Limits | None = None,
        ids: Ids = fresh_id,
    ) -> None:
        self._mind = mind
        self._log = events
        self._folder = folder
        self._limits = limits or Limits()
        self._ids = ids
        self._zone = zone
        self.asks = Asks(events)
        self.intents = Intents(events)
        self.tasks = Tasks(events)
        self._leases = Leases(events.store, events.clock)
        episodes = Episodes(mind, events, self.asks, self.intents, folder=folder / "tasks")
        episodes.ask_s = self._limits.ask_s
        self._journey = Journey(mind, events, self.tasks, self.asks, episodes, pictures=pictures, zone=zone)
        self._journey.course.task_s = self._limits.task_s
        self._journey.course.long_s = self._limits.long_s
        self._engine = Engine(folder / "engine.db", self._workflow())
        self._holder = ids()
        self._lock = RunnerLock(folder / "runner.lock")
        self._bodies: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, asyncio.Event] = {}
        self._cancelled: dict[str, str] = {}  # task -> what to say
        self._halts: dict[str, asyncio.Event] = {}
        self._lingering: set[asyncio.Task[None]] = set()
        self._live: set[str] = set()
        self._works: dict[str, Work] = {}

    # Life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Takes up what a dead process left. Raises RunnerBusy while another process runs this folder."""
        self._lock.take()
        await self._engine.start()
        for task in await self.tasks.open_ones():
            state = await self._engine.state(task.id)
            log.info("task_taken_up", task=task.id, state=state, attempts=task.attempts)
            if state == "none":
                await self._engine.run(task.id)
            elif state == "ended":
                await self.tasks.finish(task.id, "parked", PARKED, None, aloud=True)

    async def stop(self) -> None:
        """Lets go of the running tasks, browsers and all; the next start takes them up again."""
        bodies = list(self._bodies.values())
        for body in bodies:
            body.cancel()
        await asyncio.gather(*(done.wait() for done in self._done.values()))
        await self._engine.stop()
        self._lock.drop()

    @property
    def running(self) -> frozenset[str]:
        """The tasks that are being done now."""
        return frozenset(self._live)

    @property
    def has_room(self) -> bool:
        """Whether one more task would be begun at once, and not refused."""
        return len(self._live) < self._limits.tasks

    async def beat(self) -> None:
        """Comes back while the engine answers."""
        await self._engine.state(BEAT)

    async def forget(self, tasks: Sequence[str]) -> None:
        """Removes what the engine keeps of tasks that have ended."""
        await self._engine.forget(tasks)

    async def let_go(self, task: str) -> None:
        """Returns when this runner does nothing for the task any more."""
        if (done := self._done.get(task)) is not None:
            await done.wait()

    # Commands -----------------------------------------------------------------------------------------------------

    async def submit(self, command: Command) -> str:
        """Takes a command; harmless to repeat. Returns the task's id, or how an answer was taken."""
        match command:
            case HandleUtterance():
                return await self._handle(command)
            case AnswerAsk():
                return await self._answer(command)
            case CancelTask():
                return await self._cancel_for(command.person, command.task)

    async def _handle(self, said: HandleUtterance) -> str:
        if said.ask:
            answered = await self._hold_against(said, said.ask)
            if answered:
                return answered
        running = await self.tasks.open_ones(said.person) if said.call is None and is_stop(said.text) else []
        # A "stop" that waited for a network stops nothing that was begun after it was said.
        said_at = lateness.said_at(said, self._log.clock())
        running = [one for one in running if one.created <= said_at]
        task, new = await self.tasks.open(said, self._ids())
        if not new:
            return task.id
        await self._show_patient(said)
        if running:
            for one in running:
                await self.cancel(one.id)
            await self.tasks.finish(task.id, "done", STOPPED, None, aloud=True)
        elif not self.has_room:
            log.warning("tasks_full", person=said.person, running=len(self._live))
            await self.tasks.finish(task.id, "refused", FULL, None, aloud=True)
        else:
            self._live.add(task.id)
            await self._engine.run(task.id)
        return task.id

    async def _show_patient(self, said: HandleUtterance) -> None:
        """Questions that came when nobody was there are shown again to who is there now."""
        if said.schedule is not None or not said.device:
            return
        for ask in await self.asks.open_ones(said.person):
            if ask.data.get("patient"):
                await self._log.append(ask.person, ask.task, "asked", shown(ask) | {"quiet": True})

    async def do(self, said: HandleUtterance, work: Work) -> str:
        """Begins a task whose work is the caller's; it returns when `work` has ended the task, or is cancelled with it.
        After a crash the journey takes it up, which knows that it is not to be done again. Returns the task's id."""
        task, _ = await self.tasks.open(said, self._ids())
        if not self.has_room:
            log.warning("tasks_full", person=said.person, running=len(self._live))
            await self.tasks.finish(task.id, "refused", FULL, None)
            return task.id
        self._live.add(task.id)
        self._done[task.id] = asyncio.Event()
        self._works[task.id] = work
        await self._engine.run(task.id)
        return task.id

    def look_up_trials(self, look: Look) -> None:
        """From now on `look` finds out what came of a trial that a crash cut off."""
        self._journey.look = look

    async def _answer(self, command: AnswerAsk) -> Taken:
        taken = await self.asks.answer(
            command.ask,
            digest=command.digest,
            answer=command.answer,
            person=command.person,
            surface=command.surface,
        )
        log.info("ask_answered", ask=command.ask, surface=command.surface, taken=taken)
        return taken

    async def _cancel_for(self, person: str, task: str) -> str:
        for one in await self.tasks.open_ones(person):
            if task in ("", one.id):
                await self.cancel(one.id, say=STOPPED)
        return task

    async def cancel_others(self, person: str, but: str) -> int:
        """Stops all that is being done for a person, but one task; how many they were."""
        others = [one for one in await self.tasks.open_ones(person) if one.id != but]
        for one in others:
            await self.cancel(one.id)
        return len(others)

    # Spoken answers -----------------------------------------------------------------------------------------------

    async def _hold_against(self, said: HandleUtterance, ask_id: str) -> str:
        """The task whose question this answers, or "" when it is a request: a new one, or one that was taken before."""
        if await self.tasks.of_key(said.key) is not None:
            return ""
        ask = await self.asks.get(ask_id)
        if ask is None or ask.person != said.person:
            return ""
        if ask.closed is not None:
            return ask.task if ask.surface == said.key else ""  # a repeat of what answered it
        if ask.kind == "irreversible":
            return await self._hold_against_act(said, ask)
        question = msgspec.convert(ask.data["question"], Question)
        answer = await self._mind.settle(question, utterance_of(said), now=self._now())
        if answer is None:
            return ""
        await self._heard(said, ask)
        words = "no" if answer.kind == "no" else str(answer.value)
        return ask.task if await self.asks.settle(ask, words, meaning=answer, surface=said.key) else ""

    async def _hold_against_act(self, said: HandleUtterance, ask: Ask) -> str:
        """A no may be spoken; the yes is pressed, so that no television can order anything."""
        answer = yes_or_no(said.text)
        if answer is None:
            return ""
        await self._heard(said, ask)
        if answer:
            async with self._log.writing() as writing:
                await writing.append(ask.person, ask.task, "said", {"text": PRESS})
                await writing.append(ask.person, ask.task, "asked", shown(ask))
        else:
            await self.asks.answer(ask.id, digest=ask.digest, answer="no", person=said.person, surface=said.key)
        return ask.task

    async def _heard(self, said: HandleUtterance, ask: Ask) -> None:
        heard = {"text": said.text, "spoken": said.spoken, "engine": said.engine}
        await self._log.append(ask.person, ask.task, "heard", heard | {"device": said.device, "turn": said.turn})

    # Tasks --------------------------------------------------------------------------------------------------------

    async def cancel(self, task: str, *, say: str = "") -> None:
        """Stops a task, its browser with it, and returns when it has ended. What may have happened is told."""
        done = self._done.get(task)
        if done is None:
            # It is not being done; should it be begun just now, it finds itself ended.
            await self.tasks.finish(task, "cancelled", say, None, aloud=True)
            return
        self._cancelled[task] = say
        self._halts.setdefault(task, asyncio.Event()).set()
        await done.wait()

    def _workflow(self) -> Workflow:
        async def workflow(task: str) -> None:
            await self._work(task)

        return workflow

    async def _work(self, task: str) -> None:
        """The whole of one attempt at a task."""
        # The folder's lock says that no other process runs: whoever held this lease is dead.
        lease = await self._leases.acquire(f"task:{task}", self._holder, seize=True)
        self._live.add(task)
        self._done.setdefault(task, asyncio.Event())
        try:
            begun = await self.tasks.begin(task, lease)
            if not begun.is_open:
                return
            if begun.attempts > self._limits.attempts:
                log.error("task_parked", task=task, attempts=begun.attempts)
                await self._cut_off(begun, lease, "parked", PARKED)
                return
            await self._attempt(begun, lease)
        except TaskGone:
            log.error("task_gone", task=task)
        except LeaseLost as lost:
            log.warning("lease_lost", task=task, reason=str(lost))
        finally:
            await self._leases.release(lease)
            self._live.discard(task)
            self._works.pop(task, None)
            self._halts.pop(task, None)
            self._cancelled.pop(task, None)
            self._done.pop(task).set()

    async def _attempt(self, task: Task, lease: Lease) -> None:
        work = self._works.pop(task.id, self._journey.travel)
        body = asyncio.create_task(work(task, lease), name=task.id)
        self._bodies[task.id] = body
        halted = asyncio.create_task(self._halts.setdefault(task.id, asyncio.Event()).wait())
        renewing = asyncio.create_task(self._renew(lease, body))
        try:
            await asyncio.wait((body, halted), return_when=asyncio.FIRST_COMPLETED)
            if task.id in self._cancelled:
                await self._halt(body)
                await self._cut_off(task, lease, "cancelled", self._cancelled[task.id])
            else:
                await self._ended(body, task, lease)
        finally:
            for helper in (renewing, halted, body):
                helper.cancel()
            await asyncio.wait((renewing, halted))
            self._bodies.pop(task.id, None)

    async def _halt(self, body: asyncio.Task[None]) -> None:
        """Stops a task's work. What does not stop in time is left to itself: without its lease it cannot act."""
        body.cancel()
        await asyncio.wait((body,), timeout=HALT_S)
        if not body.done():
            log.error("task_halts_slowly", task=body.get_name())
            self._lingering.add(body)
            body.add_done_callback(self._lingering.discard)

    async def _ended(self, body: asyncio.Task[None], task: Task, lease: Lease) -> None:
        """Whatever stopped the work, the task ends with a sentence, unless this process is stopping."""
        try:
            body.result()
        except ToolError as error:
            await self._cut_off(task, lease, "failed", error.sentence)
        except LamError:
            log.exception("model_failed", task=task.id)
            await self._cut_off(task, lease, "failed", WENT_WRONG)
        except LeaseLost:
            raise
        except Exception:
            # The edge of a task: it ends with a sentence, and the runner lives on.
            log.exception("task_broke", task=task.id)
            await self._cut_off(task, lease, "failed", WENT_WRONG)

    async def _cut_off(self, task: Task, lease: Lease, status: Status, say: str) -> None:
        """Ends a task before its time, and tells the truth about acts that were made, or may have been, and about what
        was half done."""
        acts = await self.intents.of_task(task.id)
        for act in acts:
            if act.result is None:
                await self.intents.settle(act.id, "unknown", lease)
        halt = await left_behind(self._log, task)
        rounds = await items_done(self._log, task)
        made = " ".join(filter(None, (rounds, what_was_made(acts), so_far(halt))))
        sentence = f"{say or STOPPED} {made}" if made else say
        if (card := halfway(halt)) is not None:
            await self._log.append(task.person, task.id, "card", msgspec.to_builtins(card))
        ended = "unknown" if any(is_unsure(act) for act in acts) else status
        await self.tasks.finish(task.id, ended, sentence, lease, aloud=True)

    async def _renew(self, lease: Lease, body: asyncio.Task[None]) -> None:
        while True:
            await asyncio.sleep(self._leases.ttl_s / 3)
            try:
                await self._leases.renew(lease)
            except LeaseLost as lost:
                log.warning("lease_lost", task=lease.name, reason=str(lost))
                body.cancel()
                return

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._log.clock(), self._zone)
