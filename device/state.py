"""What the assistant knows. Data only; its rules are in `assistant.py`, its other data in `inputs.py` and `effects.py`.

Every fact but the idle ones has a deadline (`until_ms`), so that no state can last for ever. All times are the device's
own steady clock in ms; `offset_ms` added gives the cloud's time of day.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from device.aside import Offline
from device.gestures import Fingers
from device.settings import Settings
from wire.messages import Ask, Card
from wire.outcomes import Tone
from wire.parts import TaskState, Timer, TimerKind


class Mode(StrEnum):
    """What the device is doing, as the person sees it."""

    IDLE = "idle"
    LISTENING = "listening"
    SENDING = "sending"
    THINKING = "thinking"
    WORKING = "working"
    ASKING = "asking"
    SPEAKING = "speaking"
    RINGING = "ringing"
    CARD = "card"
    ERROR = "error"
    MENU = "menu"
    MISSED = "missed"
    AIMING = "aiming"


class Phase(StrEnum):
    """How far a turn is."""

    RECORDING = "recording"
    SENDING = "sending"
    THINKING = "thinking"


class Turn(Struct, frozen=True):
    """The turn in the foreground."""

    number: int
    phase: Phase
    began_ms: int
    until_ms: int
    transcript: str = ""
    understood: str = ""
    ask: str = ""
    note: bool = False


class Press(Struct, frozen=True):
    """What was so when the first press of a row went down. `ask`: the question it may answer, if any."""

    ask: str = ""
    hushed: bool = False
    woke: bool = False
    # All of that question had been on the screen.
    whole: bool = False


class Asked(Struct, frozen=True):
    """A question that is open. `drawn_ms` -1 while something else is on the screen.

    `lasts`: it waits longer than it is shown, and leaves the screen without a word.
    """

    ask: Ask
    until_ms: int
    drawn_ms: int = -1
    chosen: int = 0
    lasts: bool = False


class Saying(Struct, frozen=True):
    """What is being said. `until_ms` moves on as sound arrives."""

    say: int
    turn: int
    text: str
    until_ms: int
    samples: int = 0
    ended: bool = False


class Notice(Struct, frozen=True):
    """A sentence that the person must see."""

    sentence: str
    tone: Tone
    until_ms: int


class Ringing(Struct, frozen=True):
    """A timer that is due, the cloud's or one of the device's own. `late_ms`: 0 when it rings in time."""

    timer: str
    label: str
    until_ms: int
    kind: TimerKind = "timer"
    due_at_ms: int = 0
    late_ms: int = 0


class Working(Struct, frozen=True):
    """The task in the foreground."""

    task: str
    text: str
    until_ms: int
    step: int = 0
    of: int = 0


class Menu(Struct, frozen=True):
    """The menu is open at this line (or leaf, see `device.menu`) of a page; the first page has no name.

    `turning`: the wheel sets what the line shows, until it is pushed again.
    """

    at: int
    until_ms: int
    page: str = ""
    turning: bool = False


class Network(Struct, frozen=True):
    """What the device is connected to; `signal` in percent, -1: not known. `saved`: Wi-Fi whose passwords are kept."""

    name: str = ""
    signal: int = -1
    address: str = ""
    saved: tuple[str, ...] = ()


class Wait(StrEnum):
    """What a release that is ready waits for; the key of its words."""

    TURN = "turn"
    USED = "used"
    ALARM = "alarm"
    BATTERY = "battery"


class Update(Struct, frozen=True):
    """`release`: ready, or on its way with `percent`. `given_up`: the one that failed here last."""

    release: str = ""
    percent: int = -1
    wait: Wait | None = None
    given_up: str = ""


class Device(Struct, frozen=True):
    """What this device is, for the menu: its parts by the names of `words` (section `part`), and where its cloud is."""

    version: str = ""
    build: str = ""
    parts: tuple[str, ...] = ()
    cloud: str = ""


class Shelf(Struct, frozen=True):
    """Cards to read; the one at `at` is shown until `until_ms`, after that they can be called back by a click.

    `leaf`: how far a card that is too long for the screen has been turned.
    """

    cards: tuple[Card, ...] = ()
    at: int = 0
    until_ms: int = -1
    leaf: int = 0


class Charge(Struct, frozen=True):
    """The battery. `percent` -1: unknown. `warned`: it was said to be low. `empty`: readings in a row that say so."""

    percent: int = -1
    charging: bool = False
    warned: bool = False
    empty: int = 0
    off_at_ms: int = -1


class State(Struct, frozen=True, kw_only=True):
    """All that the assistant knows."""

    fingers: Fingers = Fingers()
    press: Press = Press()
    microphone: bool = False
    # The switch that turns the microphone off.
    muted: bool = False
    # The press (by when it began) that was said to be a stuck button's.
    stuck_ms: int = -1
    # Since the microphone opened: samples, and the present level, 0 to 5.
    samples: int = 0
    level: int = 0
    turn: Turn | None = None
    last_turn: int = 0
    asks: tuple[Asked, ...] = ()
    answered: tuple[str, ...] = ()
    say: Saying | None = None
    shelf: Shelf = Shelf()
    notice: Notice | None = None
    ring: Ringing | None = None
    menu: Menu | None = None
    working: Working | None = None
    tasks: tuple[TaskState, ...] = ()
    timers: tuple[Timer, ...] = ()
    online: bool = False
    link_sentence: str = ""
    offset_ms: int = 0
    clock_known: bool = False
    # It was the cloud that told it; else it is the device's own idea.
    clock_told: bool = False
    turn_audio_ms: int = 60_000
    settings: Settings = Settings(camera=False)
    has_camera: bool = False
    # The screen shows what the camera sees, until then (-1: it does not).
    aiming_until_ms: int = -1
    # Screen and light are dark. Only while idle, from this time on (-1: not set yet).
    asleep: bool = False
    awake_until_ms: int = -1
    charge: Charge = Charge()
    person: str = ""
    device: str = ""
    about: Device = Device()
    ear: str = ""  # what heard the last utterance in the cloud, and what spoke last
    voice: str = ""
    network: Network = Network()
    update: Update = Update()
    # Whether there is somebody to set it up: not on a desk.
    settable: bool = False
    boot: str = ""
    offline: Offline = Offline()
