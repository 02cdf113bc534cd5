"""What the device does next: `step(state, input, now_ms) -> (state, effects)`. Pure.

What is on the screen is not stored: `mode_of` derives it from the facts. Each fact ends by its own deadline, so the
device comes back to idle from anywhere if nothing more happens.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from device import alone, answering, battery, cards, clocks, gestures, menu, news, offline
from device.answering import DRAWN_MS
from device.effects import (
    AbortTurn,
    BeginTurn,
    CloseMicrophone,
    Cue,
    Effect,
    EndTurn,
    Hush,
    KeepSettings,
    OpenMicrophone,
    PressSound,
    Redial,
    SetVolume,
    Speak,
    Tell,
    TypeTurn,
)
from device.gestures import Clicked, Gesture, HoldBegan, HoldEnded, Pressed, Released
from device.inputs import (
    BatteryRead,
    Button,
    ClockSet,
    ClocksKept,
    Drained,
    Found,
    FromLink,
    HeardHere,
    HearsHere,
    Input,
    LetGone,
    Linked,
    Muted,
    NetworkIs,
    PartFailed,
    SetAsideDone,
    Sound,
    Tick,
    Typed,
    UpdateIs,
    WaitingGone,
    Wheel,
)
from device.modes import MENU_MS, NOTICE_MS, SENDING_MS, SHELF_MS, cut_short, doze, expire, mode_of, next_deadline_ms
from device.state import Menu, Mode, Notice, Phase, Press, Shelf, State, Turn
from wire import limits
from wire.messages import Played, Silence
from wire.outcomes import Tone

MUTED: Final = "The microphone is off: slide the switch."
_DEAF: Final = "No sound came from the microphone. Please try again."


def step(state: State, told: Input, now_ms: int) -> tuple[State, list[Effect]]:
    """Take one input; never raises. Effects are to be carried out in order."""
    effects: list[Effect] = []
    settings = state.settings
    state = _take(expire(state, now_ms, effects), told, now_ms, effects)
    state = clocks.ring(state, now_ms, effects)
    state = offline.send_next(state, mode_of(state), now_ms, effects)
    state = doze(state, now_ms, touched=isinstance(told, Button | Wheel | Muted | Typed))
    if state.settings != settings:
        effects.append(KeepSettings(state.settings))
    return _drawn(state, now_ms), effects


def _take(state: State, told: Input, now_ms: int, effects: list[Effect]) -> State:
    match told:
        case Button(down=down, at_ms=at_ms):
            fingers_ms = min(now_ms, at_ms) if at_ms >= 0 else now_ms
            state = _gestures(state, *gestures.edge(state.fingers, down, fingers_ms), now_ms, effects)
        case Wheel(steps=steps, push=push):
            state = _wheel(state, steps, push, now_ms, effects)
        case Muted(off=off):
            state = _muted(state, off, now_ms, effects)
        case BatteryRead(percent=percent, charging=charging):
            state = battery.take(state, percent, charging, now_ms, effects)
        case Typed(text=text):
            state = _typed(state, text, now_ms, effects)
        case Sound(samples=samples, level=level):
            state = _sound(state, samples, level, now_ms, effects)
        case FromLink(event=event):
            state = news.take(state, event, now_ms, effects)
        case Linked(up=up, sentence=sentence):
            state = state if up else news.away(state, sentence, now_ms, effects)
        case Drained(say=say, samples=samples):
            state = _drained(state, say, samples, effects)
        case PartFailed(part=part, sentence=sentence):
            state = _part_failed(state, part, sentence, now_ms, effects)
        case NetworkIs(network=network):
            state = replace(state, network=network)
        case UpdateIs(update=update):
            state = replace(state, update=update)
        case ClockSet(offset_ms=offset_ms):
            state = state if state.online else replace(state, offset_ms=offset_ms, clock_known=True)
        case Found(restored=restored):
            state = offline.found(state, restored, now_ms, effects)
        case SetAsideDone(id=name, sentence=sentence):
            state = offline.set_aside_done(state, name, sentence, now_ms, effects)
        case ClocksKept(sentence=sentence):
            state = clocks.kept(state, sentence, now_ms, effects)
        case LetGone(turn=number):
            state = offline.let_go(state, number)
        case HeardHere(id=name, text=text):
            state = alone.heard(state, name, text, now_ms, effects)
        case HearsHere(can=can):
            state = replace(state, offline=replace(state.offline, hears=can))
        case WaitingGone(id=name):
            state = offline.gone(state, name, now_ms, effects)
        case Tick():
            # Only here does time alone make a gesture: an edge that is still on its way was earlier than other news.
            state = _gestures(state, *gestures.tick(state.fingers, now_ms), now_ms, effects)
    return state


def due_ms(state: State) -> int | None:
    """When to call `step` with a Tick, if nothing else happens before."""
    times = [gestures.due_ms(state.fingers), next_deadline_ms(state)]
    return min((time for time in times if time is not None), default=None)


def _drawn(state: State, now_ms: int) -> State:
    """Note since when the question is on the screen; whatever covers it starts that anew."""
    if not state.asks:
        return state
    first, *rest = state.asks
    shown = mode_of(state) is Mode.ASKING
    drawn_ms = (now_ms if first.drawn_ms < 0 else first.drawn_ms) if shown else -1
    hidden = [one if one.drawn_ms < 0 else replace(one, drawn_ms=-1) for one in rest]
    return replace(state, asks=(replace(first, drawn_ms=drawn_ms), *hidden))


def _gestures(
    state: State, fingers: gestures.Fingers, came: list[Gesture], now_ms: int, effects: list[Effect]
) -> State:
    state = replace(state, fingers=fingers)
    for gesture in came:
        match gesture:
            case Pressed(first=first):
                state = _pressed(state, first, now_ms, effects)
            case Released():
                state = _close_microphone(state, effects)
            case HoldBegan():
                state = _hold_began(state, now_ms, effects)
            case HoldEnded():
                state = _end_recording(state, now_ms, effects)
            case Clicked(count=count):
                state = _clicked(state, count, now_ms, effects)
    return state


def _pressed(state: State, first: bool, now_ms: int, effects: list[Effect]) -> State:
    mode = mode_of(state)
    hushed = state.say is not None
    if first:
        shown = state.asks[0] if mode is Mode.ASKING and state.asks else None
        long_enough = shown is not None and shown.drawn_ms >= 0 and now_ms - shown.drawn_ms >= DRAWN_MS
        answers = shown is not None and long_enough and not hushed
        ask = shown.ask.ask if shown and answers else ""
        whole = shown is not None and answering.is_whole(shown, state.settings, now_ms)
        state = replace(state, press=Press(ask=ask, hushed=hushed, woke=state.asleep, whole=whole))
    state = hush(state, effects)
    effects.append(PressSound())
    if state.muted:
        # It may be a click, which needs no microphone; a hold is told why nothing is heard.
        effects.append(Redial())
        return state
    effects += [OpenMicrophone(), Redial()]
    return replace(state, microphone=True, samples=0)


def hush(state: State, effects: list[Effect]) -> State:
    """Stop what is being said, here and in the cloud."""
    if state.say is None:
        return state
    effects += [Hush(state.say.say), Tell(Silence(say=state.say.say))]
    return replace(state, say=None)


def _close_microphone(state: State, effects: list[Effect]) -> State:
    if state.microphone:
        effects.append(CloseMicrophone())
    return replace(state, microphone=False)


def _muted(state: State, off: bool, now_ms: int, effects: list[Effect]) -> State:
    """Nothing is recorded while the switch is off, and nothing of what was being said when it was slid is sent."""
    if off == state.muted:
        return state
    notice = state.notice if off or state.notice is None or state.notice.sentence != MUTED else None
    state = replace(state, muted=off, notice=notice)
    if not off:
        return state
    # Also when it is closed already: not even the tail of a turn that has just ended is recorded any further.
    effects.append(CloseMicrophone())
    state = replace(state, microphone=False)
    if state.turn is None or state.turn.phase is not Phase.RECORDING:
        return state
    effects += [AbortTurn(state.turn.number), Cue(Tone.ERROR)]
    return replace(state, turn=None, notice=Notice(MUTED, Tone.ERROR, now_ms + NOTICE_MS))


def _hold_began(state: State, now_ms: int, effects: list[Effect]) -> State:
    if mode_of(state) is Mode.MENU and state.menu is not None:
        state = _close_microphone(state, effects)
        return menu.choose(state, now_ms, effects)
    if state.muted and state.ring is None:
        effects += [Cue(Tone.ERROR), Speak(MUTED)]
        return replace(state, notice=Notice(MUTED, Tone.ERROR, now_ms + NOTICE_MS))
    if not state.microphone:
        return clocks.stop(state, effects) if state.muted else state
    state = clocks.stop(state, effects)
    if not state.online and offline.is_full(state):
        state = _close_microphone(state, effects)
        return offline.tell(state, offline.FULL, Tone.ERROR, now_ms, effects)
    number = state.last_turn + 1
    ask = state.asks[0].ask.ask if state.asks else ""
    began_ms = state.fingers.down_ms
    note = began_ms < state.offline.noting_until_ms
    effects.append(BeginTurn(number, ask, state.settings.camera and state.has_camera, note))
    turn = Turn(number, Phase.RECORDING, began_ms, began_ms + state.turn_audio_ms, ask=ask, note=note)
    state = replace(state, offline=replace(state.offline, noting_until_ms=-1), aiming_until_ms=-1)
    return replace(state, turn=turn, last_turn=number, notice=None, menu=None, shelf=replace(state.shelf, until_ms=-1))


def _end_recording(state: State, now_ms: int, effects: list[Effect]) -> State:
    turn = state.turn
    if turn is None or turn.phase is not Phase.RECORDING:
        return _close_microphone(state, effects)
    if _full(state):
        # All of it came before the press was known to be a hold.
        return cut_short(state, turn, now_ms, effects)
    if state.samples == 0:
        effects += [CloseMicrophone(), AbortTurn(turn.number), Cue(Tone.ERROR)]
        notice = Notice(_DEAF, Tone.ERROR, now_ms + NOTICE_MS)
        return replace(state, microphone=False, turn=None, notice=notice)
    if state.notice is not None:
        # It came while the person was speaking, and is seen only now.
        state = replace(state, notice=replace(state.notice, until_ms=now_ms + NOTICE_MS))
    effects += [CloseMicrophone(tail=True), EndTurn(turn.number), Redial()]
    turn = replace(turn, phase=Phase.SENDING, until_ms=now_ms + SENDING_MS)
    state = replace(state, microphone=False, turn=turn)
    return offline.set_aside(state, turn, now_ms, effects)


def _sound(state: State, samples: int, level: int, now_ms: int, effects: list[Effect]) -> State:
    if not state.microphone:
        return state
    state = replace(state, samples=state.samples + samples, level=level)
    turn = state.turn
    if turn is None or turn.phase is not Phase.RECORDING:
        return state
    return cut_short(state, turn, now_ms, effects) if _full(state) else state


def _full(state: State) -> bool:
    """Whether all the sound that a turn may have was heard."""
    return state.samples * 1000 >= state.turn_audio_ms * limits.SAMPLE_RATE_HZ


def _clicked(state: State, count: int, now_ms: int, effects: list[Effect]) -> State:
    mode = mode_of(state)
    if mode is Mode.RINGING:
        return clocks.stop(state, effects)
    if mode is Mode.ASKING:
        return answering.click(state, count, now_ms, effects)
    if state.press.hushed:
        return state
    if mode is Mode.ERROR:
        return replace(state, notice=None)
    if mode is Mode.MENU and state.menu is not None:
        return menu.click(state, count, now_ms)
    if mode is Mode.AIMING:
        return replace(state, aiming_until_ms=-1)
    if mode is Mode.MISSED and count == 1:
        return state if state.press.woke else clocks.seen(state, effects)
    if count == 3:
        return replace(state, menu=Menu(0, now_ms + MENU_MS))
    return _next_card(state, 1, now_ms) if count == 1 and not state.press.woke else state


def _next_card(state: State, steps: int, now_ms: int) -> State:
    """The next leaf of the card, then the next card, then none; from idle the last cards again."""
    shelf = state.shelf
    if not shelf.cards:
        return state
    if shelf.until_ms < 0:
        return replace(state, shelf=Shelf(shelf.cards, len(shelf.cards) - 1, now_ms + SHELF_MS))
    leaf = shelf.leaf + steps
    if 0 <= leaf < cards.count(shelf.cards[shelf.at], state.settings):
        return replace(state, shelf=replace(shelf, leaf=leaf, until_ms=now_ms + SHELF_MS))
    at = shelf.at + steps
    if not 0 <= at < len(shelf.cards):
        return replace(state, shelf=replace(shelf, until_ms=-1))
    last = cards.count(shelf.cards[at], state.settings) - 1 if steps < 0 else 0
    return replace(state, shelf=Shelf(shelf.cards, at, now_ms + SHELF_MS, last))


def _wheel(state: State, steps: int, push: bool, now_ms: int, effects: list[Effect]) -> State:
    mode = mode_of(state)
    if mode is Mode.MENU and state.menu is not None:
        return menu.wheel(state, steps, push, now_ms, effects)
    if push or state.asleep:
        return state
    if mode is Mode.ASKING:
        return answering.turn(state, steps)
    if mode is Mode.CARD:
        return _next_card(state, steps, now_ms)
    volume = max(0, min(100, state.settings.volume + 5 * steps))
    effects.append(SetVolume(volume))
    return replace(state, settings=replace(state.settings, volume=volume))


def _typed(state: State, text: str, now_ms: int, effects: list[Effect]) -> State:
    text = text.strip()[: limits.TEXT_CHARS]
    if not text:
        return state
    state = _end_recording(hush(state, effects), now_ms, effects)
    if not state.online and offline.is_full(state):
        return offline.tell(state, offline.FULL, Tone.ERROR, now_ms, effects)
    number = state.last_turn + 1
    ask = state.asks[0].ask.ask if state.asks else ""
    effects += [TypeTurn(number, text, ask, state.settings.camera and state.has_camera), Redial()]
    turn = Turn(number, Phase.SENDING, now_ms, now_ms + SENDING_MS, transcript=text, ask=ask)
    shelf = replace(state.shelf, until_ms=-1)
    state = replace(state, turn=turn, last_turn=number, notice=None, menu=None, shelf=shelf)
    return offline.set_aside(state, turn, now_ms, effects)


def _drained(state: State, say: int, samples: int, effects: list[Effect]) -> State:
    if state.say is None or state.say.say != say:
        return state
    effects.append(Tell(Played(say=say, samples=min(samples, limits.SAY_SAMPLES), whole=True)))
    return replace(state, say=None)


def _part_failed(state: State, part: str, sentence: str, now_ms: int, effects: list[Effect]) -> State:
    notice = Notice(sentence, Tone.ERROR, now_ms + NOTICE_MS)
    if part == "camera":
        state = replace(state, aiming_until_ms=-1)
    if part == "microphone":
        state = _close_microphone(state, effects)
        if state.turn is not None and state.turn.phase is Phase.RECORDING:
            effects.append(AbortTurn(state.turn.number))
            state = replace(state, turn=None)
    if part == "speaker":
        # What it cannot say stands on the screen; a sound would only fail again.
        state = hush(state, effects)
    else:
        effects.append(Cue(Tone.ERROR))
    return replace(state, notice=notice)


__all__ = ["due_ms", "step"]
