"""The device's own timers and alarms, and the cloud's while it is away: set, due, ringing, silenced. Pure.

A timer runs by the steady clock, so that a clock that is set neither hastens nor delays it. An alarm goes by the time
of day. After a restart of the machine, whose steady clock begins anew, a timer goes by the time of day as well, and
never for longer than it was set for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from device.aside import CLOCKS_MOST, LOCAL, Clock
from device.effects import Effect, RingBell, Tell
from device.offline import keep_clocks, tell
from device.state import Ringing, State
from language.clock import say_time
from language.days import say_date
from language.durations import say_duration
from wire.messages import StopRinging
from wire.outcomes import Tone

RINGING_MS: Final = 60_000
# A ring later than this was missed, and says so.
LATE_MS: Final = 30_000
_RUNG_KEPT: Final = 32
TOO_MANY: Final = "Too many timers and alarms are set on this device already. Cancel one first."


class Due(Struct, frozen=True):
    """What is to ring, and how late it is."""

    id: str
    label: str
    late_ms: int


def set_timer(state: State, seconds: int, now_ms: int, effects: list[Effect], label: str = "") -> State:
    """A timer on this device."""
    length_ms = seconds * 1000
    clock = Clock(
        id=_fresh(state),
        kind="timer",
        due_at_ms=now_ms + state.offset_ms + length_ms,
        due_ms=now_ms + length_ms,
        length_ms=length_ms,
        label=label,
    )
    return _set(state, clock, f"Your timer is set for {say_duration(seconds)}.", now_ms, effects)


def set_alarm(state: State, due_at_ms: int, now_ms: int, effects: list[Effect]) -> State:
    """An alarm on this device, at a wall time."""
    clock = Clock(id=_fresh(state), kind="alarm", due_at_ms=due_at_ms)
    sentence = f"Your alarm is set for {say_moment(due_at_ms, now_ms + state.offset_ms)}."
    return _set(state, clock, sentence, now_ms, effects)


def _set(state: State, clock: Clock, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    offline = state.offline
    if len(offline.clocks) >= CLOCKS_MOST:
        return tell(state, TOO_MANY, Tone.ERROR, now_ms, effects)
    offline = replace(offline, clocks=(*offline.clocks, clock), made=offline.made + 1, promise=sentence)
    return keep_clocks(replace(state, offline=offline), effects)


def kept(state: State, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    """They are on the disk: only now it is said that one is set. Or they are not, which is said instead."""
    promise = state.offline.promise
    state = replace(state, offline=replace(state.offline, promise=""))
    if sentence:
        words = f"{sentence} It rings as long as I am switched on."
        return tell(state, words, Tone.ERROR, now_ms, effects) if promise else state
    return tell(state, promise, Tone.GOOD, now_ms, effects) if promise else state


def cancel(state: State, names: tuple[str, ...], effects: list[Effect]) -> State:
    """Cancel timers or alarms of this device, all of one kind."""
    kinds = [one.kind for one in state.offline.clocks if one.id in names]
    if not kinds:
        return state
    words = f"Your {kinds[0]} is cancelled." if len(kinds) == 1 else f"Your {kinds[0]}s are cancelled."
    clocks = tuple(one for one in state.offline.clocks if one.id not in names)
    return keep_clocks(replace(state, offline=replace(state.offline, clocks=clocks, promise=words)), effects)


def _removed(state: State, name: str, effects: list[Effect]) -> State:
    clocks = tuple(one for one in state.offline.clocks if one.id != name)
    timers = tuple(one for one in state.timers if one.timer != name)
    if (clocks, timers) == (state.offline.clocks, state.timers):
        return state
    return keep_clocks(replace(state, offline=replace(state.offline, clocks=clocks), timers=timers), effects)


def _fresh(state: State) -> str:
    return f"{LOCAL}{state.boot[:16]}:{state.offline.made + 1}"


# Ringing -------------------------------------------------------------------------------------------------------------


def due(state: State, now_ms: int) -> Due | None:
    """What is to ring now: one at a time, the one that was due first, and not into an open microphone."""
    if state.ring is not None or state.microphone:
        return None
    found = [(at_ms, name, label) for at_ms, name, label in _times(state) if at_ms <= now_ms]
    if not found:
        return None
    at_ms, name, label = min(found)
    return Due(name, label, now_ms - at_ms)


def next_due_ms(state: State) -> int | None:
    """When the next one rings, steady; None while one is ringing or somebody speaks, or when there is none."""
    if state.ring is not None or state.microphone:
        return None
    return min((at_ms for at_ms, _, _ in _times(state)), default=None)


def _times(state: State) -> list[tuple[int, str, str]]:
    """When each of them rings by the steady clock as things are now, its id, and its name."""
    found = [(_steady_due_ms(state, one), one.id, name_of(one)) for one in state.offline.clocks]
    if not state.online and state.clock_known:
        found += [
            (one.due_at_ms - state.offset_ms, one.timer, one.label or "Timer")
            for one in state.timers
            if one.timer not in state.offline.rung
        ]
    return found


def _steady_due_ms(state: State, clock: Clock) -> int:
    return clock.due_ms if clock.kind == "timer" else clock.due_at_ms - state.offset_ms


def ring(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Ring what is due, if anything is."""
    found = due(state, now_ms)
    if found is None:
        return state
    label = found.label
    if found.late_ms > LATE_MS:
        label = f"{label}, due {say_duration(_rounded_s(found.late_ms))} ago"
    effects.append(RingBell(True))
    return replace(state, ring=Ringing(found.id, label, now_ms + RINGING_MS))


