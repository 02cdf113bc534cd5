"""What the assistant knows, what it is told, and what it wants done. Data only; the rules are in `assistant.py`.

Every fact but the idle ones has a deadline (`until_ms`), so that no state can last for ever. All times are the device's
own steady clock in ms; `offset_ms` added gives the cloud's time of day.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from device.aside import Clock, Offline, Restored, Waiting
from device.gestures import Fingers
from device.settings import Settings
from wire.events import DeviceEvent
from wire.messages import Ask, Card, ControlMessage, TaskState, Timer
from wire.outcomes import Tone


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
    """A question that is open. `drawn_ms` -1 while something else is on the screen."""

    ask: Ask
    until_ms: int
    drawn_ms: int = -1
    chosen: int = 0


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
    """A timer that is due, the cloud's or one of the device's own."""

    timer: str
    label: str
    until_ms: int


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
    """What the device is connected to; `signal` in percent, -1: not known."""

    name: str = ""
    signal: int = -1
    address: str = ""


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
    boot: str = ""
    offline: Offline = Offline()


# What it is told ---------------------------------------------------------------------------------------------------


class Button(Struct, frozen=True):
    """An edge of the button, and when it was (-1: now). An edge that is told late is still where it was."""

    down: bool
    at_ms: int = -1


class Wheel(Struct, frozen=True):
    """The wheel was turned by so many steps, or pushed."""

    steps: int = 0
    push: bool = False


class Muted(Struct, frozen=True):
    """The mute switch stands so. True: the microphone is off."""

    off: bool


class BatteryRead(Struct, frozen=True):
    """What the battery says. `percent` -1: nothing."""

    percent: int
    charging: bool = False


class Typed(Struct, frozen=True):
    """The person typed a request."""

    text: str


class Sound(Struct, frozen=True):
    """The open microphone gave so many samples; `level` 0 to 5 for the screen."""

    samples: int
    level: int


class FromLink(Struct, frozen=True):
    """Something came over the link."""

    event: DeviceEvent


class Linked(Struct, frozen=True):
    """The socket opened or closed."""

    up: bool
    sentence: str = ""


class Drained(Struct, frozen=True):
    """The speaker has played all of an utterance that has ended."""

    say: int
    samples: int


class PartFailed(Struct, frozen=True):
    """A part does not work."""

    part: str
    sentence: str


class NetworkIs(Struct, frozen=True):
    """The device is connected to this now."""

    network: Network


class ClockSet(Struct, frozen=True):
    """The device's own idea of the time of day, until the cloud tells."""

    offset_ms: int


class Found(Struct, frozen=True):
    """What an earlier start had set aside."""

    restored: Restored


class SetAsideDone(Struct, frozen=True):
    """The request is safe on the disk; or, with a `sentence`, it is not, and why."""

    id: str
    sentence: str = ""


class ClocksKept(Struct, frozen=True):
    """Timers and alarms are safe on the disk; or, with a `sentence`, they are not, and why."""

    sentence: str = ""


class LetGone(Struct, frozen=True):
    """The link has forgotten this turn: what is set aside of it is all there is."""

    turn: int


class HeardHere(Struct, frozen=True):
    """What the device itself heard of a request that waits; empty: nothing."""

    id: str
    text: str


class HearsHere(Struct, frozen=True):
    """Whether the device itself can hear words."""

    can: bool


class WaitingGone(Struct, frozen=True):
    """A request that waited cannot be read any more."""

    id: str


class Tick(Struct, frozen=True):
    """Time has passed."""


Input = (
    Button
    | Wheel
    | Muted
    | BatteryRead
    | NetworkIs
    | Typed
    | Sound
    | FromLink
    | Linked
    | Drained
    | PartFailed
    | ClockSet
    | Found
    | SetAsideDone
    | ClocksKept
    | LetGone
    | HeardHere
    | HearsHere
    | WaitingGone
    | Tick
)

# What it wants done -------------------------------------------------------------------------------------------------


