"""What becomes of a schedule as time passes: what is due, what was missed, what is left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from cloud.commands import Overlap
from cloud.lam.goals import Call
from cloud.lam.toolbox import Effect
from language.durations import DAY, HOUR, MINUTE
from language.recurrences.occurring import next_after, occurrences, within
from language.recurrences.rule import Recurrence

Status = Literal[
    "due",  # its task is not begun yet; a crash here begins it afterwards
    "waiting",  # for the run before it to end
    "started",  # it has a task
    "missed",  # nobody was there to begin it, and it is too late
    "skipped",  # its person left it out
    "overlapped",  # the run before it still went on
]

# What is due for no longer than this is on time.
ON_TIME_S: Final = 2.0 * MINUTE
# What begins later than this was missed, by what it does at most.
LATE_S: Final[dict[Effect, float]] = {"read": 4.0 * HOUR, "reversible": 1.0 * HOUR, "irreversible": 15.0 * MINUTE}
# How long a run waits for somebody who says that it may do what cannot be undone.
PATIENCE_S: Final = 2.0 * HOUR
# A clock that was ahead by more than this, and was put back, counts for nothing.
ASTRAY_S: Final = 1.0 * DAY
MOST_MISSED: Final = 1000
ROWS_OF_MISSED: Final = 10
MOST_WAITING: Final = 3


class Schedule(Struct, frozen=True, kw_only=True):
    """A request and when it is made. Times are UTC seconds; see the table in `cloud.store`."""

    id: str
    person: str
    name: str
    text: str
    rule: Recurrence
    effect: Effect
    created_at: float
    settled_at: float
    call: Call | None = None
    tools: tuple[str, ...] = ()
    zone: str = ""
    late_s: float = 0.0
    patience_s: float = PATIENCE_S
    overlap: Overlap = "skip"
    device: str = ""
    skipped: tuple[float, ...] = ()
    paused_at: float | None = None
    ended_at: float | None = None
    settled_wall: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it comes due at all."""
        return self.paused_at is None and self.ended_at is None


class Firing(Struct, frozen=True, kw_only=True):
    """What became of one instant of a schedule."""

    schedule: str
    due_at: float
    person: str
    status: Status
    at: float
    task: str = ""
    by_hand: bool = False


class Pass(Struct, frozen=True, kw_only=True):
    """What a look at a schedule comes to: rows to write, how much was missed, and how it is settled."""

    settled_at: float
    settled_wall: str
    firings: tuple[Firing, ...] = ()
    missed: int = 0
    over: bool = False


def look(schedule: Schedule, zone: tzinfo, now: float, *, running: bool = False, waiting: int = 0) -> Pass:
    """What is due by `now`. `running`: a run before it goes on; `waiting`: so many wait for that already.

    Only the last instant is done, when it is not too late for it: of a day off no ten runs are made up for.
    """
    after = schedule.settled_at if schedule.settled_at <= now + ASTRAY_S else now
    wall = schedule.settled_wall if after == schedule.settled_at else ""
    if schedule.paused_at is not None:
        return Pass(settled_at=schedule.settled_at, settled_wall=schedule.settled_wall)
    instants = within(schedule.rule, zone, after, now, MOST_MISSED)
    # In another zone the same moment of the wall comes once more.
    instants = [instant for instant in instants if _wall(instant, zone) > wall]
    over = not instants and next_after(schedule.rule, zone, max(after, now)) is None
    if not instants:
        return Pass(settled_at=after, settled_wall=wall, over=over and not waiting)
    left_out = [instant for instant in instants if instant in schedule.skipped]
    wanted = [instant for instant in instants if instant not in schedule.skipped]
    firings = [_firing(schedule, instant, "skipped", now) for instant in left_out]
    missed = wanted
    if wanted and now - wanted[-1] <= max(schedule.late_s, ON_TIME_S):
        firings.append(_firing(schedule, wanted[-1], _begun(schedule, running, waiting), now))
        missed = wanted[:-1]
    firings += [_firing(schedule, instant, "missed", now) for instant in missed[-ROWS_OF_MISSED:]]
    return Pass(
        settled_at=max(after, instants[-1]),
        settled_wall=_wall(instants[-1], zone),
        firings=tuple(sorted(firings, key=lambda firing: firing.due_at)),
        missed=len(missed),
    )


def _begun(schedule: Schedule, running: bool, waiting: int) -> Status:
    if not running or schedule.overlap == "together":
        return "due"
    return "waiting" if schedule.overlap == "queue" and waiting < MOST_WAITING else "overlapped"


def _firing(schedule: Schedule, due_at: float, status: Status, now: float) -> Firing:
    return Firing(schedule=schedule.id, due_at=due_at, person=schedule.person, status=status, at=now)


def _wall(instant: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(instant, zone).strftime("%Y-%m-%dT%H:%M")


def coming(schedule: Schedule, zone: tzinfo, now: float, count: int) -> list[float]:
    """The next instants at which it will be done: none while it is paused, none of those left out."""
    if not schedule.is_live:
        return []
    wanted = (instant for instant in occurrences(schedule.rule, zone, now) if instant not in schedule.skipped)
    return list(islice(wanted, count))


def call_at(schedule: Schedule, due_at: float, zone: tzinfo, slots: Sequence[tuple[str, str]]) -> Call | None:
    """The call to make at an instant. Days in it are as far from that as they were from the first one.

    `slots` are names and kinds of the tool's slots.
    """
    if schedule.call is None:
        return None
    days = (datetime.fromtimestamp(due_at, zone).date() - schedule.rule.first_day).days
    values = dict(schedule.call.arguments)
    for name, kind in slots:
        if kind in ("date", "when") and isinstance(values.get(name), str):
            values[name] = _moved(str(values[name]), days)
    return replace(schedule.call, arguments=values)


def _moved(moment: str, days: int) -> str:
    """A day, or a day and a time, so many days later."""
    day = date.fromisoformat(moment[:10])
    return (day + timedelta(days=min(days, (date.max - day).days))).isoformat() + moment[10:]
