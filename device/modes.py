"""What the facts amount to, and when each of them ends. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device import battery, clocks, offline, stuck
from device.effects import CloseMicrophone, Cue, Effect, EndTurn, Hush, Tell
from device.state import Mode, Notice, Phase, State, Turn
from wire.messages import Silence
from wire.outcomes import OUTCOMES, Outcome, Tone

NOTICE_MS: Final = 5_000
# What is too long for the screen is shown leaf by leaf, each for so long.
LEAF_MS: Final = 3_000
SENDING_MS: Final = 20_000
THINKING_MS: Final = 45_000
WORKING_MS: Final = 60_000
SHELF_MS: Final = 20_000
MENU_MS: Final = 15_000
AIM_MS: Final = 30_000
ASK_MS: Final = 60_000
ASK_MOST_MS: Final = 600_000
# Longest silence in mid-utterance before the rest is given up.
SAY_STALL_MS: Final = 5_000

_TOO_LONG = "That was a minute, the most I can take at once."
_NOT_SENT = "No connection. I keep what you said and send it when there is one."
_NOT_TAKEN = "The cloud has not taken what you said yet. I keep it and send it."
# It is durable there, and may yet be done: who says it again may have it done twice.
_UNANSWERED = "The cloud has what you said, but does not answer. Look in the portal before you say it again."
# Nothing is going on, and nobody is waited for.
RESTING: Final = frozenset({Mode.IDLE, Mode.MISSED})
_COVERING: Final = frozenset({Mode.ASKING, Mode.RINGING, Mode.MENU, Mode.AIMING})


def mode_of(state: State) -> Mode:
    """What is on the screen. An open microphone shows at once, unless something is there that a click may answer."""
    mode = _settled(state)
    if state.microphone and mode not in _COVERING:
        return Mode.LISTENING
    return mode


def _settled(state: State) -> Mode:
    turn = state.turn
    if turn is not None and turn.phase is Phase.RECORDING:
        return Mode.LISTENING
    facts = (
        (state.notice, Mode.ERROR),
        (state.ring, Mode.RINGING),
        (state.asks, Mode.ASKING),
        (state.menu, Mode.MENU),
        (state.aiming_until_ms >= 0, Mode.AIMING),
        (state.say, Mode.SPEAKING),
    )
    for fact, mode in facts:
        if fact:
            return mode
    if turn is not None and not (state.working and turn.phase is Phase.THINKING):
        return Mode.SENDING if turn.phase is Phase.SENDING else Mode.THINKING
    if state.working is not None:
        return Mode.WORKING
    if state.shelf.until_ms >= 0:
        return Mode.CARD
    return Mode.MISSED if state.offline.missed else Mode.IDLE


def next_deadline_ms(state: State) -> int | None:
    """When the first fact ends."""
    facts = (state.turn, state.notice, state.ring, state.menu, state.say, state.working, *state.asks)
    times = [fact.until_ms for fact in facts if fact is not None]
    times += [time for time in (state.shelf.until_ms, state.aiming_until_ms) if time >= 0]
    if state.settings.sleep_s and not state.asleep and state.awake_until_ms >= 0:
        times.append(state.awake_until_ms)
    others = (battery.due_ms(state), clocks.next_due_ms(state), stuck.due_ms(state))
    times += [time for time in others if time is not None]
    return min(times, default=None)


def doze(state: State, now_ms: int, *, touched: bool) -> State:
    """Fall asleep after a while of nothing; whatever happens or is pressed wakes."""
    sleep_ms = 1000 * state.settings.sleep_s
    if touched or state.awake_until_ms < 0 or mode_of(state) not in RESTING:
        return replace(state, asleep=False, awake_until_ms=now_ms + sleep_ms)
    asleep = sleep_ms > 0 and now_ms >= state.awake_until_ms
    return state if asleep == state.asleep else replace(state, asleep=asleep)


def expire(state: State, now_ms: int, effects: list[Effect]) -> State:
    """End every fact whose deadline has passed."""
    state = battery.expire(_expire_turn(state, now_ms, effects), now_ms, effects)
    state = stuck.expire(state, now_ms, effects)
    if state.say is not None and now_ms >= state.say.until_ms:
        effects += [Hush(state.say.say), Tell(Silence(say=state.say.say))]
        state = replace(state, say=None)
    if state.ring is not None and now_ms >= state.ring.until_ms:
        state = clocks.end(state, effects)
    if state.notice is not None and now_ms >= state.notice.until_ms:
        state = replace(state, notice=None)
    if state.menu is not None and now_ms >= state.menu.until_ms:
        state = replace(state, menu=None)
    if state.working is not None and now_ms >= state.working.until_ms:
        state = replace(state, working=None)
    if 0 <= state.aiming_until_ms <= now_ms:
        state = replace(state, aiming_until_ms=-1)
    if 0 <= state.shelf.until_ms <= now_ms:
        state = replace(state, shelf=replace(state.shelf, until_ms=-1))
    over = [one for one in state.asks if now_ms >= one.until_ms]
    if over:
        state = replace(state, asks=tuple(one for one in state.asks if now_ms < one.until_ms))
    if any(not one.lasts for one in over):
        ending = OUTCOMES[Outcome.EXPIRED]
        effects.append(Cue(ending.tone))
        state = replace(state, notice=Notice(ending.sentence, ending.tone, now_ms + NOTICE_MS))
    return state


def _expire_turn(state: State, now_ms: int, effects: list[Effect]) -> State:
    turn = state.turn
    if turn is None or now_ms < turn.until_ms:
        return state
    if turn.phase is Phase.RECORDING:
        return cut_short(state, turn, now_ms, effects)
    if turn.phase is Phase.THINKING and (state.working or state.asks or state.say or state.tasks):
        # It has become a task, a question or an answer, and those have deadlines of their own.
        return replace(state, turn=None)
    promised = offline.promised(state, turn, now_ms, effects)
    if promised is not None:
        return promised
    unsent = _NOT_TAKEN if state.online else _NOT_SENT
    sentence = _UNANSWERED if turn.phase is Phase.THINKING else unsent
    effects.append(Cue(Tone.ERROR))
    return replace(state, turn=None, notice=Notice(sentence, Tone.ERROR, now_ms + NOTICE_MS))


def cut_short(state: State, turn: Turn, now_ms: int, effects: list[Effect]) -> State:
    """The turn has all the sound that a turn may have: it ends, though the button is still held."""
    effects += [CloseMicrophone(), EndTurn(turn.number, truncated=True), Cue(Tone.SOFT)]
    turn = replace(turn, phase=Phase.SENDING, until_ms=now_ms + SENDING_MS)
    notice = Notice(_TOO_LONG, Tone.SOFT, now_ms + NOTICE_MS)
    state = replace(state, microphone=False, turn=turn, notice=notice)
    return offline.set_aside(state, turn, now_ms, effects)
