"""What the assistant wants done. Data only; `handheld.py` and its rooms carry it out."""

from __future__ import annotations

from msgspec import Struct

from device.aside import Clock, Done, Missed, Waiting
from device.settings import Settings
from wire.messages import ControlMessage
from wire.outcomes import Tone
from wire.parts import Timer


class OpenMicrophone(Struct, frozen=True):
    """Record; sound is kept until BeginTurn or CloseMicrophone says what becomes of it."""


class CloseMicrophone(Struct, frozen=True):
    """Stop recording. `tail`: what was captured until now still belongs to the turn that ends with it; else what no
    turn took is thrown away."""

    tail: bool = False


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


class SetUp(Struct, frozen=True):
    """Leave, and be set up: "wifi" for another network, "pair" to be paired anew."""

    purpose: str


class JoinNetwork(Struct, frozen=True):
    """Join a Wi-Fi whose password is kept, and report a `NetworkIs`; why not as a `PartFailed`."""

    name: str


class ForgetNetwork(Struct, frozen=True):
    """Keep its password no more, and report a `NetworkIs`."""

    name: str


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
    """Keep these timers and alarms, what is known of the cloud's, those that are done with, and those that nobody
    looked at; report ClocksKept."""

    clocks: tuple[Clock, ...]
    timers: tuple[Timer, ...]
    done: tuple[Done, ...] = ()
    missed: tuple[Missed, ...] = ()


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
    """Somebody waits for the cloud: connect now, not when the back-off is over; or ask whether it is still there."""


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
    | SetUp
    | JoinNetwork
    | ForgetNetwork
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
