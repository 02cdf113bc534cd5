"""Timers and alarms: set, handed to the cloud, due, ringing, silenced. Pure.

What is set on the device is its own until it stands in the cloud's list; the cloud's list is kept here, too, and rings
here when the cloud does not. Whoever keeps one, it is done with once it was stopped, was cancelled, or rang to its
end, and the cloud is told so until its list says the same.

A timer of the device's own runs by the steady clock, so that a clock that is set neither hastens nor delays it. An
alarm goes by the time of day. After a restart of the machine, whose steady clock begins anew, a timer goes by the time
of day as well, and never for longer than it was set for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from device.aside import CLOCKS_MOST, LOCAL, MISSED_MOST, Clock, Done, Missed
from device.effects import Effect, RingBell, Tell
from device.offline import keep_clocks, tell
from device.state import Ringing, State
from language.clock import say_time
from language.days import say_date
from language.durations import say_duration
from wire.messages import SetTimer, StopRinging
from wire.outcomes import Tone
from wire.parts import Timer, TimerKind

RINGING_MS: Final = 60_000
# A ring later than this says so; one later than that was missed, and rings no more.
LATE_MS: Final = 30_000
MISSED_MS: Final = 600_000
# How long the cloud may take to ring its own while there is a link.
LINK_MS: Final = 10_000
# A ring that is silenced elsewhere so soon before its end was not stopped by a person: another device's ran out, too.
ENDING_MS: Final = 5_000
_DONE_KEPT: Final = 32
_CANCELLED: Final[dict[TimerKind, tuple[str, str]]] = {
    "timer": ("Your timer is cancelled.", "Your timers are cancelled."),
    "alarm": ("Your alarm is cancelled.", "Your alarms are cancelled."),
}
TOO_MANY: Final = "Too many timers and alarms are set on this device already. Cancel one first."


class Bell(Struct, frozen=True, order=True):
    """A timer or an alarm, whoever keeps it. `due_ms` is steady, as things are now."""

    due_ms: int
    id: str
    kind: TimerKind
    label: str


# What is set ---------------------------------------------------------------------------------------------------------


def bells(state: State) -> tuple[Bell, ...]:
    """All that are set, the next one first; the cloud's only while the time of day is known."""
    found = [Bell(_steady_ms(state, one), one.id, one.kind, one.label) for one in state.offline.clocks]
    own = {bell.id for bell in found}
    for one in state.timers:
        if one.timer not in own and (state.clock_known or one.timer in state.offline.called):
            found.append(Bell(one.due_at_ms - state.offset_ms, one.timer, one.kind, one.label))
    return tuple(sorted(found))


def _steady_ms(state: State, clock: Clock) -> int:
    return clock.due_ms if clock.kind == "timer" else clock.due_at_ms - state.offset_ms


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
    state = keep_clocks(replace(state, offline=offline), effects)
    return hand_over(state, now_ms, effects)


