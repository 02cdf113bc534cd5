"""What the device does without a cloud: requests wait, timers and alarms ring. Pure.

A request that ends while there is no link is written to the disk at once. When the link does not come back in a
moment, the person is told, and the request waits until it does. Then what waits is sent, one after the other, whenever
nothing else is going on; the cloud knows each by its first boot and turn, and does it once.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device.aside import WAITING_MOST, WAITING_SOUND_MS, Restored, Waiting
from device.effects import AbortTurn, Cue, Effect, Forget, KeepClocks, LetGo, SendAgain, SetAside, Speak, Understand
from device.state import Mode, Notice, Phase, State, Turn
from wire import limits
from wire.outcomes import OUTCOMES, Outcome, Tone

NOTICE_MS: Final = 6_000
# A link that is away for less is not worth a word.
GRACE_MS: Final = 3_000
SENDING_MS: Final = 20_000
# Longest that the device may take to hear words by itself.
HEARING_MS: Final = 25_000

OFFLINE: Final = "You are offline. I will do it when we are back."
NOTED: Final = "You are offline. I keep your note and write it down when we are back."
FULL: Final = "Too much is waiting already. Take something back in the menu, or wait until we are back."
TAKEN_BACK: Final = "All right, I will not do that."
# Every sentence that never changes, for a voice to make ready.
SENTENCES: Final = (OFFLINE, NOTED, FULL, TAKEN_BACK)


def is_full(state: State) -> bool:
    """No more can be promised."""
    waiting = state.offline.waiting
    longest_ms = state.turn_audio_ms
    return len(waiting) >= WAITING_MOST or sum(one.sound_ms for one in waiting) + longest_ms > WAITING_SOUND_MS


def tell(state: State, sentence: str, tone: Tone, now_ms: int, effects: list[Effect]) -> State:
    """Show a sentence, with its tone, and say it."""
    effects += [Cue(tone), Speak(sentence)]
    return replace(state, notice=Notice(sentence, tone, now_ms + NOTICE_MS))


# A turn that ends without a link -------------------------------------------------------------------------------------


def set_aside(state: State, turn: Turn, now_ms: int, effects: list[Effect]) -> State:
    """The turn has ended. Without a link it is kept on the disk, too."""
    if state.online:
        return state
    effects += [LetGo(one.turn) for one in state.offline.waiting if one.turn and one.safe]
    said_at_ms = max(0, turn.began_ms + state.offset_ms) if state.clock_known else 0
    waiting = Waiting(
        id=f"{state.boot[:16]}:{turn.number}",
        said_at_ms=said_at_ms,
        said_ms=turn.began_ms,
        sound_ms=state.samples * 1000 // limits.SAMPLE_RATE_HZ if turn.transcript == "" else 0,
        words=turn.transcript[: limits.LABEL_CHARS],
        note=turn.note,
        turn=turn.number,
    )
    effects.append(SetAside(turn.number, waiting))
    return replace(state, offline=replace(state.offline, waiting=(*state.offline.waiting, waiting)))


def set_aside_done(state: State, name: str, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    """It is on the disk; or it is not, and then the person knows."""
    turn = state.turn
    if sentence:
        words = f"{sentence} I keep what you said until I am switched off."
        return tell(replace(state, turn=None), words, Tone.ERROR, now_ms, effects)
    waiting = named(state, name)
    if waiting is None:
        return state
    state = changed(state, replace(waiting, safe=True))
    if turn is None or waiting.turn != turn.number:
        # Something else was said since: what is on the disk alone is sent with the time it was said.
        effects += [LetGo(waiting.turn)] if waiting.turn and not state.online else []
        return state
    if turn.phase is not Phase.SENDING:
        return state
    return replace(state, turn=replace(turn, until_ms=max(now_ms, state.offline.since_ms + GRACE_MS)))


def promised(state: State, turn: Turn, now_ms: int, effects: list[Effect]) -> State | None:
    """The turn got no answer in time: when it is safe, it waits, and the person is told. None: it is not safe.

    What the device may understand by itself it tries to, once.
    """
    waiting = next((one for one in state.offline.waiting if one.turn == turn.number), None)
    if state.online or waiting is None or not waiting.safe:
        return None
    if not waiting.asked and (state.offline.hears or not waiting.sound_ms):
        effects.append(Understand(waiting))
        state = changed(state, replace(waiting, asked=True))
        return replace(state, turn=replace(turn, until_ms=now_ms + HEARING_MS))
    return put_off(state, waiting, now_ms, effects)


def put_off(state: State, waiting: Waiting, now_ms: int, effects: list[Effect]) -> State:
    """It waits for the cloud."""
    if waiting.turn:
        effects.append(LetGo(waiting.turn))
        state = background(state, waiting)
    return tell(state, NOTED if waiting.note else OFFLINE, Tone.SOFT, now_ms, effects)


def background(state: State, waiting: Waiting) -> State:
    """Nobody looks at this turn any more."""
    mine = state.turn is not None and state.turn.number == waiting.turn
    return replace(state, turn=None) if mine else state


def changed(state: State, waiting: Waiting) -> State:
    """The request of this id is this one now."""
    everything = tuple(waiting if one.id == waiting.id else one for one in state.offline.waiting)
    return replace(state, offline=replace(state.offline, waiting=everything))


def let_go(state: State, number: int) -> State:
    """The link has forgotten the turn: it is on the disk alone."""
    offline = state.offline
    if any(one.turn == number and one.id == offline.sending for one in offline.waiting):
        offline = replace(offline, sending="")
    waiting = tuple(replace(one, turn=0) if one.turn == number else one for one in offline.waiting)
    return replace(state, offline=replace(offline, waiting=waiting))


# When the link is back -----------------------------------------------------------------------------------------------


def send_next(state: State, mode: Mode, now_ms: int, effects: list[Effect]) -> State:
    """Send the oldest that waits, when nothing else is going on."""
    busy = state.turn or state.say or state.microphone or state.asks or state.fingers.down or state.working
    if not state.online or busy or state.offline.sending or mode not in (Mode.IDLE, Mode.CARD, Mode.MISSED):
        return state
    oldest = next((one for one in state.offline.waiting if not one.turn), None)
    if oldest is None:
        return state
    number = state.last_turn + 1
    said_at_ms = oldest.said_at_ms
    if oldest.said_ms >= 0:
        # The cloud has told the time since: better than what the device thought when it was said.
        said_at_ms = max(0, oldest.said_ms + state.offset_ms)
    sent = replace(oldest, turn=number, said_at_ms=said_at_ms)
    effects.append(SendAgain(number, sent))
    waiting = tuple(sent if one.id == sent.id else one for one in state.offline.waiting)
    turn = Turn(number, Phase.SENDING, now_ms, now_ms + SENDING_MS, transcript=sent.words)
    offline = replace(state.offline, waiting=waiting, sending=sent.id)
    return replace(state, turn=turn, last_turn=number, offline=offline)


def is_on_disk(state: State, number: int) -> bool:
    """The turn is safe, whatever becomes of it on the link."""
    return any(one.turn == number and one.safe for one in state.offline.waiting)


def without(state: State, number: int, effects: list[Effect]) -> State:
    """The turn is durable in the cloud, or lost: it waits no more."""
    offline = state.offline
    gone = next((one for one in offline.waiting if one.turn == number), None)
    if gone is None:
        return state
    effects.append(Forget(gone))
    return dropped(state, gone.id)


def dropped(state: State, name: str) -> State:
    """The request waits no more."""
    offline = state.offline
    waiting = tuple(one for one in offline.waiting if one.id != name)
    sending = "" if offline.sending == name else offline.sending
    return replace(state, offline=replace(offline, waiting=waiting, sending=sending))


def named(state: State, name: str) -> Waiting | None:
    """The request of this id, if it waits."""
    return next((one for one in state.offline.waiting if one.id == name), None)


def take_back(state: State, name: str, now_ms: int, effects: list[Effect]) -> State:
    """The person does not want it any more: it is never sent."""
    gone = named(state, name)
    if gone is None:
        return state
    if gone.turn:
        effects.append(AbortTurn(gone.turn))
        if state.turn is not None and state.turn.number == gone.turn:
            state = replace(state, turn=None)
    effects.append(Forget(gone))
    return tell(dropped(state, name), TAKEN_BACK, Tone.SOFT, now_ms, effects)


def gone(state: State, name: str, now_ms: int, effects: list[Effect]) -> State:
    """What was set aside cannot be read any more."""
    found = named(state, name)
    if found is None:
        return state
    effects.append(Forget(found))
    if state.turn is not None and state.turn.number == found.turn:
        state = replace(state, turn=None)
    ending = OUTCOMES[Outcome.LOST]
    return tell(dropped(state, name), ending.sentence, ending.tone, now_ms, effects)


# Life ----------------------------------------------------------------------------------------------------------------


def found(state: State, restored: Restored, now_ms: int, effects: list[Effect]) -> State:
    """What an earlier start had set aside counts again."""
    offline = replace(state.offline, waiting=restored.waiting, clocks=restored.clocks)
    offline = replace(offline, done=restored.done, missed=restored.missed)
    state = replace(state, offline=offline, timers=restored.timers)
    return tell(state, restored.sentence, Tone.ERROR, now_ms, effects) if restored.sentence else state


def forget_all(state: State, effects: list[Effect]) -> State:
    """Nothing that waits is sent any more, and nothing rings."""
    for one in state.offline.waiting:
        effects += [*([AbortTurn(one.turn)] if one.turn else []), Forget(one)]
    offline = replace(state.offline, waiting=(), clocks=(), called=(), missed=(), sending="", promise="")
    return keep_clocks(replace(state, offline=offline, timers=()), effects)


def keep_clocks(state: State, effects: list[Effect]) -> State:
    """Write down the timers and alarms as they are now."""
    offline = state.offline
    effects.append(KeepClocks(offline.clocks, state.timers, offline.done, offline.missed))
    return state
