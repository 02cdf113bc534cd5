"""What becomes of what the cloud tells. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device import clocks, offline
from device.effects import AbortTurn, CloseMicrophone, Cue, Effect, FinishSay, Hush, Play, Tell
from device.modes import (
    ASK_MOST_MS,
    ASK_MS,
    NOTICE_MS,
    RESTING,
    SAY_STALL_MS,
    SHELF_MS,
    THINKING_MS,
    WORKING_MS,
    mode_of,
)
from device.state import Asked, Mode, Notice, Phase, Saying, Shelf, State, Turn, Working
from wire import limits
from wire.events import DeviceEvent, Ended, Joined, SayAudio, TurnKept, TurnLost
from wire.messages import (
    Ask,
    AskClosed,
    Card,
    Fault,
    Progress,
    Ring,
    RingStop,
    SayEnd,
    SayStart,
    Silence,
    StopSaying,
    TaskDone,
    Timers,
    Transcript,
    TurnDone,
    Understood,
)
from wire.outcomes import OUTCOMES, Outcome, Retry, Tone
from wire.parts import TaskState

_CARDS_KEPT: Final = 8
_QUIET: Final = frozenset({Outcome.DONE, Outcome.ANSWERED, Outcome.STARTED, Outcome.ASKED, Outcome.SUPERSEDED})


def take(state: State, event: DeviceEvent, now_ms: int, effects: list[Effect]) -> State:
    """Take one event of the link."""
    match event:
        case SayStart() | SayAudio() | SayEnd() | StopSaying():
            return _saying(state, event, now_ms, effects)
        case Joined() | Ended() | TurnKept() | TurnLost():
            return _link(state, event, now_ms, effects)
        case Transcript() | Understood() | TurnDone():
            return _turn(state, event, now_ms, effects)
        case Progress(task=task, text=text, step=at, of=of):
            state = _heard_of(state, event.turn, now_ms)
            tasks = _with_task(state.tasks, TaskState(task, text, at, of))
            return replace(state, tasks=tasks, working=Working(task, text, now_ms + WORKING_MS, at, of))
        case TaskDone():
            return _task_done(state, event, now_ms, effects)
        case Ask():
            return _ask(state, event, now_ms, effects)
        case AskClosed(ask=ask, outcome=outcome):
            return _ask_closed(state, ask, outcome, now_ms, effects)
        case Card():
            return _card(_heard_of(state, event.turn, now_ms), event, now_ms)
        case Fault(sentence=sentence, tone=tone):
            return notice(state, sentence, tone, now_ms, effects)
        case Ring(timer=timer, label=label):
            return clocks.called(state, timer, label, now_ms, effects)
        case RingStop(timer=timer):
            return clocks.silenced(state, timer, now_ms, effects)
        case Timers(timers=timers):
            return clocks.listed(state, timers, effects)
        case _:
            return state


def notice(state: State, sentence: str, tone: Tone, now_ms: int, effects: list[Effect]) -> State:
    """Show a sentence with its tone."""
    effects.append(Cue(tone))
    return replace(state, notice=Notice(sentence, tone, now_ms + NOTICE_MS))


def _link(state: State, event: Joined | Ended | TurnKept | TurnLost, now_ms: int, effects: list[Effect]) -> State:
    match event:
        case Joined():
            return _joined(state, event, now_ms, effects)
        case Ended(retry=retry, sentence=sentence):
            state = away(state, sentence, now_ms, effects)
            # What a person must act on is said; what mends itself is only a mark on the screen.
            return notice(state, sentence, Tone.ERROR, now_ms, effects) if retry is Retry.SLOWLY else state
        case TurnKept(turn=number):
            state = offline.without(state, number, effects)
            turn = state.turn
            if turn is None or turn.number != number or turn.phase is not Phase.SENDING:
                return state
            return replace(state, turn=replace(turn, phase=Phase.THINKING, until_ms=now_ms + THINKING_MS))
        case TurnLost(turn=number, reason=reason):
            if reason == "buffer_full" and offline.is_on_disk(state, number):
                return offline.let_go(state, number)
            # What broke the link would only break the next one, too.
            state = offline.without(state, number, effects)
            state = _over(state, number, effects)
            ending = OUTCOMES[Outcome.LOST]
            return notice(state, ending.sentence, ending.tone, now_ms, effects)


def away(state: State, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    """There is no link. What was said and is not safe in the cloud goes to the disk, too."""
    if not state.online:
        return replace(state, link_sentence=sentence)
    state = replace(state, online=False, link_sentence=sentence)
    state = replace(state, offline=replace(state.offline, since_ms=now_ms))
    turn = state.turn
    if turn is None or turn.phase is not Phase.SENDING or any(one.turn == turn.number for one in state.offline.waiting):
        return state
    return offline.set_aside(state, turn, now_ms, effects)


def _over(state: State, number: int, effects: list[Effect]) -> State:
    """The turn is over; when it was still being spoken, nobody listens any more, and the device stops, too."""
    turn = state.turn
    if turn is None or turn.number != number:
        return state
    if turn.phase is Phase.RECORDING:
        effects += [CloseMicrophone(), AbortTurn(number)]
        state = replace(state, microphone=False)
    return replace(state, turn=None)


def _joined(state: State, joined: Joined, now_ms: int, effects: list[Effect]) -> State:
    welcome = joined.welcome
    state = replace(
        state,
        online=True,
        link_sentence="",
        offset_ms=welcome.now_ms - now_ms,
        clock_known=True,
        clock_told=True,
        turn_audio_ms=min(welcome.limits.turn_audio_ms, limits.TURN_AUDIO_MS),
        person=welcome.person or state.person,
    )
    state = clocks.hand_over(state, now_ms, effects)
    if welcome.resumed:
        return state
    if state.say is not None:
        effects.append(Hush(state.say.say))
    state = replace(state, say=None, asks=(), working=None, tasks=welcome.tasks)
    state = clocks.listed(state, welcome.timers, effects)
    for ask in welcome.asks:
        state = _ask(state, ask, now_ms, effects)
    return state


def _heard_of(state: State, number: int, now_ms: int) -> State:
    """News of a turn: it lives on. The last one comes back to the foreground when it had been given up."""
    turn = state.turn
    if turn is not None and turn.number == number and turn.phase is not Phase.RECORDING:
        return replace(state, turn=replace(turn, phase=Phase.THINKING, until_ms=now_ms + THINKING_MS))
    return state


def _turn(state: State, event: Transcript | Understood | TurnDone, now_ms: int, effects: list[Effect]) -> State:
    turn = state.turn
    if turn is None and event.turn and event.turn == state.last_turn and isinstance(event, Transcript):
        # It was said without a connection, and only now the cloud has it.
        turn = Turn(event.turn, Phase.THINKING, now_ms, now_ms + THINKING_MS)
        state = replace(state, turn=turn)
    if turn is None or turn.number != event.turn:
        return state
    match event:
        case Transcript(text=text, final=final, engine=engine):
            state = replace(state, turn=replace(turn, transcript=text), ear=engine or state.ear)
            return _heard_of(state, event.turn, now_ms) if final else state
        case Understood(text=text):
            return _heard_of(replace(state, turn=replace(turn, understood=text)), event.turn, now_ms)
        case TurnDone(outcome=outcome, sentence=sentence):
            return _ended(_over(state, event.turn, effects), outcome, sentence, now_ms, effects)


def _ended(state: State, outcome: Outcome, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    """A turn or a task is over: good ends show as a card when nothing else shows them, others as a notice."""
    ending = OUTCOMES[outcome]
    if outcome not in _QUIET:
        return notice(state, sentence or ending.sentence, ending.tone, now_ms, effects)
    if state.say is None:
        effects.append(Cue(ending.tone))
    unseen = state.shelf.until_ms < 0 and mode_of(state) in (*RESTING, Mode.SPEAKING)
    if sentence and unseen and outcome in (Outcome.DONE, Outcome.ANSWERED):
        short = len(sentence) <= limits.LABEL_CHARS
        return _card(state, Card(title=sentence if short else "", body="" if short else sentence), now_ms)
    return state


def _task_done(state: State, done: TaskDone, now_ms: int, effects: list[Effect]) -> State:
    tasks = tuple(task for task in state.tasks if task.task != done.task)
    working = state.working if state.working is not None and state.working.task != done.task else None
    asks = tuple(one for one in state.asks if one.ask.task != done.task)
    state = replace(state, tasks=tasks, working=working, asks=asks)
    return _ended(state, done.outcome, done.sentence, now_ms, effects)


def _with_task(tasks: tuple[TaskState, ...], task: TaskState) -> tuple[TaskState, ...]:
    rest = tuple(one for one in tasks if one.task != task.task)
    return (*rest, task)[-limits.SNAPSHOT_TASKS :]


def _ask(state: State, ask: Ask, now_ms: int, effects: list[Effect]) -> State:
    if ask.ask in state.answered:
        return state
    left_ms = ask.expires_at_ms - state.offset_ms - now_ms if state.clock_known else ASK_MS
    if left_ms <= 0:
        return state
    asked = Asked(ask, now_ms + min(left_ms, ASK_MOST_MS), lasts=left_ms > ASK_MOST_MS)
    others = tuple(one for one in state.asks if one.ask.ask != ask.ask)[: limits.SNAPSHOT_ASKS - 1]
    # The question of what was just said comes before older ones.
    mine = state.turn is not None and ask.turn == state.turn.number
    asks = (asked, *others) if mine else (*others, asked)
    if not ask.quiet:
        effects.append(Cue(Tone.ALERT))
    return replace(_heard_of(state, ask.turn, now_ms), asks=asks, working=None)


def _ask_closed(state: State, ask: str, outcome: Outcome, now_ms: int, effects: list[Effect]) -> State:
    known = any(one.ask.ask == ask for one in state.asks)
    state = replace(state, asks=tuple(one for one in state.asks if one.ask.ask != ask))
    if known and outcome is Outcome.EXPIRED:
        ending = OUTCOMES[outcome]
        return notice(state, ending.sentence, ending.tone, now_ms, effects)
    return state


def _card(state: State, card: Card, now_ms: int) -> State:
    cards = (*state.shelf.cards, card)[-_CARDS_KEPT:]
    return replace(state, shelf=Shelf(cards, len(cards) - 1, now_ms + SHELF_MS))


def _saying(
    state: State, event: SayStart | SayAudio | SayEnd | StopSaying, now_ms: int, effects: list[Effect]
) -> State:
    saying = state.say
    match event:
        case SayStart(say=say, turn=turn, text=text, voice=voice):
            state = replace(state, voice=voice or state.voice)
            if state.microphone:
                # The person is speaking: they read what they do not hear.
                effects.append(Tell(Silence(say=say)))
                return state
            if saying is not None and not saying.ended:
                effects.append(Hush(saying.say))
            return replace(state, say=Saying(say, turn, text, now_ms + SAY_STALL_MS))
        case SayAudio(say=say, pcm=pcm):
            if saying is None or saying.say != say:
                return state
            effects.append(Play(say, pcm))
            samples = saying.samples + len(pcm) // limits.SAMPLE_BYTES
            ms = len(pcm) * 1000 // (limits.SAMPLE_BYTES * limits.SAMPLE_RATE_HZ)
            until_ms = max(saying.until_ms, now_ms + SAY_STALL_MS) + ms
            shelf = state.shelf
            if shelf.until_ms >= 0:
                shelf = replace(shelf, until_ms=max(shelf.until_ms, until_ms))
            return replace(state, say=replace(saying, samples=samples, until_ms=until_ms), shelf=shelf)
        case SayEnd(say=say):
            if saying is None or saying.say != say:
                return state
            effects.append(FinishSay(say))
            return replace(state, say=replace(saying, ended=True))
        case StopSaying(say=say):
            if saying is None or say not in (0, saying.say):
                return state
            effects.append(Hush(saying.say))
            return replace(state, say=None)
