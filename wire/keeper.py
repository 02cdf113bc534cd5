"""The turns of a device and its messages of no turn, kept until they are durable in the cloud. Knows no socket."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from msgspec.structs import replace

from wire import limits
from wire.codec import decode_from_device, encode
from wire.errors import MisuseError, OutOfOrder
from wire.events import DeviceEvent, TurnKept, TurnLost
from wire.frames import Frame, Kind, decode_frame, encode_frame
from wire.framing import Slicer
from wire.lane import Lane
from wire.messages import ControlMessage, PictureStart, TurnAbort, TurnEnd, TurnStart, TurnText
from wire.parts import OPUS, PCM, AbortReason, AudioFormat, Kept
from wire.toc import samples_of


class TurnKeeper:
    """Sound and words of turns, numbered. At most 60 s of sound and KEPT_TURNS turns: the oldest one gives way."""

    def __init__(self) -> None:
        self._lanes: dict[int, Lane] = {0: Lane(0)}
        self._slicer = Slicer(limits.TURN_SAMPLES)
        self._recording = 0
        self._turn = 0
        self._floor = 0
        self._faults = 0
        self._pending_events: list[DeviceEvent] = []

    @property
    def idle(self) -> bool:
        """Nothing is kept: all that was said is durable in the cloud."""
        return all(lane.last < lane.first for lane in self._lanes.values())

    def events(self) -> list[DeviceEvent]:
        """What came of our own calls (a turn given up), not yet reported."""
        events, self._pending_events = self._pending_events, []
        return events

    def start_turn(
        self,
        mode: str = "voice",
        *,
        codec: AudioFormat = PCM,
        said_at_ms: int = 0,
        ask: str = "",
        picture: bool = False,
        note: bool = False,
    ) -> int:
        """Begin a turn and return its number. Silences whatever is said of earlier ones."""
        if self._recording:
            self.end_turn(self._recording)
        if self._turn >= limits.TURN_MAX:
            raise MisuseError("no turn numbers are left: restart the device")
        self._turn += 1
        turn = self._turn
        self._floor = turn
        self._make_room_for_turn()
        lane = self._lanes[turn] = Lane(turn, codec)
        self._slicer = Slicer(limits.TURN_SAMPLES)
        self._recording = turn
        start = TurnStart(
            turn=turn,
            number=1,
            mode="text" if mode == "text" else "voice",
            format=codec,
            picture=picture,
            said_at_ms=said_at_ms,
            ask=ask,
            note=note,
        )
        lane.add(encode(start))
        return turn

    def send_audio(self, turn: int, pcm: bytes) -> None:
        """Add sound (16 kHz mono s16le, any length). Beyond 60 s it is dropped; older turns that wait make room."""
        lane = self._open(turn)
        if lane is None:
            return
        if lane.codec != PCM:
            raise MisuseError(f"turn {turn} is {lane.codec}: give packets, not samples")
        for offset, piece in self._slicer.cut(pcm):
            lane.add_audio(offset, piece, last=False)
        self._make_room(turn)

    def send_packet(self, turn: int, packet: bytes) -> None:
        """Add an Opus packet of 20 to 60 ms, within the limits of `send_audio`; it is sent again as it is."""
        lane = self._open(turn)
        if lane is None:
            return
        samples = samples_of(packet)
        if lane.codec != OPUS:
            raise MisuseError(f"turn {turn} is {lane.codec}: give samples, not packets")
        if lane.samples + samples > limits.TURN_SAMPLES:
            return
        lane.add_packet(packet)
        self._make_room(turn)

    def send_picture(self, turn: int, jpeg: bytes) -> None:
        """Add the turn's picture."""
        lane = self._open(turn)
        if lane is None:
            return
        if not 0 < len(jpeg) <= limits.PICTURE_BYTES:
            raise MisuseError(f"a picture of {len(jpeg)} bytes, 1 to {limits.PICTURE_BYTES} are allowed: shrink it")
        start = PictureStart(turn=turn, number=lane.next_number, size_bytes=len(jpeg), crc32=zlib.crc32(jpeg))
        lane.add(encode(start))
        for at in range(0, len(jpeg), limits.PICTURE_CHUNK_BYTES):
            piece = jpeg[at : at + limits.PICTURE_CHUNK_BYTES]
            frame = Frame(
                kind=Kind.PICTURE,
                turn=turn,
                number=lane.next_number,
                offset=at,
                last=at + len(piece) == len(jpeg),
                payload=piece,
            )
            lane.add(encode_frame(frame))

    def send_text(self, turn: int, text: str) -> None:
        """Add what the person typed."""
        lane = self._open(turn)
        if lane is None:
            return
        if not 0 < len(text) <= limits.TEXT_CHARS:
            raise MisuseError(f"a text of {len(text)} characters, 1 to {limits.TEXT_CHARS} are allowed: shorten it")
        lane.add(encode(TurnText(turn=turn, number=lane.next_number, text=text)))

    def end_turn(self, turn: int, *, truncated: bool = False) -> None:
        """The button is up: the turn is whole."""
        lane = self._open(turn)
        if lane is None:
            return
        rest = self._slicer.rest()
        if rest is not None:
            lane.add_audio(*rest, last=True)
        lane.add(
            encode(
                TurnEnd(
                    turn=turn,
                    number=lane.next_number,
                    frames=lane.frames,
                    samples=lane.samples,
                    truncated=truncated,
                )
            )
        )
        lane.ended = True
        self._recording = 0

    def abort_turn(self, turn: int, reason: AbortReason = "person") -> None:
        """Nothing of this turn counts; what is said of it is no longer heard. Nothing happens when it is durable."""
        if turn == self._recording:
            self._recording = 0
        self._floor = max(self._floor, turn + 1)
        lane = self._lanes.get(turn)
        if lane is None or lane.aborted:
            return
        if not lane.sent:
            del self._lanes[turn]
            return
        lane.abort(TurnAbort(turn=turn, number=lane.next_number, reason=reason))

    @property
    def recording(self) -> bool:
        """A turn is begun and not ended."""
        return self._recording > 0

    def whole(self, turn: int) -> tuple[str | bytes, ...]:
        """All of a turn that has ended, as `begin_again` takes it; empty when it is not whole here (any more)."""
        lane = self._lanes.get(turn)
        if not turn or lane is None or not lane.ended or lane.aborted or lane.first != 1:
            return ()
        return lane.entries

    def has_sent(self, turn: int) -> bool:
        """Some of the turn is on its way, or was."""
        lane = self._lanes.get(turn)
        return lane is not None and lane.sent > 0

    def let_go(self, turn: int) -> bool:
        """Forget a turn that is kept elsewhere; False when some of it was sent, so that it stays here."""
        lane = self._lanes.get(turn)
        if lane is not None and not lane.sent:
            self.abort_turn(turn)
        return lane is None or not lane.sent

    def begin_again(self, whole: Sequence[str | bytes], *, said_at_ms: int = 0, again: str = "") -> int:
        """A turn that `whole` gave, as a new one, and its number. Not while one is being recorded.

        `again`: where it began, the first 16 digits of the boot, a colon, and the turn. Raises ProtocolError when it is
        broken.
        """
        if self._recording:
            raise MisuseError(f"turn {self._recording} is being recorded: end it first")
        turn = self._turn + 1
        lane = Lane(turn)
        for piece in whole:
            lane.add(*_renumbered(piece, turn, said_at_ms, again))
        if not whole or lane.last != len(whole):
            raise OutOfOrder("a turn that is to begin again is not whole")
        start = decode_from_device(whole[0]) if isinstance(whole[0], str) else None
        if not isinstance(start, TurnStart):
            raise OutOfOrder("a turn that is to begin again has no beginning")
        lane.codec, lane.ended = start.format, True
        self._turn = self._floor = turn
        self._make_room_for_turn()
        self._lanes[turn] = lane
        self._make_room(turn)
        return turn

    def tell(self, message: ControlMessage) -> bool:
        """Send a message of no turn: kept until it is durable, so an answer pressed while away still arrives.

        False when CONTROL_KEPT of them wait already: what the person does then is not kept, what they did before is.
        """
        lane = self._lanes[0]
        if lane.last - lane.first + 1 >= limits.CONTROL_KEPT:
            return False
        lane.add(encode(replace(message, turn=0, number=lane.next_number)))
        return True

    def _open(self, turn: int) -> Lane | None:
        """The turn that is being recorded; None when it is over or was given up, so that late sound falls away."""
        if not 0 < turn <= self._turn:
            raise MisuseError(f"turn {turn} was never started, {self._turn} was the last")
        return self._lanes.get(turn) if turn == self._recording else None

    def _make_room_for_turn(self) -> None:
        over = [lane.turn for lane in self._lanes.values() if lane.aborted]
        for turn in over[: max(0, len(over) - limits.KEPT_TURNS + 1)]:
            del self._lanes[turn]
        kept = [lane.turn for lane in self._lanes.values() if lane.turn and not lane.aborted]
        if len(kept) >= limits.KEPT_TURNS:
            self._give_up(kept[0], "buffer_full")

    def _make_room(self, turn: int) -> None:
        while sum(lane.samples_kept for lane in self._lanes.values()) > limits.TURN_SAMPLES:
            oldest = next((lane.turn for lane in self._lanes.values() if lane.samples_kept and lane.turn != turn), 0)
            if not oldest:
                return
            self._give_up(oldest, "buffer_full")

    def _give_up(self, turn: int, reason: AbortReason) -> None:
        self.abort_turn(turn, reason)
        self._pending_events.append(TurnLost(turn, reason))

    def _last_of(self, turn: int) -> int:
        lane = self._lanes.get(turn)
        return lane.last if lane else 0

    def _is_durable(self, turn: int, number: int) -> bool:
        lane = self._lanes.get(turn)
        return lane is not None and number < lane.first and not lane.aborted

    def _check_known(self, turn: int, number: int) -> None:
        lane = self._lanes.get(turn)
        if lane is not None and number > lane.last:
            raise OutOfOrder(f"turn {turn} is acknowledged up to {number}, {lane.last} was the last")

    def _drop_what_broke(self) -> None:
        """Give up the turns that were being sent; the second time in a row, the control messages too."""
        for turn in [lane.turn for lane in self._lanes.values() if lane.turn and lane.sent]:
            self._give_up(turn, "lost")
        self._faults += 1
        if self._faults > 1:
            lane = self._lanes[0]
            lane.discard(lane.last)

    def _commit(self, turn: int, number: int) -> list[DeviceEvent]:
        lane = self._lanes.get(turn)
        if lane is None:
            return []
        self._check_known(turn, number)
        if number >= lane.first:
            self._faults = 0
        lane.discard(number)
        if turn and lane.ended and lane.last < lane.first:
            del self._lanes[turn]
            return [] if lane.aborted else [TurnKept(turn)]
        return []

    def _kept(self) -> tuple[Kept, ...]:
        return tuple(lane.kept() for lane in self._lanes.values())


def _renumbered(piece: str | bytes, turn: int, said_at_ms: int, again: str) -> tuple[str | bytes, int]:
    """A piece of a turn as one of another turn, and its samples."""
    if isinstance(piece, bytes):
        frame = replace(decode_frame(piece), turn=turn)
        return encode_frame(frame), 0 if frame.kind is Kind.PICTURE else frame.samples
    message = decode_from_device(piece)
    if isinstance(message, TurnStart):
        message = replace(message, said_at_ms=said_at_ms, again=again)
    if not isinstance(message, TurnStart | TurnText | PictureStart | TurnEnd):
        raise OutOfOrder(f"{type(message).__name__} is no part of a turn")
    return encode(replace(message, turn=turn)), 0
