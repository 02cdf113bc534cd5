"""State to what is on the screen: which face, with which words. Pure; drawing is in `faces.py`.

Two faces that are equal look the same. `key` leaves out what only moves (level, countdown, spinner, clock).
"""

from __future__ import annotations

from msgspec import Struct

from device import menu
from device.assistant import DRAWN_MS
from device.modes import mode_of
from device.state import Mode, Phase, State
from wire.limits import TURN_AUDIO_MS, TURN_AUDIO_WARNING_MS
from wire.messages import AskChoice, Row
from wire.outcomes import Tone

SPIN_MS = 120
SPIN_STEPS = 12


class Status(Struct, frozen=True):
    """The line at the top."""

    online: bool = True
    clock: str = ""
    battery: int = -1
    charging: bool = False
    tasks: int = 0


class Idle(Struct, frozen=True):
    """Nothing is going on."""

    clock: str
    date: str
    hint: str = ""
    timer: str = ""
    timer_label: str = ""


class Listening(Struct, frozen=True):
    """The button is held. `left_s` -1 until ten seconds are left."""

    level: int
    transcript: str
    left_s: int = -1
    camera: bool = False


class Thinking(Struct, frozen=True):
    """It was said; no step is known yet."""

    label: str
    words: str
    spin: int


class Working(Struct, frozen=True):
    """A task is at a step."""

    text: str
    step: int
    of: int
    spin: int


class Confirm(Struct, frozen=True):
    """Yes or no. `ready` when a press can answer."""

    text: str
    rows: tuple[Row, ...]
    left_s: int
    ready: bool


class Choice(Struct, frozen=True):
    """One of several."""

    text: str
    choices: tuple[AskChoice, ...]
    chosen: int
    left_s: int
    ready: bool


class Slot(Struct, frozen=True):
    """Something must be said."""

    text: str
    left_s: int


class Page(Struct, frozen=True):
    """A card, or words that are being said."""

    title: str
    body: str
    rows: tuple[Row, ...] = ()
    at: int = 0
    of: int = 1
    speaking: bool = False


class Bell(Struct, frozen=True):
    """A timer is due."""

    label: str
    beat: int


class Trouble(Struct, frozen=True):
    """A sentence that must be seen."""

    sentence: str
    tone: Tone


class MenuLine(Struct, frozen=True):
    """One line of the menu."""

    label: str
    value: str


class MenuFace(Struct, frozen=True):
    """The menu."""

    lines: tuple[MenuLine, ...]
    at: int


class Dark(Struct, frozen=True):
    """Asleep: nothing is shown."""


Body = Idle | Listening | Thinking | Working | Confirm | Choice | Slot | Page | Bell | Trouble | MenuFace | Dark


class Face(Struct, frozen=True):
    """All that is on the screen."""

    status: Status
    body: Body

    @property
    def key(self) -> str:
        """The same for faces that differ only by what moves."""
        return f"{type(self.body).__name__.lower()} {_still(self.body)!r}"


def _still(body: Body) -> tuple[object, ...]:
    match body:
        case Idle():
            return (body.hint, body.timer_label)
        case Listening():
            return (body.transcript, body.left_s >= 0)
        case Thinking():
            return (body.label, body.words)
        case Working():
            return (body.text, body.step, body.of)
        case Confirm():
            return (body.text, body.rows, body.ready)
        case Choice():
            return (body.text, body.choices, body.chosen, body.ready)
        case Slot():
            return (body.text,)
        case Bell():
            return (body.label,)
        case _:
            return (body,)


def face_of(state: State, now_ms: int, *, clock: str, date: str, battery: int = -1, charging: bool = False) -> Face:
    """The face for this state at this time; `clock` ("14:05") and `date` ("Monday 23 November") as they are read."""
    mode = mode_of(state)
    if state.asleep and mode is Mode.IDLE:
        return Face(Status(), Dark())
    status = Status(state.online, "" if mode is Mode.IDLE else clock, battery, charging, len(state.tasks))
    return Face(status, _body(state, mode, now_ms, clock, date))


def _body(state: State, mode: Mode, now_ms: int, clock: str, date: str) -> Body:
    spin = now_ms // SPIN_MS % SPIN_STEPS
    match mode:
        case Mode.LISTENING:
            return _listening(state, now_ms)
        case Mode.ERROR if state.notice is not None:
            return Trouble(state.notice.sentence, state.notice.tone)
        case Mode.RINGING if state.ring is not None:
            return Bell(state.ring.label, now_ms // 400 % 2)
        case Mode.ASKING:
            return _question(state, now_ms)
        case Mode.MENU if state.menu is not None:
            return MenuFace(tuple(MenuLine(one.label, one.value) for one in menu.lines(state)), state.menu.at)
        case Mode.SPEAKING | Mode.CARD:
            return _page(state)
        case Mode.WORKING if state.working is not None:
            return Working(state.working.text, state.working.step, state.working.of, spin)
        case Mode.SENDING | Mode.THINKING if state.turn is not None:
            if not state.online:
                label = "Waiting for a connection"
            else:
                label = "Sending" if state.turn.phase is Phase.SENDING else "Thinking"
            return Thinking(label, state.turn.understood or state.turn.transcript, spin)
        case _:
            return _idle(state, now_ms, clock, date)


def _listening(state: State, now_ms: int) -> Listening:
    turn = state.turn
    if turn is None or turn.phase is not Phase.RECORDING:
        return Listening(state.level, "", camera=state.settings.camera and state.has_camera)
    warn_ms = state.turn_audio_ms - (TURN_AUDIO_MS - TURN_AUDIO_WARNING_MS)
    left_s = -(-(turn.until_ms - now_ms) // 1000) if now_ms - turn.began_ms >= warn_ms else -1
    return Listening(state.level, turn.transcript, left_s, state.settings.camera and state.has_camera)


def _question(state: State, now_ms: int) -> Confirm | Choice | Slot:
    asked = state.asks[0]
    left_s = max(0, -(-(asked.until_ms - now_ms) // 1000))
    ready = asked.drawn_ms >= 0 and now_ms - asked.drawn_ms >= DRAWN_MS and state.say is None
    match asked.ask.kind:
        case "choice":
            return Choice(asked.ask.text, asked.ask.choices, asked.chosen, left_s, ready)
        case "slot":
            return Slot(asked.ask.text, left_s)
        case _:
            return Confirm(asked.ask.text, asked.ask.rows, left_s, ready)


def _page(state: State) -> Page:
    shelf = state.shelf
    speaking = state.say is not None
    if shelf.until_ms >= 0 and shelf.cards:
        card = shelf.cards[shelf.at]
        return Page(card.title, card.body, card.rows, shelf.at, len(shelf.cards), speaking)
    return Page("", state.say.text if state.say else "", speaking=speaking)


def _idle(state: State, now_ms: int, clock: str, date: str) -> Idle:
    if state.tasks:
        hint = state.tasks[-1].text
    elif not state.online:
        hint = state.link_sentence or "Connecting"
    elif state.muted:
        hint = "The microphone is off"
    else:
        hint = "Hold to talk"
    timer = min(state.timers, key=lambda one: one.due_at_ms, default=None)
    if timer is None or not state.clock_known:
        return Idle(clock, date, hint)
    left_s = max(0, -(-(timer.due_at_ms - state.offset_ms - now_ms) // 1000))
    return Idle(clock, date, hint, spoken_left(left_s), timer.label)


def spoken_left(left_s: int) -> str:
    """1:05:09, 12:34, 0:07."""
    hours, rest = divmod(left_s, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
