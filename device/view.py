"""State to what is on the screen: which face, with which words. Pure; drawing is in `faces.py`.

Two faces that are equal look the same. `key` leaves out what only moves (level, countdown, spinner, clock).
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from device import answering, clocks, menu
from device.answering import DRAWN_MS
from device.modes import LEAF_MS, NOTICE_MS, RESTING, mode_of
from device.state import Menu, Mode, Phase, Ringing, State
from device.words import ENGLISH, Words, words_of
from wire.limits import TURN_AUDIO_MS, TURN_AUDIO_WARNING_MS
from wire.outcomes import Tone
from wire.parts import AskChoice, Row

SPIN_MS = 120
SPIN_STEPS = 12


class Status(Struct, frozen=True):
    """The line at the top."""

    online: bool = True
    clock: str = ""
    battery: int = -1
    charging: bool = False
    tasks: int = 0
    waiting: int = 0


class Idle(Struct, frozen=True):
    """Nothing is going on. `leaf` here and below: which leaf is due of words that are too long for the screen."""

    clock: str
    date: str
    hint: str = ""
    timer: str = ""
    timer_label: str = ""
    leaf: int = 0


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
    leaf: int = 0


class Working(Struct, frozen=True):
    """A task is at a step."""

    text: str
    step: int
    of: int
    spin: int
    leaf: int = 0


class Confirm(Struct, frozen=True):
    """Yes or no. `ready` when a press can answer, `whole` when all of it was shown: only then it can be agreed to."""

    text: str
    rows: tuple[Row, ...]
    left_s: int
    ready: bool
    leaf: int = 0
    whole: bool = True


class Choice(Struct, frozen=True):
    """One of several."""

    text: str
    choices: tuple[AskChoice, ...]
    chosen: int
    left_s: int
    ready: bool
    leaf: int = 0


class Slot(Struct, frozen=True):
    """Something must be said."""

    text: str
    left_s: int
    leaf: int = 0


class Page(Struct, frozen=True):
    """A card, or words that are being said. A card that is too long for the screen is turned by the person."""

    title: str
    body: str
    rows: tuple[Row, ...] = ()
    at: int = 0
    of: int = 1
    speaking: bool = False
    leaf: int = 0
    hints: tuple[str, str] = ("", "")
    # Words that are only said, and turn by themselves.
    said: bool = False


class Bell(Struct, frozen=True):
    """A timer is due."""

    label: str
    beat: int
    leaf: int = 0


class Unseen(Struct, frozen=True):
    """A timer or alarm that nobody stopped, until somebody looks; `more` of them after this one."""

    sentence: str
    hint: str
    more: int = 0
    leaf: int = 0


class Trouble(Struct, frozen=True):
    """A sentence that must be seen."""

    sentence: str
    tone: Tone
    leaf: int = 0


class Aim(Struct, frozen=True):
    """What the camera sees, which the window puts above these two hints; `starting`: until it sees anything."""

    hints: tuple[str, str]
    starting: str


class MenuLine(Struct, frozen=True):
    """One line of the menu."""

    label: str
    value: str


class MenuFace(Struct, frozen=True):
    """The menu."""

    lines: tuple[MenuLine, ...]
    at: int
    title: str = ""
    leaf: int = 0
    turning: bool = False


class Dark(Struct, frozen=True):
    """Asleep: nothing is shown; the light tells when there is something to be looked at."""

    unseen: bool = False


Body = (
    Idle
    | Listening
    | Thinking
    | Working
    | Confirm
    | Choice
    | Slot
    | Page
    | Bell
    | Unseen
    | Trouble
    | Aim
    | MenuFace
    | Dark
)


class Face(Struct, frozen=True):
    """All that is on the screen, in which language and type."""

    status: Status
    body: Body
    language: str = ENGLISH
    large: bool = False

    @property
    def key(self) -> str:
        """The same for faces that differ only by what moves."""
        return f"{type(self.body).__name__.lower()} {_still(self.body)!r}"


def _still(body: Body) -> tuple[object, ...]:
    match body:
        case Idle():
            return (body.hint, body.timer_label)
        case Listening():
            return (body.transcript, body.left_s >= 0, body.camera)
        case Thinking():
            return (body.label, body.words)
        case Working():
            return (body.text, body.step, body.of)
        case Confirm():
            return (body.text, body.rows, body.ready, body.whole)
        case Choice():
            return (body.text, body.choices, body.chosen, body.ready)
        case Slot():
            return (body.text,)
        case Bell():
            return (body.label,)
        case Unseen():
            return (body.sentence, body.more)
        case Trouble():
            return (body.sentence, body.tone)
        case MenuFace():
            return (body.title, body.lines, body.at, body.turning)
        case Page(said=True):
            return (body.body, body.speaking)
        case _:
            return (body,)


def face_of(state: State, now_ms: int, *, clock: str, date: str, battery: int = -1, charging: bool = False) -> Face:
    """The face for this state at this time; `clock` ("14:05") and `date` ("Monday 23 November") as they are read."""
    mode = mode_of(state)
    if state.asleep and mode in RESTING:
        return Face(Status(), Dark(bool(state.offline.missed)))
    settings = state.settings
    status = Status(state.online, "" if mode is Mode.IDLE else clock, battery, charging, len(state.tasks))
    status = replace(status, waiting=len(state.offline.waiting))
    body = _body(state, mode, now_ms, clock, date, words_of(settings.language))
    return Face(status, body, settings.language, settings.text == "large")


def _body(state: State, mode: Mode, now_ms: int, clock: str, date: str, words: Words) -> Body:
    spin = now_ms // SPIN_MS % SPIN_STEPS
    leaf = now_ms // LEAF_MS
    match mode:
        case Mode.LISTENING:
            return _listening(state, now_ms)
        case Mode.ERROR if state.notice is not None:
            shown_ms = now_ms - state.notice.until_ms + NOTICE_MS
            return Trouble(words.said(state.notice.sentence), state.notice.tone, max(0, shown_ms) // LEAF_MS)
        case Mode.RINGING if state.ring is not None:
            return Bell(_rings(state.ring, words), now_ms // 400 % 2, leaf)
        case Mode.MISSED:
            first, *others = state.offline.missed
            told = clocks.say_missed(first, now_ms + state.offset_ms)
            return Unseen(words.said(told), words("bell.seen"), len(others), leaf)
        case Mode.ASKING:
            return _question(state, now_ms)
        case Mode.AIMING:
            return Aim((words("aim.hold"), words("aim.back")), words("aim.starts"))
        case Mode.MENU if state.menu is not None:
            return _menu(state, state.menu, leaf, words)
        case Mode.SPEAKING | Mode.CARD:
            return _page(state, leaf)
        case Mode.WORKING if state.working is not None:
            working = state.working
            return Working(words.said(working.text), working.step, working.of, spin, leaf)
        case Mode.SENDING | Mode.THINKING if state.turn is not None:
            doing = "sending" if state.turn.phase is Phase.SENDING else "thinking"
            label = words(f"thinking.{doing if state.online else 'waiting'}")
            return Thinking(label, state.turn.understood or state.turn.transcript, spin, leaf)
        case _:
            return _idle(state, now_ms, clock, date, words)


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
    leaf = (now_ms - asked.drawn_ms) // LEAF_MS if asked.drawn_ms >= 0 else 0
    match asked.ask.kind:
        case "choice":
            return Choice(asked.ask.text, asked.ask.choices, asked.chosen, left_s, ready, leaf)
        case "slot":
            return Slot(asked.ask.text, left_s, leaf)
        case _:
            whole = answering.is_whole(asked, state.settings, now_ms)
            return Confirm(asked.ask.text, asked.ask.rows, left_s, ready, leaf, whole)


def _page(state: State, leaf: int) -> Page:
    shelf = state.shelf
    speaking = state.say is not None
    if shelf.until_ms >= 0 and shelf.cards:
        card = shelf.cards[shelf.at]
        return Page(card.title, card.body, card.rows, shelf.at, len(shelf.cards), speaking, shelf.leaf)
    return Page("", state.say.text if state.say else "", speaking=speaking, leaf=leaf, said=True)


def _menu(state: State, shown: Menu, leaf: int, words: Words) -> Page | MenuFace:
    card = menu.card(state)
    if card is not None:
        hints = (words("menu.next"), words("menu.back"))
        return Page(card.title, card.body, card.rows, leaf=shown.at, hints=hints)
    lines = tuple(MenuLine(one.label, one.value) for one in menu.lines(state))
    return MenuFace(lines, shown.at, menu.title(state), leaf, shown.turning)


def _idle(state: State, now_ms: int, clock: str, date: str, words: Words) -> Idle:
    if state.tasks:
        hint = state.tasks[-1].text
    elif not state.online:
        hint = words.said(state.link_sentence) or words("idle.connecting")
    elif state.muted:
        hint = words("idle.muted")
    else:
        hint = words("idle.hold")
    leaf = now_ms // LEAF_MS
    bell = next((one for one in clocks.bells(state) if one.due_ms > now_ms), None)
    if bell is None:
        return Idle(clock, date, hint, leaf=leaf)
    if bell.kind == "alarm":
        rings_at = read_clock(bell.due_ms + state.offset_ms)
        return Idle(clock, date, hint, rings_at, bell.label or words("bell.alarm"), leaf)
    return Idle(clock, date, hint, spoken_left(-(-(bell.due_ms - now_ms) // 1000)), bell.label, leaf)


def _rings(ring: Ringing, words: Words) -> str:
    """What rings, and how late when it is late."""
    kind = words(f"bell.{ring.kind}")
    name = words("bell.named", label=ring.label, kind=kind) if ring.label else kind
    if not ring.late_ms:
        return name
    return words("bell.late", name=name, duration=words.duration(clocks.rounded_s(ring.late_ms)))


def read_clock(at_ms: int) -> str:
    """07:00, local time."""
    return f"{datetime.fromtimestamp(at_ms / 1000):%H:%M}"


def spoken_left(left_s: int) -> str:
    """1:05:09, 12:34, 0:07."""
    hours, rest = divmod(left_s, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