class OpenMicrophone(Struct, frozen=True):
    """Record; sound is kept until BeginTurn or CloseMicrophone says what becomes of it."""


class CloseMicrophone(Struct, frozen=True):
    """Stop recording; what no turn took is thrown away."""


class BeginTurn(Struct, frozen=True):
    """Start this turn on the link; all sound since OpenMicrophone belongs to it."""

    turn: int
    ask: str
    picture: bool
    note: bool = False


class EndTurn(Struct, frozen=True):
    """The turn is whole."""

    turn: int
    truncated: bool = False


class AbortTurn(Struct, frozen=True):
    """Nothing of the turn counts, because the microphone failed."""

    turn: int


class TypeTurn(Struct, frozen=True):
    """A whole turn of text, with a picture when the camera is on."""

    turn: int
    text: str
    ask: str
    picture: bool = False


class Tell(Struct, frozen=True):
    """Send this to the cloud, now or when it can be reached."""

    message: ControlMessage


class Play(Struct, frozen=True):
    """Play sound of an utterance."""

    say: int
    pcm: bytes


class FinishSay(Struct, frozen=True):
    """All sound of the utterance has come: report Drained when it has been heard."""

    say: int


class Hush(Struct, frozen=True):
    """Cut what is being played, at once; utterance `say` is not to be heard any further."""

    say: int


class Cue(Struct, frozen=True):
    """Play the short sound of a tone."""

    tone: Tone


class PressSound(Struct, frozen=True):
    """Let it be heard that the press was felt."""


class RingBell(Struct, frozen=True):
    """Start or stop ringing."""

    on: bool


class SetVolume(Struct, frozen=True):
    """0 to 100."""

    percent: int


class KeepSettings(Struct, frozen=True):
    """The person has set something: keep it."""

    settings: Settings


class SwitchOff(Struct, frozen=True):
    """The battery is empty: end everything and switch the device off."""


class LookAtNetwork(Struct, frozen=True):
    """Tell what the device is connected to, in a `NetworkIs`."""


class ForgetAll(Struct, frozen=True):
    """Forget what is kept of the person on the device: cards, settings, and what others keep."""


class SetAside(Struct, frozen=True):
    """Keep a turn that has ended on the disk, too, and report SetAsideDone."""

    turn: int
    waiting: Waiting


class LetGo(Struct, frozen=True):
    """What is set aside of this turn is enough: the link need not keep it, unless it has sent some of it."""

    turn: int


class SendAgain(Struct, frozen=True):
    """Begin a request that waited as this turn on the link."""

    turn: int
    waiting: Waiting


class Forget(Struct, frozen=True):
    """The request is done with: nothing of it stays on the disk, nor, before it is durable in the cloud, anywhere."""

    waiting: Waiting


class KeepClocks(Struct, frozen=True):
    """Keep these timers and alarms, and what is known of the cloud's; report ClocksKept."""

    clocks: tuple[Clock, ...]
    timers: tuple[Timer, ...]


class Understand(Struct, frozen=True):
    """Hear the words of a request that waits, and report HeardHere."""

    waiting: Waiting


class WriteDown(Struct, frozen=True):
    """Keep these words in the place of what was recorded of a request that waits."""

    waiting: Waiting
    text: str


class Speak(Struct, frozen=True):
    """Say a sentence with the device's own voice, if it has one."""

    text: str


class Redial(Struct, frozen=True):
    """Somebody wants something: try to connect now, not when the back-off is over."""


Effect = (
    OpenMicrophone
    | CloseMicrophone
    | BeginTurn
    | EndTurn
    | AbortTurn
    | TypeTurn
    | Tell
    | Play
    | FinishSay
    | Hush
    | Cue
    | PressSound
    | RingBell
    | SetVolume
    | KeepSettings
    | SwitchOff
    | LookAtNetwork
    | ForgetAll
    | SetAside
    | LetGo
    | SendAgain
    | Forget
    | KeepClocks
    | Understand
    | WriteDown
    | Speak
    | Redial
)