def kept(state: State, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    """They are on the disk: only now it is said that one is set. Or they are not, which is said instead."""
    promise = state.offline.promise
    state = replace(state, offline=replace(state.offline, promise=""))
    if sentence:
        words = f"{sentence} It rings as long as I am switched on."
        return tell(state, words, Tone.ERROR, now_ms, effects) if promise else state
    return tell(state, promise, Tone.GOOD, now_ms, effects) if promise else state


def cancel(state: State, names: tuple[str, ...], effects: list[Effect]) -> State:
    """Cancel timers or alarms, all of one kind, whoever keeps them."""
    gone = [one for one in bells(state) if one.id in names]
    if not gone:
        return state
    one_is, all_are = _CANCELLED[gone[0].kind]
    words = one_is if len(gone) == 1 else all_are
    for one in gone:
        state = done_with(state, one.id, effects)
    return replace(state, offline=replace(state.offline, promise=words))


def _fresh(state: State) -> str:
    return f"{LOCAL}{state.boot[:16]}:{state.offline.made + 1}"


# Between here and the cloud ------------------------------------------------------------------------------------------


def hand_over(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Give the cloud what was set here and is still to come. It stays the device's own until the cloud lists it."""
    if state.online and state.clock_told:
        for one in state.offline.clocks:
            due_ms = _steady_ms(state, one)
            if due_ms > now_ms:
                due_at_ms = due_ms + state.offset_ms
                told = SetTimer(timer=one.id, due_at_ms=due_at_ms, kind=one.kind, label=one.label, optional=True)
                effects.append(Tell(told))
    return state


def listed(state: State, timers: tuple[Timer, ...], effects: list[Effect]) -> State:
    """The cloud's list: what it has of the device's own is its now, and what is done with here it hears of again."""
    over = [one.timer for one in timers if _is_done(state, one.timer, one.due_at_ms)]
    effects += [Tell(StopRinging(timer=name)) for name in over]
    theirs = tuple(one for one in timers if one.timer not in over)
    names = {one.timer for one in theirs}
    clocks = tuple(one for one in state.offline.clocks if one.id not in names)
    called = tuple(name for name in state.offline.called if name in names)
    before = (state.timers, state.offline.clocks)
    state = replace(state, timers=theirs, offline=replace(state.offline, clocks=clocks, called=called))
    return state if before == (theirs, clocks) else keep_clocks(state, effects)


def called(state: State, name: str, label: str, now_ms: int, effects: list[Effect]) -> State:
    """The cloud says that it is time. It rings as soon as nothing else does, and nobody speaks."""
    known = next((one for one in state.timers if one.timer == name), None)
    over = any(one.id == name for one in state.offline.done)
    if (known is None and over) or name in state.offline.called or (state.ring and state.ring.timer == name):
        return state
    if known is None and not any(one.id == name for one in state.offline.clocks):
        # From a cloud that tells no list.
        state = replace(state, timers=(*state.timers, Timer(name, label, max(now_ms + state.offset_ms, 0))))
    return replace(state, offline=replace(state.offline, called=(*state.offline.called, name)))


def silenced(state: State, name: str, now_ms: int, effects: list[Effect]) -> State:
    """It was stopped elsewhere."""
    if state.ring is not None and state.ring.timer == name:
        if state.ring.until_ms - now_ms <= ENDING_MS:
            return end(state, effects)
        effects.append(RingBell(False))
        state = replace(state, ring=None)
    return done_with(state, name, effects, tells=False)


def done_with(state: State, name: str, effects: list[Effect], *, tells: bool = True) -> State:
    """It is in no list any more, and never rings again; the cloud is told, when it knows it."""
    clock = next((one for one in state.offline.clocks if one.id == name), None)
    timer = next((one for one in state.timers if one.timer == name), None)
    if clock is None and timer is None:
        return state
    if tells and timer is not None:
        effects.append(Tell(StopRinging(timer=name)))
    due_at_ms = timer.due_at_ms if timer else _steady_ms(state, clock) + state.offset_ms if clock else 0
    offline = replace(
        state.offline,
        clocks=tuple(one for one in state.offline.clocks if one.id != name),
        called=tuple(one for one in state.offline.called if one != name),
        done=(*state.offline.done, Done(name, due_at_ms))[-_DONE_KEPT:],
    )
    timers = tuple(one for one in state.timers if one.timer != name)
    return keep_clocks(replace(state, offline=offline, timers=timers), effects)


def _is_done(state: State, name: str, due_at_ms: int) -> bool:
    """Done with; one that is to ring at another time than it did was put off elsewhere, and lives."""
    return any(one.id == name and abs(one.due_at_ms - due_at_ms) <= LATE_MS for one in state.offline.done)


# Ringing -------------------------------------------------------------------------------------------------------------


def next_due_ms(state: State) -> int | None:
    """When the next one rings, steady; None while one is ringing or somebody speaks, or when there is none."""
    if state.ring is not None or state.microphone:
        return None
    return min((_rings_ms(state, one) for one in bells(state)), default=None)


def _rings_ms(state: State, bell: Bell) -> int:
    """When it rings here: the cloud's when the cloud says so, or a while after it should have."""
    waits = state.online and bell.id not in state.offline.called and not _is_own(state, bell.id)
    return bell.due_ms + LINK_MS if waits else bell.due_ms


def _is_own(state: State, name: str) -> bool:
    return any(one.id == name for one in state.offline.clocks)


def ring(state: State, now_ms: int, effects: list[Effect]) -> State:
    """Ring what is due, if anything is: one at a time, and not into an open microphone. What is too late was missed."""
    if state.ring is not None or state.microphone:
        return state
    for bell in bells(state):
        late_ms = now_ms - bell.due_ms
        if late_ms > MISSED_MS:
            state = _missed(state, bell, rang=False, now_ms=now_ms, effects=effects)
        elif bell.id in state.offline.called or now_ms >= _rings_ms(state, bell):
            effects.append(RingBell(True))
            late_ms = late_ms if late_ms > LATE_MS else 0
            rings = Ringing(bell.id, bell.label, now_ms + RINGING_MS, bell.kind, bell.due_ms + state.offset_ms, late_ms)
            return replace(state, ring=rings)
    return state


def stop(state: State, effects: list[Effect]) -> State:
    """Silence what rings, here and in the cloud."""
    if state.ring is None:
        return state
    effects.append(RingBell(False))
    return done_with(replace(state, ring=None), state.ring.timer, effects)


def end(state: State, effects: list[Effect]) -> State:
    """It rang long enough, and nobody stopped it: that is to be seen."""
    if state.ring is None:
        return state
    effects.append(RingBell(False))
    rang = state.ring
    state = noted(state, Missed(rang.timer, rang.kind, rang.label, rang.due_at_ms, rang=True))
    return done_with(replace(state, ring=None), rang.timer, effects)


# Missed --------------------------------------------------------------------------------------------------------------


def _missed(state: State, bell: Bell, *, rang: bool, now_ms: int, effects: list[Effect]) -> State:
    """It could not ring in time: said, and to be seen."""
    missed = Missed(bell.id, bell.kind, bell.label, bell.due_ms + state.offset_ms, rang=rang)
    state = done_with(noted(state, missed), bell.id, effects)
    return tell(state, say_missed(missed, now_ms + state.offset_ms), Tone.SOFT, now_ms, effects)


def noted(state: State, missed: Missed) -> State:
    """To be seen until somebody looks; of too many the oldest go."""
    others = tuple(one for one in state.offline.missed if one.id != missed.id)
    offline = replace(state.offline, missed=(*others, missed)[-MISSED_MOST:])
    return replace(state, offline=offline, awake_until_ms=-1)


def seen(state: State, effects: list[Effect]) -> State:
    """Somebody looked at the one on the screen."""
    return keep_clocks(replace(state, offline=replace(state.offline, missed=state.offline.missed[1:])), effects)


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


def name_of(bell: Bell | Missed) -> str:
    """ "pasta timer", or "alarm"."""
    return f"{bell.label} {bell.kind}".strip()


def say_missed(missed: Missed, wall_ms: int) -> str:
    """What a person must know of one that nobody stopped."""
    name, moment = name_of(missed), say_moment(missed.due_at_ms, wall_ms)
    if missed.rang:
        return f"Your {name} for {moment} rang, and nobody stopped it."
    return f"Your {name} for {moment} could not ring: I was off."


def say_moment(at_ms: int, wall_ms: int) -> str:
    """ "seven a m tomorrow", "seven p m" when that is today. Local time."""
    moment, today = datetime.fromtimestamp(at_ms / 1000), datetime.fromtimestamp(wall_ms / 1000).date()
    day = say_date(moment.date(), today)
    if day == "today":
        return say_time(moment.time())
    return f"{say_time(moment.time())} {'' if day in ('tomorrow', 'yesterday') else 'on '}{day}"


def rounded_s(late_ms: int) -> int:
    """As exact as a person wants it."""
    seconds = late_ms // 1000
    unit = 1 if seconds < 60 else 60 if seconds < 3600 else 3600
    return max(round(seconds / unit), 1) * unit
