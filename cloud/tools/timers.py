"""Timers and alarms by voice: set, ask after, cancel, and silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cloud.lam.errors import ToolError
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.tasks.errors import TimersFull
from cloud.tasks.timers import Timer, TimerKind, Timers
from cloud.tools.spoken import SpokenTool, text_of, whole_of
from language.clock import say_time
from language.days import say_date
from language.durations import DAY, HOUR, MINUTE, say_duration
from language.entities import Choice, Slot, Value
from language.instants import instant_of
from language.numbers import say_number
from language.saying import joined

LABELS = (
    *("bath", "bread", "break", "cake", "chicken", "coffee", "cookie", "dinner", "dough", "dryer", "egg", "fish"),
    *("laundry", "lunch", "meeting", "oven", "parking", "pasta", "pizza", "potato", "rice", "roast", "soup", "steak"),
    *("study", "tea", "washing", "workout", "yoga"),
)
_LABEL = Slot(
    name="label",
    kind="choice",
    choices=tuple(Choice(label) for label in LABELS),
    required=False,
)
_DURATION = Slot(name="duration", kind="duration", least=1, most=7 * DAY, question="For how long?")
_WHEN = Slot(name="when", kind="when", early=True, question="For what time?")
_WHICH = Slot(
    name="which", kind="choice", choices=(Choice("all", ("all", "all my", "all the", "all of my")),), required=False
)


class TimerTools:
    """The tools of timers and alarms over a person's timers."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    def tools(self) -> tuple[SpokenTool, ...]:
        """All of them."""
        return (
            SpokenTool(
                name="set_timer",
                description="set a timer",
                utterances=(
                    "set [me] (a|the) timer for {duration}",
                    "set [me] (a|the) {duration} timer",
                    "set (a|the|my) {label} timer (for|to) {duration}",
                    "set a timer for {duration} for the {label}",
                    "set a timer for {duration} (called|named) {called}",
                    "start (a|the) timer for {duration}",
                    "start (a|the) {duration} timer",
                    "start (a|the) {label} timer for {duration}",
                    "(give me|make|put on|i need) a timer for {duration}",
                    "(give me|make|put on|i need) a {duration} timer",
                    "timer for {duration}",
                    "{duration} timer",
                    "count down [from] {duration}",
                    "remind me in {duration}",
                    "(set|start) a timer",
                    "(set|start) a {label} timer",
                ),
                slots=(_DURATION, _LABEL, Slot(name="called", kind="text", required=False)),
                effect="reversible",
                work=self._set_timer,
            ),
            SpokenTool(
                name="set_alarm",
                description="set an alarm",
                utterances=(
                    "wake me [up] [at] {when}",
                    "set (an|the|my) alarm (for|at|to) {when}",
                    "set (an|the|my) alarm {when}",
                    "(get me up|make sure i'm up|make sure i am up) [at] {when}",
                    "[i need] (an|the) alarm (for|at) {when}",
                    "(wake me up|set an alarm)",
                ),
                slots=(_WHEN,),
                effect="reversible",
                work=self._set_alarm,
            ),
            SpokenTool(
                name="list_timers",
                description="say how long your timers have left",
                utterances=(
                    "how (long|much time) (is left|is there left|do i have left|have i got left) [on (the|my) timer]",
                    "how (long|much time) (is|does) (the|my) timer (have|got) [left]",
                    "how (long|much longer) on (the|my) timer",
                    "(what|which) timers (are there|do i have|are (set|running))",
                    "(list|show|read) [me] [all] (the|my) timers",
                    "check (the|my) (timer|timers)",
                    "(is there|do i have) a timer [running|set]",
                ),
                work=self._list_timers,
            ),
            SpokenTool(
                name="list_alarms",
                description="list your alarms",
                utterances=(
                    "(what|which) alarms (are there|do i have|are set)",
                    "(list|show|read) [me] [all] (the|my) alarms",
                    "(when|what time) (is|are) my (alarm|alarms) [set] [for]",
                    "(is there|do i have) an alarm [set]",
                    "when do you wake me",
                ),
                work=self._list_alarms,
            ),
            SpokenTool(
                name="cancel_timer",
                description="cancel a timer",
                utterances=(
                    "(cancel|stop|delete|remove|clear|end|turn off) (the|my) timer",
                    "(cancel|stop|delete|remove|clear|end|turn off) (the|my) {label} timer",
                    "(cancel|stop|delete|remove|clear|end|turn off) {which} timers",
                ),
                slots=(_WHICH, _LABEL),
                effect="reversible",
                work=self._cancel_timer,
            ),
            SpokenTool(
                name="cancel_alarm",
                description="cancel an alarm",
                utterances=(
                    "(cancel|stop|delete|remove|clear|turn off) (the|my) alarm",
                    "(cancel|stop|delete|remove|clear|turn off) {which} alarms",
                    "don't wake me [up]",
                ),
                slots=(_WHICH,),
                effect="reversible",
                work=self._cancel_alarm,
            ),
            SpokenTool(
                name="stop_ringing",
                description="silence what rings",
                utterances=(
                    "stop ringing",
                    "stop (the|that|this) (ringing|noise|beeping|sound)",
                    "(silence|be quiet|quiet)",
                    "(i'm|i am) (up|awake)",
                ),
                effect="reversible",
                work=self._stop,
            ),
        )

    async def _set_timer(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        seconds = whole_of(arguments, "duration")
        due = datetime.fromtimestamp(run.said_at().timestamp() + seconds, run.now().tzinfo)  # also when clocks change
        left_s = due.timestamp() - run.now().timestamp()
        if left_s <= 0:
            raise ToolError(f"That timer ran out {say_left(-left_s)} ago, before I heard of it.")
        timer = await self._set("timer", text_of(arguments, "called") or text_of(arguments, "label"), due, run)
        sentence = f"Your {name_of(timer)} is set for {say_duration(seconds)}."
        return Outcome(status="done", sentence=sentence, card=_card(timer, due))

    async def _set_alarm(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now = run.now()
        moment = datetime.fromisoformat(text_of(arguments, "when"))
        due = datetime.fromtimestamp(instant_of(moment, now.tzinfo, now.timestamp()), now.tzinfo)
        if due.timestamp() <= now.timestamp():  # two times of one zone are compared as the clock on the wall shows them
            raise ToolError("That time has passed already.")
        timer = await self._set("alarm", "", due, run)
        return Outcome(status="done", sentence=f"Your alarm is set for {say_when(due, now)}.", card=_card(timer, due))

    async def _set(self, kind: TimerKind, label: str, due: datetime, run: Run) -> Timer:
        timer = Timer(
            id=f"{run.task}-{run.step}",  # a step that is run again after a crash finds its own
            person=run.person,
            task=run.task,
            kind=kind,
            label=label[:200],
            set_at=run.now().timestamp(),
            due_at=due.timestamp(),
        )
        try:
            return await self._timers.set(timer)
        except TimersFull as full:
            raise ToolError("You have too many timers already. Cancel one first.") from full

    async def _list_timers(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now = run.now()
        timers = await self._timers.waiting(run.person, "timer")
        left = [(timer, say_left(timer.due_at - now.timestamp())) for timer in timers]
        if not left:
            return Outcome(status="done", sentence="No timer is running.")
        if len(left) == 1:
            sentence = f"Your {name_of(timers[0])} has {left[0][1]} left."
        else:
            each = [f"the {name_of(timer)} with {words} left" for timer, words in left]
            sentence = f"You have {say_number(len(left))} timers: {joined(each)}."
        rows = tuple(Row(name_of(timer), words) for timer, words in left)
        return Outcome(status="done", sentence=sentence, card=Card(title="Timers", rows=rows))

    async def _list_alarms(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        now = run.now()
        alarms = await self._timers.waiting(run.person, "alarm")
        times = [say_when(datetime.fromtimestamp(alarm.due_at, now.tzinfo), now) for alarm in alarms]
        if not times:
            return Outcome(status="done", sentence="No alarm is set.")
        sentence = f"Your alarm{' is' if len(times) == 1 else 's are'} set for {joined(times)}."
        rows = tuple(Row("Alarm", words) for words in times)
        return Outcome(status="done", sentence=sentence, card=Card(title="Alarms", rows=rows))

    async def _cancel_timer(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._cancel("timer", arguments, run)

    async def _cancel_alarm(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._cancel("alarm", arguments, run)

    async def _cancel(self, kind: TimerKind, arguments: Mapping[str, Value], run: Run) -> Outcome:
        label, every = text_of(arguments, "label"), text_of(arguments, "which") == "all"
        waiting = await self._timers.waiting(run.person, kind)
        meant = [timer for timer in waiting if not label or timer.label == label]
        if not label and await self._timers.stop_ringing(run.person) and not every:
            return Outcome(status="done", sentence="Okay.")
        name = f"{label} {kind}" if label else kind
        if not meant:
            return Outcome(status="done", sentence=f"There is no {name} to cancel.")
        if len(meant) > 1 and not every:
            names = joined([f"the {_told_apart(timer, run.now())}" for timer in meant])
            return Outcome(status="failed", sentence=f"You have {names}. Say which one to cancel, or say all of them.")
        count = await self._timers.cancel(run.person, [timer.id for timer in meant])
        return Outcome(status="done", sentence=f"Your {name}{' is' if count == 1 else 's are'} cancelled.")

    async def _stop(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        stopped = await self._timers.stop_ringing(run.person)
        return Outcome(status="done", sentence="Okay." if stopped else "There is nothing to stop.")


def name_of(timer: Timer) -> str:
    """ "pasta timer", or "timer"."""
    return f"{timer.label} {timer.kind}" if timer.label else timer.kind


def say_left(seconds: float) -> str:
    """A time that is left, as exact as a person wants it: seconds in the last minutes, then minutes."""
    unit = 1 if seconds < 5 * MINUTE else MINUTE if seconds < 12 * HOUR else HOUR
    return say_duration(max(round(seconds / unit), 1) * unit)


def say_when(moment: datetime, now: datetime) -> str:
    """ "seven a m tomorrow", "seven p m" when that is today."""
    day = say_date(moment.date(), now.date())
    return (
        say_time(moment.time())
        if day == "today"
        else f"{say_time(moment.time())} {'' if day == 'tomorrow' else 'on '}{day}"
    )


def _told_apart(timer: Timer, now: datetime) -> str:
    if timer.label:
        return name_of(timer)
    if timer.kind == "alarm":
        return f"alarm for {say_when(datetime.fromtimestamp(timer.due_at, now.tzinfo), now)}"
    return f"timer with {say_left(timer.due_at - now.timestamp())} left"


def _card(timer: Timer, due: datetime) -> Card:
    return Card(title=name_of(timer).capitalize(), rows=(Row("Rings", due.strftime("%a %H:%M")),))
