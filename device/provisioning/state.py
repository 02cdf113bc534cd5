"""What a setup knows, what it is told, and what it wants done. Data only; its rules are in `steps.py`."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from device.provisioning.introduction import Code, Keys
from device.provisioning.radio import Hotspot, Seen, Why, Wish
from device.trust import Certificate
from wire.qr import CloudCode, WifiCode


class Purpose(StrEnum):
    """What the setup is for."""

    FIRST = "first"  # nothing is known yet
    WIFI = "wifi"  # another network, for a device that is paired
    PAIR = "pair"  # another cloud, or the same one anew


class Stage(StrEnum):
    """How far it is."""

    LOOKING = "looking"
    HOTSPOT = "hotspot"
    SEEING = "seeing"
    JOINING = "joining"
    REACHING = "reaching"
    CODE = "code"
    PAIRING = "pairing"
    DONE = "done"


class State(Struct, frozen=True, kw_only=True):
    """`until_ms`: when the stage is over, or tried again (-1: never). `trouble`: what went wrong last, a sentence.

    `leaf`: how far what is on the screen has been turned. `certificate`: of the cloud, where nobody vouches for it.
    `known`: the cloud's address as the settings have it. `due`: the fingerprint that a QR code named. `country` and
    `cloud` are kept from one try to the next.
    """

    purpose: Purpose = Purpose.FIRST
    language: str = "en"
    has_camera: bool = False
    stage: Stage = Stage.LOOKING
    until_ms: int = -1
    name: str = ""
    hotspot: Hotspot | None = None
    networks: tuple[Seen, ...] = ()
    wish: Wish | None = None
    cloud: str = ""
    known: str = ""
    due: str = ""
    certificate: Certificate | None = None
    code: Code | None = None
    trouble: str = ""
    leaf: int = 0
    plain: bool = False
    country: str = ""
    joined: bool = False


# Told -------------------------------------------------------------------------------------------------------------


class Looked(Struct, frozen=True):
    """Whether there is a network."""

    online: bool


class Scanned(Struct, frozen=True):
    """The networks in reach."""

    networks: tuple[Seen, ...]


class Opened(Struct, frozen=True):
    """The device is a network of its own now."""

    hotspot: Hotspot


class Submitted(Struct, frozen=True):
    """What the person wrote on the page; no wish: the network that is there will do."""

    wish: Wish | None
    cloud: str
    country: str = ""


class Read(Struct, frozen=True):
    """A QR code was seen; None: none that can be used, or no picture (`sentence`)."""

    code: WifiCode | CloudCode | None
    sentence: str = ""


class Joined(Struct, frozen=True):
    """The network is joined, and kept."""


class NotJoined(Struct, frozen=True):
    """It is not."""

    why: Why


class Reached(Struct, frozen=True):
    """The cloud answers; `certificate` where it is encrypted."""

    certificate: Certificate | None


class Unreached(Struct, frozen=True):
    """It does not, and why."""

    sentence: str


class Coded(Struct, frozen=True):
    """The cloud gave a code."""

    code: Code


class Ended(Struct, frozen=True):
    """The pairing is over, and the device is not paired."""

    sentence: str


class Paired(Struct, frozen=True):
    """It is."""

    keys: Keys


class Failed(Struct, frozen=True):
    """Wi-Fi cannot be set up at all."""

    sentence: str


class Clicked(Struct, frozen=True):
    """The button was clicked so many times."""

    count: int


class Held(Struct, frozen=True):
    """The button was held."""


class Tick(Struct, frozen=True):
    """Time has passed."""


Input = (
    Looked
    | Scanned
    | Opened
    | Submitted
    | Read
    | Joined
    | NotJoined
    | Reached
    | Unreached
    | Coded
    | Ended
    | Paired
    | Failed
    | Clicked
    | Held
    | Tick
)


# Wanted -----------------------------------------------------------------------------------------------------------


class Look(Struct, frozen=True):
    """Is there a network? Report Looked."""


class Open(Struct, frozen=True):
    """Scan, report Scanned, then be a network of one's own with the page on it: Opened."""


class Close(Struct, frozen=True):
    """Be none any more."""


class See(Struct, frozen=True):
    """Take a picture, and report what QR code is in it: Read."""


class Join(Struct, frozen=True):
    """Join this network: Joined or NotJoined."""

    wish: Wish


class Reach(Struct, frozen=True):
    """See whether the cloud answers, and with which certificate: Reached or Unreached."""

    cloud: str


class Begin(Struct, frozen=True):
    """Ask for a code: Coded or Ended."""

    cloud: str
    certificate: Certificate | None


class Poll(Struct, frozen=True):
    """See how far the pairing is: Paired, Ended, or nothing."""


class Keep(Struct, frozen=True):
    """Keep who the device is from now on."""

    keys: Keys
    cloud: str
    certificate: Certificate | None


class Finish(Struct, frozen=True):
    """The setup is over."""


Effect = Look | Open | Close | See | Join | Reach | Begin | Poll | Keep | Finish
