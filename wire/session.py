"""What the cloud keeps of a device between sockets: what was told it and not yet acknowledged, and its turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from msgspec.structs import replace

from wire import limits
from wire.codec import encode
from wire.errors import MisuseError
from wire.frames import Frame, Kind, encode_frame
from wire.framing import Slicer
from wire.intake import Intake, TurnMemory
from wire.messages import SayEnd, SayStart, Told, Withdrawn
from wire.parts import OPUS, PCM, AudioFormat, Kept, Wanted
from wire.toc import samples_of

# Turns that are over but may still be asked about by a device that missed the acknowledgement.
_TURNS_REMEMBERED = 64


class _Entry:
    """Numbers `number` to `through`; `data` None when they were withdrawn; `say` 0 for a message."""

    __slots__ = ("data", "number", "say", "through")

    def __init__(self, number: int, data: str | bytes | None, say: int = 0) -> None:
        self.number = number
        self.through = number
        self.data = data
        self.say = say


class _Utterance:
    __slots__ = ("codec", "open", "silenced", "slicer", "turn")

    def __init__(self, turn: int, codec: AudioFormat, *, silenced: bool) -> None:
        self.turn = turn
        self.codec = codec
        self.slicer = Slicer(limits.SAY_SAMPLES)
        self.silenced = silenced
        self.open = True


class Session:
    """The cloud's half of a session. Outlives sockets; dies with its gateway, then the device gets a snapshot.

    `send` and `say` work whether or not the device is connected. Bounded by OUTBOX_MESSAGES and OUTBOX_BYTES: whole
    utterances are withdrawn first, oldest first; when messages alone are too many, `overflowed` becomes True and the
    device gets a snapshot instead of a replay.
    """

    def __init__(self, *, session: str, token: str, device: str, boot: str) -> None:
        self.session = session
        self.token = token
        self.device = device
        self.boot = boot
        self.overflowed = False
        self.plays: AudioFormat = PCM  # as what the device wants to be told, chosen in the welcome
        self.intakes: dict[int, Intake] = {}
        self.forgotten_turn = 0
        self.acknowledged = 0
        self._outbox: deque[_Entry] = deque()
        self._outbox_bytes = 0
        self._next = 1
        self._says: dict[int, _Utterance] = {}
        self._next_say = 1
        self._silenced_turn = 0
        self._attached = False

    # What the device is told --------------------------------------------------------------------------------------

    @property
    def next_number(self) -> int:
        """The number that the next message will get."""
        return self._next

    @property
    def all_received(self) -> bool:
        """The device has everything that it was told."""
        return not self._outbox

    def send(self, message: Told) -> int:
        """Queue a message and return the number that it got."""
        text = encode(replace(message, number=self._next))
        if len(text.encode()) > limits.TEXT_FRAME_BYTES:
            raise MisuseError(f"{type(message).__name__} has over {limits.TEXT_FRAME_BYTES} bytes: shorten it")
        return self._queue(text)

    def start_saying(self, turn: int, text: str = "", *, codec: AudioFormat = PCM, voice: str = "") -> int:
        """Begin an utterance and return its id (`say`). Turn 0 when no turn asked for it."""
        say = self._next_say
        self._next_say += 1
        self._says = {key: one for key, one in self._says.items() if one.open}
        self._says[say] = _Utterance(turn, codec, silenced=0 < turn <= self._silenced_turn)
        told = text[: limits.TEXT_CHARS]
        self.send(SayStart(turn=turn, say=say, text=told, format=codec, voice=voice[: limits.LABEL_CHARS]))
        return say

    def say(self, say: int, pcm: bytes) -> bool:
        """Queue sound (16 kHz mono s16le, any length). False when nobody will hear it: silenced, or over 60 s."""
        utterance = self._open(say, PCM)
        if utterance.silenced or utterance.slicer.offset >= limits.SAY_SAMPLES:
            return False
        for offset, piece in utterance.slicer.cut(pcm):
            self._queue_audio(say, utterance.turn, offset, piece, last=False)
        return not utterance.silenced

    def say_packet(self, say: int, packet: bytes) -> bool:
        """Queue an Opus packet of 20 to 60 ms. False when nobody will hear it: silenced, or over 60 s."""
        utterance = self._open(say, OPUS)
        samples = samples_of(packet)
        offset = utterance.slicer.offset
        if utterance.silenced or offset + samples > limits.SAY_SAMPLES:
            return False
        self._queue_audio(say, utterance.turn, offset, packet, last=False, kind=Kind.OPUS_DOWN)
        utterance.slicer.offset += samples
        return not utterance.silenced

    def end_saying(self, say: int) -> None:
        """The utterance is whole."""
        utterance = self._open(say)
        rest = utterance.slicer.rest()
        if rest is not None and not utterance.silenced:
            self._queue_audio(say, utterance.turn, *rest, last=True)
        utterance.open = False
        self.send(SayEnd(turn=utterance.turn, say=say, samples=utterance.slicer.offset))

    def silence_turns(self, turn: int) -> None:
        """Nothing more is heard of this turn or of one before it; what no turn asked for still is."""
        self._silenced_turn = max(self._silenced_turn, turn)
        self._silence({say for say, one in self._says.items() if 0 < one.turn <= turn})

    def silence_say(self, say: int) -> None:
        """Nothing more is heard of this utterance."""
        self._silence({say})

    # What the link needs ------------------------------------------------------------------------------------------

    def acknowledge(self, number: int) -> None:
        """The device has everything up to `number`."""
        self.acknowledged = max(self.acknowledged, number)
        while self._outbox and self._outbox[0].through <= number:
            entry = self._outbox.popleft()
            self._outbox_bytes -= len(entry.data or "")

    def can_resume_after(self, number: int) -> bool:
        """Is everything from `number` + 1 still here?"""
        if self.overflowed or number >= self._next:
            return False
        oldest = self._outbox[0].number if self._outbox else self._next
        return number + 1 >= oldest

    def start_afresh(self) -> int:
        """The device gets a snapshot: forget what was queued for it before. Returns the first number it will get."""
        if not self._attached:
            return self._outbox[0].number if self._outbox else self._next
        self._outbox.clear()
        self._outbox_bytes = 0
        self.overflowed = False
        for utterance in self._says.values():
            utterance.silenced = True
        return self._next

    def attach(self) -> None:
        """A device is in."""
        self._attached = True

    def pending(self, number: int) -> tuple[int, str | bytes] | None:
        """What to send for `number`, and the number after it; None when there is nothing yet."""
        if number >= self._next or not self._outbox:
            return None
        entry = self._entry(number)
        if entry is None:
            return None
        if entry.data is not None:
            return entry.number + 1, entry.data
        return entry.through + 1, encode(Withdrawn(number=number, through=entry.through))

    def adopt(self, kept: Sequence[Kept], turns: Sequence[TurnMemory]) -> tuple[Wanted, ...]:
        """Tell from which number each turn that the device keeps is wanted; `turns` is what the store knows."""
        stored = {memory.turn: memory for memory in turns}
        wanted = []
        for one in kept:
            known = self.intakes.get(one.turn)
            if known is None or (one.turn in stored and stored[one.turn].number >= known.want):
                # Control messages that no gateway knows any more begin where the device still has them.
                start = TurnMemory(turn=one.turn, number=one.first - 1 if one.turn == 0 and one.first else 0)
                known = self.intake(stored.get(one.turn, start))
            done = known.closed and known.committed >= known.want - 1
            want = max(known.want, one.last + 1) if done else known.want
            wanted.append(Wanted(one.turn, want, max(known.committed, want - 1) if done else known.committed))
        return tuple(wanted)

    def intake(self, memory: TurnMemory) -> Intake:
        """Begin or go on with a turn; the oldest that are over are forgotten."""
        self.intakes[memory.turn] = one = Intake(memory)
        if len(self.intakes) > _TURNS_REMEMBERED:
            self.forgotten_turn = min(turn for turn in self.intakes if turn)
            del self.intakes[self.forgotten_turn]
        return one

    # ---------------------------------------------------------------------------------------------------------------

    def _open(self, say: int, codec: AudioFormat | None = None) -> _Utterance:
        utterance = self._says.get(say)
        if utterance is None or not utterance.open:
            raise MisuseError(f"utterance {say} is not open: call start_saying first")
        if codec not in (None, utterance.codec):
            raise MisuseError(f"utterance {say} is {utterance.codec}, not {codec}")
        return utterance

    def _queue_audio(
        self, say: int, turn: int, offset: int, piece: bytes, *, last: bool, kind: Kind = Kind.AUDIO_DOWN
    ) -> None:
        frame = Frame(kind=kind, turn=turn, number=self._next, stream=say, offset=offset, last=last, payload=piece)
        self._queue(encode_frame(frame), say)

    def _queue(self, data: str | bytes, say: int = 0) -> int:
        number = self._next
        self._next += 1
        self._outbox.append(_Entry(number, data, say))
        self._outbox_bytes += len(data)
        self._make_room()
        return number

    def _too_much(self) -> bool:
        return self._outbox_bytes > limits.OUTBOX_BYTES or len(self._outbox) > limits.OUTBOX_MESSAGES

    def _make_room(self) -> None:
        while self._too_much():
            oldest = next((entry.say for entry in self._outbox if entry.say and entry.data is not None), 0)
            if not oldest:
                self.overflowed = True
                self._outbox.clear()
                self._outbox_bytes = 0
                return
            self._silence({oldest})

    def _silence(self, says: set[int]) -> None:
        for say in says:
            if say in self._says:
                self._says[say].silenced = True
        if not any(entry.say in says for entry in self._outbox):
            return
        kept: deque[_Entry] = deque()
        for entry in self._outbox:
            if entry.say in says:
                self._outbox_bytes -= len(entry.data or "")
                entry.data = None
            if entry.data is None and kept and kept[-1].data is None:
                kept[-1].through = entry.through
            else:
                kept.append(entry)
        self._outbox = kept

    def _entry(self, number: int) -> _Entry | None:
        # Numbers are contiguous, so with nothing withdrawn this would be its index; withdrawn runs only shift it down.
        index = min(number - self._outbox[0].number, len(self._outbox) - 1)
        while index >= 0:
            entry = self._outbox[index]
            if entry.number <= number <= entry.through:
                return entry
            index -= 1
        return None
