"""Frames of nonsense by seed: what both ends really send, changed in one to three places.

`make test` takes some ten thousand, `python -m benchmarks.fuzz` a million.
"""

from __future__ import annotations

import contextlib
import json
import random
import struct
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from time import thread_time_ns
from typing import Any, Final

from msgspec import Struct, field

from tests.wire.conftest import BOOT, KEY, Pair
from wire import limits
from wire.codec import decode_from_cloud, decode_from_device
from wire.errors import ProtocolError
from wire.frames import HEADER, decode_frame
from wire.link import DeviceLink, Identity
from wire.messages import Answer, Ask, Card, Played, Progress, Silence
from wire.outcomes import CloseCode
from wire.parts import OPUS, PCM, AskChoice, Row

Piece = str | bytes
# A packet of 20 ms of silence.
PACKET: Final = b"\x58" + bytes(20)
# Where sizes and numbers go wrong: around nought, around each power that somebody counts with, beyond every limit.
NUMBERS: Final = (
    -1,
    0,
    1,
    2,
    255,
    256,
    65_535,
    65_536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32,
    2**53,
    2**63,
    2**64,
    10**30,
)
# After so many frames a link that still lives gives way to the next.
JOURNEY: Final = 24


class Came(Struct, kw_only=True):
    """What became of the frames. Times are of the processor, so that a busy machine does not count."""

    frames: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    slowest_us: float = 0.0
    slowest: str = ""


def scene() -> Pair:
    """Both ends in the middle of everything: a turn of each kind, an utterance, a question."""
    pair = Pair()
    pair.device = DeviceLink(Identity(device="hare", key=KEY, boot=BOOT, records=(OPUS, PCM), plays=(OPUS, PCM)))
    pair.formats = (OPUS, PCM)
    pair.connect()
    device, session = pair.device, pair.session
    spoken = device.start_turn(picture=True)
    device.send_audio(spoken, bytes(3200))
    device.send_picture(spoken, bytes(20_000))
    device.end_turn(spoken)
    typed = device.start_turn("text")
    device.send_text(typed, "two tea, please")
    device.end_turn(typed)
    coded = device.start_turn(codec=OPUS)
    device.send_packet(coded, PACKET)
    device.abort_turn(coded)
    device.tell(Answer(ask="q1", digest="d", answer="yes"))
    device.tell(Silence(say=1))
    device.tell(Played(say=1, samples=160, whole=False))
    session.send(Card(title="Ordered", rows=(Row("Total", "14.50", "site"),)))
    session.send(
        Ask(
            ask="q1",
            task="t1",
            kind="choice",
            text="Which?",
            choices=(AskChoice("1", "one"),),
            digest="d",
            expires_at_ms=1,
        )
    )
    session.send(Progress(task="t1", text="Looking"))
    for codec in (PCM, OPUS):
        say = session.start_saying(0, "Noon.", codec=codec)
        if codec == PCM:
            session.say(say, bytes(3200))
        else:
            session.say_packet(say, PACKET)
        session.end_saying(say)
    return pair


def corpus() -> tuple[list[Piece], list[Piece]]:
    """What goes up and what goes down, from the first greeting on."""
    pair = scene()
    pair.carry()
    return pair.sent_up, pair.sent_down


