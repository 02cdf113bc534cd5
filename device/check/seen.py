"""What the checks observe, before anything is made of it. Data only; the verdicts are in `judging.py`."""

from __future__ import annotations

from msgspec import Struct

from device.check.acoustics import Echo, Levels

Answer = bool | None
"""Yes, no, or nobody was there to say."""


class NoPart(Struct, frozen=True):
    """The part could not be had, and why; no reason: the build has none."""

    reason: str = ""


class MachineSeen(Struct, frozen=True, kw_only=True):
    """The computer. `libraries`: why the pins cannot be used, if so. `kernel_said`: what its log has of harm.

    `overlays`: the lines of config.txt that matter; `needed`: those that the build needs there.
    """

    model: str = ""
    system: str = ""
    kernel: str = ""
    python: str = ""
    memory_mb: int = 0
    libraries: str = ""
    overlays: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    config_txt: bool = False
    kernel_said: tuple[str, ...] = ()


class ButtonSeen(Struct, frozen=True):
    """Edges as (down, ms), in order. `asked`: a person was asked to click, then to hold for a second."""

    held: bool
    asked: bool
    edges: tuple[tuple[bool, int], ...] = ()


class WheelSeen(Struct, frozen=True):
    """Steps told while it was turned to the right, then to the left, and pushes."""

    asked: bool
    right: int = 0
    left: int = 0
    pushes: int = 0


class MuteSeen(Struct, frozen=True):
    """How it stood, in order; True: the microphone is off."""

    asked: bool
    stood: tuple[bool, ...] = ()


class ColoursSeen(Struct, frozen=True):
    """What the person said to each colour, or to each picture."""

    answers: tuple[tuple[str, Answer], ...]


class SpeakerSeen(Struct, frozen=True):
    """A tone of `sound_ms` took `took_ms` to play."""

    heard: Answer
    sound_ms: int
    took_ms: int


class MicrophoneSeen(Struct, frozen=True):
    """What came in `took_ms` after `open_ms`. `spoke`: somebody spoke meanwhile; `recognised`: and heard it played."""

    levels: Levels
    took_ms: int
    open_ms: int
    spoke: bool = False
    recognised: Answer = None


class EchoSeen(Struct, frozen=True):
    """A chirp was played `played_ms` after the recording had begun."""

    echo: Echo | None
    played_ms: int


class PictureSeen(Struct, frozen=True):
    """`brightness` 0 to 255; `sharpness`: the mean difference between neighbours after an edge filter."""

    width: int
    height: int
    size_bytes: int
    brightness: float
    sharpness: float
    took_ms: int
    right: Answer = None


class BatterySeen(Struct, frozen=True):
    """`percent` -1: it says nothing."""

    percent: int
    charging: bool


class WatchdogSeen(Struct, frozen=True, kw_only=True):
    """`path`: the chip's, where the device is set to feed it. `unit_s`: after how long systemd ends a device that does
    not feed, 0 when its unit does not ask, -1 without a unit. `fed`: the chip's was started, fed and stopped again."""

    path: str = ""
    unit_s: float = -1.0
    chip: str = ""
    chip_s: int = 0
    endless: bool = False
    fed: bool = False
    reason: str = ""


class Network(Struct, frozen=True):
    """One way to the net. `signal_dbm` 0 where there is none to tell."""

    name: str
    wireless: bool
    up: bool
    address: str = ""
    signal_dbm: int = 0


class NetworkSeen(Struct, frozen=True):
    """`blocked`: the radio is switched off."""

    networks: tuple[Network, ...]
    blocked: bool = False


class ClockSeen(Struct, frozen=True):
    """`year` as the machine has it; `in_step`: set by the network, None when nothing tells."""

    year: int
    in_step: bool | None


class DiskSeen(Struct, frozen=True):
    """Where settings are kept. `write_ms`: a small file, whole on the disk; -1 with a `reason` when it was not."""

    free_mb: int
    read_only: bool
    write_ms: int
    reason: str = ""
    errors: tuple[str, ...] = ()


class CloudSeen(Struct, frozen=True, kw_only=True):
    """How far it went; `failed` names the stage that did not, with a `reason`. `code`: the cloud's word for it."""

    host: str
    encrypted: bool
    failed: str = ""
    reason: str = ""
    code: str = ""
    name_ms: int = 0
    open_ms: int = 0
    joined_ms: int = 0
    round_trip_ms: float = 0.0
