"""What has arrived of one turn: which number is due, how much sound, and the picture on its way."""

from __future__ import annotations

import zlib
from enum import Enum

from msgspec import Struct

from wire import limits
from wire.errors import BadFrame, BadMessage, LimitExceeded, OutOfOrder
from wire.events import Audio, Packet, Picture
from wire.frames import Frame, Kind
from wire.messages import PictureStart, TurnEnd, TurnMessage, TurnStart, TurnText
from wire.parts import OPUS, PCM, AudioFormat


class TurnMemory(Struct, frozen=True, kw_only=True):
    """What is durable of a turn: stored by one gateway, given to `CloudLink.welcome` by any other.

    `number` is the last one committed, `samples` and `frames` the sound up to there, `mode` and `format`
    those of its TurnStart. Opus goes on only for who has decoded, or kept, every packet before.
    `closed` when the turn has ended or was aborted. Turn 0 is the device's control messages.
    """

    turn: int
    number: int
    samples: int = 0
    frames: int = 0
    mode: str = "voice"
    format: AudioFormat = PCM
    pictured: bool = False
    closed: bool = False


class Arrival(Enum):
    """Whether a number is the one that is due."""

    DUE = "due"
    AGAIN = "again"
    EARLY = "early"


class _PictureOnItsWay:
    __slots__ = ("before", "data", "start")

    def __init__(self, start: PictureStart, before: TurnMemory) -> None:
        self.start = start
        self.before = before
        self.data = bytearray()


class Intake:
    """One turn, in order and once. Holds no sound; a picture only until it is whole."""

    __slots__ = (
        "_picture",
        "aborted",
        "committed",
        "ended",
        "format",
        "frames",
        "mode",
        "pictured",
        "samples",
        "turn",
        "want",
    )

    def __init__(self, memory: TurnMemory) -> None:
        self.turn = memory.turn
        self.want = memory.number + 1
        self.committed = memory.number
        self.samples = memory.samples
        self.frames = memory.frames
        self.mode = memory.mode
        self.format: AudioFormat = memory.format
        self.pictured = memory.pictured
        self.ended = memory.closed
        self.aborted = False
        self._picture: _PictureOnItsWay | None = None

    @property
    def closed(self) -> bool:
        """Nothing but an abort can still come."""
        return self.ended or self.aborted

    def arrival(self, number: int) -> Arrival:
        """Is this number due, a duplicate, or is something missing before it?"""
        if number == self.want:
            return Arrival.DUE
        return Arrival.AGAIN if number < self.want else Arrival.EARLY

    def memory(self) -> TurnMemory:
        """The state up to here, or up to the picture that is not whole yet."""
        if self._picture is not None and not self.aborted:
            return self._picture.before
        return TurnMemory(
            turn=self.turn,
            number=self.want - 1,
            samples=self.samples,
            frames=self.frames,
            mode=self.mode,
            format=self.format,
            pictured=self.pictured,
            closed=self.closed,
        )

    def commit(self) -> TurnMemory:
        """What `memory` gives is durable: the device is told so, at the latest by the next welcome."""
        memory = self.memory()
        self.committed = max(self.committed, memory.number)
        return memory

    def take(self, message: TurnMessage) -> None:
        """Take a message whose number is due; raises a ProtocolError when it has no place here."""
        if self.closed:
            raise OutOfOrder(f"turn {self.turn} has ended, number {message.number} came after it")
        match message:
            case TurnStart():
                if message.number != 1:
                    raise OutOfOrder(f"turn {self.turn} starts with number {message.number}, not 1")
                self.mode = message.mode
                self.format = message.format
            case TurnText():
                if self.mode != "text":
                    raise OutOfOrder(f"text in turn {self.turn}, which is spoken")
            case PictureStart():
                if self.pictured or self._picture is not None:
                    raise LimitExceeded(f"a second picture in turn {self.turn}, at most one is allowed")
                self._picture = _PictureOnItsWay(message, self.memory())
            case TurnEnd():
                self._check_end(message)
                self.ended = True
            case _:
                pass
        self._advance()

    def take_frame(self, frame: Frame) -> Audio | Packet | Picture | None:
        """Take a frame whose number is due; a Picture comes out with its last piece."""
        if self.closed:
            raise OutOfOrder(f"turn {self.turn} has ended, frame {frame.number} came after it")
        if self.want == 1:
            raise OutOfOrder(f"turn {self.turn} begins with a frame, expected turn_start")
        event = self._piece(frame) if frame.kind is Kind.PICTURE else self._sound(frame)
        self._advance()
        return event

    def count(self) -> None:
        """Take something that only counts."""
        self._advance()

    def abort(self, number: int) -> None:
        """Nothing of it counts."""
        self.aborted = True
        self._picture = None
        self.want = max(self.want, number + 1)

    @property
    def picture_bytes(self) -> int:
        """How much of a picture is held."""
        return len(self._picture.data) if self._picture else 0

    def _advance(self) -> None:
        if self.turn and self.want >= limits.TURN_NUMBERS:
            raise LimitExceeded(f"turn {self.turn} has over {limits.TURN_NUMBERS} messages and frames")
        self.want += 1

    def _sound(self, frame: Frame) -> Audio | Packet:
        if self.mode != "voice":
            raise OutOfOrder(f"sound in turn {self.turn}, which is typed")
        if frame.offset != self.samples:
            raise BadFrame(f"sound at sample {frame.offset}, expected {self.samples}")
        if (frame.kind is Kind.OPUS_UP) != (self.format == OPUS):
            raise BadFrame(f"a frame of {frame.kind.name.lower()} in turn {self.turn}, which is {self.format}")
        samples = frame.samples
        self.samples += samples
        self.frames += 1
        if self.format == OPUS:
            return Packet(self.turn, frame.number, frame.offset, samples, frame.payload)
        return Audio(self.turn, frame.number, frame.offset, frame.payload)

    def _piece(self, frame: Frame) -> Picture | None:
        picture = self._picture
        if picture is None:
            raise OutOfOrder(f"a piece of a picture in turn {self.turn} with no picture_start before it")
        if frame.offset != len(picture.data):
            raise BadFrame(f"picture at byte {frame.offset}, expected {len(picture.data)}")
        whole = frame.offset + len(frame.payload) == picture.start.size_bytes
        if frame.offset + len(frame.payload) > picture.start.size_bytes or whole != frame.last:
            raise BadFrame(f"picture is not of the {picture.start.size_bytes} bytes that were told")
        picture.data += frame.payload
        if not whole:
            return None
        self._picture = None
        self.pictured = True
        intact = zlib.crc32(picture.data) == picture.start.crc32
        return Picture(self.turn, frame.number, bytes(picture.data), intact)

    def _check_end(self, end: TurnEnd) -> None:
        if self._picture is not None:
            raise OutOfOrder(f"turn {self.turn} ends in the middle of its picture")
        if (end.frames, end.samples) != (self.frames, self.samples):
            raise BadMessage(
                f"turn {self.turn} ends with {end.samples} samples in {end.frames} frames,"
                f" {self.samples} in {self.frames} came"
            )
