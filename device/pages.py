"""The pages of the menu that need no cloud: timers and alarms, the time, a voice note, what waits. Pure.

A page is a name; what is chosen on it is a deed, with its detail after a colon: `timer:300`, `alarm:7:30`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from device import clocks, offline
from device.aside import Waiting
from device.clocks import Bell
from device.effects import Effect
from device.state import State
from device.words import Words, words_of
from language.clock import say_time
from language.days import MONTHS, WEEKDAYS
from language.instants import instant_of
from language.numbers import say_ordinal
from wire.outcomes import Tone

_TIMER_MINUTES: Final = (1, 3, 5, 10, 15, 20, 30, 45, 60, 120)
_PARTS: Final = (("morning", 6), ("afternoon", 12), ("evening", 18), ("night", 0))
_TITLES: Final = {"waiting": "take_back", "clock": "clock", "timer": "timer", "alarm": "alarm", "hour": "alarm"}
_HOURS: Final = 6
_MINUTES: Final = (0, 15, 30, 45)
NOTE: Final = "Hold the button and say your note."
NOTING_MS: Final = 30_000


class Own(Enum):
    """What choosing a line of these pages does."""

    PAGE = "page"
    TIMER = "timer"
    ALARM = "alarm"
    CANCEL = "cancel"
    TIME = "time"
    NOTE = "note"
    TAKE_BACK = "take_back"


class Entry(Struct, frozen=True):
    """One line: what it does, with which detail, and how it is shown."""

    own: Own
    detail: str
    label: str
    value: str = ""


def title(page: str) -> str:
    """The key of what stands above a page of these; empty for another page."""
    name = _TITLES.get(page.partition(":")[0])
    return f"own.{name}" if name else ""


def entrances(state: State) -> tuple[Entry, ...]:
    """The lines of the first page that lead here."""
    words = words_of(state.settings.language)
    waiting, are_set = len(state.offline.waiting), len(clocks.bells(state))
    return (
        *([Entry(Own.PAGE, "waiting", words("own.waiting"), str(waiting))] if waiting else []),
        Entry(Own.PAGE, "clock", words("own.clock"), str(are_set) if are_set else ""),
        Entry(Own.NOTE, "", words("own.note")),
    )


def entries(state: State, page: str) -> tuple[Entry, ...]:
    """The lines of a page, without the way back; empty when there is no such page (any more)."""
    words = words_of(state.settings.language)
    name, _, detail = page.partition(":")
    match name:
        case "waiting":
            waiting = state.offline.waiting
            return tuple(Entry(Own.TAKE_BACK, one.id, _said(one, words), _clock(one.said_at_ms)) for one in waiting)
        case "clock":
            cancel = words("menu.cancel")
            return (
                Entry(Own.PAGE, "timer", words("own.timer")),
                Entry(Own.PAGE, "alarm", words("own.alarm")),
                Entry(Own.TIME, "", words("own.time")),
                *(
                    Entry(Own.CANCEL, one.id, f"{cancel} {_clock(one.due_ms + state.offset_ms)}", _named(one, words))
                    for one in clocks.bells(state)
                ),
            )
        case "timer":
            return tuple(Entry(Own.TIMER, str(60 * one), words("menu.minutes", value=one)) for one in _TIMER_MINUTES)
        case "alarm" if not detail:
            return tuple(
                Entry(Own.PAGE, f"alarm:{first}", words(f"own.{part}"), f"{first}-{first + 5}")
                for part, first in _PARTS
            )
        case "alarm":
            hours = range(int(detail), int(detail) + _HOURS)
            return tuple(Entry(Own.PAGE, f"hour:{hour}", f"{hour:02}:…") for hour in hours)
        case "hour":
            times = [(int(detail), minute) for minute in _MINUTES]
            return tuple(Entry(Own.ALARM, f"{hour}:{minute}", f"{hour:02}:{minute:02}") for hour, minute in times)
        case _:
            return ()


def before(page: str) -> str:
    """The page that leads to this one."""
    name = page.partition(":")[0]
    return {"timer": "clock", "alarm": "alarm" if ":" in page else "clock", "hour": "alarm"}.get(name, "")


def do(state: State, entry: Entry, now_ms: int, effects: list[Effect]) -> State:
    """What the line says; pages are opened by the menu."""
    match entry.own:
        case Own.TIMER:
            return clocks.set_timer(state, int(entry.detail), now_ms, effects)
        case Own.ALARM:
            hour, _, minute = entry.detail.partition(":")
            due_at_ms = next_at(int(hour), int(minute), now_ms + state.offset_ms)
            return clocks.set_alarm(state, due_at_ms, now_ms, effects)
        case Own.CANCEL:
            return clocks.cancel(state, (entry.detail,), effects)
        case Own.TIME:
            return offline.tell(state, say_now(now_ms + state.offset_ms), Tone.NONE, now_ms, effects)
        case Own.NOTE:
            noting = replace(state.offline, noting_until_ms=now_ms + NOTING_MS)
            return offline.tell(replace(state, offline=noting), NOTE, Tone.NONE, now_ms, effects)
        case Own.TAKE_BACK:
            return offline.take_back(state, entry.detail, now_ms, effects)
        case Own.PAGE:
            return state


def next_at(hour: int, minute: int, wall_ms: int) -> int:
    """The next time it is that late, local time, in wall ms."""
    today = datetime.fromtimestamp(wall_ms / 1000).replace(hour=hour, minute=minute, second=0, microsecond=0)
    days = (today, today + timedelta(days=1))
    return next(due_ms for day in days if (due_ms := wall_ms_of(day, wall_ms)) > wall_ms)


def wall_ms_of(moment: datetime, wall_ms: int) -> int:
    """When it is that late, local time, seen from `wall_ms`."""
    return round(instant_of(moment, None, wall_ms / 1000) * 1000)


def say_now(wall_ms: int) -> str:
    """The time and the date in a sentence."""
    now = datetime.fromtimestamp(wall_ms / 1000)
    day = f"{WEEKDAYS[now.weekday()]}, the {say_ordinal(now.day)} of {MONTHS[now.month - 1]}"
    return f"It is {say_time(now.time())}, {day}."


def _said(waiting: Waiting, words: Words) -> str:
    if waiting.words:
        return waiting.words
    kind = words("own.a_note" if waiting.note else "own.request")
    return f"{kind}, {words('menu.seconds', value=max(1, round(waiting.sound_ms / 1000)))}"


def _named(bell: Bell, words: Words) -> str:
    return bell.label or words(f"own.a_{bell.kind}")


def _clock(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000):%H:%M}" if at_ms else ""
