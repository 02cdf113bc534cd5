"""The cloud's end of one socket."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wire import limits
from wire.codec import Ignored, decode_from_device, encode
from wire.door import Door
from wire.errors import BadFrame, BadMessage, LimitExceeded, MisuseError, OutOfOrder, ProtocolError
from wire.events import CloudEvent
from wire.frames import Frame, Kind, decode_frame
from wire.intake import Arrival, Intake, TurnMemory
from wire.liveness import Liveness
from wire.messages import (
    Answer,
    Ask,
    Bye,
    CancelTask,
    Close,
    Committed,
    ControlMessage,
    FromDevice,
    Hello,
    PictureStart,
    Ping,
    Played,
    Pong,
    Prove,
    Received,
    Resend,
    SetTimer,
    Silence,
    StopRinging,
    TicketKept,
    TurnAbort,
    TurnEnd,
    TurnStart,
    TurnText,
    Welcome,
)
from wire.outcomes import CloseCode
from wire.parts import PCM, AudioFormat, Limits, TaskState, Timer
from wire.proof import same
from wire.session import Session

_NO_LIMITS = Limits()


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a device that lost its session must know: open questions, running tasks, timers, whose it is."""

    person: str = ""
    asks: tuple[Ask, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    timers: tuple[Timer, ...] = ()


_NOTHING = Snapshot()


class CloudLink(Door):
    """The cloud's end of one socket. Feed it with what arrives; it never raises on what a device sends.

    A device's mistake ends the link: `ended` is set, the last event is `Ended`, and `data_to_send` holds the Close.
    """

    def __init__(self, *, now_ms: int) -> None:
        super().__init__()
        self._liveness = Liveness(now_ms)
        self._pong: Pong | None = None
        self._cursor = 1
        self._owed: dict[int, int] = {}
        self._committed: dict[int, int] = {}
        self._resent: dict[int, int] = {}
        self._resends = 0
        self._records: AudioFormat = PCM

    # What arrives -------------------------------------------------------------------------------------------------

    def receive_text(self, data: str, now_ms: int) -> list[CloudEvent]:
        """Take a text frame."""
        if self.ended is not None:
            return []
        self._liveness.heard(now_ms)
        try:
            return self._take(decode_from_device(data), now_ms)
        except ProtocolError as error:
            return [self._end(error.close, str(error))]

    def receive_bytes(self, data: bytes, now_ms: int) -> list[CloudEvent]:
        """Take a binary frame."""
        if self.ended is not None:
            return []
        self._liveness.heard(now_ms)
        try:
            return self._take_frame(decode_frame(data))
        except ProtocolError as error:
            return [self._end(error.close, str(error))]

    def tick(self, now_ms: int) -> list[CloudEvent]:
        """Let time pass: pings a quiet device, ends the link with `timeout` when it stays quiet."""
        if self.ended is not None:
            return []
        due = self._liveness.tick(now_ms)
        if due == "dead":
            return [self._end(CloseCode.TIMEOUT, "nothing heard in time")]
        if due == "ping":
            self._urgent.append(encode(Ping(at_ms=max(0, now_ms))))
        return []

    def next_tick_ms(self) -> int:
        """When `tick` has something to do at the earliest."""
        return self._liveness.next_ms()

    # What is sent -------------------------------------------------------------------------------------------------

    def data_to_send(self, most_bytes: int = 65_536) -> list[str | bytes]:
        """What to send now, at most about `most_bytes`; call again until it is empty."""
        out = self._urgent
        self._urgent = []
        if self._pong is not None and self.ended is None:
            out.append(encode(self._pong))
            self._pong = None
        if self.session is None or self.ended is not None:
            return out
        out.extend(encode(Received(turn=turn, number=number)) for turn, number in self._owed.items())
        out.extend(encode(Committed(turn=turn, number=number)) for turn, number in self._committed.items())
        self._owed.clear()
        self._committed.clear()
        size = 0
        while size < most_bytes:
            following = self.session.pending(self._cursor)
            if following is None:
                break
            self._cursor, data = following
            out.append(data)
            size += len(data)
        if self.session.overflowed:
            self._end(CloseCode.LIMIT, "the device does not keep up with what it is told")
            out += self._urgent
            self._urgent = []
        return out

    def welcome(
        self,
        session: Session,
        *,
        now_ms: int,
        wall_ms: int,
        turns: Sequence[TurnMemory] = (),
        snapshot: Snapshot = _NOTHING,
        allowed: Limits = _NO_LIMITS,
        formats: Sequence[AudioFormat] = (PCM,),
        ticket: str = "",
    ) -> bool:
        """Answer `Proven`; True when the session was resumed.

        `session` is the one that `hello.resume.token` names, or a new one; `turns` what the store knows of the turns
        in `hello.kept`; `wall_ms` is the time of day in ms since 1970, for the device's clock; `formats`
        what this cloud can hear and say, the best first: the first that the device knows is chosen, PCM if none is.
        `ticket`: for a device that signs, what it is to keep and to show the next time.
        """
        if self.ended is not None:
            return False
        hello, key = self.hello, self._key
        if hello is None or key is None or not self._proven or self.session is not None:
            raise MisuseError("welcome answers Proven, once")
        if (session.device, session.boot) != (hello.device, hello.boot):
            raise MisuseError(f"session {session.session} is of another device or boot: make a new one")
        resume = hello.resume
        resumed = resume is not None and same(resume.token, session.token) and session.can_resume_after(resume.received)
        if resume is not None and resumed:
            session.acknowledge(resume.received)
            self._cursor = resume.received + 1
        else:
            self._cursor = session.start_afresh()
        session.attach()
        self.session = session
        self._records = _chosen(formats, hello.records)
        session.plays = _chosen(formats, hello.plays)
        wanted = session.adopt(hello.kept, turns)
        self._liveness.joined(now_ms, ping_every_ms=allowed.ping_every_ms, dead_after_ms=allowed.dead_after_ms)
        self._put(
            Welcome(
                session=session.session,
                version=self._version,
                token=session.token,
                mac=self._mac(key, "cloud", hello),
                now_ms=wall_ms,
                resumed=resumed,
                next_number=self._cursor,
                wanted=wanted,
                limits=allowed,
                records=self._records,
                plays=session.plays,
                person=snapshot.person,
                ticket=ticket,
                asks=snapshot.asks,
                tasks=snapshot.tasks,
                timers=snapshot.timers,
            )
        )
        return resumed

    # Turns --------------------------------------------------------------------------------------------------------

    def memory(self, turn: int) -> TurnMemory:
        """What to store so that any gateway can go on with this turn from here."""
        return self._intake_of(turn).memory()

    def commit(self, turn: int) -> TurnMemory:
        """Tell the device that all of `turn` that arrived is durable (up to a picture that is not whole yet).

        Store what `memory(turn)` gives first; it is returned here again. Turn 0: the control messages.
        """
        intake = self._intake_of(turn)
        memory = intake.commit()
        self._committed[turn] = intake.committed
        return memory

    def _intake_of(self, turn: int) -> Intake:
        if self.session is None or turn not in self.session.intakes:
            raise MisuseError(f"nothing is known of turn {turn}")
        return self.session.intakes[turn]

    # ---------------------------------------------------------------------------------------------------------------

    def _take(self, message: FromDevice | Ignored, now_ms: int) -> list[CloudEvent]:
        match message:
            case Close(code=code, reason=reason):
                return [self._end(code, reason, by_peer=True)]
            case Bye(reason=reason):
                return [self._end(CloseCode.GOODBYE, reason, by_peer=True)]
            case Ping(at_ms=at_ms):
                self._pong = Pong(at_ms=at_ms)
                return []
            case Pong():
                return []
            case Hello():
                return self._greet(message)
            case Prove():
                return self._prove(message)
            case _:
                return self._take_joined(message)

    def _take_joined(self, message: FromDevice | Ignored) -> list[CloudEvent]:
        session = self.session
        if session is None:
            raise OutOfOrder(f"{_name(message)} before the handshake is through")
        match message:
            case Received(number=number):
                if number >= session.next_number:
                    raise OutOfOrder(f"received {number} is acknowledged, {session.next_number - 1} was the last sent")
                session.acknowledge(number)
                return []
            case Resend(number=number):
                self._go_back(session, number)
                return []
            case TicketKept():
                return [message]
            case Ignored():
                return self._count(session, message)
            case TurnAbort():
                return self._abort(session, message)
            case TurnStart() | TurnText() | PictureStart() | TurnEnd():
                return self._take_of_turn(session, message)
            case Answer() | CancelTask() | Silence() | Played() | StopRinging() | SetTimer():
                return self._take_control(session, message)
            case _:
                raise OutOfOrder(f"{_name(message)} has no place here")

    def _take_of_turn(
        self, session: Session, message: TurnStart | TurnText | PictureStart | TurnEnd
    ) -> list[CloudEvent]:
        if message.turn == 0:
            raise OutOfOrder(f"{_name(message)} of turn 0, turns count from 1")
        if isinstance(message, TurnStart) and message.format not in (PCM, self._records):
            raise BadMessage(f"turn {message.turn} is {message.format}, {self._records} was asked for")
        intake = self._due(session, message.turn, message.number, may_begin=isinstance(message, TurnStart))
        if intake is None:
            return []
        intake.take(message)
        self._owed[intake.turn] = intake.want - 1
        if isinstance(message, PictureStart):
            return []
        if isinstance(message, TurnStart):
            session.silence_turns(message.turn - 1)
        return [message]

    def _take_control(self, session: Session, message: ControlMessage) -> list[CloudEvent]:
        if message.turn != 0:
            raise OutOfOrder(f"{_name(message)} in turn {message.turn}, it belongs to turn 0")
        intake = self._due(session, 0, message.number, may_begin=True)
        if intake is None:
            return []
        intake.count()
        self._owed[0] = intake.want - 1
        if isinstance(message, Silence):
            session.silence_say(message.say)
        return [message]

    def _take_frame(self, frame: Frame) -> list[CloudEvent]:
        if self.session is None:
            raise OutOfOrder("a binary frame before the handshake is through")
        if frame.kind in (Kind.AUDIO_DOWN, Kind.OPUS_DOWN):
            raise BadFrame("a frame of sound to play, from the device")
        intake = self._due(self.session, frame.turn, frame.number, may_begin=False)
        if intake is None:
            return []
        event = intake.take_frame(frame)
        if (intake.want - 1) % limits.ACKNOWLEDGE_EVERY == 0 or frame.last:
            self._owed[intake.turn] = intake.want - 1
        return [] if event is None else [event]

    def _due(self, session: Session, turn: int, number: int, *, may_begin: bool) -> Intake | None:
        """The turn, when this is the number it waits for; else asks for what is missing, or drops the duplicate."""
        intake = session.intakes.get(turn)
        if intake is None:
            if 0 < turn <= session.forgotten_turn:
                return None
            if not may_begin or number != 1:
                self._ask_again(turn, 1)
                return None
            intake = session.intake(TurnMemory(turn=turn, number=0))
        arrival = intake.arrival(number)
        if intake.aborted or arrival is Arrival.AGAIN:
            # A duplicate means that our acknowledgement was lost.
            self._repeat_commit(intake)
            return None
        if arrival is Arrival.EARLY:
            self._ask_again(turn, intake.want)
            return None
        return intake

    def _repeat_commit(self, intake: Intake) -> None:
        if intake.committed:
            self._committed[intake.turn] = intake.committed

    def _count(self, session: Session, message: Ignored) -> list[CloudEvent]:
        if message.number:
            intake = self._due(session, message.turn, message.number, may_begin=message.turn == 0)
            if intake is not None:
                intake.count()
        return []

    def _abort(self, session: Session, message: TurnAbort) -> list[CloudEvent]:
        if message.turn == 0:
            raise OutOfOrder("turn_abort of turn 0, turns count from 1")
        if message.turn <= session.forgotten_turn:
            return []
        intake = session.intakes.get(message.turn) or session.intake(TurnMemory(turn=message.turn, number=0))
        first = not intake.aborted
        intake.abort(message.number)
        intake.committed = max(intake.committed, message.number)
        session.silence_turns(message.turn)
        self._repeat_commit(intake)
        return [message] if first else []

    def _ask_again(self, turn: int, number: int) -> None:
        if self._resent.get(turn) == number:
            return
        self._resent[turn] = number
        if len(self._resent) > limits.RESENDS:
            raise LimitExceeded("too many turns have something missing")
        self._put(Resend(turn=turn, number=number))

    def _go_back(self, session: Session, number: int) -> None:
        self._resends += 1
        if self._resends > limits.RESENDS:
            raise LimitExceeded(f"asked to resend over {limits.RESENDS} times on one socket")
        if number <= session.acknowledged:
            # Overtaken by the acknowledgement of what it asks for.
            return
        if not session.can_resume_after(number - 1):
            raise OutOfOrder(f"asked to resend {number}, which is not kept")
        self._cursor = min(self._cursor, number)


def _chosen(ours: Sequence[AudioFormat], theirs: Sequence[str]) -> AudioFormat:
    return next((one for one in ours if one in theirs), PCM)


def _name(message: object) -> str:
    return type(message).__name__