class Mutator:
    """Changes pieces by its dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.up, self.down = corpus()
        self.all = [*self.up, *self.down]

    def changed(self, piece: Piece) -> Piece:
        """The piece with one to three things wrong."""
        for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
            piece = self.dice.choice(self._ways(piece))(piece)
        return piece

    def _ways(self, piece: Piece) -> tuple[Callable[[Any], Piece], ...]:
        common = (self._flipped, self._cut, self._spliced, self._other_kind, self._noise)
        if isinstance(piece, str):
            return (*common, self._field, self._field, self._field, self._long)
        return (*common, self._header, self._header, self._header)

    def _flipped(self, piece: Piece) -> Piece:
        raw = bytearray(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
        for _ in range(self.dice.randint(1, 4)):
            if raw:
                raw[self.dice.randrange(min(len(raw), 200))] ^= self.dice.randint(1, 255)
        return bytes(raw).decode(errors="replace") if isinstance(piece, str) else bytes(raw)

    def _cut(self, piece: Piece) -> Piece:
        return piece[: self.dice.randint(0, len(piece))]

    def _spliced(self, piece: Piece) -> Piece:
        other = self.dice.choice(self.all)
        if isinstance(piece, str):
            other = other if isinstance(other, str) else other.decode("latin-1")
            return piece[: self.dice.randint(0, len(piece))] + other[self.dice.randint(0, len(other)) :]
        other = other if isinstance(other, bytes) else other.encode()
        return piece[: self.dice.randint(0, len(piece))] + other[self.dice.randint(0, len(other)) :]

    def _other_kind(self, piece: Piece) -> Piece:
        return piece.encode("utf-8", "replace") if isinstance(piece, str) else piece.decode("latin-1")

    def _noise(self, piece: Piece) -> Piece:
        raw = self.dice.randbytes(self.dice.choice((0, 1, 23, 24, 25, 200)))
        return raw.decode("latin-1") if isinstance(piece, str) else raw

    def _long(self, piece: str) -> Piece:
        """Around the limit of a text frame, with what is costly to read."""
        size = limits.TEXT_FRAME_BYTES + self.dice.choice((-100, 0, 1, 100_000)) - len(piece)
        filling = self.dice.choice((" ", "[", '"\\u0000",', '{"a":', "1,", "é"))
        return piece[:-1] + ',"pad":' + filling * (max(0, size) // len(filling.encode()))

    def _field(self, piece: str) -> Piece:
        try:
            told = json.loads(piece)
        except (ValueError, RecursionError):
            return self._flipped(piece)
        if not isinstance(told, dict) or not told:
            return self._flipped(piece)
        name = self.dice.choice(sorted(told))
        match self.dice.randint(0, 3):
            case 0 if isinstance(told[name], list):
                # What is right in itself, far too often.
                told[name] *= self.dice.choice((2, 14, 1000))
            case 0:
                del told[name]
            case 1:
                told[self.dice.choice(("turn", "number", "type", "optional", name))] = self._value()
            case _:
                told[name] = self._value()
        return json.dumps(told)

    def _value(self) -> object:
        dice = self.dice
        return dice.choice(
            (
                dice.choice(NUMBERS),
                dice.choice(NUMBERS),
                dice.random() * 10**9,
                dice.choice(("", "x" * 5000, "\x00", "é" * 64, "a\n", "turn_start", "welcome", "opus_16000")),
                [dice.choice(NUMBERS)] * dice.choice((1, 13, 3000)),
                {"a": {"b": [None]}},
                None,
                True,
            )
        )

    def _header(self, piece: bytes) -> Piece:
        if len(piece) < HEADER.size:
            return self._flipped(piece)
        told = list(HEADER.unpack_from(piece))
        at = self.dice.randrange(len(told))
        told[at] = self.dice.choice(NUMBERS) % 2**32
        try:
            return HEADER.pack(*told) + piece[HEADER.size :]
        except struct.error:
            told[at] %= 256
            return HEADER.pack(*told) + piece[HEADER.size :]


def codec_frames(mutator: Mutator, count: int) -> Iterator[Piece]:
    """So many changed pieces."""
    for _ in range(count):
        yield mutator.changed(mutator.dice.choice(mutator.all))


def read(pieces: Iterator[Piece], came: Came) -> None:
    """Each piece by whoever may read it; anything that is raised but a ProtocolError goes through."""
    for piece in pieces:
        came.frames += 1
        readers = (decode_from_device, decode_from_cloud) if isinstance(piece, str) else (decode_frame,)
        for reader in readers:
            began_ns = thread_time_ns()
            try:
                reader(piece)  # type: ignore[operator]
            except ProtocolError as error:
                came.refused[type(error).__name__] += 1
            _timed(came, began_ns, piece)


def journeys(mutator: Mutator, count: int, came: Came) -> None:
    """Links in the middle of everything, fed with what is due next and, between, with what is changed."""
    dice = mutator.dice
    while count > 0:
        pair = scene()
        up, down = pair.device.data_to_send(), pair.cloud.data_to_send()
        for _ in range(min(JOURNEY, count)):
            count -= 1
            is_up = dice.random() < 0.5
            due = up if is_up else down
            piece = due.pop(0) if due and dice.random() < 0.5 else dice.choice(mutator.up if is_up else mutator.down)
            if dice.random() < 0.7:
                piece = mutator.changed(piece)
            came.frames += 1
            began_ns = thread_time_ns()
            (pair.up if is_up else pair.down)(piece)
            _timed(came, began_ns, piece)
            pair.cloud.data_to_send()
            pair.device.data_to_send()
            for ended in (pair.cloud.ended, pair.device.ended):
                if ended is not None:
                    came.ended[CloseCode(ended.code).value] += 1
            if pair.cloud.ended or pair.device.ended:
                break


def heaviest_bytes(pieces: Iterator[Piece]) -> int:
    """The most that reading one of them took beside the piece itself."""
    most = 0
    tracemalloc.start()
    try:
        for piece in pieces:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            with contextlib.suppress(ProtocolError):
                (decode_from_cloud if isinstance(piece, str) else decode_frame)(piece)  # type: ignore[operator]
            most = max(most, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    return most


def _timed(came: Came, began_ns: int, piece: Piece) -> None:
    took_us = (thread_time_ns() - began_ns) / 1000
    if took_us > came.slowest_us:
        came.slowest_us, came.slowest = took_us, f"{len(piece)} of {piece[:60]!r}"
