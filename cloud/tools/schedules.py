"""Schedules by voice: made of any request with a recurrence, told, left out once, paused and cancelled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo

from msgspec import Struct

from cloud.homes import home_of
from cloud.lam import scheduling
from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run, Tool, Toolbox
from cloud.schedules.deciding import Schedule, coming
from cloud.schedules.errors import ScheduleError
from cloud.schedules.making import Made, schedule_of
from cloud.schedules.naming import spoken_names
from cloud.schedules.records import Records
from cloud.schedules.words import say_moment
from cloud.tasks.running import TaskRun
from cloud.tools.spoken import SpokenTool, text_of
from language.entities import Choice, Slot, Value
from language.numbers import say_number
from language.recurrences.saying import say_recurrence
from language.saying import joined

LISTED = 4  # said aloud; the card shows all
_DAYS = (
    Choice("next", ("the next", "next", "the coming")),
    Choice("today", ("today's", "todays")),
    Choice("tomorrow", ("tomorrow's", "tomorrows")),
)
# Those that are there as long as there are schedules to speak of.
NAMED_TOOLS = ("next_run", "cancel_schedule", "pause_schedule", "resume_schedule", "run_schedule", "skip_schedule")
PutNow = Callable[[Schedule, float], Awaitable[object]]
_VERBS = {
    "cancel": "(cancel|delete|remove|end|stop)",
    "pause": "(pause|suspend)",
    "resume": "(resume|continue|unpause)",
    "run": "(run|start)",
}


class ScheduleTools(Struct, frozen=True, kw_only=True):
    """The tools of schedules over the records. `zone_of` gives the zone of one, `put_now` has one begun that
    somebody asked for at that time."""

    records: Records
    toolbox: Toolbox
    zone_of: Callable[[Schedule], tzinfo]
    put_now: PutNow

    def adder(self) -> SpokenTool:
        """What keeps a request for its times. It is said as a request with a recurrence, and by no words of its own."""
        return SpokenTool(
            name=scheduling.ADD,
            description="do something again and again, at times that you choose",
            utterances=("(make|add|set up|create) a [new] schedule",),
            slots=scheduling.SLOTS,
            effect="reversible",
            work=self._add,
        )

    def about(self, schedules: Sequence[Schedule]) -> tuple[SpokenTool, ...]:
        """Those that speak of schedules, by the names of the ones that there are."""
        lister = SpokenTool(
            name="list_schedules",
            description="say what is scheduled",
            utterances=(
                "what is scheduled",
                "what's scheduled",
                "(what|which) schedules (are there|do i have)",
                "(list|show|read) [me] [all] (the|my) schedules",
            ),
            work=self._list,
        )
        named = spoken_names(schedules)
        if not named:
            return (lister,)
        which = Slot(name="schedule", kind="choice", choices=tuple(named.values()), question="Which one?")
        ids = {choice.value: schedule for schedule, choice in named.items()}
        day = Slot(name="day", kind="choice", choices=_DAYS)
        return (
            lister,
            self._one(ids, "next_run", "say when a schedule is next", which, self._next, effect="read", utterances=(
                "when is the next {schedule} [schedule]",
                "when's the next {schedule} [schedule]",
                "when is [the|my] {schedule} scheduled",
            )),
            self._one(ids, "cancel_schedule", "cancel a schedule", which, self._cancel, utterances=_asked("cancel")),
            self._one(ids, "pause_schedule", "pause a schedule", which, self._pause, utterances=_asked("pause")),
            self._one(ids, "resume_schedule", "resume a schedule", which, self._resume, utterances=_asked("resume")),
            self._one(ids, "run_schedule", "run a schedule now", which, self._run, utterances=(
                "run (the|my) {schedule} schedule [now]",
                "run (the|my) schedule [now]",
            )),
            self._one(ids, "skip_schedule", "skip a schedule once", which, self._skip, day, utterances=(
                "skip {day} {schedule} [schedule]",
                "leave out {day} {schedule} [schedule]",
            )),
        )  # fmt: skip

    def _one(
        self,
        ids: Mapping[str, str],
        name: str,
        description: str,
        which: Slot,
        work: Callable[[Schedule, Mapping[str, Value], Run], Awaitable[Outcome]],
        *more: Slot,
        utterances: tuple[str, ...],
        effect: str = "reversible",
    ) -> SpokenTool:
        async def found(arguments: Mapping[str, Value], run: Run) -> Outcome:
            try:
                schedule = await self.records.get(run.person, ids.get(text_of(arguments, "schedule"), ""))
                return await work(schedule, arguments, run)
            except ScheduleError as error:
                raise ToolError(str(error)) from error

        return SpokenTool(
            name=name,
            description=description,
            utterances=utterances,
            slots=(which, *more),
            effect=effect,  # type: ignore[arg-type]
            work=found,
        )

    async def _add(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        made = Made(
            id=f"{run.task}-{run.step}",  # a step that is run again after a crash finds its own
            person=run.person,
            now=run.said_at(),
            created_at=run.now().timestamp(),
            device=_device_of(run),
        )
        try:
            kept = await self.records.add(schedule_of(arguments, made, self.toolbox))
        except ScheduleError as error:
            raise ToolError(str(error)) from error
        return self._told(kept, run.now())

    def _told(self, schedule: Schedule, now: datetime) -> Outcome:
        when = say_recurrence(schedule.rule, now.date())
        first = self._next_words(schedule, now)
        told = f"{when[:1].upper()}{when[1:]}: {schedule.name}."
        if schedule.rule.unit != "once":
            told += f" The first time is {first}."
        return Outcome(status="done", sentence=told, card=self._card(schedule, now))

    def _card(self, schedule: Schedule, now: datetime) -> Card:
        rows = (Row("When", say_recurrence(schedule.rule, now.date())), Row("Next", self._next_words(schedule, now)))
        return Card(title=schedule.name[:1].upper() + schedule.name[1:], rows=rows)

    def _next_words(self, schedule: Schedule, now: datetime) -> str:
        zone = self.zone_of(schedule)
        found = coming(schedule, zone, now.timestamp(), 1)
        if not found:
            return "paused" if schedule.paused_at is not None else "never again"
        return say_moment(datetime.fromtimestamp(found[0], zone), now.astimezone(zone))

    async def _list(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now, schedules = run.now(), await self.records.of(run.person)
        if not schedules:
            return Outcome(status="done", sentence="Nothing is scheduled.")
        said = [f"{say_recurrence(one.rule, now.date())}: {one.name}" for one in schedules[:LISTED]]
        count = "One schedule" if len(schedules) == 1 else f"{say_number(len(schedules)).capitalize()} schedules"
        more = " The screen shows them all." if len(schedules) > LISTED else ""
        rows = tuple(
            Row(one.name, f"{say_recurrence(one.rule, now.date())}; {self._next_words(one, now)}") for one in schedules
        )
        sentence = f"{count}: {joined(said)}.{more}"
        return Outcome(status="done", sentence=sentence, card=Card(title="Scheduled", rows=rows))

    async def _next(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        words = self._next_words(schedule, run.now())
        if schedule.paused_at is not None:
            return Outcome(status="done", sentence=f"“{schedule.name}” is paused.")
        return Outcome(
            status="done", sentence=f"“{schedule.name}” is next {words}.", card=self._card(schedule, run.now())
        )

    async def _cancel(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        await self.records.stop(run.person, schedule.id, ended_at=run.now().timestamp())
        return Outcome(status="done", sentence=f"“{schedule.name}” is not scheduled any more.")

    async def _pause(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        if schedule.paused_at is not None:
            return Outcome(status="done", sentence=f"“{schedule.name}” is paused already.")
        await self.records.stop(run.person, schedule.id, paused_at=run.now().timestamp())
        return Outcome(status="done", sentence=f"“{schedule.name}” is paused until you resume it.")

    async def _resume(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now = run.now()
        if schedule.paused_at is None:
            return Outcome(status="done", sentence=f"“{schedule.name}” is not paused.")
        kept = await self.records.resume(run.person, schedule.id, now.timestamp())
        return Outcome(status="done", sentence=f"“{schedule.name}” goes on {self._next_words(kept, now)}.")

    async def _run(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        await self.put_now(schedule, run.said_at().timestamp())  # a task begins no other within its own step
        return Outcome(status="done", sentence=f"I begin: {schedule.name}.")

    async def _skip(self, schedule: Schedule, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now, zone = run.now(), self.zone_of(schedule)
        day = text_of(arguments, "day")
        found = coming(schedule, zone, now.timestamp(), 60)
        if day in ("today", "tomorrow"):
            wanted = now.astimezone(zone).date().toordinal() + (day == "tomorrow")
            left_out = [each for each in found if datetime.fromtimestamp(each, zone).date().toordinal() == wanted]
        else:
            left_out = found[:1]
        if not left_out:
            return Outcome(status="done", sentence=f"“{schedule.name}” is not due {day or 'again'}.")
        kept = await self.records.skip(run.person, schedule.id, left_out)
        skipped = say_moment(datetime.fromtimestamp(left_out[0], zone), now.astimezone(zone))
        sentence = f"I leave out “{schedule.name}” {skipped}; then it is {self._next_words(kept, now)}."
        return Outcome(status="done", sentence=sentence)


def _asked(verb: str) -> tuple[str, ...]:
    return (f"{_VERBS[verb]} (the|my) {{schedule}} schedule", f"{_VERBS[verb]} (the|my|a) schedule")


def _device_of(run: Run) -> str:
    """The device that a request was said to; "" for one that was typed."""
    return home_of(run.device, 0).device if isinstance(run, TaskRun) else ""


def put_into(toolbox: Toolbox, tools: ScheduleTools, schedules: Sequence[Schedule]) -> None:
    """The tools that speak of schedules, as there are these ones. Changes nothing when the names are the same."""
    wanted: dict[str, Tool] = {tool.name: tool for tool in tools.about(schedules)}
    for name in NAMED_TOOLS:
        if name not in wanted:
            toolbox.remove(name)
    for name, tool in wanted.items():
        known = toolbox.get(name)
        if known is None or known.slots != tool.slots:
            toolbox.add(tool)
