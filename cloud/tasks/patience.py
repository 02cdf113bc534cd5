"""How a question is asked that nobody may be waiting for: for how long, and that it wakes nobody. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from cloud.commands import HandleUtterance, Scheduled
from cloud.tasks import lateness

# From when to when people sleep: a question of a schedule is then shown and makes no sound.
NIGHT: Final = (time(22), time(7))
# What is asked in the night, or would end in it, waits until then.
MORNING: Final = time(9)


def is_night(moment: datetime) -> bool:
    """Whether people sleep, by the clock on the wall."""
    return moment.time() >= NIGHT[0] or moment.time() < NIGHT[1]


def expiry_s(command: HandleUtterance, created: float, now: datetime, usual_s: float) -> float:
    """How long a question before anything is begun waits. `now` is aware, in the person's zone."""
    if (schedule := unattended(command)) is not None:
        return _until_awake_s(now, max(usual_s, schedule.patience_s))
    return max(usual_s, lateness.LATE_ASK_S) if lateness.is_late(command, created) else usual_s


def unattended(command: HandleUtterance) -> Scheduled | None:
    """The schedule of a request that came by itself; None for one that somebody has just asked for."""
    return command.schedule if command.schedule is not None and not command.schedule.by_hand else None


def question(schedule: Scheduled) -> str:
    """Whether what is due, and cannot be undone, is to be done."""
    return f"{schedule.words[:1].upper()}{schedule.words[1:]}: {schedule.name}. Shall I?"


def rows_of(command: HandleUtterance) -> tuple[tuple[str, str, str], ...]:
    """What a question shows of the schedule that asks; nothing when somebody asked for it just now."""
    schedule = unattended(command)
    return () if schedule is None else (("Scheduled", schedule.words, "leveret"),)


def no_answer(schedule: Scheduled) -> str:
    """What is said when nobody was there."""
    return f"I got no answer about “{schedule.name}”, so I did nothing."


def _until_awake_s(now: datetime, wait_s: float) -> float:
    """So long, or until the morning when that ends in the night."""
    end = datetime.fromtimestamp(now.timestamp() + wait_s, now.tzinfo)
    if not is_night(now) and not is_night(end):
        return wait_s
    latest = max(now, end)
    day = latest.date() + timedelta(days=latest.time() >= NIGHT[0])
    morning = datetime.combine(day, MORNING, tzinfo=now.tzinfo)
    return max(wait_s, morning.timestamp() - now.timestamp())
