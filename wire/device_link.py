"""The device's end of the link. It outlives its sockets, so that a turn can begin before there is one."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from wire import limits
from wire.codec import Ignored, decode_from_cloud, encode
from wire.errors import BadFrame, BadProof, LimitExceeded, MisuseError, OutOfOrder, ProtocolError, VersionMismatch
from wire.events import DeviceEvent, Ended, Joined, SayAudio, SayPacket
from wire.frames import Frame, Kind, decode_frame
from wire.keeper import TurnKeeper
from wire.liveness import Liveness
from wire.messages import (
    Bye,
    Challenge,
    Close,
    Committed,
    FromCloud,
    Hello,
    Message,
    Numbered,
    Ping,
    Pong,
    Prove,
    Received,
    Refused,
    Resend,
    SayEnd,
    SayStart,
    Silence,
    TicketKept,
    Welcome,
    Withdrawn,
)
from wire.outcomes import CLOSES, OUR_FAULT, CloseCode
from wire.parts import OPUS, PCM, AudioFormat, Resume
from wire.proof import proof, same, signed


class Identity(Struct, frozen=True, kw_only=True):
    """Who the device is: its id and 32-byte key from pairing, and a random `boot` drawn at start (32 hex digits).

    `records` and `plays`: the formats of sound that it can send and play, the best first; PCM is always one of them.
    `sign`: makes the signature (64 bytes) of a device that was paired by a code.
    """

    device: str
    key: bytes
    boot: str
    software: str = ""
    features: tuple[str, ...] = ()
    records: tuple[AudioFormat, ...] = (PCM,)
    plays: tuple[AudioFormat, ...] = (PCM,)
    sign: Callable[[bytes], bytes] | None = None


class Phase(Enum):
    """How far the handshake is."""

    AWAY = "away"
    GREETED = "greeted"
    PROVEN = "proven"
    JOINED = "joined"


class DeviceLink(TurnKeeper):
    """The device's end. Keeps every turn until it is durable in the cloud: 60 s of sound and a picture at most.

    `connect` and `disconnect` tell it of sockets; all else works with or without one. It never raises on what the cloud
    sends: a mistake sets `ended`, and the socket is to be closed.
    """

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self.identity = identity
        self.phase = Phase.AWAY
        self.ended: Ended | None = None
        self.ticket = ""  # the last one that is safe on the disk, see `keep_ticket`
        self.records: AudioFormat = PCM  # what the last welcome asked for; PCM before the first
        self.redial_most_ms = limits.REDIAL_MOST_MS  # what the last welcome said
        self._silenced: set[int] = set()
        self._resume: Resume | None = None
        self._expected = 1
        self._reset_socket(0)

    # Sockets ------------------------------------------------------------------------------------------------------

    def connect(self, *, nonce: bytes, now_ms: int) -> None:
        """A socket is open: greet. `nonce` is 16 random bytes, fresh for every socket."""
        if len(nonce) != limits.NONCE_BYTES:
            raise MisuseError(f"a nonce has {limits.NONCE_BYTES} bytes, not {len(nonce)}")
        self._reset_socket(now_ms)
        self.phase = Phase.GREETED
        self._nonce = nonce.hex()
        self._put(
            Hello(
                version_min=limits.VERSION_MIN,
                version_max=limits.VERSION_MAX,
                device=self.identity.device,
                boot=self.identity.boot,
                nonce=self._nonce,
                resume=replace(self._resume, received=self._expected - 1) if self._resume else None,
                kept=self._kept(),
                features=self.identity.features,
                records=self.identity.records,
                plays=self.identity.plays,
                software=self.identity.software,
            )
        )

    def disconnect(self) -> None:
        """The socket is gone. What is not committed is kept for the next one."""
        self._reset_socket(0)

    def _reset_socket(self, now_ms: int) -> None:
        self.phase = Phase.AWAY
        self.ended = None
        self._liveness = Liveness(now_ms)
        self._urgent: list[str | bytes] = []
        self._pong: Pong | None = None
        self._ack_due = False
        self._since_ack = 0
        self._asked_for = 0
        self._resends = 0
        self._nonce = ""
        self._cloud_nonce = ""
        self._proved_ms = 0
        self._version = limits.VERSION_MAX

    # What arrives -------------------------------------------------------------------------------------------------

    def receive_text(self, data: str, now_ms: int) -> list[DeviceEvent]:
        """Take a text frame."""
        if self.ended is not None:
            return []
        self._liveness.heard(now_ms)
        try:
            return [*self._take(decode_from_cloud(data), now_ms), *self.events()]
        except ProtocolError as error:
            return [self._end(error.close, str(error))]

    def receive_bytes(self, data: bytes, now_ms: int) -> list[DeviceEvent]:
        """Take a binary frame."""
        if self.ended is not None:
            return []
        self._liveness.heard(now_ms)
        try:
            return [*self._take_frame(decode_frame(data)), *self.events()]
        except ProtocolError as error:
            return [self._end(error.close, str(error))]

    def tick(self, now_ms: int) -> list[DeviceEvent]:
        """Let time pass: pings a quiet cloud, ends the link with `timeout` when it stays quiet."""
        if self.ended is not None or self.phase is Phase.AWAY:
            return []
        due = self._liveness.tick(now_ms)
        if due == "dead":
            return [self._end(CloseCode.TIMEOUT, "nothing heard in time")]
        if due == "ping":
            self._urgent.append(encode(Ping(at_ms=max(0, now_ms))))
        return []

    def probe(self, now_ms: int) -> None:
        """Somebody waits for the cloud: ask at once whether it is there. `tick` ends the link when it does not say."""
        if self.phase is not Phase.AWAY and self.ended is None and self._liveness.probe(now_ms):
            self._urgent.append(encode(Ping(at_ms=max(0, now_ms))))

    def next_tick_ms(self) -> int:
        """When `tick` has something to do at the earliest."""
        return self._liveness.next_ms()

    # What is sent -------------------------------------------------------------------------------------------------

    def data_to_send(self, most_bytes: int = 65_536) -> list[str | bytes]:
        """What to send now, at most about `most_bytes`; call again until it is empty. Empty without a socket."""
        out = self._urgent
        self._urgent = []
        if self._pong is not None and self.ended is None:
            out.append(encode(self._pong))
            self._pong = None
        if self.phase is not Phase.JOINED or self.ended is not None:
            return out
        if self._ack_due:
            out.append(encode(Received(number=self._expected - 1)))
            self._ack_due = False
            self._since_ack = 0
        size = 0
        for lane in self._lanes.values():
            while size < most_bytes:
                data = lane.next_to_send()
                if data is None:
                    break
                out.append(data)
                size += len(data)
        return out

    @property
    def joined(self) -> bool:
        """The handshake of the present socket is through."""
        return self.phase is Phase.JOINED

    def silence(self, say: int) -> None:
        """Nothing more of this utterance is heard, from now on."""
        self._silenced = {one for one in self._silenced if one >= say - limits.KEPT_TURNS} | {say}
        self.tell(Silence(say=say))

    def bye(self, reason: str = "") -> None:
        """The device is being switched off."""
        if self.phase is Phase.JOINED and self.ended is None:
            self._put(Bye(reason=reason[: limits.REASON_CHARS]))
        self._end(CloseCode.GOODBYE, reason, say_so=False)

    # ---------------------------------------------------------------------------------------------------------------

    def _take(self, message: FromCloud | Ignored, now_ms: int) -> list[DeviceEvent]:
        match message:
            case Close(code=code, reason=reason):
                return [self._end(code, reason, by_peer=True), *self.events()]
            case Refused(code=code, sentence=sentence):
                return [self._end(code, sentence, by_peer=True)]
            case Ping(at_ms=at_ms):
                self._pong = Pong(at_ms=at_ms)
                return []
            case Pong(at_ms=at_ms):
                self._liveness.answered(at_ms, now_ms)
                return []
            case Challenge():
                return self._prove(message, now_ms)
            case Welcome():
                return self._join(message, now_ms)
        if self.phase is not Phase.JOINED:
            raise OutOfOrder(f"{_name(message)} before the handshake is through")
        match message:
            case Received(turn=turn, number=number):
                self._check_known(turn, number)
                return []
            case Committed(turn=turn, number=number):
                return self._commit(turn, number)
            case Resend(turn=turn, number=number):
                # What is durable is not asked for any more: that was overtaken by the acknowledgement.
                return [] if self._is_durable(turn, number) else self._go_back(turn, number)
            case Ignored():
                if message.number:
                    self._due(message.number)
                return []
            case Withdrawn(number=number, through=through):
                if self._due(number):
                    if through < number:
                        raise OutOfOrder(f"withdrawn from {number} through {through}")
                    self._expected = through + 1
                return []
            case _:
                return self._take_told(message)

    def _prove(self, challenge: Challenge, now_ms: int) -> list[DeviceEvent]:
        if self.phase is not Phase.GREETED:
            raise OutOfOrder("a challenge without a hello")
        if not limits.VERSION_MIN <= challenge.version <= limits.VERSION_MAX:
            raise VersionMismatch(
                f"cloud chose version {challenge.version}, {limits.VERSION_MIN} to {limits.VERSION_MAX} were offered"
            )
        self._version = challenge.version
        self._cloud_nonce = challenge.nonce
        self._proved_ms = now_ms
        self.phase = Phase.PROVEN
        self._put(Prove(mac=self._mac("device"), signature=self._signature(), ticket=self.ticket))
        return []

    def keep_ticket(self, ticket: str) -> None:
        """The ticket of a welcome is on the disk: it is shown from now on, and the cloud is told."""
        self.ticket = ticket
        if self.joined:
            self._put(TicketKept(ticket=ticket))

    def _signature(self) -> str:
        if self.identity.sign is None:
            return ""
        nonces = (self._nonce, self._cloud_nonce)
        device, boot = self.identity.device, self.identity.boot
        text = signed(version=self._version, device=device, boot=boot, nonces=nonces, ticket=self.ticket)
        return self.identity.sign(text).hex()

    def _mac(self, side: str) -> str:
        return proof(
            self.identity.key,
            "device" if side == "device" else "cloud",
            version=self._version,
            device=self.identity.device,
            boot=self.identity.boot,
            nonces=(self._nonce, self._cloud_nonce),
        )

    def _join(self, welcome: Welcome, now_ms: int) -> list[DeviceEvent]:
        if self.phase is not Phase.PROVEN:
            raise OutOfOrder("a welcome without a proof")
        if not same(welcome.mac, self._mac("cloud")):
            raise BadProof("the cloud does not hold this device's key")
        if welcome.resumed and welcome.next_number != self._expected:
            raise OutOfOrder(f"resumed at {welcome.next_number}, expected {self._expected}")
        self.phase = Phase.JOINED
        self._expected = welcome.next_number
        if not welcome.resumed:
            self._silenced.clear()
        self._resume = Resume(welcome.token)
        self.redial_most_ms = welcome.limits.redial_most_ms
        self._liveness.joined(
            now_ms,
            ping_every_ms=welcome.limits.ping_every_ms,
            dead_after_ms=welcome.limits.dead_after_ms,
            trip_ms=max(0, now_ms - self._proved_ms),
        )
        events: list[DeviceEvent] = [Joined(welcome)]
        for wanted in welcome.wanted:
            events += self._commit(wanted.turn, min(wanted.committed, self._last_of(wanted.turn)))
            events += self._go_back(wanted.turn, wanted.want)
        self.records = welcome.records if welcome.records in self.identity.records else PCM
        for turn in [lane.turn for lane in self._lanes.values() if lane.codec not in (PCM, self.records)]:
            if not self._lanes[turn].aborted:
                self._give_up(turn, "lost")
        return [*events, *self.events()]

    def _go_back(self, turn: int, number: int) -> list[DeviceEvent]:
        self._resends += 1
        if self._resends > limits.RESENDS:
            raise LimitExceeded(f"asked to resend over {limits.RESENDS} times on one socket")
        lane = self._lanes.get(turn)
        if lane is None or lane.go_back(number):
            return []
        if turn == 0:
            lane.go_back(lane.first)
            return []
        self._give_up(turn, "lost")
        return self.events()

    def _due(self, number: int) -> bool:
        """Is this the number that is expected from the cloud? Counts it; asks for what is missing."""
        if number == self._expected:
            self._expected += 1
            self._since_ack += 1
            if self._since_ack >= limits.ACKNOWLEDGE_EVERY:
                self._ack_due = True
            return True
        if number > self._expected and self._asked_for != self._expected:
            self._asked_for = self._expected
            self._put(Resend(number=self._expected))
        if number < self._expected:
            self._ack_due = True
        return False

    def _take_told(self, message: Message) -> list[DeviceEvent]:
        if not isinstance(message, Numbered) or not self._due(message.number):
            return []
        self._ack_due = True
        if isinstance(message, SayStart | SayEnd) and self._unheard(message.turn, message.say):
            return []
        return [message]  # type: ignore[list-item]

    def _take_frame(self, frame: Frame) -> list[DeviceEvent]:
        if self.phase is not Phase.JOINED:
            raise OutOfOrder("a binary frame before the handshake is through")
        if frame.kind not in (Kind.AUDIO_DOWN, Kind.OPUS_DOWN):
            raise BadFrame(f"a frame of {frame.kind.name.lower()} from the cloud, only sound to play is due")
        if frame.kind is Kind.OPUS_DOWN and OPUS not in self.identity.plays:
            raise BadFrame("Opus to play, which this device did not name")
        if not self._due(frame.number) or self._unheard(frame.turn, frame.stream):
            return []
        if frame.kind is Kind.OPUS_DOWN:
            return [SayPacket(frame.turn, frame.stream, frame.offset, frame.samples, frame.payload)]
        return [SayAudio(frame.turn, frame.stream, frame.offset, frame.payload, frame.last)]

    def _unheard(self, turn: int, say: int) -> bool:
        return 0 < turn < self._floor or say in self._silenced

    def _put(self, message: Message) -> None:
        self._urgent.append(encode(message))

    def _end(self, code: CloseCode, reason: str, *, by_peer: bool = False, say_so: bool = True) -> Ended:
        closing = CLOSES[code]
        reason = reason[: limits.REASON_CHARS]
        self.ended = Ended(code, reason, closing.retry, closing.sentence, by_peer)
        if by_peer and code in OUR_FAULT:
            self._drop_what_broke()
        if say_so and not by_peer:
            self._put(Close(code=code, reason=reason))
        return self.ended


def _name(message: object) -> str:
    return type(message).__name__