def stop(state: State, effects: list[Effect]) -> State:
    """Silence what rings, here and in the cloud."""
    if state.ring is None:
        return state
    name = state.ring.timer
    effects.append(RingBell(False))
    if not name.startswith(LOCAL):
        effects.append(Tell(StopRinging(timer=name)))
        rung = (*state.offline.rung, name)[-_RUNG_KEPT:]
        state = replace(state, offline=replace(state.offline, rung=rung))
    return _removed(replace(state, ring=None), name, effects)


def end(state: State, effects: list[Effect]) -> State:
    """It rang long enough."""
    if state.ring is None:
        return state
    name = state.ring.timer
    effects.append(RingBell(False))
    rung = state.offline.rung if name.startswith(LOCAL) else (*state.offline.rung, name)[-_RUNG_KEPT:]
    state = replace(state, ring=None, offline=replace(state.offline, rung=rung))
    return _removed(state, name, effects)


# Restarts ------------------------------------------------------------------------------------------------------------


def restored(clock: Clock, *, same_boot: bool, now_ms: int, wall_ms: int) -> Clock:
    """A clock as it counts after a restart of the program (`same_boot`), or of the machine."""
    if clock.kind == "alarm" or same_boot:
        return clock
    left_ms = min(max(clock.due_at_ms - wall_ms, 0), clock.length_ms)
    if clock.due_at_ms < wall_ms:
        left_ms = clock.due_at_ms - wall_ms
    return replace(clock, due_ms=now_ms + left_ms)


# Words ---------------------------------------------------------------------------------------------------------------


def name_of(clock: Clock) -> str:
    """ "Pasta timer", or "Alarm"."""
    return f"{clock.label} {clock.kind}".strip().capitalize()


def say_moment(at_ms: int, wall_ms: int) -> str:
    """ "seven a m tomorrow", "seven p m" when that is today. Local time."""
    moment, today = datetime.fromtimestamp(at_ms / 1000), datetime.fromtimestamp(wall_ms / 1000).date()
    day = say_date(moment.date(), today)
    if day == "today":
        return say_time(moment.time())
    return f"{say_time(moment.time())} {'' if day == 'tomorrow' else 'on '}{day}"


def _rounded_s(late_ms: int) -> int:
    seconds = late_ms // 1000
    unit = 1 if seconds < 60 else 60 if seconds < 3600 else 3600
    return max(round(seconds / unit), 1) * unit
