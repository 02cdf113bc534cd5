"""What the device does by itself with words that it heard or that were typed, while there is no cloud. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from device import clocks, offline, pages
from device.aside import Waiting
from device.clocks import Bell
from device.effects import AbortTurn, Effect, Forget, WriteDown
from device.state import State
from device.understanding import Meaning, Wish, meaning_of
from language.durations import HOUR, MINUTE, say_duration
from wire import limits
from wire.outcomes import Tone

NOTHING_SET: Final = "No timer and no alarm is set."
NO_TIMER: Final = "There is no timer to cancel."
NO_ALARM: Final = "There is no alarm to cancel."
PASSED: Final = "That time has passed already."


def heard(state: State, name: str, text: str, now_ms: int, effects: list[Effect]) -> State:
    """The words of a request that waits. What the device can do by itself it does, all else waits for the cloud."""
    waiting = offline.named(state, name)
    if waiting is None or state.online:
        return state
    meaning = meaning_of(text, local(waiting.said_at_ms or now_ms + state.offset_ms)) if text else None
    if waiting.note and text:
        meaning = Meaning(Wish.NOTE, text)
    if meaning is None:
        waiting = replace(waiting, asked=True, words=text[: limits.LABEL_CHARS])
        return offline.put_off(offline.changed(state, waiting), waiting, now_ms, effects)
    if meaning.wish is Wish.NOTE:
        return _note(state, waiting, text, str(meaning.value), now_ms, effects)
    effects += [*([AbortTurn(waiting.turn)] if waiting.turn else []), Forget(waiting)]
    return _do(offline.dropped(offline.background(state, waiting), name), meaning, now_ms, effects)


def _note(state: State, waiting: Waiting, text: str, note: str, now_ms: int, effects: list[Effect]) -> State:
    written = replace(waiting, asked=True, note=True, words=note[: limits.LABEL_CHARS])
    effects.append(WriteDown(written, text))
    return offline.put_off(offline.changed(state, written), written, now_ms, effects)


def _do(state: State, meaning: Meaning, now_ms: int, effects: list[Effect]) -> State:
    wall_ms = now_ms + state.offset_ms
    match meaning.wish:
        case Wish.TIMER if isinstance(meaning.value, int):
            return clocks.set_timer(state, meaning.value, now_ms, effects)
        case Wish.ALARM:
            due_at_ms = pages.wall_ms_of(datetime.fromisoformat(str(meaning.value)), wall_ms)
            if due_at_ms <= wall_ms:
                return offline.tell(state, PASSED, Tone.SOFT, now_ms, effects)
            return clocks.set_alarm(state, due_at_ms, now_ms, effects)
        case Wish.LEFT:
            return offline.tell(state, left(state, now_ms), Tone.NONE, now_ms, effects)
        case Wish.CANCEL_TIMERS:
            return _cancel(state, "timer", now_ms, effects)
        case Wish.CANCEL_ALARMS:
            return _cancel(state, "alarm", now_ms, effects)
        case _:
            return offline.tell(state, pages.say_now(wall_ms), Tone.NONE, now_ms, effects)


def _cancel(state: State, kind: str, now_ms: int, effects: list[Effect]) -> State:
    names = [one.id for one in clocks.bells(state) if one.kind == kind]
    if not names:
        return offline.tell(state, NO_TIMER if kind == "timer" else NO_ALARM, Tone.SOFT, now_ms, effects)
    return clocks.cancel(state, tuple(names), effects)


def left(state: State, now_ms: int) -> str:
    """What is set, and how long each has left: a sentence each."""
    are_set = [one for one in clocks.bells(state) if one.due_ms > now_ms]
    return " ".join(_left(one, now_ms, state.offset_ms) for one in are_set) or NOTHING_SET


def _left(bell: Bell, now_ms: int, offset_ms: int) -> str:
    name = clocks.name_of(bell)
    if bell.kind == "alarm":
        return f"Your {name} is set for {clocks.say_moment(bell.due_ms + offset_ms, now_ms + offset_ms)}."
    return f"Your {name} has {_duration(bell.due_ms - now_ms)} left."


def _duration(left_ms: int) -> str:
    seconds = max(left_ms, 0) / 1000
    unit = 1 if seconds < 5 * MINUTE else MINUTE if seconds < 12 * HOUR else HOUR
    return say_duration(max(round(seconds / unit), 1) * unit)


def local(wall_ms: int) -> datetime:
    """Local time, as the device's clock shows it."""
    return datetime.fromtimestamp(wall_ms / 1000)
