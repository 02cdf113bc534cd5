"""What the two ends of the link report besides the messages themselves."""

from __future__ import annotations

from msgspec import Struct

from wire.messages import (
    Answer,
    CancelTask,
    Hello,
    Played,
    SetTimer,
    Silence,
    StopRinging,
    TicketKept,
    Told,
    TurnAbort,
    TurnEnd,
    TurnStart,
    TurnText,
    Welcome,
)
from wire.outcomes import CloseCode, Retry


class Greeted(Struct, frozen=True):
    """A device said who it claims to be: look up its key and call `CloudLink.challenge`."""

    hello: Hello


class Proven(Struct, frozen=True):
    """It holds that key: find or make its Session, load its turns and call `CloudLink.welcome` (or `refuse`).

    `ticket`: the one that it kept last, signed; of a device that signs. `turned`: it has changed to its newer key.
    """

    hello: Hello
    ticket: str = ""
    turned: bool = False


class Audio(Struct, frozen=True):
    """Sound of a turn, 16 kHz mono s16le, exactly once and in order. `offset` in samples from the turn's start."""

    turn: int
    number: int
    offset: int
    pcm: bytes


class Packet(Struct, frozen=True):
    """An Opus packet of a turn, exactly once and in order; it sounds for `samples`, and begins at sample `offset`."""

    turn: int
    number: int
    offset: int
    samples: int
    packet: bytes


class Picture(Struct, frozen=True):
    """The picture of a turn, whole. `intact` is False when its checksum is wrong."""

    turn: int
    number: int
    jpeg: bytes
    intact: bool


class Ended(Struct, frozen=True):
    """The link is over: send what `data_to_send` gives, then close the socket with `CLOSES[code].number`."""

    code: CloseCode
    reason: str
    retry: Retry
    sentence: str
    by_peer: bool


class SayAudio(Struct, frozen=True):
    """Sound to play, 16 kHz mono s16le, in order. `offset` in samples from the utterance's start."""

    turn: int
    say: int
    offset: int
    pcm: bytes
    last: bool


class SayPacket(Struct, frozen=True):
    """An Opus packet to play, in order; it sounds for `samples`, and begins at sample `offset` of the utterance."""

    turn: int
    say: int
    offset: int
    samples: int
    packet: bytes


class Joined(Struct, frozen=True):
    """The device is in; `welcome` has the snapshot."""

    welcome: Welcome


class TurnKept(Struct, frozen=True):
    """The turn is durable in the cloud."""

    turn: int


class TurnLost(Struct, frozen=True):
    """The turn had to be given up: the cloud wants what the device no longer has, or the buffer was full."""

    turn: int
    reason: str


CloudEvent = (
    Greeted
    | Proven
    | TurnStart
    | TurnText
    | Audio
    | Packet
    | Picture
    | TurnEnd
    | TurnAbort
    | Answer
    | CancelTask
    | Silence
    | Played
    | StopRinging
    | TicketKept
    | SetTimer
    | Ended
)
DeviceEvent = Joined | Told | SayAudio | SayPacket | TurnKept | TurnLost | Ended
