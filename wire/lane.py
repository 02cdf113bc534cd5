"""What the device keeps of one turn until it is durable in the cloud, and how far it has been sent."""

from __future__ import annotations

from collections import deque

from wire.codec import encode
from wire.frames import Frame, Kind, encode_frame
from wire.messages import TurnAbort
from wire.parts import PCM, AudioFormat, Kept


class Lane:
    """Numbers `first` to `last` of a turn (0: control messages), in order, and the one to send next."""

    __slots__ = (
        "_entries",
        "aborted",
        "codec",
        "ended",
        "first",
        "frames",
        "samples",
        "samples_kept",
        "sent",
        "to_send",
        "turn",
    )

    def __init__(self, turn: int, codec: AudioFormat = PCM) -> None:
        self.turn = turn
        self.codec: AudioFormat = codec
        self.first = 1
        self.to_send = 1
        self.sent = 0
        self.frames = 0
        self.samples = 0
        self.samples_kept = 0
        self.ended = False
        self.aborted = False
        self._entries: deque[tuple[str | bytes, int]] = deque()

    @property
    def last(self) -> int:
        """The last number given; `first` - 1 when nothing is kept."""
        return self.first + len(self._entries) - 1

    @property
    def next_number(self) -> int:
        """The number for what is added next."""
        return self.last + 1

    def kept(self) -> Kept:
        """As told in a Hello."""
        return Kept(self.turn, self.first, self.last)

    @property
    def entries(self) -> tuple[str | bytes, ...]:
        """What is kept, in order."""
        return tuple(data for data, _ in self._entries)

    def add(self, data: str | bytes, samples: int = 0) -> None:
        """Keep what was encoded with `next_number`."""
        self._entries.append((data, samples))
        self.samples_kept += samples

    def add_audio(self, offset: int, pcm: bytes, *, last: bool) -> None:
        """Keep a piece of sound."""
        self._add_sound(
            Frame(kind=Kind.AUDIO_UP, turn=self.turn, number=self.next_number, offset=offset, last=last, payload=pcm)
        )

    def add_packet(self, packet: bytes) -> None:
        """Keep an Opus packet, which follows the one before."""
        self._add_sound(
            Frame(kind=Kind.OPUS_UP, turn=self.turn, number=self.next_number, offset=self.samples, payload=packet)
        )

    def _add_sound(self, frame: Frame) -> None:
        samples = frame.samples
        self.add(encode_frame(frame), samples)
        self.frames += 1
        self.samples += samples

    def next_to_send(self) -> str | bytes | None:
        """The next piece, if any; moves on."""
        if self.to_send > self.last:
            return None
        data = self._entries[self.to_send - self.first][0]
        self.sent = max(self.sent, self.to_send)
        self.to_send += 1
        return data

    def discard(self, number: int) -> None:
        """Everything up to `number` is durable elsewhere."""
        while self._entries and self.first <= number:
            self.samples_kept -= self._entries.popleft()[1]
            self.first += 1
        self.to_send = max(self.to_send, self.first)

    def go_back(self, number: int) -> bool:
        """Send again from `number`; False when that is gone. An aborted turn has only its abort to send."""
        if self.aborted:
            self.to_send = self.first
            return True
        if not self.first <= number <= self.next_number:
            return False
        self.to_send = number
        return True

    def abort(self, message: TurnAbort) -> None:
        """Keep nothing but the word that the turn is over."""
        number = self.next_number
        self._entries.clear()
        self.samples_kept = 0
        self.first = self.to_send = number
        self.aborted = self.ended = True
        self.add(encode(message))
