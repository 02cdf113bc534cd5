"""What the assistant is told. Data only."""

from __future__ import annotations

from msgspec import Struct

from device.aside import Restored
from device.state import Network, Update
from wire.events import DeviceEvent


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


class UpdateIs(Struct, frozen=True):
    """How an update of the device stands now."""

    update: Update


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
    | UpdateIs
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
